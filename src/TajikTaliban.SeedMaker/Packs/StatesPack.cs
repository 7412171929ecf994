using System.Text.Json.Nodes;
using static TajikTaliban.SeedMaker.Packs.SeedJson;

namespace TajikTaliban.SeedMaker.Packs;

/// <summary>Names and codes of states, and what Wikidata has around Tajikistan.</summary>
internal static class StatesPack
{
    private const string CountryFile = "country_identifiers.csv";
    private const string NameFile = "names_cldr.csv";
    private const string ItemFile = "wikidata_qids_around_tajikistan.csv";
    private const string CountryCodes = "country-codes-dataset";
    private const string CowCodes = "countrycode-dictionary";
    private const string Cldr = "unicode-cldr-47";
    private const string Wikidata = "wikidata-around-tajikistan";
    private const string Undated = "The copy has no dates: it does not say since when, nor whether it still holds.";

    /// <summary>The languages in which the name of a state is native; each is among the languages of its row.</summary>
    private static readonly HashSet<(string Iso2, string Locale)> Native =
    [
        ("TJ", "tg"), ("AF", "fa-AF"), ("AF", "ps"), ("UZ", "uz"), ("TM", "tk"), ("KG", "ky"), ("KZ", "kk"), ("PK", "ur"), ("IR", "fa"),
        ("CN", "zh"), ("RU", "ru"), ("IN", "hi"),
    ];

    /// <summary>Organisations of the article's pack, by item.</summary>
    private static readonly Dictionary<string, string> KnownOrganisations = new()
    {
        ["Q1065"] = "united-nations",
        ["Q458"] = "european-union",
        ["Q318693"] = "csto",
    };

    private static readonly Dictionary<string, string> LeftOutItems = new()
    {
        ["Q1702783"] = "A free trade area: no type of actor fits, the table does not call it an organisation.",
        ["Q207319"] = Province,
        ["Q241582"] = Province,
        ["Q633490"] = Province,
        ["Q633511"] = Province,
        ["Q9365"] = "A city: no type of actor fits.",
        ["Q4314981"] = "The bank is an actor of the pack offices, which has its governor; one body is one record.",
        ["Q1044136"] = "An office, not an actor; who held it is in the pack offices.",
        ["Q15222839"] = "The person is an actor of the pack offices, with the dates of the office and this item.",
        ["Q199711"] = "A republic within a union: no type of actor fits.",
    };

    private const string Province = "A part of a state: a region is a group of states, no type of actor fits.";

    public static Pack Make(Extracts extracts)
    {
        var pack = new Pack("states", "Names and codes of 18 states, and what Wikidata has around Tajikistan", "article");
        var (countries, names, items) = (extracts.Read(CountryFile), extracts.Read(NameFile), extracts.Read(ItemFile));
        pack.Account(countries);
        pack.Account(names);
        pack.Account(items);
        pack.Add("sources", Source(
            Wikidata, "dataset", "Wikidata: Tajikistan and the items around it", "Wikidata", null,
            "https://github.com/SpocWiki/_Standards/blob/0629ad79efa6d849f6a889061327b071ac9eb2f6/Earth/Continent/Asia/Asia~Central/"
            + "Tajikistan.md",
            "CC0-1.0 (Wikidata); CC-BY-SA-4.0 (the page that was read)",
            "Items that Wikidata relates to Tajikistan (Q863): memberships, diplomatic relations, borders, predecessors, public "
            + "bodies. Copy in the front matter of a page of the repository SpocWiki/_Standards (commit 0629ad7), read on 2026-11-28; "
            + "the rows were typed over by hand. It has no dates: neither when it was made, nor when a relation began or ended. "
            + "Nothing here is vouched for at any time. The items of the Taliban, of ISIS-Khorasan, of the Haqqani Network and of "
            + "Ansarullah are not in it. Items of states are also in the source country-codes-dataset. Types of actors are this "
            + "service's own.",
            Coverage(
                null,
                "Organisations of which Tajikistan is a member, states with which it has diplomatic relations or a border, by an undated "
                + "copy of Wikidata.",
                "When a relation began or ended and whether it still holds; relations of other states; who governs a state.")));
        foreach (var country in countries)
            AddState(pack, country, [.. names.Where(n => IsTerritory(n) && n["code"] == country["iso2"])], items);
        AddRegions(pack, names);
        foreach (var name in names.Where(n => n["kind"] == "language"))
            pack.LeaveOut(name, "The name of a language; no record is about a language.");
        foreach (var item in items)
            AddItem(pack, item, countries);
        return pack;
    }

