using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using static TajikTaliban.SeedMaker.Packs.SeedJson;

namespace TajikTaliban.SeedMaker.Packs;

/// <summary>Trade figures that the press gives, each with the page and with who said it.</summary>
internal static partial class PressTradePack
{
    private const string File = "press_trade_figures.csv";
    private const string Ministry = "ministry-of-industry-and-commerce-taliban";
    private const string Derived = "derived";

    private static readonly Dictionary<string, (string Id, string Name)> Parties = new()
    {
        ["TJK"] = ("tajikistan", "Tajikistan"),
        ["UZB"] = ("uzbekistan", "Uzbekistan"),
        ["AFG"] = ("afghanistan", "Afghanistan"),
        ["CA5"] = ("central-asia", "Central Asia"),
    };

    private static readonly Dictionary<string, string> Flows = new()
    {
        ["T"] = "turnover",
        ["X"] = "exports",
        ["M"] = "imports",
    };

    /// <summary>The pages, by address: publisher, title as the address has it, and what is to be known of the page.</summary>
    private static readonly Dictionary<string, Page> Pages = new()
    {
        ["https://www.asiaplustj.info/en/news/tajikistan/economic/20210730/"
            + "transit-of-goods-to-tajikistan-via-afghan-territory-decreases-dramatically"] =
            new("asia-plus-2021-07-30", "Asia-Plus", "Transit of goods to Tajikistan via Afghan territory decreases dramatically",
                "2021-07-30", "The figures are goods and electricity together; electricity is 65 percent of the exports."),
        ["https://www.ariananews.af/tajikistan-increases-export-volume-to-afghanistan-by-38/"] =
            new("ariana-news-2022-07-27", "Ariana News", "Tajikistan increases export volume to Afghanistan by 38", "2022-07-27",
                "Cites Asia-Plus. Of the same half-year the page gives 44.9 for electricity, from AKIpress; other press says about half of "
                + "the exports."),
        ["https://www.dialog.tj/pages/tovarooborot-tadzhikistana-s-talibami-prevzoshel-ob-em-torgovli-s-proshlym-afganskim-pravitelstvom"] =
            new("dialog-tj-2022-06-22", "Dialog.tj",
                "Tovarooborot Tadzhikistana s talibami prevzoshel ob em torgovli s proshlym afganskim pravitelstvom", "2022-06-22",
                "Cites Asia-Plus."),
        ["https://ghroona.com/tajikistan-has-significantly-reduced-the-supply-of-its-products-to-afghanistan/"] =
            new("ghroona-tajik-exports-2023", "Ghroona", "Tajikistan has significantly reduced the supply of its products to Afghanistan",
                null, "Cites Asia-Plus. The stored copy has no date. The page says minus 17.9 percent; its two figures of turnover give "
                + "minus 17.6."),
        ["https://tj.sputniknews.ru/20240129/torgovlya-tajikistan-taliby-afganistan-tsifry-1061466044.html"] =
            new("sputnik-tajikistan-2024-01-29", "Sputnik Tajikistan", "Torgovlya Tajikistan taliby Afganistan tsifry", "2024-01-29", null),
        ["https://fomag.ru/news-streem/bolee-90-tovarooborota-tadzhikistana-s-afganistanom-eksport-tadzhikskoy-produktsii"] =
            new("tass-fomag-2026-02-11", "TASS, on fomag.ru",
                "Bolee 90 tovarooborota Tadzhikistana s Afganistanom eksport tadzhikskoy produktsii", "2026-02-11",
                "The statement gives imports of 14.7 million dollars and also says that imports are about 5 percent; 14.7 of 118.7 is 12 "
                + "percent. The lead speaks of goods and services."),
        ["https://timesca.com/afghanistan-becomes-one-of-tajikistan-s-key-trade-partners"] =
            new("times-of-central-asia-2017-key-trade-partners", "The Times of Central Asia",
                "Afghanistan becomes one of Tajikistan's key trade partners", "2017?",
                "Cites TOLOnews. The excerpt that was read states no year; 2017 is inferred from the minister and the address."),
        ["https://thekabultimes.com/afghanistan-tajikistan-trade-exchange-reaches-40-million/"] =
            new("kabul-times-2022-trade-exchange", "The Kabul Times", "Afghanistan Tajikistan trade exchange reaches 40 million", "2022",
                "The paper is under the Taliban's control. The page mixes quarter and half-year."),
        ["https://awami-itlah.com/?p=19850"] =
            new("awami-itlah-19850", "Awami Itlah", "Page 19850 of Awami Itlah", null,
                "The title was not recorded and the copy has no date. The same figures on trade with Central Asia are in Daryo of "
                + "2025-02-05, those on trade with the world in TRT Farsi."),
        ["https://www.newscentralasia.net/2024/09/16/afghanistan-nearly-700-million-in-trade-conducted-with-central-asian-countries/"] =
            new("news-central-asia-2024-09-16", "News Central Asia",
                "Afghanistan nearly 700 million in trade conducted with Central Asian countries", "2024-09-16", null),
        ["https://www.intellinews.com/afghanistan-joins-list-of-uzbekistan-s-largest-trading-partners-in-4m23-"
            + "despite-very-small-export-volume-279709/?source=russia"] =
            new("bne-intellinews-2023-05-25", "bne IntelliNews",
                "Afghanistan joins list of Uzbekistan's largest trading partners in 4M23 despite very small export volume", "2023-05-25",
                null),
    };

