using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>What <c>q</c> finds: words in their forms, scripts and spellings, and after them words of similar spelling.</summary>
public sealed class SearchTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        // the fixture's database lives as long as the class, this runs for each test
        if ((await api.Reader.GetJsonAsync("/v1/actors/dushanbe")).Status == HttpStatusCode.OK)
            return;
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source());
        await AddAsync("dushanbe", "Dushanbe", [("Душанбе", "tg"), ("دوشنبه", "fa")], "A capital with markets.");
        await AddAsync("tajikistan", "Tajikistan",
            [("Тоҷикистон", "tg"), ("Таджикистан", "ru"), ("تاجیکستان", "fa"), ("Tayikistán", "es")], "A state.");
        await AddAsync("badakhshan", "Badakhshān", [("Бадахшон", "tg")], "A region on both banks; they negotiated there.");
        await AddAsync("emirate", "Islamic Emirate of Afghanistan",
            [("د افغانستان اسلامی امارت", "ps"), ("إمارة أفغانستان الإسلامية", "ar")], "An authority.");
        await AddAsync("border-post", "Border post", [], "A post on the border, with a market.");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("tajikistan", "tajikistan")]
    [InlineData("TAJIKISTAN", "tajikistan")]
    [InlineData("Тоҷикистон", "tajikistan")]
    [InlineData("точикистон", "tajikistan")] // as a Russian keyboard writes it
    [InlineData("تاجيكستان", "tajikistan")] // with the Arabic yeh and kaf
    [InlineData("tayikistan", "tajikistan")]
    [InlineData("badakhshan", "badakhshan")]
    [InlineData("Badakhshān", "badakhshan")]
    [InlineData("Badakhsha\u0304n", "badakhshan")] // decomposed
    [InlineData("افغانستان", "emirate")]
    [InlineData("أفغانستان", "emirate")]
    [InlineData("اِسلامی", "emirate")] // with a vowel sign
    [InlineData("market", "border-post dushanbe")] // the plural
    [InlineData("markets", "border-post dushanbe")]
    [InlineData("negotiating", "badakhshan")] // another form of the verb
    [InlineData("border market", "border-post")] // both words
    [InlineData("markets of the border", "border-post")] // words that say nothing do not count
    [InlineData("market - border", "border-post")] // no character is an operator
    [InlineData("-market \"border\"", "border-post")]
    [InlineData("border-post", "border-post")]
    [InlineData("borderpost", "border-post")]
    [InlineData("state", "tajikistan border-post badakhshan dushanbe emirate")] // the label of the type
    public async Task Words_are_found_in_their_forms_scripts_and_spellings(string q, string ids)
    {
        var answer = await api.Reader.GetJsonAsync($"/v1/actors?q={Uri.EscapeDataString(q)}");

        var found = answer.Body!["items"]!.AsArray().Zip(answer.Body["matched"]!.AsArray())
            .Where(i => (string)i.Second! == "words").Select(i => (string)i.First!["id"]!);
        Assert.Equal(ids.Split(' ').Order(), found.Order());
    }

    [Theory]
    [InlineData("tajikstan", "tajikistan")]
    [InlineData("dushambe", "dushanbe")]
    [InlineData("badakshan", "badakhshan")]
    [InlineData("tajiki", "tajikistan")] // the beginning of a word
    [InlineData("таджикстан", "tajikistan")]
    public async Task A_word_that_is_nowhere_finds_what_is_spelled_like_it_and_says_so(string q, string ids)
    {
        var answer = await api.Reader.GetJsonAsync($"/v1/actors?q={Uri.EscapeDataString(q)}&count=exact&facets=type");

        Assert.Equal(ids, string.Join(' ', answer.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!)));
        Assert.Equal("similar-spelling", (string)answer.Body["query"]!["matched"]![0]!);
        Assert.Equal(1, (int)answer.Body["count"]!["value"]!);
        Assert.Equal("""{"type":[{"value":"state","label":"State","count":1}]}""", answer.Body["facets"]!.ToJsonString());
    }

    [Fact]
    public async Task A_search_that_finds_nothing_says_so()
    {
        var answer = await api.Reader.GetJsonAsync("/v1/actors?q=zzzzzz");

        Assert.Empty(answer.Body!["items"]!.AsArray());
        Assert.Equal("not-covered", (string)answer.Body["empty"]!["reason"]!);
    }

    [Theory]
    [InlineData("\u0301")] // nothing but a diacritic
    [InlineData(".")]
    [InlineData("%E2%80%94")] // a dash
    [InlineData("'%22%26")]
    [InlineData("\ud83c\uddf9\ud83c\uddef")] // a flag
    public async Task A_search_without_a_letter_is_refused(string q)
    {
        var answer = await api.Reader.GetJsonAsync($"/v1/actors?q={q}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(["/query/q"], answer.Pointers);
    }

    [Theory]
    [InlineData("a & b | !c:*")]
    [InlineData("%' or 1=1 --")]
    [InlineData("'a' <-> ((b:*A & \\")]
    [InlineData("塔吉克斯坦")]
    public async Task Any_text_can_be_searched_for(string q)
    {
        var answer = await api.Reader.GetJsonAsync($"/v1/actors?q={Uri.EscapeDataString(q)}");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Fact]
    public async Task A_resource_that_holds_nothing_says_so()
    {
        foreach (var path in new[] { "/v1/events", "/v1/trade", "/v1/relations", "/v1/indicators" })
        {
            var answer = await api.Reader.GetJsonAsync(path);
            Assert.Equal("""{"records":0,"earliest":null,"latest":null}""", answer.Body!["empty"]!["coverage"]!.ToJsonString());
            Assert.Equal("not-covered", (string)answer.Body["empty"]!["reason"]!);
        }
    }

    private Task<JsonNode> AddAsync(string id, string name, (string Text, string Lang)[] names, string description)
    {
        var actor = SampleRecords.Actor(id);
        actor["name"] = name;
        actor["names"] = new JsonArray(
            [.. names.Select(n => new JsonObject { ["text"] = n.Text, ["lang"] = n.Lang, ["kind"] = "native" })]);
        actor["description"] = description;
        return api.Editor.AddAsync("/v1/actors", actor);
    }
}
