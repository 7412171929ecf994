using System.Globalization;
using CsCheck;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Tests.Domain;

/// <summary>When something holds: the table of the rule, and the rule itself with all courses enumerated.</summary>
public sealed class BoundsTests
{
    /// <summary>The days of the oracle. A year has two of them, so that courses can be enumerated.</summary>
    private static readonly DateOnly[] Days = [.. Enumerable.Range(2000, 7)
        .SelectMany(y => new[] { new DateOnly(y, 1, 1), new(y, 12, 31) })];

    private static readonly Gen<string> Dated = Gen.Select(Gen.Int[2001, 2005], Gen.Int[2001, 2005], Gen.Int[0, 8], (a, b, form) =>
        (Math.Min(a, b), Math.Max(a, b)) is var (first, last) ? form switch
        {
            < 3 => $"{a}",
            3 => $"{a}~",
            4 => $"{a}?",
            5 => $"{first}/{last}",
            6 => $"{first}~/{last}~",
            7 => $"/{a}",
            _ => $"{a}/",
        } : "");

    private static readonly Gen<string?> End = Gen.Frequency((4, Dated.Select(d => (string?)d)), (3, Gen.Const((string?)null)),
        (1, Gen.Const((string?)"..")));

    /// <summary>A beginning, an end and vouched moments that allow a course.</summary>
    private static readonly Gen<Course> Courses = Gen.Select(End, End, Dated.Array[0, 3],
        (from, to, vouched) => new Course(from, to, vouched))
        .Where(c => c.Courses(Side.All).Any());

    [Theory]
    // A sponsorship
    [InlineData("/1996", "2021~", null, "1997", Holds.Certain)]
    [InlineData("/1996", "2021~", null, "1900", Holds.Unknown)]
    [InlineData("/1996", "2021~", null, "2021-06", Holds.Possible)]
    // A border
    [InlineData("/2004", null, "2024~", "2010", Holds.Certain)]
    [InlineData("/2004", null, "2024~", "2024", Holds.Possible)]
    [InlineData("/2004", null, "2024", "2024", Holds.Certain)]
    [InlineData("/2004", null, "2024~", "2027", Holds.Unknown)]
    // A president
    [InlineData("1994-11-19", null, "2024-09", "2016", Holds.Certain)]
    [InlineData("1994-11-19", null, "2024-09", "1994-11-19", Holds.Certain)]
    [InlineData("1994-11-19", null, "2024-09", "1994-11-18", Holds.Not)]
    [InlineData("1994-11-19", null, "2024-09", "2026", Holds.Unknown)]
    // A ban
    [InlineData(null, "2021~/2024~", null, "2023", Holds.Possible)]
    [InlineData(null, "2021~/2024~", null, "2015", Holds.Unknown)]
    // A status
    [InlineData("2021", "2021", null, "2021", Holds.Certain)]
    // By nature without an end, and known of nothing at all
    [InlineData("..", "..", null, "1900", Holds.Certain)]
    [InlineData("..", "2021", null, "1900", Holds.Certain)]
    [InlineData("..", "2021", null, "2022", Holds.Not)]
    [InlineData("2021", "..", null, "9000", Holds.Certain)]
    [InlineData(null, null, null, "2021", Holds.Unknown)]
    [InlineData("..", null, null, "2021", Holds.Unknown)]
    public void A_course_holds_as_the_table_says(string? from, string? to, string? vouched, string asked, Holds expected)
    {
        var bounds = Bounds.OfCourse(
            CourseEnd.Beginning(from), CourseEnd.End(to), vouched is null ? [] : [PartialDate.Parse(vouched)]);
        var question = PartialDate.Parse(asked);

        Assert.Equal(expected, bounds.In(question.Earliest, question.Latest));
    }

    [Theory]
    [InlineData("2024-08-16/2024-08-31", "2024-08-20", "2024-08-25", Holds.Possible)]
    [InlineData("2024-08-16/2024-08-31", "2024-08", "2024-08", Holds.Certain)]
    [InlineData("/2024-08-31", "1991", "1991", Holds.Unknown)]
    [InlineData("/2024-08-31", "2024-08", "2024-08", Holds.Possible)]
    [InlineData("/2024-08-31", "2024-09", "2024-09", Holds.Not)]
    [InlineData("2024-08-16/", "2025", "2025", Holds.Unknown)]
    [InlineData("2024~", "2023", "2023", Holds.Possible)]
    [InlineData("2024~", "2023", "2025", Holds.Certain)]
    [InlineData("2024-08-16", "2024-08-16", "2024-08-16", Holds.Certain)]
    public void A_moment_holds_as_the_table_says(string date, string from, string to, Holds expected) =>
        Assert.Equal(expected, Bounds.OfMoment(PartialDate.Parse(date)).In(PartialDate.Parse(from).Earliest, PartialDate.Parse(to).Latest));

