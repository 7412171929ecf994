using System.Globalization;
using System.Text.Json.Nodes;
using static TajikTaliban.Api.Tests.Seeds.FieldExtract;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>The figures of the pack <c>wdi</c> are those of the table, each once; what was typed over by hand is left out.</summary>
public sealed class WdiFieldTests
{
    private const string Pack = "wdi";
    private const string File = "wdi_tjk_afg_1990_2024.csv";
    private const string TypedOver = "open-numbers/ddf--open_numbers--world_development_indicators";

    /// <summary>Written by hand: the indicator, its unit and the place of its rows in the copy.</summary>
    private static readonly Dictionary<string, (string Id, string Unit, string Table)> Indicators = new()
    {
        ["NY.GDP.MKTP.CD"] = ("wdi-gdp-current-usd", "USD", "data/gdp.csv"),
        ["SP.POP.TOTL"] = ("wdi-population", "persons", "data/population.csv"),
        ["NY.GDP.PCAP.KD"] = ("wdi-gdp-per-capita-constant-usd", "USD", "gdppercapita_us_inflation_adjusted"),
        ["NE.EXP.GNFS.ZS"] = ("wdi-exports-share-of-gdp", "%", "exports_percent_of_gdp"),
        ["NE.IMP.GNFS.ZS"] = ("wdi-imports-share-of-gdp", "%", "imports_percent_of_gdp"),
    };

    private static readonly Dictionary<string, string> Copies = new()
    {
        ["datasets/gdp"] = "wdi-gdp-copy",
        ["datasets/population"] = "wdi-population-copy",
        ["open-numbers/ddf--gapminder--systema_globalis"] = "wdi-gapminder-copy",
    };

    private static List<Dictionary<string, string>> Copied => [.. Rows(File).Where(r => r["copied_from"] != TypedOver)];

    [Fact]
    public void Each_row_that_was_copied_is_one_observation()
    {
        var rows = Copied;
        var observations = Records(Pack, "observations");

        foreach (var row in rows)
        {
            var (id, _, table) = Indicators[row["indicator"]];
            var country = row["iso3"] == "TJK" ? "tajikistan" : "afghanistan";
            Assert.Contains(row["iso3"], (string[])["TJK", "AFG"]);
            var observation = Assert.Single(
                observations, o => o.Text("indicator") == id && o.Text("date") == row["year"] && o.Texts("subjects").Contains(country));
            Assert.Equal([country], observation.Texts("subjects"));
            Assert.Equal(
                decimal.Parse(row["value"], NumberStyles.Float, CultureInfo.InvariantCulture), (decimal)observation["value"]!);
            Assert.Equal((false, "A"), ((bool)observation["approximate"]!, observation.Text("obsStatus")));
            var citation = Assert.Single(observation.Objects("citations"));
            Assert.Equal(
                (Copies[row["copied_from"]], $"{table}, {row["iso3"]}, {row["year"]}", "stated"),
                (citation.Text("source"), citation.Text("locator"), citation.Certainty()));
        }

        Assert.Equal(256, rows.Count);
        Assert.Equal(rows.Count, observations.Count);
    }

    [Fact]
    public void Rows_that_were_typed_over_by_hand_are_left_out()
    {
        var left = Rows(File).Where(r => r["copied_from"] == TypedOver).ToList();
        var indicators = Records(Pack, "indicators");

        Assert.Equal(175, left.Count);
        Assert.Equal(
            ["BX.TRF.PWKR.DT.GD.ZS", "TM.VAL.MRCH.CD.WT", "TX.VAL.MRCH.CD.WT"],
            left.Select(r => r["indicator"]).Distinct().Order(StringComparer.Ordinal));
        Assert.All(left, r => Assert.DoesNotContain(
            indicators, i => i.Text("description")!.Contains(r["indicator"], StringComparison.Ordinal)));
    }

    [Fact]
    public void Indicators_have_the_name_of_the_table_and_their_unit()
    {
        var names = Copied.Select(r => (Code: r["indicator"], Name: r["indicator_name"])).Distinct().ToList();
        var indicators = Records(Pack, "indicators");

        foreach (var (code, name) in names)
        {
            var (id, unit, _) = Indicators[code];
            var indicator = Assert.Single(indicators, i => i.Text("id") == id);
            // the base year is not in the copy, which the description says
            Assert.Equal(name.Replace("; base year as in the edition", "", StringComparison.Ordinal), indicator.Text("name"));
            Assert.Equal(unit, indicator.Text("unit"));
            Assert.Contains(code, indicator.Text("description"), StringComparison.Ordinal);
        }

        Assert.Equal(names.Count, indicators.Count);
    }

    [Fact]
    public void Each_copy_is_one_source_of_the_World_Bank_without_a_date()
    {
        _ = Rows(File);
        var sources = Records(Pack, "sources");

        Assert.Equal(Copies.Values.Order(StringComparer.Ordinal), sources.Select(s => s.Text("id")!).Order(StringComparer.Ordinal));
        foreach (var source in sources)
        {
            Assert.Equal("World Bank", source.Text("publisher"));
            Assert.Null(source.Text("published"));
            Assert.StartsWith("CC-BY-4.0", source.Text("licence"), StringComparison.Ordinal);
            Assert.Contains("other days", source.Text("description"), StringComparison.Ordinal);
            Assert.Equal(
                Period(source.Text("id")!), ((JsonObject)source["coverage"]!).Text("period"));
        }
    }

    /// <summary>The first and the last year of a copy.</summary>
    private static string Period(string source)
    {
        var years = Copied.Where(r => Copies[r["copied_from"]] == source).Select(r => r["year"]).Order(StringComparer.Ordinal).ToList();
        return $"{years[0]}/{years[^1]}";
    }
}
