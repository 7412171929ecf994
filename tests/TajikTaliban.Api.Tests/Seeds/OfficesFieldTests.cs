using System.Text.Json.Nodes;
using static TajikTaliban.Api.Tests.Seeds.FieldExtract;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>The office holders of the pack <c>offices</c> are those of the table, each once.</summary>
public sealed class OfficesFieldTests
{
    private const string Pack = "offices";
    private const string File = "officeholders_tjk_wikidata.csv";

    /// <summary>Written by hand: the body that an office leads. Offices that are not here lead none.</summary>
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["President"] = "tajikistan",
        ["Minister of Agriculture"] = "ministry-of-agriculture-tajikistan",
        ["Minister of Culture"] = "ministry-of-culture-tajikistan",
        ["Minister of Defence"] = "ministry-of-defence-tajikistan",
        ["Minister of Economic Development and Trade"] = "ministry-of-economic-development-and-trade-tajikistan",
        ["Minister of Education and Science"] = "ministry-of-education-and-science-tajikistan",
        ["Minister of Energy and Water Resources"] = "ministry-of-energy-and-water-resources-tajikistan",
        ["Minister of Finance"] = "ministry-of-finance-tajikistan",
        ["Minister of Foreign Affairs"] = "ministry-of-foreign-affairs-tajikistan",
        ["Minister of Health"] = "ministry-of-health-tajikistan",
        ["Minister of Industry and New Technologies"] = "ministry-of-industry-and-new-technologies-tajikistan",
        ["Minister of Internal Affairs"] = "ministry-of-internal-affairs-tajikistan",
        ["Minister of Justice"] = "ministry-of-justice-tajikistan",
        ["Minister of Labour, Migration and Population Employment"] = "ministry-of-labour-migration-and-population-employment-tajikistan",
        ["Minister of Transport"] = "ministry-of-transport-tajikistan",
        ["Chairman of the State Committee for Investments and State Property Management"] =
            "state-committee-for-investments-and-state-property-management-tajikistan",
        ["Chairman of the State Committee for Land Management and Geodesy"] =
            "state-committee-for-land-management-and-geodesy-tajikistan",
        ["Chairman of the State Committee for National Security"] = "state-committee-for-national-security-tajikistan",
        ["Speaker of the National Assembly"] = "national-assembly-tajikistan",
        ["Speaker of the Assembly of Representatives"] = "assembly-of-representatives-tajikistan",
        ["Governor of the National Bank"] = "national-bank-of-tajikistan",
        ["Chief of the General Staff"] = "general-staff-tajikistan",
    };

    private static readonly string[] OfTheArticle = ["tajikistan", "state-committee-for-national-security-tajikistan"];

    private static IEnumerable<JsonObject> Persons => Records(Pack, "actors").Where(a => a.Text("type") == "person")
        .Concat(Additions(Pack, "actors"));

    [Fact]
    public void Each_row_is_one_status_of_the_person_of_its_item()
    {
        var rows = Rows(File);

        foreach (var row in rows)
        {
            var person = Assert.Single(Persons, p => p.Identifier("wikidata") == row["person_qid"]);
            var status = Assert.Single(person.Objects("statuses"), s => Locator(s) == Locator(row));
            AssertHeld(row, status);
            Assert.Equal("office-holder", status.Text("status"));
            if (person.Text("name") is { } name)
            {
                Assert.Equal(row["person"], name);
                Assert.Contains(row["start"], person.Text("description"), StringComparison.Ordinal);
            }

            Assert.Equal(
                row["enwiki_title"] is "" || row["enwiki_title"] == row["person"] ? [] : [row["enwiki_title"]],
                person.Objects("names").Select(n => n.Text("text")));
        }

        Assert.Equal(rows.Count, Persons.Sum(p => p.Objects("statuses").Count));
        Assert.Equal(rows.Select(r => r["person_qid"]).Distinct().Count(), Persons.Count());
    }

    [Fact]
    public void The_persons_of_the_article_get_their_items_and_offices() => Assert.Equal(
        ["emomali-rahmon Q57366", "saimumin-yatimov Q4539588"],
        Additions(Pack, "actors").Select(a => $"{a["id"]} {a.Identifier("wikidata")}").Order(StringComparer.Ordinal));

    [Fact]
    public void Each_row_of_an_office_that_leads_a_body_is_one_relation()
    {
        var rows = Rows(File).Where(r => Bodies.ContainsKey(r["position"])).ToList();
        var leads = Records(Pack, "relations").Where(r => r.Text("type") == "leads").ToList();

        foreach (var row in rows)
        {
            var relation = Assert.Single(leads, r => Locator(r) == Locator(row));
            AssertHeld(row, relation);
            Assert.Equal(Bodies[row["position"]], relation.Text("object"));
            Assert.Equal($"{row["position"]} of Tajikistan.", relation.Text("summary"));
            var person = Assert.Single(Persons, p => p.Text("id") == relation.Text("subject"));
            Assert.Equal(row["person_qid"], person.Identifier("wikidata"));
        }

        Assert.Equal(rows.Count, leads.Count);
    }

    [Fact]
    public void Bodies_are_those_of_the_offices_and_have_no_item_of_an_office()
    {
        _ = Rows(File);
        var bodies = Records(Pack, "actors").Where(a => a.Text("type") != "person").ToList();

        var ids = bodies.Select(b => b.Text("id")).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(Bodies.Values.Except(OfTheArticle).Order(StringComparer.Ordinal), ids);
        foreach (var (office, body) in Bodies.Where(b => !OfTheArticle.Contains(b.Value)))
        {
            var name = office.Replace("Minister of ", "Ministry of ", StringComparison.Ordinal)
                .Replace("Chairman of the ", "", StringComparison.Ordinal).Replace("Speaker of the ", "", StringComparison.Ordinal)
                .Replace("Governor of the ", "", StringComparison.Ordinal).Replace("Chief of the ", "", StringComparison.Ordinal);
            Assert.Equal($"{name} of Tajikistan", bodies.Single(b => b.Text("id") == body).Text("name"));
        }

        // the item of an office is not that of its body; the bank's own is in the table of items around Tajikistan
        Assert.Equal(
            ["national-bank-of-tajikistan Q4314981"],
            bodies.Where(b => b.ContainsKey("identifiers")).Select(b => $"{b["id"]} {b.Identifier("wikidata")}"));
        Assert.Contains(
            Rows("wikidata_qids_around_tajikistan.csv"),
            r => r["qid"] == "Q4314981" && r["label"] == "National Bank of Tajikistan");
        var parts = Records(Pack, "relations").Where(r => r.Text("type") != "leads").ToList();
        Assert.All(parts, p => Assert.Equal(("part-of", "tajikistan"), (p.Text("type"), p.Text("object"))));
        Assert.Equal(ids, parts.Select(p => p.Text("subject")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_office_without_an_end_was_held_on_the_last_day_and_nothing_is_said_of_later()
    {
        _ = Rows(File);
        Assert.Equal(
            28,
            Persons.SelectMany(p => p.Objects("statuses"))
                .Count(s => s.Text("to") is null && s.Objects("citations").Single().Text("vouchedFor") == "2022-08-03"));
        Assert.Null(Assert.Single(Records(Pack, "sources")).Text("published"));
    }

    private static void AssertHeld(Dictionary<string, string> row, JsonObject held)
    {
        Assert.Equal(row["start"], held.Text("from"));
        Assert.Equal(row["end"] == "" ? null : row["end"], held.Text("to"));
        var citation = Assert.Single(held.Objects("citations"));
        Assert.Equal(("wikidata-office-holders-tajikistan", "stated"), (citation.Text("source"), citation.Certainty()));
        Assert.Equal(row["end"] == "" ? "2022-08-03" : null, citation.Text("vouchedFor"));
    }

    private static string Locator(JsonObject held) => held.Objects("citations").Single().Text("locator")!;

    private static string Locator(Dictionary<string, string> row) =>
        $"{row["position"]}{(row["position_qid"] == "" ? "" : $" ({row["position_qid"]})")}, {row["person"]} ({row["person_qid"]})";
}
