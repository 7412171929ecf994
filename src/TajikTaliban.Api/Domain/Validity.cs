namespace TajikTaliban.Api.Domain;

/// <summary>The span from the first day of one partial date to the last of another; a missing one leaves that end open.</summary>
public static class Validity
{
    public static DateOnly Earliest(string? from) => from is null ? DateOnly.MinValue : PartialDate.Parse(from).Earliest;

    public static DateOnly Latest(string? to) => to is null ? DateOnly.MaxValue : PartialDate.Parse(to).Latest;

    /// <summary>False only when both ends can be read and the end lies wholly before the beginning.</summary>
    public static bool IsInOrder(string? from, string? to) =>
        !PartialDate.TryParse(from, out var start, out _) || !PartialDate.TryParse(to, out var end, out _) || start.Earliest <= end.Latest;

    /// <summary>A bound as it is served: an open end is null.</summary>
    public static DateOnly? Bound(DateOnly day) => day == DateOnly.MinValue || day == DateOnly.MaxValue ? null : day;
}
