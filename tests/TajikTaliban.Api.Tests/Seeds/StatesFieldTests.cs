using System.Text.Json.Nodes;
using static TajikTaliban.Api.Tests.Seeds.FieldExtract;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>The names, codes and relations of the pack <c>states</c> are those of the tables.</summary>
public sealed class StatesFieldTests
{
    private const string Pack = "states";
    private const string CountryFile = "country_identifiers.csv";
    private const string NameFile = "names_cldr.csv";
    private const string ItemFile = "wikidata_qids_around_tajikistan.csv";
    private const string Wikidata = "wikidata-around-tajikistan";

    /// <summary>Written by hand: the states of the article's pack and those that are new.</summary>
    private static readonly Dictionary<string, (string Id, string Name, bool IsNew)> States = new()
    {
        ["TJK"] = ("tajikistan", "Tajikistan", false),
        ["AFG"] = ("afghanistan", "Afghanistan", false),
        ["UZB"] = ("uzbekistan", "Uzbekistan", false),
        ["TKM"] = ("turkmenistan", "Turkmenistan", false),
        ["KGZ"] = ("kyrgyzstan", "Kyrgyzstan", false),
        ["KAZ"] = ("kazakhstan", "Kazakhstan", false),
        ["PAK"] = ("pakistan", "Pakistan", false),
        ["IRN"] = ("iran", "Iran", false),
        ["CHN"] = ("china", "China", false),
        ["RUS"] = ("russia", "Russia", false),
        ["IND"] = ("india", "India", false),
        ["TUR"] = ("turkiye", "Türkiye", true),
        ["USA"] = ("united-states", "United States", false),
        ["SAU"] = ("saudi-arabia", "Saudi Arabia", true),
        ["ARE"] = ("united-arab-emirates", "United Arab Emirates", true),
        ["QAT"] = ("qatar", "Qatar", true),
        ["GBR"] = ("united-kingdom", "United Kingdom of Great Britain and Northern Ireland", true),
        ["DEU"] = ("germany", "Germany", true),
    };

    /// <summary>Written by hand: the languages of a state in which its name is native.</summary>
    private static readonly Dictionary<string, string[]> Native = new()
    {
        ["TJK"] = ["tg"],
        ["AFG"] = ["fa-AF", "ps"],
        ["UZB"] = ["uz"],
        ["TKM"] = ["tk"],
        ["KGZ"] = ["ky"],
        ["KAZ"] = ["kk"],
        ["PAK"] = ["ur"],
        ["IRN"] = ["fa"],
        ["CHN"] = ["zh"],
        ["RUS"] = ["ru"],
        ["IND"] = ["hi"],
    };

    /// <summary>Written by hand: what became of the items; null: left out.</summary>
    private static readonly Dictionary<string, string?> Items = new()
    {
        ["Q1065"] = "united-nations",
        ["Q81299"] = "organization-for-security-and-co-operation-in-europe",
        ["Q318693"] = "csto",
        ["Q485207"] = "shanghai-cooperation-organisation",
        ["Q7779"] = "commonwealth-of-independent-states",
        ["Q1702783"] = null,
        ["Q47543"] = "organisation-of-islamic-cooperation",
        ["Q188822"] = "asian-development-bank",
        ["Q162656"] = "international-civil-defence-organisation",
        ["Q8475"] = "interpol",
        ["Q605326"] = "world-customs-organization",
        ["Q2297670"] = "central-asian-cooperation-organization",
        ["Q207319"] = null,
        ["Q241582"] = null,
        ["Q633490"] = null,
        ["Q633511"] = null,
        ["Q9365"] = null,
        ["Q4314981"] = null,
        ["Q2011165"] = "supreme-assembly-tajikistan",
        ["Q1044136"] = null,
        ["Q57366"] = "emomali-rahmon",
        ["Q15222839"] = null,
        ["Q458"] = "european-union",
        ["Q889"] = "afghanistan",
        ["Q265"] = "uzbekistan",
        ["Q813"] = "kyrgyzstan",
        ["Q148"] = "china",
        ["Q843"] = "pakistan",
        ["Q794"] = "iran",
        ["Q668"] = "india",
        ["Q159"] = "russia",
        ["Q30"] = "united-states",
        ["Q851"] = "saudi-arabia",
        ["Q43"] = "turkiye",
        ["Q199711"] = null,
        ["Q15180"] = "soviet-union",
    };