    private static void AddState(Pack pack, ExtractRow row, IReadOnlyList<ExtractRow> cldr, IReadOnlyList<ExtractRow> items)
    {
        var iso3 = row["iso3"];
        var isKnown = StateIds.OfArticle.TryGetValue(iso3, out var known);
        var unterm = row["unterm_en_short"].Replace(" (the)", "", StringComparison.Ordinal);
        var english = cldr.SingleOrDefault(n => n["locale"] == "en");
        var name = isKnown ? known.Name : english?["name"] ?? unterm;
        if (english is not null && english["name"] != name)
            throw new InvalidOperationException($"{iso3} has another name in the article's pack than {english["name"]}.");
        var item = items.SingleOrDefault(i => i["qid"] == row["wikidata_qid"]);
        var names = Names(row, name, unterm, cldr, item);
        var citations = Citations(row, cldr, item, isNew: !isKnown);
        if (isKnown)
        {
            pack.AddTo("actors", known.Id, Of(
                ("names", names), ("identifiers", List(OtherIdentifiers(row))), ("citations", List(citations))), [row, .. cldr]);
            pack.LeaveOut(row, "Columns capital and languages alone: only lists are added to a record of another pack.");
            if (row["capital"] == "Nur-Sultan")
                pack.LeaveOut(row, "Column capital alone: Nur-Sultan is out of date.");
            return;
        }

        pack.Add("actors", Of(
            ("id", StateIds.Added[iso3]), ("type", "state"), ("name", name), ("names", names),
            ("identifiers", List([
                Identifier("iso2", row["iso2"]), Identifier("iso3", iso3), Identifier("isonum", row["m49"]), Identifier("m49", row["m49"]),
                Identifier("cow", row["cow_num"]), Identifier("gw", row["gw_num"]), Identifier("fips", row["fips"]),
                Identifier("wikidata", row["wikidata_qid"]), .. OtherIdentifiers(row),
            ])),
            ("description", $"State. Its capital in the table of country codes is {row["capital"]}."), ("citations", List(citations))),
            [row, .. cldr]);
        pack.LeaveOut(row, "Column languages alone: no field is about it.");
    }

    private static JsonArray Names(
        ExtractRow row, string name, string unterm, IReadOnlyList<ExtractRow> cldr, ExtractRow? item)
    {
        var formal = row["unterm_en_formal"];
        var names = new List<(string Text, string Lang, string Kind)>
        {
            (formal.StartsWith("the ", StringComparison.Ordinal) ? formal[4..] : formal, "en", "alias"),
            (unterm, "en", "alias"),
            (item?["label"] ?? "", "en", "alias"),
            (row["unterm_ru_short"], "ru", Kind(row["iso2"], "ru")),
            (row["un_ru"], "ru", Kind(row["iso2"], "ru")),
        };
        names.AddRange(cldr.Select(n => (n["name"], n["locale"], Kind(n["code"], n["locale"]))));
        return List(names.Where(n => n.Text != "" && (n.Text != name || n.Lang != "en")).Distinct()
            .Select(n => Name(n.Text, n.Lang, n.Kind)));
    }

    private static string Kind(string iso2, string locale) => Native.Contains((iso2, locale)) ? "native" : "alias";

    private static IEnumerable<JsonObject> OtherIdentifiers(ExtractRow row) =>
    [
        Identifier("other", $"cow-char:{row["cow_char"]}"), Identifier("other", $"imf:{row["imf"]}"),
        Identifier("other", $"gaul:{row["gaul"]}"), Identifier("other", $"geonames:{row["geoname_id"]}"),
    ];

