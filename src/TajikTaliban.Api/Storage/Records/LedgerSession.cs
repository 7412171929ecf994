using System.Globalization;
using System.Security.Cryptography;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>The author and reason of a write, for the ledger.</summary>
/// <param name="Now">The instant of the write.</param>
/// <param name="Key">The name of the API key; null for the service itself.</param>
/// <param name="Cause">A code of <c>change-causes</c>.</param>
/// <param name="Note">The reason in words.</param>
public sealed record Author(DateTimeOffset Now, string? Key = null, string? Cause = null, string? Note = null)
{
    /// <summary>The entry of the audit log that the transaction adds; null for none.</summary>
    public AuditEntry? Audit { get; init; }
}

/// <summary>A committed transaction.</summary>
/// <param name="Position">Its position.</param>
/// <param name="At">The instant of the commit, which is the <c>recordedAt</c> of what it wrote.</param>
public sealed record Commit(Position Position, DateTime At)
{
    /// <summary>How far the instant is ahead of the clock of the database, because the clock was set back.</summary>
    public TimeSpan AheadOfClock { get; init; }

    /// <summary>False if the transaction was only tried and rolled back: the position is then nobody's.</summary>
    public bool IsKept { get; init; } = true;
}

/// <summary>A transaction that has begun, by what another connection knows it by: its number and its token in the ledger.</summary>
public sealed record LedgerMark(long Number, string Token);

/// <summary>The end of a transaction whose connection was lost while it was committed.</summary>
public enum CommitOutcome
{
    /// <summary>It is committed.</summary>
    Committed,

    /// <summary>It was rolled back, or is not in the history of the database that is there now.</summary>
    NotCommitted,

    /// <summary>The database cannot tell.</summary>
    Unknown,
}

/// <summary>
/// The settings of a transaction that the triggers of the ledger read. All of them end with the transaction: behind a pooler, the next one
/// is on another connection.
/// </summary>
public static class LedgerSession
{
    private const int TokenBytes = 4;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Sets the author until the transaction ends. The database refuses writes without one.</summary>
    public static Task<LedgerMark> BeginAsync(NpgsqlConnection connection, Author author, CancellationToken cancellation) =>
        BeginAsync(connection, author, null, cancellation);

