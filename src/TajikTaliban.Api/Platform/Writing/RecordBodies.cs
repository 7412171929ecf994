using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>A valid body.</summary>
/// <typeparam name="TRequest">The type of the body.</typeparam>
/// <param name="Request">The body.</param>
/// <param name="ReadOnly">The fields in it that the service sets.</param>
/// <param name="Resolve">The id that a reference in it means.</param>
internal sealed record ReadRecord<TRequest>(
    TRequest Request, IReadOnlyDictionary<string, JsonElement> ReadOnly, Func<ReferenceTarget, string, string> Resolve);

/// <summary>Reads the bodies of the records of one resource: as JSON, by the rules, with references resolved.</summary>
internal sealed class RecordBodies<TRequest, TRecord, TResponse>(
    Resource<TRequest, TResponse> resource, RecordMapping<TRequest, TRecord, TResponse> mapping)
    where TRequest : class, IRecordRequest
    where TRecord : Record
    where TResponse : class
{
    private static readonly HashSet<string> RequestFields = [
        .. ApiJson.Options.GetTypeInfo(typeof(TRequest)).Properties.Select(p => p.Name)];

    private static readonly JsonElement EmptyPatch = JsonElement.Parse("{}");

    private readonly HashSet<string> _readOnlyFields = [.. resource.Fields.Where(f => !RequestFields.Contains(f))];

    /// <summary>Reads a body, validates it and resolves its references.</summary>
    /// <param name="session">The session.</param>
    /// <param name="body">The body.</param>
    /// <param name="parent">The id of the parent; null if the path names none.</param>
    /// <param name="stored">The record that it replaces; null if there is none.</param>
    /// <param name="cancellation">Cancels the look-up of references.</param>
    public async Task<ReadRecord<TRequest>> ReadAsync(
        RecordSession session, JsonElement body, string? parent, Stored? stored, CancellationToken cancellation)
    {
        if (stored is not null)
            body = RecordBodies.WithTextOf(body, stored);
        var errors = new Errors();
        var read = BodyReader.Read<TRequest>(body, _readOnlyFields, errors);
        var malformed = errors.Any;
        var violated = new Errors();
        var request = mapping.InScope(read.Value, parent, violated);
        var result = await mapping.Validator.ValidateAsync(request, cancellation);
        using var before = stored is null || result.IsValid || !EqualValues.IsWellFormed(body) ? null : JsonDocument.Parse(stored.Document);
        foreach (var failure in result.Errors)
        {
            var pointer = JsonPointer.OfPropertyPath(failure.PropertyName);
            if (!errors.Touches(pointer) && !(before is not null && RecordBodies.IsKeptCitation(pointer, body, before.RootElement)))
                violated.Add(pointer, Rules.FaultOf(failure));
        }

        var references = mapping.References(request)
            .Where(r => !string.IsNullOrEmpty(r.Text) && !errors.Touches(r.Pointer) && !violated.Touches(r.Pointer)).ToList();
        var resolved = await RecordBodies.ResolveAsync(session, references, violated, cancellation);
        errors.AddAll(violated);
        errors.ThrowIfAny(malformed ? ProblemType.InvalidBody : ProblemType.InvalidRecord);
        return new ReadRecord<TRequest>(request, read.ReadOnly, (target, text) => resolved[(target, text)]);
    }

    /// <summary>Reads a stored record with a merge patch.</summary>
    public Task<ReadRecord<TRequest>> ReadStoredAsync(
        RecordSession session, Stored stored, JsonElement patch, string? parent, CancellationToken cancellation) =>
        // not disposed: fields of the body may be compared after it is read
        ReadAsync(session, MergePatch.Apply(stored.Document, patch, _readOnlyFields).RootElement, parent, stored, cancellation);

    /// <summary>Reads a stored record as it is.</summary>
    public Task<ReadRecord<TRequest>> ReadStoredAsync(RecordSession session, Stored stored, CancellationToken cancellation) =>
        ReadStoredAsync(session, stored, EmptyPatch, null, cancellation);
}

/// <summary>What bodies of all resources have in common.</summary>
internal static class RecordBodies
{
    /// <summary>The field that lists add to records.</summary>
    private const string HoldsField = "holds";

    /// <summary>The ids that references mean.</summary>
    public static async Task<Dictionary<(ReferenceTarget, string), string>> ResolveAsync(
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

    private static async Task<Fault> DescribeMissingAsync(RecordSession session, Reference reference, CancellationToken cancellation)
    {
        if (reference.Target == ReferenceTarget.Actor && ActorIdentifier.LooksLikeIdentifier(reference.Text)
            && !ActorIdentifier.TryParse(reference.Text, out _, out var error))
        {
            return error;
        }

        var near = await ReferenceReader.NearestOrNullAsync(session.Connection, reference.Target, reference.Text!, cancellation);
        return Fault.UnknownReference(reference.Target.Noun, reference.Text!, near);
    }

    /// <summary>
    /// Whether a pointer leads into a citation that the record has already. It was valid when it was written: a rule that came later is not
    /// asked of it until it changes.
    /// </summary>
    public static bool IsKeptCitation(string pointer, JsonElement body, JsonElement stored)
    {
        const string Citations = "/citations/";
        var start = pointer.IndexOf(Citations, StringComparison.Ordinal);
        if (start < 0)
            return false;
        var end = pointer.IndexOf('/', start + Citations.Length);
        var citation = end < 0 ? pointer : pointer[..end];
        return JsonPointer.FindOrNull(body, citation) is { ValueKind: JsonValueKind.Object } given
            && JsonPointer.FindOrNull(stored, citation) is { ValueKind: JsonValueKind.Object } own
            && given.EnumerateObject().All(field => own.TryGetProperty(field.Name, out var value)
                ? EqualValues.AreEqual(field.Value, value) : field.Value.ValueKind == JsonValueKind.Null);
    }

    /// <summary>The body with the characters of the stored record wherever both say the same.</summary>
    public static JsonElement WithTextOf(JsonElement body, Stored stored)
    {
        if (body.ValueKind != JsonValueKind.Object)
            return body;
        using var document = JsonDocument.Parse(stored.Document);
        return EqualValues.WithTextOf(body, document.RootElement);
    }

    /// <summary>A body may contain fields that the service sets, as they were read; but it cannot set them.</summary>
    public static void RefuseReadOnly(IReadOnlyDictionary<string, JsonElement> given, string next, string? stored)
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
                errors.Add(pointer, new Fault(FaultCode.ReadOnly, "The service sets this field; omit it or send it unchanged."));
            }
        }

        errors.ThrowIfAny(ProblemType.InvalidRecord);
    }

    private static bool IsSame(JsonElement given, JsonElement? own) => own is { } known && EqualValues.AreEqual(given, known);
}
