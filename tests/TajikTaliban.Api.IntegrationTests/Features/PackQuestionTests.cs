using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>
/// Questions to the whole record, all packs of seeds together. The answers were worked out by hand from the sources' tables, not from the
/// seeds: who says what, of when, how surely.
/// </summary>
public sealed class PackQuestionTests(PackedApiFixture api) : IClassFixture<PackedApiFixture>
{
    private const string Unhcr = "unhcr-refugee-population-statistics stated";

    /// <summary>Figures: an indicator, the rest of the query, and each answer as <c>date value source certainty</c>.</summary>
    public static TheoryData<string, string, string[]> Figures { get; } = new()
    {
        { "unhcr-refugees-from-afghanistan", "subject=tajikistan&from=1992&to=1992", [$"1992 3000 {Unhcr}"] },
        { "unhcr-refugees-from-afghanistan", "subject=tajikistan&from=2001&to=2001", [$"2001 15336 {Unhcr}"] },
        { "unhcr-refugees-from-afghanistan", "subject=tajikistan&from=2013&to=2013", [$"2013 2004 {Unhcr}"] },
        { "unhcr-refugees-from-afghanistan", "subject=tajikistan&from=2021&to=2021", [$"2021 10719 {Unhcr}"] },
        { "unhcr-refugees-from-afghanistan", "subject=tajikistan&from=2024&to=2025", [$"2024 9902 {Unhcr}", $"2025 8615 {Unhcr}"] },
        { "unhcr-asylum-seekers-from-afghanistan", "subject=tajikistan&from=2025&to=2025", [$"2025 3228 {Unhcr}"] },
        { "unhcr-refugees-from-tajikistan", "subject=afghanistan&from=1992&to=1993", [$"1992 60000 {Unhcr}", $"1993 32100 {Unhcr}"] },
        { "unhcr-refugees-from-afghanistan", "subject=pakistan&from=2000&to=2000", [$"2000 2000000 {Unhcr}"] },
        { "unhcr-others-in-need-of-international-protection-from-afghanistan", "subject=iran", [$"2025 879500 {Unhcr}"] },
        { "unhcr-new-asylum-seekers-from-afghanistan", "subject=tajikistan&from=2021&to=2021", [$"2021 6373 {Unhcr}"] },
        { "unhcr-new-refugee-like-from-afghanistan", "subject=tajikistan&from=2021&to=2021", [$"2021 2691 {Unhcr}"] },
        { "unhcr-asylum-applications-g-n-fa-from-afghanistan", "from=2009&to=2009", [$"2009 2539 {Unhcr}"] },
        { "unhcr-asylum-applications-u-n-fi-from-afghanistan", "from=2009&to=2009", [$"2009 40 {Unhcr}"] },
        { "unhcr-asylum-decisions-g-fa-closed-from-afghanistan", "from=2014&to=2014", [$"2014 1939 {Unhcr}"] },
        { "unhcr-asylum-decisions-u-fi-recognized-from-afghanistan", "from=2014&to=2014", [$"2014 214 {Unhcr}"] },
        { "wdi-gdp-current-usd", "subject=tajikistan&from=2023&to=2023", ["2023 12060602008.847782 wdi-gdp-copy stated"] },
        { "wdi-gdp-current-usd", "subject=tajikistan&from=2024&to=2024", [] },
        { "wdi-population", "subject=afghanistan&from=2024&to=2024", ["2024 42647492 wdi-population-copy stated"] },
        { "wdi-exports-share-of-gdp", "subject=tajikistan&from=2023&to=2023", ["2023 17.19184 wdi-gapminder-copy stated"] },
        {
            "turnover-with-afghanistan-reported-by-tajikistan", "",
            [
                "2022-01/2022-05 36300000 dialog-tj-2022-06-22 reported", "2022-01/2022-07 68600000 ghroona-tajik-exports-2023 reported",
                "2023-01/2023-07 56500000 ghroona-tajik-exports-2023 reported",
            ]
        },
        {
            "exports-of-afghanistan-with-the-world-by-taliban-ministry", "",
            ["2024 1803000000 awami-itlah-19850 claimed ministry-of-industry-and-commerce-taliban"]
        },
        {
            "ucdp-conflict-intensity", "subject=government-of-tajikistan&from=1996&to=1996",
            ["1996 2 ucdp-prio-armed-conflict-25-1 stated"]
        },
        { "ucdp-conflict-intensity", "subject=government-of-tajikistan&from=1999&to=1999", [] },
    };

