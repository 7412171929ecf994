using Npgsql;
using NpgsqlTypes;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>The stored state of a record.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Document">The document of that version, in the shape and edition that it was written in.</param>
/// <param name="Shape">The version of the document's shape.</param>
/// <param name="Edition">The edition of the document.</param>
public sealed record Stored(string Id, int Version, string Document, short Shape, int Edition);

/// <summary>Locks and reads stored records, in the transaction of a connection.</summary>
public static class StoredRecords
{
    /// <summary>
    /// The record, locked against other writers until the transaction ends. Only <paramref name="toDelete"/> locks it against new
    /// references as well: two records that refer to each other would otherwise wait for each other.
    /// </summary>
    public static async Task<Stored?> LockAsync(NpgsqlConnection connection, RecordKey key, bool toDelete, CancellationToken cancellation)
    {
        var ofParent = key.Parent is { } parent ? $" and {parent.Column} = $2" : "";
        await using var command = new NpgsqlCommand(
            $"select version, {Documents.Columns("r")} from {key.Table} r where id = "
            + $"$1{ofParent} for {(toDelete ? "update" : "no key update")}", connection);
        command.Parameters.Add(Text(key.Id));
        if (key.Parent is not null)
            command.Parameters.Add(Text(key.Parent.Value.Id));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? Read(key.Id, reader, 0) : null;
    }

    /// <summary>The records of a table that have these ids, locked in the order of their ids; the others are not in the result.</summary>
    public static async Task<IReadOnlyList<Stored>> LockAllAsync(
        NpgsqlConnection connection, string table, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select id, version, {Documents.Columns("r")} from {table} r where id = any($1) order by id for no key update", connection);
        command.Parameters.Add(Texts(ids));
        var stored = new List<Stored>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            stored.Add(Read(reader.GetString(0), reader, 1));
        return stored;
    }

    /// <summary>The tombstone of a deleted record; null if there is none.</summary>
    public static Task<StoredTombstone?> TombstoneOrNullAsync(
        NpgsqlConnection connection, string table, string id, CancellationToken cancellation) =>
        TombstoneRows.FindOrNullAsync(connection, table, id, null, cancellation);

    /// <summary>Those of the ids that deleted records of a table had.</summary>
    public static async Task<IReadOnlyList<string>> DeletedAsync(
        NpgsqlConnection connection, string table, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select id from tombstones where resource = $1 and id = any($2)", connection);
        command.Parameters.Add(Text(table));
        command.Parameters.Add(Texts(ids));
        return await IdsAsync(command, cancellation);
    }

    /// <summary>
    /// The first of the candidates that no record has or had; null if all are taken. Another transaction with the same first candidate
    /// waits until this one ends.
    /// </summary>
    public static async Task<string?> FreeIdOrNullAsync(
        NpgsqlConnection connection, string table, IReadOnlyList<string> candidates, CancellationToken cancellation)
    {
        await TakeTurnAsync(connection, $"{table}/{candidates[0]}", cancellation);
        await using var command = new NpgsqlCommand(
            $"select id from {table} where id = any($1) union all select id from tombstones where resource = $2 and id = any($1)",
            connection);
        command.Parameters.Add(Texts(candidates));
        command.Parameters.Add(Text(table));
        var taken = await IdsAsync(command, cancellation);
        return candidates.FirstOrDefault(c => !taken.Contains(c));
    }

    /// <summary>Waits until no other transaction has the turn of this name, and takes it until this one ends.</summary>
    public static async Task TakeTurnAsync(NpgsqlConnection connection, string name, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select pg_advisory_xact_lock(hashtextextended($1, 0))", connection);
        command.Parameters.Add(Text(name));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task<List<string>> IdsAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        var ids = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            ids.Add(reader.GetString(0));
        return ids;
    }

    /// <summary>A record from its version and the columns of its document. What this transaction wrote has no instant yet.</summary>
    private static Stored Read(string id, NpgsqlDataReader row, int column) => new(
        id, row.GetInt32(column),
        RecordingInstant.Set(row.GetString(column + 1), row.IsDBNull(column + 4) ? null : row.GetDateTime(column + 4)),
        row.GetInt16(column + 2), row.GetInt32(column + 3));

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Texts(IReadOnlyCollection<string> values) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
