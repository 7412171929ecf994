using System.Globalization;
using System.Text.Json.Nodes;
using static TajikTaliban.Api.Tests.Seeds.FieldExtract;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>The figures of the pack <c>press-trade</c> are those of the table, each once.</summary>
public sealed class PressTradeFieldTests
{
    private const string Pack = "press-trade";
    private const string File = "press_trade_figures.csv";
    private const string Ministry = "ministry-of-industry-and-commerce-taliban";

    private static readonly string[] TradePeriods =
        ["2020", "2021-S1", "2022-S1", "2023", "2025", "2017-Q1", "2022-Q1"];

    private static readonly Dictionary<string, string> Actors = new()
    {
        ["TJK"] = "tajikistan",
        ["UZB"] = "uzbekistan",
        ["AFG"] = "afghanistan",
        ["CA5"] = "central-asia",
    };

    private static List<Dictionary<string, string>> Figures => [.. Rows(File).Where(r => r["url"] != "")];

    [Fact]
    public void Each_figure_of_two_parties_and_a_year_half_year_or_quarter_is_one_trade_record()
    {
        var rows = Figures.Where(IsTrade).ToList();
        var records = Records(Pack, "trade");

        foreach (var row in rows)
        {
            var record = Assert.Single(records, r => r.Text("reporter") == Actors[row["reporter"]]
                && r.Text("partner") == Actors[row["partner"]] && r.Text("flow") == row["flow"] && r.Text("period") == row["period"]);
            AssertFigure(row, record);
            Assert.Equal(("C", "USD"), (record.Text("type"), record.Text("currency")));
            Assert.Equal("TOTAL", (string?)record["commodity"]!["code"]);
        }

        Assert.Equal(12, rows.Count);
        Assert.Equal(rows.Count, records.Count);
    }

    [Fact]
    public void Each_other_figure_is_one_observation_of_the_indicator_of_its_direction()
    {
        var rows = Figures.Where(r => !IsTrade(r)).ToList();
        var records = Records(Pack, "observations");

        foreach (var row in rows)
        {
            var record = Assert.Single(records, r => r.Text("date") == row["period"] && IsOf(r, row));
            AssertFigure(row, record);
            string[] subjects = row["partner"] == "WLD" ? [Actors[row["reporter"]]] : [Actors[row["reporter"]], Actors[row["partner"]]];
            Assert.Equal(subjects.Order(StringComparer.Ordinal), record.Texts("subjects").Order(StringComparer.Ordinal));
        }

        Assert.Equal(16, rows.Count);
        Assert.Equal(rows.Count, records.Count);
        Assert.Equal(
            Records(Pack, "indicators").Select(i => i.Text("id")).Order(StringComparer.Ordinal),
            records.Select(r => r.Text("indicator")).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Records(Pack, "indicators"), i => Assert.Equal("USD", i.Text("unit")));
    }

    [Fact]
    public void The_figure_of_the_article_is_not_recorded_again()
    {
        var own = Assert.Single(Rows(File), r => r["url"] == "");

        Assert.Equal("2024-S1", own["period"]);
        Assert.DoesNotContain(Records(Pack, "trade"), t => t.Text("period") == "2024-S1");
        Assert.Contains("| 16 |", System.IO.File.ReadAllText(Path.Combine(Architecture.Repository.Root, "seeds", Pack, "checklist.md")),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_ministry_that_claims_is_the_one_actor_and_cites_the_pages_of_its_claims()
    {
        var pages = Figures.Where(r => r["certainty"] == "claimed").Select(r => r["url"]).Distinct().Order(StringComparer.Ordinal);
        var ministry = Assert.Single(Records(Pack, "actors"));
        var relation = Assert.Single(Records(Pack, "relations"));

        Assert.Equal((Ministry, "public-body"), (ministry.Text("id"), ministry.Text("type")));
        Assert.Equal(
            (Ministry, "part-of", "taliban"), (relation.Text("subject"), relation.Text("type"), relation.Text("object")));
        foreach (var record in (JsonObject[])[ministry, relation])
        {
            Assert.All(record.Objects("citations"), c => Assert.Equal("reported", c.Certainty()));
            Assert.Equal(pages, record.Objects("citations").Select(c => SourceOf(c).Text("url")!).Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Each_page_is_one_source()
    {
        var pages = Figures.GroupBy(r => r["url"]).ToList();
        var sources = Records(Pack, "sources");

        foreach (var page in pages)
        {
            var source = Assert.Single(sources, s => s.Text("url") == page.Key);
            // a year that was inferred is uncertain
            Assert.Equal(page.First()["published"] switch { "" => null, "2017" => "2017?", var day => day }, source.Text("published"));
            Assert.Equal(
                ["about", "period", "silentOn"],
                source["coverage"]!.AsObject().Select(m => m.Key).Order(StringComparer.Ordinal));
        }

        Assert.Equal(pages.Count, sources.Count);
    }

    private static void AssertFigure(Dictionary<string, string> row, JsonObject record)
    {
        Assert.Equal("USD million", row["unit"]);
        Assert.Equal(decimal.Parse(row["value"], CultureInfo.InvariantCulture) * 1_000_000, (decimal)record["value"]!);
        Assert.Equal(row["approximate"] == "1", (bool)record["approximate"]!);
        var fact = Assert.Single(record.Facts());
        Assert.Equal(row["certainty"], fact.Certainty());
        Assert.Equal(row["certainty"] == "claimed" ? Ministry : null, fact.Text("claimant"));
        Assert.Equal(row["url"], SourceOf(fact).Text("url"));
        Assert.Contains(row["period"], fact.Text("locator"), StringComparison.Ordinal);
        var body = row["attributed_to"].Replace(" (implied)", "", StringComparison.Ordinal);
        if (row["certainty"] != "claimed")
            Assert.Contains(body, fact.Text("note"), StringComparison.Ordinal);
    }

    /// <summary>Whether the indicator of an observation counts what the row gives.</summary>
    private static bool IsOf(JsonObject record, Dictionary<string, string> row)
    {
        var indicator = Records(Pack, "indicators").Single(i => i.Text("id") == record.Text("indicator")).Text("name")!;
        var names = new Dictionary<string, string>
        {
            ["TJK"] = "Tajikistan",
            ["UZB"] = "Uzbekistan",
            ["AFG"] = "Afghanistan",
            ["CA5"] = "Central Asia",
            ["WLD"] = "all countries",
        };
        var (reporter, partner) = (names[row["reporter"]], names[row["partner"]]);
        return indicator.StartsWith(
            row["flow"] switch
            {
                "T" => $"Trade turnover of {reporter} with {partner}",
                "X" => $"Exports of {reporter} to {partner}",
                "M" => $"Imports of {reporter} from {partner}",
                _ => "?",
            },
            StringComparison.Ordinal);
    }

    private static JsonObject SourceOf(JsonObject citation) =>
        Assert.Single(Records(Pack, "sources"), s => s.Text("id") == citation.Text("source"));

    private static bool IsTrade(Dictionary<string, string> row) =>
        row["partner"] != "WLD" && TradePeriods.Contains(row["period"]);
}
