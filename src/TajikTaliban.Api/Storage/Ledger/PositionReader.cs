using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Statements;
using static TajikTaliban.Api.Storage.Ledger.LedgerRows;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>Whether this database has a position.</summary>
public enum PositionState
{
    Known,

    /// <summary>It belongs to another history: this database was restored from a backup that is older than the position.</summary>
    Gone,

    /// <summary>This standby is behind the position.</summary>
    NotYet,
}

/// <summary>
/// The database does not have the position: it was restored from an older backup, or (in a snapshot) is a standby that is behind.
/// </summary>
public sealed class PositionGoneException(Position position) : Exception($"The position {position} is not in this history.")
{
    public Position Position { get; } = position;
}

/// <summary>Changes after a position are in an archive: their documents were detached.</summary>
/// <param name="archive">The name of the archive.</param>
/// <param name="last">The last position that the archive has changes of.</param>
public sealed class ArchivedException(string archive, Position last) : Exception($"The changes are in the archive {archive}.")
{
    public string Archive { get; } = archive;

    public Position Last { get; } = last;
}

/// <summary>Reads positions of the ledger, and the states of the database as of them.</summary>
public sealed class PositionReader
{
    private const int MaxTransactionsLookedAt = 1000;

    /// <summary>Changes since a position up to which it is new.</summary>
    private const int MaxChangesOfNew = 200;

    private readonly StatementSource _statements;

    public PositionReader(ConnectionPools database)
        : this(StatementSource.Of(database))
    {
    }

    private PositionReader(StatementSource statements) => _statements = statements;

    /// <summary>The same reader on a connection that the request holds, in its transaction.</summary>
    public PositionReader Within(NpgsqlConnection connection) => new(StatementSource.Of(connection));

    public async Task<Position> NewestAsync(CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            "select position, token from ledger_transactions where position is not null order by position desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new Position(reader.GetInt64(0), null, reader.GetString(1)) : Position.Start;
    }

    /// <summary>The newest position, provided that the database still has a known one.</summary>
    /// <exception cref="PositionGoneException">The database was restored from an older backup.</exception>
    public async Task<Position> NewestAsync(Position known, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            $"""
            select {StateColumns}, n.position, n.token from (select 1) o
            left join (select position, token from ledger_transactions where position is not null order by position desc limit 1) n on true
            """);
        command.Parameters.Add(Number(known.Number));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        ThrowIfGone(reader, known);
        return await reader.IsDBNullAsync(2, cancellation) ? Position.Start : new Position(reader.GetInt64(2), null, reader.GetString(3));
    }

    public async Task<PositionState> FindAsync(Position position, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand($"select {StateColumns}");
        command.Parameters.Add(Number(position.Number));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return StateOf(reader, position);
    }

    /// <summary>
    /// What <c>recorded_at</c> of the rows is compared with for an instant: rows of later commits have a greater one, the others do not.
    /// </summary>
    public async Task<DateTime> RecordedUntilAsync(DateTime instant, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            "select recorded_at from ledger_transactions where committed_at <= $1 and position is not null "
            + "order by committed_at desc, position desc limit 1");
        command.Parameters.Add(new NpgsqlParameter { Value = instant, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return await command.ExecuteScalarAsync(cancellation) is DateTime found ? found : DateTime.MinValue;
    }

    /// <summary>
    /// Whether no record of some tables was changed after a position. Of many later transactions only the first are looked at: then the
    /// answer is false.
    /// </summary>
    /// <exception cref="PositionGoneException">The position is not of this history.</exception>
    public async Task<bool> IsUnchangedSinceAsync(Position position, IReadOnlyList<string> tables, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            $"""
            select {StateColumns}, (select count(*) from (
                select from ledger_transactions where position > $1 order by position limit {MaxTransactionsLookedAt + 1}) n)
                <= {MaxTransactionsLookedAt}
            and not exists (
                select from (
                    select id from ledger_transactions where position > $1 order by position limit {MaxTransactionsLookedAt + 1}) t
                where exists (
                    select from unnest($2) r(name) cross join lateral ({ChangesOfTransaction("t.id", "r.name", "0", 1)}) c offset 0))
            """);
        command.Parameters.Add(Number(position.Number));
        command.Parameters.Add(
            new NpgsqlParameter { Value = tables.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        ThrowIfGone(reader, position);
        return StateOf(reader, position) == PositionState.Known && reader.GetBoolean(2);
    }

    /// <summary>The tables of which records were changed after one position, up to another; null if that is much to look at.</summary>
    public async Task<IReadOnlyList<string>?> TouchedAsync(Position after, Position end, CancellationToken cancellation)
    {
        if (end.Number - after.Number > MaxTransactionsLookedAt)
            return null;
        await using var command = _statements.CreateCommand(
            $"""
            select r.name from unnest($3) r(name) where exists (
                select from ledger_transactions t cross join lateral ({ChangesOfTransaction("t.id", "r.name", "0", 1)}) c
                where t.position > $1 and t.position <= $2)
            """);
        command.Parameters.Add(Number(after.Number));
        command.Parameters.Add(Number(end.Number));
        command.Parameters.Add(
            new NpgsqlParameter { Value = Model.Tables.OfRecords.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var touched = new List<string>();
        while (await reader.ReadAsync(cancellation))
            touched.Add(reader.GetString(0));
        return touched;
    }

    /// <summary>The state as of a position; null if the database does not have it.</summary>
    public Task<AsOf?> AsOfAsync(Position position, CancellationToken cancellation) =>
        position.Number == 0 ? Task.FromResult(position.Token == Position.Start.Token ? AsOf.Start : null)
        : AsOfAsync("where t.position = $1 and t.token = $2", [Number(position.Number), Text(position.Token)], cancellation);

    /// <summary>
    /// The state as of an instant: all changes committed by then. After the clock of the database was set back, commits are stamped ahead
    /// of it; what the clock showed counts for them too. While the newest stamp is ahead, the last minute is now.
    /// </summary>
    public async Task<AsOf> AsOfAsync(DateTime instant, CancellationToken cancellation) =>
        await AsOfAsync(
            """
            where t.position = greatest(
                (select position from ledger_transactions where committed_at <= $1 and position is not null
                order by committed_at desc, position desc limit 1),
                (select position from ledger_transactions where clocked_at <= $1 order by clocked_at desc, position desc limit 1),
                (select n.position from (
                    select position, committed_at from ledger_transactions where position is not null order by position desc limit 1) n
                where n.committed_at > clock_timestamp() and $1 > clock_timestamp() - interval '1 minute'))
            """,
            [new NpgsqlParameter { Value = instant, NpgsqlDbType = NpgsqlDbType.TimestampTz }], cancellation) ?? AsOf.Start;

    /// <summary>The state as of the newest position.</summary>
    public async Task<AsOf> AsOfNewestAsync(CancellationToken cancellation) =>
        await AsOfAsync("where t.position is not null order by t.position desc limit 1", [], cancellation) ?? AsOf.Start;

    private async Task<AsOf?> AsOfAsync(string where, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            $"""
            select t.position, t.token, t.committed_at, t.horizon, (select count(*) from (
                select from ledger_changes c where c.transaction_id > t.horizon order by c.transaction_id limit {MaxChangesOfNew + 1}) n)
            from ledger_transactions t {where}
            """);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new AsOf(
                new Position(reader.GetInt64(0), null, reader.GetString(1)), await reader.GetFieldValueAsync<DateTime>(2, cancellation),
                reader.GetInt64(3))
            { IsNew = reader.GetInt64(4) <= MaxChangesOfNew }
            : null;
    }
}
