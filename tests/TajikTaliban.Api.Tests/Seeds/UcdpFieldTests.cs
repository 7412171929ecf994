using System.Text.Json.Nodes;
using static TajikTaliban.Api.Tests.Seeds.FieldExtract;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>The actors, conflicts and intensities of the pack <c>ucdp</c> are those of the tables, each once.</summary>
public sealed class UcdpFieldTests
{
    private const string Pack = "ucdp";
    private const string ActorFile = "ucdp_actor221_afg_tjk.csv";
    private const string ConflictFile = "ucdp_acd251_afg_tjk.csv";

    /// <summary>Written by hand: opponents and governments that the actor table does not have.</summary>
    private static readonly Dictionary<string, (string Id, string? Ucdp)> Others = new()
    {
        ["AFF"] = ("aff", "8343"),
        ["AQIM"] = ("aqim", "539"),
        ["al-Murabitun"] = ("al-murabitun", "4376"),
        ["Ansar Dine"] = ("ansar-dine", null),
        ["MUJAO"] = ("mujao", null),
        ["Signed-in-Blood Battalion"] = ("signed-in-blood-battalion", null),
        ["Government of Mali"] = ("government-of-mali", "72"),
    };

    private static List<JsonObject> Actors => [.. Records(Pack, "actors"), .. Additions(Pack, "actors")];

    private static Dictionary<string, JsonObject> ByUcdp =>
        Actors.Where(a => a.Identifier("ucdp-actor") is not null).ToDictionary(a => a.Identifier("ucdp-actor")!);

