using CsCheck;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage.Sql;

namespace TajikTaliban.Api.IntegrationTests.Storage;

/// <summary>The bounds that the migration gives to old records are those of the rule.</summary>
public sealed class CourseBoundsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Courses = 4000;
    private const string OfCourse = "select c.* from pg_temp.course_bounds($1, $2, $3) c";
    private const string OfMoment = "select c.* from pg_temp.moment_bounds($1) c";

    private static readonly Gen<string> Year = Gen.Frequency(
        (8, Gen.Int[1990, 2030]), (1, Gen.Int[1, 40]), (1, Gen.Int[9960, 9999])).Select(y => $"{y:D4}");

    private static readonly Gen<string> Month = Gen.Int[1, 12].Select(m => $"{m:D2}");

    /// <summary>One end of a validity, in every form that older versions accepted.</summary>
    private static readonly Gen<string> Date = Gen.Select(
        Gen.OneOf(
            Year,
            Year.Select(y => $"{y[..3]}X").Where(y => y != "000X"),
            Gen.Int[19, 20].Select(c => $"{c}XX"),
            Gen.Select(Year, Month, (y, m) => $"{y}-{m}"),
            Gen.Select(Year, Gen.Int[21, 24], (y, s) => $"{y}-{s}"),
            Year.Select(y => $"{y}-XX"),
            Year.Select(y => $"{y}-XX-XX"),
            Gen.Select(Year, Month, (y, m) => $"{y}-{m}-XX"),
            Gen.Select(Year, Month, Gen.Int[1, 28], (y, m, d) => $"{y}-{m}-{d:D2}"),
            Any("2024-02-29", "2023-02-28", "2024-12-31", "0001-01-01", "9999-12-31", "9999-24")),
        Any("", "", "", "~", "?", "%"), (date, mark) => date + mark);

    private static readonly Gen<string> Moment = Gen.OneOf(
        Date, Date, Date.Select(d => $"/{d}"), Date.Select(d => $"{d}/"), Date.Select(d => $"../{d}"), Date.Select(d => $"{d}/.."),
        Gen.Select(Date, Date, (a, b) => $"{a}/{b}")).Where(t => PartialDate.TryParse(t, out _, out _));

    private static readonly Gen<string?> End = Gen.Frequency((3, Date.Select(d => (string?)d)), (1, Gen.Const((string?)null)));

    private static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Courses_and_moments_by_chance_have_the_bounds_of_the_rule()
    {
        await using var connection = await api.Database.OpenConnectionAsync(Cancellation);
        var script = SqlFile.Read("course-bounds");
        await using (var functions = new NpgsqlCommand(script[..script.IndexOf("do $fill$", StringComparison.Ordinal)], connection))
            await functions.ExecuteNonQueryAsync(Cancellation);

        var known = 0;
        await Gen.Select(End, End, Moment.Array[0, 3]).SampleAsync(async drawn =>
        {
            var (from, to, vouched) = drawn;
            var (begin, end) = (CourseEnd.Beginning(from), CourseEnd.End(to));
            var moments = vouched.Select(PartialDate.Parse).Where(m => Bounds.Allow(begin, end, CourseEnd.Of(m))).ToList();
            // a record whose end is before its beginning was never accepted
            if (begin.First > end.Last)
                return;
            // a citation without a date is among them
            var expected = Bounds.OfCourse(begin, end, moments);
            Assert.Equal(expected, await ReadAsync(connection, OfCourse, from, to, vouched.Append(null).ToArray()));
            known += expected.Earliest == DateOnly.MaxValue ? 0 : 1;
            foreach (var moment in vouched)
                Assert.Equal(Bounds.OfMoment(PartialDate.Parse(moment)), await ReadAsync(connection, OfMoment, moment));
        }, iter: Courses, threads: 1, print: d =>
             $"from {d.Item1 ?? "?"} to {d.Item2 ?? "?"}, vouched for {string.Join(" and ", d.Item3)}");
        Assert.True(known > Courses / 2, $"only {known} courses have a day that is known");
    }

    private static async Task<Bounds> ReadAsync(NpgsqlConnection connection, string statement, params object?[] values)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = value ?? DBNull.Value,
                NpgsqlDbType = value is Array ? NpgsqlDbType.Array | NpgsqlDbType.Text : NpgsqlDbType.Text,
            });
        }

        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        await reader.ReadAsync(Cancellation);
        DateOnly Day(int column) => reader.GetFieldValue<DateOnly>(column);
        return new Bounds(Day(0), Day(1), Day(2), Day(3), Day(4), Day(5));
    }
}
