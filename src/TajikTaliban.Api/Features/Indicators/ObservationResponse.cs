using TajikTaliban.Api.Platform.Evidence;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.Indicators;

/// <summary>An observation: one figure of an indicator.</summary>
public sealed record ObservationResponse
{
    /// <summary>The id, a stable slug.</summary>
    public required string Id { get; init; }

    /// <summary>The indicator.</summary>
    public required string Indicator { get; init; }

    /// <summary>The actors that the figure describes.</summary>
    public required IReadOnlyList<string> Subjects { get; init; }

    /// <summary>Date of the observation (EDTF).</summary>
    public required string Date { get; init; }

    /// <summary>The first day of the date; null is open.</summary>
    public required DateOnly? Earliest { get; init; }

    /// <summary>The last day of the date; null is open.</summary>
    public required DateOnly? Latest { get; init; }

    /// <summary>The value, in the indicator's unit, with all digits of the source; null if missing.</summary>
    public required decimal? Value { get; init; }

    /// <summary>True if the source states the value as approximate.</summary>
    public required bool Approximate { get; init; }

    /// <summary>SDMX observation status.</summary>
    public required string ObsStatus { get; init; }

    /// <summary>The label of the observation status.</summary>
    public string ObsStatusLabel => Lists.ObsStatuses.LabelOrCode(ObsStatus);

    /// <summary>A note on the figure.</summary>
    public required string? Note { get; init; }

    /// <summary>The sources of the record.</summary>
    public required IReadOnlyList<CitationResponse> Citations { get; init; }

    /// <summary>The version number: 1, and 1 more with each change.</summary>
    public required int Version { get; init; }

    /// <summary>The instant of the commit of this version (UTC), as in its history.</summary>
    public required DateTimeOffset RecordedAt { get; init; }
}
