using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Storage;

/// <summary>A record that refers to another.</summary>
public sealed record Referrer(string Table, string Id);

/// <summary>The stored state of a record: its version and the document of that version.</summary>
public sealed record Stored(int Version, string Document);

/// <summary>Who writes and why, as the ledger keeps it.</summary>
/// <param name="Now">The instant of the write.</param>
/// <param name="Key">The name of the key; null for the service itself.</param>
/// <param name="Cause">A code of <c>change-causes</c>.</param>
/// <param name="Note">Why, in words.</param>
public sealed record Author(DateTimeOffset Now, string? Key = null, string? Cause = null, string? Note = null);

/// <summary>Writes records with their parts, in the transaction of its context. Every way into the database that is not bulk goes through it.</summary>
public sealed class RecordWriter(ApiDbContext context)
{
    private const int MostReferrers = 20;

    /// <summary>Records that are locked already, and those that are known not to be there, until they are first asked for.</summary>
    private readonly Dictionary<(string Table, string Id), Stored?> _prepared = [];

    private Dictionary<(ReferenceTarget, string), string>? _resolved;

    /// <summary>New records of one table that are yet to be written, all at once.</summary>
    private readonly List<Record> _pending = [];

    private bool _gathers;

    public ApiDbContext Context => context;

    public NpgsqlConnection Connection => (NpgsqlConnection)context.Database.GetDbConnection();

