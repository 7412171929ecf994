using System.Text.Json.Nodes;
using static TajikTaliban.SeedMaker.Packs.SeedJson;

namespace TajikTaliban.SeedMaker.Packs;

/// <summary>Actors and conflict-years of UCDP: of Afghanistan and Tajikistan, or with one of their governments as a party.</summary>
internal static class UcdpPack
{
    public const string Conflicts = "ucdp-prio-armed-conflict-25-1";
    public const string Actors = "ucdp-actor-22-1";

    private const string ConflictFile = "ucdp_acd251_afg_tjk.csv";
    private const string ActorFile = "ucdp_actor221_afg_tjk.csv";
    private const string Intensity = "ucdp-conflict-intensity";
    private const string Afghanistan = "Government of Afghanistan";
    private const string Tajikistan = "Government of Tajikistan";

    private const string WhoGoverns =
        "In UCDP's usage, Government of Afghanistan means the Taliban's government since August 2021 (see the source).";

    /// <summary>The actors of the article's pack, by UCDP's id.</summary>
    private static readonly Dictionary<string, (string Id, string Name)> Known = new()
    {
        ["234"] = ("islamic-state", "Islamic State"),
        ["303"] = ("taliban", "Taliban"),
        ["769"] = ("al-qaeda", "Al-Qaeda"),
    };

    /// <summary>The names of actors that the table has by an acronym or a short form, by UCDP's id; each is in the table.</summary>
    private static readonly Dictionary<string, string> FullNames = new()
    {
        ["304"] = "United Islamic Front for the Salvation of Afghanistan",
        ["345"] = "United Tajik Opposition",
        ["356"] = "Tehrik-i-Taliban Pakistan",
        ["359"] = "Islamic Movement of Uzbekistan",
        ["388"] = "Lashkar-e-Jhangvi",
        ["1101"] = "Tehrik-i-Taliban Pakistan - Tariq Afridi faction",
        ["1102"] = "Tehrik-i-Taliban Pakistan - Mulla Rafique faction",
        ["1103"] = "Tehrik-i-Taliban Pakistan - Mullah Toofan faction",
        ["1186"] = "Popular Front of Tajikistan",
        ["3047"] = "Tehrik-i-Taliban Pakistan - Islahi faction",
        ["5864"] = "Tehrik-i-Taliban Pakistan - Khalid Mehsud faction",
        ["5865"] = "Tehrik-i-Taliban Pakistan - Shehryar Mehsud faction",
        ["8114"] = "National Resistance Front of Afghanistan",
    };

    /// <summary>Opponents that the actor table does not have, with the id that the rows let one say, and how.</summary>
    private static readonly Dictionary<string, (string? Id, string? Note)> Others = new()
    {
        ["AFF"] = ("8343", "Side B of 2022 is AFF and NRF with the ids 8114 and 8343, and 8114 is the NRF."),
        ["AQIM"] = ("539", "539 is the one id that the rows of 2013 and 2014 share, and AQIM the one name."),
        ["al-Murabitun"] = ("4376", "Side B of 2014 has two names and two ids; 539 is AQIM's."),
        ["Ansar Dine"] = (null, null),
        ["MUJAO"] = (null, null),
        ["Signed-in-Blood Battalion"] = (null, null),
    };

    /// <summary>Governments that lead a state of the article's pack, by their number in the rows.</summary>
    private static readonly Dictionary<string, string> States = new()
    {
        [Afghanistan] = "afghanistan",
        [Tajikistan] = "tajikistan",
        ["Government of Kyrgyzstan"] = "kyrgyzstan",
        ["Government of Pakistan"] = "pakistan",
        ["Government of United States of America"] = "united-states",
    };

