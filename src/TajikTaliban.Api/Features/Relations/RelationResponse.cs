using TajikTaliban.Api.Platform.Evidence;

namespace TajikTaliban.Api.Features.Relations;

/// <summary>How one actor stands to another, from when to when.</summary>
public sealed record RelationResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>What kind of relation it is.</summary>
    public required string Type { get; init; }

    /// <summary>The type in words.</summary>
    public required string TypeLabel { get; init; }

    /// <summary>True when it goes from subject to object alone; false when it holds both ways. It follows from the type.</summary>
    public required bool Directed { get; init; }

    /// <summary>The actor from whom it goes.</summary>
    public required string Subject { get; init; }

    /// <summary>The actor to whom it goes.</summary>
    public required string Object { get; init; }

    /// <summary>The stance of the subject.</summary>
    public required string? Stance { get; init; }

    /// <summary>Since when it held (EDTF); null is open.</summary>
    public required string? From { get; init; }

    /// <summary>Until when it held (EDTF); null is open.</summary>
    public required string? To { get; init; }

    /// <summary>The first day on which it may have held; null is open.</summary>
    public required DateOnly? Earliest { get; init; }

    /// <summary>The last day on which it may have held; null is open.</summary>
    public required DateOnly? Latest { get; init; }

    /// <summary>The relation in a sentence.</summary>
    public required string? Summary { get; init; }

    /// <summary>Who says so.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>Counts up from 1 with every change.</summary>
    public required int Version { get; init; }

    /// <summary>When this version was recorded (UTC).</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}
