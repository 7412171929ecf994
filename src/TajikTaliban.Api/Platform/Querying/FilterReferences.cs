using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>The records that filters and paths name: by id, and actors by identifier too.</summary>
public sealed class FilterReferences(ReferenceReader references)
{
    /// <summary>Turns identifiers in filters (<c>iso3:TJK</c>) into ids.</summary>
    /// <exception cref="ProblemException">400: no actor has the identifier.</exception>
    public async Task<ListRequest> ResolveAsync(ListRequest request, CancellationToken cancellation)
    {
        var identifiers = request.Query.Conditions.Where(TakesIdentifiers)
            .SelectMany(c => ((string[])c.Value).Where(ActorIdentifier.LooksLikeIdentifier).Select(v => (c.Filter.Target!, v))).Distinct()
            .ToList();
        if (identifiers.Count == 0)
            return request;
        var found = await references.ResolveAsync(identifiers, request.Query.AsOf, cancellation);
        var errors = new Errors();
        string Id(string text, FilterDefinition filter)
        {
            if (!ActorIdentifier.LooksLikeIdentifier(text))
                return text;
            if (found.TryGetValue((filter.Target!, text), out var id))
                return id;
            errors.Add($"/query/{filter.Name}", $"No {filter.Target!.Noun} has the identifier '{text}'.");
            return text;
        }

        var conditions = request.Query.Conditions.Select(c => TakesIdentifiers(c)
            ? c with { Value = ((string[])c.Value).Select(v => Id(v, c.Filter)).Distinct().ToArray() } : c).ToList();
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        var resolved = conditions.Where(TakesIdentifiers).Select(c => c.Filter.Name).ToHashSet();
        return request with
        {
            Query = request.Query with { Conditions = conditions },
            Echo = [.. request.Echo.Where(e => !resolved.Contains(e.Key)),
                .. conditions.Where(TakesIdentifiers).Select(c => KeyValuePair.Create(c.Filter.Name, (string[])c.Value))],
        };
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

    private static bool TakesIdentifiers(Condition condition) => condition.Filter.Target?.Identifiers is not null;
}
