using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Editions;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>
/// A service and its next version over one database, as during an upgrade: what either of them calls immutable stays so with the other.
/// </summary>
public sealed class EditionTests(EditionTests.TwoVersions api) : IClassFixture<EditionTests.TwoVersions>
{
    private const string Old = "0001aaaa";
    private const string New = "0002bbbb";
    private const string Immutable = "public, max-age=31536000, immutable";
    private const string Patch = "application/merge-patch+json";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Addresses of responses whose records never change; <c>{0}</c> is a position.</summary>
    public static TheoryData<string> Fixed =>
    [
        "/v1/actors/e-one?version=1", "/v1/actors/e-one?version=1&fields=id,name", "/v1/actors/e-one?asOf={0}", "/v1/actors?asOf={0}",
        "/v1/actors?asOf={0}&limit=1", "/v1/actors?asOf=e-release", "/v1/actors.csv?asOf={0}", "/v1/actors.ndjson?asOf={0}&limit=1",
        "/v1/actors/availability?asOf={0}", "/v1/releases/e-release", "/v1/releases/e-release/changes?to=e-later",
        "/v1/releases/e-release/changes?to={0}", "/v1/changes?before={0}", "/v1/changes?before={0}&format=ndjson",
    ];

    [Theory]
    [MemberData(nameof(Fixed))]
    public async Task A_response_is_immutable_only_at_an_address_with_the_edition_of_the_service(string template)
    {
        var address = template.Replace("{0}", api.Position, StringComparison.Ordinal);
        var and = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        foreach (var (client, own, other) in ((HttpClient, string, string)[])[(api.Reader, Old, New), (api.NewReader, New, Old)])
        {
            var plain = await GetAsync(client, address);
            var named = await GetAsync(client, $"{address}{and}edition={own}");
            var stale = await GetAsync(client, $"{address}{and}edition={other}");

            var revalidated = address.StartsWith("/v1/changes", StringComparison.Ordinal) ? "no-store" : "public, no-cache";
            Assert.Equal((address, Immutable), (address, named.Caching));
            Assert.Equal((address, revalidated, revalidated), (address, plain.Caching, stale.Caching));
            Assert.Equal((own, own, own), (plain.Edition, named.Edition, stale.Edition));
            // the edition of an address says how long the response may be kept, and not what it is; a next page has the same parameters
            if (!plain.Body.Contains("\"next\":\"", StringComparison.Ordinal))
                Assert.Equal((plain.ETag, plain.ETag, plain.Body, plain.Body), (named.ETag, stale.ETag, named.Body, stale.Body));
        }
    }

