using Npgsql;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;
using static TajikTaliban.Api.Storage.Ledger.LedgerRows;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>Reads all records of a table as of a position, page by page.</summary>
/// <param name="feed">The pool for bulk reads.</param>
public sealed class SnapshotReader(NpgsqlDataSource feed, Documents documents)
{
    /// <summary>The records of a table, by id, after one.</summary>
    /// <exception cref="PositionGoneException">The database was restored to before the position, or is a standby that is behind
    /// it.</exception>
    public async Task<IReadOnlyList<Document>> ReadAsync(AsOf asOf, string table, string afterId, int limit, CancellationToken cancellation)
    {
        var sql = new SqlParameters(asOf);
        var records = new NpgsqlBatchCommand(
            $"select id, version, {Documents.Columns("r")} from {sql.Table(table)} r "
            + $"where id > {sql.Add(afterId)} order by id limit {limit}");
        sql.CopyTo(records.Parameters);
        // on one connection, and so of one database
        await using var connection = await feed.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand($"select {StateColumns}") { Parameters = { Number(asOf.Position.Number) } }, records },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        // a standby behind the one that resolved the position would lack rows without an error
        if (StateOf(reader, asOf.Position) != PositionState.Known)
            throw new PositionGoneException(asOf.Position);
        await reader.NextResultAsync(cancellation);
        var found = new List<Document>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(new Document(
                reader.GetString(0), reader.GetInt32(1), reader.GetDateTime(1 + Documents.ColumnCount), documents.Read(reader, 2, table)));
        }

        return found;
    }
}