    /// <summary>What the notes of the extract say of a figure, in our words, by its text.</summary>
    private static readonly Dictionary<string, string?> Notes = new()
    {
        [""] = null,
        ["goods and electricity; 65 percent of exports is electricity"] =
            "Goods and electricity together; electricity is 65 percent of the exports.",
        ["text: \"just over\"; 3 percent less than 2020-S1"] =
            "Just over this figure, by the text; 3 percent less than in the first half of 2020.",
        ["text: \"more than\"; 97.2 percent of turnover; same page gives 44.9 for electricity (AKIpress), other press says about half"] =
            "More than this figure, by the text; 97.2 percent of the turnover. The page gives 44.9 million for electricity (AKIpress), "
            + "other press about half.",
        ["about 97 percent is Tajik export"] = "About 97 percent of it are exports of Tajikistan.",
        ["page undated in the stored copy"] = null,
        ["page says minus 17.9 percent; the two figures give minus 17.6"] =
            "The page says 17.9 percent less than a year before; the two figures give 17.6.",
        ["text: \"almost 98\"; 1.2 percent of Tajikistan foreign trade; 1 percent less than 2022"] =
            "Almost this figure, by the text; 1.2 percent of Tajikistan's foreign trade and 1 percent less than in 2022.",
        ["text: \"almost 120\"; \"goods and services\" in the lead"] =
            "Almost this figure, by the text; its exports and imports make 118.7 million.",
        ["the same statement says imports are \"about 5 percent\"; 14.7 of 118.7 is 12 percent"] =
            "The same statement says that imports are about 5 percent of the turnover; 14.7 of 118.7 is 12 percent.",
        ["as large as a whole year in other sources; likely not a quarter; year inferred from Minister and URL, not stated in excerpt"] =
            "The figure is as large as that of a whole year in other sources, so that it is hardly one of a quarter.",
        ["cannot stand beside 51.2 for the whole half year; the page mixes quarter and half year"] =
            "It does not fit 51.2 million for the whole half-year in another source; the page mixes quarter and half-year.",
        ["five Central Asian states together; ten months of solar year 1403 (dates computed)"] = "The five Central Asian states together.",
        ["five months of solar year 1403 (dates computed)"] = "The five Central Asian states together.",
        ["WDI/WTO has 880 for 2024"] = "The World Bank (WDI, from the WTO) has 880 million for 2024.",
        ["WDI/WTO has 8638 for 2024"] = "The World Bank (WDI, from the WTO) has 8,638 million for 2024.",
    };

    public static Pack Make(Extracts extracts)
    {
        var pack = new Pack(
            "press-trade", "Trade of Afghanistan with Tajikistan, Uzbekistan and Central Asia by press reports, 2017 to 2025", "article",
            "states");
        var rows = extracts.Read(File);
        pack.Account(rows);
        foreach (var (url, page) in Pages)
            AddPage(pack, url, page, [.. rows.Where(r => r["url"] == url)]);
        AddMinistry(pack, rows);
        var indicators = new HashSet<string>();
        foreach (var row in rows)
        {
            if (row["url"] == "")
                pack.LeaveOut(row, "The article's own figure: it is in its pack as `tajikistan-afghanistan-turnover-2024-s1`.");
            else if (IsTrade(row))
                AddTrade(pack, row);
            else
                AddObservation(pack, row, indicators);
        }

        return pack;
    }

