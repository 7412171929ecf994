using System.Globalization;
using static TajikTaliban.SeedMaker.Packs.SeedJson;

namespace TajikTaliban.SeedMaker.Packs;

/// <summary>Output, population and trade shares of Tajikistan and Afghanistan, by the World Bank.</summary>
internal static class WdiPack
{
    private const string File = "wdi_tjk_afg_1990_2024.csv";
    private const string TypedOver = "open-numbers/ddf--open_numbers--world_development_indicators";
    private const string Gdp = "datasets/gdp";
    private const string Population = "datasets/population";
    private const string Gapminder = "open-numbers/ddf--gapminder--systema_globalis";

    private const string OtherDays =
        "Other figures of the World Development Indicators here are from copies of other days: do not divide one by another without "
        + "saying so.";

    private static readonly Dictionary<string, string> Sources = new()
    {
        [Gdp] = "wdi-gdp-copy",
        [Population] = "wdi-population-copy",
        [Gapminder] = "wdi-gapminder-copy",
    };

    private static readonly Dictionary<string, Indicator> Indicators = new()
    {
        ["NY.GDP.MKTP.CD"] = new(
            "wdi-gdp-current-usd", "GDP (current US$)", "USD", "data/gdp.csv",
            "Gross domestic product of the year in current US dollars, for each year of the table. A year without a figure has no row."),
        ["SP.POP.TOTL"] = new(
            "wdi-population", "Population, total", "persons", "data/population.csv",
            "Total population, for each year of the table; the copy does not say which moment of the year."),
        ["NY.GDP.PCAP.KD"] = new(
            "wdi-gdp-per-capita-constant-usd", "GDP per capita (constant US$)", "USD", "gdppercapita_us_inflation_adjusted",
            "Gross domestic product per person in constant US dollars, for each year of the table. The copy does not say of which year the "
            + "dollars are: compare its figures with each other and with nothing else. A year without a figure has no row."),
        ["NE.EXP.GNFS.ZS"] = new(
            "wdi-exports-share-of-gdp", "Exports of goods and services (% of GDP)", "%", "exports_percent_of_gdp",
            "Exports of goods and services to all countries as a share of gross domestic product, for each year of the table. A year "
            + "without a figure has no row; Afghanistan has 2020 to 2023 alone."),
        ["NE.IMP.GNFS.ZS"] = new(
            "wdi-imports-share-of-gdp", "Imports of goods and services (% of GDP)", "%", "imports_percent_of_gdp",
            "Imports of goods and services from all countries as a share of gross domestic product, for each year of the table. A year "
            + "without a figure has no row; Afghanistan has 2020 to 2023 alone."),
    };

    public static Pack Make(Extracts extracts)
    {
        var pack = new Pack(
            "wdi", "Output, population and trade shares of Tajikistan and Afghanistan by the World Bank, 1990 to 2024", "article",
            "states");
        var rows = extracts.Read(File);
        pack.Account(rows);
        AddSources(pack);
        foreach (var indicator in rows.Where(r => r["copied_from"] != TypedOver).GroupBy(r => r["indicator"]))
            AddIndicator(pack, indicator.Key, [.. indicator]);
        foreach (var row in rows.Where(r => r["copied_from"] == TypedOver))
            pack.LeaveOut(row, $"Typed over by hand from the copy {TypedOver}.");
        return pack;
    }

