using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>An idempotency key of a request.</summary>
/// <param name="Owner">The name of the API key; empty for none. Each has keys of its own.</param>
/// <param name="Text">The key as it was sent.</param>
/// <param name="Digest">The digest of the request, to detect another request with the same key.</param>
public sealed record IdempotencyKey(string Owner, string Text, byte[] Digest);

/// <summary>The response that is stored under an idempotency key.</summary>
/// <param name="Digest">The digest of the request.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">The headers.</param>
/// <param name="Body">The body.</param>
/// <param name="Transaction">The transaction that wrote it; null if that changed no record.</param>
public sealed record StoredResponse(byte[] Digest, int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body, long? Transaction);

/// <summary>The idempotency keys, each with the response to its first request.</summary>
public sealed class IdempotencyKeys(ConnectionPools database)
{
    /// <summary>Takes a key; false if it is taken. A second transaction with the same key waits until the first one ends.</summary>
    public static async Task<bool> ClaimAsync(
        NpgsqlConnection connection, IdempotencyKey key, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into idempotency_keys (key_name, idempotency_key, digest, status, headers, body, created_at)
            values ($1, $2, $3, 0, '{}', '', $4) on conflict do nothing
            """, connection);
        command.Parameters.Add(Text(key.Owner));
        command.Parameters.Add(Text(key.Text));
        command.Parameters.Add(Bytes(key.Digest));
        command.Parameters.Add(Instant(now));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>The response under a key that is taken; null if the key expired in between.</summary>
    public static async Task<StoredResponse?> FindOrNullAsync(
        NpgsqlConnection connection, IdempotencyKey key, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select digest, status, headers, body, transaction_id from idempotency_keys where key_name = $1 and idempotency_key = $2",
            connection);
        command.Parameters.Add(Text(key.Owner));
        command.Parameters.Add(Text(key.Text));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        return new StoredResponse(
            await reader.GetFieldValueAsync<byte[]>(0, cancellation), reader.GetInt32(1),
            JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(2))!,
            await reader.GetFieldValueAsync<byte[]>(3, cancellation),
            await reader.IsDBNullAsync(4, cancellation) ? null : reader.GetInt64(4));
    }

    /// <summary>Stores the response under a key that this transaction took, with the transaction itself.</summary>
    public static async Task StoreAsync(
        NpgsqlConnection connection, IdempotencyKey key, StoredResponse response, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            update idempotency_keys set status = $3, headers = $4::json, body = $5,
                transaction_id = nullif(current_setting('ledger.transaction', true), '')::bigint
            where key_name = $1 and idempotency_key = $2
            """, connection);
        command.Parameters.Add(Text(key.Owner));
        command.Parameters.Add(Text(key.Text));
        command.Parameters.Add(new NpgsqlParameter { Value = response.Status, NpgsqlDbType = NpgsqlDbType.Integer });
        command.Parameters.Add(Text(JsonSerializer.Serialize(response.Headers)));
        command.Parameters.Add(Bytes(response.Body));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Removes the keys that were taken before an instant.</summary>
    public static async Task RemoveAsync(NpgsqlConnection connection, DateTimeOffset before, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("delete from idempotency_keys where created_at < $1", connection);
        command.Parameters.Add(Instant(before));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>A committed transaction, by its number.</summary>
    public async Task<Commit?> CommitOrNullAsync(long transaction, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select position, token, committed_at from ledger_transactions where id = $1 and position is not null");
        command.Parameters.Add(new NpgsqlParameter { Value = transaction, NpgsqlDbType = NpgsqlDbType.Bigint });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new Commit(new Position(reader.GetInt64(0), null, reader.GetString(1)), reader.GetDateTime(2)) : null;
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Bytes(byte[] value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    private static NpgsqlParameter Instant(DateTimeOffset value) =>
        new() { Value = value.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
