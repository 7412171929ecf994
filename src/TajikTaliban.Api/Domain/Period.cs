using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// The period a figure is for, as an SDMX time period: <c>2024</c> a year, <c>2024-S1</c> a half-year, <c>2024-Q1</c> a quarter,
/// <c>2024-M08</c> a month. Each begins with the calendar year, on 1 January.
/// </summary>
/// <remarks>
/// Years are those of <see cref="FigureYear"/>. One period has one text, so that a figure has one key: SDMX's Gregorian month
/// <c>2024-08</c>, which is the same days as <c>2024-M08</c>, is refused, and so are its other frequencies (trimesters, weeks, days), for
/// which there are no figures here.
/// </remarks>
public sealed record Period
{
    /// <summary>The maximum number of characters a text may have: those of a month, <c>2024-M08</c>.</summary>
    public const int MaxLength = 8;

    private const string Accepted =
        "Write a year such as 2024, a half-year such as 2024-S1, a quarter such as 2024-Q1, or a month such as 2024-M08.";

    private Period(string text, string frequency, int year, int firstMonth, int months)
    {
        Text = text;
        Frequency = frequency;
        Earliest = new DateOnly(year, firstMonth, 1);
        var last = firstMonth + months - 1;
        Latest = new DateOnly(year, last, DateTime.DaysInMonth(year, last));
    }

    /// <summary>The SDMX text, exactly as it was accepted.</summary>
    public string Text { get; }

    /// <summary>The SDMX frequency code (CL_FREQ): <c>A</c> a year, <c>S</c> a half-year, <c>Q</c> a quarter, <c>M</c> a month.</summary>
    public string Frequency { get; }

    /// <summary>The first day of the period.</summary>
    public DateOnly Earliest { get; }

    /// <summary>The last day of the period, that day included.</summary>
    public DateOnly Latest { get; }

    /// <summary>Reads an SDMX time period of frequency A, S, Q or M.</summary>
    /// <exception cref="FormatException">The text is not accepted; the message states the reason and the accepted forms.</exception>
    public static Period Parse(string text) =>
        TryParse(text, out var period, out var error) ? period : throw new FormatException(error.Message);

    /// <summary>
    /// Reads an SDMX time period of frequency A, S, Q or M; never throws. When it is not accepted, <paramref name="error"/> states the
    /// error and the accepted forms; it never repeats characters that a period cannot contain.
    /// </summary>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out Period? period,
        [NotNullWhen(false)] out Fault? error)
    {
        period = null;
        if (string.IsNullOrEmpty(text))
        {
            error = NotAPeriod("", $"The period is empty. {Accepted}");
            return false;
        }

        if (text.Length < 4 || text.AsSpan(0, 4).ContainsAnyExceptInRange('0', '9') || (text.Length > 4 && text[4] != '-'))
        {
            error = NotAPeriod(text, $"A period begins with a year of four digits, alone or followed by a hyphen. {Accepted}");
            return false;
        }

        var year = int.Parse(text.AsSpan(0, 4), NumberStyles.None, CultureInfo.InvariantCulture);
        if (year == 0)
        {
            error = NotAPeriod(text, $"There is no year 0000. {Accepted}");
            return false;
        }

        period = text.AsSpan(4) switch
        {
            "" => new Period(text, "A", year, 1, 12),
            ['-', 'S', var s and >= '1' and <= '2'] => new Period(text, "S", year, 6 * (s - '1') + 1, 6),
            ['-', 'Q', var q and >= '1' and <= '4'] => new Period(text, "Q", year, 3 * (q - '1') + 1, 3),
            ['-', 'M', '0', var m and >= '1' and <= '9'] => new Period(text, "M", year, m - '0', 1),
            ['-', 'M', '1', var m and >= '0' and <= '2'] => new Period(text, "M", year, m - '0' + 10, 1),
            _ => null,
        };
        error = period is null ? NotAPeriod(text, $"{Wrong(text)} {Accepted}") : null;
        if (period is not null && FigureYear.ErrorOrNull(year, period.Earliest.Month, MonthsOf(period.Frequency)) is { } implausible)
            (period, error) = (null, Fault.OutOfRange($"{implausible.Message} {Accepted}", FigureYear.First, FigureYear.Last));
        return period is not null;
    }

    /// <summary>Equal when the SDMX texts are; since one period has one text, when the days and the frequency are.</summary>
    public bool Equals(Period? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The SDMX text, exactly as it was accepted.</summary>
    public override string ToString() => Text;

    private static Fault NotAPeriod(string text, string message) => new(FaultCode.NotAPeriod, message, ("value", text));

    private static int MonthsOf(string frequency) => frequency switch { "A" => 12, "S" => 6, "Q" => 3, _ => 1 };

    private static string Wrong(string text) => text.AsSpan(4) switch
    {
        ['-', '0', >= '1' and <= '9'] or ['-', '1', >= '0' and <= '2'] => $"A month is written with an M: {text[..4]}-M{text[5..]}.",
        ['-', 'S', ..] => "A half-year is S1 or S2.",
        ['-', 'Q', ..] => "A quarter is Q1, Q2, Q3 or Q4.",
        ['-', 'M', ..] => "A month is two digits after the M, M01 to M12.",
        ['-', 's' or 'q' or 'm', ..] => "The letter of the frequency must be a capital.",
        ['-', 'A' or 'T' or 'W' or 'D', ..] => "SDMX's trimesters, weeks, days and the spelling A1 of a year are not accepted.",
        _ => "A year is followed by nothing, or by a hyphen and the half-year, quarter or month.",
    };
}
