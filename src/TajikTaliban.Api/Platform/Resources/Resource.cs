using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Concurrency;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>A place in a body that refers to another record.</summary>
public sealed record Reference(string Pointer, ReferenceTarget Target, string? Text);

/// <summary>What became of a write.</summary>
public enum WriteOutcome
{
    Created,
    Changed,

    /// <summary>The record was so already: no new version is made.</summary>
    Unchanged,
}

public sealed record Written(WriteOutcome Outcome, string Id, int Version, DateTimeOffset RecordedAt, byte[] Json);

/// <summary>The body of a POST or PUT.</summary>
public interface IRecordRequest
{
    string? Id { get; }
}

/// <summary>What a resource is called, how it is listed, and how it is written. Each feature has one.</summary>
public abstract class Resource
{
    /// <summary>As in the path: <c>actors</c>.</summary>
    public abstract string Name { get; }

    /// <summary>As in an operation's name: <c>Actor</c>, and several of them: <c>Actors</c>.</summary>
    public abstract string Singular { get; }

    public abstract string Plural { get; }

    /// <summary>One of them in a sentence: TradeFigure is "trade figure".</summary>
    public string Noun => string.Concat(Singular.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));

    /// <summary>What the records are, in the words of the contract.</summary>
    public abstract string Description { get; }

    public abstract ListDefinition List { get; }

    public string Table => List.Table;

    /// <summary>What records of other resources refer to it as; null for those that nothing refers to.</summary>
    public ReferenceTarget? Target => Table switch
    {
        "actors" => ReferenceTarget.Actor,
        "sources" => ReferenceTarget.Source,
        "indicators" => ReferenceTarget.Indicator,
        _ => null,
    };

    public abstract Type RequestType { get; }

    public abstract Type ResponseType { get; }

    /// <summary>The rules of the body, which the contract shows.</summary>
    public abstract IValidator Rules { get; }

    /// <summary>The record that a valid body makes, as its first version would be served; its references stand as they are written.</summary>
    public abstract JsonNode Preview(JsonElement body, DateTimeOffset recordedAt);

    /// <summary>The fields of a record, in the order in which they are served.</summary>
    public abstract IReadOnlyList<string> Fields { get; }

    /// <summary>The path below <c>/v1</c>; a part of a parent has a route value in it.</summary>
    public virtual string Route => $"/{Name}";

    /// <summary>The path of one record; <paramref name="json"/> is needed only by parts of a parent, whose path names it.</summary>
    public virtual string PathOf(string id, ReadOnlySpan<byte> json) => $"/v1/{Name}/{id}";

    /// <summary>Creates a record.</summary>
    public abstract Task<Written> CreateAsync(RecordWriter writer, JsonElement body, WriteScope scope, CancellationToken cancellation);

    /// <summary>Replaces a record, or creates it where the condition allows.</summary>
    public abstract Task<Written> PutAsync(
        RecordWriter writer, string id, JsonElement body, WriteCondition condition, WriteScope scope, CancellationToken cancellation);

    /// <summary>Changes a record by a merge patch (RFC 7396).</summary>
    public abstract Task<Written> PatchAsync(
        RecordWriter writer, string id, JsonElement patch, WriteCondition condition, WriteScope scope, CancellationToken cancellation);

    /// <summary>Changes a record so that what refers to one actor refers to another; what the record says otherwise stays.</summary>
    public abstract Task<Written> MoveReferencesAsync(RecordWriter writer, string id, string from, string to, WriteScope scope, CancellationToken cancellation);

    /// <summary>Deletes a record that nothing refers to. Its problem lists by table what does.</summary>
    public abstract Task<(Tombstone? Tombstone, IReadOnlyList<Referrer> Referrers)> DeleteAsync(
        RecordWriter writer, string id, WriteCondition condition, WriteScope scope, CancellationToken cancellation);
}

/// <summary>What a write takes from its surroundings.</summary>
/// <param name="Now">The instant of the write.</param>
/// <param name="Parent">The parent's id, for parts of one.</param>
/// <param name="Known">References that will exist when the transaction ends, though they may not yet.</param>
public sealed record WriteScope(DateTimeOffset Now, string? Parent = null, IReadOnlySet<(ReferenceTarget, string)>? Known = null);

