using TajikTaliban.Api.Platform.Evidence;

namespace TajikTaliban.Api.Features.Indicators;

/// <summary>An indicator: a measure and its unit.</summary>
public sealed record IndicatorResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>The measure.</summary>
    public required string Name { get; init; }

    /// <summary>The unit.</summary>
    public required string Unit { get; init; }

    /// <summary>The definition.</summary>
    public required string? Description { get; init; }

    /// <summary>The sources of the definition.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>The version number: 1, and 1 more with each change.</summary>
    public required int Version { get; init; }

    /// <summary>The instant of the commit of this version (UTC), as in its history.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}
