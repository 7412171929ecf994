using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>
/// <c>Idempotency-Key</c>: a request that is sent again with the same key and body gets the first answer again and changes nothing. The key
/// is taken in the transaction of the write: of two at once, the second waits for the first. Answers are kept for two days at least.
/// </summary>
internal static class IdempotentWrite
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    private const int MostCharacters = 255;
    private const int PruneOneIn = 128;
    private static readonly TimeSpan Kept = TimeSpan.FromHours(48);

    public static string? KeyOrNull(HttpRequest request)
    {
        var header = request.Headers[Header];
        if (header.Count == 0)
            return null;
        return header is [{ Length: > 0 and <= MostCharacters } key] && key.All(c => c is >= ' ' and <= '~') ? key
            : throw ProblemException.Header(Header, $"An idempotency key has 1 to {MostCharacters} printable ASCII characters, such as a UUID.");
    }

    /// <summary>What a request is, for telling it from another one with the same key.</summary>
    public static byte[] Digest(HttpRequest request, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes($"{request.Method} {request.Path}\n"));
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }

    /// <summary>Does the work, unless it was done before under this key; the answer of the first time comes with its position.</summary>
    public static async Task<(WriteAnswer Answer, Position? Position, bool IsReplayed)> RunAsync(
        NpgsqlDataSource database, Author author, string? key, byte[]? digest, Func<RecordWriter, Task<WriteAnswer>> work, CancellationToken cancellation)
    {
        if (key is null)
        {
            var (answer, position) = await WriteRecord.InTransactionAsync(database, author, work, cancellation);
            return (answer, position, false);
        }

        var (result, committed) = await WriteRecord.InTransactionAsync(database, author, async writer =>
        {
            if (await ClaimAsync(writer, author, key, digest!, cancellation) is { } before)
                return (before.Answer, before.Transaction, IsReplayed: true);
            var answer = await work(writer);
            await KeepAsync(writer, author, key, answer, cancellation);
            return (Answer: answer, Transaction: (long?)null, IsReplayed: false);
        }, cancellation);
        return result.IsReplayed
            ? (result.Answer, await PositionAsync(database, result.Transaction, cancellation), true)
            : (result.Answer, committed, false);
    }

    private static async Task<(WriteAnswer Answer, long? Transaction)?> ClaimAsync(
        RecordWriter writer, Author author, string key, byte[] digest, CancellationToken cancellation)
    {
        if (Random.Shared.Next(PruneOneIn) == 0)
        {
            await using var prune = new NpgsqlCommand("delete from idempotency_keys where created_at < $1", writer.Connection);
            prune.Parameters.Add(new NpgsqlParameter { Value = author.Now.UtcDateTime - Kept, NpgsqlDbType = NpgsqlDbType.TimestampTz });
            await prune.ExecuteNonQueryAsync(cancellation);
        }

        await using var claim = new NpgsqlCommand(
            "insert into idempotency_keys (key_name, idempotency_key, digest, status, headers, body, created_at) values ($1, $2, $3, 0, '{}', '', $4) on conflict do nothing",
            writer.Connection);
        claim.Parameters.Add(Text(author.Key ?? ""));
        claim.Parameters.Add(Text(key));
        claim.Parameters.Add(new NpgsqlParameter { Value = digest, NpgsqlDbType = NpgsqlDbType.Bytea });
        claim.Parameters.Add(new NpgsqlParameter { Value = author.Now.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        if (await claim.ExecuteNonQueryAsync(cancellation) == 1)
            return null;

        await using var find = new NpgsqlCommand(
            "select digest, status, headers, body, transaction_id from idempotency_keys where key_name = $1 and idempotency_key = $2", writer.Connection);
        find.Parameters.Add(Text(author.Key ?? ""));
        find.Parameters.Add(Text(key));
        await using var reader = await find.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            throw new ProblemException(ProblemType.Conflict, $"/header/{Header}", "The key was just being forgotten; send the request again.");
        if (!(await reader.GetFieldValueAsync<byte[]>(0, cancellation)).AsSpan().SequenceEqual(digest))
            throw new ProblemException(ProblemType.IdempotencyKeyReused, $"/header/{Header}", "The key was used for another request; send a new key with a new request.");
        var headers = JsonSerializer.Deserialize<Dictionary<string, string>>(reader.GetString(2))!;
        long? transaction = await reader.IsDBNullAsync(4, cancellation) ? null : reader.GetInt64(4);
        return (new WriteAnswer(reader.GetInt32(1), headers, await reader.GetFieldValueAsync<byte[]>(3, cancellation)), transaction);
    }

    private static async Task KeepAsync(RecordWriter writer, Author author, string key, WriteAnswer answer, CancellationToken cancellation)
    {
        await using var keep = new NpgsqlCommand(
            """
            update idempotency_keys set status = $3, headers = $4::json, body = $5, transaction_id = nullif(current_setting('ledger.transaction', true), '')::bigint
            where key_name = $1 and idempotency_key = $2
            """, writer.Connection);
        keep.Parameters.Add(Text(author.Key ?? ""));
        keep.Parameters.Add(Text(key));
        keep.Parameters.Add(new NpgsqlParameter { Value = answer.Status, NpgsqlDbType = NpgsqlDbType.Integer });
        keep.Parameters.Add(Text(JsonSerializer.Serialize(answer.Headers)));
        keep.Parameters.Add(new NpgsqlParameter { Value = answer.Body, NpgsqlDbType = NpgsqlDbType.Bytea });
        await keep.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<Position?> PositionAsync(NpgsqlDataSource database, long? transaction, CancellationToken cancellation)
    {
        if (transaction is not { } id)
            return null;
        await using var command = database.CreateCommand("select position, token from ledger_transactions where id = $1 and position is not null");
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Bigint });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new Position(reader.GetInt64(0), null, reader.GetString(1)) : null;
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };
}
