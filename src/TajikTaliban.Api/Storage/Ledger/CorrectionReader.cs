using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Records;
using static TajikTaliban.Api.Storage.Ledger.LedgerRows;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>Reads corrections: changes whose cause is that the source or the record was wrong.</summary>
public sealed class CorrectionReader(ConnectionPools database, Documents documents)
{
    /// <summary>
    /// Corrections before a position (null: all), newest first, each with the document that it replaced; and whether there are more.
    /// </summary>
    public async Task<(IReadOnlyList<(Change Change, byte[]? Before)> Found, bool More)> ReadAsync(
        Position? before, IReadOnlyList<string>? tables, FeedLimits limits, CancellationToken cancellation)
    {
        var limit = limits.Changes + 1;
        await using var command = database.CreateCommand(
            $"""
            select {ChangeColumns}, {Documents.Columns("p")} from ledger_transactions t
            cross join lateral ({CorrectionsOfTransaction("(t.position < $1 or c.seq < $2)", limit, tables)}) c
            {DocumentOf("c", "d")}
            {VersionBefore}
            where t.corrects and t.position <= $1
            order by t.position desc, c.seq desc limit {limit}
            """);
        command.Parameters.Add(Number(before?.Number ?? long.MaxValue));
        command.Parameters.Add(Number(before?.Change ?? 0));
        AddTables(command.Parameters, tables);
        var found = new List<(Change, byte[]?)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var left = limits.Bytes;
        while (await reader.ReadAsync(cancellation))
        {
            if (found.Count == limits.Changes || (left <= 0 && found.Count > 0))
                return (found, true);
            var previous = documents.ReadOrNull(reader, DocumentColumn + Documents.ColumnCount, reader.GetString(3));
            found.Add((LedgerRows.Change(reader, documents), previous));
            left -= (previous?.Length ?? 0) + (found[^1].Item1.Document?.Length ?? 0);
        }

        return (found, false);
    }
}
