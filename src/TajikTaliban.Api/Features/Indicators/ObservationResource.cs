using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Listing;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Indicators;

internal sealed class ObservationResource : Resource<ObservationRequest, ObservationResponse>
{
    public override string Name => "observations";

    public override string Singular => "Observation";

    public override string Plural => "Observations";

    public override string Description => "The figures of one indicator: of whom, when, how much, how sure.";

    public override string Tag => "Indicators";

    public override string Route => "/indicators/{indicator}/observations";

    public override string? TagDescription => null;

    public override ResourceExample Example => ObservationExample.Record;

    public override ListDefinition List { get; } = new()
    {
        Table = "observations",
        Scope = ("indicator", "indicator_id", "indicators"),
        Filters =
        [
            Filters.Parts("subject", FilterKind.Actors, "observation_subjects", "observation_id", "actor_id",
                "Figures of this actor, by id or identifier (`iso3:TJK`).", repeatable: true),
            Filters.Codes("obsStatus", "obs_status", Lists.ObsStatuses, "Figures of this status."),
            Filters.Boolean("approximate", "approximate", "Figures that the source gives as approximate, or not."),
            .. Filters.Range("value", "value", "Value, in the indicator's unit"),
            Filters.ValidAt,
            .. Filters.Span("Figures"),
            .. Filters.Evidence("observation_citations"),
        ],
        SortKeys =
        [
            ListDefinition.Earliest,
            ListDefinition.Latest,
            // numeric's NaN comes after every number: a missing value sorts last
            new("value", "coalesce(r.value, 'NaN'::numeric)", FieldType.Number),
        ],
        DefaultSort = "earliest",
        Facets = [new("subject", "p.actor_id", new PartJoin("observation_subjects", "observation_id")), new("obsStatus", "r.obs_status")],
        Expands = [new("subjects", "actors"), new("indicator", "indicators"), new("citations.source", "sources")],
        HasDates = true,
    };

    public override IReadOnlyList<string> FacetPaths(string facet) => facet == "subject" ? ["subjects"] : base.FacetPaths(facet);

    public override string PathOf(string id, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        using var document = JsonDocument.ParseValue(ref reader);
        return $"/v1/indicators/{document.RootElement.GetProperty("indicator").GetString()}/observations/{id}";
    }
}
