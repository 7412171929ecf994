using System.Globalization;
using CsCheck;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Tests.Domain;

/// <summary>What an EDTF date means here, form by form; the properties below hold it together for all forms at once.</summary>
public sealed class PartialDateTests
{
    private const string Open = "open";

    private static readonly Gen<int> Year = Gen.Frequency(
        (1, Gen.Int[1, 9999]), (3, Gen.Int[1979, 2030]), (1, Gen.OneOf(1, 99, 100, 9999)));

    private static readonly Gen<Expected> PlainDate = Gen.OneOf(
        Year.Select(y => new Expected($"{y:D4}", First(y, 1), Last(y, 12), Months: 12)),
        Gen.Int[1, 999].Select(decade =>
            new Expected($"{decade:D3}X", First(10 * decade, 1), Last((10 * decade) + 9, 12), Months: 120)),
        Gen.Int[1, 99].Select(century =>
            new Expected($"{century:D2}XX", First(100 * century, 1), Last((100 * century) + 99, 12), Months: 1200)),
        Year.Select(y => new Expected($"{y:D4}-XX", First(y, 1), Last(y, 12), Months: 12)),
        Year.Select(y => new Expected($"{y:D4}-XX-XX", First(y, 1), Last(y, 12), Months: 12)),
        Gen.Select(Year, Gen.Int[1, 12], (y, m) => new Expected($"{y:D4}-{m:D2}", First(y, m), Last(y, m), Months: 1)),
        Gen.Select(Year, Gen.Int[1, 12], (y, m) => new Expected($"{y:D4}-{m:D2}-XX", First(y, m), Last(y, m), Months: 1)),
        Gen.Select(Year, Gen.Int[21, 23], (y, s) => new Expected($"{y:D4}-{s}", First(y, (3 * s) - 60), Last(y, (3 * s) - 58), Months: 3)),
        Year.Where(y => y < 9999).Select(y => new Expected($"{y:D4}-24", First(y, 12), Last(y + 1, 2), Months: 3)),
        Gen.Int[0, DateOnly.MaxValue.DayNumber].Select(DateOnly.FromDayNumber)
            .Select(day => new Expected($"{day:yyyy-MM-dd}", day, day)));

    private static readonly Gen<Expected> QualifiedDate = Gen.Select(PlainDate, Gen.OneOf("", "", "?", "~", "%"), (date, qualifier) =>
        (qualifier.Length == 0 ? date : Widened(date)) with
        {
            Text = date.Text + qualifier,
            Approximate = qualifier is "~" or "%",
            Uncertain = qualifier is "?" or "%",
            Plain = (date.Earliest, date.Latest),
        });

    private static readonly Gen<Expected> NoDate =
        Gen.OneOf("..", "").Select(text => new Expected(text, DateOnly.MinValue, DateOnly.MaxValue));

    private static readonly Gen<Expected> Interval = Gen.OneOf(
        Gen.Select(QualifiedDate, QualifiedDate, (a, b) => a.Plain.First <= b.Plain.Last ? Between(a, b) : Between(b, a)),
        Gen.Select(QualifiedDate, NoDate, Between),
        Gen.Select(NoDate, QualifiedDate, Between));

    /// <summary>Texts of every accepted form, with what they mean.</summary>
    private static readonly Gen<Expected> Valid = Gen.OneOf(QualifiedDate, Interval);

