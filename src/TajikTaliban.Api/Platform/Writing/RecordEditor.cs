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

/// <summary>Writes the records of one resource from bodies, in the transaction of a session.</summary>
public abstract class RecordEditor(Resource resource)
{
    /// <summary>The resource of the records.</summary>
    public Resource Resource { get; } = resource;

    /// <summary>The rules of the body, which the contract shows.</summary>
    public abstract IValidator Rules { get; }

    /// <summary>The first version of a record from a valid body, as served; references are not resolved.</summary>
    public abstract JsonNode Preview(JsonElement body, DateTimeOffset recordedAt);

    /// <summary>Creates a record.</summary>
    /// <param name="session">The session.</param>
    /// <param name="body">The record.</param>
    /// <param name="parent">The id of the parent; null if the path names none.</param>
    /// <param name="cancellation">Cancels the write.</param>
    public abstract Task<Written> CreateAsync(RecordSession session, JsonElement body, string? parent, CancellationToken cancellation);

    /// <summary>Replaces a record, or creates it if the condition allows.</summary>
    public abstract Task<Written> PutAsync(RecordSession session, RecordTarget target, JsonElement body, CancellationToken cancellation);

    /// <summary>Changes a record by a merge patch (RFC 7396).</summary>
    public abstract Task<Written> PatchAsync(RecordSession session, RecordTarget target, JsonElement patch, CancellationToken cancellation);

    /// <summary>
    /// Replaces the references of a record to one other record; its other content stays. Null, and nothing is written, if the record
    /// relates the two to each other: it would relate one to itself.
    /// </summary>
    public abstract Task<Written?> MoveReferencesAsync(
        RecordSession session, string id, ReferenceMove move, CancellationToken cancellation);

    /// <summary>Whether a record relates two records to each other.</summary>
    public abstract Task<bool> RelatesAsync(RecordSession session, Stored stored, ReferenceMove move, CancellationToken cancellation);

    /// <summary>Makes the next version of a record for whose time a source vouches by its date, which has changed.</summary>
    public abstract Task RedateAsync(RecordSession session, string id, CancellationToken cancellation);

    /// <summary>Deletes a record, unless others refer to it: the result then has these.</summary>
    public abstract Task<Deletion> DeleteAsync(RecordSession session, RecordTarget target, CancellationToken cancellation);

    /// <summary>Whether a document of the resource can be served as it is stored.</summary>
    public abstract bool IsCurrent(short shape, int edition);

    /// <summary>A document of the resource in the current shape and edition.</summary>
    public abstract byte[] Upgrade(short shape, ReadOnlyMemory<byte> document);

    /// <summary>The search text of a document of the resource.</summary>
    public abstract string SearchTextOf(string id, short shape, ReadOnlyMemory<byte> document);

    /// <summary>The summary of a document in the current shape, and the texts that name its record, the most common one first.</summary>
    public abstract (RecordSummary Summary, IReadOnlyList<string> Names) Summarize(ReadOnlyMemory<byte> document);

    /// <summary>The target by its id, where the request names it by an identifier.</summary>
    /// <param name="session">The session.</param>
    /// <param name="target">The target as the request names it.</param>
    /// <param name="pointer">The place in the request that names it.</param>
    /// <param name="cancellation">Cancels the query.</param>
    /// <exception cref="ProblemException">No record has the identifier, or it came to its record by a merge.</exception>
    public async Task<RecordTarget> WithIdAsync(
        RecordSession session, RecordTarget target, string pointer, CancellationToken cancellation) =>
        target.Identifier is null && Resource.TakesAsIdentifier(target.Id)
            ? target with { Id = await HolderAsync(session, target.Id, pointer, cancellation), Identifier = target.Id } : target;

    /// <summary>
    /// Throws if an identifier names another record than when it was looked up. To be called when the record is locked: from then on the
    /// identifier cannot pass to another.
    /// </summary>
    public async Task ThrowIfRenamedAsync(RecordSession session, RecordTarget target, string pointer, CancellationToken cancellation)
    {
        if (target.Identifier is { } identifier && await HolderAsync(session, identifier, pointer, cancellation) != target.Id)
        {
            throw new ProblemException(ProblemType.Conflict, pointer,
                $"'{identifier}' no longer names '{target.Id}'; read the record again.");
        }
    }

