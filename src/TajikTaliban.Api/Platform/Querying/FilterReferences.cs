using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>The records that filters name: by id, by a merged id, and actors by identifier too.</summary>
public sealed class FilterReferences(ReferenceReader references, PositionReader positions)
{
    /// <summary>Unknown values of a request for which the nearest that exists is looked for.</summary>
    private const int MaxSuggested = 5;

    /// <summary>
    /// Turns identifiers in filters (<c>iso3:TJK</c>) into ids, merged ids among several values into those of the survivors, and instants
    /// into their place in the order of commits. A merged id that is the only value costs nothing here: no record refers to it, so that
    /// the list is empty; see <see cref="OfMergedOrNullAsync"/>. Refuses one of several values that does not exist: the others may have
    /// records, and hide it. On later pages the values are known.
    /// </summary>
    /// <exception cref="ProblemException">400: a record does not exist.</exception>
    public async Task<ListRequest> ResolveAsync(ListRequest request, CancellationToken cancellation)
    {
        if (!MayNeedAny(request.Query))
            return request;
        if (request.Query.Conditions.Any(c => c.Filter.Kind == FilterKind.Instant))
        {
            var placed = new List<Condition>();
            foreach (var condition in request.Query.Conditions)
            {
                placed.Add(condition.Filter.Kind != FilterKind.Instant ? condition
                    : condition with { Value = await positions.RecordedUntilAsync((DateTime)condition.Value, cancellation) });
            }

            request = request with { Query = request.Query with { Conditions = placed } };
        }

        var lists = request.Query.Conditions.Where(c => c.Filter.Target is not null && ((string[])c.Value).Length > 1
            && (request.Cursor is null || TakesOtherNames(c))).ToList();
        var named = request.Query.Conditions.Where(TakesOtherNames)
            .SelectMany(c => ((string[])c.Value).Where(ActorIdentifier.LooksLikeIdentifier).Select(v => (c.Filter.Target!, v)))
            .Concat(lists.SelectMany(c => ((string[])c.Value).Select(v => (c.Filter.Target!, v)))).Distinct().ToList();
        if (named.Count == 0)
            return request;
        var found = await references.ResolveAsync(named, request.Query.AsOf, cancellation);
        var errors = new Errors();
        var toCheck = request.Query.Conditions.Where(c => HasIdentifier(c) || (request.Cursor is null && lists.Contains(c))).ToList();
        await AddUnknownAsync(toCheck, found, request.Query.AsOf, errors, cancellation);
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        return Renamed(request, (text, filter) => found.GetValueOrDefault((filter.Target!, text), text));
    }

    /// <summary>Whether a value may be looked up: most lists name records by a single id, if any.</summary>
    private static bool MayNeedAny(ListQuery query)
    {
        foreach (var (filter, value) in query.Conditions)
        {
            if (filter.Kind == FilterKind.Instant
                || (filter.Target is not null && (value is not string[] { Length: 1 } one || ActorIdentifier.LooksLikeIdentifier(one[0]))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The request of an empty list with the survivors in place of merged ids; null if it names none.</summary>
    public async Task<ListRequest?> OfMergedOrNullAsync(ListRequest request, CancellationToken cancellation)
    {
        var named = request.Query.Conditions.Where(c => TakesOtherNames(c) && c.Filter.Target!.IsMergeable)
            .SelectMany(c => ((string[])c.Value).Select(v => (c.Filter.Target!, v))).Distinct().ToList();
        if (named.Count == 0)
            return null;
        var found = await references.ResolveAsync(named, request.Query.AsOf, cancellation);
        return found.Any(f => f.Key.Text != f.Value)
            ? Renamed(request, (text, filter) => found.GetValueOrDefault((filter.Target!, text), text)) : null;
    }

    /// <summary>
    /// Refuses a filter that names an actor or a source that does not exist, with the nearest that does. It is for empty lists alone: those
    /// with records in them need not pay for it.
    /// </summary>
    public async Task ThrowIfUnknownAsync(ListQuery query, CancellationToken cancellation)
    {
        var naming = query.Conditions.Where(c => c.Filter.Target is not null).ToList();
        if (naming.Count == 0)
            return;
        var found = await references.ResolveAsync(
            [.. naming.SelectMany(c => ((string[])c.Value).Select(v => (c.Filter.Target!, v)))], query.AsOf, cancellation);
        var errors = new Errors();
        await AddUnknownAsync(naming, found, query.AsOf, errors, cancellation);
        errors.ThrowIfAny(ProblemType.InvalidParameter);
    }

    /// <summary>The tables in which the values of filters are looked up.</summary>
    public static IEnumerable<string> TablesOf(ListQuery query) =>
        query.Conditions.Where(c => TakesOtherNames(c)
            && (((string[])c.Value).Length > 1 || ((string[])c.Value).Any(ActorIdentifier.LooksLikeIdentifier)))
            .Select(c => c.Filter.Target!.Table);

    /// <summary>The request with other values in the filters that name records, also in its echo.</summary>
    private static ListRequest Renamed(ListRequest request, Func<string, FilterDefinition, string> nameOf)
    {
        var conditions = request.Query.Conditions.Select(c => TakesOtherNames(c)
            ? c with { Value = ((string[])c.Value).Select(v => nameOf(v, c.Filter)).Distinct().ToArray() } : c).ToList();
        var renamed = conditions.Where(TakesOtherNames).Select(c => c.Filter.Name).ToHashSet();
        return request with
        {
            Query = request.Query with { Conditions = conditions },
            Echo = [.. request.Echo.Where(e => !renamed.Contains(e.Key)),
                .. conditions.Where(TakesOtherNames).Select(c => KeyValuePair.Create(c.Filter.Name, (string[])c.Value))],
        };
    }

    private static bool TakesOtherNames(Condition condition) =>
        condition.Filter.Target is { } target && (target.Identifiers is not null || target.IsMergeable);

    private static bool HasIdentifier(Condition condition) =>
        TakesOtherNames(condition) && ((string[])condition.Value).Any(ActorIdentifier.LooksLikeIdentifier);

    /// <summary>Adds an error for each value that names nothing.</summary>
    private async Task AddUnknownAsync(
        IReadOnlyList<Condition> conditions, Dictionary<(ReferenceTarget Target, string Text), string> found, AsOf? asOf, Errors errors,
        CancellationToken cancellation)
    {
        var lookedFor = 0;
        foreach (var (filter, value) in conditions)
        {
            var target = filter.Target!;
            foreach (var text in ((string[])value).Where(t => !found.ContainsKey((target, t))))
            {
                if (ActorIdentifier.LooksLikeIdentifier(text))
                {
                    errors.Add($"/query/{filter.Name}", Fault.UnknownIdentifier(target.Noun, text));
                    continue;
                }

                var near = ++lookedFor > MaxSuggested ? null : await references.NearestOrNullAsync(target, text, cancellation);
                errors.Add($"/query/{filter.Name}", asOf is not null && near == text
                    ? new Fault(FaultCode.UnknownReference, $"The {target.Noun} '{text}' did not exist at position {asOf.Position}.",
                        ("kind", target.Noun), ("value", text), ("position", asOf.Position.ToString()))
                    : Fault.UnknownReference(target.Noun, text, near));
            }
        }
    }
}