    [Fact]
    public void Each_state_has_the_codes_of_its_row()
    {
        var rows = Rows(CountryFile);

        foreach (var row in rows)
        {
            var (id, name, isNew) = States[row["iso3"]];
            var actor = Whole(id);
            Assert.Equal((name, "state"), (actor.Text("name"), actor.Text("type")));
            Assert.Equal(isNew, Records(Pack, "actors").Any(a => a.Text("id") == id));
            string[] codes =
            [
                $"iso2:{row["iso2"]}", $"iso3:{row["iso3"]}", $"isonum:{row["m49"]}", $"m49:{row["m49"]}", $"cow:{row["cow_num"]}",
                $"gw:{row["gw_num"]}", $"fips:{row["fips"]}", $"wikidata:{row["wikidata_qid"]}", $"other:cow-char:{row["cow_char"]}",
                $"other:imf:{row["imf"]}", $"other:gaul:{row["gaul"]}", $"other:geonames:{row["geoname_id"]}",
            ];
            Assert.Equal(codes.Order(StringComparer.Ordinal), Codes(actor).Order(StringComparer.Ordinal));
        }

        Assert.Equal(18, rows.Count);
    }

    [Fact]
    public void Each_state_has_the_names_of_the_UN_without_the_article()
    {
        foreach (var row in Rows(CountryFile))
        {
            var actor = Whole(States[row["iso3"]].Id);
            string[] english = [row["unterm_en_short"].Replace(" (the)", "", StringComparison.Ordinal), Formal(row)];
            string?[] names = [actor.Text("name"), .. TextsIn(actor, "en")];
            Assert.All(english.Where(n => n != ""), n => Assert.Contains(n, names));
            string[] russian = [row["unterm_ru_short"], row["un_ru"]];
            Assert.All(russian.Where(n => n != ""), n => Assert.Contains(n, TextsIn(actor, "ru")));
        }
    }

    [Fact]
    public void Each_name_of_a_state_in_a_locale_is_one_name_of_its_actor()
    {
        var rows = Rows(CountryFile).ToDictionary(r => r["iso2"]);
        foreach (var name in Rows(NameFile).Where(n => n["kind"] == "territory" && rows.ContainsKey(n["code"])))
        {
            var iso3 = rows[name["code"]]["iso3"];
            var actor = Whole(States[iso3].Id);
            if (name["locale"] == "en")
            {
                Assert.Equal(name["name"], actor.Text("name"));
                continue;
            }

            var one = Assert.Single(
                actor.Objects("names"), n => n.Text("lang") == name["locale"] && n.Text("text") == name["name"]);
            var isNative = Native.TryGetValue(iso3, out var languages) && languages.Contains(name["locale"]);
            Assert.Equal(isNative ? "native" : "alias", one.Text("kind"));
        }
    }

    [Fact]
    public void The_names_of_Central_Asia_are_those_of_its_region()
    {
        var rows = Rows(NameFile).Where(n => n["code"] == "143" && n["locale"] != "en").ToList();
        var names = Assert.Single(Additions(Pack, "actors"), a => a.Text("id") == "central-asia").Objects("names");

        Assert.Equal(
            rows.Select(r => (r["locale"], r["name"], "alias")),
            names.Select(n => (n.Text("lang")!, n.Text("text")!, n.Text("kind")!)));
    }

