using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>The way of a record from a body to the database: read, validated, references resolved, mapped, written.</summary>
public sealed class RecordEditor<TRequest, TRecord, TResponse>(
    Resource<TRequest, TResponse> resource, RecordMapping<TRequest, TRecord, TResponse> mapping) : RecordEditor(resource)
    where TRequest : class, IRecordRequest
    where TRecord : Record
    where TResponse : class
{
    private const int MaxReferrers = 20;

    /// <summary>The ids that are tried for a record without one: its natural id, and that with a number from 2 on.</summary>
    private const int MaxCandidates = 99;

    private readonly RecordBodies<TRequest, TRecord, TResponse> _bodies = new(resource, mapping);

    public override IValidator Rules => mapping.Validator;

    public override bool IsCurrent(short shape, int edition) => edition == mapping.Edition && shape == mapping.Shape;

    public override byte[] Upgrade(short shape, ReadOnlyMemory<byte> document) => mapping.Upgrade(shape, document);

    public override string SearchTextOf(string id, short shape, ReadOnlyMemory<byte> document) =>
        mapping.SearchTextOf(id, mapping.Read(shape, document));

    public override (RecordSummary Summary, IReadOnlyList<string> Names) Summarize(ReadOnlyMemory<byte> document)
    {
        var response = mapping.Read(mapping.Shape, document);
        return (mapping.Summarize(response), [.. mapping.Names(response).OfType<string>()]);
    }

    public override JsonNode Preview(JsonElement body, DateTimeOffset recordedAt)
    {
        var request = body.Deserialize<TRequest>(ApiJson.Options)!;
        var record = mapping.ToRecord(request, request.Id ?? "unnamed", (_, text) => text);
        mapping.SetBounds(record, _ => null, new Errors());
        record.Version = 1;
        record.RecordedAt = recordedAt;
        return JsonNode.Parse(mapping.Finish(record).Document)!;
    }

    public override async Task<Written> CreateAsync(RecordSession session, JsonElement body, string? parent, CancellationToken cancellation)
    {
        var read = await _bodies.ReadAsync(session, body, parent, null, cancellation);
        // the database refuses the id of any deleted record; of a merged one the response names the survivor
        if (Resource.IsMergeable && read.Request.Id is { } id
            && await session.TombstoneOrNullAsync(Resource.Table, id, cancellation) is { Survivor: not null } tombstone)
        {
            throw Tombstones.Refused(Resource, id, tombstone, "/id");
        }

        return await InsertAsync(session, read.Request.Id, read, cancellation);
    }

    public override async Task<Written> PutAsync(
        RecordSession session, RecordTarget target, JsonElement body, CancellationToken cancellation)
    {
        target = await WithIdAsync(session, target, "/path/id", cancellation);
        var (id, condition, parent) = target;
        if (!RecordId.IsValid(id))
            throw new ProblemException(ProblemType.InvalidParameter, "/path/id", Fault.NotAnId(id));
        var stored = await LockAsync(session, target, false, cancellation);
        if (stored is not null)
        {
            condition.Check(id, stored.Version, target.Identifier);
        }
        else
        {
            await ThrowIfGoneAsync(session, id, cancellation);
            if (condition.IsMatch && !condition.IsAny)
            {
                throw new ProblemException(ProblemType.PreconditionFailed, "/header/If-Match",
                    new Fault(FaultCode.DoesNotExist, "The record does not exist; create it with If-None-Match: *."));
            }

            // under another parent: no race, whose outcome another attempt would find
            if (target.Parent is not null && await LockAsync(session, target with { Parent = null }, false, cancellation) is not null)
                throw new ProblemException(ProblemType.Conflict, "/id", Fault.IdTaken(id));
        }

        var read = await _bodies.ReadAsync(session, body, parent, stored, cancellation);
        if (read.Request.Id is not null && read.Request.Id != id)
        {
            throw new ProblemException(ProblemType.InvalidRecord, "/id", new Fault(FaultCode.ReadOnly,
                $"The id in the body differs from the one in the path, '{id}'. The id cannot be changed."));
        }

        return stored is null
            ? await InsertAtAsync(session, id, read, cancellation)
            : await ReplaceAsync(session, stored, read, null, cancellation);
    }

    public override async Task<Written> PatchAsync(
        RecordSession session, RecordTarget target, JsonElement patch, CancellationToken cancellation)
    {
        target = await WithIdAsync(session, target, "/path/id", cancellation);
        var stored = await LockExistingAsync(session, target, false, cancellation);
        if (patch.ValueKind != JsonValueKind.Object)
        {
            throw new ProblemException(ProblemType.InvalidBody, "",
                new Fault(FaultCode.WrongType, "A merge patch must be a JSON object (RFC 7396).", ("expected", "object")));
        }

        var broken = new Errors();
        BodyReader.RefuseBrokenText(patch, "", broken);
        broken.ThrowIfAny(ProblemType.InvalidBody);
        var read = await _bodies.ReadStoredAsync(session, stored, patch, target.Parent, cancellation);
        if (read.Request.Id != target.Id)
            throw new ProblemException(ProblemType.InvalidRecord, "/id", new Fault(FaultCode.ReadOnly, "The id cannot be changed."));
        return await ReplaceAsync(session, stored, read, null, cancellation);
    }

    public override async Task RedateAsync(RecordSession session, string id, CancellationToken cancellation)
    {
        if (await LockAsync(session, new RecordTarget(id, WriteCondition.Any), false, cancellation) is not { } stored)
            return;
        var read = await _bodies.ReadStoredAsync(session, stored, cancellation);
        var written = await ReplaceAsync(session, stored, read, null, cancellation, isChanged: true);
        await SeededRecords.FollowAsync(session.Connection, Resource.Name, id, written.Version, cancellation);
    }

    public override async Task<Written?> MoveReferencesAsync(
        RecordSession session, string id, ReferenceMove move, CancellationToken cancellation)
    {
        var stored = await LockAsync(session, new RecordTarget(id, WriteCondition.Any), false, cancellation) ?? throw NotFound(id);
        var read = await _bodies.ReadStoredAsync(session, stored, cancellation);
        if (Relates(read, id, move))
            return null;
        string Moved(ReferenceTarget target, string text) =>
            read.Resolve(target, text) is var resolved && target == move.Target && resolved == move.From ? move.To : resolved;
        return await ReplaceAsync(session, stored, read with { Resolve = Moved }, null, cancellation);
    }

    public override async Task<bool> RelatesAsync(
        RecordSession session, Stored stored, ReferenceMove move, CancellationToken cancellation) =>
        Relates(await _bodies.ReadStoredAsync(session, Upgraded(stored), cancellation), stored.Id, move);

    public override async Task<Deletion> DeleteAsync(RecordSession session, RecordTarget target, CancellationToken cancellation)
    {
        target = await WithIdAsync(session, target, "/path/id", cancellation);
        var stored = await LockExistingAsync(session, target, true, cancellation);
        var referrers = await session.ReferrersAsync<TRecord>(target.Id, MaxReferrers, cancellation);
        var deletion = new Deletion(target.Id, stored.Version + 1, referrers);
        if (!deletion.IsRefused)
            await session.DeleteAsync<TRecord>(target.Id, cancellation);
        return deletion;
    }

    /// <summary>Makes the next version of a record with fields that only the service sets.</summary>
    public async Task<Written> ReplaceStoredAsync(RecordSession session, Stored stored, Action<TRecord> set, CancellationToken cancellation)
    {
        stored = Upgraded(stored);
        var read = await _bodies.ReadStoredAsync(session, stored, cancellation);
        return await ReplaceAsync(session, stored, read, set, cancellation);
    }

    private async Task<Stored?> LockAsync(RecordSession session, RecordTarget target, bool toDelete, CancellationToken cancellation)
    {
        if (!RecordId.IsValid(target.Id))
            throw NotFound(target.Id);
        (string, string)? parent = target.Parent is null ? null : (Resource.List.Scope!.Value.Column, target.Parent);
        var stored = await session.LockAsync(new RecordKey(Resource.Table, target.Id, parent), toDelete, cancellation);
        if (stored is null)
            return null;
        // looked up before the lock: the identifier may have passed to another record meanwhile, and from here on it cannot
        await ThrowIfRenamedAsync(session, target, "/path/id", cancellation);
        return Upgraded(stored);
    }

    /// <summary>A stored record with its document in the current shape and edition: only facts are compared with those of a body.</summary>
    private Stored Upgraded(Stored stored) =>
        IsCurrent(stored.Shape, stored.Edition)
            ? stored
            : stored with
            {
                Document = Encoding.UTF8.GetString(Upgrade(stored.Shape, Encoding.UTF8.GetBytes(stored.Document))),
                Shape = mapping.Shape,
                Edition = mapping.Edition,
            };

    private async Task<Stored> LockExistingAsync(RecordSession session, RecordTarget target, bool toDelete, CancellationToken cancellation)
    {
        if (await LockAsync(session, target, toDelete, cancellation) is not { } stored)
        {
            await ThrowIfGoneAsync(session, target.Id, cancellation);
            throw NotFound(target.Id);
        }

        target.Condition.Check(target.Id, stored.Version, target.Identifier);
        return stored;
    }

    private async Task ThrowIfGoneAsync(RecordSession session, string id, CancellationToken cancellation)
    {
        if (await session.TombstoneOrNullAsync(Resource.Table, id, cancellation) is { } tombstone)
            throw Tombstones.Refused(Resource, id, tombstone, "/path/id");
    }

    private bool Relates(ReadRecord<TRequest> read, string id, ReferenceMove move) =>
        mapping.Related(mapping.ToRecord(read.Request, id, read.Resolve))
            .Any(r => r.Target == move.Target && r.Ids.Contains(move.From) && r.Ids.Contains(move.To));

    private async Task<TRecord> ToCheckedRecordAsync(
        RecordSession session, ReadRecord<TRequest> read, string id, CancellationToken cancellation)
    {
        var record = mapping.ToRecord(read.Request, id, read.Resolve);
        var errors = new Errors();
        var vouching = mapping.Courses(record).SelectMany(c => c.VouchingSources).Distinct().ToList();
        var published = vouching.Count == 0 ? [] : await session.PublishedAsync(vouching, cancellation);
        mapping.SetBounds(record, published.GetValueOrDefault, errors);
        SupportedParts.Check<TRequest>(record, () => mapping.ToResponse(record), errors);
        mapping.Check(record, errors);
        if (!errors.Any)
            AddOneByTwoNames(read, record, errors);
        errors.ThrowIfAny(ProblemType.InvalidRecord);
        return record;
    }

    /// <summary>
    /// Refuses a record that would relate one record to itself because the body names it in two ways: by a merged id, by an identifier. Who
    /// means it sends the same name twice.
    /// </summary>
    private void AddOneByTwoNames(ReadRecord<TRequest> read, TRecord record, Errors errors)
    {
        var references = mapping.References(read.Request).Where(r => !string.IsNullOrEmpty(r.Text)).ToList();
        if (references.TrueForAll(r => read.Resolve(r.Target, r.Text!) == r.Text))
            return;
        foreach (var (sent, meant) in mapping.Related(mapping.ToRecord(read.Request, record.Id, (_, text) => text))
            .Zip(mapping.Related(record)))
        {
            foreach (var names in sent.Ids.Zip(meant.Ids).GroupBy(n => n.Second, n => n.First).Where(n => n.Distinct().Count() > 1))
            {
                var last = references.Last(r => r.Target == sent.Target && r.Text != names.Key && names.Contains(r.Text));
                errors.Add(last.Pointer, new Fault(FaultCode.SelfReference,
                    $"'{last.Text}' is the {last.Target.Noun} '{names.Key}', which the record would relate to itself.",
                    ("value", last.Text), ("id", names.Key)));
            }
        }
    }

    private async Task<Written> InsertAsync(RecordSession session, string? id, ReadRecord<TRequest> read, CancellationToken cancellation)
    {
        var record = await ToCheckedRecordAsync(session, read, id ?? "unnamed", cancellation);
        if (id is null)
        {
            var natural = mapping.NaturalId(record);
            string[] candidates = [
                .. Enumerable.Range(2, MaxCandidates - 1).Select(n => RecordId.Slug(natural, $"{n}")).Prepend(natural)
                    .Where(c => !Resource.ReservedIds.Contains(c))];
            record.Id = await session.FreeIdOrNullAsync(Resource.Table, candidates, cancellation)
                ?? throw new ProblemException(ProblemType.Conflict, "/id",
                    new Fault(FaultCode.Taken,
                        $"No free id could be derived from the record ('{natural}' and its variants are in use); set `id`.",
                        ("value", natural)));
        }
        else if (Resource.ReservedIds.Contains(id))
        {
            throw new ProblemException(ProblemType.InvalidRecord, "/id",
                new Fault(FaultCode.Reserved, $"'{id}' is an address of the service's own and no id.", ("value", id)));
        }

        record.Version = 1;
        mapping.Finish(record);
        RecordBodies.RefuseReadOnly(read.ReadOnly, record.Document, null);
        await WriteAsync(session, record, session.InsertAsync, cancellation);
        return new Written(WriteOutcome.Created, record.Id, 1, Encoding.UTF8.GetBytes(record.Document));
    }

    /// <summary>
    /// Inserts a record at the id that the request names. If another transaction adds one there first, the conditions of the request have
    /// to be compared with that record: the write begins again.
    /// </summary>
    private async Task<Written> InsertAtAsync(
        RecordSession session, string id, ReadRecord<TRequest> read, CancellationToken cancellation)
    {
        try
        {
            return await InsertAsync(session, id, read, cancellation);
        }
        catch (ProblemException e) when (e.IsIdTaken)
        {
            throw new RacedException($"'{id}' was added by a concurrent transaction.", e);
        }
    }

    private async Task<Written> ReplaceAsync(
        RecordSession session, Stored stored, ReadRecord<TRequest> read, Action<TRecord>? set, CancellationToken cancellation,
        bool isChanged = false)
    {
        using var before = JsonDocument.Parse(stored.Document);
        var record = await ToCheckedRecordAsync(session, read, stored.Id, cancellation);
        mapping.KeepFrom(before.RootElement, record);
        set?.Invoke(record);
        record.Version = stored.Version;
        record.RecordedAt = before.RootElement.GetProperty("recordedAt").GetDateTimeOffset();
        mapping.Finish(record);
        RecordBodies.RefuseReadOnly(read.ReadOnly, record.Document, stored.Document);
        if (record.Document == stored.Document && !isChanged)
        {
            return new Written(WriteOutcome.Unchanged, stored.Id, stored.Version, Encoding.UTF8.GetBytes(stored.Document));
        }

        record.Version = stored.Version + 1;
        // the commit's, as yet unknown
        record.RecordedAt = default;
        mapping.Finish(record);
        await WriteAsync(session, record, session.ReplaceAsync, cancellation);
        if (mapping.IsRedated(before.RootElement, record))
            session.Context.RedatedSources.Add(stored.Id);
        return new Written(WriteOutcome.Changed, stored.Id, record.Version, Encoding.UTF8.GetBytes(record.Document));
    }

    private async Task WriteAsync(
        RecordSession session, TRecord record, Func<TRecord, CancellationToken, Task> write, CancellationToken cancellation)
    {
        if (mapping.Turn(record) is { } turn)
            await session.TakeTurnAsync($"{Resource.Table}/{turn}", cancellation);
        var conflicts = new Errors();
        await mapping.FindConflictsAsync(session, record, conflicts, cancellation);
        conflicts.ThrowIfAny(ProblemType.Conflict);
        try
        {
            await write(record, cancellation);
        }
        catch (PostgresException e) when (ConstraintViolations.ProblemOrNull(e, Resource.Table, record.Id, mapping.Explain) is { } problem)
        {
            throw problem;
        }
    }
}
