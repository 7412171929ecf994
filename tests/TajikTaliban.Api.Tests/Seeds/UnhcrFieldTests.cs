using System.Globalization;
using System.Text.Json.Nodes;
using static TajikTaliban.Api.Tests.Seeds.FieldExtract;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>The figures of the pack <c>unhcr</c> are those of the tables, each once.</summary>
public sealed class UnhcrFieldTests
{
    private const string Pack = "unhcr";
    private const string PopulationFile = "unhcr_population_afg_tjk_neighbours.csv";
    private const string FlowFile = "unhcr_flows_afg_tjk.csv";
    private const string ApplicationFile = "unhcr_asylum_applications_afg_in_tjk.csv";
    private const string DecisionFile = "unhcr_asylum_decisions_afg_in_tjk.csv";
    private const string ReturnFile = "unhcr_returns_afg_tjk.csv";
    private const string DemographicFile = "unhcr_demographics_afg_in_tjk_2025.csv";

    private static readonly string[] Keys =
    [
        "year", "coo_name", "coo", "coo_iso", "coa_name", "coa", "coa_iso", "procedure_type", "app_type", "dec_level", "app_pc", "dec_pc",
        "pop_type", "location", "loc_type", "acc_type",
    ];

    private static readonly Dictionary<string, string> States = new()
    {
        ["AFG"] = "afghanistan",
        ["TJK"] = "tajikistan",
        ["PAK"] = "pakistan",
        ["IRN"] = "iran",
        ["UZB"] = "uzbekistan",
        ["TKM"] = "turkmenistan",
        ["KAZ"] = "kazakhstan",
        ["KGZ"] = "kyrgyzstan",
        ["RUS"] = "russia",
        ["IND"] = "india",
        ["CHN"] = "china",
    };

    /// <summary>Written by hand: the indicators of the columns, of persons from Afghanistan and from Tajikistan.</summary>
    private static readonly Dictionary<string, (string Afghanistan, string? Tajikistan)> Population = new()
    {
        ["refugees"] = ("unhcr-refugees-from-afghanistan", "unhcr-refugees-from-tajikistan"),
        ["asylum_seekers"] = ("unhcr-asylum-seekers-from-afghanistan", "unhcr-asylum-seekers-from-tajikistan"),
        ["returned_refugees"] = ("unhcr-returned-refugees-from-afghanistan", "unhcr-returned-refugees-from-tajikistan"),
        ["ooc"] = ("unhcr-others-of-concern-from-afghanistan", "unhcr-others-of-concern-from-tajikistan"),
        ["oip"] = ("unhcr-others-in-need-of-international-protection-from-afghanistan", null),
    };

    private static readonly Dictionary<string, (string Afghanistan, string? Tajikistan)> Flows = new()
    {
        ["refugees"] = ("unhcr-new-refugees-from-afghanistan", "unhcr-new-refugees-from-tajikistan"),
        ["asylum_seekers"] = ("unhcr-new-asylum-seekers-from-afghanistan", "unhcr-new-asylum-seekers-from-tajikistan"),
        ["refugee_like"] = ("unhcr-new-refugee-like-from-afghanistan", null),
    };

    private static readonly Dictionary<string, string> Places = new()
    {
        ["Dispersed in the country / territory"] = "dispersed-in-the-country-territory",
        ["Districts of Republican Subordination [Admin 1]"] = "districts-of-republican-subordination-admin-1",
        ["Dushanbe Region [Admin 1]"] = "dushanbe-region-admin-1",
        ["Khatlon Region [Admin 1]"] = "khatlon-region-admin-1",
        ["Rudaki District [Admin 2]"] = "rudaki-district-admin-2",
        ["Sughd Region [Admin 1]"] = "sughd-region-admin-1",
        ["Vahdat District [Admin 2]"] = "vahdat-district-admin-2",
        ["Vahdat [Admin 3: POC]"] = "vahdat-admin-3-poc",
    };

    private static IReadOnlyList<JsonObject> Observations => Records(Pack, "observations");

