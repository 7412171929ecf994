namespace TajikTaliban.Api.Domain;

/// <summary>A state, movement, authority, organisation, person or group that relations, events and figures are about.</summary>
public sealed class Actor : CitedRecord
{
    public required string Type { get; set; }

    public required string Name { get; set; }

    public List<ActorName> Names { get; init; } = [];

    /// <summary>PLOVER sector codes.</summary>
    public List<string> Sectors { get; set; } = [];

    public List<ActorIdentifierEntry> Identifiers { get; init; } = [];

    public List<ActorStatus> Statuses { get; init; } = [];

    public string? Description { get; set; }

    /// <summary>Ids of actors that were merged into this one.</summary>
    public List<string> Referents { get; set; } = [];
}

public sealed class ActorName
{
    public int Ordinal { get; set; }

    public required string Text { get; set; }

    public string? Lang { get; set; }

    public required string Kind { get; set; }
}

/// <summary>An identifier that an actor holds; (scheme, value) belongs to one actor alone.</summary>
public sealed class ActorIdentifierEntry
{
    public int Ordinal { get; set; }

    public required string Scheme { get; set; }

    public required string Value { get; set; }
}

/// <summary>A status that an actor had for a time, and, where it is a judgement (recognition, a ban), in whose eyes.</summary>
public sealed class ActorStatus : ILasting
{
    public int Ordinal { get; set; }

    public required string Status { get; set; }

    /// <summary>The beginning, as text of a <see cref="CourseEnd"/>.</summary>
    public string? From { get; set; }

    public string? To { get; set; }

    public DateOnly Earliest { get; set; }

    public DateOnly Latest { get; set; }

    public DateOnly LatestBegin { get; set; }

    public DateOnly EarliestEnd { get; set; }

    public DateOnly OuterEarliest { get; set; }

    public DateOnly OuterLatest { get; set; }

    public string? ById { get; set; }
}
