using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// A date as far as it is known, in the Extended Date/Time Format (EDTF, ISO 8601-2:2019), levels 0 and 1: <c>1996</c>, <c>2024-08</c>,
/// <c>2024-08-16</c>, with unspecified digits (<c>201X</c>, <c>2004-XX</c>), as a season (<c>2001-21</c>), qualified (<c>2021~</c> about,
/// <c>2021?</c> uncertain, <c>2021%</c> both), and intervals of these (<c>2024-08-16/2024-08-31</c>, <c>2024-08-26/..</c>).
/// </summary>
/// <remarks>
/// <para>The text is kept exactly as it was given; two dates are equal when their texts are. Beside it stand the first and the last day
/// that the text allows, which filters and order use, and always <c>Earliest &lt;= Latest</c>.</para>
/// <para>Narrower than the standard: years are 0001 to 9999, the range of <see cref="DateOnly"/>, and there are no times of day.
/// Wider in one place: a season may be qualified and may bound an interval, as any other date may.</para>
/// </remarks>
public sealed record PartialDate
{
    /// <summary>The maximum number of characters a text may have. The longest form accepted today has 23.</summary>
    public const int MaxLength = 64;

    private const string Accepted =
        "Write an EDTF date such as 2024, 2024-08, 2024-08-16, 201X or 2021~, or an interval such as "
        + "2024-08-16/2024-08-31 or 2024-08-26/..";

    private const int Spring = 21;
    private const int Winter = 24;
    private const int LastSubYearGroupingOfLevel2 = 41;

    private static readonly SearchValues<char> AllowedCharacters = SearchValues.Create("0123456789-/X?~%.");

    private PartialDate(string text, Side start, Side end, bool isInterval)
    {
        Text = text;
        Earliest = start.Allowed.First;
        Latest = end.Allowed.Last;
        (WrittenEarliest, WrittenLatest) = (start.Written.First, end.Written.Last);
        IsInterval = isInterval;
        IsApproximate = start.IsApproximate || end.IsApproximate;
        IsUncertain = start.IsUncertain || end.IsUncertain;
        IsOpenStart = start.Kind is not SideKind.Date;
        IsOpenEnd = end.Kind is not SideKind.Date;
        IsUnknownStart = start.Kind is SideKind.Unknown;
        IsUnknownEnd = end.Kind is SideKind.Unknown;
    }

    private enum SideKind
    {
        Date,
        Open,
        Unknown,
    }

    /// <summary>
    /// The EDTF text, exactly as it was accepted: ASCII, without white space, at most <see cref="MaxLength"/> characters.
    /// </summary>
    public string Text { get; }

    /// <summary>
    /// The first day the text allows; <see cref="DateOnly.MinValue"/> where the start is open or unknown. "About" and "uncertain" (and
    /// both) move it by one unit of the date's precision: <c>2021~</c> begins in 2020, <c>2024-09?</c> in August 2024.
    /// </summary>
    public DateOnly Earliest { get; }

    /// <summary>
    /// The last day the text allows, that day included; <see cref="DateOnly.MaxValue"/> where the end is open or unknown. "About" and
    /// "uncertain" move it as they move <see cref="Earliest"/>.
    /// </summary>
    public DateOnly Latest { get; }

    /// <summary><see cref="Earliest"/> as if the date were neither "about" nor "uncertain".</summary>
    public DateOnly WrittenEarliest { get; }

    /// <summary><see cref="Latest"/> as if the date were neither "about" nor "uncertain".</summary>
    public DateOnly WrittenLatest { get; }

    /// <summary>Whether the text has two sides, <c>start/end</c>.</summary>
    public bool IsInterval { get; }

    /// <summary>Whether the date, or either side of the interval, is marked as approximate: <c>~</c> or <c>%</c>.</summary>
    public bool IsApproximate { get; }

    /// <summary>Whether the date, or either side of the interval, is marked as uncertain: <c>?</c> or <c>%</c>.</summary>
    public bool IsUncertain { get; }

