using System.Text;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>
/// Labels of the values of facets: of a code that of its list, of a record its name or title. A facet has the values of the filter with
/// its name.
/// </summary>
public sealed class FacetLabels(RecordReader records)
{
    /// <summary>The values with their labels; null where there are no facets.</summary>
    /// <param name="resource">The resource of the list.</param>
    /// <param name="facets">The counted values by facet.</param>
    /// <param name="asOf">The position of the names; null is the newest.</param>
    /// <param name="language">The language of the labels; null is English.</param>
    /// <param name="cancellation">Cancels the reading of names.</param>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<FacetValue>>?> OfAsync(Resource resource,
        IReadOnlyDictionary<string, IReadOnlyList<FacetCount>>? facets, AsOf? asOf, string? language,
        CancellationToken cancellation)
    {
        if (facets is null)
            return null;
        var labelled = new Dictionary<string, IReadOnlyList<FacetValue>>(facets.Count, StringComparer.Ordinal);
        foreach (var (name, counts) in facets)
        {
            var filter = FilterOrNull(resource, name);
            var referred = filter?.Target is { } target && counts.Count > 0
                ? await records.FindReferredAsync(target.Table, [.. counts.Select(c => c.Value)], asOf, cancellation) : null;
            labelled[name] =
            [
                .. counts.Select(c => new FacetValue(c.Value,
                    referred is null ? filter?.Codes?.LabelOf(c.Value)
                    : referred.TryGetValue(c.Value, out var document) ? Encoding.UTF8.GetString(RecordNames.NameIn(document, language))
                    : null,
                    c.Records)),
            ];
        }

        return labelled;
    }

    /// <summary>The tables that the names of these facets are read from.</summary>
    public static IEnumerable<string> TablesOf(Resource resource, IEnumerable<FacetDefinition> facets) =>
        facets.Select(f => FilterOrNull(resource, f.Name)?.Target?.Table).OfType<string>();

    /// <summary>The filter with the values of a facet; null if there is none.</summary>
    public static FilterDefinition? FilterOrNull(Resource resource, string facet) =>
        resource.List.Filters.FirstOrDefault(f => f.Name == facet);
}
