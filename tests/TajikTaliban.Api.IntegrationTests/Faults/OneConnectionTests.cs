using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;

namespace TajikTaliban.Api.IntegrationTests.Faults;

/// <summary>
/// A request takes one connection of a pool at a time. One that holds a connection and waits for a second waits for others that do the
/// same: as many requests as there are connections stop the service.
/// </summary>
public sealed class OneConnectionTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const int Many = 100;
    private const string Patch = "application/merge-patch+json";

    [Fact]
    public async Task A_hundred_writers_of_parts_and_readers_go_through_two_connections()
    {
        await using var served = await Served.StartAsync(api, 2);

        var answers = await Task.WhenAll(Enumerable.Range(0, Many).Select(i => i % 10 == 9
            ? served.Editor.GetJsonAsync("/v1/events?expand=participants.actor&actor=alpha")
            : served.Editor.SendJsonAsync(HttpMethod.Post, "/v1/indicators/length/observations",
                SampleRecords.Observation($"many-{i}", "alpha", i, $"{1900 + i}"))));

        Assert.Equal(Many / 10, answers.Count(a => a.Status == HttpStatusCode.OK));
        Assert.Equal(Many - (Many / 10), answers.Count(a => a.Status == HttpStatusCode.Created));
    }

    /// <summary>
    /// With a single connection whoever takes a second one while holding the first gets 503, each time. Each operation of the contract is
    /// asked for: one that is added later is missed.
    /// </summary>
    [Fact]
    public async Task Every_operation_needs_one_connection_at_a_time()
    {
        await using var served = await Served.StartAsync(api, 1);
        var editor = served.Editor;
        var sent = new HashSet<(string Method, string Path)>();
        async Task<JsonResponse> SendAsync(
            HttpStatusCode expected, HttpMethod method, string path, JsonNode? body = null, string? match = null)
        {
            var answer = await editor.SendJsonAsync(
                method, path, body, match, mediaType: method == HttpMethod.Patch ? Patch : "application/json");
            Assert.True(answer.Status == expected, $"{method} {path}: {answer.Status} {answer.Body?.ToJsonString()}");
            sent.Add((method.Method.ToLowerInvariant(), path.Split('?')[0]));
            return answer;
        }

        foreach (var sample in SampleRecords.All)
        {
            await SendAsync(HttpStatusCode.Created, HttpMethod.Post, sample.Path, sample.Body);
            await SendAsync(HttpStatusCode.OK, HttpMethod.Put, sample.Address, sample.Body, "\"1\"");
            await SendAsync(HttpStatusCode.OK, HttpMethod.Patch, sample.Address, sample.Change, "\"1\"");
            foreach (var path in (string[])[sample.Path, $"{sample.Path}/availability", sample.Address, $"{sample.Address}/history"])
                await SendAsync(HttpStatusCode.OK, HttpMethod.Get, path);
        }

        await SendAsync(HttpStatusCode.OK, HttpMethod.Post, "/v1/redactions", new JsonObject
        {
            ["resource"] = SampleRecords.All[0].Resource,
            ["id"] = SampleRecords.All[0].Id,
            ["versions"] = new JsonArray(1),
            ["reason"] = "A test",
        });
        foreach (var sample in SampleRecords.All.Reverse())
            await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, sample.Address, match: "\"2\"");

        await SendAsync(HttpStatusCode.Created, HttpMethod.Post, "/v1/indicators", SampleRecords.Indicator("one-of-one"));
        await SendAsync(HttpStatusCode.Created, HttpMethod.Post, "/v1/indicators/one-of-one/observations",
            SampleRecords.Observation("part", "alpha", 1));
        await SendAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/v1/indicators/none/observations",
            SampleRecords.Observation("part-of-none", "alpha", 1));
        await SendAsync(HttpStatusCode.OK, HttpMethod.Patch, "/v1/indicators/one-of-one/observations/part",
            new JsonObject { ["value"] = 2 }, "\"1\"");
        // refused, with links to those that refer to it
        await SendAsync(HttpStatusCode.Conflict, HttpMethod.Delete, "/v1/indicators/one-of-one", match: "\"1\"");
        await SendAsync(HttpStatusCode.Created, HttpMethod.Post, "/v1/releases",
            new JsonObject { ["id"] = "newest", ["title"] = "Newest" });
        var position = (string)(await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/v1/releases/newest")).Body!["position"]!;
        await SendAsync(HttpStatusCode.Created, HttpMethod.Post, "/v1/releases",
            new JsonObject { ["id"] = "named", ["title"] = "Named", ["position"] = position });

        // of a deleted part, whose parent is looked for in its versions
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, "/v1/indicators/one-of-one/observations/part", match: "\"2\"");
        var report = await SendAsync(HttpStatusCode.Created, HttpMethod.Post, "/v1/reports", new JsonObject
        {
            ["record"] = new JsonObject { ["resource"] = "observations", ["id"] = "part" },
            ["text"] = "It should not have been deleted.",
        });
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, $"/v1/reports/{report.Body!["id"]}");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/v1/reports?record=actors/alpha");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Patch, $"/v1/reports/{report.Body["id"]}", new JsonObject { ["state"] = "rejected" });

        await SendAsync(HttpStatusCode.Created, HttpMethod.Post, "/v1/actors", SampleRecords.Actor("merged"));
        await SendAsync(HttpStatusCode.Created, HttpMethod.Post, "/v1/relations", SampleRecords.Relation("of-both", "merged", "alpha"));
        // refused, with links to those that relate the two
        await SendAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/v1/actors/merged/merge", new JsonObject { ["into"] = "alpha" });
        await SendAsync(HttpStatusCode.OK, HttpMethod.Post, "/v1/actors/merged/merge", new JsonObject { ["into"] = "beta" });
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, $"/v1/relations?expand=subject,object&asOf={position}");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/v1/relations/of-both?expand=subject");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/v1/relations?actor=merged&facets=type,actor&count=exact");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/v1/events?actor=merged&from=1700&to=1701");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/v1/search?q=alpha");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/v1/relations/of-both/history");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/v1/changes?differences=true");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/v1/corrections");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Get, "/v1/releases/named/changes?to=now");
        foreach (var path in (string[])["/v1", "/v1/me", "/v1/codelists", "/v1/codelists/all", "/v1/codelists/flows", "/v1/releases",
            "/v1/redactions", "/v1/audit", "/health/live", "/health/ready"])
        {
            await SendAsync(HttpStatusCode.OK, HttpMethod.Get, path);
        }

        sent.Add(("get", "/v1/snapshot"));
        var snapshot = await editor.GetStringAsync("/v1/snapshot", TestContext.Current.CancellationToken);
        Assert.EndsWith("\"complete\":true}\n", snapshot, StringComparison.Ordinal);

        var made = await SendAsync(HttpStatusCode.Created, HttpMethod.Post, "/v1/webhooks",
            new JsonObject { ["url"] = "https://example.org/", ["after"] = position });
        var webhook = $"/v1/webhooks/{(string)made.Body!["webhook"]!["id"]!}";
        await SendAsync(HttpStatusCode.OK, HttpMethod.Patch, webhook, new JsonObject { ["active"] = false });
        await SendAsync(HttpStatusCode.OK, HttpMethod.Post, $"{webhook}/rotate-secret");
        await SendAsync(HttpStatusCode.OK, HttpMethod.Post, $"{webhook}/replay", new JsonObject { ["after"] = position });
        await SendAsync(HttpStatusCode.OK, HttpMethod.Post, $"{webhook}/test");
        foreach (var path in (string[])["/v1/webhooks", webhook, $"{webhook}/attempts", $"{webhook}/dead-letters"])
            await SendAsync(HttpStatusCode.OK, HttpMethod.Get, path);
        await SendAsync(HttpStatusCode.NoContent, HttpMethod.Delete, webhook);
        sent.Add(("post", "/v1/batch"));
        using (var lines = new StringContent(
            """{"resource":"sources","record":{"id":"of-a-batch","kind":"report","title":"T"}}""", null, "application/x-ndjson"))
        using (var batch = await editor.PostAsync("/v1/batch", lines, TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.OK, batch.StatusCode);

        var contract = (await editor.GetJsonAsync("/openapi/v1.json")).Body!["paths"]!.AsObject();
        Assert.Equal([], contract.SelectMany(p => p.Value!.AsObject().Select(o => (Method: o.Key, Path: p.Key)))
            .Where(o => o.Method is "get" or "put" or "post" or "patch" or "delete")
            .Where(o => !sent.Any(s => s.Method == o.Method && Regex.IsMatch(s.Path, $"^{Regex.Replace(o.Path, "{[^}]+}", "[^/]+")}$"))));
    }

    /// <summary>A second service on the database of the fixture, with a small pool and an administrator's key.</summary>
    private sealed class Served(NpgsqlDataSource pool, Api.Storage.DirectDatabase direct, WebApplication app, HttpClient editor)
        : IAsyncDisposable
    {
        public HttpClient Editor => editor;

        public static async Task<Served> StartAsync(ApiFixture api, int connections)
        {
            var key = await api.CreateKeyAsync($"writer through {connections}", Roles.Admin);
            var pool = Api.Storage.Database.Open(
                new NpgsqlConnectionStringBuilder(api.ConnectionString) { MaxPoolSize = connections, Timeout = 4 }.ConnectionString);
            var direct = Api.Storage.Database.OpenDirect(api.ConnectionString);
            var app = await api.StartServiceAsync(pool, direct);
            var editor = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            editor.DefaultRequestHeaders.Authorization = new("Bearer", key);
            return new Served(pool, direct, app, editor);
        }

        public async ValueTask DisposeAsync()
        {
            editor.Dispose();
            await app.DisposeAsync();
            await pool.DisposeAsync();
            await direct.DisposeAsync();
        }
    }
}
