namespace TajikTaliban.Api.Domain;

/// <summary>An event that happened, was reported or is planned.</summary>
public sealed class Event : CitedRecord, ILasting
{
    /// <summary>PLOVER event type; null for an event that is of none of them.</summary>
    public string? Type { get; set; }

    /// <summary>CAMEO code, leading zero kept.</summary>
    public string? Cameo { get; set; }

    /// <summary>PLOVER quad class, 1-4, which follows from the type; null without one.</summary>
    public short? QuadClass { get; set; }

    public required string Title { get; set; }

    public string? Description { get; set; }

    /// <summary>When it happened: some moment in this EDTF date. Null for an event that lasted, which has a beginning or an end.</summary>
    public string? Date { get; set; }

    /// <summary>The beginning of an event that lasted, as text of a <see cref="CourseEnd"/>.</summary>
    public string? From { get; set; }

    public string? To { get; set; }

    public DateOnly Earliest { get; set; }

    public DateOnly Latest { get; set; }

    public DateOnly LatestBegin { get; set; }

    public DateOnly EarliestEnd { get; set; }

    public DateOnly OuterEarliest { get; set; }

    public DateOnly OuterLatest { get; set; }

    public required string Status { get; set; }

    public List<EventParticipant> Participants { get; init; } = [];

    public string? PlaceName { get; set; }

    /// <summary>WGS 84 degrees.</summary>
    public decimal? Latitude { get; set; }

    public decimal? Longitude { get; set; }

    /// <summary>UCDP where_prec, 1-7.</summary>
    public short? PlacePrecision { get; set; }

    public int? DeathsBest { get; set; }

    public int? DeathsLow { get; set; }

    public int? DeathsHigh { get; set; }

    /// <summary>UCDP type_of_violence, 1-3.</summary>
    public short? ViolenceType { get; set; }
}

/// <summary>An actor's part in an event. It repeats the event's bounds: one index then has an actor's events by date.</summary>
public sealed class EventParticipant
{
    public int Ordinal { get; set; }

    public required string ActorId { get; set; }

    public required string Role { get; set; }

    public DateOnly Earliest { get; set; }

    public DateOnly Latest { get; set; }
}