    [Fact]
    public void There_is_no_name_that_is_in_no_table()
    {
        var countries = Rows(CountryFile).ToDictionary(r => States[r["iso3"]].Id);
        foreach (var actor in Records(Pack, "actors").Concat(Additions(Pack, "actors")).Where(a => countries.ContainsKey(a.Text("id")!)))
        {
            var row = countries[actor.Text("id")!];
            List<(string, string)> known =
            [
                ("en", row["unterm_en_short"].Replace(" (the)", "", StringComparison.Ordinal)), ("en", Formal(row)),
                ("ru", row["unterm_ru_short"]), ("ru", row["un_ru"]),
                .. Rows(NameFile).Where(n => n["code"] == row["iso2"]).Select(n => (n["locale"], n["name"])),
                .. Rows(ItemFile).Where(i => i["qid"] == row["wikidata_qid"]).Select(i => ("en", i["label"])),
            ];
            Assert.All(actor.Objects("names"), n => Assert.Contains((n.Text("lang")!, n.Text("text")!), known));
        }
    }

    [Fact]
    public void Native_names_are_in_languages_of_the_row()
    {
        foreach (var row in Rows(CountryFile).Where(r => Native.ContainsKey(r["iso3"])))
        {
            var languages = row["languages"].Split(',');
            Assert.All(Native[row["iso3"]], locale => Assert.Contains(
                languages, l => l == locale || l.StartsWith($"{locale}-", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void A_capital_that_is_out_of_date_is_in_no_record()
    {
        Assert.Contains(Rows(CountryFile), r => r["capital"] == "Nur-Sultan");
        Assert.DoesNotContain(
            (string[])["actors", "relations", "sources"],
            resource => Records(Pack, resource).Any(r => r.ToJsonString().Contains("Nur-Sultan", StringComparison.Ordinal)));
        Assert.DoesNotContain(
            Additions(Pack, "actors"), a => a.ToJsonString().Contains("Nur-Sultan", StringComparison.Ordinal));
        foreach (var row in Rows(CountryFile).Where(r => States[r["iso3"]].IsNew))
        {
            var actor = Whole(States[row["iso3"]].Id);
            Assert.EndsWith($" is {row["capital"]}.", actor.Text("description"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_name_of_the_UN_for_Afghanistan_is_no_finding_about_who_rules()
    {
        _ = Rows(CountryFile);
        var afghanistan = Assert.Single(Additions(Pack, "actors"), a => a.Text("id") == "afghanistan");

        Assert.Contains(
            afghanistan.Objects("citations"),
            c => c.Text("note")?.Contains("not a finding about who rules", StringComparison.Ordinal) == true);
    }

    [Fact]
    public void Each_item_is_the_identifier_of_its_actor_or_left_out()
    {
        var rows = Rows(ItemFile);

        Assert.Equal(Items.Keys.Order(StringComparer.Ordinal), rows.Select(r => r["qid"]).Order(StringComparer.Ordinal));
        foreach (var row in rows)
        {
            if (Items[row["qid"]] is { } id)
            {
                var actor = Whole(id);
                Assert.Equal(row["qid"], actor.Identifier("wikidata"));
                string?[] names = [actor.Text("name"), .. TextsIn(actor, "en")];
                Assert.Contains(row["label"], names);
            }
            else
            {
                Assert.DoesNotContain(
                    Records(Pack, "actors").Concat(Additions(Pack, "actors")), a => a.Identifier("wikidata") == row["qid"]);
                Assert.DoesNotContain(
                    Records(Pack, "relations"), r => r.ToJsonString().Contains($"{row["qid"]}:", StringComparison.Ordinal));
            }
        }
    }

    [Fact]
    public void Each_relation_of_an_item_is_one_record_or_a_citation_of_one_of_the_article()
    {
        var types = new Dictionary<string, string>
        {
            ["member of"] = "membership",
            ["diplomatic relation"] = "diplomatic-contact",
            ["shares border with"] = "border",
            ["legislative body"] = "part-of",
        };
        var (relations, added) = (Records(Pack, "relations"), Additions(Pack, "relations"));
        var (count, countAdded) = (0, 0);
        foreach (var row in Rows(ItemFile).Where(r => Items[r["qid"]] is not null))
        {
            var id = Items[row["qid"]]!;
            var locator = $"item {row["qid"]}: {row["wikidata_relation_from_Q863"]}";
            foreach (var relation in row["wikidata_relation_from_Q863"].Split("; ").Where(r => r != "head of state"))
            {
                if (relation == "replaces" || (relation == "shares border with" && id == "afghanistan"))
                {
                    var article = relation == "replaces" ? "tajikistan-succession-soviet-union" : "tajikistan-border-afghanistan";
                    var addition = Assert.Single(added, a => a.Text("id") == article);
                    Assert.Equal(locator, Assert.Single(addition.Objects("citations")).Text("locator"));
                    countAdded++;
                    continue;
                }

                var (subject, to) = relation == "legislative body" ? (id, "tajikistan") : ("tajikistan", id);
                var record = Assert.Single(
                    relations, r => r.Text("type") == types[relation] && r.Text("subject") == subject && r.Text("object") == to);
                var citation = Assert.Single(record.Objects("citations"));
                Assert.Equal((Wikidata, locator, "stated"), (citation.Text("source"), citation.Text("locator"), citation.Certainty()));
                count++;
            }
        }

        Assert.Equal((relations.Count, added.Count), (count, countAdded));
    }

    [Fact]
    public void Relations_of_an_undated_copy_have_no_dates_and_are_vouched_for_at_no_time()
    {
        _ = Rows(ItemFile);

        Assert.All(Records(Pack, "relations"), r => Assert.Equal((null, null), (r.Text("from"), r.Text("to"))));
        Assert.All(
            Records(Pack, "relations").Concat(Additions(Pack, "relations")).SelectMany(r => r.Objects("citations")),
            c => Assert.Null(c.Text("vouchedFor")));
        Assert.Null(Assert.Single(Records(Pack, "sources")).Text("published"));
    }

    [Fact]
    public void Actors_are_the_new_states_organisations_and_the_legislature()
    {
        _ = Rows(ItemFile);

        Assert.Equal(
            States.Values.Where(s => s.IsNew).Select(s => $"state {s.Id}")
                .Concat(Rows(ItemFile).Where(r => r["wikidata_relation_from_Q863"] == "member of").Select(r => Items[r["qid"]])
                    .Where(id => id is not (null or "united-nations" or "csto")).Select(id => $"igo {id}"))
                .Append("public-body supreme-assembly-tajikistan").Order(StringComparer.Ordinal),
            Records(Pack, "actors").Select(a => $"{a.Text("type")} {a.Text("id")}").Order(StringComparer.Ordinal));
    }

    /// <summary>An actor of this pack, or of the article's with what this one adds.</summary>
    private static JsonObject Whole(string id)
    {
        if (Records(Pack, "actors").SingleOrDefault(a => a.Text("id") == id) is { } own)
            return own;
        var whole = Assert.Single(Records("article", "actors"), a => a.Text("id") == id).DeepClone().AsObject();
        var addition = Assert.Single(Additions(Pack, "actors"), a => a.Text("id") == id);
        foreach (var member in (string[])["names", "identifiers"])
        {
            var all = whole.Objects(member).Concat(addition.Objects(member)).DistinctBy(o => o.ToJsonString());
            whole[member] = new JsonArray([.. all.Select(o => o.DeepClone())]);
        }

        return whole;
    }

    private static IEnumerable<string> Codes(JsonObject actor) =>
        actor.Objects("identifiers").Select(i => $"{i.Text("scheme")}:{i.Text("value")}");

    private static IEnumerable<string?> TextsIn(JsonObject actor, string language) =>
        actor.Objects("names").Where(n => n.Text("lang") == language).Select(n => n.Text("text"));

    private static string Formal(Dictionary<string, string> row) =>
        row["unterm_en_formal"].StartsWith("the ", StringComparison.Ordinal) ? row["unterm_en_formal"][4..] : row["unterm_en_formal"];
}