    /// <summary>Trade: the query, and each answer as <c>flow period value source certainty</c>.</summary>
    public static TheoryData<string, string[]> Trade { get; } = new()
    {
        {
            "from=2020&to=2020&dateMatch=within",
            [
                "M 2020 900000 asia-plus-2021-07-30 reported", "T 2020 70700000 asia-plus-2021-07-30 reported",
                "X 2020 69800000 asia-plus-2021-07-30 reported",
            ]
        },
        {
            "flow=X&from=2022&to=2022",
            ["X 2022-Q1 40000000 kabul-times-2022-trade-exchange disputed", "X 2022-S1 51200000 ariana-news-2022-07-27 reported"]
        },
        { "flow=T&from=2024&to=2024", ["T 2024-S1 46000000 asatryan-tajikistan-and-the-taliban stated"] },
        { "flow=M&from=2025&to=2025", ["M 2025 14700000 tass-fomag-2026-02-11 reported"] },
    };

    /// <summary>Relations: the query, and each answer as <c>subject object from..to holds</c>.</summary>
    public static TheoryData<string, string[]> Relations { get; } = new()
    {
        {
            "type=leads&object=tajikistan&subject=emomali-rahmon&validAt=1996",
            ["emomali-rahmon tajikistan 1994-11-19.. certain wikidata-office-holders-tajikistan"]
        },
        {
            "type=leads&object=tajikistan&subject=emomali-rahmon&validAt=2024",
            ["emomali-rahmon tajikistan .. certain asatryan-tajikistan-and-the-taliban"]
        },
        {
            "type=leads&object=tajikistan&subject=emomali-rahmon&validAt=2024&holds=unknown",
            ["emomali-rahmon tajikistan 1994-11-19.. unknown wikidata-office-holders-tajikistan"]
        },
        {
            "type=leads&object=ministry-of-defence-tajikistan&validAt=2010",
            ["sherali-khayrulloyev ministry-of-defence-tajikistan 1995-04-07..2013-11-20 certain wikidata-office-holders-tajikistan"]
        },
        { "type=leads&object=ministry-of-defence-tajikistan&validAt=2024", [] },
        {
            "type=leads&object=government-of-afghanistan&validAt=2022",
            ["taliban government-of-afghanistan 2021-08.. certain ucdp-prio-armed-conflict-25-1"]
        },
        { "type=leads&object=government-of-afghanistan&validAt=2016", [] },
        {
            "type=conflict&actor.all=government-of-tajikistan,islamic-state",
            ["government-of-tajikistan islamic-state 2018-07-30..2019-11-06 - ucdp-prio-armed-conflict-25-1"]
        },
        { "type=conflict&actor=government-of-tajikistan&validAt=1999", [] },
        {
            "type=recognition&object=islamic-emirate-of-afghanistan",
            ["russia islamic-emirate-of-afghanistan 2025-07-03.. - ap-star-tribune-russia-recognizes-taliban"]
        },
    };

    /// <summary>Events: the query, and each answer as <c>date source certainty</c>, with the sources of the fact.</summary>
    public static TheoryData<string, string[]> Events { get; } = new()
    {
        {
            "actor.source=kazakhstan&type=CONCEDE",
            [
                "2021~/2024-09~ asatryan-tajikistan-and-the-taliban stated",
                "2023-12~ orda-kz-2025 stated", "2024-01 orda-kz-2025 stated", "2024-06-03 1lurer-2024-06-03 stated",
            ]
        },
        {
            "actor=saimumin-yatimov&type=CONSULT",
            [
                "2020-09-09/2020-09-11 rfe-rl-31103530 stated", "2021-02-14 rfe-rl-31103530 stated",
                "2024-08-16/2024-08-31 asatryan-tajikistan-and-the-taliban reported",
            ]
        },
        { "type=ASSAULT&from=2025-11-26&to=2025-11-26", ["2025-11-26 ary-news-2025-11-28 stated"] },
    };