    public static Pack Make(Extracts extracts)
    {
        var pack = new Pack(
            "ucdp", "Conflicts of Afghanistan and Tajikistan by UCDP, 1978 to 2024, with their parties", "article", "states");
        var (conflicts, actors) = (extracts.Read(ConflictFile), extracts.Read(ActorFile));
        pack.Account(conflicts);
        pack.Account(actors);
        LeaveOutSamples(pack, extracts);
        AddSources(pack);
        var parties = new Dictionary<string, string>();
        foreach (var row in actors)
            AddActor(pack, row, parties);
        AddOthers(pack, conflicts, parties);
        AddGovernments(pack, conflicts, parties);
        foreach (var conflict in conflicts.GroupBy(r => r["conflict_id"]))
        {
            AddConflicts(pack, [.. conflict], parties);
            AddSupport(pack, [.. conflict], parties);
        }

        AddIntensities(pack, conflicts, parties);
        return pack;
    }

    private static void LeaveOutSamples(Pack pack, Extracts extracts)
    {
        foreach (var (file, reason) in ((string, string)[])
        [
            ("ucdp_ged_subset_aec_afg_tjk.csv", "Events that were chosen because an English article matched them: neither random nor "
                + "complete, so that a list or a count of them would mislead. The whole file is left out."),
            ("ucdp_ged231_randomsample_afg_tjk.csv", "A random sample of events, never a total. The whole file is left out."),
        ])
        {
            var rows = extracts.Read(file);
            pack.Account(rows);
            foreach (var row in rows)
                pack.LeaveOut(row, reason);
        }
    }

    private static void AddSources(Pack pack)
    {
        pack.Add("sources", Source(
            Conflicts, "dataset", "UCDP/PRIO Armed Conflict Dataset, version 25.1", "UCDP/PRIO", null,
            "https://github.com/Jenssah86/bit_academy_analytics_project/blob/151731d0bddc8db7a655dd214669bc8451a37c6c/"
            + "UcdpPrioConflict_v25_1.csv", "CC-BY-4.0",
            "Armed conflicts by year. Copy in the repository Jenssah86/bit_academy_analytics_project at commit 151731d, read on "
            + "2026-11-28: the 96 rows in which Afghanistan (Gleditsch-Ward 700) or Tajikistan (702) is the location or a party. A row is "
            + "a conflict in a year, with all opponents together. Of conflicts elsewhere (404, 418, 11347) there are only the years in "
            + "which one of the two governments was a party, so that a year without a row says nothing. Locators name conflict, year and "
            + "column. "
            + "A relation of type conflict covers years in a row that have a row with both parties; each year is vouched for by its row, "
            + "and nothing is said of years without one. The first day is given only where the conflict's start_date (precision 1) is in "
            + "the first of these years, the last day only where the row has an end of an episode; the conflict with the Taliban ends in "
            + "August 2021, when they became UCDP's Government of Afghanistan. "
            + "UCDP's Government of Afghanistan (130) is whoever governs: since August 2021 the Taliban's government. UCDP has no "
            + "id of its own for ISIS-Khorasan, whose fighting is under IS (234), and no actor for Ansarullah. "
            + "Secondary parties are relations of type supports in conflicts of Afghanistan and Tajikistan, and where the secondary party "
            + "is one of their governments; other secondary parties of the conflicts 418 and 11347 are left out, since they concern "
            + "neither. That Uzbekistan's government was also on side B in 1992 is only in a summary: the row has two opponents and does "
            + "not tell which. The columns type_of_conflict, cumulative_intensity and region are left out, as the extract has codes "
            + "without a definition. Version 26.1 exists and was not read.",
            Coverage(
                "1978/2024",
                "Conflict-years of Afghanistan and Tajikistan, and those of other states in which the government of one of the two was a "
                + "party, with parties and intensity level.",
                "Years below UCDP's threshold, numbers of deaths, single events, and violence between groups or against civilians.")));
        pack.Add("sources", Source(
            Actors, "dataset", "UCDP Actor Dataset, version 22.1", "UCDP", null,
            "https://github.com/skytheacademic/who_keeps_the_peace/blob/5369d2f955d3396072c612a84588654941212a19/data/ucdp_ged/"
            + "ucdp-actor-221.csv", "CC-BY-4.0",
            "Parties of UCDP's conflicts with ids, names and dyads. Copy in the repository skytheacademic/who_keeps_the_peace at commit "
            + "5369d2f, read on 2026-11-28: the 104 rows with the location Afghanistan or Tajikistan, with Taleban or Taliban in the name, "
            + "and neighbours' governments. Not the newest edition. Locators name the actor by its id. The name of the Taliban is spelt "
            + "Taleban. Of governments only id and name are taken over, and of those of Afghanistan and Tajikistan the dyads too: "
            + "most are in the table because they sent forces to coalitions. Ids of non-state conflicts and codes of regions are left out. "
            + "A doubled word in an English name of actor 234 (\"of of\") is written once. The original name of actor 8114 is as in the "
            + "table.",
            Coverage(
                null,
                "Governments and groups that UCDP has as parties of organised violence in Afghanistan and Tajikistan, with UCDP's ids.",
                "When an actor began or ceased to exist, who leads it, and how two actors of similar names relate to each other.")));
        pack.Add("indicators", Of(
            ("id", Intensity), ("name", "UCDP intensity of conflict"), ("unit", "level"),
            ("description", "UCDP's intensity level of a conflict in a year, 1 or 2. What was read does not "
                + "define the levels: see UCDP's codebook. The level is that of the conflict with all its opponents, not of a pair of them. The subjects "
                + "are the primary parties in that year. A year without a figure has no row in the extract. Of the conflicts 404, 418 and "
                + "11347, which are elsewhere, it has only years in which the government of Afghanistan or Tajikistan was a secondary "
                + "party."),
            ("citations", List(Citation(Conflicts, "column intensity_level")))));
    }

