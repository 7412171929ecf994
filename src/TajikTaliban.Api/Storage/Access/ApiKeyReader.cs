using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Access;

/// <summary>The key that a text belongs to.</summary>
/// <param name="Name">The name of the key.</param>
/// <param name="Role"><c>reader</c>, <c>editor</c> or <c>admin</c>.</param>
/// <param name="RevokedAt">When it was revoked; null if it was not.</param>
/// <param name="EndsAt">From when on the text is refused: the key expires, or was rotated; null for never.</param>
/// <param name="IsPrevious">Whether the text is the one before the last rotation.</param>
public sealed record KeyHolder(string Name, string Role, DateTimeOffset? RevokedAt, DateTimeOffset? EndsAt, bool IsPrevious);

/// <summary>Finds API keys.</summary>
public sealed class ApiKeyReader(ConnectionPools database)
{
    public async Task<KeyHolder?> FindOrNullAsync(byte[] hash, CancellationToken cancellation)
    {
        // least() leaves nulls out
        await using var command = database.CreateCommand(
            """
            select name, role, revoked_at, expires_at, false from api_keys where hash = $1
            union all
            select name, role, revoked_at, least(previous_until, expires_at), true from api_keys where previous_hash = $1
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = hash, NpgsqlDbType = NpgsqlDbType.Bytea });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        DateTimeOffset? InstantOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<DateTimeOffset>(column);
        return await reader.ReadAsync(cancellation)
            ? new KeyHolder(reader.GetString(0), reader.GetString(1), InstantOrNull(2), InstantOrNull(3), reader.GetBoolean(4)) : null;
    }
}