    public ProblemException NotFound(string id) => new(ProblemType.NotFound, "/path/id", $"No {Resource.Noun} has the id '{id}'.");

    /// <summary>The id of the record that a writer names by an identifier.</summary>
    /// <param name="holders">The holders of identifiers.</param>
    /// <param name="identifier">The identifier.</param>
    /// <param name="pointer">The place in the request that has it.</param>
    /// <exception cref="ProblemException">No record has the identifier, or it came to its record by a merge.</exception>
    public string HolderIn(IReadOnlyDictionary<string, IdentifierHolder> holders, string identifier, string pointer)
    {
        if (!ActorIdentifier.TryParse(identifier, out _, out var error))
            throw new ProblemException(ProblemType.InvalidParameter, pointer, error);
        if (!holders.TryGetValue(identifier, out var holder))
            throw new ProblemException(ProblemType.NotFound, pointer, $"No {Resource.Noun} has the identifier '{identifier}'.");
        return holder.CameByMerge ? throw Tombstones.Merged(Resource, identifier, holder.Id, pointer) : holder.Id;
    }

    private async Task<string> HolderAsync(RecordSession session, string identifier, string pointer, CancellationToken cancellation) =>
        HolderIn(await session.HoldersAsync(Resource.Target!, [identifier], cancellation), identifier, pointer);
}

