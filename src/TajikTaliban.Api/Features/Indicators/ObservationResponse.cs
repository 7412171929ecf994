using TajikTaliban.Api.Platform.Evidence;

namespace TajikTaliban.Api.Features.Indicators;

/// <summary>One figure of an indicator.</summary>
public sealed record ObservationResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>The indicator.</summary>
    public required string Indicator { get; init; }

    /// <summary>The actors that the figure is of.</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>When it was so (EDTF).</summary>
    public required string Date { get; init; }

    /// <summary>The first day of the date; null is open.</summary>
    public required DateOnly? Earliest { get; init; }

    /// <summary>The last day of the date; null is open.</summary>
    public required DateOnly? Latest { get; init; }

    /// <summary>The value, in the indicator's unit, with every digit of the source; null where it is missing.</summary>
    public required decimal? Value { get; init; }

    /// <summary>True where the source says "about".</summary>
    public required bool Approximate { get; init; }

    /// <summary>SDMX observation status.</summary>
    public required string ObsStatus { get; init; }

    /// <summary>The status in words.</summary>
    public required string ObsStatusLabel { get; init; }

    /// <summary>What a reader has to know of the figure.</summary>
    public required string? Note { get; init; }

    /// <summary>Who says so.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>Counts up from 1 with every change.</summary>
    public required int Version { get; init; }

    /// <summary>When this version was recorded (UTC).</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}
