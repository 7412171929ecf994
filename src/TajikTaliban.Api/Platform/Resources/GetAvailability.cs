using System.Text.Json;
using TajikTaliban.Api.Platform.Concurrency;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Paging;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>What a resource holds, so that one knows before one asks.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Coverage">How many records, and which days they cover.</param>
/// <param name="Facets">The 100 most frequent values of each field that can be counted by.</param>
public sealed record AvailabilityResponse(string Resource, Coverage Coverage, IReadOnlyDictionary<string, IReadOnlyList<FacetValue>> Facets);

/// <summary>GET of <c>/availability</c>.</summary>
public static class GetAvailability
{
    public static async Task Handle<TResource>(TResource resource, CoverageReader coverage, RecordReader records, HttpContext http, CancellationToken cancellation)
        where TResource : Resource
    {
        JsonAnswer.RequireJson(http.Request);
        WriteRecord.RefuseQuery(http);
        var parent = Parent.IdOrNull(resource, http);
        await Parent.ThrowIfMissingAsync(resource, parent, records, cancellation);
        var query = new ListQuery
        {
            Definition = resource.List,
            Order = [new OrderBy(ListDefinition.Id, false)],
            Limit = 1,
            Facets = resource.List.Facets,
            Scope = parent,
        };
        var extent = await coverage.ExtentAsync(query, cancellation);
        var facets = await coverage.FacetsAsync(query, cancellation);
        var answer = JsonSerializer.SerializeToUtf8Bytes(new AvailabilityResponse(
            resource.Name,
            new Coverage(extent.Records, extent.Earliest, extent.Latest),
            facets.ToDictionary(f => f.Key, f => (IReadOnlyList<FacetValue>)[.. f.Value.Select(c => new FacetValue(c.Value, c.Records))])), ApiJson.Options);
        await JsonAnswer.SendAsync(http, answer, RecordETag.OfBytes(answer), null, cancellation);
    }
}