    [Fact]
    public void Each_figure_of_the_population_is_one_observation_of_its_direction()
    {
        var expected = new List<Figure>();
        foreach (var row in Rows(PopulationFile))
        {
            foreach (var column in Used(row, "idps", "returned_idps", "stateless", "hst"))
                expected.Add(Of(row, Direction(Population[column], row), row[column], $"population, {Where(row)}, {column}"));
        }

        AssertSame(expected, Observed("population, "));
    }

    [Fact]
    public void Each_return_is_cited_by_the_observation_of_the_population()
    {
        var expected = new List<Figure>();
        foreach (var row in Rows(ReturnFile))
        {
            var column = Assert.Single(Used(row, "resettlement", "naturalisation", "returned_idps"));
            expected.Add(Of(row, Direction(Population[column], row), row[column], $"solutions, {Where(row)}, {column}"));
        }

        AssertSame(expected, Observed("solutions, ", place: 1));
    }

    [Fact]
    public void Each_figure_of_the_flows_is_one_observation_of_its_direction()
    {
        var expected = new List<Figure>();
        foreach (var row in Rows(FlowFile))
        {
            foreach (var column in Used(row, "oip"))
                expected.Add(Of(row, Direction(Flows[column], row), row[column], $"flows, {Where(row)}, {column}"));
        }

        AssertSame(expected, Observed("flows, "));
    }

    [Fact]
    public void Each_row_of_the_applications_is_one_observation_of_its_procedure_type_and_level()
    {
        var expected = new List<Figure>();
        foreach (var row in Rows(ApplicationFile))
        {
            Assert.Equal(("AFG in TJK", "P"), (Pair(row), row["app_pc"]));
            var codes = new[] { row["procedure_type"], row["app_type"], row["dec_level"] };
            expected.Add(Of(
                row, $"unhcr-asylum-applications-{Joined(codes)}-from-afghanistan", row["applied"],
                $"asylum_applications, {Where(row)}, {string.Join(", ", codes)}, applied"));
        }

        AssertSame(expected, Observed("asylum_applications, "));
    }

    [Fact]
    public void Each_figure_of_the_decisions_is_one_observation_of_its_procedure_and_level()
    {
        var outcomes = new Dictionary<string, string>
        {
            ["dec_recognized"] = "recognized",
            ["dec_rejected"] = "rejected",
            ["dec_closed"] = "closed",
            ["dec_total"] = "total",
        };
        var expected = new List<Figure>();
        foreach (var row in Rows(DecisionFile))
        {
            Assert.Equal(("AFG in TJK", "P"), (Pair(row), row["dec_pc"]));
            var codes = new[] { row["procedure_type"], row["dec_level"] };
            foreach (var column in Used(row, "dec_other"))
            {
                expected.Add(Of(
                    row, $"unhcr-asylum-decisions-{Joined(codes)}-{outcomes[column]}-from-afghanistan", row[column],
                    $"asylum_decisions, {Where(row)}, {string.Join(", ", codes)}, {column}"));
            }
        }

        AssertSame(expected, Observed("asylum_decisions, "));
    }

    [Fact]
    public void Each_figure_of_a_place_is_one_observation_of_its_population_sex_and_age()
    {
        var expected = new List<Figure>();
        foreach (var row in Rows(DemographicFile))
        {
            Assert.Equal("AFG in TJK", Pair(row));
            var type = row["pop_type"] == "REF" ? "ref" : "asy";
            foreach (var column in Used(row, "f_other", "m_other"))
            {
                expected.Add(Of(
                    row,
                    $"unhcr-demographics-{type}-{Places[row["location"]]}-{column.Replace('_', '-')}-from-afghanistan", row[column],
                    $"demographics, {Where(row)}, {row["pop_type"]}, {row["location"]}, {column}"));
            }
        }

        Assert.Equal(13 * 13, expected.Count);
        AssertSame(expected, Observed("demographics, "));
    }

    [Fact]
    public void There_is_no_other_observation_and_no_key_twice()
    {
        string[] tables = ["population, ", "flows, ", "asylum_applications, ", "asylum_decisions, ", "demographics, "];
        _ = Rows(FlowFile);

        Assert.Equal(Observations.Count, tables.Sum(t => Observed(t).Count));
        Assert.Equal(
            Observations.Count,
            Observations.Select(o => (o.Text("indicator"), Subjects(o), o.Text("date"))).Distinct().Count());
        Assert.All(Observations, o => Assert.Equal((false, "A"), ((bool)o["approximate"]!, o.Text("obsStatus"))));
        Assert.All(Observations.SelectMany(o => o.Objects("citations")), c => Assert.Equal("stated", c.Certainty()));
    }