    private static void AddSources(Pack pack)
    {
        pack.Add("sources", Source(
            Sources[Gdp], "dataset", "World Development Indicators: GDP (copy datasets/gdp)", "World Bank", null,
            "https://github.com/datasets/gdp/blob/822019c80142c162e4ca4eb1a63699ae36075078/data/gdp.csv",
            "CC-BY-4.0 (World Development Indicators); PDDL (the packaging)",
            "Indicator NY.GDP.MKTP.CD. Copy in the repository datasets/gdp at commit 822019c, read on 2026-11-28. The day of the World "
            + "Bank's edition is not known. Afghanistan begins in 2000 and ends in 2022, Tajikistan ends in 2023. The licence of the World "
            + $"Development Indicators is as the repository owid/etl states it. {OtherDays}",
            Coverage(
                "1990/2023", "Gross domestic product of Tajikistan and Afghanistan by year, in current US dollars.",
                "Afghanistan before 2000 and after 2022, Tajikistan after 2023, and how much of it is estimated.")));
        pack.Add("sources", Source(
            Sources[Population], "dataset", "World Development Indicators: population (copy datasets/population)", "World Bank", null,
            "https://github.com/datasets/population/blob/425fc447a53a26c767a15a7de60c4cc2478a0595/data/population.csv",
            "CC-BY-4.0 (World Development Indicators); PDDL (the packaging)",
            "Indicator SP.POP.TOTL. Copy in the repository datasets/population at commit 425fc44, read on 2026-11-28. The day of the World "
            + "Bank's edition is not known. The licence of the World Development Indicators is as the repository owid/etl states it. "
            + OtherDays,
            Coverage(
                "1990/2024", "Total population of Tajikistan and Afghanistan by year.",
                "The moment of the year, and how much of it is estimated.")));
        pack.Add("sources", Source(
            Sources[Gapminder], "dataset", "World Development Indicators: GDP per person and trade shares (copy of Gapminder)",
            "World Bank", null,
            "https://github.com/open-numbers/ddf--gapminder--systema_globalis/tree/c63631abeb62af6db3910f68be7c2b443beca50b/"
            + "countries-etc-datapoints",
            "CC-BY-4.0",
            "Files of Gapminder's Systema Globalis: exports_percent_of_gdp, imports_percent_of_gdp, "
            + "gdppercapita_us_inflation_adjusted. Copy in the repository open-numbers/ddf--gapminder--systema_globalis at commit "
            + "c63631a, read on 2026-11-28. The day of the World Bank's edition is not known. Gapminder names them in its own way; "
            + "which codes of the World Development Indicators they are (NE.EXP.GNFS.ZS, NE.IMP.GNFS.ZS, NY.GDP.PCAP.KD) is our "
            + "mapping. Afghanistan has shares for 2020 to 2023 alone. The year of the constant US dollars is not in the copy. "
            + OtherDays,
            Coverage(
                "1990/2024",
                "GDP per person in constant US dollars, and exports and imports of goods and services as a share of GDP, of Tajikistan and "
                + "Afghanistan by year.",
                "The year of the constant dollars, trade by partner, Afghanistan's trade shares before 2020.")));
    }

    private static void AddIndicator(Pack pack, string code, IReadOnlyList<ExtractRow> rows)
    {
        var indicator = Indicators[code];
        var copy = rows.Select(r => r["copied_from"]).Distinct().Single();
        var source = Sources[copy];
        pack.Add("indicators", Of(
            ("id", indicator.Id), ("name", indicator.Name), ("unit", indicator.Unit),
            ("description", $"{indicator.Description} World Development Indicators {code}. The subject is the country."),
            ("citations", List(
                Citation(source, indicator.Table),
                copy == Gapminder
                    ? Citation(
                        source, indicator.Table, "derived", supports: ["/name", "/description"],
                        note: $"The table has Gapminder's name; that it is {code} is our mapping.")
                    : null))), rows);
        foreach (var row in rows)
        {
            var country = StateIds.Of(row["iso3"]);
            pack.Add("observations", Of(
                ("id", $"{indicator.Id}-{country}-{row["year"]}"), ("indicator", indicator.Id), ("subjects", Texts(country)),
                ("date", row["year"]), ("value", decimal.Parse(row["value"], NumberStyles.Float, CultureInfo.InvariantCulture)),
                ("approximate", false), ("obsStatus", "A"),
                ("citations", List(Citation(source, $"{indicator.Table}, {row["iso3"]}, {row["year"]}")))), row);
        }
    }

    private sealed record Indicator(string Id, string Name, string Unit, string Table, string Description);
}
