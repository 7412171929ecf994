using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>Small inputs that filters once answered wrongly, each with the whole answer.</summary>
public sealed class FilterCaseTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    [Fact]
    public async Task A_status_and_its_validity_hold_for_one_status_and_the_facet_counts_it_alone()
    {
        var actor = SampleRecords.Actor("once-banned");
        actor["statuses"] = new JsonArray(
            new JsonObject { ["status"] = "banned-organisation", ["from"] = "1999", ["to"] = "2003", ["by"] = "alpha" },
            new JsonObject { ["status"] = "active", ["from"] = "2020", ["to"] = "2025" });
        await api.Editor.AddAsync("/v1/actors", actor);

        Assert.Equal("", await IdsAsync("/v1/actors?status=banned-organisation&validAt=2024"));
        Assert.Equal("once-banned", await IdsAsync("/v1/actors?status=banned-organisation&validAt=2001"));
        Assert.Equal("once-banned", await IdsAsync("/v1/actors?status=active,banned-organisation&validAt=2024"));
        Assert.Equal("active 1", await FacetAsync("/v1/actors?validAt=2024&facets=status", "status"));
        Assert.Equal("active 1, banned-organisation 1", await FacetAsync("/v1/actors?id=once-banned&facets=status", "status"));
    }

    [Fact]
    public async Task A_source_and_its_certainty_hold_for_one_citation_and_the_facet_counts_it_alone()
    {
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("article"));
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("src-b"));
        var cited = SampleRecords.Event("stated-and-disputed", "2024-08-16", "alpha");
        cited["citations"] = new JsonArray(
            new JsonObject { ["source"] = "article", ["certainty"] = "stated" },
            new JsonObject { ["source"] = "src-b", ["certainty"] = "disputed" });
        await api.Editor.AddAsync("/v1/events", cited);

        Assert.Equal("", await IdsAsync("/v1/events?source=article&certainty=disputed"));
        Assert.Equal("stated-and-disputed", await IdsAsync("/v1/events?source=src-b&certainty=disputed"));
        Assert.Equal("stated-and-disputed", await IdsAsync("/v1/events?actor=alpha&source=src-b&certainty=disputed"));
        Assert.Equal("disputed 1", await FacetAsync("/v1/events?source=src-b&facets=certainty", "certainty"));
        Assert.Equal("stated 1", await FacetAsync("/v1/events?source=article&facets=certainty", "certainty"));
    }

    [Fact]
    public async Task A_bound_counts_with_every_digit()
    {
        var figure = SampleRecords.Trade("alpha", "beta", "2024", 1000000000000000000000000000m);
        figure["id"] = "large";
        await api.Editor.AddAsync("/v1/trade", figure);

        Assert.Equal("large", await IdsAsync("/v1/trade?value.lt=1000000000000000000000000000.04"));
        Assert.Equal("", await IdsAsync("/v1/trade?value.gte=1000000000000000000000000000.04"));
        Assert.Equal("", await IdsAsync("/v1/trade?value.gt=1000000000000000000000000000.00"));
        Assert.Equal("large", await IdsAsync("/v1/trade?value.lte=1000000000000000000000000000"));
    }

    [Fact]
    public async Task Undated_sources_come_last_and_are_found_by_asking_for_them()
    {
        foreach (var (id, published) in ((string, string?)[])[("dated-b", "2024"), ("dated-a", "1996"), ("undated", null)])
        {
            var source = SampleRecords.Source(id);
            (source["kind"], source["published"]) = ("law", published);
            await api.Editor.AddAsync("/v1/sources", source);
        }

        Assert.Equal("dated-a dated-b undated", await IdsAsync("/v1/sources?kind=law&sort=earliest"));
        Assert.Equal("dated-b dated-a undated", await IdsAsync("/v1/sources?kind=law&sort=-earliest"));
        Assert.Equal("dated-a dated-b undated", await IdsAsync("/v1/sources?kind=law&sort=latest"));
        Assert.Equal("dated-b dated-a undated", await IdsAsync("/v1/sources?kind=law&sort=-latest"));
        Assert.Equal("undated", await IdsAsync("/v1/sources?kind=law&missing=published"));
    }

    private async Task<string> IdsAsync(string path) =>
        string.Join(' ', (await api.Reader.GetJsonAsync(path)).Body!["items"]!.AsArray().Select(i => (string)i!["id"]!));

    private async Task<string> FacetAsync(string path, string facet) => string.Join(", ", (await api.Reader.GetJsonAsync(path))
        .Body!["facets"]![facet]!.AsArray().Select(v => $"{v!["value"]} {v["count"]}").Order(StringComparer.Ordinal));
}
