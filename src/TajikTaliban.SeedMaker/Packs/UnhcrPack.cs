using System.Globalization;
using static TajikTaliban.SeedMaker.Packs.SeedJson;

namespace TajikTaliban.SeedMaker.Packs;

/// <summary>Refugees, asylum seekers and returns between Afghanistan, Tajikistan and neighbours, by UNHCR.</summary>
internal static class UnhcrPack
{
    private const string Source = "unhcr-refugee-population-statistics";
    private const string Pair = "afghanistan-in-tajikistan";
    private const string FromAfghanistan = "from Afghanistan";

    private const string Codes = "The codes are those of the table, recorded as they are and without their meanings.";

    private const string NotAdded = "Figures of other procedures and levels stand in indicators of their own.";

    /// <summary>Columns of the population table. The others are 0 in each row.</summary>
    private static readonly (string Column, string Id, string Name, string Counted)[] Population =
    [
        ("refugees", "unhcr-refugees", "Refugees", "Stock at the end of the year."),
        ("asylum_seekers", "unhcr-asylum-seekers", "Asylum seekers", "Stock at the end of the year."),
        ("returned_refugees", "unhcr-returned-refugees", "Returned refugees",
            "Refugees counted as returned, for the year; the table does not say of which moment. Where the table of solutions has a row "
            + "for the pair of Afghanistan and Tajikistan, it has the same figure, cited beside it."),
        ("ooc", "unhcr-others-of-concern", "Others of concern", "Stock at the end of the year."),
        ("oip", "unhcr-others-in-need-of-international-protection", "Others in need of international protection",
            "Stock at the end of the year, beside the refugees and not among them. Empty cells of the table mean not applicable and are no "
            + "figures."),
    ];

    /// <summary>Columns of the table of flows that have a figure in some row.</summary>
    private static readonly (string Column, string Id, string Name)[] Flows =
    [
        ("refugees", "unhcr-new-refugees", "New refugees"),
        ("asylum_seekers", "unhcr-new-asylum-seekers", "New asylum seekers"),
        ("refugee_like", "unhcr-new-refugee-like", "New refugee-like persons"),
    ];

    /// <summary>Columns of the table of decisions. dec_other is 0 in each row.</summary>
    private static readonly (string Column, string Name)[] Decisions =
    [
        ("dec_recognized", "recognised"), ("dec_rejected", "rejected"), ("dec_closed", "closed"), ("dec_total", "total"),
    ];

    /// <summary>Columns of the table of demographics. f_other and m_other are 0 in each row.</summary>
    private static readonly (string Column, string Name)[] Demographics =
    [
        ("f_0_4", "female, aged 0 to 4"), ("f_5_11", "female, aged 5 to 11"), ("f_12_17", "female, aged 12 to 17"),
        ("f_18_59", "female, aged 18 to 59"), ("f_60", "female, aged 60 and over"), ("f_total", "female, total"),
        ("m_0_4", "male, aged 0 to 4"), ("m_5_11", "male, aged 5 to 11"), ("m_12_17", "male, aged 12 to 17"),
        ("m_18_59", "male, aged 18 to 59"), ("m_60", "male, aged 60 and over"), ("m_total", "male, total"), ("total", "total"),
    ];

    public static Pack Make(Extracts extracts)
    {
        var pack = new Pack(
            "unhcr", "Refugees, asylum seekers and returns of Afghanistan and Tajikistan by UNHCR, 1979 to 2025", "article", "states");
        pack.Add("sources", SeedJson.Source(
            Source, "dataset", "Refugee Population Statistics Database, edition of Global Trends 2025", "UNHCR", "2026-06",
            "https://github.com/PopulationStatistics/refugees/tree/0c16a6d0c2f37d8578f9b9e3d1e4459efe850398/data", "CC-BY-4.0",
            "Tables population, flows, solutions (returns), asylum_applications, asylum_decisions and demographics of the package "
            + "refugees, version 2025.12.1, with the data of Global Trends 2025 (June 2026). Copy in the repository "
            + "PopulationStatistics/refugees at commit 0c16a6d, read on 2026-11-28. Small figures may be rounded by UNHCR. UNHCR "
            + "revises earlier years in new editions. Population is the stock at the end of the year, but for "
            + "returned refugees, who are counted for the year; flows are new in the year. An empty cell means not applicable and "
            + "makes no record; a 0 of a column that has other figures is recorded as 0. Columns "
            + "that are 0 or empty in each row that was read are left out: idps, returned_idps, stateless and hst of population, oip "
            + "of flows, dec_other of decisions, f_other and m_other of demographics, resettlement, naturalisation and returned_idps "
            + "of solutions. Countries are matched by ISO code. Others in need of international protection stand beside refugees and "
            + "are many in Iran and Pakistan in 2025: a sum of one column is not all who need protection. Population of Afghans is "
            + "there for Tajikistan, Pakistan, Iran, Uzbekistan, Turkmenistan, Kazakhstan, Kyrgyzstan, Russia, India and China; the "
            + "other tables are for Afghanistan and Tajikistan alone. No figure is a sum of ours.",
            Coverage(
                "1979/2025",
                "Refugees and asylum seekers from Afghanistan in Tajikistan and nine other countries and from Tajikistan in Afghanistan, "
                + "with flows, returns, asylum applications and decisions of the pair; sex, age and place in Tajikistan for 2025.",
                "Persons who are not registered or counted by UNHCR, years without a row, whether a 0 was counted, and countries that are "
                + "not in the extract.")));
        var returns = extracts.Read("unhcr_returns_afg_tjk.csv");
        AddPopulation(pack, extracts.Read("unhcr_population_afg_tjk_neighbours.csv"), returns);
        AddFlows(pack, extracts.Read("unhcr_flows_afg_tjk.csv"));
        AddApplications(pack, extracts.Read("unhcr_asylum_applications_afg_in_tjk.csv"));
        AddDecisions(pack, extracts.Read("unhcr_asylum_decisions_afg_in_tjk.csv"));
        AddDemographics(pack, extracts.Read("unhcr_demographics_afg_in_tjk_2025.csv"));
        return pack;
    }