    private static void AddPage(Pack pack, string url, Page page, IReadOnlyList<ExtractRow> rows)
    {
        var days = rows.SelectMany(r => r["period"].Split('/')).Order(StringComparer.Ordinal).ToList();
        string[] about =
        [
            "Page of the press. A stored copy was read; the extract is of 2026-11-28.",
            .. page.Title.StartsWith("Page ", StringComparison.Ordinal) ? (string[])[] : ["The title is that in the address."],
            .. page.Remark is null ? (string[])[] : [page.Remark],
            "Who said a figure stands in the note of its citation, or is its claimant.",
        ];
        pack.Add("sources", Source(
            page.Id, "article", page.Title, page.Publisher, page.Published, url, "Facts only; no text is copied",
            string.Join(' ', about),
            Coverage(
                CoveredPeriod(days),
                $"{rows.Count} trade {(rows.Count == 1 ? "figure" : "figures")} in United States dollars.",
                "Single goods, and how the figures were counted.")));
    }

    private static void AddMinistry(Pack pack, IReadOnlyList<ExtractRow> rows)
    {
        var claims = rows.Where(r => r["certainty"] == "claimed").ToList();
        var citations = claims.DistinctBy(r => r["url"])
            .Select(r => Citation(Pages[r["url"]].Id, "who gives the figures", "reported", note: "Named as the Taliban's ministry."));
        pack.Add("actors", Of(
            ("id", Ministry), ("type", "public-body"), ("name", "Ministry of Industry and Commerce (Taliban)"),
            ("description", "Ministry of the Taliban that gives trade figures of Afghanistan."), ("citations", List(citations))), claims);
        pack.Add("relations", Of(
            ("id", $"{Ministry}-part-of-taliban"), ("type", "part-of"), ("subject", Ministry), ("object", "taliban"),
            ("summary", "The ministry is named as the Taliban's."), ("citations", List(citations))), claims);
    }

    private static void AddTrade(Pack pack, ExtractRow row)
    {
        var (reporter, partner) = (Parties[row["reporter"]], Parties[row["partner"]]);
        var locator = Locator(row);
        var source = Pages[row["url"]].Id;
        pack.Add("trade", Of(
            ("id", $"press-{reporter.Id}-{partner.Id}-{Flows[row["flow"]]}-{row["period"].ToLowerInvariant()}"),
            ("reporter", reporter.Id), ("partner", partner.Id), ("flow", row["flow"]), ("period", row["period"]), ("type", "C"),
            ("commodity", Of(("classification", "HS"), ("code", "TOTAL"))), ("value", Value(row)), ("currency", "USD"),
            ("approximate", row["approximate"] == "1"), ("obsStatus", "A"),
            ("citations", List(
                Figure(row, locator),
                Citation(source, $"{locator}: what is included", Derived, supports: ["/type", "/commodity"], note: Included(row)),
                row["period"] == "2017-Q1"
                    ? Citation(source, $"{locator}: the year", Derived, supports: ["/period"],
                        note: "The excerpt states no year; 2017 is inferred from the minister and the address.")
                    : null))), row);
    }

    /// <summary>Why a figure is recorded as one of all goods.</summary>
    private static string Included(ExtractRow row) => row["url"].StartsWith("https://fomag.ru/", StringComparison.Ordinal)
        ? "Recorded as all goods. The lead of the report speaks of goods and services, so that services may be included."
        : "The report speaks of trade and does not say what is included; recorded as all goods.";

    private static void AddObservation(Pack pack, ExtractRow row, HashSet<string> indicators)
    {
        var isWorld = row["partner"] == "WLD";
        var reporter = Parties[row["reporter"]];
        string[] subjects = isWorld ? [reporter.Id] : [reporter.Id, Parties[row["partner"]].Id];
        var indicator = IndicatorOf(row);
        var locator = Locator(row);
        var source = Pages[row["url"]].Id;
        if (indicators.Add(indicator))
            AddIndicator(pack, indicator, row, locator);
        pack.Add("observations", Of(
            ("id", $"press-{indicator}-{row["period"].Replace('/', '-')}"), ("indicator", indicator), ("subjects", Texts(subjects)),
            ("date", row["period"]), ("value", Value(row)), ("approximate", row["approximate"] == "1"), ("obsStatus", "A"),
            ("citations", List(
                Figure(row, locator),
                row["partner"] == "CA5"
                    ? Citation(source, $"{locator}: the months", Derived, supports: ["/date"],
                        note: $"The report gives {(row["period"].EndsWith("01-19", StringComparison.Ordinal) ? "ten" : "five")} months of "
                            + "the solar year 1403; the days are converted from that.")
                    : null))), row);
    }

