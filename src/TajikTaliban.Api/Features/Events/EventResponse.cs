using System.Text.Json.Serialization;
using TajikTaliban.Api.Platform.Evidence;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Representations;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Events;

/// <summary>Something that happened, was reported or is planned.</summary>
public sealed record EventResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>PLOVER event type; null for an event that is of none of them.</summary>
    public required string? Type { get; init; }

    /// <summary>The label of the type.</summary>
    public string? TypeLabel => Lists.EventTypes.LabelOf(Type);

    /// <summary>CAMEO event code.</summary>
    public required string? Cameo { get; init; }

    /// <summary>The label of the CAMEO code.</summary>
    public string? CameoLabel => Lists.Cameo.LabelOf(Cameo);

    /// <summary>PLOVER quad class, derived from the type: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict, 4 material
    /// conflict; null without a type.</summary>
    [CodesOf("quad-classes")]
    public required int? QuadClass { get; init; }

    /// <summary>The label of the quad class.</summary>
    public string? QuadClassLabel => Lists.QuadClasses.LabelOf(QuadClass);

    /// <summary>Goldstein score, -10 to +10, derived from the CAMEO code; null without one.</summary>
    public required decimal? Goldstein { get; init; }

    /// <summary>A title in one line.</summary>
    public required string Title { get; init; }

    /// <summary>Further details.</summary>
    public required string? Description { get; init; }

    /// <summary>Date (EDTF) of something that happened: at some moment in it. Null for an event that lasted.</summary>
    public required string? Date { get; init; }

    /// <summary>Beginning of an event that lasted (EDTF), or the interval in which it lies; `..`: none by nature; null: unknown.</summary>
    public required string? From { get; init; }

    /// <summary>End of an event that lasted (EDTF), or the interval in which it lies; `..`: none by nature; null: unknown.</summary>
    public required string? To { get; init; }

    /// <summary>The first possible day, within what is known; null if there is none.</summary>
    public required DateOnly? Earliest { get; init; }

    /// <summary>The last possible day, within what is known; null if there is none.</summary>
    public required DateOnly? Latest { get; init; }

    /// <summary>UCDP date_prec of the span: 1 a day, 2 within 2-6 days, 3 weeks, 4 a month, 5 longer.</summary>
    [CodesOf("date-precisions")]
    public required int DatePrecision { get; init; }

    /// <summary>The label of the precision of the date.</summary>
    public string DatePrecisionLabel => Lists.DatePrecisions.LabelOrCode(DatePrecision);

    /// <summary>The status: occurred, reported, planned, denied …</summary>
    public required string Status { get; init; }

    /// <summary>The label of the status.</summary>
    public string StatusLabel => Lists.EventStatuses.LabelOrCode(Status);

    /// <summary>The participants and their roles.</summary>
    public required IReadOnlyList<EventParticipantResponse> Participants { get; init; }

    /// <summary>The place.</summary>
    public required EventPlaceResponse? Place { get; init; }

    /// <summary>Numbers of deaths.</summary>
    public required EventDeathsResponse? Deaths { get; init; }

    /// <summary>UCDP type of violence.</summary>
    public required int? ViolenceType { get; init; }

    /// <summary>The label of the type of violence.</summary>
    public string? ViolenceTypeLabel => Lists.ViolenceTypes.LabelOf(ViolenceType);

    /// <summary>The sources of the record.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>The version number: 1, and 1 more with each change.</summary>
    public required int Version { get; init; }

    /// <summary>The instant of the commit of this version (UTC), as in its history.</summary>
    public required DateTimeOffset RecordedAt { get; init; }

    /// <summary>How surely the record is of the time that a list asks for; only in lists that ask for one.</summary>
    [CodesOf("holds")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Holds { get; init; }
}

/// <summary>A participant of an event.</summary>
public sealed record EventParticipantResponse
{
    /// <summary>The actor.</summary>
    public required string Actor { get; init; }

    /// <summary>The role.</summary>
    public required string Role { get; init; }

    /// <summary>The label of the role.</summary>
    public string RoleLabel => Lists.ParticipantRoles.LabelOrCode(Role);
}

/// <summary>A place and its precision.</summary>
public sealed record EventPlaceResponse
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>Latitude in WGS 84 degrees, north positive; null if unknown.</summary>
    [Unit("degrees")]
    public required decimal? Latitude { get; init; }

    /// <summary>Longitude in WGS 84 degrees, east positive; null if unknown.</summary>
    [Unit("degrees")]
    public required decimal? Longitude { get; init; }

    /// <summary>
    /// UCDP where_prec: 1 exact, 2 near, 3 second-order division, 4 first-order, 5 part of a country, 6 country, 7 water or international.
    /// </summary>
    public required int? Precision { get; init; }

    /// <summary>The label of the precision.</summary>
    public string? PrecisionLabel => Lists.PlacePrecisions.LabelOf(Precision);
}

/// <summary>Numbers of deaths (UCDP estimates).</summary>
/// <param name="Best">The best estimate.</param>
/// <param name="Low">The low estimate.</param>
/// <param name="High">The high estimate.</param>
public sealed record EventDeathsResponse(int Best, int Low, int High);