    /// <summary>Names: an actor, a language, and the names in it.</summary>
    public static TheoryData<string, string, string[]> Names { get; } = new()
    {
        { "afghanistan", "tg", ["Афғонистон"] },
        { "afghanistan", "fa-AF", ["افغانستان"] },
        { "afghanistan", "ps", ["افغانستان"] },
        { "tajikistan", "tk", ["Täjigistan"] },
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Figures))]
    public async Task Figures_are_those_of_their_source(string indicator, string query, string[] expected) =>
        Assert.Equal(expected, (await ItemsAsync($"/v1/indicators/{indicator}/observations?sort=earliest&{query}"))
            .Select(o => $"{o["date"]} {Number(o["value"])} {Fact(o)}"));

    [Theory]
    [MemberData(nameof(Trade))]
    public async Task Trade_says_who_said_it(string query, string[] expected) =>
        Assert.Equal(expected, (await ItemsAsync($"/v1/trade?reporter=tajikistan&partner=afghanistan&{query}"))
            .Select(t => $"{t["flow"]} {t["period"]} {Number(t["value"])} {Fact(t)}").Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Relations))]
    public async Task Relations_hold_as_surely_as_their_source_says(string query, string[] expected) =>
        Assert.Equal(expected, (await ItemsAsync($"/v1/relations?{query}")).Select(r =>
            $"{r["subject"]} {r["object"]} {r["from"]}..{r["to"]} {r["holds"] ?? "-"} {Facts(r).First()["source"]}"));

    [Theory]
    [MemberData(nameof(Events))]
    public async Task Events_have_each_date_that_a_source_gives(string query, string[] expected) =>
        Assert.Equal(expected, (await ItemsAsync($"/v1/events?sort=earliest&{query}"))
            .Select(e => $"{e["date"]} {Facts(e).First()["source"]} {Facts(e).First()["certainty"]}"));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Actors_have_names_in_their_languages(string actor, string language, string[] expected) =>
        Assert.Equal(expected, (await api.Reader.GetJsonAsync($"/v1/actors/{actor}")).Body!["names"]!.AsArray()
            .Where(n => (string?)n!["lang"] == language).Select(n => (string)n!["text"]!).Distinct());

    [Fact]
    public async Task A_visit_that_another_source_contradicts_says_so()
    {
        var visit = Assert.Single(await ItemsAsync("/v1/events?id=yatimov-kabul-visit-2024-08"));

        Assert.Equal(
            [
                "asatryan-tajikistan-and-the-taliban reported", "caspian-post-tajik-delegation-kabul disputed",
                "central-asian-light-kunduz reported",
            ],
            Facts(visit).Where(c => (string?)c["locator"] != "paragraph 3").Select(c => $"{c["source"]} {c["certainty"]}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Ucdps_taliban_are_the_actor_of_the_article() =>
        Assert.Equal("taliban", (string?)Assert.Single(await ItemsAsync("/v1/actors?identifier=ucdp-actor:303"))["id"]);

    [Fact]
    public async Task Every_source_of_a_pack_has_its_licence_and_says_what_it_covers()
    {
        var sources = await ItemsAsync("/v1/sources?limit=200");
        var ofArticle = sources.Count(s => s["coverage"] is null);

        // the codes and names that the article's pack takes from public tables
        Assert.Equal(4, ofArticle);
        Assert.Equal(41, sources.Count);
        Assert.Empty(sources.Where(s => s["coverage"] is not null && s["licence"] is null).Select(s => (string)s["id"]!)
            .Except(["asatryan-tajikistan-and-the-taliban", "press-contacts-table"]));
    }

    [Theory]
    [InlineData("1993")]
    [InlineData("1997")]
    [InlineData("2005")]
    [InlineData("2016")]
    [InlineData("2021-08")]
    [InlineData("2022")]
    [InlineData("2025")]
    public async Task Lists_of_a_time_have_nothing_that_no_source_vouches_for(string validAt)
    {
        var published = (await ItemsAsync("/v1/sources?limit=200")).ToDictionary(s => (string)s["id"]!, s => (string?)s["published"]);
        var asked = int.Parse(validAt[..4], CultureInfo.InvariantCulture);

        var relations = await ItemsAsync($"/v1/relations?validAt={validAt}&limit=200");

        Assert.NotEmpty(relations);
        Assert.All(relations, relation =>
        {
            var (from, to) = (Years((string?)relation["from"]), Years((string?)relation["to"]));
            // what has no end by nature holds after its beginning, at any time
            if ((string?)relation["to"] == "..")
                to.Add(int.MaxValue);
            var vouched = Facts(relation).Where(c => c["supports"] is not JsonArray { Count: > 0 }).SelectMany(c =>
                Years((string?)c["vouchedFor"] ?? (to.Count == 0 ? published[(string)c["source"]!] : null))).ToList();
            Assert.InRange(asked, from.Concat(vouched).Concat(to).Min(), to.Concat(vouched).Concat(from).Max());
        });
    }

    /// <summary>The years that a text of EDTF has, with a year more on both sides where it is approximate or uncertain.</summary>
    private static List<int> Years(string? text) =>
    [
        .. Regex.Matches(text ?? "", "([0-9]{4})([-0-9]*)([~?%]?)").SelectMany(m =>
        {
            var year = int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture);
            return (int[])(m.Groups[3].Length > 0 && m.Groups[2].Length == 0 ? [year - 1, year + 1] : [year]);
        }),
    ];

    private static string Number(JsonNode? value) => value!.GetValue<decimal>().ToString("0.############", CultureInfo.InvariantCulture);

    private static IEnumerable<JsonNode> Facts(JsonNode record) =>
        record["citations"]!.AsArray().Select(c => c!).Where(c => (string?)c["certainty"] != "derived");

    private static string Fact(JsonNode record)
    {
        var fact = Facts(record).First();
        return $"{fact["source"]} {fact["certainty"]}{(fact["claimant"] is { } claimant ? $" {claimant}" : "")}";
    }

    private async Task<IReadOnlyList<JsonNode>> ItemsAsync(string address)
    {
        Cancellation.ThrowIfCancellationRequested();
        return [.. (await api.Reader.GetJsonAsync(address)).Body!["items"]!.AsArray().Select(i => i!)];
    }
}