    /// <summary>The indicator of figures whose period is not one of trade figures, or which have no partner.</summary>
    private static string IndicatorOf(ExtractRow row)
    {
        var flow = Flows[row["flow"]];
        var reporter = Parties[row["reporter"]].Id;
        return row["partner"] == "WLD" ? $"{flow}-of-afghanistan-with-the-world-by-taliban-ministry"
            : row["partner"] == "CA5" ? $"{flow}-of-afghanistan-with-central-asia-by-taliban-ministry"
            : $"{flow}-with-{Parties[row["partner"]].Id}-reported-by-{reporter}";
    }

    private static void AddIndicator(Pack pack, string id, ExtractRow row, string locator)
    {
        var reporter = Parties[row["reporter"]].Name;
        var partner = row["partner"] == "WLD" ? "all countries" : Parties[row["partner"]].Name;
        var name = row["flow"] switch
        {
            "T" => $"Trade turnover of {reporter} with {partner}",
            "X" => $"Exports of {reporter} to {partner}",
            _ => $"Imports of {reporter} from {partner}",
        };
        var isClaimed = row["certainty"] == "claimed";
        var page = Pages[row["url"]].Id;
        var counted = row["flow"] switch
        {
            "T" => $"Exports and imports of {reporter} in its trade with {partner} together",
            "X" => $"Value that {reporter} sells to {partner}",
            _ => $"Value that {reporter} buys from {partner}",
        };
        pack.Add("indicators", Of(
            ("id", id),
            ("name", isClaimed
                ? $"{name}, claimed by the Taliban's Ministry of Industry and Commerce"
                : $"{name} (periods other than a year, half-year or quarter)"),
            ("unit", "USD"),
            ("description", $"{counted}, in current United States dollars, in the whole period of the figure"
                + (row["partner"] == "WLD"
                    ? ". It has no partner, so that it is no trade record. "
                    : ", which is neither a year nor a half-year nor a quarter: figures of those are trade records. ")
                + (isClaimed ? "Counted by the ministry; how is not said." : $"Counted by {reporter}; how is not said.")),
            ("citations", List(Citation(page, locator, isClaimed ? "claimed" : "reported", isClaimed ? Ministry : null)))));
    }

    /// <summary>The citation of a figure with who said it.</summary>
    private static JsonObject Figure(ExtractRow row, string locator)
    {
        var said = row["attributed_to"] switch
        {
            "Taliban Ministry of Industry and Commerce" => null,
            "customs and statistics bodies of Tajikistan" => "By the customs and statistics bodies of Tajikistan.",
            var body when body.EndsWith(" (implied)", StringComparison.Ordinal) =>
                $"By the {body[..^" (implied)".Length]}, as the page lets one understand.",
            var body => $"By the {body}.",
        };
        var doubt = row["certainty"] == "disputed" ? "Doubted by the compiler of the figures." : null;
        var note = string.Join(' ', new[] { said, doubt, Notes[row["note"]] }.OfType<string>());
        var claimant = row["certainty"] == "claimed" ? Ministry : null;
        return Citation(Pages[row["url"]].Id, locator, row["certainty"], claimant, note: note == "" ? null : note);
    }

    /// <summary>Whether a figure is one of trade: of two parties, in a year, half-year or quarter.</summary>
    private static bool IsTrade(ExtractRow row) => row["partner"] != "WLD" && SdmxPeriod().IsMatch(row["period"]);

    private static string Locator(ExtractRow row) =>
        $"{Flows[row["flow"]]} of {Parties[row["reporter"]].Name} with "
        + $"{(row["partner"] == "WLD" ? "all countries" : Parties[row["partner"]].Name)}, {row["period"]}";

    /// <summary>The value in dollars, as a whole number.</summary>
    private static JsonValue Value(ExtractRow row) =>
        JsonValue.Create((long)(decimal.Parse(row["value"], CultureInfo.InvariantCulture) * 1_000_000m));

    /// <summary>The period as EDTF: of half-years and quarters the months.</summary>
    private static string? CoveredPeriod(List<string> periods)
    {
        var (first, last) = (Month(periods[0], isLast: false), Month(periods[^1], isLast: true));
        return first == last ? first : $"{first}/{last}";
    }

    private static string Month(string period, bool isLast) => period switch
    {
        [.. var year, '-', 'S', '1'] => $"{year}-{(isLast ? "06" : "01")}",
        [.. var year, '-', 'Q', '1'] => $"{year}-{(isLast ? "03" : "01")}",
        _ => period,
    };

    [GeneratedRegex("^[0-9]{4}(-[SQ][1-4])?$")]
    private static partial Regex SdmxPeriod();

    private sealed record Page(string Id, string Publisher, string Title, string? Published, string? Remark);
}
