using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Features.Indicators;

internal sealed class IndicatorResource : Resource<IndicatorRequest, IndicatorResponse>
{
    public override string Name => "indicators";

    public override string Singular => "Indicator";

    public override string Plural => "Indicators";

    public override string Description => "What figures other than trade measure, and in which unit; the figures are their observations.";

    public override ReferenceTarget? Target => ReferenceTarget.Indicator;

    public override string TagDescription => "Indicators other than trade, and their observations.";

    public override ResourceExample Example => IndicatorExample.Record;

    public override ListDefinition List { get; } = new()
    {
        Table = "indicators",
        Filters =
        [
            Filters.ExactText("name", "name", "The indicator of exactly this name; `q` searches."),
            Filters.ExactText("unit", "unit", "Indicators in this unit."),
            new("actor", FilterKind.Actors, "Indicators with an observation of this actor, by id or identifier (`iso3:TJK`). Several are separated by commas: any of them.",
                (value, sql) => $"r.id in (select o.indicator_id from {sql.Table("observations")} o join {sql.Table("observation_subjects")} s on s.observation_id = o.id "
                    + $"where s.actor_id {sql.AnyOf((string[])value)})"),
            .. Filters.Evidence("indicator_citations"),
        ],
        SortKeys = [new("name", "r.name", FieldType.Text), new("unit", "r.unit", FieldType.Text)],
        DefaultSort = "id",
        Facets = [new("unit", "r.unit")],
        Expands = [new("citations.source", "sources")],
    };
}