    [Theory]
    // A year, a month, a day
    [InlineData("1996", "1996-01-01", "1996-12-31")]
    [InlineData("2024-08", "2024-08-01", "2024-08-31")]
    [InlineData("2024-02", "2024-02-01", "2024-02-29")]
    [InlineData("2023-02", "2023-02-01", "2023-02-28")]
    [InlineData("2024-08-16", "2024-08-16", "2024-08-16")]
    [InlineData("2024-02-29", "2024-02-29", "2024-02-29")]
    [InlineData("0001-01-01", "0001-01-01", "0001-01-01")]
    [InlineData("9999-12-31", "9999-12-31", "9999-12-31")]
    // About, uncertain, both: one unit more on both sides
    [InlineData("2021~", "2020-01-01", "2022-12-31")]
    [InlineData("2021?", "2020-01-01", "2022-12-31")]
    [InlineData("2021%", "2020-01-01", "2022-12-31")]
    [InlineData("2024-09~", "2024-08-01", "2024-10-31")]
    [InlineData("2024-02~", "2024-01-01", "2024-03-31")]
    [InlineData("2024-08-16?", "2024-08-15", "2024-08-17")]
    [InlineData("2004-XX~", "2003-01-01", "2005-12-31")]
    [InlineData("1985-04-XX~", "1985-03-01", "1985-05-31")]
    [InlineData("0001~", Open, "0002-12-31")]
    [InlineData("9999-12~", "9999-11-01", Open)]
    // Digits that are not specified: all that they may be
    [InlineData("201X", "2010-01-01", "2019-12-31")]
    [InlineData("20XX", "2000-01-01", "2099-12-31")]
    [InlineData("199X~", "1980-01-01", "2009-12-31")]
    [InlineData("2004-XX", "2004-01-01", "2004-12-31")]
    [InlineData("1985-04-XX", "1985-04-01", "1985-04-30")]
    [InlineData("1985-XX-XX", "1985-01-01", "1985-12-31")]
    // Seasons: spring, summer, autumn, and the winter that begins in the year
    [InlineData("2001-21", "2001-03-01", "2001-05-31")]
    [InlineData("2001-22", "2001-06-01", "2001-08-31")]
    [InlineData("2001-23", "2001-09-01", "2001-11-30")]
    [InlineData("2001-24", "2001-12-01", "2002-02-28")]
    [InlineData("2023-24", "2023-12-01", "2024-02-29")]
    [InlineData("2021-22~", "2021-03-01", "2021-11-30")]
    [InlineData("9999-24", "9999-12-01", "9999-12-31")]
    // Intervals
    [InlineData("1964/2008", "1964-01-01", "2008-12-31")]
    [InlineData("2024-08-16/2024-08-31", "2024-08-16", "2024-08-31")]
    [InlineData("2004-06/2006-08", "2004-06-01", "2006-08-31")]
    [InlineData("2004-02-01/2005", "2004-02-01", "2005-12-31")]
    [InlineData("2005/2006-02", "2005-01-01", "2006-02-28")]
    [InlineData("1992~/1997?", "1991-01-01", "1998-12-31")]
    [InlineData("2004-06-XX/2004-07-03", "2004-06-01", "2004-07-03")]
    [InlineData("2021-22/2022-21", "2021-06-01", "2022-05-31")]
    [InlineData("2024-08-16/2024-08-16", "2024-08-16", "2024-08-16")]
    [InlineData("2024-08/2024-08-16", "2024-08-01", "2024-08-16")]
    [InlineData("2024-08-16/2024-08", "2024-08-16", "2024-08-31")]
    [InlineData("201X/2015", "2010-01-01", "2015-12-31")]
    // Open and unknown sides
    [InlineData("2024-08-26/..", "2024-08-26", Open)]
    [InlineData("2024-08-26/", "2024-08-26", Open)]
    [InlineData("../2004", Open, "2004-12-31")]
    [InlineData("/2004-06", Open, "2004-06-30")]
    [InlineData("2021~/..", "2020-01-01", Open)]
    public void Text_spans_from_earliest_to_latest(string text, string earliest, string latest)
    {
        Assert.True(PartialDate.TryParse(text, out var date, out var error), error?.Message);

        Assert.Equal(text, date.Text);
        Assert.Equal(text, date.ToString());
        Assert.Equal(earliest == Open ? DateOnly.MinValue : DayOf(earliest), date.Earliest);
        Assert.Equal(latest == Open ? DateOnly.MaxValue : DayOf(latest), date.Latest);
        Assert.Null(error);
    }