    /// <summary>
    /// Every course is enumerated: a beginning, an end and a day of each vouched moment. It takes half-years for days, which lie at the
    /// edges of the dates that are asked for and told.
    /// </summary>
    [Fact]
    public void Any_course_holds_as_all_courses_enumerated_say() =>
        Gen.Select(Courses, Gen.Int[0, Days.Length - 1], Gen.Int[0, Days.Length - 1])
            .Sample((course, a, b) =>
            {
                var (first, last) = (Days[Math.Min(a, b)], Days[Math.Max(a, b)]);
                var expected = course.In(first, last);
                var bounds = Bounds.OfCourse(
                    CourseEnd.Beginning(course.From), CourseEnd.End(course.To), [.. course.Vouched.Select(PartialDate.Parse)]);

                Assert.True(bounds.Earliest <= bounds.Latest, $"{course}: {bounds}");
                Assert.True(expected == bounds.In(first, last), $"{course} in {first}..{last}: {expected}, not {bounds.In(first, last)}");
            }, iter: 20_000);

    private static DateOnly DayOf(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The days of a moment, without its unknown sides or with them.</summary>
    private sealed record Side(bool IsFirstUnknown, bool IsLastUnknown, DateOnly First, DateOnly Last)
    {
        public const string All = "all";

        public static Side Of(string text)
        {
            var (start, end) = text.Split('/') is [var a, var b] ? (a, b) : (text, text);
            return new Side(start == "", end == "", FirstOf(start), LastOf(end));
        }

        public bool Has(DateOnly day) => (IsFirstUnknown || day >= First) && (IsLastUnknown || day <= Last);

        private static DateOnly FirstOf(string date) =>
            date == "" ? default : DayOf($"{int.Parse(date[..4], null) - (date.Length > 4 ? 1 : 0):D4}-01-01");

        private static DateOnly LastOf(string date) =>
            date == "" ? default : DayOf($"{int.Parse(date[..4], null) + (date.Length > 4 ? 1 : 0):D4}-12-31");
    }

    private sealed record Course(string? From, string? To, string[] Vouched)
    {
        private static readonly DateOnly Before = new(1, 1, 1);
        private static readonly DateOnly After = new(9999, 12, 31);

        public override string ToString() => $"from {From ?? "?"} to {To ?? "?"}, vouched for {string.Join(" and ", Vouched)}";

        public Holds In(DateOnly first, DateOnly last)
        {
            var all = Courses(Side.All).ToList();
            bool Meets((DateOnly Begin, DateOnly End) c) => c.Begin <= last && c.End >= first;
            return all.TrueForAll(Meets) ? Holds.Certain
                : Courses("known").Any(Meets) ? Holds.Possible
                : all.Exists(Meets) ? Holds.Unknown
                : Holds.Not;
        }

        /// <summary>All courses, or those in which each unknown side is closed at its last known bound.</summary>
        public IEnumerable<(DateOnly Begin, DateOnly End)> Courses(string which)
        {
            // the days on which something is known to have been: the vouched moments, and the two ends themselves
            var known = Vouched.Append(From).Append(To).OfType<string>().Where(t => t != "..").Select(Side.Of).ToList();
            var begin = From is null or ".." ? null : Side.Of(From);
            var end = To is null or ".." ? null : Side.Of(To);
            DateOnly? earliest = which == Side.All || From == ".." || begin is { IsFirstUnknown: false } ? Before
                : known.Count == 0 ? null : known.Min(k => k.IsFirstUnknown ? k.Last : k.First);
            DateOnly? latest = which == Side.All || To == ".." || end is { IsLastUnknown: false } ? After
                : known.Count == 0 ? null : known.Max(k => k.IsLastUnknown ? k.First : k.Last);
            if (earliest is null || latest is null)
                return [];
            DateOnly[] days = [Before, .. Days, After];
            return
                from b in From == ".." ? [Before] : days.Where(d => (begin is null || begin.Has(d)) && d >= earliest)
                from e in To == ".." ? [After] : days.Where(d => (end is null || end.Has(d)) && d <= latest && d >= b)
                where Vouched.Select(Side.Of).All(v => days.Any(d => v.Has(d) && d >= b && d <= e))
                select (b, e);
        }
    }
}
