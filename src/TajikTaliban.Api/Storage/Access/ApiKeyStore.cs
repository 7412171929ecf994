using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Access;

/// <summary>Adds, lists and revokes API keys.</summary>
public sealed class ApiKeyStore(NpgsqlDataSource database)
{
    /// <summary>Adds a key; false if its name is used, also by a revoked key.</summary>
    public async Task<bool> AddAsync(ApiKey key, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "insert into api_keys (name, role, hash, created_at) values ($1, $2, $3, $4) on conflict (name) do nothing");
        command.Parameters.Add(new NpgsqlParameter { Value = key.Name, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = key.Role, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = key.Hash, NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(Instant(key.CreatedAt));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>All keys, oldest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> AllAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select name, role, hash, created_at, revoked_at from api_keys order by created_at, name");
        var keys = new List<ApiKey>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(new ApiKey
            {
                Name = reader.GetString(0),
                Role = reader.GetString(1),
                Hash = await reader.GetFieldValueAsync<byte[]>(2, cancellation),
                CreatedAt = await reader.GetFieldValueAsync<DateTimeOffset>(3, cancellation),
                RevokedAt = await reader.IsDBNullAsync(4, cancellation)
                    ? null : await reader.GetFieldValueAsync<DateTimeOffset>(4, cancellation),
            });
        }

        return keys;
    }

    /// <summary>Revokes a key at an instant; false if no valid key has the name.</summary>
    public async Task<bool> RevokeAsync(string name, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "update api_keys set revoked_at = $2 where name = $1 and revoked_at is null");
        command.Parameters.Add(new NpgsqlParameter { Value = name, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(Instant(now));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private static NpgsqlParameter Instant(DateTimeOffset instant) =>
        new() { Value = instant.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