    /// <summary>
    /// The same, with the longest wait for a lock, and with limits for statements and pauses that hold behind a pooler, too.
    /// </summary>
    public static async Task<LedgerMark> BeginAsync(
        NpgsqlConnection connection, Author author, TimeSpan? lockTimeout, CancellationToken cancellation)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));
        await using var command = Command(connection,
            """
            select set_config('ledger.writer', 'on', true), set_config('ledger.now', $1, true), set_config('ledger.key', $2, true),
                set_config('ledger.cause', $3, true), set_config('ledger.note', $4, true), set_config('ledger.token', $5, true),
                set_config('lock_timeout', coalesce(nullif($6, ''), current_setting('lock_timeout')), true),
                set_config('statement_timeout', coalesce(nullif($7, ''), current_setting('statement_timeout')), true),
                set_config('idle_in_transaction_session_timeout',
                    coalesce(nullif($7, ''), current_setting('idle_in_transaction_session_timeout')), true),
                pg_current_xact_id()::text::bigint
            """,
            [
                author.Now.ToString("O"), author.Key, author.Cause, author.Note, token,
                lockTimeout is { } wait ? string.Create(CultureInfo.InvariantCulture, $"{(long)wait.TotalMilliseconds}ms") : null,
                lockTimeout is null ? null : string.Create(CultureInfo.InvariantCulture, $"{Database.StatementTimeoutSeconds}s"),
            ]);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new LedgerMark(reader.GetInt64(reader.FieldCount - 1), token);
    }

    /// <summary>Sets the reason of the changes that follow in this transaction.</summary>
    public static Task SetReasonAsync(NpgsqlConnection connection, string? cause, string? note, CancellationToken cancellation) =>
        SetAsync(connection, "select set_config('ledger.cause', $1, true), set_config('ledger.note', $2, true)", [cause, note],
            cancellation);

    /// <summary>Sets the record into which those are merged that are deleted next; null: they are only deleted.</summary>
    public static Task SetSurvivorAsync(NpgsqlConnection connection, string? id, CancellationToken cancellation) =>
        SetAsync(connection, "select set_config('ledger.merged_into', $1, true)", [id], cancellation);

    /// <summary>
    /// Commits the transaction of the connection, and returns its place in the ledger; null if it changed no record. One round trip: the
    /// deferred triggers run before the commit, so that the position is read in the transaction itself, and the lock of the ledger is not
    /// held while a client waits. The trigger of the ledger ends last (decision 0014), so it is not among those that run first. Where
    /// commits wait for a standby, those wait, too, that have changed nothing: what they saw may be known to the primary alone.
    /// </summary>
    /// <exception cref="NotReplicatedException">The server gave up its wait for the standby.</exception>
    public static async Task<Commit?> CommitAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        using var replication = new ReplicationWait(connection);
        var commit = await EndAsync(connection, [ReplicationWait.Sql, "commit"], cancellation);
        replication.ThrowIfGivenUp();
        return commit;
    }

    /// <summary>Checks all that a commit would, and rolls back; returns the place that the transaction would have got.</summary>
    public static async Task<Commit?> TryAsync(NpgsqlConnection connection, CancellationToken cancellation) =>
        await EndAsync(connection, ["rollback"], cancellation) is { } commit ? commit with { IsKept = false } : null;

    private static async Task<Commit?> EndAsync(NpgsqlConnection connection, string[] end, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("set constraints ledger_close immediate"),
                new NpgsqlBatchCommand("set constraints all immediate"),
                new NpgsqlBatchCommand(
                    """
                    select position, token, committed_at, greatest(committed_at - clock_timestamp(), interval '0') from ledger_transactions
                    where id = nullif(current_setting('ledger.transaction', true), '')::bigint
                    """),
            },
        };
        foreach (var statement in end)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        var commit = await reader.ReadAsync(cancellation)
            ? new Commit(new Position(reader.GetInt64(0), null, reader.GetString(1)), reader.GetDateTime(2))
            {
                AheadOfClock = await reader.GetFieldValueAsync<TimeSpan>(3, cancellation),
            }
            : null;
        while (await reader.NextResultAsync(cancellation))
        {
        }

        return commit;
    }

    /// <summary>
    /// What became of a transaction whose connection was lost while it was committed. Its row in the ledger tells, also where another
    /// server has taken over; a transaction without changes of records has none, and then the server that ran it has to.
    /// </summary>
    /// <param name="connection">Another connection to the database.</param>
    /// <param name="mark">The transaction.</param>
    /// <param name="cancellation">Ends the wait for a transaction that is still in progress.</param>
    public static async Task<(CommitOutcome Outcome, Commit? Commit)> OutcomeAsync(
        NpgsqlConnection connection, LedgerMark mark, CancellationToken cancellation)
    {
        while (true)
        {
            var state = await StateOrNullAsync(connection, mark, cancellation);
            await using var command = new NpgsqlCommand(
                "select position, token, committed_at from ledger_transactions where xid = $1 and token = $2 and position is not null",
                connection);
            command.Parameters.Add(new NpgsqlParameter { Value = mark.Number, NpgsqlDbType = NpgsqlDbType.Bigint });
            command.Parameters.Add(new NpgsqlParameter { Value = mark.Token, NpgsqlDbType = NpgsqlDbType.Text });
            await using (var reader = await command.ExecuteReaderAsync(cancellation))
            {
                if (await reader.ReadAsync(cancellation))
                {
                    return (CommitOutcome.Committed,
                        new Commit(new Position(reader.GetInt64(0), null, reader.GetString(1)), reader.GetDateTime(2)));
                }
            }

            switch (state)
            {
                case "in progress":
                    await Task.Delay(PollInterval, cancellation);
                    break;
                case "aborted":
                    return (CommitOutcome.NotCommitted, null);
                default:
                    return (CommitOutcome.Unknown, null);
            }
        }
    }

    /// <summary>
    /// The state of a transaction by its number. A server that has not given the number yet is another one than that of the transaction, or
    /// lost it in a crash: of there, the transaction is not.
    /// </summary>
    private static async Task<string?> StateOrNullAsync(NpgsqlConnection connection, LedgerMark mark, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select case when pg_is_in_recovery() then null else pg_xact_status($1::text::xid8) end", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = mark.Number, NpgsqlDbType = NpgsqlDbType.Bigint });
        try
        {
            return await command.ExecuteScalarAsync(cancellation) as string;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidParameterValue)
        {
            return "aborted";
        }
    }

    private static async Task SetAsync(NpgsqlConnection connection, string statement, string?[] values, CancellationToken cancellation)
    {
        await using var command = Command(connection, statement, values);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string statement, string?[] values)
    {
        var command = new NpgsqlCommand(statement, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? "", NpgsqlDbType = NpgsqlDbType.Text });
        return command;
    }
}