    /// <summary>
    /// Whether the interval has no date for its start, be it open (<c>../2004</c>) or unknown (<c>/2004</c>). Ask this rather than compare
    /// <see cref="Earliest"/> with <see cref="DateOnly.MinValue"/>, which is also the first day of the year 0001.
    /// </summary>
    public bool IsOpenStart { get; }

    /// <summary>
    /// Whether the interval has no date for its end, be it open (<c>2024/..</c>) or unknown (<c>2024/</c>). Ask this rather than compare
    /// <see cref="Latest"/> with <see cref="DateOnly.MaxValue"/>, which is also the last day of the year 9999.
    /// </summary>
    public bool IsOpenEnd { get; }

    /// <summary>Whether there was a start that is not known (<c>/2004</c>), as distinct from none being set (<c>../2004</c>).</summary>
    public bool IsUnknownStart { get; }

    /// <summary>Whether there is an end that is not known (<c>2004/</c>), as distinct from none being set (<c>2004/..</c>).</summary>
    public bool IsUnknownEnd { get; }

    /// <summary>
    /// The precision of the span from <see cref="Earliest"/> to <see cref="Latest"/> in the classes of UCDP's <c>date_prec</c>: 1 one day,
    /// 2 two to six days, 3 a week of seven days, 4 eight to 31 days (so that every month is in it), 5 longer, open or unknown. "About" and
    /// "uncertain" count: <c>2024-08-16~</c> is three days, and 2.
    /// </summary>
    public int Precision => IsOpenStart || IsOpenEnd ? 5 : PrecisionOf(Earliest, Latest);

    /// <summary>The precision of a span, in the classes of <see cref="Precision"/>.</summary>
    public static int PrecisionOf(DateOnly earliest, DateOnly latest) => (latest.DayNumber - earliest.DayNumber + 1) switch
    {
        1 => 1,
        <= 6 => 2,
        7 => 3,
        <= 31 => 4,
        _ => 5,
    };