    [Fact]
    public void Indicators_are_those_of_the_observations_count_persons_and_say_from_where()
    {
        _ = Rows(FlowFile);
        var indicators = Records(Pack, "indicators");

        Assert.Equal(
            Observations.Select(o => o.Text("indicator")).Distinct().Order(StringComparer.Ordinal),
            indicators.Select(i => i.Text("id")).Order(StringComparer.Ordinal));
        foreach (var indicator in indicators)
        {
            Assert.Equal("persons", indicator.Text("unit"));
            var from = indicator.Text("id")!.EndsWith("-from-tajikistan", StringComparison.Ordinal) ? "Tajikistan" : "Afghanistan";
            Assert.Contains($"from {from}", indicator.Text("name"), StringComparison.Ordinal);
            Assert.EndsWith($"the persons are from {from}.", indicator.Text("description"), StringComparison.Ordinal);
        }

        Assert.Equal(indicators.Count, indicators.Select(i => i.Text("name")).Distinct().Count());
    }

    [Fact]
    public void The_places_of_a_population_make_up_the_figure_of_the_country()
    {
        var population = Rows(PopulationFile).Single(r => r["year"] == "2025" && Pair(r) == "AFG in TJK");
        foreach (var (type, column) in (ReadOnlySpan<(string, string)>)[("REF", "refugees"), ("ASY", "asylum_seekers")])
        {
            Assert.Equal(
                Number(population[column]), Rows(DemographicFile).Where(r => r["pop_type"] == type).Sum(r => Number(r["total"])));
        }
    }

    /// <summary>The columns with a figure; those that are left out have none in any row.</summary>
    private static List<string> Used(Dictionary<string, string> row, params string[] leftOut)
    {
        Assert.All(leftOut, column => Assert.Contains(row[column], (string[])["", "0"]));
        return [.. row.Keys.Except(Keys).Except(leftOut).Where(column => row[column] != "")];
    }

    private static Figure Of(Dictionary<string, string> row, string indicator, string value, string locator)
    {
        string[] subjects = [States[row["coo_iso"]], States[row["coa_iso"]]];
        return new Figure(indicator, string.Join(' ', subjects.Order(StringComparer.Ordinal)), row["year"], Number(value), locator);
    }

    /// <summary>The observations with a citation of a table at a place of the list.</summary>
    private static List<Figure> Observed(string table, int place = 0) =>
    [
        .. from observation in Observations
        let citations = observation.Objects("citations")
        where citations.Count > place && citations[place].Text("locator")!.StartsWith(table, StringComparison.Ordinal)
        select new Figure(
            observation.Text("indicator")!, Subjects(observation), observation.Text("date")!, (decimal)observation["value"]!,
            citations[place].Text("locator")!),
    ];

    private static void AssertSame(List<Figure> expected, List<Figure> observed)
    {
        Assert.NotEmpty(expected);
        Assert.Empty(expected.Except(observed));
        Assert.Empty(observed.Except(expected));
        Assert.Equal(expected.Count, observed.Count);
    }

    private static string Direction((string Afghanistan, string? Tajikistan) indicators, Dictionary<string, string> row) =>
        row["coo_iso"] == "AFG" ? indicators.Afghanistan : indicators.Tajikistan!;

    private static string Subjects(JsonObject observation) =>
        string.Join(' ', observation.Texts("subjects").Order(StringComparer.Ordinal));

    private static string Joined(string[] codes) => string.Join('-', codes).ToLowerInvariant();

    private static string Pair(Dictionary<string, string> row) => $"{row["coo_iso"]} in {row["coa_iso"]}";

    private static string Where(Dictionary<string, string> row) => $"{Pair(row)}, {row["year"]}";

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private sealed record Figure(string Indicator, string Subjects, string Date, decimal Value, string Locator);
}
