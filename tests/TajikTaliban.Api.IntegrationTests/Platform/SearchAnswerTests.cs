using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>What lists and <c>/v1/search</c> answer to the words of <c>q</c>, in which order, and how they mark it.</summary>
public sealed class SearchAnswerTests(SearchAnswerTests.Fixture api) : IClassFixture<SearchAnswerTests.Fixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tajikistan - taliban", "tajikistan-taliban")]
    [InlineData("— Taliban", "tajikistan-taliban taliban")]
    [InlineData("gorno", "badakhshan-unit gorno-unit")]
    [InlineData("takhar", "kunduz-takhar")]
    [InlineData("Ma'sud", "masud-1 masud-2 masud-3")]
    [InlineData("Masud", "masud-1 masud-2 masud-3")]
    [InlineData("Maʿsud", "masud-1 masud-2 masud-3")]
    [InlineData("Maʿsūd", "masud-1 masud-2 masud-3")]
    [InlineData("Jund al-Islam", "jund jund-herat")]
    [InlineData("Jund al Islam", "jund jund-herat")]
    [InlineData("Jund alislam", "jund jund-herat")]
    [InlineData("گروههای", "groups-joined groups-spaced groups-zwnj")]
    [InlineData("گروه های", "groups-joined groups-spaced groups-zwnj")]
    [InlineData("گروه\u200cهای", "groups-joined groups-spaced groups-zwnj")]
    [InlineData("Тоҷикистон", "tajikistan")]
    [InlineData("Government", "taliban")] // the label of the type
    [InlineData("TJK", "tajikistan")] // an identifier
    [InlineData("pipeline", "aliased-line")] // the label of no code, and the alias of one actor
    public async Task A_list_finds_the_records_that_have_all_words(string q, string ids)
    {
        var answer = await ListAsync($"/v1/actors?q={Uri.EscapeDataString(q)}&limit=1000");

        Assert.Equal(ids, string.Join(' ', answer.Where(a => a.Matched == "words").Select(a => a.Id).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Names_sort_by_letters_then_accents_then_case()
    {
        string[] expected = ["sort-b", "sort-a", "sort-c", "sort-d", "sort-e", "sort-f", "sort-g"];
        var path = "/v1/actors?q=sortable&sort=name";

        foreach (var limit in new[] { 1, 2, 100 })
        {
            Assert.Equal(expected, await IdsAsync($"{path}&limit={limit}"));
            Assert.Equal(expected.Reverse(), await IdsAsync($"/v1/actors?q=sortable&sort=-name&limit={limit}"));
            Assert.Equal(expected, await IdsAsync($"{path}&limit={limit}&asOf={api.Position}"));
        }

        var names = (await api.Reader.WalkAsync(path)).Select(r => (string)r["name"]!);
        Assert.Equal(["angel", "Angel", "Ángel", "apple", "Zebra", "Ҳисор", "طالبان"], names);
    }

    [Fact]
    public async Task Records_of_similar_spelling_follow_those_with_the_words_and_are_marked()
    {
        var whole = await api.Reader.GetJsonAsync("/v1/actors?q=masud&limit=1000&count=exact&facets=type");

        Assert.Equal(["masud-1", "masud-2", "masud-3", "masoud"], Ids(whole.Body!));
        Assert.Equal("""["words","words","words","similar-spelling"]""", whole.Body!["matched"]!.ToJsonString());
        Assert.Equal("""["words","similar-spelling"]""", whole.Body["query"]!["matched"]!.ToJsonString());
        Assert.Equal((4, 4), ((int)whole.Body["count"]!["value"]!, whole.Body["facets"]!["type"]!.AsArray().Sum(f => (int)f!["count"]!)));
        foreach (var limit in new[] { 1, 2, 3, 4, 5 })
        {
            Assert.Equal(["masud-1", "masud-2", "masud-3", "masoud"], await IdsAsync($"/v1/actors?q=masud&limit={limit}"));
            Assert.Equal(["masud-3", "masud-2", "masud-1", "masoud"], await IdsAsync($"/v1/actors?q=masud&limit={limit}&sort=-id"));
            Assert.Equal(["masud-1", "masud-2", "masud-3", "masoud"],
                await IdsAsync($"/v1/actors?q=masud&limit={limit}&asOf={api.Position}"));
        }
    }

    [Theory]
    [InlineData("masud", "masud-1 masud-2 masud-3 masoud", 3)]
    [InlineData("massud", "", 0)]
    [InlineData("dushnbe", "", 0)]
    [InlineData("zzzzzz", "", 0)]
    public async Task An_export_has_the_records_of_the_list_and_tells_how_many_have_the_words(string q, string ids, int words)
    {
        foreach (var resource in (string[])["actors", "sources"])
        {
            var list = await ListAsync($"/v1/{resource}?q={q}&limit=1000");
            if (ids.Length > 0 && resource == "actors")
                Assert.Equal(ids, string.Join(' ', list.Select(i => i.Id)));
            using var export = await api.Reader.GetAsync($"/v1/{resource}.ndjson?q={q}", Cancellation);
            Assert.Equal(list.Select(i => i.Id), IdsOf(await export.Content.ReadAsStringAsync(Cancellation)));
            Assert.Equal($"{list.Count(i => i.Matched == "words")}", export.TrailingHeaders.GetValues("Matched-Words").Single());
            Assert.True(resource != "actors" || list.Count(i => i.Matched == "words") == words);
            foreach (var limit in new[] { 1, 2, 3, 4 })
            {
                var paged = new List<string>();
                for (var next = $"/v1/{resource}.ndjson?q={q}&limit={limit}"; next is not null;)
                {
                    using var page = await api.Reader.GetAsync(next, Cancellation);
                    paged.AddRange(IdsOf(await page.Content.ReadAsStringAsync(Cancellation)));
                    next = page.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null!;
                }

                Assert.Equal(list.Select(i => i.Id), paged);
            }
        }

        static IEnumerable<string> IdsOf(string lines) =>
            lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => (string)JsonNode.Parse(l)!["id"]!);
    }

    [Theory]
    [InlineData("ISIS", "actors/isis-khorasan name, actors/islamic-state words")]
    [InlineData("isis khor", "actors/isis-khorasan name")]
    [InlineData("talks tal", "actors/tajikistan-taliban name")]
    [InlineData("таджик", "actors/tajikistan name")]
    [InlineData("тоҷ", "actors/tajikistan name")]
    [InlineData("signing", "events/signed name")]
    [InlineData("signing ceremony", "events/signed words")]
    [InlineData("border len", "indicators/border-length name, observations/measured words")]
    [InlineData("kilometres of", "indicators/border-length words")]
    [InlineData("dushnbe", "sources/dushanbe-report similar-spelling")]
    [InlineData("dushan", "sources/dushanbe-report name")]
    [InlineData("dushan ", "sources/dushanbe-report similar-spelling")] // a space follows: the word is complete
    [InlineData("zzzzzz", "")]
    public async Task The_search_finds_records_of_all_resources_by_relevance(string q, string found)
    {
        var answer = await api.Reader.GetJsonAsync($"/v1/search?q={Uri.EscapeDataString(q)}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(found, string.Join(", ", Found(answer.Body!)));
    }

    [Fact]
    public async Task The_search_says_what_each_record_is_and_where()
    {
        var answer = (await api.Reader.GetJsonAsync("/v1/search?q=Tajikistan%20exports&limit=40")).Body!;
        var figure = answer["items"]!.AsArray().First(i => (string)i!["resource"]! == "trade")!;

        Assert.Equal("tajikistan exports", (string)answer["words"]!);
        Assert.Equal(("tajikistan, taliban: Export, 2024, TOTAL", "X", "Export", "words"), ((string)figure["label"]!,
            (string)figure["type"]!, (string)figure["typeLabel"]!, (string)figure["matched"]!));
        foreach (var q in new[] { "tajikistan", "length", "report", "signed", "border" })
        {
            var items = (await api.Reader.GetJsonAsync($"/v1/search?q={q}&limit=40")).Body!["items"]!.AsArray();
            Assert.NotEmpty(items);
            foreach (var item in items)
            {
                var record = await api.Reader.GetJsonAsync((string)item!["href"]!);
                Assert.Equal((HttpStatusCode.OK, (string)item["id"]!), (record.Status, (string)record.Body!["id"]!));
            }
        }

        Assert.Contains(Found((await api.Reader.GetJsonAsync("/v1/search?q=length")).Body!),
            f => f.StartsWith("observations/", StringComparison.Ordinal));
        Assert.Equal(["sources/source name"],
            Found((await api.Reader.GetJsonAsync("/v1/search?q=report&resource=sources,events&limit=1")).Body!));
    }

    [Fact]
    public async Task A_record_of_exactly_the_name_comes_first()
    {
        var found = Found((await api.Reader.GetJsonAsync("/v1/search?q=taliban")).Body!).ToList();

        Assert.Equal(["actors/taliban name", "actors/tajikistan-taliban name"], found[..2]);
        Assert.Equal(["events/signed words", "relations/treaty words"], found[2..4]);
        Assert.Equal(["actors/taliban name"], Found((await api.Reader.GetJsonAsync("/v1/search?q=taliban&limit=1")).Body!));
    }

    [Theory]
    [InlineData("", "/query/q")]
    [InlineData("q=", "/query/q")]
    [InlineData("q=.", "/query/q")]
    [InlineData("q=a&limit=41", "/query/limit")]
    [InlineData("q=a&resource=actor", "/query/resource")]
    [InlineData("q=a&sort=name", "/query/sort")]
    [InlineData("q=a&asOf=1", "/query/asOf")]
    public async Task A_search_that_is_not_understood_is_refused(string query, string pointer)
    {
        var answer = await api.Reader.GetJsonAsync($"/v1/search?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(pointer, Assert.Single(answer.Pointers.Distinct()));
    }

    private static IEnumerable<string> Found(JsonNode answer) =>
        answer["items"]!.AsArray().Select(i => $"{i!["resource"]}/{i["id"]} {i["matched"]}");

    private static IEnumerable<string> Ids(JsonNode page) => page["items"]!.AsArray().Select(i => (string)i!["id"]!);

    private async Task<List<(string Id, string Matched)>> ListAsync(string path)
    {
        var answer = (await api.Reader.GetJsonAsync(path)).Body!;
        return [.. Ids(answer).Zip(answer["matched"]!.AsArray().Select(m => (string)m!))];
    }

    private async Task<List<string>> IdsAsync(string path) =>
        [.. (await api.Reader.WalkAsync(path)).Select(r => (string)r["id"]!)];

    /// <summary>Records whose words differ by a sign, a space or a letter.</summary>
    public sealed class Fixture(PostgresServer server) : ApiFixture(server)
    {
        /// <summary>The position after all records were added.</summary>
        public string Position { get; private set; } = "";

        protected override async ValueTask FillAsync()
        {
            await Editor.AddAsync("/v1/sources", SampleRecords.Source());
            await Editor.AddAsync("/v1/sources", new JsonObject
            {
                ["id"] = "dushanbe-report",
                ["kind"] = "report",
                ["title"] = "Dushanbe report",
            });
            (string Id, string Name, string? Description)[] actors =
            [
                ("tajikistan-taliban", "Talks of Tajikistan and the Taliban", null),
                ("badakhshan-unit", "Badakhshan/Gorno unit", null), ("gorno-unit", "Gorno unit", null),
                ("kunduz-takhar", "Kunduz.Takhar", null),
                ("masud-1", "Ma'sud", null), ("masud-2", "Masud", null), ("masud-3", "Maʿsud", null), ("masoud", "Masoud", null),
                ("jund", "Jund al-Islam", null), ("jund-herat", "Jund al Islam of Herat", null),
                ("groups-zwnj", "گروه\u200cهای", null), ("groups-spaced", "گروه های", null), ("groups-joined", "گروههای", null),
                ("sort-a", "Angel", "sortable"), ("sort-b", "angel", "sortable"), ("sort-c", "Ángel", "sortable"),
                ("sort-d", "apple", "sortable"), ("sort-e", "Zebra", "sortable"), ("sort-f", "Ҳисор", "sortable"),
                ("sort-g", "طالبان", "sortable"),
                ("isis-khorasan", "ISIS-Khorasan", "An armed group."), ("islamic-state", "Islamic State", "Also called ISIS."),
                ("line", "Gas line", "A line for gas."),
            ];
            foreach (var (id, name, description) in actors)
                await AddAsync(id, name, description, []);
            await AddAsync("aliased-line", "Northern gas line", null, [("Northern pipeline", "en", "alias")]);
            await AddAsync("taliban", "Taliban", null, [], "government");
            await AddAsync("tajikistan", "Tajikistan", null, [("Тоҷикистон", "tg", "native"), ("Таджикистан", "ru", "alias")], "state",
                "TJK");
            var signed = SampleRecords.Event("signed", "2024-05-01", "tajikistan", "taliban");
            signed["title"] = "Signing of an agreement";
            signed["description"] = "There was a ceremony.";
            await Editor.AddAsync("/v1/events", signed);
            var indicator = SampleRecords.Indicator("border-length");
            indicator["name"] = "Length of the border";
            indicator["description"] = "In kilometres of river and land.";
            await Editor.AddAsync("/v1/indicators", indicator);
            await Editor.AddAsync("/v1/indicators/border-length/observations", SampleRecords.Observation("measured", "tajikistan", 1344));
            var trade = SampleRecords.Trade("tajikistan", "taliban", "2024", 1);
            trade["flow"] = "X";
            await Editor.AddAsync("/v1/trade", trade);
            await Editor.AddAsync("/v1/relations", SampleRecords.Relation("treaty", "tajikistan", "taliban"));
            Position = (string)(await Reader.GetJsonAsync("/v1/actors?limit=1")).Body!["position"]!;
        }

        private Task<JsonNode> AddAsync(
            string id, string name, string? description, (string Text, string Lang, string Kind)[] names, string type = "armed-group",
            string? iso3 = null)
        {
            var actor = SampleRecords.Actor(id);
            actor["name"] = name;
            actor["type"] = type;
            actor["description"] = description;
            actor["names"] = new JsonArray(
                [.. names.Select(n => new JsonObject { ["text"] = n.Text, ["lang"] = n.Lang, ["kind"] = n.Kind })]);
            if (iso3 is not null)
                actor["identifiers"] = new JsonArray(new JsonObject { ["scheme"] = "iso3", ["value"] = iso3 });
            return Editor.AddAsync("/v1/actors", actor);
        }
    }
}
