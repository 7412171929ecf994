using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Features.Indicators;

internal sealed class IndicatorResource : Resource<IndicatorRequest, IndicatorResponse>
{
    public override string Name => "indicators";

    public override string Singular => "Indicator";

    public override string Plural => "Indicators";

    public override string Description => "Definitions of figures other than trade, with their units; the figures are observations.";

    public override ReferenceTarget? Target => ReferenceTarget.Indicator;

    public override string TagDescription => "Indicators other than trade, and their observations.";

    protected override IEnumerable<string> OwnSegments => [ObservationResource.Segment];

    public override ResourceExample Example => IndicatorExample.Record;

    public override ListDefinition List { get; } = new()
    {
        Table = Tables.Indicators,
        Filters =
        [
            Filters.Ids(ReferenceTarget.Indicator),
            Filters.ExactText("name", "name", Limits.Name, "The indicator with exactly this name; use `q` to search."),
            Filters.ExactText("unit", "unit", Limits.Unit, "Indicators in this unit."),
            Filters.PartActors("actor", new PartTable(Tables.Observations, "indicator_id"),
                new PartMember(Tables.ObservationSubjects, "actor_id"),
                "Indicators with an observation of this actor, by id or identifier (`iso3:TJK`)."),
            .. Filters.Evidence(Tables.IndicatorCitations),
        ],
        SortKeys = [new("name", "name", FieldType.Text), new("unit", "unit", FieldType.Text)],
        DefaultSort = "id",
        Facets = [new ColumnFacet("unit", "unit")],
        Expands = [new("citations.source", Tables.Sources), new("citations.claimant", Tables.Actors)],
    };
}
