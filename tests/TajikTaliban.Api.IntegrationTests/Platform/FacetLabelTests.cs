using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>The labels of the values of facets: of codes, and of records, whose names change.</summary>
public sealed class FacetLabelTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const string List = "/v1/relations?actor=labelled&facets=type,actor,certainty";

    [Fact]
    public async Task Values_have_labels_in_lists_and_in_availability_also_as_of_a_position()
    {
        var (one, other) = (SampleRecords.Actor("labelled"), SampleRecords.Actor("other"));
        await api.Editor.AddAsync("/v1/actors", one);
        await api.Editor.AddAsync("/v1/actors", other);
        var relation = await api.Editor.AddAsync("/v1/relations", SampleRecords.Relation("of-labelled", "labelled", "other"));
        var before = await FacetsAsync(List);
        var position = (await api.Reader.GetJsonAsync(List)).Response.Headers.GetValues("Position").Single();
        var renamed = await api.Editor.SendJsonAsync(
            HttpMethod.Patch, "/v1/actors/labelled", new JsonObject { ["name"] = "Номи нав" }, "*");
        Assert.Equal(HttpStatusCode.OK, renamed.Status);

        var (type, certainty) = ((string)relation["type"]!, (string)relation["citations"]![0]!["certainty"]!);
        string Facets(JsonNode? name) =>
            $"type: {type} {CodeLists.RelationTypes.LabelOf(type)} 1; actor: labelled {name} 1, other {other["name"]} 1; "
            + $"certainty: {certainty} {CodeLists.Certainties.LabelOf(certainty)} 1";
        Assert.Equal(Facets(one["name"]), before);
        // a response that is kept in memory is made anew when a record that it names is renamed
        Assert.Equal(Facets("Номи нав"), await FacetsAsync(List));
        Assert.Equal(before, await FacetsAsync($"{List}&asOf={position}"));
        var available = (await api.Reader.GetJsonAsync("/v1/relations/availability")).Body!["facets"]!["actor"]!.AsArray();
        Assert.Equal("Номи нав", (string?)available.Single(v => (string)v!["value"]! == "labelled")!["label"]);
    }

    [Theory]
    [InlineData(null, "Name of many-names")]
    [InlineData("en", "Name of many-names")]
    [InlineData("en-GB", "Name of many-names")]
    [InlineData("tg", "Номи худӣ")]
    [InlineData("TG", "Номи худӣ")]
    [InlineData("tg-TJ", "Номи худӣ")]
    [InlineData("tg-Cyrl-TJ", "Номи худӣ")]
    [InlineData("fa", "نام")]
    [InlineData("fa-AF", "نام")]
    [InlineData("fa-IR", "نام")]
    [InlineData("f", null)]
    [InlineData("fr", "Name of many-names")]
    [InlineData("ru", "Имя")]
    [InlineData("ps", "Name of many-names")]
    [InlineData("zh", "Name of many-names")]
    public async Task Labels_are_in_the_language_that_is_asked_for(string? language, string? expected)
    {
        JsonObject Name(string text, string lang, string kind) => new() { ["text"] = text, ["lang"] = lang, ["kind"] = kind };
        var id = $"many-names-{language ?? "none"}".ToLowerInvariant() + (language == "TG" ? "-upper" : "");
        var actor = SampleRecords.Actor(id);
        actor["name"] = "Name of many-names";
        actor["names"] = new JsonArray(Name("Also in English", "en", "alias"), Name("Номи дигар", "tg", "alias"),
            Name("Номи худӣ", "tg", "native"), Name("نام", "fa-AF", "alias"), Name("Прежнее имя", "ru", "former"),
            Name("ИМЯ", "ru", "acronym"), Name("Imia", "ru-Latn", "transliteration"), Name("Имя", "ru", "alias"),
            Name("پخوانی", "ps", "former"), Name("Nom", "fro", "alias"), Name("UN", "zh", "acronym"));
        await api.Editor.AddAsync("/v1/actors", actor);
        await api.Editor.AddAsync("/v1/relations", SampleRecords.Relation($"of-{id}", id, "alpha"));
        var and = language is null ? "" : $"&lang={language}";

        var list = await api.Reader.GetJsonAsync($"/v1/relations?id=of-{id}&facets=actor,type{and}");
        if (expected is null)
        {
            Assert.Equal(HttpStatusCode.BadRequest, list.Status);
            Assert.Equal("not-a-language", (string?)list.Body!["errors"]!["/query/lang"]![0]!["code"]);
            return;
        }

        string? Label(JsonNode facets) =>
            (string?)facets["actor"]!.AsArray().Single(v => (string)v!["value"]! == id)!["label"];
        Assert.Equal(expected, Label(list.Body!["facets"]!));
        Assert.Equal(CodeLists.RelationTypes.LabelOf("agreement"), (string?)list.Body["facets"]!["type"]![0]!["label"]);
        Assert.Equal(expected, Label((await api.Reader.GetJsonAsync($"/v1/relations/availability?{and.TrimStart('&')}")).Body!["facets"]!));
        foreach (var address in new[] { $"/v1/relations.csv?id=of-{id}&labels=both", $"/v1/relations/of-{id}.csv?labels=both" })
        {
            var rows = (await api.Reader.GetStringAsync($"{address}&fields=subject{and}", TestContext.Current.CancellationToken))
                .Split("\r\n");
            Assert.Equal((id, expected), (rows[1].Split(',')[0], rows[1].Split(',')[1]));
        }
    }

    private async Task<string> FacetsAsync(string query) =>
        string.Join("; ", (await api.Reader.GetJsonAsync(query)).Body!["facets"]!.AsObject().Select(f => $"{f.Key}: "
            + string.Join(", ", f.Value!.AsArray().Select(v => $"{v!["value"]} {v["label"]} {v["count"]}"))));
}
