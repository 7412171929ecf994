using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Model;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Events;

internal sealed class EventResource : Resource<EventRequest, EventResponse>
{
    public override string Name => "events";

    public override string Singular => "Event";

    public override string Plural => "Events";

    public override string Description =>
        "Events that happened, were reported or are planned, with time (as exact as known), participants and their roles, place, and "
        + "sources.";

    public override string TagDescription =>
        "Events that happened, were reported or are planned, with time, participants and place.";

    public override ResourceExample Example => EventExample.Record;

    public override PointFields Geometry { get; } = new("place.latitude", "place.longitude");

    public override ListDefinition List { get; } = new()
    {
        Table = Tables.Events,
        Filters =
        [
            Filters.Ids(ReferenceTarget.Event),
            Filters.Codes("type", "type", Lists.EventTypes, "Events of this PLOVER type."),
            Filters.Codes("cameo", "cameo", Lists.Cameo, "Events with exactly this CAMEO code."),
            Filters.NumberCodes("quadClass", "quad_class", Lists.QuadClasses, "Events of this quad class."),
            Filters.Codes("status", "status", Lists.EventStatuses, "Events with this status."),
            .. Filters.AnyAndAll(
                Participant("actor", null, "Events in which this actor took part, in any role, by id or identifier (`iso3:TJK`).")),
            .. Lists.ParticipantRoles.Values.Select(role =>
                Participant($"actor.{role}", role, $"Events in which this actor took part as {role}, by id or identifier.")),
            .. Filters.Time("Events", TimeModel.Events),
            Filters.DatePrecision("datePrecision",
                "Events whose date is known to a `day`, within a `month` (2 to 31 days), within a `year` (32 to 366 days), or to a longer "
                + "or open `interval`; or with this UCDP date_prec (1 to 5, as records have it)."),
            Filters.NumberCodes("place.precision", "place_precision", Lists.PlacePrecisions,
                "Events with this precision of the place (UCDP where_prec)."),
            Filters.Box("bbox", "longitude", "latitude", "Events within west,south,east,north (WGS 84 degrees)."),
            Filters.NumberCodes("violenceType", "violence_type", Lists.ViolenceTypes, "Events of this UCDP type of violence."),
            .. Filters.WholeRange("deaths.best", "deaths_best", "Best estimate of deaths"),
            .. Filters.Evidence(Tables.EventCitations),
            .. Filters.Missing(
            [
                ("type", new IsNull("type")), ("cameo", new IsNull("cameo")), .. Filters.OpenBounds,
                ("place.latitude", new IsNull("latitude")),
                ("place.precision", new IsNull("place_precision")), ("violenceType", new IsNull("violence_type")),
                ("deaths.best", new IsNull("deaths_best")),
            ]),
        ],
        SortKeys = [ListDefinition.Earliest, ListDefinition.Latest],
        DefaultSort = "earliest",
        Facets =
        [
            new ColumnFacet("type", "type"),
            new ColumnFacet("quadClass", "quad_class"),
            new ColumnFacet("status", "status"),
            new ColumnFacet("cameo", "cameo"),
            new DatePrecisionFacet("datePrecision"),
            new PartFacet("actor", Tables.EventParticipants, "actor_id"),
            new PartFacet("certainty", Tables.EventCitations, "certainty") { Except = "derived" },
            new PartFacet("claimant", Tables.EventCitations, "claimant_id"),
        ],
        KeptBy = new PartFacet("actor", Tables.EventParticipants, "actor_id"),
        Expands = [new("participants.actor", Tables.Actors), new("citations.source", Tables.Sources),
            new("citations.claimant", Tables.Actors)],
        Time = TimeModel.Events,
    };

    public override IReadOnlyList<string> FacetPaths(string facet) => facet switch
    {
        "actor" => ["participants.actor"],
        "certainty" => ["citations.certainty"],
        "claimant" => ["citations.claimant"],
        _ => base.FacetPaths(facet),
    };

    private static FilterDefinition Participant(string name, string? role, string description)
    {
        var member = new PartMember(Tables.EventParticipants, "actor_id", role);
        return Filters.PartActors(name, member, description) with { DrivingIndex = member };
    }
}
