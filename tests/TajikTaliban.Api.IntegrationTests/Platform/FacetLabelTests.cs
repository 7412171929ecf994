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

    private async Task<string> FacetsAsync(string query) =>
        string.Join("; ", (await api.Reader.GetJsonAsync(query)).Body!["facets"]!.AsObject().Select(f => $"{f.Key}: "
            + string.Join(", ", f.Value!.AsArray().Select(v => $"{v!["value"]} {v["label"]} {v["count"]}"))));
}
