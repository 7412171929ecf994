using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Validation;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Events;

/// <summary>Something that happened, was reported or is planned.</summary>
public sealed record EventRequest : IRecordRequest
{
    /// <summary>A stable slug (default: made from date and title).</summary>
    public string? Id { get; init; }

    /// <summary>PLOVER event type. Omit it for an event that is of none of them, such as the end of a state.</summary>
    public string? Type { get; init; }

    /// <summary>CAMEO event code with its leading zero.</summary>
    public string? Cameo { get; init; }

    /// <summary>A neutral title in one line.</summary>
    public required string Title { get; init; }

    /// <summary>Further details.</summary>
    public string? Description { get; init; }

    /// <summary>Date (EDTF) of something that happened: a day, a month, a year, or an interval that contains the event. Required unless
    /// `from` or `to` is given.</summary>
    public string? Date { get; init; }

    /// <summary>Beginning of an event that lasted (EDTF), or the interval in which it lies (`2021~/2024~`, `/1996`: by then at the latest);
    /// `..` if it has none by nature, null if it is unknown. In place of `date`.</summary>
    public string? From { get; init; }

    /// <summary>End of an event that lasted, in the same forms. In place of `date`.</summary>
    public string? To { get; init; }

    /// <summary>The status: occurred, reported, planned, denied …</summary>
    public required string Status { get; init; }

    /// <summary>The participants and their roles.</summary>
    public required IReadOnlyList<EventParticipantRequest> Participants { get; init; }

    /// <summary>The place.</summary>
    public EventPlaceRequest? Place { get; init; }

    /// <summary>Numbers of deaths.</summary>
    public EventDeathsRequest? Deaths { get; init; }

    /// <summary>UCDP type of violence, for events of violence: 1 state-based, 2 non-state, 3 one-sided.</summary>
    public int? ViolenceType { get; init; }

    /// <summary>The sources of the record.</summary>
    public required IReadOnlyList<CitationRequest> Citations { get; init; }
}

/// <summary>A participant of an event.</summary>
public sealed record EventParticipantRequest
{
    /// <summary>The actor, by id or identifier.</summary>
    public required string Actor { get; init; }

    /// <summary>The role.</summary>
    public required string Role { get; init; }
}

/// <summary>A place and its precision.</summary>
public sealed record EventPlaceRequest
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Latitude in WGS 84 degrees, north positive; requires the longitude.</summary>
    public decimal? Latitude { get; init; }

    /// <summary>Longitude in WGS 84 degrees, east positive; requires the latitude.</summary>
    public decimal? Longitude { get; init; }

    /// <summary>UCDP where_prec: 1 exact, 2 near, 3 second-order division, 4 first-order, 5 part of a country, 6 country, 7 water or
    /// international.</summary>
    public int? Precision { get; init; }
}

/// <summary>Numbers of deaths (UCDP estimates).</summary>
public sealed record EventDeathsRequest
{
    /// <summary>The best estimate.</summary>
    public required int Best { get; init; }

    /// <summary>The low estimate.</summary>
    public required int Low { get; init; }

    /// <summary>The high estimate.</summary>
    public required int High { get; init; }
}

internal sealed class EventValidator : AbstractValidator<EventRequest>
{
    public EventValidator()
    {
        RuleFor(e => e.Id).Slug();
        RuleFor(e => e.Type).Code(Lists.EventTypes);
        RuleFor(e => e.Cameo).Code(Lists.Cameo);
        RuleFor(e => e.Cameo).Must((e, cameo) => Agrees(e.Type, cameo))
            .WithFault((e, cameo) => new Fault(FaultCode.Contradiction,
                $"The CAMEO code is of quad class {Lists.Cameo.FindOrNull(cameo)?.MappingOrNull("quadClass")}, the "
                + $"type {e.Type} of {QuadClass(e.Type)}: they contradict each other.", ("value", cameo), ("with", (string[])["type"])));
        RuleFor(e => e.Title).Line(Limits.Title);
        RuleFor(e => e.Description).Line(Limits.Description);
        RuleFor(e => e.Date).Edtf();
        RuleFor(e => e.Date).NotNull().When(e => e.From is null && e.To is null)
            .WithFault(new Fault(
                FaultCode.Required, "A date is required, or the beginning or end of an event that lasted (`from`, `to`)."));
        RuleFor(e => e.Date).Null().When(e => e.From is not null || e.To is not null)
            .WithFault(Fault.Exclusive(
                "Send either `date`, for something that happened, or `from` and `to`, for an event that lasted.", "date", "from", "to"));
        RuleFor(e => e.From).CourseEnd();
        RuleFor(e => e.To).CourseEnd(after: e => e.From);
        RuleFor(e => e.Status).Code(Lists.EventStatuses);
        RuleFor(e => e.Participants).NotEmpty().WithFault(Fault.TooFew("At least one participant is required."))
            .Distinct(p => (p.Actor, p.Role), "A participant appears twice in the same role.");
        RuleForEach(e => e.Participants).ChildRules(participant =>
        {
            participant.RuleFor(p => p.Actor).Reference();
            participant.RuleFor(p => p.Role).Code(Lists.ParticipantRoles);
        });
        RuleFor(e => e.Place!).ChildRules(place =>
        {
            place.RuleFor(p => p.Name).Line(Limits.Name);
            place.RuleFor(p => p.Latitude).InclusiveBetween(-90, 90).WithFault(Rules.Latitude);
            place.RuleFor(p => p.Longitude).InclusiveBetween(-180, 180).WithFault(Rules.Longitude);
            place.RuleFor(p => p.Longitude).Must((p, longitude) => longitude.HasValue == p.Latitude.HasValue)
                .WithFault(new Fault(FaultCode.Incomplete, "Set both latitude and longitude, or neither.",
                    ("with", (string[])["latitude", "longitude"])));
            place.RuleFor(p => p.Precision).InclusiveBetween(1, 7)
                .WithFault(Fault.OutOfRange("Precision must be from 1 to 7 (code list place-precisions).", 1, 7));
        }).When(e => e.Place is not null);
        RuleFor(e => e.Deaths!).ChildRules(deaths =>
        {
            deaths.RuleFor(d => d.Low).GreaterThanOrEqualTo(0).WithFault(Fault.NotNegative);
            deaths.RuleFor(d => d.Best).GreaterThanOrEqualTo(d => d.Low)
                .WithFault((d, _) => Fault.OutOfRange("The best estimate must not be below the low one.", d.Low, null));
            deaths.RuleFor(d => d.High).GreaterThanOrEqualTo(d => d.Best)
                .WithFault((d, _) => Fault.OutOfRange("The high estimate must not be below the best one.", d.Best, null));
        }).When(e => e.Deaths is not null);
        RuleFor(e => e.ViolenceType).InclusiveBetween(1, 3)
            .WithFault(Fault.OutOfRange("The type of violence must be from 1 to 3 (code list violence-types).", 1, 3));
        this.MustCite(e => e.Citations);
    }

    private static bool Agrees(string? type, string? cameo) =>
        Lists.Cameo.FindOrNull(cameo) is not { } code || QuadClass(type) is not { } quad || code.MappingOrNull("quadClass") is not { } other
            || quad == other;

    private static string? QuadClass(string? type) => Lists.EventTypes.FindOrNull(type)?.MappingOrNull("quadClass");
}
