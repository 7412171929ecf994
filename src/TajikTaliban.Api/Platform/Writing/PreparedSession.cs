using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>
/// The records of a batch. They are locked and read table by table before the first write, and resolved references are kept, so that a
/// change needs no round trips for these. After an error of the database the transaction cannot go on.
/// </summary>
internal class PreparedSession : RecordSession
{
    /// <summary>Locked records, and null for ids that no record has or had; each until the batch writes the record.</summary>
    private readonly Dictionary<(string Table, string Id), Stored?> _prepared = [];

    private readonly Dictionary<(ReferenceTarget, string), string> _resolved = [];

    private readonly IReadOnlySet<(ReferenceTarget, string)> _created;

    private readonly IReadOnlyDictionary<string, string[]> _deleted;

    /// <summary>The tables whose deleted records no longer refer to each other.</summary>
    private readonly HashSet<string> _untied = [];

    /// <param name="context">The context of the transaction.</param>
    /// <param name="author">The author of the batch.</param>
    /// <param name="created">The records that exist when the batch ends.</param>
    /// <param name="deleted">The ids of the records that the batch deletes, by table.</param>
    public PreparedSession(
        ApiDbContext context, Author author, IReadOnlySet<(ReferenceTarget, string)> created, IReadOnlyDictionary<string, string[]> deleted)
        : base(context, author)
    {
        context.Database.AutoSavepointsEnabled = false;
        (_created, _deleted) = (created, deleted);
    }

    /// <summary>Locks and reads records of a table, in the order of their ids.</summary>
    public async Task PrepareAsync(string table, IReadOnlyCollection<string> ids, CancellationToken cancellation)
    {
        foreach (var id in ids)
            _prepared[(table, id)] = null;
        foreach (var stored in await StoredRecords.LockAllAsync(Connection, table, ids, cancellation))
            _prepared[(table, stored.Id)] = stored;
        foreach (var id in await StoredRecords.DeletedAsync(Connection, table, ids, cancellation))
            _prepared.Remove((table, id));
    }

    /// <summary>The stored record as it is before the next change of it; the record stays prepared.</summary>
    public async Task<Stored?> StoredOrNullAsync(RecordKey key, CancellationToken cancellation) =>
        _prepared.TryGetValue((key.Table, key.Id), out var prepared) ? prepared : await LockAsync(key, false, cancellation);

    /// <summary>Sets the reason of the changes that follow.</summary>
    public async Task SetReasonAsync(ChangeReason reason, CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        await LedgerSession.SetReasonAsync(Connection, reason.Cause, reason.Note, cancellation);
    }

    /// <summary>Writes the new records that are still pending.</summary>
    public virtual Task FlushAsync(CancellationToken cancellation) => Task.CompletedTask;

    public override async Task<Stored?> LockAsync(RecordKey key, bool toDelete, CancellationToken cancellation)
    {
        if (!toDelete && key.Parent is null && _prepared.TryGetValue((key.Table, key.Id), out var prepared))
        {
            // the state before the batch writes the record; a later change of it reads the record again
            if (prepared is not null)
                _prepared.Remove((key.Table, key.Id));
            return prepared;
        }

        await FlushAsync(cancellation);
        return await base.LockAsync(key, toDelete, cancellation);
    }

    public override Task<StoredTombstone?> TombstoneOrNullAsync(string table, string id, CancellationToken cancellation) =>
        _prepared.TryGetValue((table, id), out var prepared) && prepared is null
            ? Task.FromResult<StoredTombstone?>(null)
            : base.TombstoneOrNullAsync(table, id, cancellation);

    public override async Task<string?> FreeIdOrNullAsync(string table, IReadOnlyList<string> candidates, CancellationToken cancellation)
    {
        await FlushAsync(cancellation);
        return await base.FreeIdOrNullAsync(table, candidates, cancellation);
    }

    public override async Task<Dictionary<(ReferenceTarget, string), string>> ResolveAsync(
        IReadOnlyCollection<(ReferenceTarget Target, string Text)> references, CancellationToken cancellation)
    {
        var unknown = references.Where(r => !_resolved.ContainsKey(r)).ToList();
        if (unknown.Count > 0)
        {
            foreach (var (reference, id) in await base.ResolveAsync(unknown, cancellation))
                _resolved[reference] = id;
        }

        return references.Where(_resolved.ContainsKey).Distinct().ToDictionary(r => (r.Target, r.Text), r => _resolved[r]);
    }

    /// <summary>The records of a batch are written together: a wait for each would be a round trip for each.</summary>
    public override Task TakeTurnAsync(string name, CancellationToken cancellation) => Task.CompletedTask;

    public override bool WillExist(ReferenceTarget target, string id) => _created.Contains((target, id));

    protected override IReadOnlyCollection<string> Leaving(string table) => _deleted.GetValueOrDefault(table, []);

    public override Task InsertAsync<T>(T record, CancellationToken cancellation)
    {
        Forget<T>(record.Id);
        return base.InsertAsync(record, cancellation);
    }

    public override async Task DeleteAsync<T>(string id, CancellationToken cancellation)
    {
        Forget<T>(id);
        _resolved.Clear();
        var table = Context.TableOf<T>();
        if (_untied.Add(table) && Leaving(table) is { Count: > 1 } leaving)
            await Writer.UntieAsync<T>(leaving, cancellation);
        await base.DeleteAsync<T>(id, cancellation);
    }

    protected void Forget<T>(string id)
        where T : Record => _prepared.Remove((Context.TableOf<T>(), id));
}
