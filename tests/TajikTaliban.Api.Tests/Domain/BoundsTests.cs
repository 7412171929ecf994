using System.Globalization;
using CsCheck;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Tests.Domain;

/// <summary>When something holds: the table of the rule, and the rule itself with all courses enumerated.</summary>
public sealed class BoundsTests
{
    /// <summary>The days that are asked for, at the edges of the dates that are told.</summary>
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
        .Where(c => c.Courses.Exist);

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

    /// <summary>Every course is enumerated: a beginning, an end and a day of each vouched moment.</summary>
    [Fact]
    public void Any_course_holds_as_all_courses_enumerated_say() =>
        Gen.Select(Courses, Gen.Int[0, Days.Length - 1], Gen.Int[0, Days.Length - 1])
            .Sample((course, a, b) =>
            {
                var (first, last) = (Days[Math.Min(a, b)], Days[Math.Max(a, b)]);
                var expected = course.Courses.In(first, last);
                var bounds = Bounds.OfCourse(
                    CourseEnd.Beginning(course.From), CourseEnd.End(course.To), [.. course.Vouched.Select(PartialDate.Parse)]);

                Assert.True(bounds.Earliest <= bounds.Latest, $"{course}: {bounds}");
                Assert.True(expected == bounds.In(first, last), $"{course} in {first}..{last}: {expected}, not {bounds.In(first, last)}");
            }, iter: 20_000);

    private static Moment? MomentOf(string? text)
    {
        if (text is null or "..")
            return text is null ? null : Moment.None;
        var (start, end) = text.Split('/') is [var a, var b] ? (a, b) : (text, text);
        return new Moment(
            start == "" ? null : new DateOnly(Year(start) - (start.Length > 4 ? 1 : 0), 1, 1),
            end == "" ? null : new DateOnly(Year(end) + (end.Length > 4 ? 1 : 0), 12, 31));
    }

    private static int Year(string date) => int.Parse(date[..4], CultureInfo.InvariantCulture);

    private sealed record Course(string? From, string? To, string[] Vouched)
    {
        public EnumeratedCourses Courses { get; } = new(MomentOf(From), MomentOf(To), [.. Vouched.Select(v => MomentOf(v)!)]);

        public override string ToString() => $"from {From ?? "?"} to {To ?? "?"}, vouched for {string.Join(" and ", Vouched)}";
    }
}
