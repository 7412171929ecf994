using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>Decides whether to make a change, from the state of its record before it.</summary>
/// <param name="change">The change.</param>
/// <param name="stored">The stored record; null if there is none.</param>
/// <param name="isDeleted">Whether the record was deleted.</param>
public delegate bool DecideChange(RecordChange change, Stored? stored, bool isDeleted);

/// <summary>
/// Writes many changes in one transaction. Records are written after the records that they refer to, in any order of the changes; deletions
/// come last, in reverse, and do not count as references to each other. No record is both written and deleted. Identifiers mean the records
/// that had them before. New records of a resource are written together; if the database rejects one of them, all changes are repeated one
/// by one.
/// </summary>
public sealed class RecordBatch(ResourceCatalogue catalogue, RecordEditors editors)
{
    /// <summary>Faults after which a batch is not examined further.</summary>
    public const int MaxFaults = 100;

    private const string Savepoint = "record_batch";

    /// <summary>Makes the changes; the outcomes are in the order of the changes.</summary>
    /// <param name="session">The session of the transaction.</param>
    /// <param name="changes">The changes.</param>
    /// <param name="decide">Decides on each change before it is made; null: all are made.</param>
    /// <param name="cancellation">Cancels the writing.</param>
    /// <exception cref="BatchRefusedException">Some changes cannot be made; the transaction has to be rolled back.</exception>
    public async Task<IReadOnlyList<ChangeOutcome>> WriteAsync(
        RecordSession session, IReadOnlyList<RecordChange> changes, DecideChange? decide, CancellationToken cancellation)
    {
        var (context, author) = (session.Context, session.Author);
        var faults = new Dictionary<int, ChangeFault>();
        changes = await WithIdsAsync(session, changes, faults, cancellation);
        AddContradictions(changes, faults);
        var created = changes.Where(c => c is { Operation: ChangeOperation.Upsert, Id: not null, Resource.Target: not null })
            .Select(c => (c.Resource.Target!, c.Id!)).ToHashSet();
        var deleted = changes.Where(c => c.Operation == ChangeOperation.Delete).GroupBy(c => c.Resource.Table, c => c.Id!)
            .ToDictionary(g => g.Key, g => g.ToArray());
        var transaction = context.Database.CurrentTransaction!;
        await transaction.CreateSavepointAsync(Savepoint, cancellation);
        try
        {
            return await MakeAsync(new CopySession(context, author, created, deleted), changes, faults, decide, cancellation);
        }
        catch (CopyRefusedException)
        {
            await transaction.RollbackToSavepointAsync(Savepoint, cancellation);
            context.ChangeTracker.Clear();
            return await MakeAsync(new PreparedSession(context, author, created, deleted), changes, faults, decide, cancellation);
        }
    }

    /// <summary>The changes with ids in place of identifiers.</summary>
    private async Task<IReadOnlyList<RecordChange>> WithIdsAsync(
        RecordSession session, IReadOnlyList<RecordChange> changes, Dictionary<int, ChangeFault> faults, CancellationToken cancellation)
    {
        var named = Enumerable.Range(0, changes.Count).Where(i => changes[i] is { Id: { } id, Resource: var r } && r.TakesAsIdentifier(id))
            .ToLookup(i => changes[i].Resource);
        if (named.Count == 0)
            return changes;
        var withIds = changes.ToArray();
        foreach (var indexes in named)
        {
            var holders = await session.HoldersAsync(
                indexes.Key.Target!, [.. indexes.Select(i => changes[i].Id!).Distinct()], cancellation);
            foreach (var i in indexes)
            {
                try
                {
                    var id = editors.Of(indexes.Key).HolderIn(holders, changes[i].Id!, "/path/id");
                    withIds[i] = changes[i] with { Id = id, Identifier = changes[i].Id };
                }
                catch (ProblemException e)
                {
                    faults[i] = new ChangeFault(changes[i], e);
                }
            }
        }

        return withIds;
    }

    /// <summary>Adds a fault for each change of a record that the batch both writes and deletes: their order would decide.</summary>
    private static void AddContradictions(IReadOnlyList<RecordChange> changes, Dictionary<int, ChangeFault> faults)
    {
        var deleted = changes.Where(c => c.Operation == ChangeOperation.Delete).Select(c => (c.Resource, c.Id)).ToHashSet();
        if (deleted.Count == 0)
            return;
        var both = changes.Where(c => c.Operation != ChangeOperation.Delete && deleted.Contains((c.Resource, c.Id)))
            .Select(c => (c.Resource, c.Id)).ToHashSet();
        for (var i = 0; i < changes.Count; i++)
        {
            if (both.Contains((changes[i].Resource, changes[i].Id)))
            {
                faults.TryAdd(i, new ChangeFault(changes[i], new ProblemException(ProblemType.InvalidRecord, "/path/id",
                    new Fault(FaultCode.Contradiction, $"The batch both writes and deletes '{changes[i].Id}'; send one of the two.",
                        ("value", changes[i].Id)))));
            }
        }
    }

