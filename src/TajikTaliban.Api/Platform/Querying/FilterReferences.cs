using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>The records that filters name: by id, by a merged id, and actors by identifier too.</summary>
public sealed class FilterReferences(ReferenceReader references)
{
    /// <summary>
    /// Turns identifiers in filters (<c>iso3:TJK</c>) into ids, and merged ids among several values into those of the survivors. A merged
    /// id that is the only value costs nothing here: no record refers to it, so that the list is empty; see <see
    /// cref="OfMergedOrNullAsync"/>.
    /// </summary>
    /// <exception cref="ProblemException">400: no actor has the identifier.</exception>
    public async Task<ListRequest> ResolveAsync(ListRequest request, CancellationToken cancellation)
    {
        var named = request.Query.Conditions.Where(TakesOtherNames)
            .SelectMany(c => ((string[])c.Value).Where(v => ((string[])c.Value).Length > 1 || ActorIdentifier.LooksLikeIdentifier(v))
                .Select(v => (c.Filter.Target!, v))).Distinct().ToList();
        if (named.Count == 0)
            return request;
        var found = await references.ResolveAsync(named, request.Query.AsOf, cancellation);
        var errors = new Errors();
        string Id(string text, FilterDefinition filter)
        {
            if (found.TryGetValue((filter.Target!, text), out var id))
                return id;
            if (ActorIdentifier.LooksLikeIdentifier(text))
                errors.Add($"/query/{filter.Name}", $"No {filter.Target!.Noun} has the identifier '{text}'.");
            return text;
        }

        request = Renamed(request, Id);
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        return request;
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
        var named = query.Conditions.Where(c => c.Filter.Target is not null)
            .SelectMany(c => ((string[])c.Value).Select(v => (c.Filter.Name, Target: c.Filter.Target!, Text: v))).ToList();
        if (named.Count == 0)
            return;
        var found = await references.ResolveAsync([.. named.Select(n => (n.Target, n.Text))], query.AsOf, cancellation);
        var errors = new Errors();
        foreach (var (name, target, text) in named)
        {
            if (!found.ContainsKey((target, text)))
            {
                var near = await references.NearestOrNullAsync(target, text, cancellation);
                errors.Add($"/query/{name}", query.AsOf is not null && near == text
                    ? $"The {target.Noun} '{text}' did not exist at position {query.AsOf.Position}."
                    : $"Unknown {target.Noun} '{text}'.{(near is null ? "" : $" Did you mean '{near}'?")}");
            }
        }

        errors.ThrowIfAny(ProblemType.InvalidParameter);
    }

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
}
