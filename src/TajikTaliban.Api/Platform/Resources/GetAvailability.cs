using System.Text.Json;
using TajikTaliban.Api.Platform.Answers;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>The coverage of a resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Coverage">How many records, and which days they cover.</param>
/// <param name="Facets">The 100 most frequent values of each field that can be counted by.</param>
public sealed record AvailabilityResponse(
    string Resource, Coverage Coverage, IReadOnlyDictionary<string, IReadOnlyList<FacetValue>> Facets);

/// <summary>GET of <c>/availability</c>.</summary>
public sealed class GetAvailability(CoverageReader coverage, RecordReader records, AsOfParameter moments)
{
    public async Task HandleAsync(Resource resource, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Errors();
        var text = QueryText.Read(http.Request, [AsOfParameter.Name], [], errors);
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        var moment = await moments.ReadAsync(text[AsOfParameter.Name], cancellation);
        if (moment is not null)
            Positions.Set(http, moment.AsOf.Position.ToString());
        var parent = Parent.IdOrNull(resource, http);
        await Parent.ThrowIfMissingAsync(resource, parent, records, moment?.AsOf, cancellation);
        var query = new ListQuery
        {
            Definition = resource.List,
            Order = [new OrderBy(ListDefinition.Id, false)],
            Limit = 1,
            Facets = resource.List.Facets,
            Scope = parent,
            AsOf = moment?.AsOf,
        };
        var extent = await coverage.ExtentAsync(query, cancellation);
        var facets = await coverage.FacetsAsync(query, cancellation);
        var result = JsonSerializer.SerializeToUtf8Bytes(new AvailabilityResponse(
            resource.Name,
            new Coverage(extent.Records, extent.Earliest, extent.Latest),
            facets.ToDictionary(f => f.Key, f => (IReadOnlyList<FacetValue>)[.. f.Value.Select(c => new FacetValue(c.Value, c.Records))])),
            ApiJson.Options);
        if (moment is null)
            AnswerSlot.Reads(http, resource.List.Scope is { } scope ? [resource.Table, scope.Table] : [resource.Table]);
        await JsonResponse.SendAsync(http, result, RecordETag.OfBytes(result), null, cancellation, moment?.IsImmutable == true);
    }
}