    private async Task<IReadOnlyList<ChangeOutcome>> MakeAsync(
        PreparedSession session, IReadOnlyList<RecordChange> changes, Dictionary<int, ChangeFault> known, DecideChange? decide,
        CancellationToken cancellation)
    {
        var ordered = Order(changes).Where(i => !known.ContainsKey(i)).ToList();
        foreach (var group in ordered.Select(i => changes[i]).Where(c => c.Operation != ChangeOperation.Delete && c.Id is not null)
            .GroupBy(c => c.Resource))
        {
            await session.PrepareAsync(group.Key.Table, [.. group.Select(c => c.Id!).Where(RecordId.IsValid).Distinct()], cancellation);
        }

        var outcomes = new ChangeOutcome[changes.Count];
        var faults = known.OrderBy(f => f.Key).Select(f => f.Value).Take(MaxFaults).ToList();
        var reason = new ChangeReason(session.Author.Cause, session.Author.Note);
        Resource? resource = null;
        foreach (var index in faults.Count < MaxFaults ? ordered : [])
        {
            var change = changes[index];
            if (resource != change.Resource)
                await session.FlushAsync(cancellation);
            resource = change.Resource;
            var given = new ChangeReason(change.Reason.Cause ?? session.Author.Cause, change.Reason.Note ?? session.Author.Note);
            if (given != reason)
                await session.SetReasonAsync(reason = given, cancellation);
            try
            {
                outcomes[index] = await LeaveOrNullAsync(session, change, decide, cancellation)
                    ?? await MakeAsync(session, change, cancellation);
            }
            catch (ProblemException e)
            {
                faults.Add(new ChangeFault(change, e));
                if (faults.Count == MaxFaults || e.IsOfDatabase)
                    break;
            }
        }

        if (faults.Count > 0)
            throw new BatchRefusedException(faults);
        await session.FlushAsync(cancellation);
        return outcomes;
    }

    /// <summary>The indexes of the changes in the order of writing. Changes of one record keep their order.</summary>
    private List<int> Order(IReadOnlyList<RecordChange> changes)
    {
        var places = catalogue.All.Index().ToDictionary(p => p.Item, p => p.Index);
        var indexes = Enumerable.Range(0, changes.Count).ToLookup(i => changes[i].Operation == ChangeOperation.Delete);
        return
        [
            .. indexes[false].OrderBy(i => places[changes[i].Resource]),
            .. indexes[true].OrderByDescending(i => places[changes[i].Resource]),
        ];
    }

    private static async Task<ChangeOutcome?> LeaveOrNullAsync(
        PreparedSession session, RecordChange change, DecideChange? decide, CancellationToken cancellation)
    {
        if (decide is null || change.Id is null)
            return null;
        var stored = await session.StoredOrNullAsync(new RecordKey(change.Resource.Table, change.Id), cancellation);
        var isDeleted = stored is null && await session.TombstoneOrNullAsync(change.Resource.Table, change.Id, cancellation) is not null;
        return decide(change, stored, isDeleted) ? null : new ChangeOutcome(change, WriteOutcome.Left, change.Id, stored?.Version ?? 0);
    }

    private async Task<ChangeOutcome> MakeAsync(RecordSession session, RecordChange change, CancellationToken cancellation)
    {
        var editor = editors.Of(change.Resource);
        switch (change.Operation)
        {
            case ChangeOperation.Delete:
                var deletion = await editor.DeleteAsync(session, change.Target, cancellation);
                return deletion.IsRefused
                    ? throw new ProblemException(ProblemType.StillReferenced, "/id", new Fault(FaultCode.StillReferenced, deletion.Refusal,
                        ("id", deletion.Id), ("count", deletion.Referrers.Total)))
                    : new ChangeOutcome(change, WriteOutcome.Deleted, change.Id!, deletion.Version);
            case ChangeOperation.Patch:
                return Of(await editor.PatchAsync(session, change.Target, change.Body, cancellation));
            default:
                return Of(change.Id is null
                    ? await editor.CreateAsync(session, change.Body, null, cancellation)
                    : await editor.PutAsync(session, change.Target, change.Body, cancellation));
        }

        ChangeOutcome Of(Written written) => new(change, written.Outcome, written.Id, written.Version);
    }
}
