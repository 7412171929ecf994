using System.Text.Json.Nodes;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Model;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Events;

internal sealed class EventMapping : RecordMapping<EventRequest, Event, EventResponse>
{
    public override IValidator<EventRequest> Validator { get; } = new EventValidator();

    public override Event ToRecord(EventRequest request, string id, Func<ReferenceTarget, string, string> resolve)
    {
        var record = new Event
        {
            Id = id,
            Type = request.Type,
            Cameo = request.Cameo,
            QuadClass = Lists.EventTypes.FindOrNull(request.Type)?.MappingOrNull("quadClass") is { } quadClass
                ? short.Parse(quadClass, null) : null,
            Title = request.Title,
            Description = request.Description,
            Date = request.Date,
            From = request.From,
            To = request.To,
            Status = request.Status,
            Participants = [.. request.Participants.Select((p, i) => new EventParticipant
            {
                Ordinal = i,
                ActorId = resolve(ReferenceTarget.Actor, p.Actor),
                Role = p.Role,
            })],
            PlaceName = request.Place?.Name,
            Latitude = request.Place?.Latitude,
            Longitude = request.Place?.Longitude,
            PlacePrecision = (short?)request.Place?.Precision,
            DeathsBest = request.Deaths?.Best,
            DeathsLow = request.Deaths?.Low,
            DeathsHigh = request.Deaths?.High,
            ViolenceType = (short?)request.ViolenceType,
            Citations = [.. request.Citations.ToCitations(resolve)],
        };
        if (request.Date is not null)
            record.Set(Bounds.OfMoment(PartialDate.Parse(request.Date)));
        return record;
    }

    /// <summary>In shape 2, `~` and `?` widen a date.</summary>
    protected override IReadOnlyList<Action<JsonObject>> Upgrades { get; } =
    [
        json =>
        {
            var date = PartialDate.Parse((string)json["date"]!);
            var bounds = Bounds.OfMoment(date);
            (json["earliest"], json["latest"]) = (CourseJson.Day(bounds.Earliest), CourseJson.Day(bounds.Latest));
            json["datePrecision"] = date.Precision;
        },
    ];

    public override IEnumerable<Course> Courses(Event record) => record.Date is null ? [new(record, record.Citations)] : [];

    protected override void OnDated(Event record)
    {
        foreach (var participant in record.Participants)
            (participant.Earliest, participant.Latest) = (record.Earliest, record.Latest);
    }

    public override EventResponse ToResponse(Event record) => new()
    {
        Id = record.Id,
        Type = record.Type,
        Cameo = record.Cameo,
        QuadClass = record.QuadClass,
        Goldstein = Goldstein.ScoreOrNull(record.Cameo),
        Title = record.Title,
        Description = record.Description,
        Date = record.Date,
        From = record.From,
        To = record.To,
        Earliest = Bounds.Shown(record.Earliest),
        Latest = Bounds.Shown(record.Latest),
        DatePrecision = PartialDate.PrecisionOf(record.OuterEarliest, record.OuterLatest),
        Status = record.Status,
        Participants = [.. record.Participants.Select(p => new EventParticipantResponse { Actor = p.ActorId, Role = p.Role })],
        Place = record.PlaceName is null
            ? null : new EventPlaceResponse
            {
                Name = record.PlaceName,
                Latitude = record.Latitude,
                Longitude = record.Longitude,
                Precision = record.PlacePrecision,
            },
        Deaths = record.DeathsBest is null
            ? null : new EventDeathsResponse(record.DeathsBest.Value, record.DeathsLow!.Value, record.DeathsHigh!.Value),
        ViolenceType = record.ViolenceType,
        Citations = record.Citations.ToResponse(),
        Version = record.Version,
        RecordedAt = record.RecordedAt,
    };

    public override IEnumerable<Reference> References(EventRequest request) =>
    [
        .. (request.Participants ?? []).Select((p, i) => new Reference($"/participants/{i}/actor", ReferenceTarget.Actor, p?.Actor)),
        .. request.Citations.ToReferences(),
    ];

    public override IEnumerable<Related> Related(Event record) =>
        [new(ReferenceTarget.Actor, [.. record.Participants.Select(p => p.ActorId)])];

    public override string NaturalId(Event record) => RecordId.Slug(record.Title, record.Date ?? record.From ?? record.To);

    public override IEnumerable<string?> Names(EventResponse response) => [response.Title];

    public override RecordSummary Summarize(EventResponse response) =>
        new(response.Title, response.Type, response.TypeLabel);

    protected override IEnumerable<string?> Texts(EventResponse response) =>
    [
        response.Description,
        response.TypeLabel,
        response.CameoLabel,
        response.ViolenceTypeLabel,
        response.Place?.Name,
        .. response.Participants.Select(p => p.Actor),
    ];

    public override void Check(Event record, Errors errors)
    {
        var seen = new HashSet<(string, string)>();
        for (var i = 0; i < record.Participants.Count; i++)
        {
            var (actor, role) = (record.Participants[i].ActorId, record.Participants[i].Role);
            if (!seen.Add((actor, role)))
                errors.Add($"/participants/{i}", Fault.Duplicate("A participant appears twice in the same role.", actor));
        }
    }
}
