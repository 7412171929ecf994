using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>A service that writes its access log into a file.</summary>
public class LoggedFixture(PostgresServer server) : ApiFixture(server)
{
    private HttpClient? _admin;

    protected override TimeProvider Clock => TimeProvider.System;

    public string Log { get; } = Path.Combine(Path.GetTempPath(), $"access-{Guid.NewGuid():N}.log");

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["AccessLog:Output"] = Log,
        ["Webhooks:AllowHttp"] = "true",
        ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8",
    };

    public async Task<HttpClient> AdminAsync()
    {
        if (_admin is not null)
            return _admin;
        await Editor.AddBasicsAsync();
        return _admin = Client(await CreateKeyAsync("admin", Roles.Admin));
    }

    /// <summary>The lines of the log, once it has one that matches.</summary>
    public async Task<IReadOnlyList<JsonNode>> LinesAsync(Func<JsonNode, bool> match)
    {
        for (var attempt = 0; ; attempt++)
        {
            var lines = File.Exists(Log) ? await ReadAsync() : [];
            if (lines.Any(match))
                return lines;
            Assert.True(attempt < 200, $"No line matches: {string.Join('\n', lines.Select(l => l.ToJsonString()))}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private async Task<List<JsonNode>> ReadAsync()
    {
        await using var file = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
        var whole = text[..(text.LastIndexOf('\n') + 1)];
        return [.. whole.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
    }
}

/// <summary>Who did what can be found: each request in the access log, each write and each refusal in the audit log.</summary>
public sealed class AuditTests(LoggedFixture api) : IClassFixture<LoggedFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_kind_of_write_is_an_entry_with_its_key_address_status_and_position()
    {
        var admin = await api.AdminAsync();
        var before = (await admin.GetJsonAsync("/v1/audit?limit=1")).Body!["items"]!.AsArray().Select(e => (long)e!["id"]!)
            .FirstOrDefault();
        var positions = new List<string?>();
        async Task<Support.JsonResponse> DoAsync(HttpMethod method, string path, JsonNode? body = null, string? match = null,
            string type = "application/json")
        {
            var answer = await admin.SendJsonAsync(method, path, body, match, mediaType: type);
            Assert.True(answer.Response.IsSuccessStatusCode, $"{path}: {answer.Body?.ToJsonString()}");
            positions.Add(path.StartsWith("/v1/webhooks", StringComparison.Ordinal) || path == "/v1/releases"
                ? null : answer.Response.Headers.GetValues("Position").Single());
            return answer;
        }

        await DoAsync(HttpMethod.Post, "/v1/actors", SampleRecords.Actor("audited"));
        await DoAsync(HttpMethod.Patch, "/v1/actors/audited", new JsonObject { ["name"] = "Renamed" }, "*");
        await DoAsync(HttpMethod.Post, "/v1/actors", SampleRecords.Actor("merged"));
        await DoAsync(HttpMethod.Post, "/v1/actors/merged/merge", new JsonObject { ["into"] = "audited" });
        using (var batch = new HttpRequestMessage(HttpMethod.Post, "/v1/batch")
        {
            Content = new StringContent(
                new JsonObject
                {
                    ["op"] = "upsert",
                    ["resource"] = "actors",
                    ["id"] = "of-a-batch",
                    ["record"] = SampleRecords.Actor("of-a-batch"),
                }.ToJsonString() + "\n", Encoding.UTF8, "application/x-ndjson"),
        })
        {
            var written = await admin.SendJsonAsync(batch);
            Assert.True(written.Status == HttpStatusCode.OK, written.Body?.ToJsonString());
            positions.Add(written.Response.Headers.GetValues("Position").Single());
        }

        await DoAsync(HttpMethod.Delete, "/v1/actors/of-a-batch", match: "*");
        await DoAsync(HttpMethod.Post, "/v1/releases", new JsonObject { ["id"] = "audited", ["title"] = "Audited" });
        var webhook = await DoAsync(HttpMethod.Post, "/v1/webhooks", new JsonObject { ["url"] = "http://127.0.0.1:9/" });
        var id = (string)webhook.Body!["webhook"]!["id"]!;
        await DoAsync(HttpMethod.Patch, $"/v1/webhooks/{id}", new JsonObject { ["active"] = false }, type: "application/merge-patch+json");
        await DoAsync(HttpMethod.Post, $"/v1/webhooks/{id}/rotate-secret");
        await DoAsync(HttpMethod.Delete, $"/v1/webhooks/{id}");

        var entries = (await admin.GetJsonAsync("/v1/audit?key=admin&limit=20")).Body!["items"]!.AsArray().Reverse()
            .Where(e => (long)e!["id"]! > before).ToList();
        Assert.Equal(
            [
                ("createActor", "/v1/actors/audited", 201, "created, version 1"),
                ("changeActor", "/v1/actors/audited", 200, "changed, version 2"),
                ("createActor", "/v1/actors/merged", 201, "created, version 1"),
                ("mergeActor", "/v1/actors/merged/merge", 200, "merged into audited"),
                ("writeBatch", "/v1/batch", 200, "created 1, changed 0, unchanged 0, deleted 0"),
                ("deleteActor", "/v1/actors/of-a-batch", 204, "deleted, version 2"),
                ("createRelease", "/v1/releases/audited", 201, null),
                ("createWebhook", $"/v1/webhooks/{id}", 201, null),
                ("changeWebhook", $"/v1/webhooks/{id}", 200, null),
                ("rotateWebhookSecret", $"/v1/webhooks/{id}/rotate-secret", 200, null),
                ("deleteWebhook", $"/v1/webhooks/{id}", 204, (string?)null),
            ],
            entries.Select(e => ((string)e!["action"]!, (string)e["target"]!, (int)e["status"]!, (string?)e["detail"])));
        Assert.Equal(positions, entries.Select(e => (string?)e!["position"]));
        Assert.All(entries, e =>
        {
            Assert.Equal(("admin", "127.0.0.1", 1), ((string)e!["key"]!, (string)e["address"]!, (int)e["count"]!));
            Assert.StartsWith("key-", (string)e["pseudonym"]!, StringComparison.Ordinal);
            Assert.NotEmpty((string)e["request"]!);
        });
        Assert.DoesNotContain("whsec_", string.Join('\n', entries.Select(e => e!.ToJsonString())), StringComparison.Ordinal);
        // each request is in the access log, under the same id and the same pseudonym
        var lines = await api.LinesAsync(l => (string?)l["request"] == (string)entries[^1]!["request"]!);
        Assert.All(entries, e =>
        {
            var line = Assert.Single(lines, l => (string?)l["request"] == (string)e!["request"]!);
            Assert.Equal(((string)e!["pseudonym"]!, (int)e["status"]!, "127.0.0.1"),
                ((string?)line["key"], (int)line["status"]!, (string?)line["address"]));
        });
    }

    [Fact]
    public async Task A_write_that_is_refused_or_repeated_leaves_no_entry()
    {
        var admin = await api.AdminAsync();
        async Task<HttpStatusCode> CreateAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/actors")
            {
                Content = new StringContent(SampleRecords.Actor("once").ToJsonString(), Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", "once");
            return (await admin.SendJsonAsync(request)).Status;
        }

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created], [await CreateAsync(), await CreateAsync()]);
        Assert.Equal(HttpStatusCode.Conflict,
            (await admin.SendJsonAsync(HttpMethod.Post, "/v1/actors", SampleRecords.Actor("once"))).Status);

        Assert.Single((await admin.WalkAsync("/v1/audit?action=createActor&limit=2")), e => (string?)e["target"] == "/v1/actors/once");
    }

    [Fact]
    public async Task Refusals_of_keys_have_the_address_are_counted_and_are_listed()
    {
        var admin = await api.AdminAsync();
        var reader = api.Client(await api.CreateKeyAsync("only-reads", Roles.Reader));
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.Unauthorized, (await api.Client(KeyText.New()).GetJsonAsync("/v1/actors/alpha")).Status);
        Assert.Equal(HttpStatusCode.Forbidden,
            (await reader.SendJsonAsync(HttpMethod.Post, "/v1/actors", SampleRecords.Actor("no"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.Editor.GetJsonAsync("/v1/audit")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.Reader.GetJsonAsync("/v1/audit")).Status);

        List<JsonNode> refused = [];
        for (var attempt = 0; attempt < 100 && refused.Sum(e => (int)e["count"]!) < 6; attempt++)
        {
            await Task.Delay(100, Cancellation);
            refused = await admin.WalkAsync("/v1/audit?action=refused&limit=1");
        }

        Assert.Equal(
            [("", 401, 4), ("editor", 403, 1), ("only-reads", 403, 1)],
            refused.GroupBy(e => ((string?)e["key"] ?? "", (int)e["status"]!))
                .Select(g => (g.Key.Item1, g.Key.Item2, g.Sum(e => (int)e["count"]!))).Order());
        Assert.All(refused, e => Assert.Equal("127.0.0.1", (string?)e["address"]));
        Assert.All(await api.LinesAsync(l => (int?)l["status"] == 403), l => Assert.NotNull((string?)l["address"]));
    }

    [Fact]
    public async Task A_line_of_the_access_log_tells_the_request_without_values_and_without_the_address_of_who_only_reads()
    {
        await api.AdminAsync();
        var path = $"/v1/actors/{Guid.NewGuid():N}\"é";
        var found = await api.Reader.GetAsync("/v1/actors?q=a-hidden-word&limit=3&id=", Cancellation);
        await api.Reader.GetAsync("/v1/actors?limit=3&type=state", Cancellation);
        await api.Reader.GetAsync(Uri.EscapeDataString(path).Replace("%2F", "/", StringComparison.Ordinal), Cancellation);

        var lines = await api.LinesAsync(l => (string?)l["path"] == path);
        var line = Assert.Single(lines, l => (string?)l["parameters"] == "limit,type");
        Assert.Equal(
            ["Timestamp", "Category", "request", "address", "method", "path", "parameters", "status", "bytes", "ms"],
            line.AsObject().Select(m => m.Key));
        Assert.Equal(("TajikTaliban.Api.Access", "127.0.0.0/24", "GET", "/v1/actors", 200),
            ((string?)line["Category"], (string?)line["address"], (string?)line["method"], (string?)line["path"], (int)line["status"]!));
        Assert.InRange((long)line["bytes"]!, 500, 100_000);
        Assert.InRange((double)line["ms"]!, 0.01, 60_000);
        Assert.Equal(HttpStatusCode.BadRequest, found.StatusCode);
        Assert.Equal("127.0.0.1", (string?)Assert.Single(lines, l => (string?)l["parameters"] == "q,limit,id")["address"]);
        Assert.DoesNotContain("hidden", string.Join('\n', lines.Select(l => l.ToJsonString())), StringComparison.Ordinal);
        Assert.Equal(404, (int)Assert.Single(lines, l => (string?)l["path"] == path)["status"]!);
    }

    [Fact]
    public async Task Entries_are_not_changed()
    {
        await api.AdminAsync();
        await using var change = api.Database.CreateCommand("update audit_log set key_name = 'nobody'");

        Assert.Equal("audit_append_only",
            (await Assert.ThrowsAsync<PostgresException>(() => change.ExecuteNonQueryAsync(Cancellation))).ConstraintName);
    }
}
