using Npgsql;
using TajikTaliban.Api.Storage.Connections;
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
public sealed class RecordReader
{
    private readonly StatementSource _statements;
    private readonly Documents _documents;

    /// <summary>Null within a transaction, whose own commit has no instant yet.</summary>
    private readonly CommitInstants? _instants;

    public RecordReader(ConnectionPools database, Documents documents, CommitInstants instants)
        : this(StatementSource.Of(database), documents) => _instants = instants;

    private RecordReader(StatementSource statements, Documents documents) => (_statements, _documents) = (statements, documents);

    /// <summary>The same reader on a connection that the request holds, in its transaction.</summary>
    public RecordReader Within(NpgsqlConnection connection) => new(StatementSource.Of(connection), _documents);

    public async Task<Document?> FindOrNullAsync(RecordKey key, AsOf? asOf, CancellationToken cancellation)
    {
        var sql = new SqlParameters(asOf);
        var id = sql.Add(key.Id);
        var ofParent = key.Parent is { } parent ? $" and {parent.Column} = {sql.Add(parent.Id)}" : "";
        var known = _instants?.BeginOrNull();
        var columns = known is null ? Documents.Columns("r") : Documents.StoredColumns("r");
        await using var command = _statements.CreateCommand(
            $"select version, {columns} from {sql.Table(key.Table)} r where id = {id}{ofParent}");
        sql.CopyTo(command.Parameters);
        int version;
        byte[] document;
        long transaction;
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
        {
            if (!await reader.ReadAsync(cancellation))
                return null;
            (version, document) = (reader.GetInt32(0), _documents.ReadUndated(reader, 1, key.Table));
            if (known is null)
                return Dated(reader.GetDateTime(Documents.ColumnCount));
            transaction = reader.GetInt64(Documents.ColumnCount);
            if (known.TryGet(transaction, out var instant))
            {
                _instants!.KnewAll();
                return Dated(instant);
            }
        }

        await using var lookUp = _statements.CreateCommand("");
        return Dated((await _instants!.ReadAsync(known, [transaction], lookUp, cancellation))[transaction]);

        Document Dated(DateTime at) => new(key.Id, version, at, RecordingInstant.Set(document, at));
    }

    /// <summary>The records that have these ids, by id.</summary>
    public async Task<Dictionary<string, byte[]>> FindAllAsync(
        string table, IReadOnlyCollection<string> ids, AsOf? asOf, CancellationToken cancellation)
    {
        var sql = new SqlParameters(asOf);
        var key = sql.Add(ids.ToArray());
        await using var command = _statements.CreateCommand(
            $"select id, {Documents.Columns("r")} from {sql.Table(table)} r where id = any({key})");
        sql.CopyTo(command.Parameters);
        var found = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found[reader.GetString(0)] = _documents.Read(reader, 1, table);
        return found;
    }

    /// <summary>The tombstone of a record; null if the record was not deleted by then.</summary>
    public Task<StoredTombstone?> TombstoneOrNullAsync(string table, string id, AsOf? asOf, CancellationToken cancellation) =>
        _statements.OnOneAsync(connection => TombstoneRows.FindOrNullAsync(connection, table, id, asOf, cancellation), cancellation);

    /// <summary>
    /// The records that others refer to, by id. Older versions may refer to an id that was merged since: the survivor is then under that
    /// id.
    /// </summary>
    public async Task<Dictionary<string, byte[]>> FindReferredAsync(
        string table, IReadOnlyCollection<string> ids, AsOf? asOf, CancellationToken cancellation)
    {
        var found = await FindAllAsync(table, ids, asOf, cancellation);
        var missing = ids.Where(i => !found.ContainsKey(i)).ToList();
        if (missing.Count == 0)
            return found;
        var survivors = await _statements.OnOneAsync(
            connection => TombstoneRows.SurvivorsAsync(connection, table, missing, asOf, cancellation), cancellation);
        if (survivors.Count == 0)
            return found;
        var records = await FindAllAsync(table, [.. survivors.Select(s => s.Id).Distinct()], asOf, cancellation);
        foreach (var (merged, id) in survivors)
            found[merged] = records[id];
        return found;
    }
}
