using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Access;

/// <summary>Something that was done, or refused.</summary>
/// <param name="Action">The name of the operation in the contract, of the command, or <c>refused</c>.</param>
/// <param name="Target">The address in the API, or what a command was about.</param>
public sealed record AuditEntry(string Action, string Target)
{
    /// <summary>The action of a refusal.</summary>
    public const string Refused = "refused";

    public string? Key { get; init; }

    /// <summary>The network address of a request; the account and the machine of a command.</summary>
    public string? Address { get; init; }

    public string? Request { get; init; }

    public int? Status { get; init; }

    /// <summary>How many requests the entry stands for.</summary>
    public int Count { get; init; } = 1;

    public string? Detail { get; init; }

    /// <summary>An entry of a command: it has no key, but an account on a machine.</summary>
    public static AuditEntry OfCommand(string command, string target) =>
        new(command, target) { Address = $"{Environment.UserName}@{Environment.MachineName}" };
}

/// <summary>An entry as it is stored.</summary>
/// <param name="Id">Its number, in the order in which entries were added.</param>
/// <param name="At">When it was added.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Position">The position of the transaction; null if no record changed.</param>
public sealed record StoredAuditEntry(long Id, DateTime At, AuditEntry Entry, Position? Position);

/// <summary>Who did what: writes, changes of keys and webhook endpoints, administrative commands, and refusals of keys.</summary>
public sealed class AuditLog(ConnectionPools database)
{
    private const string Insert =
        """
        insert into audit_log (action, target, key_name, address, request_id, status, count, detail, transaction_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, nullif(current_setting('ledger.transaction', true), '')::bigint)
        """;

    /// <summary>Adds an entry in the transaction of a connection, with its changes in the ledger.</summary>
    public static async Task AddAsync(NpgsqlConnection connection, AuditEntry entry, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Insert, connection);
        Bind(command.Parameters, entry);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Adds entries on their own.</summary>
    public async Task AddAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var entry in entries)
        {
            var insert = new NpgsqlBatchCommand(Insert);
            Bind(insert.Parameters, entry);
            batch.BatchCommands.Add(insert);
        }

        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Entries before one (null: all), newest first.</summary>
    public async Task<IReadOnlyList<StoredAuditEntry>> ReadAsync(
        long? before, string? action, string? key, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            select a.id, a.at, a.action, a.target, a.key_name, a.address, a.request_id, a.status, a.count, a.detail, t.position, t.token
            from audit_log a left join ledger_transactions t on t.id = a.transaction_id and t.position is not null
            where a.id < $1 {(action is null ? "" : "and a.action = $3")}
                {(key is null ? "" : $"and a.key_name = ${(action is null ? 3 : 4)}")}
            order by a.id desc limit $2
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = before ?? long.MaxValue, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { Value = limit, NpgsqlDbType = NpgsqlDbType.Integer });
        foreach (var text in new[] { action, key }.OfType<string>())
            command.Parameters.Add(Text(text));
        var entries = new List<StoredAuditEntry>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        while (await reader.ReadAsync(cancellation))
        {
            entries.Add(new StoredAuditEntry(
                reader.GetInt64(0), reader.GetDateTime(1),
                new AuditEntry(reader.GetString(2), reader.GetString(3))
                {
                    Key = TextOrNull(4),
                    Address = TextOrNull(5),
                    Request = TextOrNull(6),
                    Status = await reader.IsDBNullAsync(7, cancellation) ? null : reader.GetInt16(7),
                    Count = reader.GetInt32(8),
                    Detail = TextOrNull(9),
                },
                await reader.IsDBNullAsync(10, cancellation) ? null : new Position(reader.GetInt64(10), null, reader.GetString(11))));
        }

        return entries;
    }

    /// <summary>Removes refusals that are older than an instant, at most some at a time; returns how many.</summary>
    public async Task<int> RemoveRefusalsAsync(DateTimeOffset before, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "delete from audit_log where id in (select id from audit_log where action = $1 and at < $2 order by id limit $3)");
        command.Parameters.Add(Text(AuditEntry.Refused));
        command.Parameters.Add(new NpgsqlParameter { Value = before.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new NpgsqlParameter { Value = limit, NpgsqlDbType = NpgsqlDbType.Integer });
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    private static void Bind(NpgsqlParameterCollection parameters, AuditEntry entry)
    {
        parameters.Add(Text(entry.Action));
        parameters.Add(Text(entry.Target));
        parameters.Add(Text(entry.Key));
        parameters.Add(Text(entry.Address));
        parameters.Add(Text(entry.Request));
        parameters.Add(new NpgsqlParameter { Value = (object?)(short?)entry.Status ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Smallint });
        parameters.Add(new NpgsqlParameter { Value = entry.Count, NpgsqlDbType = NpgsqlDbType.Integer });
        parameters.Add(Text(entry.Detail));
    }

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value?.Replace("\0", "", StringComparison.Ordinal) ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
