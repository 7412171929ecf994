using System.Text.Json.Nodes;
using static TajikTaliban.SeedMaker.Packs.SeedJson;

namespace TajikTaliban.SeedMaker.Packs;

/// <summary>Who held which office in Tajikistan, from Wikidata.</summary>
internal static class OfficesPack
{
    private const string File = "officeholders_tjk_wikidata.csv";
    private const string Wikidata = "wikidata-office-holders-tajikistan";

    /// <summary>The source of the pack of states that has the item of the National Bank.</summary>
    private const string AroundTajikistan = "wikidata-around-tajikistan";

    /// <summary>The last day of the table. An office without an end was held then.</summary>
    private const string LastDay = "2022-08-03";

    /// <summary>The bodies by position. Positions that are not here lead no body of their own.</summary>
    private static readonly Dictionary<string, Body> Bodies = new()
    {
        ["President"] = new("tajikistan", "Tajikistan", "state", IsNew: false),
        ["Chairman of the State Committee for National Security"] = new(
            "state-committee-for-national-security-tajikistan", "State Committee for National Security of Tajikistan", "public-body",
            IsNew: false),
        ["Speaker of the National Assembly"] = new("national-assembly-tajikistan", "National Assembly of Tajikistan", "public-body"),
        ["Speaker of the Assembly of Representatives"] = new(
            "assembly-of-representatives-tajikistan", "Assembly of Representatives of Tajikistan", "public-body"),
        ["Governor of the National Bank"] = new(
            "national-bank-of-tajikistan", "National Bank of Tajikistan", "public-body", Item: "Q4314981"),
        ["Chief of the General Staff"] = new("general-staff-tajikistan", "General Staff of Tajikistan", "military"),
    };

    /// <summary>The persons of the article's pack.</summary>
    private static readonly string[] Known = ["emomali-rahmon", "saimumin-yatimov"];

    public static Pack Make(Extracts extracts)
    {
        var pack = new Pack("offices", "Office holders of Tajikistan in Wikidata, 1994 to August 2022", "article", "states");
        var rows = extracts.Read(File);
        pack.Account(rows);
        pack.Add("sources", Source(
            Wikidata, "dataset", "Wikidata: office holders of Tajikistan", "Wikidata", null,
            "https://github.com/every-politician-scrapers/tajikistan-ministers/tree/3039beb43712fe80824177ea9798079233aa257f", "CC0-1.0",
            "Table of who held which office in Tajikistan, with the items of Wikidata for office and person. Copy in the repository "
            + "every-politician-scrapers/tajikistan-ministers (html/holders21.csv, html/bio.csv, html/positions.csv and "
            + "wikidata/results/current-cabinet.csv at commit 3039beb), read on 2026-11-28. It ends on 2022-08-03: an empty end means that "
            + "the office was held then, and says nothing of later. Names are the table's English ones. The position \"ambassador of "
            + "Tajikistan\" has no item there and no receiving country. A title of the English Wikipedia that differs from the name is "
            + "recorded as another name. Bodies are named after the position; the item of a position is not one of the body.",
            Coverage(
                "1994-11-19/2022-08-03",
                "Office holders of Tajikistan with the days on which they took and left office, as Wikidata had them on 2022-08-03.",
                "Offices after 2022-08-03, office holders before those of the table, and offices of Afghanistan.")));
        foreach (var person in rows.GroupBy(r => r["person_qid"]))
            AddPerson(pack, [.. person]);
        foreach (var position in rows.GroupBy(r => r["position"]))
            AddBody(pack, position.Key, [.. position]);
        foreach (var row in rows.Where(r => BodyOrNull(r["position"]) is not null))
            AddRelation(pack, row, BodyOrNull(row["position"])!);
        return pack;
    }