    /// <summary>An actor of the actor table.</summary>
    private static void AddActor(Pack pack, ExtractRow row, Dictionary<string, string> parties)
    {
        var ucdpId = row["ActorId"];
        var isGovernment = row["Org"] == "4";
        var name = FullNames.GetValueOrDefault(ucdpId) ?? row["NameData"].Trim();
        var isKnown = Known.TryGetValue(ucdpId, out var known);
        var id = isKnown ? known.Id : Slug(name);
        parties.Add(row["NameData"].Trim(), id);
        var names = Names(row, isKnown ? known.Name : name);
        var identifiers = List(Identifier("ucdp-actor", ucdpId));
        if (isKnown)
        {
            pack.AddTo("actors", id, Of(
                ("names", names), ("identifiers", identifiers),
                ("citations", List(Citation(
                    Actors, $"actor {ucdpId}", supports: ["/names", "/identifiers"], note: Dyads(row))))), row);
            return;
        }

        var description = row["NameData"] switch
        {
            Afghanistan => "UCDP's actor for whoever governs Afghanistan, so that its opponents change with the government. Since August "
                + "2021 it means the Taliban's government (see the source); rows of earlier years do not say who governed. "
                + Dyads(row),
            Tajikistan => $"UCDP's actor for whoever governs Tajikistan. {Dyads(row)}",
            _ when isGovernment => "UCDP's actor for the government of the state.",
            _ => $"Party in UCDP's table of actors. {Dyads(row)}",
        };
        pack.Add("actors", Of(
            ("id", id), ("type", isGovernment ? "government" : "armed-group"), ("name", name),
            ("names", names.Count > 0 ? names : null), ("identifiers", identifiers), ("description", description),
            ("citations", List(Citation(Actors, $"actor {ucdpId}")))), row);
    }

    /// <summary>The other names of an actor. Where UCDP says that the name changed, the original ones are former names.</summary>
    private static JsonArray Names(ExtractRow row, string name)
    {
        var changed = row["NameChange"] == "1";
        var names = new List<(string Text, string Kind)>();
        var data = row["NameData"].Trim();
        names.Add((data, FullNames.ContainsKey(row["ActorId"]) || data == "IS" ? "acronym" : "alias"));
        foreach (var column in (string[])["NameOrigFullEng", "NameOrigFull", "NameOrig"])
            names.Add((Clean(row[column]), changed ? "former" : "alias"));
        if (row["ActorId"] == "234")
        {
            names.AddRange(row["NewNameFullEng"].Split(", ").Select(n => (Clean(n), "former")));
            names.AddRange(row["NewName"].Split(", ").Select(n => (Clean(n), "acronym")));
        }

        return List(names.Where(n => n.Text is not ("" or "n/a") && n.Text != name).DistinctBy(n => n.Text)
            .Select(n => Name(n.Text, Language(n.Text, row), n.Kind)));
    }

