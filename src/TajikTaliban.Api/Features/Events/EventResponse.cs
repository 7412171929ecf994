using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.Features.Events;

/// <summary>Something that happened, was reported or is planned.</summary>
public sealed record EventResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>PLOVER event type.</summary>
    public required string Type { get; init; }

    /// <summary>The type in words.</summary>
    public required string TypeLabel { get; init; }

    /// <summary>CAMEO event code.</summary>
    public required string? Cameo { get; init; }

    /// <summary>The CAMEO code in words.</summary>
    public required string? CameoLabel { get; init; }

    /// <summary>PLOVER quad class, which follows from the type: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material conflict.</summary>
    public required int QuadClass { get; init; }

    /// <summary>Goldstein score, -10 to +10, derived from the CAMEO code; null without one.</summary>
    public required decimal? Goldstein { get; init; }

    /// <summary>What happened, in a line.</summary>
    public required string Title { get; init; }

    /// <summary>What else there is to say.</summary>
    public required string? Description { get; init; }

    /// <summary>When (EDTF).</summary>
    public required string Date { get; init; }

    /// <summary>The first day on which it may have happened; null is open.</summary>
    public required DateOnly? Earliest { get; init; }

    /// <summary>The last day on which it may have happened; null is open.</summary>
    public required DateOnly? Latest { get; init; }

    /// <summary>UCDP date_prec of the span: 1 a day, 2 within 2-6 days, 3 weeks, 4 a month, 5 longer.</summary>
    public required int DatePrecision { get; init; }

    /// <summary>Whether it happened, is reported, planned, denied …</summary>
    public required string Status { get; init; }

    /// <summary>Who took part, and as what.</summary>
    public required IReadOnlyList<EventParticipantResponse> Participants { get; init; }

    /// <summary>Where.</summary>
    public required EventPlaceResponse? Place { get; init; }

    /// <summary>Deaths, where there were any.</summary>
    public required EventDeathsResponse? Deaths { get; init; }

    /// <summary>UCDP type of violence.</summary>
    public required int? ViolenceType { get; init; }

    /// <summary>Who says so.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>Counts up from 1 with every change.</summary>
    public required int Version { get; init; }

    /// <summary>When this version was recorded (UTC).</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}

/// <summary>An actor's part in an event.</summary>
/// <param name="Actor">The actor.</param>
/// <param name="Role">The role.</param>
public sealed record EventParticipantResponse(string Actor, string Role);

/// <summary>A place, as exactly as it is known.</summary>
/// <param name="Name">The name.</param>
/// <param name="Latitude">WGS 84 degrees, north positive; null where it is not known.</param>
/// <param name="Longitude">WGS 84 degrees, east positive; null where it is not known.</param>
/// <param name="Precision">UCDP where_prec: 1 exact, 2 near, 3 second-order division, 4 first-order, 5 part of a country, 6 country,
/// 7 water or international.</param>
public sealed record EventPlaceResponse(
    string Name, [property: Unit("degrees")] decimal? Latitude, [property: Unit("degrees")] decimal? Longitude, int? Precision);

/// <summary>Numbers of deaths, as UCDP gives them.</summary>
/// <param name="Best">The best estimate.</param>
/// <param name="Low">The low estimate.</param>
/// <param name="High">The high estimate.</param>
public sealed record EventDeathsResponse(int Best, int Low, int High);
