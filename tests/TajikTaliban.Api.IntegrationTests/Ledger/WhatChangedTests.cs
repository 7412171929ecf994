using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Editions;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>What changed since a position, an instant or a release: the feed with differences, and a release compared with now.</summary>
public sealed class WhatChangedTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const string Patch = "application/merge-patch+json";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_feed_begins_after_an_instant_or_a_release_too()
    {
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("since-a"));
        var before = (await api.Reader.GetJsonAsync("/v1/changes?limit=200")).Body!["items"]!.AsArray()[^1]!;
        var release = await api.Editor.SendJsonAsync(
            HttpMethod.Post, "/v1/releases", new JsonObject { ["id"] = "since-release", ["title"] = "T" });
        Assert.Equal(HttpStatusCode.Created, release.Status);
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("since-b"));
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("since-c"));

        var instant = (string)before["committedAt"]!;
        foreach (var after in (string[])["since-release", "latest", instant, instant.Replace("Z", "%2B00:00", StringComparison.Ordinal),
            (string)before["position"]!])
        {
            var page = await api.Reader.GetJsonAsync($"/v1/changes?after={after}&limit=1");
            Assert.Equal((after, HttpStatusCode.OK), (after, page.Status));
            Assert.Equal("since-b", (string)page.Body!["items"]![0]!["id"]!);
            // the next page goes on from a position
            Assert.Equal("since-c", (string)(await api.Reader.GetJsonAsync((string)page.Body["next"]!)).Body!["items"]![0]!["id"]!);
            var lines = await api.Reader.GetStringAsync($"/v1/changes?after={after}&format=ndjson", Cancellation);
            Assert.Contains("since-b", lines.Split('\n')[0], StringComparison.Ordinal);
        }

        foreach (var (after, reason) in ((string, string)[])
            [("since-relase", "Did you mean the release 'since-release'?"), ("2026-11-24", "use an instant"),
                ("2999-01-01T00:00:00Z", "in the future"), ("1-abcdefgh", "not in this history")])
        {
            var refused = await api.Reader.GetJsonAsync($"/v1/changes?after={after}");
            Assert.Equal("/query/after", Assert.Single(refused.Pointers));
            Assert.Contains(reason, (string)refused.Body!["detail"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Each_change_has_its_address_and_label_and_on_request_its_differences()
    {
        var start = await PositionAsync();
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("differs"));
        await ChangeAsync("/v1/sources/differs", new JsonObject { ["title"] = "Another title" }, "our-error");
        await api.Editor.AddAsync("/v1/indicators/length/observations", SampleRecords.Observation("differs-too", "alpha", 1, "2001"));
        await ChangeAsync("/v1/indicators/length/observations/differs-too", new JsonObject { ["value"] = 2 }, "source-revised");
        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/sources/differs", ifMatch: "\"2\"");

        var plain = (await api.Reader.GetJsonAsync($"/v1/changes?after={start}")).Body!["items"]!.AsArray();
        Assert.Equal(
            ["/v1/sources/differs?version=1", "/v1/sources/differs?version=2", "/v1/indicators/length/observations/differs-too?version=1",
                "/v1/indicators/length/observations/differs-too?version=2", null],
            plain.Select(c => ((string?)c!["href"])?.Replace($"&edition={Edition.Current.Text}", "", StringComparison.Ordinal)));
        Assert.Equal([null, "Our error", null, "Source revised", null], plain.Select(c => (string?)c!["causeLabel"]));
        Assert.All(plain, c => Assert.False(c!.AsObject().ContainsKey("differences") || c.AsObject().ContainsKey("label")));
        foreach (var change in plain.Where(c => c!["href"] is not null))
        {
            Assert.Equal(change!["record"]!.ToJsonString(), (await api.Reader.GetJsonAsync((string)change["href"]!)).Body!.ToJsonString());
        }

        var page = (await api.Reader.GetJsonAsync($"/v1/changes?after={start}&differences=true&limit=3")).Body!;
        Assert.Contains("differences=true", (string)page["next"]!, StringComparison.Ordinal);
        var paged = page["items"]!.AsArray().Concat((await api.Reader.GetJsonAsync((string)page["next"]!)).Body!["items"]!.AsArray())
            .Select(c => c!.ToJsonString().Replace("\\u0026", "&", StringComparison.Ordinal)).ToList();
        var lines = (await api.Reader.GetStringAsync($"/v1/changes?after={start}&differences=true&format=ndjson", Cancellation))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)[..^1];
        var streamed = await StreamAsync($"/v1/changes?after={start}&differences=true&limit=5");
        var all = paged.Select(c => JsonNode.Parse(c)!).ToList();

        Assert.Equal(paged, lines);
        Assert.Equal(paged, streamed);
        Assert.Equal(["A report", "Another title", null, null, "Another title"], all.Select(c => (string?)c["label"]));
        Assert.Equal("""[{"pointer":"/title","before":"A report","after":"Another title"}]""", all[1]["differences"]!.ToJsonString());
        Assert.Equal("""[{"pointer":"/value","before":1,"after":2}]""", all[3]["differences"]!.ToJsonString());
        Assert.Contains(all[0]["differences"]!.AsArray(), d => (string)d!["pointer"]! == "/title" && !d.AsObject().ContainsKey("before"));
        Assert.Empty(all[4]["differences"]!.AsArray());
        // the same as the history of the record says
        var history = (await api.Reader.GetJsonAsync("/v1/sources/differs/history")).Body!["items"]!.AsArray();
        Assert.Equal(history.Reverse().Select(v => v!["differences"]!.ToJsonString()),
            all.Where(c => (string)c["id"]! == "differs").Select(c => c["differences"]!.ToJsonString()));
        var refused = await api.Reader.GetJsonAsync("/v1/changes?differences=yes");
        Assert.Equal((HttpStatusCode.BadRequest, "/query/differences"), (refused.Status, Assert.Single(refused.Pointers)));
    }

    [Fact]
    public async Task A_stream_with_differences_follows_new_changes()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/changes?after=now&differences=true&limit=2");
        request.Headers.Add("Accept", "text/event-stream");
        using var response = await api.Reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("streamed"));
        await ChangeAsync("/v1/sources/streamed", new JsonObject { ["publisher"] = "P" }, "new-fact");

        var text = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.Contains("\"differences\":[{\"pointer\":\"/publisher\",\"before\":null,\"after\":\"P\"}]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_is_compared_with_now_an_instant_a_position_and_another_release()
    {
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("compared"));
        await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/releases", new JsonObject { ["id"] = "compare-one", ["title"] = "One" });
        await ChangeAsync("/v1/sources/compared", new JsonObject { ["title"] = "Second" }, "our-error");
        var changed = (await api.Reader.GetJsonAsync("/v1/sources/compared/history")).Body!["items"]![0]!;
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("compared-too"));
        await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/releases", new JsonObject { ["id"] = "compare-two", ["title"] = "Two" });
        var position = (string)changed["position"]!;
        var released = (await api.Reader.GetJsonAsync("/v1/releases/compare-two")).Body!;

        foreach (var (to, ids, at, release) in ((string, string[], string, string?)[])
            [
                ("?to=now", ["compared", "compared-too"], (string)released["position"]!, null),
                ("?to=compare-two", ["compared", "compared-too"], (string)released["position"]!, "compare-two"),
                ("?to=latest", ["compared", "compared-too"], (string)released["position"]!, "compare-two"),
                ("", ["compared", "compared-too"], (string)released["position"]!, "compare-two"),
                ($"?to={position}", ["compared"], position, null),
                ($"?to={(string)changed["committedAt"]!}", ["compared"], position, null),
            ])
        {
            var compared = await api.Reader.GetJsonAsync(
                $"/v1/releases/compare-one/changes{(to == "" ? "?" : $"{to}&")}edition={Edition.Current.Text}");
            Assert.Equal((to, HttpStatusCode.OK), (to, compared.Status));
            Assert.Equal(ids, compared.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!));
            Assert.Equal("""[{"pointer":"/title","before":"A report","after":"Second"}]""",
                compared.Body["items"]![0]!["differences"]!.ToJsonString());
            Assert.Equal(("compare-one", at, release), ((string)compared.Body["from"]!["id"]!, (string)compared.Body["to"]!["position"]!,
                (string?)compared.Body["to"]!["id"]));
            Assert.Equal(to is not ("?to=now" or "?to=latest" or "") && !to.Contains('T', StringComparison.Ordinal),
                compared.Response.Headers.CacheControl!.ToString().Contains("immutable", StringComparison.Ordinal));
        }

        // pages of a comparison with now are of one position, whatever is recorded in between
        var first = (await api.Reader.GetJsonAsync("/v1/releases/compare-one/changes?to=now&limit=1")).Body!;
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("compared-later"));
        var second = (await api.Reader.GetJsonAsync((string)first["next"]!)).Body!;
        Assert.Equal(["compared-too"], second["items"]!.AsArray().Select(i => (string)i!["id"]!));
        Assert.Equal(((string)first["to"]!["position"]!, true), ((string)second["to"]!["position"]!, second["next"] is null));
        foreach (var (to, reason) in ((string, string)[])
            [("compare-tow", "Did you mean 'compare-two'?"), ("1-abcdefgh", "not in this history"),
                ("2026-11-24T10:00", "neither a position"),
                ("2000-01-01T00:00:00Z", "before 'compare-one'")])
        {
            var refused = await api.Reader.GetJsonAsync($"/v1/releases/compare-one/changes?to={to}");
            Assert.Equal("/query/to", Assert.Single(refused.Pointers));
            Assert.Contains(reason, (string)refused.Body!["detail"]!, StringComparison.Ordinal);
        }

        var reserved = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/releases", new JsonObject { ["id"] = "now", ["title"] = "N" });
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/id"), (reserved.Status, Assert.Single(reserved.Pointers)));
    }

    private async Task ChangeAsync(string path, JsonObject patch, string cause)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch, path)
        {
            Content = new StringContent(patch.ToJsonString(), Encoding.UTF8, Patch),
        };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        request.Headers.Add("Change-Cause", cause);
        Assert.Equal(HttpStatusCode.OK, (await api.Editor.SendJsonAsync(request)).Status);
    }

    /// <summary>The data of a stream that ends after its limit.</summary>
    private async Task<IReadOnlyList<string>> StreamAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/event-stream");
        using var response = await api.Reader.SendAsync(request, Cancellation);
        return [.. (await response.Content.ReadAsStringAsync(Cancellation)).Split('\n')
            .Where(l => l.StartsWith("data: ", StringComparison.Ordinal)).Select(l => l["data: ".Length..])];
    }

    private async Task<string> PositionAsync() =>
        (string)(await api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;
}

/// <summary>A service without a release says that there is none.</summary>
public sealed class NoReleaseTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("/v1/releases/latest", HttpStatusCode.NotFound)]
    [InlineData("/v1/releases/latest/changes?to=now", HttpStatusCode.NotFound)]
    [InlineData("/v1/changes?after=latest", HttpStatusCode.BadRequest)]
    [InlineData("/v1/actors?asOf=latest", HttpStatusCode.BadRequest)]
    public async Task Latest_without_a_release_says_so(string path, HttpStatusCode status)
    {
        var response = await api.Reader.GetJsonAsync(path);

        Assert.Equal(status, response.Status);
        Assert.StartsWith("No release exists yet", (string)response.Body!["detail"]!, StringComparison.Ordinal);
    }
}
