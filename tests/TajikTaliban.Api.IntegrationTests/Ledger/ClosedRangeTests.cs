using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Editions;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>A range of the feed between two positions never changes, and any cache may keep it.</summary>
public sealed class ClosedRangeTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Records = 12;

    private static readonly string Named = $"&edition={Edition.Current.Text}";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ranges_of_any_size_have_the_changes_between_their_positions_whatever_is_written_later()
    {
        var positions = await WriteAsync("range");
        var whole = await WalkAsync($"/v1/changes?after={positions[0]}&before={positions[^1]}&limit=1000");
        Assert.Equal(2 * (Records - 1), whole.Count);
        var random = new Random(1);
        for (var i = 0; i < 40; i++)
        {
            var from = random.Next(Records);
            var to = random.Next(from, Records);
            var address = $"/v1/changes?after={positions[from]}&before={positions[to]}";
            var expected = whole.Skip(2 * from).Take(2 * (to - from)).ToList();
            Assert.Equal(expected, await WalkAsync($"{address}&limit={random.Next(1, 6)}"));
            Assert.Equal(expected.Where(c => c.Contains("\"resource\":\"actors\"", StringComparison.Ordinal)),
                await WalkAsync($"{address}&resource=actors&limit={random.Next(1, 6)}"));
            var lines = (await api.Reader.GetStringAsync($"{address}&format=ndjson", Cancellation)).TrimEnd('\n').Split('\n');
            Assert.Equal(expected, lines[..^1]);
            Assert.Equal($$"""{"position":"{{positions[to]}}","complete":true}""", lines[^1]);
        }

        var before = await api.Reader.GetStringAsync($"/v1/changes?after={positions[2]}&before={positions[5]}", Cancellation);
        await WriteAsync("later");
        Assert.Equal(before, await api.Reader.GetStringAsync($"/v1/changes?after={positions[2]}&before={positions[5]}", Cancellation));
    }

    [Fact]
    public async Task Only_a_range_between_fixed_states_may_be_kept()
    {
        var positions = await WriteAsync("kept");
        var (first, last) = (positions[0], positions[^1]);
        Assert.Equal("public, max-age=31536000, immutable", await CachingAsync($"after={first}&before={last}{Named}"));
        Assert.Equal("public, max-age=31536000, immutable", await CachingAsync($"before={last}&format=ndjson{Named}"));
        foreach (var open in (string[])
            [$"after={first}{Named}", $"after={first}&before={last}", $"after={first}&before={last}&edition=other",
                $"before=2026-01-01T00:00:00Z{Named}", $"after=now{Named}"])
        {
            Assert.Equal("no-store", await CachingAsync(open));
        }

        // a key may see more than others
        using var named = await api.Editor.GetAsync($"/v1/changes?after={first}&before={last}{Named}", Cancellation);
        Assert.Equal("no-store", named.Headers.CacheControl!.ToString());

        async Task<string> CachingAsync(string query)
        {
            using var answer = await api.Reader.GetAsync($"/v1/changes?{query}", Cancellation);
            Assert.Equal((HttpStatusCode.OK, query), (answer.StatusCode, query));
            return answer.Headers.GetValues("Cache-Control").Single();
        }
    }

    [Fact]
    public async Task A_range_that_cannot_be_is_refused()
    {
        var positions = await WriteAsync("refused");
        foreach (var (query, pointer) in ((string, string)[])
            [($"after={positions[3]}&before={positions[1]}", "/query/before"), ($"before={positions[1]}&wait=5", "/query/wait"),
                ($"before={positions[1]}&format=sse", "/query/before"), ("before=soon", "/query/before")])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/changes?{query.Replace("&format=sse", "")}");
            if (query.EndsWith("sse", StringComparison.Ordinal))
                request.Headers.Add("Accept", "text/event-stream");
            var answer = await api.Reader.SendJsonAsync(request);
            Assert.Equal((HttpStatusCode.BadRequest, query), (answer.Status, query));
            Assert.Equal([pointer], answer.Pointers);
        }
    }

    [Fact]
    public async Task A_shared_cache_keeps_ranges_and_versions_and_asks_for_all_else()
    {
        await using var cache = await SharedCache.StartAsync(api.Reader.BaseAddress!);
        using var client = new HttpClient { BaseAddress = cache.Address };
        var positions = await WriteAsync("cached");
        foreach (var address in (string[])
            [$"/v1/changes?after={positions[0]}&before={positions[4]}{Named}", $"/v1/actors/cached-1?version=1{Named}"])
        {
            var (status, body, _) = await GetAsync(address, null);
            Assert.Equal("MISS", status);
            // the copy was made for a request without an origin, and serves a browser
            var (again, same, allowed) = await GetAsync(address, "https://paper.example");
            Assert.Equal(("HIT", body, "*"), (again, same, allowed));
        }

        const string Live = "/v1/actors?id=cached-1";
        await GetAsync(Live, null);
        var change = await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/actors/cached-1", new JsonObject { ["name"] = "Changed" }, "*",
            mediaType: "application/merge-patch+json");
        Assert.Equal(HttpStatusCode.OK, change.Status);
        Assert.Contains("\"Changed\"", (await GetAsync(Live, null)).Body, StringComparison.Ordinal);

        async Task<(string Status, string Body, string? Allowed)> GetAsync(string address, string? origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            using var answer = await client.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return (answer.Headers.GetValues("Shared-Cache").Single(), await answer.Content.ReadAsStringAsync(Cancellation),
                answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null);
        }
    }

    /// <summary>Adds a source and an actor, one transaction each, so many times; the positions after each pair.</summary>
    private async Task<List<string>> WriteAsync(string name)
    {
        var positions = new List<string>();
        for (var i = 0; i < Records; i++)
        {
            await api.Editor.AddAsync("/v1/sources", SampleRecords.Source($"{name}-{i}"));
            var actor = SampleRecords.Actor($"{name}-{i}");
            actor["citations"] = new JsonArray(new JsonObject { ["source"] = $"{name}-{i}", ["certainty"] = "stated" });
            var answer = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/actors", actor);
            Assert.True(answer.Status == HttpStatusCode.Created, answer.Body?.ToJsonString());
            positions.Add(answer.Response.Headers.GetValues("Position").Single());
        }

        return positions;
    }

    private async Task<List<string>> WalkAsync(string address)
    {
        var changes = new List<string>();
        for (var complete = false; !complete;)
        {
            var page = (await api.Reader.GetJsonAsync(address)).Body!;
            changes.AddRange(page["items"]!.AsArray().Select(i => i!.ToJsonString(Plain)));
            (address, complete) = ((string)page["next"]!, (bool)page["complete"]!);
        }

        return changes;
    }

    private static System.Text.Json.JsonSerializerOptions Plain { get; } =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
