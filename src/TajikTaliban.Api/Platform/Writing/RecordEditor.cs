using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>Writes the records of one resource from bodies. Each write is part of its caller's transaction.</summary>
public abstract class RecordEditor(Resource resource)
{
    /// <summary>The resource whose records it writes.</summary>
    public Resource Resource { get; } = resource;

    /// <summary>The rules of the body, which the contract shows.</summary>
    public abstract IValidator Rules { get; }

    /// <summary>The record that a valid body makes, as its first version would be served; references stay as they are written.</summary>
    public abstract JsonNode Preview(JsonElement body, DateTimeOffset recordedAt);

    /// <summary>Creates a record.</summary>
    public abstract Task<Written> CreateAsync(RecordWriter writer, JsonElement body, WriteScope scope, CancellationToken cancellation);

    /// <summary>Replaces a record, or creates it if the condition allows.</summary>
    public abstract Task<Written> PutAsync(
        RecordWriter writer, string id, JsonElement body, WriteCondition condition, WriteScope scope, CancellationToken cancellation);

    /// <summary>Changes a record by a merge patch (RFC 7396).</summary>
    public abstract Task<Written> PatchAsync(
        RecordWriter writer, string id, JsonElement patch, WriteCondition condition, WriteScope scope, CancellationToken cancellation);

    /// <summary>Makes a record refer to another actor in place of one; its other content stays.</summary>
    public abstract Task<Written> MoveReferencesAsync(
        RecordWriter writer, string id, string from, string to, WriteScope scope, CancellationToken cancellation);

    /// <summary>Deletes a record, unless others refer to it: then it returns those and deletes nothing.</summary>
    public abstract Task<(Tombstone? Tombstone, IReadOnlyList<Referrer> Referrers)> DeleteAsync(
        RecordWriter writer, string id, WriteCondition condition, WriteScope scope, CancellationToken cancellation);

    public ProblemException NotFound(string id) => new(ProblemType.NotFound, "/path/id", $"There is no {Resource.Noun} '{id}'.");
}