/// <summary>The way of every record from a body to the database: read, validated, references looked up, mapped, its document made, written.</summary>
public abstract class Resource<TRequest, TRecord, TResponse> : Resource
    where TRequest : class, IRecordRequest
    where TRecord : Record
    where TResponse : class
{
    private static readonly HashSet<string> RequestFields = FieldsOf(typeof(TRequest));
    private static readonly IReadOnlyList<string> ResponseFields = [.. ApiJson.Options.GetTypeInfo(typeof(TResponse)).Properties.Select(p => p.Name)];
    private static readonly HashSet<string> ReadOnlyFields = [.. ResponseFields.Where(f => !RequestFields.Contains(f))];

    /// <summary>Where every resource says what it holds.</summary>
    private const string Reserved = "availability";

    /// <summary>Below microseconds the database keeps nothing, and the document has to say what the column says.</summary>
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;

    public override Type RequestType => typeof(TRequest);

    public override Type ResponseType => typeof(TResponse);

    public override IReadOnlyList<string> Fields => ResponseFields;

    public override IValidator Rules => Validator;

    protected abstract IValidator<TRequest> Validator { get; }

    /// <summary>Every place in the body that refers to a record.</summary>
    protected abstract IEnumerable<Reference> References(TRequest request);

    /// <summary>The record of a valid body. <paramref name="resolve"/> turns a reference's text into the id.</summary>
    public abstract TRecord ToRecord(TRequest request, string id, Func<ReferenceTarget, string, string> resolve);

    public abstract TResponse ToResponse(TRecord record);

    /// <summary>The id of a record whose writer gives none, made from what it is.</summary>
    protected abstract string NaturalId(TRecord record);

    /// <summary>The texts that <c>q</c> looks in.</summary>
    protected abstract IEnumerable<string?> SearchTexts(TRecord record);

    /// <summary>The body as it reads at its path: a part of a parent takes the parent from there.</summary>
    protected virtual TRequest InScope(TRequest request, WriteScope scope, Errors errors) => request;

    /// <summary>Takes over what the service itself has put into a record, and no body says.</summary>
    protected virtual void KeepFrom(JsonElement stored, TRecord record)
    {
    }

    /// <summary>Tells what shows only when references are ids: the same actor by id and by identifier.</summary>
    protected virtual void Check(TRecord record, Errors errors)
    {
    }

    /// <summary>Looks for records that this one may not stand beside, and tells which.</summary>
    protected virtual Task FindConflictsAsync(RecordWriter writer, TRecord record, Errors conflicts, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>What a constraint's violation means in terms of the body.</summary>
    protected virtual (string Pointer, string Message)? Explain(string constraint) => null;

    /// <summary>Makes the document and the search text of a record whose other fields are set.</summary>
    public TRecord Finish(TRecord record)
    {
        record.Document = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(ToResponse(record), ApiJson.Options));
        record.Shape = Record.NewestShape;
        record.SearchText = SearchText.Normalize(SearchTexts(record).Prepend(record.Id.Replace('-', ' ')));
        return record;
    }

    public override JsonNode Preview(JsonElement body, DateTimeOffset recordedAt)
    {
        var request = body.Deserialize<TRequest>(ApiJson.Options)!;
        var record = ToRecord(request, request.Id ?? "unnamed", (_, text) => text);
        record.Version = 1;
        record.RecordedAt = recordedAt;
        return JsonNode.Parse(Finish(record).Document)!;
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
            condition.Check(stored.Version);
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
        using var merged = MergePatch.Apply(stored.Document, patch, ReadOnlyFields);
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
        using var current = MergePatch.Apply(stored.Document, nothing.RootElement, ReadOnlyFields);
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

    public ProblemException NotFound(string id) => new(ProblemType.NotFound, "/path/id", $"There is no {Noun} '{id}'.");

    private static HashSet<string> FieldsOf(Type type) => [.. ApiJson.Options.GetTypeInfo(type).Properties.Select(p => p.Name)];

    private static DateTimeOffset Instant(WriteScope scope) => new(scope.Now.UtcTicks / TicksPerMicrosecond * TicksPerMicrosecond, TimeSpan.Zero);

    private Task<Stored?> LockAsync(RecordWriter writer, string id, WriteScope scope, CancellationToken cancellation, bool toDelete = false) =>
        RecordId.IsValid(id)
            ? writer.LockAsync<TRecord>(id, scope.Parent is null ? null : List.Scope?.Column, scope.Parent, toDelete, cancellation)
            : throw NotFound(id);

    private async Task ThrowIfGoneAsync(RecordWriter writer, string id, CancellationToken cancellation)
    {
        if (await writer.TombstoneOrNullAsync<TRecord>(id, cancellation) is { } tombstone)
            throw Tombstones.Gone(this, id, tombstone);
    }

    private async Task<(TRequest, IReadOnlyDictionary<string, JsonElement>, Func<ReferenceTarget, string, string>)> ReadAsync(
        RecordWriter writer, JsonElement body, WriteScope scope, CancellationToken cancellation)
    {
        var errors = new Errors();
        var read = BodyReader.Read<TRequest>(body, ReadOnlyFields, errors);
        var malformed = errors.Any;
        var form = new Errors();
        read = read with { Value = InScope(read.Value, scope, form) };
        var result = await Validator.ValidateAsync(read.Value, cancellation);
        foreach (var failure in result.Errors)
        {
            var pointer = JsonPointer.OfPropertyPath(failure.PropertyName);
            if (!errors.Touches(pointer))
                form.Add(pointer, failure.ErrorMessage);
        }

        var references = References(read.Value).Where(r => !string.IsNullOrEmpty(r.Text) && !errors.Touches(r.Pointer) && !form.Touches(r.Pointer)).ToList();
        var resolved = await writer.ResolveAsync([.. references.Select(r => (r.Target, r.Text!))], cancellation);
        foreach (var reference in references)
            if (!resolved.ContainsKey((reference.Target, reference.Text!)))
            {
                if (scope.Known?.Contains((reference.Target, reference.Text!)) == true)
                    resolved[(reference.Target, reference.Text!)] = reference.Text!;
                else
                    form.Add(reference.Pointer, await DescribeMissingAsync(writer, reference, cancellation));
            }

        foreach (var (pointer, messages) in form.All)
            foreach (var message in messages)
                errors.Add(pointer, message);
        errors.ThrowIfAny(malformed ? ProblemType.InvalidBody : ProblemType.InvalidRecord);
        return (read.Value, read.ReadOnly, (target, text) => resolved[(target, text)]);
    }

    private static async Task<string> DescribeMissingAsync(RecordWriter writer, Reference reference, CancellationToken cancellation)
    {
        var kind = reference.Target.ToString().ToLowerInvariant();
        if (reference.Target == ReferenceTarget.Actor && ActorIdentifier.LooksLikeIdentifier(reference.Text) && !ActorIdentifier.TryParse(reference.Text, out _, out var error))
            return error;
        var near = await Storage.References.NearestAsync(writer.Connection, reference.Target, reference.Text!, cancellation);
        return $"There is no {kind} '{reference.Text}'.{(near is null ? "" : $" Did you mean '{near}'?")}";
    }

    private TRecord ToCheckedRecord(TRequest request, string id, Func<ReferenceTarget, string, string> resolve)
    {
        var record = ToRecord(request, id, resolve);
        var errors = new Errors();
        Check(record, errors);
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
            var natural = NaturalId(record);
            record.Id = await writer.FreeIdAsync<TRecord>([natural, .. Enumerable.Range(2, 98).Select(n => RecordId.Slug(natural, $"{n}"))], cancellation)
                ?? throw new ProblemException(ProblemType.Conflict, "/id", $"No id could be made from the record ('{natural}' and its like are taken); give one.");
        }
        else if (id == Reserved)
            throw new ProblemException(ProblemType.InvalidRecord, "/id", $"'{Reserved}' is an address of the service's own and no id.");

        record.Version = 1;
        record.RecordedAt = Instant(scope);
        Finish(record);
        RefuseReadOnly(readOnly, record.Document, null);
        await ThrowIfConflictingAsync(writer, record, cancellation);
        await GuardAsync(record, () => writer.InsertAsync(record, cancellation));
        return new Written(WriteOutcome.Created, record.Id, 1, record.RecordedAt, Encoding.UTF8.GetBytes(record.Document));
    }

    /// <summary>Makes the next version of a record with something that only the service sets.</summary>
    protected async Task<Written> ReplaceStoredAsync(
        RecordWriter writer, string id, Stored stored, Action<TRecord> set, WriteScope scope, CancellationToken cancellation)
    {
        using var nothing = JsonDocument.Parse("{}");
        using var current = MergePatch.Apply(stored.Document, nothing.RootElement, ReadOnlyFields);
        var (request, readOnly, resolve) = await ReadAsync(writer, current.RootElement, scope, cancellation);
        return await ReplaceAsync(writer, id, request, readOnly, resolve, stored, scope, cancellation, set);
    }

    private async Task<Written> ReplaceAsync(
        RecordWriter writer, string id, TRequest request, IReadOnlyDictionary<string, JsonElement> readOnly,
        Func<ReferenceTarget, string, string> resolve, Stored stored, WriteScope scope, CancellationToken cancellation, Action<TRecord>? set = null)
    {
        using var before = JsonDocument.Parse(stored.Document);
        var record = ToCheckedRecord(request, id, resolve);
        KeepFrom(before.RootElement, record);
        set?.Invoke(record);
        record.Version = stored.Version;
        record.RecordedAt = before.RootElement.GetProperty("recordedAt").GetDateTimeOffset();
        Finish(record);
        RefuseReadOnly(readOnly, record.Document, stored.Document);
        if (record.Document == stored.Document)
            return new Written(WriteOutcome.Unchanged, id, stored.Version, record.RecordedAt, Encoding.UTF8.GetBytes(stored.Document));

        record.Version = stored.Version + 1;
        record.RecordedAt = Instant(scope);
        Finish(record);
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
            if (!IsSame(value, after.RootElement.GetProperty(name)) && (before is null || !IsSame(value, before.RootElement.GetProperty(name))))
                errors.Add($"/{name}", "The service sets this field itself; leave it out, or send it as it was read.");
        errors.ThrowIfAny(ProblemType.InvalidRecord);
    }

    /// <summary>No number of ours has an exponent, and those of a stranger's may be too large to compare.</summary>
    private static bool IsSame(JsonElement given, JsonElement own) =>
        given.ValueKind == JsonValueKind.Number ? given.GetRawText() == own.GetRawText() : JsonElement.DeepEquals(given, own);

    private async Task ThrowIfConflictingAsync(RecordWriter writer, TRecord record, CancellationToken cancellation)
    {
        var conflicts = new Errors();
        await FindConflictsAsync(writer, record, conflicts, cancellation);
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
            var (pointer, message) = Explain(e.ConstraintName ?? "") ?? (
                e.ConstraintName == $"pk_{Table}" ? ("/id", $"The id '{record.Id}' is already a record's.")
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
