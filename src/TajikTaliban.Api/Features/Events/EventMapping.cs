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
        Cameo = record.Cameo,
        QuadClass = record.QuadClass,
        Goldstein = Goldstein.ScoreOrNull(record.Cameo),
        Title = record.Title,
        Description = record.Description,
        Date = record.Date,
        Earliest = Validity.Bound(record.Earliest),
        Latest = Validity.Bound(record.Latest),
        DatePrecision = PartialDate.Parse(record.Date).Precision,
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

    public override string NaturalId(Event record) => RecordId.Slug(record.Title, record.Date);

    protected override IEnumerable<string?> SearchTexts(Event record) =>
        [record.Title, record.Description, record.PlaceName, .. record.Participants.Select(p => p.ActorId.Replace('-', ' '))];

    public override void Check(Event record, Errors errors)
    {
        var seen = new HashSet<(string, string)>();
        for (var i = 0; i < record.Participants.Count; i++)
        {
            if (!seen.Add((record.Participants[i].ActorId, record.Participants[i].Role)))
                errors.Add($"/participants/{i}", "A participant appears twice in the same role.");
        }
    }
}