/// <summary>The way of a record from a body to the database: read, validated, references resolved, mapped, written.</summary>
public sealed class RecordEditor<TRequest, TRecord, TResponse>(
    Resource<TRequest, TResponse> resource, RecordMapping<TRequest, TRecord, TResponse> mapping) : RecordEditor(resource)
    where TRequest : class, IRecordRequest
    where TRecord : Record
    where TResponse : class
{
    private static readonly HashSet<string> RequestFields = [.. ApiJson.Options.GetTypeInfo(typeof(TRequest)).Properties.Select(p => p.Name)];

    private readonly HashSet<string> _readOnlyFields = [.. resource.Fields.Where(f => !RequestFields.Contains(f))];

    /// <summary>The last segment of a path of the service, so no id.</summary>
    private const string Reserved = "availability";

    /// <summary>The database keeps microseconds, and the document says the same instant as its column.</summary>
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    public override IValidator Rules => mapping.Validator;

    public override JsonNode Preview(JsonElement body, DateTimeOffset recordedAt)
    {
        var request = body.Deserialize<TRequest>(ApiJson.Options)!;
        var record = mapping.ToRecord(request, request.Id ?? "unnamed", (_, text) => text);
        record.Version = 1;
        record.RecordedAt = recordedAt;
        return JsonNode.Parse(mapping.Finish(record).Document)!;
    }

    public override async Task<Written> CreateAsync(RecordWriter writer, JsonElement body, WriteScope scope, CancellationToken cancellation)
    {
        var (request, readOnly, resolve) = await ReadAsync(writer, body, scope, cancellation);
        return await InsertAsync(writer, request, request.Id, readOnly, resolve, scope, cancellation);
    }

    public override async Task<Written> PutAsync(
        RecordWriter writer, string id, JsonElement body, WriteCondition condition, WriteScope scope, CancellationToken cancellation)
    {
        if (!RecordId.IsValid(id))
            throw new ProblemException(ProblemType.InvalidParameter, "/path/id", Validation.Rules.SlugForm);
        var stored = await LockAsync(writer, id, scope, cancellation);
        if (stored is not null)
        {
            condition.Check(stored.Version);
        }
        else
        {
            await ThrowIfGoneAsync(writer, id, cancellation);
            if (condition.IsMatch && !condition.IsAny)
                throw new ProblemException(ProblemType.PreconditionFailed, "/header/If-Match", "There is no such record to match; create it with If-None-Match: *.");
        }

        var (request, readOnly, resolve) = await ReadAsync(writer, body, scope, cancellation);
        if (request.Id is not null && request.Id != id)
            throw new ProblemException(ProblemType.InvalidRecord, "/id", $"The id in the body differs from the one in the path, '{id}'. A record keeps its id.");
        return stored is null
            ? await InsertAsync(writer, request, id, readOnly, resolve, scope, cancellation)
            : await ReplaceAsync(writer, id, request, readOnly, resolve, stored, scope, cancellation);
    }

    public override async Task<Written> PatchAsync(
        RecordWriter writer, string id, JsonElement patch, WriteCondition condition, WriteScope scope, CancellationToken cancellation)
    {
        var stored = await LockAsync(writer, id, scope, cancellation);
        if (stored is null)
        {
            await ThrowIfGoneAsync(writer, id, cancellation);
            throw NotFound(id);
        }

        condition.Check(stored.Version);
        if (patch.ValueKind != JsonValueKind.Object)
            throw new ProblemException(ProblemType.InvalidBody, "", "A merge patch is an object (RFC 7396).");
        var broken = new Errors();
        BodyReader.RefuseBrokenText(patch, "", broken);
        broken.ThrowIfAny(ProblemType.InvalidBody);
        using var merged = MergePatch.Apply(stored.Document, patch, _readOnlyFields);
        var (request, readOnly, resolve) = await ReadAsync(writer, merged.RootElement, scope, cancellation);
        if (request.Id != id)
            throw new ProblemException(ProblemType.InvalidRecord, "/id", "A record keeps its id.");
        return await ReplaceAsync(writer, id, request, readOnly, resolve, stored, scope, cancellation);
    }

    public override async Task<Written> MoveReferencesAsync(
        RecordWriter writer, string id, string from, string to, WriteScope scope, CancellationToken cancellation)
    {
        var stored = await LockAsync(writer, id, scope, cancellation) ?? throw NotFound(id);
        using var nothing = JsonDocument.Parse("{}");
        using var current = MergePatch.Apply(stored.Document, nothing.RootElement, _readOnlyFields);
        var (request, readOnly, resolve) = await ReadAsync(writer, current.RootElement, scope, cancellation);
        string Moved(ReferenceTarget target, string text) => target == ReferenceTarget.Actor && resolve(target, text) == from ? to : resolve(target, text);
        return await ReplaceAsync(writer, id, request, readOnly, Moved, stored, scope, cancellation);
    }

    public override async Task<(Tombstone? Tombstone, IReadOnlyList<Referrer> Referrers)> DeleteAsync(
        RecordWriter writer, string id, WriteCondition condition, WriteScope scope, CancellationToken cancellation)
    {
        var stored = await LockAsync(writer, id, scope, cancellation, toDelete: true);
        if (stored is null)
        {
            await ThrowIfGoneAsync(writer, id, cancellation);
            throw NotFound(id);
        }

        condition.Check(stored.Version);
        var referrers = await writer.ReferrersAsync<TRecord>(id, cancellation);
        return referrers.Count > 0 ? (null, referrers) : (await writer.DeleteAsync<TRecord>(id, stored.Version, Instant(scope), cancellation), []);
    }

    private static DateTimeOffset Instant(WriteScope scope) => new(scope.Now.UtcTicks / TicksPerMicrosecond * TicksPerMicrosecond, TimeSpan.Zero);

    private Task<Stored?> LockAsync(RecordWriter writer, string id, WriteScope scope, CancellationToken cancellation, bool toDelete = false) =>
        RecordId.IsValid(id)
            ? writer.LockAsync<TRecord>(id, scope.Parent is null ? null : Resource.List.Scope?.Column, scope.Parent, toDelete, cancellation)
            : throw NotFound(id);

    private async Task ThrowIfGoneAsync(RecordWriter writer, string id, CancellationToken cancellation)
    {
        if (await writer.TombstoneOrNullAsync<TRecord>(id, cancellation) is { } tombstone)
            throw Tombstones.Gone(Resource, id, tombstone);
    }

    private async Task<(TRequest, IReadOnlyDictionary<string, JsonElement>, Func<ReferenceTarget, string, string>)> ReadAsync(
        RecordWriter writer, JsonElement body, WriteScope scope, CancellationToken cancellation)
    {
        var errors = new Errors();
        var read = BodyReader.Read<TRequest>(body, _readOnlyFields, errors);
        var malformed = errors.Any;
        var form = new Errors();
        read = read with { Value = mapping.InScope(read.Value, scope, form) };
        var result = await mapping.Validator.ValidateAsync(read.Value, cancellation);
        foreach (var failure in result.Errors)
        {
            var pointer = JsonPointer.OfPropertyPath(failure.PropertyName);
            if (!errors.Touches(pointer))
                form.Add(pointer, failure.ErrorMessage);
        }

        var references = mapping.References(read.Value).Where(r => !string.IsNullOrEmpty(r.Text) && !errors.Touches(r.Pointer) && !form.Touches(r.Pointer)).ToList();
        var resolved = await writer.ResolveAsync([.. references.Select(r => (r.Target, r.Text!))], cancellation);
        foreach (var reference in references)
        {
            if (!resolved.ContainsKey((reference.Target, reference.Text!)))
            {
                if (scope.Known?.Contains((reference.Target, reference.Text!)) == true)
                    resolved[(reference.Target, reference.Text!)] = reference.Text!;
                else
                    form.Add(reference.Pointer, await DescribeMissingAsync(writer, reference, cancellation));
            }
        }

        foreach (var (pointer, messages) in form.All)
        {
            foreach (var message in messages)
                errors.Add(pointer, message);
        }

        errors.ThrowIfAny(malformed ? ProblemType.InvalidBody : ProblemType.InvalidRecord);
        return (read.Value, read.ReadOnly, (target, text) => resolved[(target, text)]);
    }

    private static async Task<string> DescribeMissingAsync(RecordWriter writer, Reference reference, CancellationToken cancellation)
    {
        var kind = reference.Target.Noun;
        if (reference.Target == ReferenceTarget.Actor && ActorIdentifier.LooksLikeIdentifier(reference.Text) && !ActorIdentifier.TryParse(reference.Text, out _, out var error))
            return error;
        var near = await ReferenceReader.NearestOrNullAsync(writer.Connection, reference.Target, reference.Text!, cancellation);
        return $"There is no {kind} '{reference.Text}'.{(near is null ? "" : $" Did you mean '{near}'?")}";
    }

    private TRecord ToCheckedRecord(TRequest request, string id, Func<ReferenceTarget, string, string> resolve)
    {
        var record = mapping.ToRecord(request, id, resolve);
        var errors = new Errors();
        mapping.Check(record, errors);
        errors.ThrowIfAny(ProblemType.InvalidRecord);
        return record;
    }

    private async Task<Written> InsertAsync(
        RecordWriter writer, TRequest request, string? id, IReadOnlyDictionary<string, JsonElement> readOnly,
        Func<ReferenceTarget, string, string> resolve, WriteScope scope, CancellationToken cancellation)
    {
        var record = ToCheckedRecord(request, id ?? "unnamed", resolve);
        if (id is null)
        {
            var natural = mapping.NaturalId(record);
            record.Id = await writer.FreeIdAsync<TRecord>([natural, .. Enumerable.Range(2, 98).Select(n => RecordId.Slug(natural, $"{n}"))], cancellation)
                ?? throw new ProblemException(ProblemType.Conflict, "/id", $"No id could be made from the record ('{natural}' and its like are taken); give one.");
        }
        else if (id == Reserved)
        {
            throw new ProblemException(ProblemType.InvalidRecord, "/id", $"'{Reserved}' is an address of the service's own and no id.");
        }

        record.Version = 1;
        record.RecordedAt = Instant(scope);
        mapping.Finish(record);
        RefuseReadOnly(readOnly, record.Document, null);
        await ThrowIfConflictingAsync(writer, record, cancellation);
        await GuardAsync(record, () => writer.InsertAsync(record, cancellation));
        return new Written(WriteOutcome.Created, record.Id, 1, record.RecordedAt, Encoding.UTF8.GetBytes(record.Document));
    }

    /// <summary>Makes the next version of a record with something that only the service sets.</summary>
    public async Task<Written> ReplaceStoredAsync(
        RecordWriter writer, string id, Stored stored, Action<TRecord> set, WriteScope scope, CancellationToken cancellation)
    {
        using var nothing = JsonDocument.Parse("{}");
        using var current = MergePatch.Apply(stored.Document, nothing.RootElement, _readOnlyFields);
        var (request, readOnly, resolve) = await ReadAsync(writer, current.RootElement, scope, cancellation);
        return await ReplaceAsync(writer, id, request, readOnly, resolve, stored, scope, cancellation, set);
    }

    private async Task<Written> ReplaceAsync(
        RecordWriter writer, string id, TRequest request, IReadOnlyDictionary<string, JsonElement> readOnly,
        Func<ReferenceTarget, string, string> resolve, Stored stored, WriteScope scope, CancellationToken cancellation, Action<TRecord>? set = null)
    {
        using var before = JsonDocument.Parse(stored.Document);
        var record = ToCheckedRecord(request, id, resolve);
        mapping.KeepFrom(before.RootElement, record);
        set?.Invoke(record);
        record.Version = stored.Version;
        record.RecordedAt = before.RootElement.GetProperty("recordedAt").GetDateTimeOffset();
        mapping.Finish(record);
        RefuseReadOnly(readOnly, record.Document, stored.Document);
        if (record.Document == stored.Document)
            return new Written(WriteOutcome.Unchanged, id, stored.Version, record.RecordedAt, Encoding.UTF8.GetBytes(stored.Document));

        record.Version = stored.Version + 1;
        record.RecordedAt = Instant(scope);
        mapping.Finish(record);
        await ThrowIfConflictingAsync(writer, record, cancellation);
        await GuardAsync(record, () => writer.ReplaceAsync(record, cancellation));
        return new Written(WriteOutcome.Changed, id, record.Version, record.RecordedAt, Encoding.UTF8.GetBytes(record.Document));
    }

    /// <summary>A body may carry what it was read with, so that a record can be sent back as it came; but it cannot set it.</summary>
    private static void RefuseReadOnly(IReadOnlyDictionary<string, JsonElement> given, string next, string? stored)
    {
        if (given.Count == 0)
            return;
        var errors = new Errors();
        using var after = JsonDocument.Parse(next);
        using var before = stored is null ? null : JsonDocument.Parse(stored);
        foreach (var (name, value) in given)
        {
            if (!IsSame(value, after.RootElement.GetProperty(name)) && (before is null || !IsSame(value, before.RootElement.GetProperty(name))))
                errors.Add($"/{name}", "The service sets this field itself; leave it out, or send it as it was read.");
        }

        errors.ThrowIfAny(ProblemType.InvalidRecord);
    }

    /// <summary>No number of ours has an exponent, and those of a stranger's may be too large to compare.</summary>
    private static bool IsSame(JsonElement given, JsonElement own) =>
        given.ValueKind == JsonValueKind.Number ? given.GetRawText() == own.GetRawText() : JsonElement.DeepEquals(given, own);

    private async Task ThrowIfConflictingAsync(RecordWriter writer, TRecord record, CancellationToken cancellation)
    {
        var conflicts = new Errors();
        await mapping.FindConflictsAsync(writer, record, conflicts, cancellation);
        conflicts.ThrowIfAny(ProblemType.Conflict);
    }

    /// <summary>The database has the last word, also against writers of the same moment; here its word becomes a problem.</summary>
    private async Task GuardAsync(TRecord record, Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation)
        {
            var (pointer, message) = mapping.Explain(e.ConstraintName ?? "") ?? (
                e.ConstraintName == $"pk_{Resource.Table}" ? ("/id", $"The id '{record.Id}' is already a record's.")
                : e.ConstraintName == "ledger_id_reused" ? ("/id", $"The id '{record.Id}' was a deleted record's; ids are never reused.")
                : ("", "Another record already says this."));
            throw new ProblemException(ProblemType.Conflict, pointer, message) { IsOfDatabase = true };
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw new ProblemException(ProblemType.Conflict, "A record that this one refers to was deleted at the same moment.") { IsOfDatabase = true };
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.CheckViolation or PostgresErrorCodes.NumericValueOutOfRange or PostgresErrorCodes.StringDataRightTruncation)
        {
            throw new ProblemException(ProblemType.InvalidRecord, $"The database refuses the record ({e.ConstraintName ?? e.SqlState}).") { IsOfDatabase = true };
        }
    }
}