    /// <summary>English for names that the table gives in English, else the script alone: the table names no language.</summary>
    private static string Language(string text, ExtractRow row) =>
        text.Any(c => c is >= '\u0600' and <= '\u06ff') ? "und-Arab"
        : text == Clean(row["NameOrigFull"]) && text != Clean(row["NameOrigFullEng"]) && text != row["NameData"].Trim() ? "und-Latn"
        : "en";

    private static string Clean(string text) => text.Trim('\u200f', ' ').Replace(" of of ", " of ", StringComparison.Ordinal);

    private static string Dyads(ExtractRow row)
    {
        (string Label, string Text)[] parts =
        [
            (row["DyadId"].Contains(',', StringComparison.Ordinal) ? "UCDP dyads" : "UCDP dyad", row["DyadId"]),
            ("UCDP one-sided violence", row["OSID"]), ("UCDP's locations", row["Location"].Trim()),
        ];
        return string.Join(' ', parts.Where(p => p.Text != "").Select(p => $"{p.Label}: {p.Text}."));
    }

    /// <summary>Parties that only the rows of conflicts have.</summary>
    private static void AddOthers(Pack pack, IReadOnlyList<ExtractRow> conflicts, Dictionary<string, string> parties)
    {
        foreach (var (name, (ucdpId, note)) in Others)
        {
            var rows = conflicts.Where(r => Split(r["side_b"]).Contains(name)).ToList();
            var locator = $"conflict {rows[0]["conflict_id"]}, years {Years(rows)}, side_b {name}";
            parties.Add(name, Slug(name));
            pack.Add("actors", Of(
                ("id", Slug(name)), ("type", "armed-group"), ("name", name),
                ("identifiers", ucdpId is null ? null : List(Identifier("ucdp-actor", ucdpId))),
                ("description", $"Opponent of the {rows[0]["side_a"]} in UCDP's conflict {rows[0]["conflict_id"]}."),
                ("citations", List(
                    Citation(Conflicts, locator),
                    ucdpId is null ? null : Citation(
                        Conflicts, $"conflict {rows[0]["conflict_id"]}, years {Years(rows)}, side_b and side_b_id", "derived",
                        supports: ["/identifiers"], note: note)))), rows);
        }

        const string Mali = "Government of Mali";
        var ofMali = conflicts.Where(r => r["side_a"] == Mali).ToList();
        parties.Add(Mali, Slug(Mali));
        pack.Add("actors", Of(
            ("id", Slug(Mali)), ("type", "government"), ("name", Mali),
            ("identifiers", List(Identifier("ucdp-actor", ofMali[0]["side_a_id"]))),
            ("description", "UCDP's actor for the government of the state."),
            ("citations", List(Citation(Conflicts, $"conflict {ofMali[0]["conflict_id"]}, years {Years(ofMali)}, side_a")))), ofMali);
    }

    /// <summary>Which states governments lead, and who UCDP's Government of Afghanistan is.</summary>
    private static void AddGovernments(Pack pack, IReadOnlyList<ExtractRow> conflicts, Dictionary<string, string> parties)
    {
        foreach (var (government, state) in States)
        {
            var rows = conflicts.Where(r => r["side_a"] == government || r["side_b"] == government).OrderBy(Year).ToList();
            var ends = rows.Count > 0 && Year(rows[0]) != Year(rows[^1]) ? (ExtractRow[])[rows[0], rows[^1]] : [rows[0]];
            pack.Add("relations", Of(
                ("id", $"{parties[government]}-leads-{state}"), ("type", "leads"), ("subject", parties[government]), ("object", state),
                ("summary", $"UCDP's {government} is that of the state, whoever governs."),
                ("citations", List(ends.Select(r => Citation(
                    Conflicts, $"conflict {r["conflict_id"]}, year {r["year"]}, {(r["side_a"] == government ? "gwno_a" : "gwno_b")}",
                    vouchedFor: r["year"]))))), ends);
        }

        pack.Add("relations", Of(
            ("id", "taliban-leads-government-of-afghanistan"), ("type", "leads"), ("subject", "taliban"),
            ("object", parties[Afghanistan]), ("from", "2021-08"),
            ("summary", "UCDP's Government of Afghanistan (130) means the Taliban's government since August 2021, so that its conflicts "
                + "with the NRF, AFF and IS after that are those of the Taliban's government."),
            ("citations", List(Citation(
                Conflicts, "conflicts 333 and 13637, years 2022-2024, side_a_id 130", "assessed", vouchedFor: "2024",
                note: "UCDP's usage, as the description of the source has it. The rows themselves have side A 130 in each year and no "
                    + "opponent Taleban after 2021.")))), conflicts.Where(r => r["side_a"] == Afghanistan && Year(r) > 2021));
    }

