using TajikTaliban.Api.Platform.Evidence;

namespace TajikTaliban.Api.Features.Indicators;

/// <summary>What figures measure, and in which unit.</summary>
public sealed record IndicatorResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>What is measured.</summary>
    public required string Name { get; init; }

    /// <summary>The unit.</summary>
    public required string Unit { get; init; }

    /// <summary>How it is defined.</summary>
    public required string? Description { get; init; }

    /// <summary>Who defines it so.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>Counts up from 1 with every change.</summary>
    public required int Version { get; init; }

    /// <summary>When this version was recorded (UTC).</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}
