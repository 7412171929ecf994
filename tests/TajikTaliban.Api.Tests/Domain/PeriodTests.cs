using System.Globalization;
using CsCheck;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Tests.Domain;

public sealed class PeriodTests
{
    private static readonly string[][] OneYearByFrequency =
    [
        [""],
        ["-S1", "-S2"],
        ["-Q1", "-Q2", "-Q3", "-Q4"],
        ["-M01", "-M02", "-M03", "-M04", "-M05", "-M06", "-M07", "-M08", "-M09", "-M10", "-M11", "-M12"],
    ];

    private static readonly Gen<string> Valid = Gen.Select(
        Gen.Int[FigureYear.First, FigureYear.Last], Gen.OneOf(OneYearByFrequency.SelectMany(parts => parts).ToArray()),
        (year, part) => $"{year:D4}{part}");

    [Theory]
    [InlineData("2024", "A", "2024-01-01", "2024-12-31")]
    [InlineData("2024-S1", "S", "2024-01-01", "2024-06-30")]
    [InlineData("2024-S2", "S", "2024-07-01", "2024-12-31")]
    [InlineData("2024-Q1", "Q", "2024-01-01", "2024-03-31")]
    [InlineData("2024-Q2", "Q", "2024-04-01", "2024-06-30")]
    [InlineData("2024-Q3", "Q", "2024-07-01", "2024-09-30")]
    [InlineData("2024-Q4", "Q", "2024-10-01", "2024-12-31")]
    [InlineData("2024-M02", "M", "2024-02-01", "2024-02-29")]
    [InlineData("2023-M02", "M", "2023-02-01", "2023-02-28")]
    [InlineData("2024-M08", "M", "2024-08-01", "2024-08-31")]
    [InlineData("2024-M12", "M", "2024-12-01", "2024-12-31")]
    [InlineData("1800", "A", "1800-01-01", "1800-12-31")]
    [InlineData("2100-M12", "M", "2100-12-01", "2100-12-31")]
    public void Text_is_a_frequency_and_days(string text, string frequency, string earliest, string latest)
    {
        Assert.True(Period.TryParse(text, out var period, out var error), error?.Message);

        Assert.Equal(text, period.Text);
        Assert.Equal(text, period.ToString());
        Assert.Equal(frequency, period.Frequency);
        Assert.Equal(earliest, period.Earliest.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.Equal(latest, period.Latest.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Assert.Null(error);
    }

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("", "empty")]
    [InlineData("0000", "no year 0000")]
    [InlineData("0000-S1", "no year 0000")]
    [InlineData("0001", "AD, 1800 to 2100; this one is the year 1.")]
    [InlineData("1799", "this one is the year 1799.")]
    [InlineData("2101", "this one is the year 2101.")]
    [InlineData("2567", "this one is the year 2567.")]
    [InlineData("1403", "the days 2024-03-20 to 2025-03-20 AD")]
    [InlineData("1403-S2", "the days 2024-09-22 to 2025-03-20 AD")]
    [InlineData("1403-Q1", "the days 2024-03-20 to 2024-06-20 AD")]
    [InlineData("1403-M05", "the days 2024-07-22 to 2024-08-21 AD")]
    [InlineData("1402", "the days 2023-03-21 to 2024-03-19 AD")]
    [InlineData("24", "four digits")]
    [InlineData("20240", "followed by a hyphen")]
    [InlineData("2024S1", "followed by a hyphen")]
    [InlineData("S1-2024", "four digits")]
    [InlineData("202X", "four digits")]
    [InlineData("２０２４", "four digits")]
    [InlineData("-2024", "four digits")]
    [InlineData(" 2024", "four digits")]
    [InlineData("2024\n", "followed by a hyphen")]
    [InlineData("2024-", "A year is followed by")]
    [InlineData("2024-08", "A month is written with an M: 2024-M08.")]
    [InlineData("2024-12", "A month is written with an M: 2024-M12.")]
    [InlineData("2024-13", "A year is followed by")]
    [InlineData("2024-00", "A year is followed by")]
    [InlineData("2024-08-16", "A year is followed by")]
    [InlineData("2024-S0", "S1 or S2")]
    [InlineData("2024-S3", "S1 or S2")]
    [InlineData("2024-S", "S1 or S2")]
    [InlineData("2024-S1 ", "S1 or S2")]
    [InlineData("2024-Q0", "Q1, Q2, Q3 or Q4")]
    [InlineData("2024-Q5", "Q1, Q2, Q3 or Q4")]
    [InlineData("2024-M8", "two digits after the M")]
    [InlineData("2024-M00", "two digits after the M")]
    [InlineData("2024-M13", "two digits after the M")]
    [InlineData("2024-M081", "two digits after the M")]
    [InlineData("2024-s1", "capital")]
    [InlineData("2024-A1", "A1 of a year")]
    [InlineData("2024-W05", "not accepted")]
    [InlineData("2024-T1", "not accepted")]
    [InlineData("2024-D001", "not accepted")]
    public void Refusal_says_what_is_wrong_and_what_is_accepted(string? text, string because)
    {
        Assert.False(Period.TryParse(text, out var period, out var error));

        Assert.Null(period);
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
        Assert.Contains("a month such as 2024-M08", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_throws_the_same_sentence()
    {
        _ = Period.TryParse("2024-08", out _, out var error);
        Assert.Equal(error?.Message, Assert.Throws<FormatException>(() => Period.Parse("2024-08")).Message);
    }

    [Fact]
    public void Periods_of_one_frequency_tile_a_year_without_gap_or_overlap() =>
        Gen.Int[FigureYear.First, FigureYear.Last].Sample(year => Assert.All(OneYearByFrequency, parts =>
        {
            var periods = parts.Select(part => Period.Parse($"{year:D4}{part}")).ToList();

            Assert.Equal(new DateOnly(year, 1, 1), periods[0].Earliest);
            Assert.Equal(new DateOnly(year, 12, 31), periods[^1].Latest);
            Assert.All(periods.Zip(periods.Skip(1)), pair => Assert.Equal(pair.First.Latest.AddDays(1), pair.Second.Earliest));
            _ = Assert.Single(periods.Select(period => period.Frequency).Distinct());
        }));

    [Fact]
    public void Every_accepted_text_reads_back_as_it_was() => Valid.Sample(text =>
    {
        var period = Period.Parse(text);
        Assert.Equal(text, period.Text);
        Assert.True(period.Earliest <= period.Latest);
        Assert.InRange(text.Length, 4, Period.MaxLength);
        Assert.True(period == Period.Parse(text));
    });

    [Fact]
    public void Two_texts_are_never_one_period() =>
        Gen.Select(Valid, Valid).Where((a, b) => a != b).Sample((a, b) =>
        {
            var (first, second) = (Period.Parse(a), Period.Parse(b));
            Assert.NotEqual(first, second);
            Assert.NotEqual((first.Frequency, first.Earliest), (second.Frequency, second.Earliest));
        });

    [Fact]
    public void Any_text_is_either_accepted_as_it_is_or_refused_with_a_sentence_that_can_be_shown() =>
        Gen.OneOf(Texts.Strange, Gen.Select(Valid, Texts.Strange, (valid, strange) => valid + strange)).Sample(
            text =>
            {
                if (Period.TryParse(text, out var period, out var error))
                {
                    Assert.Equal(text, period.Text);
                }
                else
                {
                    Assert.True(Texts.IsStorable(error.Message));
                    Assert.DoesNotContain(error.Message, char.IsControl);
                }
            },
            iter: Texts.Many);
}