    [Fact]
    public void What_the_rows_give_is_stated_by_one_of_the_two_tables()
    {
        _ = Rows(ConflictFile);
        foreach (var record in (IEnumerable<JsonObject>)[
            .. Actors, .. Records(Pack, "relations"), .. Records(Pack, "indicators"), .. Records(Pack, "observations")])
        {
            var certainty = record.Text("id") == "taliban-leads-government-of-afghanistan" ? "assessed" : "stated";
            var source = record.Text("type") is "government" or "armed-group" or null && !record.ContainsKey("indicator")
                && record.Text("unit") is null && !Others.Values.Any(o => o.Id == record.Text("id"))
                    ? "ucdp-actor-22-1"
                    : "ucdp-prio-armed-conflict-25-1";
            Assert.All(record.Facts(), c => Assert.Equal((source, certainty), (c.Text("source"), c.Certainty())));
            Assert.All(record.Objects("citations"), c => Assert.Equal(source, c.Text("source")));
        }

        Assert.Single(Records(Pack, "indicators"));
        Assert.Equal(
            ["ucdp-actor-22-1", "ucdp-prio-armed-conflict-25-1"],
            Records(Pack, "sources").Select(s => s.Text("id")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_actor_is_one_record_or_an_addition_with_its_names()
    {
        var rows = Rows(ActorFile);
        var actors = ByUcdp;

        foreach (var row in rows)
        {
            var actor = actors[row["ActorId"]];
            string?[] texts = [actor.Text("name"), .. actor.Objects("names").Select(n => n.Text("text"))];
            Assert.Contains(row["NameData"].Trim(), texts);
            foreach (var column in (string[])["NameOrig", "NameOrigFull", "NameOrigFullEng"])
            {
                var text = row[column].Trim().TrimStart('\u200f');
                if (text is not ("" or "n/a"))
                    Assert.Contains(text, texts);
                if (row["NameChange"] == "1" && text is not ("" or "n/a"))
                    Assert.Contains(actor.Objects("names"), n => n.Text("text") == text && n.Text("kind") == "former");
            }

            if (actor.Text("type") is { } type)
            {
                Assert.Equal(row["Org"] == "4" ? "government" : "armed-group", type);
                Assert.Equal(row["NameData"].StartsWith("Government of ", StringComparison.Ordinal), type == "government");
            }

            var described = actor.Text("description") ?? actor.Objects("citations")[0].Text("note");
            if (row["Org"] != "4" || row["ActorId"] is "130" or "131")
            {
                foreach (var column in (string[])["DyadId", "OSID", "Location"])
                    Assert.Contains(row[column].Trim(), described, StringComparison.Ordinal);
            }

            Assert.Equal($"actor {row["ActorId"]}", Assert.Single(actor.Objects("citations")).Text("locator"));
        }

        Assert.Equal(104, rows.Count);
        Assert.Equal(rows.Count + Others.Count, Actors.Count);
        Assert.Equal(rows.Count + Others.Count(o => o.Value.Ucdp is not null), actors.Count);
    }

    [Fact]
    public void The_new_names_of_Islamic_State_are_split()
    {
        var row = Assert.Single(Rows(ActorFile), r => r["ActorId"] == "234");
        var names = ByUcdp["234"].Objects("names").Select(n => n.Text("text")).ToList();

        Assert.All(row["NewName"].Split(", "), n => Assert.Contains(n, names));
        // the actor's own name is Islamic State; a doubled word is written once
        Assert.All(
            row["NewNameFullEng"].Replace("of of", "of", StringComparison.Ordinal).Split(", ").Except(["Islamic State"]),
            n => Assert.Contains(n, names));
    }

    [Fact]
    public void Actors_of_the_article_get_the_ids_that_are_sure_and_others_have_no_two() => Assert.Equal(
        ["al-qaeda 769", "islamic-state 234", "taliban 303"],
        Additions(Pack, "actors").Select(a => $"{a["id"]} {a.Identifier("ucdp-actor")}").Order(StringComparer.Ordinal));

    [Fact]
    public void Each_row_has_one_intensity_of_its_parties()
    {
        var rows = Rows(ConflictFile);
        var records = Records(Pack, "observations");

        foreach (var row in rows)
        {
            var record = Assert.Single(
                records, o => Locator(o) == $"conflict {row["conflict_id"]}, year {row["year"]}, intensity_level");
            Assert.Equal(("ucdp-conflict-intensity", row["year"]), (record.Text("indicator"), record.Text("date")));
            Assert.Equal(int.Parse(row["intensity_level"], null), (int)record["value"]!);
            Assert.Equal(
                Split(row["side_b"]).Append(row["side_a"]).Select(IdOf).Order(StringComparer.Ordinal),
                record.Texts("subjects").Order(StringComparer.Ordinal));
            // of those whose id is known, the ids are those of the row
            var ids = record.Texts("subjects").Select(s => Actors.Single(a => a.Text("id") == s).Identifier("ucdp-actor")).OfType<string>();
            Assert.Empty(ids.Except(Split(row["side_b_id"])).Except([row["side_a_id"]]));
        }

        Assert.Equal(96, rows.Count);
        Assert.Equal(rows.Count, records.Count);
    }

    [Fact]
    public void Each_pair_of_opponents_of_a_row_is_vouched_for_once_and_no_other_year_is()
    {
        var pairs = (
            from row in Rows(ConflictFile)
            from opponent in Split(row["side_b"])
            select (Conflict: row["conflict_id"], A: IdOf(row["side_a"]), B: IdOf(opponent), Year: int.Parse(row["year"], null), Row: row))
            .ToList();
        var relations = Records(Pack, "relations").Where(r => r.Text("type") == "conflict").ToList();
        var recorded = relations.SelectMany(r => r.Facts().Select(c => (
            Conflict: Assert.Single(pairs.Select(p => p.Conflict).Distinct(),
                id => c.Text("locator")!.StartsWith($"conflict {id}, year {c["vouchedFor"]}, ", StringComparison.Ordinal)),
            A: r.Text("subject")!, B: r.Text("object")!, Year: int.Parse(c.Text("vouchedFor")!, null)))).ToList();

        Assert.Equal(
            pairs.Select(p => $"{p.Conflict} {p.A} {p.B} {p.Year}").Order(StringComparer.Ordinal),
            recorded.Select(p => $"{p.Conflict} {p.A} {p.B} {p.Year}").Order(StringComparer.Ordinal));
        foreach (var relation in relations)
        {
            var years = relation.Facts().Select(c => int.Parse(c.Text("vouchedFor")!, null)).ToList();
            var of = pairs.Where(p => (p.A, p.B) == (relation.Text("subject"), relation.Text("object"))
                && relation.Text("id")!.StartsWith($"ucdp-{p.Conflict}-", StringComparison.Ordinal)).ToList();
            // years in a row, and all of them
            Assert.Equal(Enumerable.Range(years[0], years.Count), years);
            Assert.DoesNotContain(of, p => p.Year == years[0] - 1 || p.Year == years[^1] + 1);
            AssertDates(relation, of.Single(p => p.Year == years[0]).Row, of.Single(p => p.Year == years[^1]).Row);
        }
    }

    [Theory]
    [InlineData("16292", "government-of-tajikistan", "islamic-state", "2018-07-30", "2019-11-06")]
    [InlineData("431", "government-of-afghanistan", "government-of-russia-soviet-union", "1979-12-27", "1979-12-28")]
    [InlineData("13324", "government-of-kyrgyzstan", "government-of-tajikistan", null, "2022-09-18")]
    [InlineData("13637", "government-of-afghanistan", "islamic-state", "2015-02-09", null)]
    public void A_conflict_of_one_pair_has_the_days_of_its_rows(string conflict, string a, string b, string? from, string? to)
    {
        _ = Rows(ConflictFile);
        var relation = Assert.Single(Records(Pack, "relations"), r => r.Text("type") == "conflict"
            && r.Text("id")!.StartsWith($"ucdp-{conflict}-", StringComparison.Ordinal));

        Assert.Equal((a, b, from, to), (relation.Text("subject"), relation.Text("object"), relation.Text("from"), relation.Text("to")));
    }

    [Fact]
    public void Each_secondary_party_in_a_conflict_of_the_two_or_of_their_governments_is_vouched_for_once()
    {
        string[] two = ["Government of Afghanistan", "Government of Tajikistan"];
        var rows = Rows(ConflictFile);
        var expected =
            (from row in rows
             from second in Split(row["side_a_2nd"])
             where two.Contains(row["side_a"]) || two.Contains(second)
             select $"{row["conflict_id"]} {IdOf(second)} {IdOf(row["side_a"])} {row["year"]}")
            // the row of 1992 has two opponents, and does not tell which of them Uzbekistan's government was with
            .Append("333 government-of-iran united-islamic-front-for-the-salvation-of-afghanistan 2001");

        Assert.Equal(
            ["395 1992 Government of Uzbekistan", "333 2001 Government of Iran"],
            rows.Where(r => r["side_b_2nd"] != "").OrderByDescending(r => r["conflict_id"], StringComparer.Ordinal)
                .Select(r => $"{r["conflict_id"]} {r["year"]} {r["side_b_2nd"].Trim()}"));
        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            Records(Pack, "relations").Where(r => r.Text("type") == "supports").SelectMany(r => r.Facts().Select(c =>
                $"{r.Text("id")!.Split('-')[1]} {r["subject"]} {r["object"]} {c["vouchedFor"]}")).Order(StringComparer.Ordinal));
        Assert.All(
            Records(Pack, "relations").Where(r => r.Text("type") == "supports"),
            r =>
            {
                var years = r.Facts().Select(c => int.Parse(c.Text("vouchedFor")!, null)).ToList();
                Assert.Equal(Enumerable.Range(years[0], years.Count), years);
            });
    }

    [Fact]
    public void Who_the_government_of_Afghanistan_is_is_said_by_a_dated_relation_alone()
    {
        _ = Rows(ConflictFile);
        var leads = Records(Pack, "relations").Where(r => r.Text("type") is not ("conflict" or "supports")).ToList();

        Assert.Equal(
            [
                "government-of-afghanistan leads afghanistan ", "government-of-kyrgyzstan leads kyrgyzstan ",
                "government-of-pakistan leads pakistan ", "government-of-tajikistan leads tajikistan ",
                "government-of-united-states-of-america leads united-states ", "taliban leads government-of-afghanistan 2021-08",
            ],
            leads.Select(r => $"{r["subject"]} {r["type"]} {r["object"]} {r["from"]}").Order(StringComparer.Ordinal));
        Assert.Equal(
            "assessed", Assert.Single(Assert.Single(leads, r => r.Text("subject") == "taliban").Objects("citations")).Certainty());
    }

    [Theory]
    [InlineData("ucdp_ged_subset_aec_afg_tjk.csv")]
    [InlineData("ucdp_ged231_randomsample_afg_tjk.csv")]
    public void Samples_of_events_are_left_out_as_a_whole(string file)
    {
        var rows = Rows(file);
        var checklist = File.ReadAllText(Path.Combine(Architecture.Repository.Root, "seeds", Pack, "checklist.md"));

        Assert.Contains($"| {file} | 1-{rows.Count} |", checklist, StringComparison.Ordinal);
        Assert.Empty(Records(Pack, "events"));
    }

    /// <summary>Checks the ends of a relation against its first and last row.</summary>
    private static void AssertDates(JsonObject relation, Dictionary<string, string> first, Dictionary<string, string> last)
    {
        var one = Split(first["side_b"]).Count == 1;
        var isStart = first["start_prec"] == "1" && first["start_date"][..4] == first["year"];
        Assert.Equal(isStart, relation.ContainsKey("from"));
        if (isStart)
            Assert.StartsWith(one ? first["start_date"] : $"{first["start_date"]}/", relation.Text("from"), StringComparison.Ordinal);
        if (relation.Text("object") == "taliban" && last["year"] == "2021")
            Assert.Equal("2021-08", relation.Text("to"));
        else if (last["ep_end"] == "1")
            Assert.Equal(Split(last["side_b"]).Count == 1 ? last["ep_end_date"] : $"/{last["ep_end_date"]}", relation.Text("to"));
        else
            Assert.False(relation.ContainsKey("to"));
        foreach (var text in (string[])[first["start_date"], first["start_date2"], first["location"], first["territory_name"]])
            Assert.Contains(text, relation.Text("summary"), StringComparison.Ordinal);
    }

    /// <summary>The id of the actor of a name in the tables.</summary>
    private static string IdOf(string name) => Others.TryGetValue(name, out var other)
        ? other.Id
        : ByUcdp[Rows(ActorFile).Single(r => r["NameData"].Trim() == name)["ActorId"]].Text("id")!;

    private static IReadOnlyList<string> Split(string list) =>
        [.. list.Split(", ").Select(n => n.Trim()).Where(n => n != "")];

    private static string Locator(JsonObject record) => record.Objects("citations")[0].Text("locator")!;
}
