using System.Globalization;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Records;
using static TajikTaliban.Api.Storage.Ledger.LedgerRows;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>How long a page of the feed is at most; it has at least one change.</summary>
/// <param name="Changes">Maximum number of changes.</param>
/// <param name="Bytes">Bytes of documents after which it ends.</param>
public readonly record struct FeedLimits(int Changes, long Bytes);

/// <summary>The changes after a position.</summary>
/// <param name="After">The position.</param>
/// <param name="Until">The last position; null for all that were committed.</param>
public readonly record struct FeedRange(Position After, Position? Until = null);

/// <summary>Reads the feed: changes in the order of their commits.</summary>
public sealed class FeedReader(ConnectionPools database, Documents documents)
{
    /// <summary>Transactions that one page looks through: many may have no change of the requested resources.</summary>
    internal const int MaxTransactions = 20_000;

    /// <summary>The first archive with changes after a position ($1) and a change of it ($3), up to a last position ($2).</summary>
    private const string Archived =
        """
        select r.archive, l.position, l.token from ledger_ranges r join ledger_transactions l on l.position = r.last_position
        where r.archive is not null and r.first_position <= $2
            and (r.last_position > $1 or (r.last_position = $1 and r.next_change > $3 + 1))
        order by r.number limit 1
        """;

    /// <summary>
    /// The changes after a position, oldest first, and the position where the reading ended. Documents that are in an archive are taken
    /// from the tables of the records, one by one.
    /// </summary>
    /// <param name="after">The position.</param>
    /// <param name="tables">The tables of the requested resources; null for all.</param>
    /// <param name="limits">Maximum number and size of the changes.</param>
    /// <param name="hasBefore">Whether to read the version before each change.</param>
    /// <param name="change">Receives each change.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PositionGoneException">The position is not of this history; nothing was read.</exception>
    public async Task<(Position End, bool More)> ReadAsync(
        Position after, IReadOnlyList<string>? tables, FeedLimits limits, bool hasBefore, Action<Change> change,
        CancellationToken cancellation)
    {
        await using var page = await OpenAsync(new FeedRange(after), tables, (limits.Changes, true), hasBefore, cancellation);
        var left = limits.Bytes;
        while (await page.ReadAsync(cancellation))
        {
            change(page.Current with { Document = page.Document?.ToArray() });
            left -= page.Current.Before?.Length ?? 0;
            if ((left -= page.Document?.Length ?? 0) <= 0)
                page.EndHere();
        }

        return (page.End, page.More);
    }

    /// <summary>The changes of a range, oldest first, to read one by one.</summary>
    /// <param name="range">The range.</param>
    /// <param name="tables">The tables of the requested resources; null for all.</param>
    /// <param name="limit">Maximum number of changes.</param>
    /// <param name="hasBefore">Whether to read the version before each change.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PositionGoneException">The position is not of this history.</exception>
    /// <exception cref="ArchivedException">Documents of the range are in an archive.</exception>
    public Task<FeedPage> OpenPageAsync(
        FeedRange range, IReadOnlyList<string>? tables, int limit, bool hasBefore, CancellationToken cancellation) =>
        OpenAsync(range, tables, (limit, false), hasBefore, cancellation);

    /// <summary>Throws if changes after a position are in an archive.</summary>
    /// <exception cref="ArchivedException">They are.</exception>
    public async Task ThrowIfArchivedAsync(Position after, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(Archived);
        command.Parameters.Add(Number(after.Number));
        command.Parameters.Add(Number(long.MaxValue));
        command.Parameters.Add(Number(after.Change ?? long.MaxValue - 1));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (await reader.ReadAsync(cancellation))
            throw new ArchivedException(reader.GetString(0), new Position(reader.GetInt64(1), null, reader.GetString(2)));
    }

    private async Task<FeedPage> OpenAsync(
        FeedRange range, IReadOnlyList<string>? tables, (int Limit, bool HasArchived) what, bool hasBefore, CancellationToken cancellation)
    {
        var ((after, until), (limit, hasArchived)) = (range, what);
        // All on one connection, and so of one database, even if another one was restored in its place meanwhile.
        var ends = new NpgsqlBatchCommand(
            $"""
            select {StateColumns}, b.position, b.token, a.archive, a.position, a.token from (select 1) o
            left join (
                select position, token from ledger_transactions where position <= least($1 + {MaxTransactions}, $2)
                order by position desc limit 1) b on true
            left join (
                {Archived}) a on true
            """);
        ends.Parameters.Add(Number(after.Number));
        ends.Parameters.Add(Number(until?.Number ?? long.MaxValue));
        ends.Parameters.Add(Number(after.Change ?? long.MaxValue - 1));
        var changes = new NpgsqlBatchCommand(Statement(tables, limit, hasBefore, until is not null, hasArchived));
        changes.Parameters.Add(Number(after.Number));
        changes.Parameters.Add(Number(after.Change ?? long.MaxValue));
        AddTables(changes.Parameters, tables);
        if (until is { } end)
            changes.Parameters.Add(Number(end.Number));

        var connection = await database.OpenConnectionAsync(cancellation);
        var batch = new NpgsqlBatch(connection) { BatchCommands = { ends, changes } };
        NpgsqlDataReader? reader = null;
        try
        {
            reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            ThrowIfGone(reader, after);
            if (!hasArchived && !await reader.IsDBNullAsync(4, cancellation))
                throw new ArchivedException(reader.GetString(4), new Position(reader.GetInt64(5), null, reader.GetString(6)));
            // a standby that is behind has nothing yet; otherwise nothing follows the position, and its transaction was read to its end
            var lookedTo = await reader.IsDBNullAsync(0, cancellation) && after.Number > 0 ? after
                : await reader.IsDBNullAsync(2, cancellation) || reader.GetInt64(2) <= after.Number ? after.Whole
                : new Position(reader.GetInt64(2), null, reader.GetString(3));
            await reader.NextResultAsync(cancellation);
            var page = new FeedPage((connection, batch, reader), documents, after, lookedTo, limit) { HasBefore = hasBefore };
            await page.BeginAsync(cancellation);
            return page;
        }
        catch
        {
            if (reader is not null)
                await reader.DisposeAsync();
            await batch.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The changes after a position ($1) and a change of it ($2), of some tables ($3, $4 …) or all, up to a last position or none. Ordered
    /// by the transaction alone, each with its changes in order: a sort by both would hold all documents before the first row.
    /// </summary>
    internal static string Statement(IReadOnlyList<string>? tables, int limit, bool hasBefore, bool hasEnd, bool hasArchived = false)
    {
        var end = hasEnd ? string.Create(CultureInfo.InvariantCulture, $" and position <= ${3 + (tables?.Count ?? 0)}") : "";
        return $"""
            select {ChangeColumns}{(hasBefore ? $", {Documents.Columns("p")}" : "")}
            from (
                select * from ledger_transactions where position >= $1{end}
                order by position limit {MaxTransactions + 1}) t
            cross join lateral ({ChangesOfTransaction("case when t.position > $1 then 0 else $2 end", limit + 1, tables)}) c
            {(hasArchived ? DocumentOf("c", "d") : LedgerRows.Document)}
            {(hasBefore ? VersionBefore : "")}
            order by t.position limit {limit + 1}
            """;
    }
}
