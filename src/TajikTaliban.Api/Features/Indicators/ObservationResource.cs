using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Model;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Indicators;

internal sealed class ObservationResource : Resource<ObservationRequest, ObservationResponse>
{
    public const string Segment = "observations";

    public override string Name => Segment;

    public override string Singular => "Observation";

    public override string Plural => "Observations";

    public override string Description => "Figures of one indicator, with subjects, time, value and status.";

    public override string Tag => "Indicators";

    public override string Route => $"/indicators/{{indicator}}/{Segment}";

    public override string? TagDescription => null;

    public override ResourceExample Example => ObservationExample.Record;

    public override ListDefinition List { get; } = new()
    {
        Table = Tables.Observations,
        Scope = ("indicator", "indicator_id", Tables.Indicators),
        Filters =
        [
            Filters.Ids(ReferenceTarget.Observation),
            .. Filters.AnyAndAll(Filters.PartActors("subject", new(Tables.ObservationSubjects, "actor_id"),
                "Figures of this actor, by id or identifier (`iso3:TJK`).")),
            Filters.Codes("obsStatus", "obs_status", Lists.ObsStatuses, "Figures with this status."),
            Filters.Boolean("approximate", "approximate", "Whether the source states the figure as approximate."),
            .. Filters.Range("value", "value", "Value, in the indicator's unit"),
            .. Filters.Time("Figures", TimeModel.OfDates("date")),
            .. Filters.Evidence(Tables.ObservationCitations),
            .. Filters.Missing([("value", new IsNull("value")), .. Filters.OpenBounds]),
        ],
        SortKeys =
        [
            ListDefinition.Earliest,
            ListDefinition.Latest,
            new("value", "value", FieldType.Number) { Missing = MissingValue.Highest },
        ],
        DefaultSort = "earliest",
        Facets = [new PartFacet("subject", Tables.ObservationSubjects, "actor_id"), new ColumnFacet("obsStatus", "obs_status")],
        Expands = [new("subjects", Tables.Actors), new("indicator", Tables.Indicators), new("citations.source", Tables.Sources),
            new("citations.claimant", Tables.Actors)],
        Time = TimeModel.OfDates("date"),
    };

    public override IReadOnlyList<string> FacetPaths(string facet) => facet == "subject" ? ["subjects"] : base.FacetPaths(facet);

    public override string PathOf(string id, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        return $"/v1/indicators/{document.RootElement.GetProperty("indicator").GetString()}/{Segment}/{id}";
    }
}
