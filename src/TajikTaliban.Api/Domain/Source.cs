namespace TajikTaliban.Api.Domain;

/// <summary>A document or a dataset that records cite.</summary>
public sealed class Source : Record
{
    public required string Kind { get; set; }

    public required string Title { get; set; }

    public List<string> Authors { get; set; } = [];

    public string? Publisher { get; set; }

    /// <summary>When it was published, as EDTF text; its bounds are in <see cref="Earliest"/> and <see cref="Latest"/>.</summary>
    public string? Published { get; set; }

    /// <summary>The first day of publication; of an undated source <see cref="DateOnly.MaxValue"/>: it comes after all others.</summary>
    public DateOnly Earliest { get; set; } = DateOnly.MaxValue;

    /// <summary>The last day of publication; of an undated source <see cref="DateOnly.MaxValue"/>.</summary>
    public DateOnly Latest { get; set; } = DateOnly.MaxValue;

    public string? Url { get; set; }

    public string? Licence { get; set; }

    public string? Description { get; set; }

    /// <summary>The time that it covers, as EDTF text.</summary>
    public string? CoveragePeriod { get; set; }

    /// <summary>What it covers; null if that is not known.</summary>
    public string? CoverageAbout { get; set; }

    public string? CoverageSilentOn { get; set; }
}
