using System.Text.Json;
using Microsoft.Playwright;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Browsers;

/// <summary>A service whose keys may be sent by the page of one other origin.</summary>
public sealed class BrowserApiFixture(PostgresServer server) : ApiFixture(server)
{
    public int DeskPort { get; } = ServiceProcess.FreePort();

    protected override bool Seeded => true;

    protected override TimeProvider Clock => TimeProvider.System;

    protected override IReadOnlyDictionary<string, string?> Settings =>
        new Dictionary<string, string?> { ["Cors:Origins"] = $"http://127.0.0.1:{DeskPort}" };
}

/// <summary>What pages in a real browser can do with the service.</summary>
public sealed class BrowserTests(BrowserApiFixture api, Chromium chromium) : IClassFixture<BrowserApiFixture>, IClassFixture<Chromium>
{
    /// <summary>Sends a request, and returns its status, headers and body, or the error that a script gets.</summary>
    private const string Fetch =
        """
        async ([address, init]) => {
          try {
            const response = await fetch(address, init);
            return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
          } catch (error) { return { status: 0, headers: {}, body: String(error) }; }
        }
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Service => api.Reader.BaseAddress!.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task A_page_of_another_origin_reads_records_headers_and_errors()
    {
        await using var other = await OtherOrigin.StartAsync();
        var page = await chromium.OpenAsync(other.Address);
        await using var _ = page.Context;

        var record = await FetchAsync(page, "/v1/actors/taliban", new { });
        Assert.Equal(200, record.Status);
        Assert.Contains("\"id\":\"taliban\"", record.Body, StringComparison.Ordinal);
        foreach (var header in (string[])["etag", "position", "edition", "cache-control"])
            Assert.Contains(header, record.Headers.Keys);
        var list = await FetchAsync(page, "/v1/events?limit=1", new { });
        Assert.Contains("rel=\"next\"", list.Headers["link"], StringComparison.Ordinal);
        // a header of the request that needs a preflight
        var unchanged = await FetchAsync(page, "/v1/actors/taliban",
            new { headers = new Dictionary<string, string> { ["If-None-Match"] = record.Headers["etag"] } });
        Assert.Equal(304, unchanged.Status);
        var error = await FetchAsync(page, "/v1/events?limit=0", new { });
        Assert.Equal((400, "application/problem+json"), (error.Status, error.Headers["content-type"]));
    }

    [Fact]
    public async Task A_page_of_another_origin_cannot_use_a_key()
    {
        await using var other = await OtherOrigin.StartAsync();
        var page = await chromium.OpenAsync(other.Address);
        await using var _ = page.Context;

        // the reason can be read; a browser lets a POST pass whatever methods a preflight names
        var key = new Dictionary<string, string> { ["Authorization"] = Key };
        foreach (var init in (object[])[new { headers = key }, Write("stranger")])
        {
            var refused = await FetchAsync(page, "/v1/sources", init);
            Assert.Equal(403, refused.Status);
            Assert.Contains("/problems/origin-not-allowed", refused.Body, StringComparison.Ordinal);
        }

        Assert.Equal(404, (int)(await api.Reader.GetJsonAsync("/v1/sources/stranger")).Status);
        // other methods are not sent at all
        var deleted = await FetchAsync(page, "/v1/sources", new { method = "DELETE", headers = key });
        Assert.Equal((0, "TypeError: Failed to fetch"), (deleted.Status, deleted.Body));
    }

    [Fact]
    public async Task Pages_of_a_configured_origin_and_of_the_service_itself_write()
    {
        await using var desk = await OtherOrigin.StartAsync(api.DeskPort);
        foreach (var (name, address) in ((string, string)[])[("desk", desk.Address), ("own", $"{Service}/docs/index.html")])
        {
            var page = await chromium.OpenAsync(address);
            await using var _ = page.Context;

            var added = await FetchAsync(page, "/v1/sources", Write(name));
            Assert.Equal((201, $"/v1/sources/{name}"), (added.Status, added.Headers.GetValueOrDefault("location", added.Body)));
            var deleted = await FetchAsync(page, $"/v1/sources/{name}", new
            {
                method = "DELETE",
                headers = new Dictionary<string, string> { ["Authorization"] = Key, ["If-Match"] = added.Headers["etag"] },
            });
            Assert.Equal(204, deleted.Status);
        }
    }

    [Fact]
    public async Task An_event_source_that_is_cut_before_its_first_event_misses_nothing()
    {
        await using var other = await OtherOrigin.StartAsync();
        var page = await chromium.OpenAsync(other.Address);
        await using var _ = page.Context;
        await using var line = new UnreliableLine(api.Reader.BaseAddress!);
        await page.EvaluateAsync(
            """
            address => new Promise(opened => {
              window.received = [];
              const events = new EventSource(address);
              events.onmessage = event => window.received.push(JSON.parse(event.data).operation + ' ' + JSON.parse(event.data).id);
              events.onopen = opened;
            })
            """, $"{line.Address}/v1/changes?after=now&resource=sources");
        // the first bytes after the headers
        await Task.Delay(200, Cancellation);

        line.Cut();
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("while-cut"));
        await Wait.UntilAsync(() => Task.FromResult(line.Refused > 0));
        line.Mend();
        await page.WaitForFunctionAsync("() => window.received.length === 1", null, new() { Timeout = 20_000 });
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("after-it"));
        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/sources/while-cut", ifMatch: "*");
        await page.WaitForFunctionAsync("() => window.received.length === 3", null, new() { Timeout = 20_000 });

        Assert.Equal(["created while-cut", "created after-it", "deleted while-cut"],
            await page.EvaluateAsync<string[]>("() => window.received"));
    }

    private string Key => api.Editor.DefaultRequestHeaders.Authorization!.ToString();

    private object Write(string id) => new
    {
        method = "POST",
        headers = new Dictionary<string, string> { ["Authorization"] = Key, ["Content-Type"] = "application/json" },
        body = SampleRecords.Source(id).ToJsonString(),
    };

    private async Task<Fetched> FetchAsync(IPage page, string path, object init)
    {
        var json = await page.EvaluateAsync(Fetch, new object[] { Service + path, init });
        return json!.Value.Deserialize<Fetched>(JsonSerializerOptions.Web)!;
    }

    private sealed record Fetched(int Status, Dictionary<string, string> Headers, string Body);
}