/// <summary>The way of a record from a body to the database: read, validated, references resolved, mapped, written.</summary>
public sealed class RecordEditor<TRequest, TRecord, TResponse>(
    Resource<TRequest, TResponse> resource, RecordMapping<TRequest, TRecord, TResponse> mapping) : RecordEditor(resource)
    where TRequest : class, IRecordRequest
    where TRecord : Record
    where TResponse : class
{
    private const int MaxReferrers = 20;

    /// <summary>The field that lists add to records.</summary>
    private const string HoldsField = "holds";

    /// <summary>The ids that are tried for a record without one: its natural id, and that with a number from 2 on.</summary>
    private const int MaxCandidates = 99;

    private static readonly HashSet<string> RequestFields = [
        .. ApiJson.Options.GetTypeInfo(typeof(TRequest)).Properties.Select(p => p.Name)];

    private static readonly JsonElement EmptyPatch = JsonElement.Parse("{}");

    private readonly HashSet<string> _readOnlyFields = [.. resource.Fields.Where(f => !RequestFields.Contains(f))];

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
        var read = await ReadAsync(session, body, parent, cancellation);
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
            throw new ProblemException(ProblemType.InvalidParameter, "/path/id", Validation.Rules.SlugForm);
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
                    "The record does not exist; create it with If-None-Match: *.");
            }
        }

        var read = await ReadAsync(session, stored is null ? body : WithTextOf(body, stored), parent, cancellation);
        if (read.Request.Id is not null && read.Request.Id != id)
        {
            throw new ProblemException(ProblemType.InvalidRecord, "/id",
                $"The id in the body differs from the one in the path, '{id}'. The id cannot be changed.");
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
            throw new ProblemException(ProblemType.InvalidBody, "", "A merge patch must be a JSON object (RFC 7396).");
        var broken = new Errors();
        BodyReader.RefuseBrokenText(patch, "", broken);
        broken.ThrowIfAny(ProblemType.InvalidBody);
        var read = await ReadStoredAsync(session, stored, patch, target.Parent, cancellation);
        if (read.Request.Id != target.Id)
            throw new ProblemException(ProblemType.InvalidRecord, "/id", "The id cannot be changed.");
        return await ReplaceAsync(session, stored, read, null, cancellation);
    }

    public override async Task RedateAsync(RecordSession session, string id, CancellationToken cancellation)
    {
        if (await LockAsync(session, new RecordTarget(id, WriteCondition.Any), false, cancellation) is not { } stored)
            return;
        var read = await ReadStoredAsync(session, stored, EmptyPatch, null, cancellation);
        var written = await ReplaceAsync(session, stored, read, null, cancellation, isChanged: true);
        await SeededRecords.FollowAsync(session.Connection, Resource.Name, id, written.Version, cancellation);
    }

    public override async Task<Written?> MoveReferencesAsync(
        RecordSession session, string id, ReferenceMove move, CancellationToken cancellation)
    {
        var stored = await LockAsync(session, new RecordTarget(id, WriteCondition.Any), false, cancellation) ?? throw NotFound(id);
        var read = await ReadStoredAsync(session, stored, EmptyPatch, null, cancellation);
        if (Relates(read, id, move))
            return null;
        string Moved(ReferenceTarget target, string text) =>
            read.Resolve(target, text) is var resolved && target == move.Target && resolved == move.From ? move.To : resolved;
        return await ReplaceAsync(session, stored, read with { Resolve = Moved }, null, cancellation);
    }

    public override async Task<bool> RelatesAsync(
        RecordSession session, Stored stored, ReferenceMove move, CancellationToken cancellation) =>
        Relates(await ReadStoredAsync(session, Upgraded(stored), EmptyPatch, null, cancellation), stored.Id, move);

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
        var read = await ReadStoredAsync(session, stored, EmptyPatch, null, cancellation);
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

    private bool Relates(ReadRecord read, string id, ReferenceMove move) =>
        mapping.Related(mapping.ToRecord(read.Request, id, read.Resolve))
            .Any(r => r.Target == move.Target && r.Ids.Contains(move.From) && r.Ids.Contains(move.To));

    private async Task<ReadRecord> ReadStoredAsync(
        RecordSession session, Stored stored, JsonElement patch, string? parent, CancellationToken cancellation)
    {
        // not disposed: fields of the body may be compared after it is read
        var merged = MergePatch.Apply(stored.Document, patch, _readOnlyFields);
        return await ReadAsync(session, WithTextOf(merged.RootElement, stored), parent, cancellation);
    }

    /// <summary>The body with the characters of the stored record wherever both say the same.</summary>
    private static JsonElement WithTextOf(JsonElement body, Stored stored)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return body;
        using var document = JsonDocument.Parse(stored.Document);
        return EqualValues.WithTextOf(body, document.RootElement);
    }

    private async Task<ReadRecord> ReadAsync(RecordSession session, JsonElement body, string? parent, CancellationToken cancellation)
    {
        var errors = new Errors();
        var read = BodyReader.Read<TRequest>(body, _readOnlyFields, errors);
        var malformed = errors.Any;
        var violated = new Errors();
        var request = mapping.InScope(read.Value, parent, violated);
        var result = await mapping.Validator.ValidateAsync(request, cancellation);
        foreach (var failure in result.Errors)
        {
            var pointer = JsonPointer.OfPropertyPath(failure.PropertyName);
            if (!errors.Touches(pointer))
                violated.Add(pointer, failure.ErrorMessage);
        }

        var references = mapping.References(request)
            .Where(r => !string.IsNullOrEmpty(r.Text) && !errors.Touches(r.Pointer) && !violated.Touches(r.Pointer)).ToList();
        var resolved = await ResolveAsync(session, references, violated, cancellation);
        foreach (var (pointer, messages) in violated.All)
        {
            foreach (var message in messages)
                errors.Add(pointer, message);
        }

        errors.ThrowIfAny(malformed ? ProblemType.InvalidBody : ProblemType.InvalidRecord);
        return new ReadRecord(request, read.ReadOnly, (target, text) => resolved[(target, text)]);
    }

    private static async Task<Dictionary<(ReferenceTarget, string), string>> ResolveAsync(
        RecordSession session, IReadOnlyList<Reference> references, Errors missing, CancellationToken cancellation)
    {
        var resolved = await session.ResolveAsync([.. references.Select(r => (r.Target, r.Text!))], cancellation);
        foreach (var reference in references)
        {
            var key = (reference.Target, reference.Text!);
            if (resolved.ContainsKey(key))
                continue;
            if (session.WillExist(reference.Target, reference.Text!))
                resolved[key] = reference.Text!;
            else
                missing.Add(reference.Pointer, await DescribeMissingAsync(session, reference, cancellation));
        }

        return resolved;
    }

    private static async Task<string> DescribeMissingAsync(RecordSession session, Reference reference, CancellationToken cancellation)
    {
        var kind = reference.Target.Noun;
        if (reference.Target == ReferenceTarget.Actor && ActorIdentifier.LooksLikeIdentifier(reference.Text)
            && !ActorIdentifier.TryParse(reference.Text, out _, out var error))
        {
            return error;
        }

        var near = await ReferenceReader.NearestOrNullAsync(session.Connection, reference.Target, reference.Text!, cancellation);
        return $"Unknown {kind} '{reference.Text}'.{(near is null ? "" : $" Did you mean '{near}'?")}";
    }

    private async Task<TRecord> ToCheckedRecordAsync(RecordSession session, ReadRecord read, string id, CancellationToken cancellation)
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
    private void AddOneByTwoNames(ReadRecord read, TRecord record, Errors errors)
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
                errors.Add(last.Pointer,
                    $"'{last.Text}' is the {last.Target.Noun} '{names.Key}', which the record would relate to itself.");
            }
        }
    }

    private async Task<Written> InsertAsync(RecordSession session, string? id, ReadRecord read, CancellationToken cancellation)
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
                    $"No free id could be derived from the record ('{natural}' and its variants are in use); set `id`.");
        }
        else if (Resource.ReservedIds.Contains(id))
        {
            throw new ProblemException(ProblemType.InvalidRecord, "/id", $"'{id}' is an address of the service's own and no id.");
        }

        record.Version = 1;
        mapping.Finish(record);
        RefuseReadOnly(read.ReadOnly, record.Document, null);
        await WriteAsync(session, record, session.InsertAsync, cancellation);
        return new Written(WriteOutcome.Created, record.Id, 1, Encoding.UTF8.GetBytes(record.Document));
    }

    /// <summary>
    /// Inserts a record at the id that the request names. If another transaction adds one there first, the conditions of the request have
    /// to be compared with that record: the write begins again.
    /// </summary>
    private async Task<Written> InsertAtAsync(RecordSession session, string id, ReadRecord read, CancellationToken cancellation)
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
        RecordSession session, Stored stored, ReadRecord read, Action<TRecord>? set, CancellationToken cancellation, bool isChanged = false)
    {
        using var before = JsonDocument.Parse(stored.Document);
        var record = await ToCheckedRecordAsync(session, read, stored.Id, cancellation);
        mapping.KeepFrom(before.RootElement, record);
        set?.Invoke(record);
        record.Version = stored.Version;
        record.RecordedAt = before.RootElement.GetProperty("recordedAt").GetDateTimeOffset();
        mapping.Finish(record);
        RefuseReadOnly(read.ReadOnly, record.Document, stored.Document);
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

    /// <summary>A body may contain fields that the service sets, as they were read; but it cannot set them.</summary>
    private static void RefuseReadOnly(IReadOnlyDictionary<string, JsonElement> given, string next, string? stored)
    {
        if (given.Count == 0)
            return;
        var errors = new Errors();
        using var after = JsonDocument.Parse(next);
        using var before = stored is null ? null : JsonDocument.Parse(stored);
        foreach (var (pointer, value) in given)
        {
            // of an answer, not of the record
            if (pointer == $"/{HoldsField}")
                continue;
            if (!IsSame(value, JsonPointer.FindOrNull(after.RootElement, pointer))
                && (before is null || !IsSame(value, JsonPointer.FindOrNull(before.RootElement, pointer))))
            {
                errors.Add(pointer, "The service sets this field; omit it or send it unchanged.");
            }
        }

        errors.ThrowIfAny(ProblemType.InvalidRecord);
    }

    private static bool IsSame(JsonElement given, JsonElement? own) => own is { } known && EqualValues.AreEqual(given, known);

    private async Task WriteAsync(
        RecordSession session, TRecord record, Func<TRecord, CancellationToken, Task> write, CancellationToken cancellation)
    {
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

    /// <summary>A valid body.</summary>
    /// <param name="Request">The body.</param>
    /// <param name="ReadOnly">The fields in it that the service sets.</param>
    /// <param name="Resolve">The id that a reference in it means.</param>
    private sealed record ReadRecord(
        TRequest Request, IReadOnlyDictionary<string, JsonElement> ReadOnly, Func<ReferenceTarget, string, string> Resolve);
}
