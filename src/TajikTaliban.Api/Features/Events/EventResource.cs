using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Listing;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Events;

internal sealed class EventResource : Resource<EventRequest, Event, EventResponse>
{
    public override string Name => "events";

    public override string Singular => "Event";

    public override string Plural => "Events";

    public override string Description =>
        "What happened, was reported or is planned: when (as exactly as is known), who took part in which role, where, and who says so.";

    public override ListDefinition List { get; } = new()
    {
        Table = "events",
        Filters =
        [
            Filters.Codes("type", "type", Lists.EventTypes, "Events of this PLOVER type."),
            Filters.Codes("cameo", "cameo", Lists.Cameo, "Events of exactly this CAMEO code."),
            Filters.NumberCodes("quadClass", "quad_class", Lists.QuadClasses, "Events of this quad class."),
            Filters.Codes("status", "status", Lists.EventStatuses, "Events of this status."),
            Filters.Parts("actor", FilterKind.Actors, "event_participants", "event_id", "actor_id",
                "Events in which this actor took part, in any role, by id or identifier (`iso3:TJK`).", repeatable: true)
                with { Walk = new Walk("event_participants", "event_id", "actor_id") },
            .. Lists.ParticipantRoles.Values.Select(InRole),
            .. Filters.Span("Events"),
            Filters.NumberCodes("place.precision", "place_precision", Lists.PlacePrecisions,
                "Events whose place is known so exactly (UCDP where_prec)."),
            Filters.Box("bbox", "longitude", "latitude", "Events within west,south,east,north (WGS 84 degrees)."),
            Filters.NumberCodes("violenceType", "violence_type", Lists.ViolenceTypes, "Events of this UCDP type of violence."),
            .. Filters.Range("deaths.best", "deaths_best", "Best estimate of deaths"),
            .. Filters.Evidence("event_citations"),
        ],
        SortKeys = [ListDefinition.Earliest, ListDefinition.Latest],
        DefaultSort = "earliest",
        Facets =
        [
            new("type", "r.type"),
            new("quadClass", "r.quad_class"),
            new("status", "r.status"),
            new("cameo", "r.cameo"),
            new("actor", "p.actor_id", new PartJoin("event_participants", "event_id")),
            new("certainty", "p.certainty", new PartJoin("event_citations", "record_id")),
        ],
        Expands = [new("participants.actor", "actors"), new("citations.source", "sources")],
        HasDates = true,
    };

    protected override IValidator<EventRequest> Validator { get; } = new EventValidator();

    public override Event ToRecord(EventRequest request, string id, Func<ReferenceTarget, string, string> resolve)
    {
        var date = PartialDate.Parse(request.Date);
        return new Event
        {
            Id = id,
            Type = request.Type,
            Cameo = request.Cameo,
            QuadClass = short.Parse(Lists.EventTypes.FindOrNull(request.Type)!.MappingOrNull("quadClass")!, null),
            Title = request.Title,
            Description = request.Description,
            Date = request.Date,
            Earliest = date.Earliest,
            Latest = date.Latest,
            Status = request.Status,
            Participants = [.. request.Participants.Select((p, i) => new EventParticipant
            {
                Ordinal = i,
                ActorId = resolve(ReferenceTarget.Actor, p.Actor),
                Role = p.Role,
                Earliest = date.Earliest,
                Latest = date.Latest,
            })],
            PlaceName = request.Place?.Name,
            Latitude = request.Place?.Latitude,
            Longitude = request.Place?.Longitude,
            PlacePrecision = (short?)request.Place?.Precision,
            DeathsBest = request.Deaths?.Best,
            DeathsLow = request.Deaths?.Low,
            DeathsHigh = request.Deaths?.High,
            ViolenceType = (short?)request.ViolenceType,
            Citations = [.. request.Citations.ToCitations(text => resolve(ReferenceTarget.Source, text))],
        };
    }

    public override EventResponse ToResponse(Event record) => new()
    {
        Id = record.Id,
        Type = record.Type,
        TypeLabel = Lists.EventTypes.LabelOf(record.Type)!,
        Cameo = record.Cameo,
        CameoLabel = Lists.Cameo.LabelOf(record.Cameo),
        QuadClass = record.QuadClass,
        Goldstein = Goldstein.ScoreOrNull(record.Cameo),
        Title = record.Title,
        Description = record.Description,
        Date = record.Date,
        Earliest = Validity.Bound(record.Earliest),
        Latest = Validity.Bound(record.Latest),
        DatePrecision = PartialDate.Parse(record.Date).Precision,
        Status = record.Status,
        Participants = [.. record.Participants.Select(p => new EventParticipantResponse(p.ActorId, p.Role))],
        Place = record.PlaceName is null ? null : new EventPlaceResponse(record.PlaceName, record.Latitude, record.Longitude, record.PlacePrecision),
        Deaths = record.DeathsBest is null ? null : new EventDeathsResponse(record.DeathsBest.Value, record.DeathsLow!.Value, record.DeathsHigh!.Value),
        ViolenceType = record.ViolenceType,
        Citations = record.Citations.ToResponse(),
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    protected override IEnumerable<Reference> References(EventRequest request) =>
    [
        .. (request.Participants ?? []).Select((p, i) => new Reference($"/participants/{i}/actor", ReferenceTarget.Actor, p?.Actor)),
        .. request.Citations.ToReferences(),
    ];

    protected override string NaturalId(Event record) => RecordId.Slug(record.Title, record.Date);

    protected override IEnumerable<string?> SearchTexts(Event record) =>
        [record.Title, record.Description, record.PlaceName, .. record.Participants.Select(p => p.ActorId.Replace('-', ' '))];

    protected override void Check(Event record, Errors errors)
    {
        var seen = new HashSet<(string, string)>();
        for (var i = 0; i < record.Participants.Count; i++)
        {
            if (!seen.Add((record.Participants[i].ActorId, record.Participants[i].Role)))
                errors.Add($"/participants/{i}", "A participant is given twice in the same role.");
        }
    }

    private static FilterDefinition InRole(string role) =>
        Filters.Parts($"actor.{role}", FilterKind.Actors, "event_participants", "event_id", "actor_id",
            $"Events in which this actor took part as {role}, by id or identifier.", role: role) with
        {
            Walk = new Walk("event_participants", "event_id", "actor_id", role),
        };
}
