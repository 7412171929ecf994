namespace TajikTaliban.Api.Features.Reports;

/// <summary>How many reports readers may send. <see cref="ReportSettings"/> reads it from the configuration.</summary>
public sealed record ReportOptions
{
    /// <summary>Reports an hour of a network without a key, or of a key; 0 is no limit.</summary>
    public int PerHour { get; init; } = 10;

    /// <summary>The largest number of open reports.</summary>
    public int MaxOpen { get; init; } = 1000;

    /// <summary>Days for which a closed report is kept.</summary>
    public int KeptDays { get; init; } = 180;
}
