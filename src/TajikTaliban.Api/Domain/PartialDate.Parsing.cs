using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TajikTaliban.Api.Domain;

/// <content>Reads a text, with messages for what is not accepted.</content>
public sealed partial record PartialDate
{
    private const string Accepted =
        "Write an EDTF date such as 2024, 2024-08, 2024-08-16, 201X or 2021~, or an interval such as "
        + "2024-08-16/2024-08-31 or 2024-08-26/..";

    private const int Spring = 21;
    private const int Winter = 24;
    private const int LastSubYearGroupingOfLevel2 = 41;

    private static readonly SearchValues<char> AllowedCharacters = SearchValues.Create("0123456789-/X?~%.");

    /// <summary>Reads an EDTF text of level 0 or 1.</summary>
    /// <exception cref="FormatException">The text is not accepted; the message states the reason and the accepted forms.</exception>
    public static PartialDate Parse(string text) =>
        TryParse(text, out var date, out var error) ? date : throw new FormatException(error.Message);

    /// <summary>
    /// Reads an EDTF text of level 0 or 1; never throws. When it is not accepted, <paramref name="error"/> states the error and the
    /// accepted forms; it never repeats characters that a date cannot contain.
    /// </summary>
    public static bool TryParse(
        string? text,
        [NotNullWhen(true)] out PartialDate? date,
        [NotNullWhen(false)] out Fault? error)
    {
        date = null;
        if (string.IsNullOrEmpty(text))
        {
            error = NotADate("", $"The date is empty. {Accepted}");
            return false;
        }

        if (text.Length > MaxLength)
        {
            error = new Fault(FaultCode.TooLong, $"A date has at most {MaxLength} characters; this one has {text.Length}. {Accepted}",
                ("max", MaxLength));
            return false;
        }

        if (ForeignCharacter(text) is { } foreign)
        {
            error = NotADate(text, foreign);
            return false;
        }

        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            if (!TryParseSide(text, out var side, out var wrong))
            {
                error = NotADate(text, wrong);
                return false;
            }

            if (side.Kind is SideKind.Open)
            {
                error = NotADate(text,
                    $"'..' stands for an open start or end and needs a date on the other side of a slash. {Accepted}");
                return false;
            }

            date = new PartialDate(text, side, side, isInterval: false);
            error = null;
            return true;
        }

        if (text.LastIndexOf('/') != slash)
        {
            error = NotADate(text, $"An interval has exactly one slash; '{text}' has more. {Accepted}");
            return false;
        }

        if (!TryParseSide(text.AsSpan(0, slash), out var start, out var why)
            || !TryParseSide(text.AsSpan(slash + 1), out var end, out why))
        {
            error = NotADate(text, why);
            return false;
        }

        if (start.Kind is not SideKind.Date && end.Kind is not SideKind.Date)
        {
            error = NotADate(text, $"An interval needs a date on at least one side; '{text}' has none. {Accepted}");
            return false;
        }

        // The sides may overlap, since each may be less than a day exact (2024-08/2024-08-16): only when no day of the start can come
        // before some day of the end is the interval backwards.
        if (start.Written.First > end.Written.Last)
        {
            error = new Fault(FaultCode.EndsBeforeStart,
                $"The interval '{text}' ends before it starts. Write the earlier date first, as in 2024-08-16/2024-08-31.",
                ("from", text[..slash]), ("to", text[(slash + 1)..]));
            return false;
        }

        date = new PartialDate(text, start, end, isInterval: true);
        error = null;
        return true;
    }

    private static Fault NotADate(string text, string message) => new(FaultCode.NotADate, message, ("value", text));

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
}
