using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Records;
using static TajikTaliban.Api.Storage.Ledger.LedgerRows;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>A place in the order of tables and ids.</summary>
public sealed record RecordPlace(string Table, string Id)
{
    /// <summary>Before all records.</summary>
    public static RecordPlace Start { get; } = new("", "");
}

/// <summary>Reads which records differ between two positions.</summary>
public sealed class DifferenceReader(ConnectionPools database, Documents documents)
{
    /// <summary>
    /// Maximum number of changes in between that are sorted for each page; with more, the index is read from record to record.
    /// </summary>
    public int MaxSorted { get; init; } = 20_000;

    /// <summary>Whether the content of a version was removed; a deletion has none.</summary>
    private static string HadContent(string alias) =>
        $"coalesce({alias}.redacted and {alias}.operation in ('created', 'updated'), false)";

    /// <summary>
    /// The records that differ, by table and id, with both documents. The cost is that of the changes in between; where they are many, that
    /// of the index between one record that differs and the next.
    /// </summary>
    /// <param name="from">The earlier position.</param>
    /// <param name="to">The later position.</param>
    /// <param name="after">Returns only records after this place.</param>
    /// <param name="limits">Maximum number and size of the records.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task<(IReadOnlyList<RecordDifference> Found, bool More)> ReadAsync(
        Position from, Position to, RecordPlace after, FeedLimits limits, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var between = new NpgsqlCommand(
            $"""
            select count(*) from (
                select from (
                    select id from ledger_transactions where position > $1 and position <= $2 order by position limit {MaxSorted}) t
                cross join lateral ({ChangesOfTransaction("t.id", null, "0", MaxSorted)}) c limit {MaxSorted}) c
            """, connection)
        { Parameters = { Number(from.Number), Number(to.Number) } };
        var isLarge = (long)(await between.ExecuteScalarAsync(cancellation))! >= MaxSorted;
        var changes = isLarge
            ? """
              (select resource, id, version, transaction_id from ledger_changes where (resource, id) > ($3, $4) order by resource, id) c
              cross join lateral (
                  select from ledger_transactions t where t.id = c.transaction_id and t.position > $1 and t.position <= $2 offset 0) t
              """
            : $"""
              ledger_transactions t cross join lateral ({ChangesOfTransaction("t.id", null, "0", MaxSorted)}) c
              where t.position > $1 and t.position <= $2 and (c.resource, c.id) > ($3, $4)
              """;
        var differences = new NpgsqlBatchCommand(
            $"""
            with touched as (
                select c.resource, c.id, min(c.version) - 1 as before, max(c.version) as after from {changes}
                {(isLarge ? "where" : "and")} c.version > 0 group by c.resource, c.id order by c.resource, c.id)
            select d.resource, d.id, d.before, d.after, {HadContent("b")}, {HadContent("a")},
                {Documents.Columns("e")}, {Documents.Columns("f")}
            from touched d left join ledger_changes b on b.resource = d.resource and b.id = d.id and b.version = d.before
            join ledger_changes a on a.resource = d.resource and a.id = d.id and a.version = d.after
            {DocumentOf("b", "e")}
            {DocumentOf("a", "f")}
            where b.operation in ('created', 'updated') or a.operation in ('created', 'updated')
            order by d.resource, d.id limit {limits.Changes + 1}
            """)
        { Parameters = { Number(from.Number), Number(to.Number), Text(after.Table), Text(after.Id) } };
        await using var batch = new NpgsqlBatch(connection);
        if (isLarge)
        {
            // record by record over the index, of which a page reads little; any other plan begins by reading and sorting all of it
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                "select set_config(name, 'off', true) "
                + "from unnest(array['enable_sort', 'enable_hashagg', 'enable_hashjoin', 'enable_mergejoin']) name"));
        }

        batch.BatchCommands.Add(differences);
        var found = new List<RecordDifference>();
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (isLarge)
            await reader.NextResultAsync(cancellation);
        var left = limits.Bytes;
        while (await reader.ReadAsync(cancellation))
        {
            if (found.Count == limits.Changes || (left <= 0 && found.Count > 0))
                return (found, true);
            var table = reader.GetString(0);
            found.Add(new RecordDifference(
                table, reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3),
                documents.ReadOrNull(reader, 6, table), documents.ReadOrNull(reader, 6 + Documents.ColumnCount, table))
            {
                IsRedacted = (reader.GetBoolean(4), reader.GetBoolean(5)),
            });
            left -= (found[^1].Before?.Length ?? 0) + (found[^1].After?.Length ?? 0);
        }

        return (found, false);
    }
}