    [Theory]
    [InlineData("2021", "")]
    [InlineData("2021~", "approximate")]
    [InlineData("2021?", "uncertain")]
    [InlineData("2021%", "approximate uncertain")]
    [InlineData("2021/2024", "interval")]
    [InlineData("2021~/2024", "interval approximate")]
    [InlineData("2021/2024?", "interval uncertain")]
    [InlineData("2021~/2024?", "interval approximate uncertain")]
    [InlineData("2021/2024%", "interval approximate uncertain")]
    [InlineData("2021/..", "interval open-end")]
    [InlineData("2021/", "interval open-end unknown-end")]
    [InlineData("../2021", "interval open-start")]
    [InlineData("/2021", "interval open-start unknown-start")]
    [InlineData("../2021~", "interval approximate open-start")]
    [InlineData("9999-12-31", "")] // The last day there is, and yet an end
    [InlineData("0001-01-01/9999-12-31", "interval")]
    public void Text_says_what_kind_of_date_it_is(string text, string flags)
    {
        var date = PartialDate.Parse(text);

        (bool Is, string Flag)[] all =
        [
            (date.IsInterval, "interval"), (date.IsApproximate, "approximate"), (date.IsUncertain, "uncertain"),
            (date.IsOpenStart, "open-start"), (date.IsUnknownStart, "unknown-start"),
            (date.IsOpenEnd, "open-end"), (date.IsUnknownEnd, "unknown-end"),
        ];
        Assert.Equal(flags, string.Join(' ', all.Where(flag => flag.Is).Select(flag => flag.Flag)));
    }

