using System.Buffers;
using Npgsql;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;
using static TajikTaliban.Api.Storage.Ledger.LedgerRows;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>A part of a snapshot.</summary>
/// <param name="AsOf">The position.</param>
/// <param name="Table">The table.</param>
/// <param name="AfterId">The id after which the part begins.</param>
/// <param name="MaxRecords">Maximum number of records.</param>
/// <param name="MaxBytes">Bytes of documents after which it ends; it has at least one record.</param>
public sealed record SnapshotPart(AsOf AsOf, string Table, string AfterId, int MaxRecords, long MaxBytes);

/// <summary>A record whose document is lent until the next is read.</summary>
public readonly record struct LentRecord(string Id, int Version, ReadOnlyMemory<byte> Json);

/// <summary>Reads all records of a table as of a position, page by page.</summary>
public sealed class SnapshotReader(ConnectionPools database, Documents documents)
{
    /// <summary>Hands over the records of a part, by id; returns whether there are more.</summary>
    /// <exception cref="PositionGoneException">The database was restored to before the position, or is a standby that is behind
    /// it.</exception>
    public async Task<bool> ReadAsync(SnapshotPart part, Action<LentRecord> record, CancellationToken cancellation)
    {
        var (asOf, table, afterId, limit, left) = part;
        var sql = new SqlParameters(asOf);
        var records = new NpgsqlBatchCommand(Statement(table, sql.Add(afterId), limit + 1, sql));
        sql.CopyTo(records.Parameters);
        // on one connection, and so of one database
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                // the ledger has few changes after a new position, which a plan for any position does not know
                new NpgsqlBatchCommand(ListSql.PlanForValues),
                new NpgsqlBatchCommand($"select {StateColumns}") { Parameters = { Number(asOf.Position.Number) } }, records,
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        // a standby behind the one that resolved the position would lack rows without an error
        if (StateOf(reader, asOf.Position) != PositionState.Known)
            throw new PositionGoneException(asOf.Position);
        await reader.NextResultAsync(cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            for (var read = 0; await reader.ReadAsync(cancellation); read++)
            {
                if (read == limit || left <= 0)
                    return true;
                var (id, version) = (reader.GetString(0), reader.GetInt32(1));
                var document = documents.Lend(reader, 2, table, ref buffer);
                record(new LentRecord(id, version, document));
                left -= document.Length;
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    internal static string Statement(string table, string after, int limit, SqlParameters sql) =>
        $"select id, version, {Documents.Columns("r")} from ("
            + string.Join(" union all ", sql.Tables(table).Select(t =>
                $"(select id, version, {Documents.StoredColumns("r")} from {t} r where id > {after} order by id limit {limit})"))
            + $") r order by id limit {limit}";
}
