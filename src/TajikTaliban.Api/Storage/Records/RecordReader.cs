using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>A record as it is served.</summary>
public sealed record Document(string Id, int Version, DateTime RecordedAt, byte[] Json);

/// <summary>Which record to read.</summary>
/// <param name="Table">Its table.</param>
/// <param name="Id">Its id.</param>
/// <param name="Parent">The column with the id of its parent and that id, where the record must be a part of that parent.</param>
public sealed record RecordKey(string Table, string Id, (string Column, string Id)? Parent = null);

/// <summary>Reads single records by id: the ready document, no model in between.</summary>
public sealed class RecordReader(NpgsqlDataSource database, Documents documents)
{
    public async Task<Document?> FindOrNullAsync(RecordKey key, AsOf? asOf, CancellationToken cancellation)
    {
        var sql = new SqlParameters(asOf);
        var id = sql.Add(key.Id);
        var ofParent = key.Parent is { } parent ? $" and {parent.Column} = {sql.Add(parent.Id)}" : "";
        await using var command = database.CreateCommand(
            $"select version, recorded_at, {Documents.Columns("r")} from {sql.Table(key.Table)} r where id = {id}{ofParent}");
        sql.CopyTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new Document(key.Id, reader.GetInt32(0), await reader.GetFieldValueAsync<DateTime>(1, cancellation),
                documents.Read(reader, 2, key.Table))
            : null;
    }

    /// <summary>The records that have these ids, by id.</summary>
    public async Task<Dictionary<string, byte[]>> FindAllAsync(
        string table, IReadOnlyCollection<string> ids, AsOf? asOf, CancellationToken cancellation)
    {
        var sql = new SqlParameters(asOf);
        var key = sql.Add(ids.ToArray());
        await using var command = database.CreateCommand(
            $"select id, {Documents.Columns("r")} from {sql.Table(table)} r where id = any({key})");
        sql.CopyTo(command.Parameters);
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found[reader.GetString(0)] = documents.Read(reader, 1, table);
        return found;
    }

    /// <summary>The version and instant of the deletion, and the survivor of a merge; null if the record was not deleted by then.</summary>
    public async Task<(int Version, DateTime DeletedAt, string? MergedInto)?> TombstoneOrNullAsync(
        string table, string id, AsOf? asOf, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(asOf is null
            ? "select version, deleted_at, merged_into from tombstones where resource = $1 and id = $2"
            : """
              select c.version, t.committed_at, c.merged_into from ledger_changes c join ledger_transactions t on t.id = c.transaction_id
              where c.resource = $1 and c.id = $2 and c.document is null and t.position <= $3
              """);
        command.Parameters.Add(new NpgsqlParameter { Value = table, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Text });
        if (asOf is not null)
            command.Parameters.Add(new NpgsqlParameter { Value = asOf.Position.Number, NpgsqlDbType = NpgsqlDbType.Bigint });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? (reader.GetInt32(0), await reader.GetFieldValueAsync<DateTime>(1, cancellation),
                await reader.IsDBNullAsync(2, cancellation) ? null : reader.GetString(2))
            : null;
    }
}