    /// <summary>The date of one whole day.</summary>
    public static PartialDate Day(DateOnly day)
    {
        var side = new Side(SideKind.Date, new Days(day, day), new Days(day, day), IsApproximate: false, IsUncertain: false);
        return new PartialDate(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), side, side, isInterval: false);
    }

    /// <summary>Reads an EDTF text of level 0 or 1.</summary>
    /// <exception cref="FormatException">The text is not accepted; the message states the reason and the accepted forms.</exception>
    public static PartialDate Parse(string text) =>
        TryParse(text, out var date, out var error) ? date : throw new FormatException(error);

    /// <summary>
    /// Reads an EDTF text of level 0 or 1; never throws. When it is not accepted, <paramref name="error"/> states the error and the
    /// accepted forms; it never repeats characters that a date cannot contain.
    /// </summary>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out PartialDate? date,
        [NotNullWhen(false)] out string? error)
    {
        date = null;
        if (string.IsNullOrEmpty(text))
        {
            error = $"The date is empty. {Accepted}";
            return false;
        }

        if (text.Length > MaxLength)
        {
            error = $"A date has at most {MaxLength} characters; this one has {text.Length}. {Accepted}";
            return false;
        }

        error = ForeignCharacter(text);
        if (error is not null)
        {
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            if (!TryParseSide(text, out var side, out error))
            {
                return false;
            }

            if (side.Kind is SideKind.Open)
            {
                error = $"'..' stands for an open start or end and needs a date on the other side of a slash. {Accepted}";
                return false;
            }

            date = new PartialDate(text, side, side, isInterval: false);
            return true;
        }

        if (text.LastIndexOf('/') != slash)
        {
            error = $"An interval has exactly one slash; '{text}' has more. {Accepted}";
            return false;
        }

        if (!TryParseSide(text.AsSpan(0, slash), out var start, out error)
            || !TryParseSide(text.AsSpan(slash + 1), out var end, out error))
        {
            return false;
        }

        if (start.Kind is not SideKind.Date && end.Kind is not SideKind.Date)
        {
            error = $"An interval needs a date on at least one side; '{text}' has none. {Accepted}";
            return false;
        }

        // The sides may overlap, since each may be less than a day exact (2024-08/2024-08-16): only when no day of the start can come
        // before some day of the end is the interval backwards.
        if (start.Written.First > end.Written.Last)
        {
            error = $"The interval '{text}' ends before it starts. Write the earlier date first, as in 2024-08-16/2024-08-31.";
            return false;
        }

        date = new PartialDate(text, start, end, isInterval: true);
        return true;
    }

    /// <summary>
    /// Whether any day from <paramref name="from"/> to <paramref name="to"/>, both included, is among those the text allows. False when
    /// <paramref name="to"/> is before <paramref name="from"/>, as no day is from one to the other.
    /// </summary>
    public bool Overlaps(DateOnly from, DateOnly to) => from <= to && Earliest <= to && from <= Latest;

    /// <summary>
    /// Equal when the EDTF texts are, character by character: <c>2021</c> and <c>2021~</c> have the same bounds and are not equal.
    /// </summary>
    public bool Equals(PartialDate? other) => other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The EDTF text, exactly as it was accepted.</summary>
    public override string ToString() => Text;

    private static string? ForeignCharacter(string text)
    {
        var at = text.AsSpan().IndexOfAnyExcept(AllowedCharacters);
        if (at < 0)
        {
            return null;
        }

        var c = text[at];
        if (at > 0 && c is 'T' or ':' or 'Z')
        {
            return $"A time of day is not accepted, only the day. {Accepted}";
        }

        if (c is 'Y' or 'E' or 'S')
        {
            return $"Years are written with four digits, from 0001 to 9999; the forms with Y, E and S are not accepted. {Accepted}";
        }

        if (c is '[' or '{' or ',')
        {
            return $"Sets of dates (EDTF level 2) are not accepted. {Accepted}";
        }

        if (c is 'x' or 'u' or 'U')
        {
            return $"An unspecified digit is written as a capital X, as in 201X or 2004-XX; position {at + 1} has '{c}'. {Accepted}";
        }

        var name = char.IsAsciiLetterOrDigit(c) || char.IsBetween(c, '!', '~') ? $"'{c}'" : $"U+{(int)c:X4}";
        return $"A date is made of ASCII digits, hyphens and the marks / .. X ? ~ %; position {at + 1} has {name}. {Accepted}";
    }

    private static bool TryParseSide(ReadOnlySpan<char> text, out Side side, [NotNullWhen(false)] out string? error)
    {
        side = default;
        error = null;
        switch (text)
        {
            case "":
                side = new Side(SideKind.Unknown, Days.All, Days.All, IsApproximate: false, IsUncertain: false);
                return true;
            case "..":
                side = new Side(SideKind.Open, Days.All, Days.All, IsApproximate: false, IsUncertain: false);
                return true;
        }

        var qualifier = text[^1] is '?' or '~' or '%' ? text[^1] : '\0';
        var date = qualifier == '\0' ? text : text[..^1];
        if (date.IsEmpty || date.ContainsAny("?~%"))
        {
            error = $"'?', '~' and '%' stand once, at the end of a date, and speak of all of it; '{text}' has them elsewhere. {Accepted}";
            return false;
        }

        error = TryParseDate(date, out var earliest, out var latest);
        if (error is not null)
        {
            return false;
        }

        var written = new Days(earliest, latest);
        var allowed = qualifier == '\0' ? written : written.Widened(UnitOf(date));
        side = new Side(SideKind.Date, written, allowed, qualifier is '~' or '%', qualifier is '?' or '%');
        return true;
    }

    /// <summary>Reads one date without its qualifier; returns the error message, or null.</summary>
    private static string? TryParseDate(ReadOnlySpan<char> date, out DateOnly earliest, out DateOnly latest)
    {
        (earliest, latest) = (DateOnly.MinValue, DateOnly.MinValue);
        if (date[0] == '-')
        {
            return $"Negative years are not accepted: years are 0001 to 9999. {Accepted}";
        }

        if (date.Contains('.'))
        {
            return $"'..' must be one side of an interval; '{date}' has it inside a date. {Accepted}";
        }

        if (date is [_, _, _, _, '-', _, _, _, _] && !date[..4].Contains('-') && !date[5..].Contains('-'))
        {
            return $"'{date}' is neither a year nor a month; between two years stands a slash, {date[..4]}/{date[5..]}. {Accepted}";
        }

        if (date.Length is not (4 or 7 or 10)
            || date[..4].Contains('-')
            || (date.Length >= 7 && (date[4] != '-' || date[5..7].Contains('-')))
            || (date.Length == 10 && (date[7] != '-' || date[8..].Contains('-'))))
        {
            return $"'{date}' is not YYYY, YYYY-MM or YYYY-MM-DD, with four digits for the year and two for month and day. {Accepted}";
        }

        var year = date[..4];
        if (date.Length == 4)
        {
            return TryParseYear(year, out earliest, out latest);
        }

        if (year.Contains('X'))
        {
            return $"Unspecified digits go from the right: a year with X has no month, as in 201X; '{date}' has one. {Accepted}";
        }

        var error = TryParseYear(year, out earliest, out latest);
        if (error is not null)
        {
            return error;
        }

        return date.Length == 7
            ? TryParseMonth(earliest.Year, date[5..7], ref earliest, ref latest)
            : TryParseDay(earliest.Year, date[5..7], date[8..], ref earliest, ref latest);
    }

    private static string? TryParseYear(ReadOnlySpan<char> year, out DateOnly earliest, out DateOnly latest)
    {
        (earliest, latest) = (DateOnly.MinValue, DateOnly.MinValue);
        var known = year.IndexOf('X') is >= 0 and var x ? x : 4;
        if (known < 2 || year[known..].ContainsAnyExcept('X'))
        {
            return $"One or two digits at the end of a year may be unspecified, as in 201X or 20XX; '{year}' has others. {Accepted}";
        }

        // Only digits are left: the other marks have been refused before.
        var digits = int.Parse(year[..known], NumberStyles.None, CultureInfo.InvariantCulture);
        var years = known switch { 4 => 1, 3 => 10, _ => 100 };
        var first = digits * years;
        if (first == 0)
        {
            return $"Years are 0001 to 9999; '{year}' has the year 0000, which the calendar does not have. {Accepted}";
        }

        (earliest, latest) = (new DateOnly(first, 1, 1), new DateOnly(first + years - 1, 12, 31));
        return null;
    }

    private static string? TryParseMonth(int year, ReadOnlySpan<char> month, ref DateOnly earliest, ref DateOnly latest)
    {
        if (month is "XX")
        {
            return null;
        }

        if (!TryParseTwoDigits(month, out var number))
        {
            return $"A month is two digits, or XX where it is not specified; '{month}' is neither. {Accepted}";
        }

        switch (number)
        {
            case >= 1 and <= 12:
                (earliest, latest) = (new DateOnly(year, number, 1), LastOf(year, number));
                return null;
            case >= Spring and < Winter:
                var first = 3 * (number - Spring) + 3;
                (earliest, latest) = (new DateOnly(year, first, 1), LastOf(year, first + 2));
                return null;
            case Winter:
                // The codes run from spring to winter within a year, so the winter of a year is the one that begins in its December: thus
                // the four seasons of one year and of the next follow each other without gap or overlap. The last one of all is cut at
                // year's end.
                (earliest, latest) = (new DateOnly(year, 12, 1), year == 9999 ? DateOnly.MaxValue : LastOf(year + 1, 2));
                return null;
            case > Winter and <= LastSubYearGroupingOfLevel2:
                return $"Parts of a year are the seasons 21 (spring) to 24 (winter); '{month}' is of level 2. {Accepted}";
            default:
                return $"Invalid month '{month}': months are 01 to 12, seasons 21 (spring) to 24 (winter). {Accepted}";
        }
    }

    private static string? TryParseDay(
        int year, ReadOnlySpan<char> month, ReadOnlySpan<char> day, ref DateOnly earliest, ref DateOnly latest)
    {
        if (month is "XX")
        {
            return day is "XX"
                ? null
                : $"Unspecified digits go from the right: the day of an unspecified month is XX, as in 1985-XX-XX. {Accepted}";
        }

        if (!TryParseTwoDigits(month, out var monthNumber) || monthNumber is < 1 or > 12)
        {
            return $"Invalid month '{month}': months with days are 01 to 12, or XX where it is not specified. {Accepted}";
        }

        if (day is "XX")
        {
            (earliest, latest) = (new DateOnly(year, monthNumber, 1), LastOf(year, monthNumber));
            return null;
        }

        if (!TryParseTwoDigits(day, out var dayNumber))
        {
            return $"A day is two digits, or XX where it is not specified; '{day}' is neither. {Accepted}";
        }

        if (dayNumber < 1 || dayNumber > DateTime.DaysInMonth(year, monthNumber))
        {
            return $"Invalid day '{day}' in {year:D4}-{monthNumber:D2}. {Accepted}";
        }

        earliest = latest = new DateOnly(year, monthNumber, dayNumber);
        return null;
    }

    private static bool TryParseTwoDigits(ReadOnlySpan<char> text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static DateOnly LastOf(int year, int month) => new(year, month, DateTime.DaysInMonth(year, month));

    /// <summary>One unit of the precision of a date, as days and months.</summary>
    private static (int Days, int Months) UnitOf(ReadOnlySpan<char> date)
    {
        if (date.Length == 4)
            return (0, 12 * (date[2] == 'X' ? 100 : date[3] == 'X' ? 10 : 1));
        var month = date[5..7];
        if (month is "XX")
            return (0, 12);
        if (date.Length == 7)
            return (0, month[0] == '2' ? 3 : 1);
        return date[8..] is "XX" ? (0, 1) : (1, 0);
    }

    /// <summary>One side of an interval, or the one date.</summary>
    /// <param name="Kind">Whether there is a date.</param>
    /// <param name="Written">The days of the date without its qualifier.</param>
    /// <param name="Allowed">The days that the qualifier allows.</param>
    /// <param name="IsApproximate">Whether it is "about".</param>
    /// <param name="IsUncertain">Whether it is "uncertain".</param>
    private readonly record struct Side(SideKind Kind, Days Written, Days Allowed, bool IsApproximate, bool IsUncertain);

    /// <summary>The days from one to another, both included.</summary>
    private readonly record struct Days(DateOnly First, DateOnly Last)
    {
        public static Days All { get; } = new(DateOnly.MinValue, DateOnly.MaxValue);

        /// <summary>More days on both sides, as far as the calendar goes.</summary>
        public Days Widened((int Days, int Months) unit) => new(
            IsBefore(First, unit) ? DateOnly.MinValue : First.AddMonths(-unit.Months).AddDays(-unit.Days),
            IsAfter(Last, unit) ? DateOnly.MaxValue : Last.AddDays(1).AddMonths(unit.Months).AddDays(unit.Days - 1));

        private static bool IsBefore(DateOnly day, (int Days, int Months) unit) =>
            day < DateOnly.MinValue.AddMonths(unit.Months).AddDays(unit.Days);

        private static bool IsAfter(DateOnly day, (int Days, int Months) unit) =>
            day >= DateOnly.MaxValue.AddDays(-unit.Days).AddMonths(-unit.Months);
    }
}
