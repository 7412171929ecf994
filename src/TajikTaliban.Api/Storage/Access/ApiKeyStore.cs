using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Access;

/// <summary>Adds, rotates, lists and revokes API keys, in the transaction of a connection.</summary>
public sealed class ApiKeyStore(NpgsqlConnection connection)
{
    /// <summary>Adds a key; false if its name is used, also by a revoked key.</summary>
    public Task<bool> AddAsync(ApiKey key, CancellationToken cancellation) =>
        ChangeAsync(
            "insert into api_keys (name, role, hash, created_at, expires_at) values ($1, $2, $3, $4, $5) on conflict (name) do nothing",
            [Text(key.Name), Text(key.Role), Bytes(key.Hash), Instant(key.CreatedAt), Instant(key.ExpiresAt)], cancellation);

    /// <summary>The key of a name; null if there is none.</summary>
    public async Task<ApiKey?> FindOrNullAsync(string name, CancellationToken cancellation) =>
        (await ReadAsync("where name = $1 for update", [Text(name)], cancellation)) is [var found] ? found : null;

    /// <summary>All keys, oldest first.</summary>
    public Task<List<ApiKey>> AllAsync(CancellationToken cancellation) => ReadAsync("order by created_at, name", [], cancellation);

    /// <summary>
    /// Gives a key a new text. The one before is accepted until an instant; one that was rotated earlier is refused from now on.
    /// </summary>
    /// <param name="key">The key with its new hash, expiry, and the instant of the rotation.</param>
    /// <param name="previousUntil">Until when the text before is accepted.</param>
    /// <param name="cancellation">Cancels the change.</param>
    public Task<bool> RotateAsync(ApiKey key, DateTimeOffset previousUntil, CancellationToken cancellation) =>
        ChangeAsync(
            """
            update api_keys set previous_hash = hash, hash = $2, previous_until = $3, rotated_at = $4, expires_at = $5
            where name = $1 and revoked_at is null
            """,
            [Text(key.Name), Bytes(key.Hash), Instant(previousUntil), Instant(key.RotatedAt), Instant(key.ExpiresAt)], cancellation);

    /// <summary>Revokes a key at an instant; false if no valid key has the name.</summary>
    public Task<bool> RevokeAsync(string name, DateTimeOffset now, CancellationToken cancellation) =>
        ChangeAsync("update api_keys set revoked_at = $2 where name = $1 and revoked_at is null", [Text(name), Instant(now)], cancellation);

    private async Task<bool> ChangeAsync(string statement, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        command.Parameters.AddRange(parameters);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private async Task<List<ApiKey>> ReadAsync(string which, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select name, role, hash, created_at, expires_at, previous_hash, previous_until, rotated_at, revoked_at "
            + $"from api_keys {which}", connection);
        command.Parameters.AddRange(parameters);
        var keys = new List<ApiKey>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        DateTimeOffset? InstantOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(new ApiKey
            {
                Name = reader.GetString(0),
                Role = reader.GetString(1),
                Hash = await reader.GetFieldValueAsync<byte[]>(2, cancellation),
                CreatedAt = await reader.GetFieldValueAsync<DateTimeOffset>(3, cancellation),
                ExpiresAt = InstantOrNull(4),
                PreviousHash = await reader.IsDBNullAsync(5, cancellation)
                    ? null : await reader.GetFieldValueAsync<byte[]>(5, cancellation),
                PreviousUntil = InstantOrNull(6),
                RotatedAt = InstantOrNull(7),
                RevokedAt = InstantOrNull(8),
            });
        }

        return keys;
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Bytes(byte[] value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    private static NpgsqlParameter Instant(DateTimeOffset? instant) =>
        new() { Value = instant is { } known ? known.UtcDateTime : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
