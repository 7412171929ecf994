using System.Globalization;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>A date as text, with the first and last day that it means, written down by hand: the tests' own reading of EDTF.</summary>
public sealed record Dated(string Text, DateOnly First, DateOnly Last)
{
    private static readonly DateOnly Open = DateOnly.MinValue;
    private static readonly DateOnly Ever = DateOnly.MaxValue;

    public static IReadOnlyList<Dated> Days { get; } =
        [.. Enumerable.Range(0, 24).Select(i => Day(new DateOnly(2024, 8, 10).AddDays(i))), Day(new(1997, 1, 1)), Day(new(2024, 2, 29)),
            Day(new(2021, 8, 15))];

    /// <summary>Without intervals, as one end of a validity takes them.</summary>
    public static IReadOnlyList<Dated> Partial { get; } =
    [
        new("1996", new(1996, 1, 1), new(1996, 12, 31)), new("2004", new(2004, 1, 1), new(2004, 12, 31)),
            new("201X", new(2010, 1, 1), new(2019, 12, 31)),
        new("2021~", new(2020, 1, 1), new(2022, 12, 31)), new("2024", new(2024, 1, 1), new(2024, 12, 31)),
            new("2024-02", new(2024, 2, 1), new(2024, 2, 29)),
        new("2024-08", new(2024, 8, 1), new(2024, 8, 31)), new("2004-XX", new(2004, 1, 1), new(2004, 12, 31)),
            new("1991?", new(1990, 1, 1), new(1992, 12, 31)),
    ];

    public static IReadOnlyList<Dated> Intervals { get; } =
    [
        new("2024-08-16/2024-08-31", new(2024, 8, 16), new(2024, 8, 31)), new("1996/2001", new(1996, 1, 1), new(2001, 12, 31)),
        new("../2004", Open, new(2004, 12, 31)), new("2024-08-26/..", new(2024, 8, 26), Ever),
            new("2021~/2024~", new(2020, 1, 1), new(2025, 12, 31)),
        new("/1996", Open, new(1996, 12, 31)), new("2004-03/2021-08-15", new(2004, 3, 1), new(2021, 8, 15)),
            new("2024-02/", new(2024, 2, 1), Ever),
        // a year and a day, and a day more: lists look for long and short records in different indexes
        new("2023-08-15/2024-08-15", new(2023, 8, 15), new(2024, 8, 15)), new("2023-08-14/2024-08-15", new(2023, 8, 14), new(2024, 8, 15)),
    ];

    public static IReadOnlyList<Dated> All { get; } = [.. Days, .. Partial, .. Intervals];

    /// <summary>Intervals in which a beginning or an end may lie: without an open side.</summary>
    public static IReadOnlyList<Dated> Ends { get; } = [.. Intervals.Where(i => !i.Text.Contains("..", StringComparison.Ordinal))];

    /// <summary>The first day, an unknown side closed at its last known bound.</summary>
    public DateOnly KnownFirst => Text.StartsWith('/') ? Last : First;

    /// <summary>The last day, an unknown side closed at its last known bound.</summary>
    public DateOnly KnownLast => Text.EndsWith('/') ? First : Last;

    private static Dated Day(DateOnly day) => new(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), day, day);
}