    [Theory]
    [InlineData("2024-08-16", 1)]
    [InlineData("2024-08-16~", 2)]
    [InlineData("2024-08-16/2024-08-16", 1)]
    [InlineData("2024-08-16/2024-08-17", 2)]
    [InlineData("2024-08-16/2024-08-21", 2)] // six days
    [InlineData("2024-08-16/2024-08-22", 3)] // seven
    [InlineData("2024-08-16/2024-08-23", 4)] // eight
    [InlineData("2024-08-16/2024-08-31", 4)] // the second half of a month
    [InlineData("2023-02", 4)]
    [InlineData("2024-08", 4)]
    [InlineData("2024-08-XX", 4)]
    [InlineData("2024-08-01/2024-09-01", 5)] // 32 days
    [InlineData("2024-21", 5)]
    [InlineData("2024", 5)]
    [InlineData("201X", 5)]
    [InlineData("2024-08-26/..", 5)]
    [InlineData("/2024-08-26", 5)]
    [InlineData("9999-12-31/..", 5)] // open, though the bounds are one day apart
    public void Precision_is_the_class_of_UCDP_that_the_span_falls_in(string text, int precision) =>
        Assert.Equal(precision, PartialDate.Parse(text).Precision);

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    // The calendar
    [InlineData("2023-02-29", "Invalid day '29' in 2023-02")]
    [InlineData("2024-04-31", "Invalid day '31' in 2024-04")]
    [InlineData("2024-08-00", "Invalid day '00'")]
    [InlineData("2024-08-32", "Invalid day '32'")]
    [InlineData("2024-00", "Invalid month '00'")]
    [InlineData("2024-13", "Invalid month '13'")]
    [InlineData("2024-20", "Invalid month '20'")]
    [InlineData("2024-13-01", "Invalid month '13'")]
    [InlineData("2024-21-01", "Invalid month '21': months with days")]
    [InlineData("2024-00-XX", "Invalid month '00'")]
    // Years that neither the database nor .NET holds
    [InlineData("0000", "year 0000")]
    [InlineData("0000-01-01", "year 0000")]
    [InlineData("000X", "year 0000")]
    [InlineData("00XX", "year 0000")]
    [InlineData("-0044", "Negative years")]
    [InlineData("-1985-04-12", "Negative years")]
    [InlineData("2020/-0044", "Negative years")]
    [InlineData("Y170000002", "four digits")]
    [InlineData("Y-17E7", "four digits")]
    [InlineData("1950S2", "four digits")]
    // The shape
    [InlineData("20240816", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("202408", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("24", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("12024", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("2024-8", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("2024-8-1", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("2024-", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("2024-08-", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("16-08-2024", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("2024--08", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("2024---", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("2024--8", "not YYYY, YYYY-MM or YYYY-MM-DD")]
    [InlineData("2001-2003", "2001/2003")]
    [InlineData("16.08.2024", "has it inside a date")]
    [InlineData("16/08/2024", "one slash")]
    // A time of day
    [InlineData("2024-08-16T10:00:00Z", "time of day")]
    [InlineData("2024-08-16T10:00:00", "time of day")]
    [InlineData("2024-08-16Z", "time of day")]
    // Digits that are not specified, in the wrong places
    [InlineData("XXXX", "One or two digits")]
    [InlineData("2XXX", "One or two digits")]
    [InlineData("2X24", "One or two digits")]
    [InlineData("X024", "One or two digits")]
    [InlineData("201X-04", "go from the right")]
    [InlineData("201X-XX", "go from the right")]
    [InlineData("2024-XX-12", "go from the right")]
    [InlineData("2024-1X", "A month is two digits, or XX")]
    [InlineData("2024-X1", "A month is two digits, or XX")]
    [InlineData("2024-08-1X", "A day is two digits, or XX")]
    [InlineData("201x", "capital X")]
    [InlineData("201u", "capital X")]
    // Qualifiers of level 2
    [InlineData("?", "at the end of a date")]
    [InlineData("?2024", "at the end of a date")]
    [InlineData("2024?-08", "at the end of a date")]
    [InlineData("2024?~", "at the end of a date")]
    [InlineData("2024??", "at the end of a date")]
    [InlineData("~/2024", "at the end of a date")]
    [InlineData("..~/2024", "inside a date")]
    // Other things of level 2
    [InlineData("2024-25", "of level 2")]
    [InlineData("2024-41", "of level 2")]
    [InlineData("2024-42", "Invalid month '42'")]
    [InlineData("[1667,1668]", "Sets of dates")]
    [InlineData("{1960..1961}", "Sets of dates")]
    // Intervals
    [InlineData("/", "at least one side")]
    [InlineData("../..", "at least one side")]
    [InlineData("/..", "at least one side")]
    [InlineData("../", "at least one side")]
    [InlineData("..", "needs a date on the other side")]
    [InlineData(".", "inside a date")]
    [InlineData("...", "inside a date")]
    [InlineData("2024/...", "inside a date")]
    [InlineData("2024..2025", "inside a date")]
    [InlineData("2001/2002/2003", "one slash")]
    [InlineData("2024//", "one slash")]
    [InlineData("2024-08-31/2024-08-16", "ends before it starts")]
    [InlineData("2024-09/2024-08", "ends before it starts")]
    [InlineData("2024/2023-12-31", "ends before it starts")]
    [InlineData("2024/2023-02-29", "Invalid day '29'")]
    [InlineData("2023-02-29/2024", "Invalid day '29'")]
    // Characters that only look right
    [InlineData(" 2024", "position 1 has U+0020")]
    [InlineData("2024 ", "position 5 has U+0020")]
    [InlineData("2024-08-16\n", "position 11 has U+000A")]
    [InlineData("2024\0", "position 5 has U+0000")]
    [InlineData("2024–08", "position 5 has U+2013")]
    [InlineData("２０２４", "position 1 has U+FF12")]
    [InlineData("۲۰۲۴", "position 1 has U+06F2")]
    [InlineData("August 2024", "position 1 has 'A'")]
    [InlineData("Today", "position 1 has 'T'")]
    [InlineData("<2024>", "position 1 has '<'")]
    public void Refusal_says_what_is_wrong_and_what_is_accepted(string? text, string because)
    {
        Assert.False(PartialDate.TryParse(text, out var date, out var error));

        Assert.Null(date);
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
        Assert.Contains("2024-08-16/2024-08-31", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_longer_than_any_date_is_refused_before_it_is_looked_at()
    {
        Assert.False(PartialDate.TryParse(new string('2', PartialDate.MaxLength + 1), out _, out var error));
        Assert.Contains("at most 64 characters; this one has 65", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_throws_the_same_sentence()
    {
        _ = PartialDate.TryParse("2023-02-29", out _, out var error);
        Assert.Equal(error?.Message, Assert.Throws<FormatException>(() => PartialDate.Parse("2023-02-29")).Message);
    }

    [Fact]
    public void Any_accepted_text_reads_back_as_it_was_and_means_what_it_says() =>
        Valid.Sample(
            expected =>
            {
                Assert.True(PartialDate.TryParse(expected.Text, out var date, out var error), error?.Message);
                Assert.Equal(expected.Text, date.Text);
                Assert.Equal((expected.Earliest, expected.Latest), (date.Earliest, date.Latest));
                Assert.Equal((expected.Approximate, expected.Uncertain), (date.IsApproximate, date.IsUncertain));
                Assert.Equal(expected.Text.Contains('/', StringComparison.Ordinal), date.IsInterval);
                Assert.True(date.Earliest <= date.Latest);
                Assert.InRange(date.Precision, 1, 5);
                Assert.InRange(date.Text.Length, 4, PartialDate.MaxLength);
                Assert.Equal(date, PartialDate.Parse(date.Text));
                Assert.Equal(date.GetHashCode(), PartialDate.Parse(date.Text).GetHashCode());
            },
            iter: Texts.Many);

    [Fact]
    public void Interval_backwards_is_refused() =>
        Gen.Select(QualifiedDate, QualifiedDate)
            .Where((a, b) => a.Plain.Last < b.Plain.First)
            .Sample((a, b) =>
            {
                Assert.True(PartialDate.TryParse($"{a.Text}/{b.Text}", out _, out _));
                Assert.False(PartialDate.TryParse($"{b.Text}/{a.Text}", out _, out _));
            });

    [Fact]
    public void Any_text_is_either_accepted_as_it_is_or_refused_with_a_sentence_that_can_be_shown() =>
        Texts.Strange.Sample(IsAnswered, iter: Texts.Many);

    [Fact]
    public void Date_with_one_character_changed_is_either_accepted_or_refused_too() =>
        Gen.Select(Valid, Gen.Int[0, PartialDate.MaxLength], Gen.Char["0123456789-/.X?~% T\0\ud800٣"])
            .Sample(
                (valid, at, other) => IsAnswered(valid.Text.Remove(at % valid.Text.Length, 1).Insert(at % valid.Text.Length, $"{other}")),
                iter: Texts.Many);

    [Fact]
    public void Every_day_is_written_as_it_is_read() =>
        Gen.Int[0, DateOnly.MaxValue.DayNumber].Select(DateOnly.FromDayNumber).Sample(day =>
        {
            var date = PartialDate.Day(day);
            Assert.Equal(PartialDate.Parse(date.Text), date);
            Assert.Equal((day, day, 1), (date.Earliest, date.Latest, date.Precision));
            Assert.False(date.IsInterval || date.IsApproximate || date.IsUncertain || date.IsOpenStart || date.IsOpenEnd);
        });

    [Fact]
    public void Seasons_follow_each_other_without_gap_or_overlap()
    {
        var seasons = Enumerable.Range(1990, 50)
            .SelectMany(_ => Enumerable.Range(21, 4), (year, season) => PartialDate.Parse($"{year}-{season}"))
            .ToList();

        Assert.All(seasons.Zip(seasons.Skip(1)), pair => Assert.Equal(pair.First.Latest.AddDays(1), pair.Second.Earliest));
    }

    [Fact]
    public void Dates_are_equal_when_their_texts_are()
    {
        Assert.Equal(PartialDate.Parse("2021"), PartialDate.Parse("2021"));
        Assert.True(PartialDate.Parse("2021") == PartialDate.Parse("2021"));
        Assert.NotEqual(PartialDate.Parse("2021"), PartialDate.Parse("2021~"));
        Assert.NotEqual(PartialDate.Parse("2021"), PartialDate.Parse("2021-01-01/2021-12-31"));
        Assert.Equal(PartialDate.Parse("2024-08-16"), PartialDate.Day(new DateOnly(2024, 8, 16)));
    }

    [Theory]
    [InlineData("2024-08", "2024-08-31", "2024-09-30", true)]
    [InlineData("2024-08", "2024-07-01", "2024-08-01", true)]
    [InlineData("2024-08", "2024-09-01", "2024-09-30", false)]
    [InlineData("2024-08", "2024-07-01", "2024-07-31", false)]
    [InlineData("2024-08", "2024-08-10", "2024-08-10", true)]
    [InlineData("2024-08-26/..", "2099-01-01", "2099-01-01", true)]
    [InlineData("2024-08-26/..", "2024-08-01", "2024-08-25", false)]
    [InlineData("../2004", "0001-01-01", "0001-01-01", true)]
    [InlineData("2024", "2024-09-01", "2024-08-01", false)] // from after to: no day
    public void Overlap_is_one_day_in_common(string text, string from, string to, bool overlaps) =>
        Assert.Equal(overlaps, PartialDate.Parse(text).Overlaps(DayOf(from), DayOf(to)));

    private static void IsAnswered(string text)
    {
        if (PartialDate.TryParse(text, out var date, out var error))
        {
            Assert.Null(error);
            Assert.Equal(text, date.Text);
            Assert.True(date.Earliest <= date.Latest);
        }
        else
        {
            Assert.Null(date);
            Assert.True(Texts.IsStorable(error.Message));
            Assert.DoesNotContain(error.Message, char.IsControl);
            Assert.InRange(error.Message.Length, 40, 400);
        }
    }

    private static Expected Between(Expected start, Expected end) => new(
        $"{start.Text}/{end.Text}", start.Earliest, end.Latest, start.Approximate || end.Approximate, start.Uncertain || end.Uncertain);

    /// <summary>A unit more on both sides: counted in months since the first year, as the dates are whole months, or in days.</summary>
    private static Expected Widened(Expected date)
    {
        if (date.Months == 0)
        {
            return date with
            {
                Earliest = date.Earliest == DateOnly.MinValue ? date.Earliest : date.Earliest.AddDays(-1),
                Latest = date.Latest == DateOnly.MaxValue ? date.Latest : date.Latest.AddDays(1),
            };
        }

        var first = (12 * (date.Earliest.Year - 1)) + date.Earliest.Month - 1 - date.Months;
        var last = (12 * (date.Latest.Year - 1)) + date.Latest.Month - 1 + date.Months;
        return date with
        {
            Earliest = first < 0 ? DateOnly.MinValue : First((first / 12) + 1, (first % 12) + 1),
            Latest = last >= 12 * 9999 ? DateOnly.MaxValue : Last((last / 12) + 1, (last % 12) + 1),
        };
    }

    private static DateOnly First(int year, int month) => new(year, month, 1);

    private static DateOnly Last(int year, int month) =>
        (year, month) == (9999, 12) ? DateOnly.MaxValue : new DateOnly(year, month, 1).AddMonths(1).AddDays(-1);

    private static DateOnly DayOf(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <param name="Text">The text.</param>
    /// <param name="Earliest">The first day.</param>
    /// <param name="Latest">The last day.</param>
    /// <param name="Approximate">Whether it is marked as approximate.</param>
    /// <param name="Uncertain">Whether it is marked as uncertain.</param>
    /// <param name="Months">The unit of its precision; 0 for a day.</param>
    /// <param name="Plain">The days without the marks.</param>
    private sealed record Expected(
        string Text, DateOnly Earliest, DateOnly Latest, bool Approximate = false, bool Uncertain = false, int Months = 0,
        (DateOnly First, DateOnly Last) Plain = default);
}