    private static void AddPopulation(Pack pack, IReadOnlyList<ExtractRow> rows, IReadOnlyList<ExtractRow> returns)
    {
        pack.Account(rows);
        pack.Account(returns);
        CheckNothingIn(rows, "idps", "returned_idps", "stateless", "hst");
        CheckNothingIn(returns, "resettlement", "naturalisation", "returned_idps");
        if (returns.FirstOrDefault(r => rows.All(p => Where(p) != Where(r))) is { } alone)
            throw new InvalidOperationException($"There is no row of the population for the returns of {Where(alone)}.");
        foreach (var (column, id, name, counted) in Population)
        {
            var ofColumn = rows.Where(r => r[column] != "").ToList();
            AddDirections(pack, ofColumn, "population", column, id, name, counted);
            foreach (var row in ofColumn)
            {
                var returned = column == "returned_refugees"
                    ? returns.SingleOrDefault(r => Where(r) == Where(row))
                    : null;
                if (returned is not null && Number(returned[column]) != Number(row[column]))
                    throw new InvalidOperationException($"Two figures of {column} in {Where(row)}.");
                AddFigure(
                    pack, $"{id}-from-{Origin(row)}", $"{id}-{Direction(row)}-{row["year"]}", row, row[column],
                    [$"population, {Where(row)}, {column}", .. returned is null ? [] : (string[])[$"solutions, {Where(row)}, {column}"]],
                    returned is null ? [row] : [row, returned]);
            }
        }
    }

    private static void AddFlows(Pack pack, IReadOnlyList<ExtractRow> rows)
    {
        pack.Account(rows);
        CheckNothingIn(rows, "oip");
        foreach (var (column, id, name) in Flows)
        {
            var ofColumn = rows.Where(r => r[column] != "").ToList();
            AddDirections(
                pack, ofColumn, "flows", column, id, name, "New in the year, not a stock. Empty cells of the table mean not applicable.");
            foreach (var row in ofColumn)
            {
                AddFigure(
                    pack, $"{id}-from-{Origin(row)}", $"{id}-{Direction(row)}-{row["year"]}", row, row[column],
                    [$"flows, {Where(row)}, {column}"], row);
            }
        }
    }

    private static void AddApplications(Pack pack, IReadOnlyList<ExtractRow> rows)
    {
        pack.Account(rows);
        foreach (var kind in rows.GroupBy(r => (Procedure: r["procedure_type"], Application: r["app_type"], Level: r["dec_level"])))
        {
            var codes = $"{kind.Key.Procedure}, {kind.Key.Application}, {kind.Key.Level}";
            var id = $"unhcr-asylum-applications-{Slug(codes)}";
            AddIndicator(
                pack, $"{id}-from-afghanistan", $"Asylum applications from Afghanistan ({codes})",
                $"Persons (app_pc P) from Afghanistan who applied for asylum in the year, procedure_type {kind.Key.Procedure}, app_type "
                + $"{kind.Key.Application}, dec_level {kind.Key.Level}. {Codes} {NotAdded} A year without a figure has no row. "
                + Subjects(FromAfghanistan),
                "asylum_applications, column applied");
            foreach (var row in kind)
            {
                CheckPersons(row, "app_pc");
                AddFigure(
                    pack, $"{id}-from-afghanistan", $"{id}-{Pair}-{row["year"]}", row, row["applied"],
                    [$"asylum_applications, {Where(row)}, {codes}, applied"], row);
            }
        }
    }