    private static IEnumerable<JsonObject> Citations(ExtractRow row, IReadOnlyList<ExtractRow> cldr, ExtractRow? item, bool isNew)
    {
        var afghan = row["iso3"] == "AFG"
            ? "The formal name \"Islamic Republic of Afghanistan\" is the UN's in UNTERM, not a finding about who rules. "
            : "";
        yield return Citation(
            CountryCodes,
            $"row {row["iso3"]}: UNTERM and UN names, GeoNames and GAUL codes{(isNew ? ", ISO, M49, FIPS and Wikidata" : "")}",
            supports: isNew ? null : ["/names", "/identifiers"],
            note: $"{afghan}Formal names are those that the UN uses; articles left out. They do not say who governs.");
        yield return Citation(
            CowCodes, $"row {row["iso3"]}: COW {(isNew ? "and Gleditsch-Ward numbers, COW " : "")}letters, IMF code",
            supports: ["/identifiers"]);
        if (isNew)
        {
            yield return Citation(
                CountryCodes, $"row {row["iso3"]}: M49", "derived", supports: [$"/identifiers/isonum:{row["m49"]}"],
                note: "The M49 code of a state is written as its ISO 3166-1 numeric code.");
        }

        if (cldr.Count > 0)
        {
            yield return Citation(
                Cldr, $"territory {row["iso2"]} in the locales {string.Join(", ", cldr.Select(n => n["locale"]))}",
                supports: isNew ? ["/name", "/names"] : ["/names"]);
        }

        if (isNew && item is not null)
        {
            yield return Citation(
                Wikidata, $"item {item["qid"]}",
                supports: item["label"] == cldr.Single(n => n["locale"] == "en")["name"]
                    ? ["/identifiers"]
                    : [$"/names/{item["label"]}", "/identifiers"]);
        }
    }

    /// <summary>Central Asia, of the article's pack. No record is about Southern Asia.</summary>
    private static void AddRegions(Pack pack, IReadOnlyList<ExtractRow> names)
    {
        var central = names.Where(n => IsTerritory(n) && n["code"] == "143").ToList();
        pack.AddTo("actors", "central-asia", Of(
            ("names", List(central.Where(n => n["locale"] != "en").Select(n => Name(n["name"], n["locale"], "alias")))),
            ("citations", List(Citation(
                Cldr, $"territory 143 in the locales {string.Join(", ", central.Select(n => n["locale"]))}", supports: ["/names"])))),
            central);
        foreach (var name in names.Where(n => IsTerritory(n) && n["code"] == "034"))
            pack.LeaveOut(name, "Southern Asia: no record is about it, and the file does not say which states it groups.");
    }

    private static void AddItem(Pack pack, ExtractRow item, IReadOnlyList<ExtractRow> countries)
    {
        var (qid, label) = (item["qid"], item["label"]);
        if (LeftOutItems.TryGetValue(qid, out var reason))
        {
            pack.LeaveOut(item, reason);
            return;
        }

        var relations = item["wikidata_relation_from_Q863"].Split("; ");
        var state = countries.SingleOrDefault(c => c["wikidata_qid"] == qid);
        var id = state is not null ? StateIds.Of(state["iso3"]) : KnownOrganisations.GetValueOrDefault(qid) ?? Slug(label);
        switch (relations[0])
        {
            case "member of":
                AddOrganisation(pack, item, id);
                AddRelation(pack, item, "membership", id, $"Wikidata has Tajikistan as a member: {label}. {Undated}");
                break;
            case "diplomatic relation":
                if (state is null)
                    AddOrganisation(pack, item, id);
                AddRelation(
                    pack, item, "diplomatic-contact", id,
                    $"Wikidata has a diplomatic relation of Tajikistan with {(state is null ? $"the {label}" : NameOf(state, label))}. "
                    + $"{Undated}{(qid == "Q889" ? " It does not say who governs." : "")}");
                break;
            case "legislative body":
                AddLegislature(pack, item);
                break;
            case "head of state":
                pack.AddTo("actors", "emomali-rahmon", Of(
                    ("identifiers", List(Identifier("wikidata", qid))),
                    ("citations", List(Citation(Wikidata, Locator(item), supports: ["/identifiers"])))), item);
                break;
            case "replaces":
                pack.AddTo("actors", "soviet-union", Of(
                    ("identifiers", List(Identifier("wikidata", qid))),
                    ("citations", List(Citation(Wikidata, Locator(item), supports: ["/identifiers"])))), item);
                AddCitation(pack, item, "tajikistan-succession-soviet-union");
                break;
            default:
                throw new InvalidOperationException($"{qid} is related in a way that no record has: {relations[0]}.");
        }

        if (!relations.Contains("shares border with"))
            return;
        if (qid == "Q889")
            AddCitation(pack, item, "tajikistan-border-afghanistan");
        else
            AddRelation(pack, item, "border", id, $"Wikidata has a border of Tajikistan with {NameOf(state!, label)}. {Undated}");
    }