    /// <summary>Tells the database who writes, until the transaction ends; it lets nobody write who has not.</summary>
    public static async Task BeginAsync(NpgsqlConnection connection, Author author, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select set_config('ledger.writer', 'on', true), set_config('ledger.last', '', false), set_config('ledger.now', $1, true),
                set_config('ledger.key', $2, true), set_config('ledger.cause', $3, true), set_config('ledger.note', $4, true)
            """, connection);
        foreach (var value in (string?[])[author.Now.ToString("O"), author.Key, author.Cause, author.Note])
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? "", NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The position of the transaction that this connection has just committed; null if it changed nothing.</summary>
    public static async Task<Position?> PositionAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select current_setting('ledger.last', true)", connection);
        return await command.ExecuteScalarAsync(cancellation) is string text && Position.TryParse(text, out var position) ? position : null;
    }

    /// <summary>Why the changes that follow are made, where they differ from the rest of the transaction.</summary>
    public async Task GiveReasonAsync(string? cause, string? note, string? mergedInto, CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        await using var command = new NpgsqlCommand(
            "select set_config('ledger.cause', $1, true), set_config('ledger.note', $2, true), set_config('ledger.merged_into', $3, true)", Connection);
        foreach (var value in (string?[])[cause, note, mergedInto])
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? "", NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>
    /// Locks and reads the records of many writes that are to come, table by table and in the order of their ids, so that each needs no
    /// round trip of its own; references that are found are remembered. After an error of the database the transaction can then do nothing more.
    /// </summary>
    /// <param name="records">The records that will be asked for.</param>
    /// <param name="gather">Whether new records are gathered and written by COPY; an error then says of none of them that it is the one.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public async Task PrepareAsync(IEnumerable<(string Table, IReadOnlyList<string> Ids)> records, bool gather, CancellationToken cancellation)
    {
        _gathers = gather;
        context.Database.AutoSavepointsEnabled = false;
        _resolved = [];
        foreach (var (table, ids) in records)
        {
            foreach (var id in ids)
                _prepared[(table, id)] = null;
            await using var command = new NpgsqlCommand(
                $"select id, version, document from {table} where id = any($1) order by id for no key update", Connection);
            command.Parameters.Add(new NpgsqlParameter { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            await using (var reader = await command.ExecuteReaderAsync(cancellation))
            {
                while (await reader.ReadAsync(cancellation))
                    _prepared[(table, reader.GetString(0))] = new Stored(reader.GetInt32(1), reader.GetString(2));
            }

            await using var gone = new NpgsqlCommand("select id from tombstones where resource = $2 and id = any($1)", Connection);
            gone.Parameters.Add(new NpgsqlParameter { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            gone.Parameters.Add(new NpgsqlParameter { Value = table, NpgsqlDbType = NpgsqlDbType.Text });
            await using var dead = await gone.ExecuteReaderAsync(cancellation);
            while (await dead.ReadAsync(cancellation))
                _prepared.Remove((table, dead.GetString(0)));
        }
    }

    /// <summary>Writes the new records that were gathered.</summary>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (_pending.Count == 0)
            return;
        await new BulkCopy(context).WriteAsync(_pending.ToAsyncEnumerable(), cancellation);
        _pending.Clear();
    }

    /// <summary>The id of each text that refers to something.</summary>
    public async Task<Dictionary<(ReferenceTarget, string), string>> ResolveAsync(
        IReadOnlyCollection<(ReferenceTarget Target, string Text)> references, CancellationToken cancellation)
    {
        if (_resolved is null)
            return await ReferenceReader.ResolveAsync(Connection, references, null, cancellation);
        var unknown = references.Where(r => !_resolved.ContainsKey(r)).ToList();
        if (unknown.Count > 0)
        {
            foreach (var (reference, id) in await ReferenceReader.ResolveAsync(Connection, unknown, null, cancellation))
                _resolved[reference] = id;
        }

        return references.Where(_resolved.ContainsKey).Distinct().ToDictionary(r => (r.Target, r.Text), r => _resolved[r]);
    }

    public static string TableOf<T>(IModel model)
        where T : Record => model.FindEntityType(typeof(T))!.GetTableName()!;

    /// <summary>
    /// The record's state, held against other writers until the transaction ends; against those that come to refer to it only when it is to be
    /// deleted, since two records that refer to each other would otherwise wait for each other.
    /// </summary>
    public async Task<Stored?> LockAsync<T>(string id, string? scopeColumn, string? scope, bool toDelete, CancellationToken cancellation)
        where T : Record
    {
        var table = TableOf<T>(context.Model);
        if (!toDelete && scopeColumn is null && _prepared.TryGetValue((table, id), out var prepared))
        {
            // it is the state of before this transaction's own writes: those that come later ask again
            if (prepared is not null)
                _prepared.Remove((table, id));
            return prepared;
        }

        await FlushAsync(cancellation);
        var within = scopeColumn is null ? "" : $" and {scopeColumn} = $2";
        await using var command = new NpgsqlCommand(
            $"select version, document from {table} where id = $1{within} for {(toDelete ? "update" : "no key update")}", Connection);
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Text });
        if (scopeColumn is not null)
            command.Parameters.Add(new NpgsqlParameter { Value = scope!, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new Stored(reader.GetInt32(0), reader.GetString(1)) : null;
    }

    /// <summary>When a record was deleted, as which version, and what it was merged into.</summary>
    public async Task<(int Version, DateTime DeletedAt, string? MergedInto)?> TombstoneOrNullAsync<T>(string id, CancellationToken cancellation)
        where T : Record
    {
        // who is known not to be there has no tombstone either, or he would not be known
        if (_prepared.TryGetValue((TableOf<T>(context.Model), id), out var prepared) && prepared is null)
            return null;
        await using var command = new NpgsqlCommand("select version, deleted_at, merged_into from tombstones where resource = $1 and id = $2", Connection);
        command.Parameters.Add(new NpgsqlParameter { Value = TableOf<T>(context.Model), NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? (reader.GetInt32(0), await reader.GetFieldValueAsync<DateTime>(1, cancellation), await reader.IsDBNullAsync(2, cancellation) ? null : reader.GetString(2))
            : null;
    }

    /// <summary>The first of the candidates that no record has or had; who asks for the same first one waits until this transaction ends.</summary>
    public async Task<string?> FreeIdAsync<T>(IReadOnlyList<string> candidates, CancellationToken cancellation)
        where T : Record
    {
        var table = TableOf<T>(context.Model);
        await FlushAsync(cancellation);
        await context.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({table + "/" + candidates[0]}, 0))", cancellation);
        await using var command = new NpgsqlCommand(
            $"select id from {table} where id = any($1) union all select id from tombstones where resource = $2 and id = any($1)", Connection);
        command.Parameters.Add(new NpgsqlParameter { Value = candidates.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = table, NpgsqlDbType = NpgsqlDbType.Text });
        var taken = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            taken.Add(reader.GetString(0));
        return candidates.FirstOrDefault(c => !taken.Contains(c));
    }

    public async Task InsertAsync<T>(T record, CancellationToken cancellation)
        where T : Record
    {
        _prepared.Remove((TableOf<T>(context.Model), record.Id));
        if (_gathers)
        {
            if (_pending.Count == BulkCopy.BatchSize || (_pending.Count > 0 && _pending[0] is not T))
                await FlushAsync(cancellation);
            _pending.Add(record);
            return;
        }

        context.Add(record);
        await SaveAsync(cancellation);
        context.ChangeTracker.Clear();
    }

    /// <summary>Puts a record in the place of the stored one. Its parts are replaced as a whole: they have no identity of their own.</summary>
    public async Task ReplaceAsync<T>(T record, CancellationToken cancellation)
        where T : Record
    {
        foreach (var (table, owner) in Parts(context.Model.FindEntityType(typeof(T))!))
        {
            await using var command = new NpgsqlCommand($"delete from {table} where {owner} = $1", Connection);
            command.Parameters.Add(new NpgsqlParameter { Value = record.Id, NpgsqlDbType = NpgsqlDbType.Text });
            await command.ExecuteNonQueryAsync(cancellation);
        }

        // the record first: parts may repeat what it now says (an event's bounds), and a foreign key checks that
        context.Update(record);
        var parts = context.ChangeTracker.Entries().Where(e => e.Metadata.IsOwned()).ToList();
        foreach (var part in parts)
            part.State = EntityState.Unchanged;
        await SaveAsync(cancellation);
        foreach (var part in parts)
            part.State = EntityState.Added;
        await SaveAsync(cancellation);
        context.ChangeTracker.Clear();
    }

    /// <summary>Deletes a record that is locked; the database leaves its tombstone.</summary>
    public async Task<Tombstone> DeleteAsync<T>(string id, int version, DateTimeOffset now, CancellationToken cancellation)
        where T : Record
    {
        var table = TableOf<T>(context.Model);
        _prepared.Remove((table, id));
        _resolved?.Clear();
        await using var command = new NpgsqlCommand($"delete from {table} where id = $1", Connection);
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellation);
        return new Tombstone { Resource = table, Id = id, Version = version + 1, DeletedAt = now };
    }

    /// <summary>Which records refer to this one, read off the model's foreign keys; the record's own references to itself do not count.</summary>
    public async Task<IReadOnlyList<Referrer>> ReferrersAsync<T>(string id, CancellationToken cancellation, int most = MostReferrers)
        where T : Record
    {
        var target = context.Model.FindEntityType(typeof(T))!;
        var own = target.GetTableName();
        var selects = target.GetReferencingForeignKeys().Where(f => !f.IsOwnership).Select(f =>
        {
            var table = f.DeclaringEntityType.GetTableName()!;
            var column = f.Properties[0].GetColumnName();
            var ownership = f.DeclaringEntityType.FindOwnership();
            var owner = ownership is null ? table : ownership.PrincipalEntityType.GetTableName()!;
            var key = ownership is null ? "id" : ownership.Properties[0].GetColumnName();
            var others = owner == own ? $" and {key} <> $1" : "";
            return $"(select '{owner}' as owner, {key} as id from {table} where {column} = $1{others} limit {most})";
        }).ToList();
        if (selects.Count == 0)
            return [];
        await using var command = new NpgsqlCommand($"select owner, id from ({string.Join(" union ", selects)}) r order by 1, 2 limit {most}", Connection);
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Text });
        var referrers = new List<Referrer>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            referrers.Add(new Referrer(reader.GetString(0), reader.GetString(1)));
        return referrers;
    }

    private static IEnumerable<(string Table, string Owner)> Parts(IEntityType record) =>
        record.GetNavigations().Where(n => n.ForeignKey.IsOwnership && n.IsCollection)
            .Select(n => (n.TargetEntityType.GetTableName()!, n.ForeignKey.Properties[0].GetColumnName()));

    private async Task SaveAsync(CancellationToken cancellation)
    {
        try
        {
            await context.SaveChangesAsync(cancellation);
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException postgres)
        {
            throw postgres;
        }
    }
}