    /// <summary>The relations of the parties of a conflict: one for each run of years that have a row with both.</summary>
    private static void AddConflicts(Pack pack, IReadOnlyList<ExtractRow> conflict, Dictionary<string, string> parties)
    {
        foreach (var opponent in conflict.SelectMany(r => Split(r["side_b"])).Distinct())
        {
            foreach (var run in Runs(conflict.Where(r => Split(r["side_b"]).Contains(opponent)), Year))
            {
                var (first, last) = (run[0], run[^1]);
                var (a, b) = (parties[first["side_a"]], parties[opponent]);
                var isTaliban = b == "taliban" && last["year"] == "2021";
                var (from, fromNote) = Beginning(first);
                var (to, toNote) = isTaliban
                    ? ("2021-08", $"{WhoGoverns} The last row with the opponent Taleban is of 2021.")
                    : End(last);
                var name = $"conflict {first["conflict_id"]}";
                pack.Add("relations", Of(
                    ("id", $"ucdp-{first["conflict_id"]}-{a}-conflict-{b}-{Years(run)}"), ("type", "conflict"), ("subject", a),
                    ("object", b), ("from", from), ("to", to), ("summary", Summary(run, opponent)),
                    ("citations", List([
                        .. run.Select(r => Citation(
                            Conflicts, $"{name}, year {r["year"]}, side_a {r["side_a"]}, side_b {opponent}", vouchedFor: r["year"])),
                        fromNote is null ? null : Citation(
                            Conflicts, $"{name}, year {first["year"]}, start_date", "derived", supports: ["/from"], note: fromNote),
                        toNote is null ? null : Citation(
                            Conflicts, $"{name}, year {last["year"]}, {(isTaliban ? "side_b" : "ep_end_date")}", "derived",
                            supports: ["/to"], note: toNote),
                    ]))), run);
            }
        }
    }

    /// <summary>The beginning, and how it was found if not given: that of the conflict, if it is of the first year.</summary>
    private static (string? From, string? Note) Beginning(ExtractRow first)
    {
        var start = first["start_date"];
        if (first["start_prec"] != "1" || !start.StartsWith(first["year"], StringComparison.Ordinal))
            return (null, null);
        return Split(first["side_b"]).Count == 1
            ? (start, null)
            : ($"{start}/{(first["ep_end_date"] == "" ? $"{first["year"]}-12-31" : first["ep_end_date"])}",
                "Not before the start of the conflict, and in the first year of the rows. The row has several opponents and one start.");
    }

    /// <summary>The end, and how it was found if not given: that of the episode, if one ends in the last year.</summary>
    private static (string? To, string? Note) End(ExtractRow last)
    {
        if (last["ep_end"] != "1")
            return (null, null);
        return Split(last["side_b"]).Count == 1
            ? (last["ep_end_date"], null)
            : ($"/{last["ep_end_date"]}", "By the end of the episode. The row has several opponents and one end.");
    }