    private static string NameOf(ExtractRow state, string label) =>
        state["iso3"] == "USA" ? $"the {label}" : StateIds.OfArticle.TryGetValue(state["iso3"], out var known) ? known.Name : label;

    private static void AddOrganisation(Pack pack, ExtractRow item, string id)
    {
        var (qid, label) = (item["qid"], item["label"]);
        var identifiers = List(Identifier("wikidata", qid));
        if (id == "csto")
        {
            pack.AddTo("actors", id, Of(
                ("names", List(Name(label, "en", "alias"))), ("identifiers", identifiers),
                ("citations", List(
                    Citation(Wikidata, Locator(item), supports: ["/names", "/identifiers"]),
                    Citation(
                        Wikidata, Locator(item), "derived", supports: [$"/names/{label}", $"/identifiers/wikidata:{qid}"],
                        note: "The article gives the acronym only. The item is the one of the table with these initials.")))), item);
            return;
        }

        if (KnownOrganisations.ContainsKey(qid))
        {
            pack.AddTo("actors", id, Of(
                ("identifiers", identifiers), ("citations", List(Citation(Wikidata, Locator(item), supports: ["/identifiers"])))), item);
            return;
        }

        pack.Add("actors", Of(
            ("id", id), ("type", "igo"), ("name", label), ("sectors", Texts("IGO")), ("identifiers", identifiers),
            ("description", "Organisation that has Tajikistan as a member by an undated copy of Wikidata."),
            ("citations", List(
                Citation(Wikidata, Locator(item)),
                Citation(
                    Wikidata, Locator(item), "derived", supports: ["/type", "/sectors"],
                    note: "The table gives no type. The item has a state as its member.")))), item);
    }

    private static void AddLegislature(Pack pack, ExtractRow item)
    {
        const string Id = "supreme-assembly-tajikistan";
        pack.Add("actors", Of(
            ("id", Id), ("type", "public-body"), ("name", $"{item["label"]} of Tajikistan"),
            ("names", List(Name(item["label"], "en", "alias"))), ("sectors", Texts("LEG")),
            ("identifiers", List(Identifier("wikidata", item["qid"]))),
            ("description", "Legislative body of Tajikistan by an undated copy of Wikidata."),
            ("citations", List(Citation(Wikidata, Locator(item))))), item);
        pack.Add("relations", Of(
            ("id", $"{Id}-part-of-tajikistan"), ("type", "part-of"), ("subject", Id), ("object", "tajikistan"),
            ("summary", $"Wikidata has it as the legislative body of Tajikistan. {Undated}"),
            ("citations", List(Citation(Wikidata, Locator(item))))), item);
    }

    private static void AddRelation(Pack pack, ExtractRow item, string type, string id, string summary) =>
        pack.Add("relations", Of(
            ("id", $"wikidata-tajikistan-{type}-{id}"), ("type", type), ("subject", "tajikistan"), ("object", id), ("summary", summary),
            ("citations", List(Citation(Wikidata, Locator(item))))), item);

    /// <summary>Adds a citation to a relation of the article's pack.</summary>
    private static void AddCitation(Pack pack, ExtractRow item, string relation) =>
        pack.AddTo("relations", relation, Of(
            ("citations", List(Citation(Wikidata, Locator(item), supports: ["/type", "/subject", "/object"], note: Undated)))), item);

    private static string Locator(ExtractRow item) => $"item {item["qid"]}: {item["wikidata_relation_from_Q863"]}";

    private static bool IsTerritory(ExtractRow name) => name["kind"] == "territory";
}
