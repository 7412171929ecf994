using Npgsql;
using NpgsqlTypes;

namespace TajikTaliban.Api.Storage.Access;

/// <summary>The holder of an API key.</summary>
/// <param name="Name">The name of the key.</param>
/// <param name="Role"><c>reader</c>, <c>editor</c> or <c>admin</c>.</param>
public sealed record KeyHolder(string Name, string Role);

/// <summary>Finds API keys that are not revoked.</summary>
public sealed class ApiKeyReader(NpgsqlDataSource database)
{
    public async Task<KeyHolder?> FindOrNullAsync(byte[] hash, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select name, role from api_keys where hash = $1 and revoked_at is null");
        command.Parameters.Add(new NpgsqlParameter { Value = hash, NpgsqlDbType = NpgsqlDbType.Bytea });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new KeyHolder(reader.GetString(0), reader.GetString(1)) : null;
    }
}
