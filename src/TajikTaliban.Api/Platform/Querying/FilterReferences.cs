using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>The records that filters and paths name: by id, and actors by identifier too.</summary>
public sealed class FilterReferences(ReferenceReader references)
{
    /// <summary>Turns identifiers in filters (<c>iso3:TJK</c>) into ids.</summary>
    /// <exception cref="ProblemException">400: no actor has the identifier.</exception>
    public async Task<ListRequest> ResolveAsync(ListRequest request, CancellationToken cancellation)
    {
        var identifiers = request.Query.Conditions.Where(c => c.Filter.Kind == FilterKind.Actors).SelectMany(c => (string[])c.Value)
            .Where(ActorIdentifier.LooksLikeIdentifier).Distinct().ToList();
        if (identifiers.Count == 0)
            return request;
        var found = await references.ResolveAsync([.. identifiers.Select(i => (ReferenceTarget.Actor, i))], cancellation, request.Query.AsOf);
        var errors = new Errors();
        string Id(string text, string parameter)
        {
            if (!ActorIdentifier.LooksLikeIdentifier(text))
                return text;
            if (found.TryGetValue((ReferenceTarget.Actor, text), out var id))
                return id;
            errors.Add($"/query/{parameter}", $"No actor has the identifier '{text}'.");
            return text;
        }

        var conditions = request.Query.Conditions.Select(c => c.Filter.Kind == FilterKind.Actors
            ? c with { Value = ((string[])c.Value).Select(v => Id(v, c.Filter.Name)).Distinct().ToArray() } : c).ToList();
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        var actors = conditions.Where(c => c.Filter.Kind == FilterKind.Actors).Select(c => c.Filter.Name).ToHashSet();
        return request with
        {
            Query = request.Query with { Conditions = conditions },
            Echo = [.. request.Echo.Where(e => !actors.Contains(e.Key)),
                .. conditions.Where(c => c.Filter.Kind == FilterKind.Actors).Select(c => KeyValuePair.Create(c.Filter.Name, (string[])c.Value))],
        };
    }

    /// <summary>The id of the record that a path names.</summary>
    /// <exception cref="ProblemException">400 or 404: it is an identifier that is malformed, or that no actor has.</exception>
    public async Task<string> IdOfAsync(string text, AsOf? asOf, CancellationToken cancellation)
    {
        if (!ActorIdentifier.LooksLikeIdentifier(text))
            return text;
        if (!ActorIdentifier.TryParse(text, out _, out var error))
            throw new ProblemException(ProblemType.InvalidParameter, "/path/id", error);
        var found = await references.ResolveAsync([(ReferenceTarget.Actor, text)], cancellation, asOf);
        return found.TryGetValue((ReferenceTarget.Actor, text), out var id)
            ? id
            : throw new ProblemException(ProblemType.NotFound, "/path/id", $"No actor has the identifier '{text}'.");
    }

    /// <summary>
    /// Refuses a filter that names an actor or a source that does not exist, with the nearest that does. It is for empty lists alone: those
    /// with records in them need not pay for it.
    /// </summary>
    public async Task ThrowIfUnknownAsync(ListQuery query, CancellationToken cancellation)
    {
        static ReferenceTarget Target(Condition condition) => condition.Filter.Kind == FilterKind.Actors ? ReferenceTarget.Actor : ReferenceTarget.Source;
        var named = query.Conditions.Where(c => c.Filter.Kind is FilterKind.Actors or FilterKind.Sources)
            .SelectMany(c => ((string[])c.Value).Select(v => (c.Filter.Name, Target: Target(c), Text: v))).ToList();
        if (named.Count == 0)
            return;
        var found = await references.ResolveAsync([.. named.Select(n => (n.Target, n.Text))], cancellation, query.AsOf);
        var errors = new Errors();
        foreach (var (name, target, text) in named)
        {
            if (!found.ContainsKey((target, text)))
            {
                var near = await references.NearestOrNullAsync(target, text, cancellation);
                var noun = target.ToString().ToLowerInvariant();
                errors.Add($"/query/{name}", query.AsOf is not null && near == text
                    ? $"There was no {noun} '{text}' as of position {query.AsOf.Position}."
                    : $"There {(query.AsOf is null ? "is" : "was")} no {noun} '{text}'.{(near is null ? "" : $" Did you mean '{near}'?")}");
            }
        }

        errors.ThrowIfAny(ProblemType.InvalidParameter);
    }
}