    private static void AddPerson(Pack pack, IReadOnlyList<ExtractRow> rows)
    {
        var first = rows[0];
        var id = Slug(first["person"]);
        var statuses = List(rows.Select(r => Of(
            ("status", "office-holder"), ("from", r["start"]), ("to", EndOrNull(r)), ("citations", List(Held(r))))));
        var identifiers = List(Identifier("wikidata", first["person_qid"]));
        var titles = rows.Select(r => r["enwiki_title"]).Where(t => t != "" && t != first["person"]).Distinct().ToList();
        var names = List(titles.Select(t => Name(t, "en", "alias")));
        var locator = $"person {first["person_qid"]}";
        if (Known.Contains(id))
        {
            var citations = List(Citation(Wikidata, locator, supports: ["/identifiers"]));
            pack.AddTo("actors", id, Of(("identifiers", identifiers), ("statuses", statuses), ("citations", citations)), rows);
            return;
        }

        pack.Add("actors", Of(
            ("id", id), ("type", "person"), ("name", first["person"]), ("names", names.Count > 0 ? names : null),
            ("identifiers", identifiers), ("statuses", statuses), ("description", string.Join(' ', rows.Select(Description))),
            ("citations", List(Citation(Wikidata, locator)))), rows);
    }

    private static void AddBody(Pack pack, string position, IReadOnlyList<ExtractRow> rows)
    {
        if (BodyOrNull(position) is not { IsNew: true } body)
            return;
        var locator = $"position {position} ({rows[0]["position_qid"]})";
        pack.Add("actors", Of(
            ("id", body.Id), ("type", body.Type), ("name", body.Name),
            ("identifiers", body.Item is null ? null : List(Identifier("wikidata", body.Item))),
            ("description", $"Body of Tajikistan, named after the office \"{position}\" in the table."),
            ("citations", List(
                Citation(Wikidata, locator),
                body.Item is null ? null : Citation(AroundTajikistan, $"item {body.Item}", supports: ["/identifiers"])))), rows);
        pack.Add("relations", Of(
            ("id", $"{body.Id}-part-of-tajikistan"), ("type", "part-of"), ("subject", body.Id), ("object", "tajikistan"),
            ("summary", "The body is Tajikistan's, by the office at its head."),
            ("citations", List(Citation(Wikidata, locator, vouchedFor: LastHeld(rows))))), rows);
    }

    private static void AddRelation(Pack pack, ExtractRow row, Body body)
    {
        var person = Slug(row["person"]);
        pack.Add("relations", Of(
            ("id", $"{person}-leads-{body.Id}-{row["start"]}"), ("type", "leads"), ("subject", person), ("object", body.Id),
            ("from", row["start"]), ("to", EndOrNull(row)), ("summary", $"{OfTajikistan(row["position"])}."),
            ("citations", List(Held(row)))), row);
    }

    /// <summary>The citation of a time in office.</summary>
    private static JsonObject Held(ExtractRow row) => Citation(
        Wikidata,
        $"{row["position"]}{(row["position_qid"] == "" ? "" : $" ({row["position_qid"]})")}, {row["person"]} ({row["person_qid"]})",
        vouchedFor: row["end"] == "" ? LastDay : null,
        note: row["end"] == "" ? "No end in the table, which ends on 2022-08-03: held then." : null);

    private static string Description(ExtractRow row) =>
        $"{OfTajikistan(row["position"])} from {row["start"]} {(row["end"] == "" ? "on, in office on 2022-08-03" : $"to {row["end"]}")}.";

    private static string OfTajikistan(string position) => position.StartsWith("ambassador", StringComparison.Ordinal)
        ? "Ambassador of Tajikistan"
        : $"{position} of Tajikistan";

    private static string? EndOrNull(ExtractRow row) => row["end"] == "" ? null : row["end"];

    /// <summary>The last day, or the last end, on which somebody held the office.</summary>
    private static string LastHeld(IReadOnlyList<ExtractRow> rows) =>
        rows.Any(r => r["end"] == "") ? LastDay : rows.Max(r => r["end"])!;

    private static Body? BodyOrNull(string position)
    {
        if (Bodies.TryGetValue(position, out var body))
            return body;
        foreach (var (office, kind) in ((string, string)[])[("Minister of ", "Ministry of "), ("Chairman of the State ", "State ")])
        {
            if (position.StartsWith(office, StringComparison.Ordinal))
            {
                var name = kind + position[office.Length..];
                return new Body($"{Slug(name)}-tajikistan", $"{name} of Tajikistan", "public-body");
            }
        }

        return null;
    }

    private sealed record Body(string Id, string Name, string Type, bool IsNew = true, string? Item = null);
}
