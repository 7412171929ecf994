using System.Text.Json;
using TajikTaliban.Api.Platform.Answers;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Counts;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>The coverage of a resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Coverage">How many records, and which days they cover.</param>
/// <param name="Facets">The 100 most frequent values of each field that can be counted by; null where counting them as of a position would
/// take too long.</param>
/// <param name="Kind">Whether the numbers are counted or estimated; null without them.</param>
public sealed record AvailabilityResponse(
    string Resource, Coverage Coverage, IReadOnlyDictionary<string, IReadOnlyList<FacetValue>>? Facets,
    [property: Values(ListCount.KindName, ListCount.KindText, ListCount.Exact, ListCount.Estimated)] string? Kind);

/// <summary>GET of <c>/availability</c>.</summary>
public sealed class GetAvailability(
    CoverageReader coverage, CountReader counting, RecordReader records, AsOfParameter moments, FacetLabels labels)
{
    private static readonly TimeSpan DaysBudget = TimeSpan.FromMilliseconds(250);

    public async Task HandleAsync(Resource resource, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Errors();
        var text = QueryText.Read(http.Request, [LabelLanguage.Parameter, AsOfParameter.Name, Edition.Parameter], [], errors);
        var language = LabelLanguage.ReadOrNull(text, errors);
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
            Count = CountMode.Exact,
            Facets = resource.List.Facets,
            Scope = parent,
            AsOf = moment?.AsOf,
        };
        var counts = await counting.ReadAsync(query, cancellation);
        var days = counts.Total is null or 0 ? null : await coverage.DaysOrNullAsync(query, DaysBudget, cancellation);
        var result = JsonSerializer.SerializeToUtf8Bytes(new AvailabilityResponse(
            resource.Name,
            new Coverage(counts.Total, days?.Earliest, days?.Latest),
            await labels.OfAsync(resource, counts.Facets, moment?.AsOf, language, cancellation),
            counts.Total is null ? null : counts.IsExact ? ListCount.Exact : ListCount.Estimated), ApiJson.Options);
        // an estimate may be followed by the exact numbers of the same position
        if (moment is null && counts.IsExact)
        {
            AnswerSlot.Reads(http, () => [resource.Table, .. FacetLabels.TablesOf(resource, resource.List.Facets),
                .. resource.List.Scope is { } scope ? (string[])[scope.Table] : []]);
        }

        await JsonResponse.SendAsync(http, result, RecordETag.OfBytes(result), null, cancellation, moment?.IsFixed == true);
    }
}