    private static string Summary(IReadOnlyList<ExtractRow> run, string opponent)
    {
        var (first, last) = (run[0], run[^1]);
        var (a, years) = (first["side_a"], Years(run));
        var over = first["territory_name"] == "" ? "" : $" Territory: {first["territory_name"]}.";
        var end = last["ep_end"] == "1" ? $" An episode ended on {last["ep_end_date"]}." : "";
        var governs = a == Afghanistan && Year(last) > 2020 ? $" {WhoGoverns}" : "";
        var second = $"{first["start_date2"]} (precision {first["start_prec2"]})";
        return $"UCDP has {a} and {opponent} as opponents in {years}. Conflict {first["conflict_id"]}, location {first["location"]}.{over} "
            + $"Its start_date is {first["start_date"]} (precision {first["start_prec"]}), its start_date2 {second}.{end}{governs}";
    }

    /// <summary>Secondary parties, where the conflict or the secondary party is of Afghanistan or Tajikistan.</summary>
    private static void AddSupport(Pack pack, IReadOnlyList<ExtractRow> conflict, Dictionary<string, string> parties)
    {
        var isOfTheTwo = conflict[0]["side_a"] is Afghanistan or Tajikistan;
        var support = conflict.SelectMany(r => Split(r["side_a_2nd"]).Select(s => (Party: s, Side: "a", With: r["side_a"], Row: r)))
            .Concat(conflict.Where(r => Split(r["side_b"]).Count == 1)
                .SelectMany(r => Split(r["side_b_2nd"]).Select(s => (Party: s, Side: "b", With: r["side_b"].Trim(), Row: r))))
            .Where(s => isOfTheTwo || s.Party is Afghanistan or Tajikistan);
        foreach (var pair in support.GroupBy(s => (s.Party, s.Side, s.With)))
        {
            foreach (var run in Runs(pair.Select(p => p.Row), Year))
            {
                var (party, with) = (parties[pair.Key.Party], parties[pair.Key.With]);
                var (id, column) = (run[0]["conflict_id"], $"side_{pair.Key.Side}_2nd");
                var both = run.Any(r => pair.Key.Side == "a" && Split(r["side_b_2nd"]).Contains(pair.Key.Party))
                    ? " In 1992 the row has it on side B too, without saying with which of two opponents."
                    : "";
                var governs = Year(run[^1]) > 2020 ? $" The row of 2021 does not tell the part of the year. {WhoGoverns}" : "";
                pack.Add("relations", Of(
                    ("id", $"ucdp-{id}-{party}-supports-{with}-{Years(run)}"), ("type", "supports"), ("subject", party),
                    ("object", with),
                    ("summary", $"UCDP has {pair.Key.Party} as a secondary party on the side of {pair.Key.With} in conflict {id}, "
                        + $"{Years(run)}. The rows do not say in what way.{both}{governs}"),
                    ("citations", List(run.Select(r => Citation(
                        Conflicts, $"conflict {id}, year {r["year"]}, {column} {pair.Key.Party}", vouchedFor: r["year"]))))), run);
            }
        }
    }

    private static void AddIntensities(Pack pack, IReadOnlyList<ExtractRow> conflicts, Dictionary<string, string> parties)
    {
        foreach (var row in conflicts)
        {
            var (id, year) = (row["conflict_id"], row["year"]);
            pack.Add("observations", Of(
                ("id", $"{Intensity}-{id}-{year}"), ("indicator", Intensity),
                ("subjects", Texts([parties[row["side_a"]], .. Split(row["side_b"]).Select(b => parties[b])])), ("date", year),
                ("value", int.Parse(row["intensity_level"], null)), ("approximate", false), ("obsStatus", "A"),
                ("note", $"Conflict {id}, location {row["location"]}."),
                ("citations", List(Citation(Conflicts, $"conflict {id}, year {year}, intensity_level")))), row);
        }
    }

    private static IReadOnlyList<string> Split(string list) =>
        [.. list.Split(", ").Select(n => n.Trim()).Where(n => n != "")];

    private static int Year(ExtractRow row) => int.Parse(row["year"], null);

    /// <summary>A year, or the first and the last.</summary>
    private static string Years(IReadOnlyList<ExtractRow> run)
    {
        var (first, last) = (run.Min(Year), run.Max(Year));
        return first == last ? $"{first}" : $"{first}-{last}";
    }
}