    [Fact]
    public async Task Addresses_that_are_not_of_a_fixed_state_are_never_immutable()
    {
        foreach (var address in (string[])
            ["/v1/actors/e-one?edition=", "/v1/actors?edition=", "/v1/actors?asOf=latest&edition=", "/v1/actors/availability?edition=",
                $"/v1/actors?asOf={Uri.EscapeDataString("2026-01-01T00:00:00Z")}&edition=", "/v1/releases/latest/changes?edition=",
                "/v1/releases/e-release/changes?to=now&edition=", "/v1/changes?edition=", $"/v1/changes?after={api.Position}&edition="])
        {
            var answer = await GetAsync(api.Reader, address + Old);
            Assert.Equal((address, true, false), (address, answer.Caching.Length > 0,
                answer.Caching.Contains("immutable", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task The_links_of_the_service_to_what_never_changes_lead_to_immutable_responses()
    {
        foreach (var (client, own) in ((HttpClient, string)[])[(api.Reader, Old), (api.NewReader, New)])
        {
            var csv = (await client.GetStringAsync("/v1/actors.csv?id=e-one", Cancellation)).TrimEnd().Split("\r\n")[^1].Split(',')[^1];
            var release = await client.GetAsync("/v1/releases/latest", Cancellation);
            string[] links =
            [
                (string)(await client.GetJsonAsync("/v1/actors/e-one/history")).Body!["items"]![0]!["href"]!,
                (string)(await client.GetJsonAsync("/v1/changes?resource=actors&limit=1")).Body!["items"]![0]!["href"]!,
                (string)(await client.GetJsonAsync($"/v1/actors?asOf={api.Position}&limit=1")).Body!["next"]!,
                (string)(await client.GetJsonAsync($"/v1/actors?asOf=latest&limit=1&edition={New[..^1]}")).Body!["next"]!,
                (string)(await client.GetJsonAsync("/v1/releases/e-release/changes?to=e-later&limit=1")).Body!["next"]!,
                (string)(await client.GetJsonAsync($"/v1/changes?before={api.Position}&limit=1")).Body!["next"]!,
                csv,
                release.Headers.Location!.ToString(),
            ];
            foreach (var link in links)
            {
                Assert.Contains($"edition={own}", link, StringComparison.Ordinal);
                Assert.Equal((link, Immutable), (link, (await GetAsync(client, link)).Caching));
            }

            Assert.DoesNotContain("edition=",
                (string)(await client.GetJsonAsync("/v1/changes?limit=1")).Body!["next"]!, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_record_that_was_read_before_an_upgrade_is_revalidated_and_can_be_changed_after_it()
    {
        await api.Editor.AddAsync("/v1/actors", Actor("e-upgraded"));
        const string Address = "/v1/actors/e-upgraded";
        var read = await GetAsync(api.Reader, Address);
        Assert.Equal($"\"e-upgraded.1.{Old}\"", read.ETag);

        Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(api.Reader, Address, read.ETag)).Status);
        var again = await GetAsync(api.NewReader, Address, read.ETag);
        Assert.Equal((HttpStatusCode.OK, $"\"e-upgraded.1.{New}\""), (again.Status, again.ETag));

        var changed = await api.NewEditor.SendJsonAsync(
            HttpMethod.Patch, Address, new JsonObject { ["description"] = "Words." }, read.ETag, mediaType: Patch);
        Assert.Equal((HttpStatusCode.OK, $"\"e-upgraded.2.{New}\""), (changed.Status, changed.ETag));
        var after = await GetAsync(api.NewReader, Address, changed.ETag);
        Assert.Equal(HttpStatusCode.NotModified, after.Status);
        var late = await api.NewEditor.SendJsonAsync(
            HttpMethod.Patch, Address, new JsonObject { ["description"] = "Others." }, read.ETag, mediaType: Patch);
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.Status);
        // the tag of a part, and one of before there were editions
        var part = await GetAsync(api.Reader, $"{Address}?fields=id");
        foreach (var (tag, words) in ((string?, string)[])[(part.ETag, "Third."), ("\"e-upgraded.3\"", "Fourth.")])
        {
            Assert.Equal(HttpStatusCode.OK, (await api.NewEditor.SendJsonAsync(
                HttpMethod.Patch, Address, new JsonObject { ["description"] = words }, tag, mediaType: Patch)).Status);
        }
    }

    [Fact]
    public async Task A_strong_tag_stands_for_one_sequence_of_bytes()
    {
        var bodies = new Dictionary<string, string>();
        var random = new Random(4);
        string[] records = ["/v1/actors/e-one", "/v1/actors/e-two", "/v1/sources/e-source"];
        string[] parts = ["", "fields=id", "fields=id,citations", "fields=citations,id", "expand=citations.source", "version=1",
            "version=2", "format=csv", "format=csv&labels=id", "format=csv&labels=name", "format=csv&dialect=excel",
            "format=csv&fields=id,version", "format=ndjson", "format=ndjson&fields=id", "fields=id&version=1", "/history",
            "/history?limit=1", "edition=other"];
        for (var i = 0; i < 400; i++)
        {
            var (record, part) = (records[random.Next(records.Length)], parts[random.Next(parts.Length)]);
            var address = part.StartsWith('/') || part.Length == 0 ? record + part : $"{record}?{part}";
            using var answer = await (random.Next(2) == 0 ? api.Reader : api.NewReader).GetAsync(address, Cancellation);
            if (answer.StatusCode != HttpStatusCode.OK)
                continue;
            var tag = answer.Headers.ETag!;
            Assert.False(tag.IsWeak, address);
            var body = Encoding.Latin1.GetString(await answer.Content.ReadAsByteArrayAsync(Cancellation));
            Assert.True(bodies.TryAdd(tag.Tag, body) || bodies[tag.Tag] == body, $"{address}: {tag} stands for two bodies");
        }

        Assert.True(bodies.Count > 60, $"{bodies.Count} tags");
    }

    [Fact]
    public async Task A_shared_cache_over_an_upgrade_never_has_the_response_of_one_version_for_the_other()
    {
        await using var cache = await SharedCache.StartAsync(api.Reader.BaseAddress!, api.NewReader.BaseAddress!);
        using var client = new HttpClient { BaseAddress = cache.Address };
        var range = $"/v1/changes?before={api.Position}&limit=3";
        var old = await ViaAsync($"{range}&edition={Old}", 0);
        Assert.Equal("MISS", old.Cache);
        // the address says whose response it is, whichever instance would be asked
        Assert.Equal(("HIT", old.Body), await ViaAsync($"{range}&edition={Old}", 1));
        // a version that has not been upgraded yet is asked for the response of the next one, and nothing is kept
        Assert.Equal(("MISS", old.Body), await ViaAsync($"{range}&edition={New}", 0));
        var upgraded = await ViaAsync($"{range}&edition={New}", 1);
        Assert.Equal(("MISS", old.Body.Replace(Old, New, StringComparison.Ordinal)), upgraded);
        Assert.Equal(("HIT", upgraded.Body), await ViaAsync($"{range}&edition={New}", 0));

        // without an edition nothing is kept: nginx takes `no-cache` for that
        const string Csv = "/v1/actors/e-one?format=csv";
        var (_, first) = await ViaAsync(Csv, 0);
        Assert.Contains($"edition={Old}", first, StringComparison.Ordinal);
        Assert.Equal(("MISS", first.Replace(Old, New, StringComparison.Ordinal)), await ViaAsync(Csv, 1));

        async Task<(string Cache, string Body)> ViaAsync(string address, int instance)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            request.Headers.Add(SharedCache.Instance, $"{instance}");
            using var answer = await client.SendAsync(request, Cancellation);
            Assert.Equal((HttpStatusCode.OK, address), (answer.StatusCode, address));
            return (answer.Headers.GetValues("Shared-Cache").Single(), await answer.Content.ReadAsStringAsync(Cancellation));
        }
    }

    [Fact]
    public async Task What_cannot_be_an_edition_is_refused()
    {
        foreach (var address in (string[])["/v1/actors", "/v1/actors/e-one", "/v1/releases/e-release", "/v1/changes"])
        {
            foreach (var query in (string[])["edition=", "edition=A!", $"edition={new string('a', 33)}", "edition=a&edition=b"])
            {
                var answer = await api.Reader.GetJsonAsync($"{address}?{query}");
                Assert.Equal((HttpStatusCode.BadRequest, query), (answer.Status, query));
                Assert.Equal(["/query/edition"], answer.Pointers);
            }
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await api.Reader.GetJsonAsync("/v1/actors/e-one/history?edition=a")).Status);
    }

    private static JsonObject Actor(string id)
    {
        var actor = SampleRecords.Actor(id);
        actor["citations"] = new JsonArray(new JsonObject { ["source"] = "e-source", ["certainty"] = "stated" });
        return actor;
    }

    private static async Task<Answer> GetAsync(HttpClient client, string address, string? tag = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (tag is not null)
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        using var answer = await client.SendAsync(request, Cancellation);
        Assert.True((int)answer.StatusCode < 400, $"{address}: {answer.StatusCode}");
        return new Answer(answer.StatusCode, answer.Headers.GetValues("Cache-Control").Single(), answer.Headers.ETag?.ToString(),
            answer.Headers.GetValues("Edition").Single(), await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private sealed record Answer(HttpStatusCode Status, string Caching, string? ETag, string Edition, string Body);

    /// <summary>A service and its next version over one database, with two actors in two versions each and two releases.</summary>
    public sealed class TwoVersions(PostgresServer server) : ApiFixture(server), IAsyncLifetime
    {
        private WebApplication? _next;

        /// <summary>A position after all that the fixture writes.</summary>
        public string Position { get; private set; } = "";

        public HttpClient NewReader { get; private set; } = null!;

        public HttpClient NewEditor { get; private set; } = null!;

        protected override Edition? Edition => new(Old);

        protected override async ValueTask FillAsync()
        {
            await Editor.AddAsync("/v1/sources", SampleRecords.Source("e-source"));
            foreach (var id in (string[])["e-one", "e-two"])
                await Editor.AddAsync("/v1/actors", Actor(id));
            await Editor.AddAsync("/v1/releases", new JsonObject { ["id"] = "e-release", ["title"] = "A release" });
            foreach (var id in (string[])["e-one", "e-two"])
            {
                var answer = await Editor.SendJsonAsync(HttpMethod.Patch, $"/v1/actors/{id}",
                    new JsonObject { ["description"] = "Words." }, "\"1\"", mediaType: Patch);
                Position = answer.Response.Headers.GetValues("Position").Single();
            }

            await Editor.AddAsync("/v1/releases", new JsonObject { ["id"] = "e-later", ["title"] = "Another" });
            _next = await StartServiceAsync(Database, edition: new Edition(New));
            var address = _next.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            NewReader = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(address) };
            NewEditor = new HttpClient { BaseAddress = new Uri(address) };
            NewEditor.DefaultRequestHeaders.Authorization = Editor.DefaultRequestHeaders.Authorization;
        }

        async ValueTask IAsyncDisposable.DisposeAsync()
        {
            NewReader.Dispose();
            NewEditor.Dispose();
            await _next!.StopAsync();
            await DisposeAsync();
        }
    }
}