    private static void AddDecisions(Pack pack, IReadOnlyList<ExtractRow> rows)
    {
        pack.Account(rows);
        CheckNothingIn(rows, "dec_other");
        foreach (var kind in rows.GroupBy(r => (Procedure: r["procedure_type"], Level: r["dec_level"])))
        {
            var codes = $"{kind.Key.Procedure}, {kind.Key.Level}";
            foreach (var (column, name) in Decisions)
            {
                var id = $"unhcr-asylum-decisions-{Slug(codes)}-{column[4..]}";
                AddIndicator(
                    pack, $"{id}-from-afghanistan", $"Asylum decisions on persons from Afghanistan: {name} ({codes})",
                    $"Persons (dec_pc P) from Afghanistan with a decision on asylum in the year: {name} (column {column}), procedure_type "
                    + $"{kind.Key.Procedure}, dec_level {kind.Key.Level}. {Codes} {NotAdded} A year without a figure has no row. "
                    + Subjects(FromAfghanistan),
                    $"asylum_decisions, column {column}");
                foreach (var row in kind)
                {
                    CheckPersons(row, "dec_pc");
                    AddFigure(
                        pack, $"{id}-from-afghanistan", $"{id}-{Pair}-{row["year"]}", row, row[column],
                        [$"asylum_decisions, {Where(row)}, {codes}, {column}"], row);
                }
            }
        }
    }

    /// <summary>A place is no actor, so that it is in the indicator with the sex and the age.</summary>
    private static void AddDemographics(Pack pack, IReadOnlyList<ExtractRow> rows)
    {
        pack.Account(rows);
        CheckNothingIn(rows, "f_other", "m_other");
        foreach (var row in rows)
        {
            var (type, place) = (row["pop_type"], row["location"]);
            var persons = type == "REF" ? "Refugees" : "Asylum seekers";
            foreach (var (column, name) in Demographics)
            {
                var id = $"unhcr-demographics-{Slug(type)}-{Slug(place)}-{Slug(column)}";
                AddIndicator(
                    pack, $"{id}-from-afghanistan", $"{persons} from Afghanistan by place: {place}, {name}",
                    $"{persons} from Afghanistan (pop_type {type}) at the place \"{place}\" in Tajikistan: {name} (column {column}). The "
                    + $"place is written as in the table, where it has loc_type {row["loc_type"]} and acc_type {row["acc_type"]}. A "
                    + "district is not added to the region that it may lie in: each row counts other persons, and the rows of a type "
                    + "make up the country's figure at the end of the year in the table population. "
                    + Subjects(FromAfghanistan),
                    $"demographics, column {column}");
                AddFigure(
                    pack, $"{id}-from-afghanistan", $"{id}-{row["year"]}", row, row[column],
                    [$"demographics, {Where(row)}, {type}, {place}, {column}"], row);
            }
        }
    }

    /// <summary>An indicator for each country of origin.</summary>
    private static void AddDirections(
        Pack pack, IReadOnlyList<ExtractRow> rows, string table, string column, string id, string name, string counted)
    {
        foreach (var origin in rows.Select(r => r["coo_iso"]).Distinct())
        {
            var from = $"from {StateIds.OfArticle[origin].Name}";
            AddIndicator(
                pack, $"{id}-from-{StateIds.Of(origin)}", $"{name} {from}",
                $"Persons {from}, column {column} of the table {table}, by country of asylum. {counted} {Subjects(from)}",
                $"{table}, column {column}");
        }
    }

    private static string Subjects(string from) =>
        $"Subjects are the country of origin and the country of asylum, in any order: the persons are {from}.";

    private static void AddIndicator(Pack pack, string id, string name, string description, string locator) => pack.Add("indicators", Of(
        ("id", id), ("name", name), ("unit", "persons"), ("description", description), ("citations", List(Citation(Source, locator)))));

    private static void AddFigure(
        Pack pack, string indicator, string id, ExtractRow row, string value, IEnumerable<string> locators,
        params IEnumerable<ExtractRow> rows) => pack.Add("observations", Of(
        ("id", id), ("indicator", indicator), ("subjects", Texts(StateIds.Of(row["coo_iso"]), StateIds.Of(row["coa_iso"]))),
        ("date", row["year"]), ("value", Number(value)), ("approximate", false), ("obsStatus", "A"),
        ("citations", List(locators.Select(l => Citation(Source, l))))), rows);

    /// <summary>A number of persons; the tables write some as <c>1e+05</c>.</summary>
    private static long Number(string text) => decimal.ToInt64(decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture));

    private static string Where(ExtractRow row) => $"{row["coo_iso"]} in {row["coa_iso"]}, {row["year"]}";

    private static string Origin(ExtractRow row) => StateIds.Of(row["coo_iso"]);

    private static string Direction(ExtractRow row) => $"{Origin(row)}-in-{StateIds.Of(row["coa_iso"])}";

    private static void CheckNothingIn(IReadOnlyList<ExtractRow> rows, params IEnumerable<string> columns)
    {
        foreach (var column in columns)
        {
            if (rows.FirstOrDefault(r => r[column] is not ("" or "0")) is { } row)
                throw new InvalidOperationException($"Column {column} of {row.File} has a figure in row {row.Number}.");
        }
    }

    private static void CheckPersons(ExtractRow row, string column)
    {
        if (row[column] != "P")
            throw new InvalidOperationException($"Row {row.Number} of {row.File} does not count persons.");
    }
}
