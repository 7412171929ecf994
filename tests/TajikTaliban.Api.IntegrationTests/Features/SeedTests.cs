using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>What the article says, as the service answers it.</summary>
public sealed class SeedTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    [Fact]
    public async Task Turnover_of_the_first_half_of_2024_is_about_46_million_dollars_cited_by_paragraph()
    {
        var answer = await api.Reader.GetJsonAsync("/v1/trade?reporter=tajikistan&partner=afghanistan");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var figure = Assert.Single(answer.Body!["items"]!.AsArray())!;
        Assert.Equal(46000000m, (decimal)figure["value"]!);
        Assert.Equal("2024-S1", (string)figure["period"]!);
        Assert.Equal("T", (string)figure["flow"]!);
        Assert.Equal("USD", (string)figure["currency"]!);
        Assert.True((bool)figure["approximate"]!);
        Assert.StartsWith("paragraph ", (string)figure["citations"]![0]!["locator"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Identifiers_ask_for_the_same_as_ids()
    {
        var byId = await api.Reader.GetJsonAsync("/v1/trade?reporter=tajikistan&partner=afghanistan");
        var byIdentifier = await api.Reader.GetJsonAsync("/v1/trade?reporter=iso3:TJK&partner=m49:004");

        Assert.Single(byIdentifier.Body!["items"]!.AsArray());
        Assert.True(JsonNode.DeepEquals(byId.Body, byIdentifier.Body));
    }

    [Theory]
    [InlineData("iso3:TJK")]
    [InlineData("iso2:TJ")]
    [InlineData("m49:762")]
    [InlineData("wikidata:Q863")]
    public async Task An_actor_is_found_by_its_identifiers(string identifier)
    {
        var answer = await api.Reader.GetJsonAsync($"/v1/actors/{identifier}");

        Assert.Equal("tajikistan", (string)answer.Body!["id"]!);
        Assert.Equal("/v1/actors/tajikistan", answer.Response.Content.Headers.ContentLocation?.ToString());
    }

    /// <summary>The relations that hold in a year over the article's records alone, read beside the article: those that certainly and that
    /// possibly do, and how many more may.</summary>
    public static TheoryData<string, string[], string[], int> Years => new()
    {
        { "1900", [], [], 77 },
        { "1997", ["pakistan-sponsorship-taliban", .. Successions], [], 72 },
        {
            "2023",
            [
                "islamic-emirate-of-afghanistan-leads-afghanistan", "tajikistan-border-afghanistan",
                "taliban-leads-islamic-emirate-of-afghanistan", .. Successions,
            ],
            [
                "islamic-emirate-of-afghanistan-diplomatic-contact-china", "islamic-emirate-of-afghanistan-diplomatic-contact-iran",
                "islamic-emirate-of-afghanistan-diplomatic-contact-kazakhstan",
                "islamic-emirate-of-afghanistan-diplomatic-contact-kyrgyzstan", "islamic-emirate-of-afghanistan-diplomatic-contact-russia",
                "islamic-emirate-of-afghanistan-diplomatic-contact-turkmenistan",
                "islamic-emirate-of-afghanistan-diplomatic-contact-uzbekistan", "kazakhstan-ban-taliban", "kyrgyzstan-ban-taliban",
                "pakistan-military-sponsorship-taliban", "pakistan-sponsorship-taliban",
                "tajikistan-shelters-anti-taliban-political-forces", "taliban-diplomatic-contact-neighbours-of-afghanistan",
            ],
            70
        },
        { "2025", Successions, [], 70 },
    };

    /// <summary>What followed the Soviet Union: by 1996, and without an end.</summary>
    private static string[] Successions { get; } =
        [.. new[] { "kazakhstan", "kyrgyzstan", "tajikistan", "turkmenistan", "uzbekistan" }.Select(s => $"{s}-succession-soviet-union")];

    [Theory, MemberData(nameof(Years))]
    public async Task The_relations_of_a_year_are_those_that_the_article_vouches_for(
        string year, string[] certain, string[] possible, int mayAlsoHold)
    {
        var path = $"/v1/relations?validAt={year}&source=asatryan-tajikistan-and-the-taliban&sort=id&limit=1000";
        var answer = await api.Reader.GetJsonAsync(path);

        var items = answer.Body!["items"]!.AsArray();
        Assert.Equal(certain.Order(StringComparer.Ordinal), Held(items, "certain"));
        Assert.Equal(possible.Order(StringComparer.Ordinal), Held(items, "possible"));
        Assert.Equal(certain.Length + possible.Length, items.Count);
        Assert.Equal(mayAlsoHold, (int)answer.Body["mayAlsoHold"]!["count"]!);
        // what may also hold is all the rest that is not known to have begun later or ended earlier
        var all = await IdsAsync($"{path}&holds=certain,possible,unknown");
        Assert.Equal(certain.Length + possible.Length + mayAlsoHold, all.Count);
    }

    [Theory]
    [InlineData("1900", "", 16)]
    [InlineData("1997", "tajik-forces-lose-influence", 13)]
    [InlineData("2005", "tajik-forces-lose-influence", 13)]
    [InlineData("2023", "kabul-contacts-with-neighbours,kazakhstan-delists-taliban,kyrgyzstan-delists-taliban,"
        + "tajikistan-takes-in-anti-taliban-forces", 13)]
    // what went on at the writing may go on
    [InlineData("2025", "", 8)]
    public async Task The_events_of_a_year_are_those_that_the_article_dates_to_it(string year, string ids, int mayAlsoHold)
    {
        var path = $"/v1/events?from={year}&to={year}&source=asatryan-tajikistan-and-the-taliban&sort=id&limit=1000";
        var answer = await api.Reader.GetJsonAsync(path);

        Assert.Equal(ids.Split(',', StringSplitOptions.RemoveEmptyEntries), answer.Body!["items"]!.AsArray()
            .Select(e => (string)e!["id"]!));
        Assert.Equal(mayAlsoHold, (int)answer.Body["mayAlsoHold"]!["count"]!);
    }

    [Theory]
    // unknown by the article alone, and certain at its own time
    [InlineData("subject=emomali-rahmon&type=leads", "2023", "unknown")]
    [InlineData("subject=emomali-rahmon&type=leads", "2024", "certain")]
    // bans that ended between the return and the writing
    [InlineData("subject=kazakhstan&type=ban", "2015", "unknown")]
    [InlineData("subject=kazakhstan&type=ban", "2023", "possible")]
    [InlineData("subject=kazakhstan&type=ban", "2025", "not")]
    // help that was given, nobody says when
    [InlineData("subject=china&type=aid", "2010", "unknown")]
    [InlineData("subject=china&type=aid", "2025", "not")]
    // attacks before the writing
    [InlineData("subject=ansarullah&type=conflict", "2020", "unknown")]
    [InlineData("subject=ansarullah&type=conflict", "2024", "possible")]
    // one reaction, of one time
    [InlineData("subject=tajikistan&object=taliban&stance=hostile", "1996", "certain")]
    [InlineData("subject=tajikistan&object=taliban&stance=hostile", "1997", "unknown")]
    [InlineData("type=border", "2003", "unknown")]
    [InlineData("type=border", "2010", "certain")]
    [InlineData("type=border", "2025", "unknown")]
    public async Task A_relation_holds_as_surely_as_the_article_lets_one_say(string filter, string year, string holds)
    {
        var answer = await api.Reader.GetJsonAsync($"/v1/relations?{filter}&validAt={year}&holds=certain,possible,unknown");

        var items = answer.Body!["items"]!.AsArray();
        Assert.Equal(holds == "not" ? [] : [holds], items.Select(r => (string)r!["holds"]!));
    }

    [Theory]
    [InlineData("status=banned-organisation&validAt=2015", "")]
    [InlineData("status=banned-organisation&validAt=2023", "taliban")]
    [InlineData("status=banned-organisation&validAt=2025", "")]
    [InlineData("status=de-facto-government&validAt=2023", "islamic-emirate-of-afghanistan,taliban")]
    [InlineData("status=dissolved-state&validAt=1980", "")]
    [InlineData("status=dissolved-state&validAt=1996", "soviet-union")]
    [InlineData("status=dissolved-state&validAt=2025", "soviet-union")]
    public async Task Actors_have_the_statuses_of_a_year_that_the_article_vouches_for(string query, string ids) =>
        Assert.Equal(ids.Split(',', StringSplitOptions.RemoveEmptyEntries), await IdsAsync($"/v1/actors?{query}&sort=id"));

    [Fact]
    public async Task The_end_of_the_USSR_is_found_by_its_words() =>
        Assert.Equal("soviet-union-collapse", (await IdsAsync("/v1/events?q=USSR%20collapse"))[0]);

    [Theory]
    [InlineData("tg", "Тоҷикистон", "tajikistan")]
    [InlineData("fa-AF", "تاجکستان", "tajikistan")]
    [InlineData("ps", "افغانستان", "afghanistan")]
    public async Task States_are_found_by_their_names_in_Tajik_Dari_and_Pashto(string language, string name, string id)
    {
        var actors = await api.Reader.WalkAsync($"/v1/actors?q={Uri.EscapeDataString(name)}");

        var names = actors.Single(a => (string)a["id"]! == id)["names"]!.AsArray();
        Assert.Contains(names, n => (string)n!["lang"]! == language && (string)n["text"]! == name);
    }

    [Fact]
    public async Task Yatimov_has_the_reported_visit_to_Kabul_in_the_second_half_of_August_2024_with_all_whom_he_met()
    {
        var answer = await api.Reader.GetJsonAsync("/v1/events?actor=saimumin-yatimov");

        var visit = Assert.Single(answer.Body!["items"]!.AsArray(), e => (string)e!["id"]! == "yatimov-kabul-visit-2024-08")!;
        Assert.Equal("2024-08-16/2024-08-31", (string)visit["date"]!);
        Assert.Equal("2024-08-16", (string)visit["earliest"]!);
        Assert.Equal("2024-08-31", (string)visit["latest"]!);
        Assert.Equal("reported", (string)visit["status"]!);
        Assert.Equal("Kabul", (string)visit["place"]!["name"]!);
        // those whom he met are named by their offices; his state and the hosts are only concerned
        Assert.Equal(
            [
                "saimumin-yatimov source", "head-of-main-intelligence-directorate-taliban target", "prosecutor-general-taliban target",
                "chief-of-general-staff-taliban target", "afghanistan location",
            ],
            visit["participants"]!.AsArray().Select(p => $"{p!["actor"]} {p["role"]}"));
        // the order that he was given is the only other event that he is in
        Assert.Equal(["rahmon-instructs-yatimov", "yatimov-kabul-visit-2024-08"],
            answer.Body["items"]!.AsArray().Select(e => (string)e!["id"]!).Order(StringComparer.Ordinal));
        Assert.Equal(["yatimov-kabul-visit-2024-08"],
            await IdsAsync("/v1/events?actor.source=saimumin-yatimov&actor.target=prosecutor-general-taliban"));
    }

    public static TheoryData<string> Resources => SampleRecords.Resources;

    [Theory, MemberData(nameof(Resources))]
    public async Task Every_seed_is_served_as_its_file_says_with_its_citations(string resource)
    {
        var declared = api.Services.GetRequiredService<ResourceCatalogue>().All.Single(r => r.Name == resource);
        var seeds = Seeds(resource);
        Assert.NotEmpty(seeds);
        foreach (var seed in seeds)
        {
            var id = (string)seed["id"]!;
            var path = declared.PathOf(id, JsonSerializer.SerializeToUtf8Bytes(seed));
            var answer = await api.Reader.GetJsonAsync(path);
            Assert.True(answer.Status == HttpStatusCode.OK, path);
            AssertHolds(seed, answer.Body!, path);
            Assert.Equal(1, (int)answer.Body!["version"]!);
            if (SampleRecords.Of(resource).Required.Contains("citations"))
                Assert.NotEmpty(answer.Body["citations"]!.AsArray());
        }

        // a part of a parent is listed below each parent
        if (declared.List.Scope is null)
        {
            Assert.Equal(seeds.Select(s => (string)s["id"]!).Order(StringComparer.Ordinal),
                await IdsAsync($"/v1/{resource}?sort=id&limit=1000"));
        }
    }

    [Theory, MemberData(nameof(Resources))]
    public void The_example_of_the_contract_is_a_seed_shortened(string resource)
    {
        var example = api.Services.GetRequiredService<ResourceCatalogue>().All.Single(r => r.Name == resource).Example;

        Assert.All(
            JsonNode.Parse(example.Body)!.AsObject(),
            m => Assert.True(Shortens(m.Value, Seeds(resource).Single(s => (string)s["id"]! == example.Id)[m.Key]), $"{resource}/{m.Key}"));
    }

    /// <summary>Whether a shortened record has nothing that the record has not: texts may end earlier, lists may have fewer
    /// members.</summary>
    private static bool Shortens(JsonNode? shortened, JsonNode? record) => (shortened, record) switch
    {
        (JsonObject members, JsonObject) => members.All(m => Shortens(m.Value, record[m.Key])),
        (JsonArray list, JsonArray others) => list.All(member => others.Any(other => Shortens(member, other))),
        (JsonValue text, JsonValue whole)
            when text.GetValueKind() is JsonValueKind.String && whole.GetValueKind() is JsonValueKind.String =>
            ((string)whole!).StartsWith((string)text!, StringComparison.Ordinal),
        _ => JsonNode.DeepEquals(shortened, record),
    };

    /// <summary>That a record says all that a body says, member by member; what is null or left out of the body may be anything.</summary>
    internal static void AssertHolds(JsonNode body, JsonNode record, string where)
    {
        switch (body)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    var served = record[name];
                    if (value is null)
                    {
                        Assert.True(served is null, $"{where}/{name} is {served}, not null");
                    }
                    else
                    {
                        Assert.True(served is not null, $"{where}/{name} is missing");
                        AssertHolds(value, served, $"{where}/{name}");
                    }
                }

                break;
            case JsonArray list:
                Assert.True(record is JsonArray, where);
                Assert.True(list.Count == record.AsArray().Count, $"{where} has {record.AsArray().Count} members, not {list.Count}");
                for (var i = 0; i < list.Count; i++)
                    AssertHolds(list[i]!, record[i]!, $"{where}/{i}");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(body, record), $"{where} is {record.ToJsonString()}, not {body.ToJsonString()}");
                break;
        }
    }

    private static IEnumerable<string> Held(JsonArray items, string holds) =>
        items.Where(r => (string)r!["holds"]! == holds).Select(r => (string)r!["id"]!);

    private static List<JsonNode> Seeds(string resource) =>
        [.. JsonNode.Parse(File.ReadAllText(Path.Combine(SeedFiles.ArticleFolder, $"{resource}.json")))!["records"]!.AsArray()
            .Select(r => r!)];

    private async Task<List<string>> IdsAsync(string path) => [.. (await api.Reader.WalkAsync(path)).Select(r => (string)r["id"]!)];
}
