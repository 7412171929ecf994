using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>A walk gives the list of its first page's position, each record once, whatever is written between its pages.</summary>
public sealed class ConsistentWalkTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const string Patch = "application/merge-patch+json";
    private const int Records = 9;

    /// <summary>Patches of each resource that move a record in some order; the number makes them differ.</summary>
    private static readonly Dictionary<string, Func<int, JsonObject>> Moves = new()
    {
        ["sources"] = n => new() { ["title"] = Text(n), ["published"] = $"{1990 + (n % 30)}" },
        ["actors"] = n => new() { ["name"] = Text(n), ["type"] = n % 2 == 0 ? "state" : "person" },
        ["relations"] = n => new() { ["from"] = $"{1990 + (n % 30)}", ["summary"] = Text(n) },
        ["events"] = n => new() { ["date"] = $"{1990 + (n % 30)}", ["title"] = Text(n) },
        ["trade"] = n => new() { ["value"] = n * 10 },
        ["indicators"] = n => new() { ["name"] = Text(n) },
        // a source has one figure of a day
        ["observations"] = n => new() { ["value"] = n, ["date"] = new DateOnly(1990, 1, 1).AddDays(n).ToString("O") },
    };

    private int _drawn;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Resources => SampleRecords.Resources;

    [Theory, MemberData(nameof(Resources))]
    public async Task In_any_order_a_walk_gives_the_list_of_then(string resource)
    {
        var sample = SampleRecords.Of(resource);
        var random = new Random(resource.Length);
        var made = 0;
        async Task AddAsync()
        {
            var body = sample.As($"walk-{resource}-{made++}").Body;
            if (body["commodity"] is JsonObject commodity)
                commodity["code"] = $"{100000 + made}";
            foreach (var (field, value) in Moves[resource](Draw()))
                body[field] = value?.DeepClone();
            await api.Editor.AddAsync(sample.Path, body);
        }

        for (var i = 0; i < Records; i++)
            await AddAsync();

        var definition = api.Services.GetRequiredService<ResourceCatalogue>().All.Single(r => r.Name == resource).List;
        foreach (var sort in definition.AllSortKeys.Select(k => k.Name).SelectMany(n => (string[])[n, $"-{n}"]))
        {
            var expected = (await api.Reader.GetJsonAsync($"{sample.Path}?sort={sort}&limit=1000")).Body!["items"]!.AsArray();
            var walked = new List<JsonNode?>();
            var positions = new HashSet<string>();
            for (string? next = $"{sample.Path}?sort={sort}&limit=2"; next is not null;)
            {
                var page = await api.Reader.GetJsonAsync(next);
                Assert.True(page.Status == HttpStatusCode.OK, page.Body?.ToJsonString());
                walked.AddRange(page.Body!["items"]!.AsArray());
                positions.Add((string)page.Body["position"]!);
                positions.Add(page.Response.Headers.GetValues("Position").Single());
                next = (string?)page.Body["next"];
                Assert.Equal(next is null, (bool)page.Body["complete"]!);
                for (var change = random.Next(4); change > 0; change--)
                    await ChangeAsync(sample, random, AddAsync);
            }

            Assert.Equal(expected.Select(e => e!.ToJsonString()), walked.Select(w => w!.ToJsonString()));
            Assert.Single(positions);
        }
    }

    [Fact]
    public async Task A_search_whose_matches_are_renamed_gives_each_once()
    {
        foreach (var name in (string[])["a", "b", "c", "d"])
            await api.Editor.AddAsync("/v1/actors", Named($"zyxxat-{name}", $"zyxxat {name}"));
        var seen = new List<string>();
        for (string? next = "/v1/actors?q=zyxxat&sort=name&limit=1"; next is not null;)
        {
            var page = (await api.Reader.GetJsonAsync(next)).Body!;
            seen.AddRange(page["items"]!.AsArray().Select(i => (string)i!["name"]!));
            next = (string?)page["next"];
            if (seen.Count == 1)
            {
                await RenameAsync("zyxxat-d", "zyxxat 0");
                await RenameAsync("zyxxat-a", "zyxxat z");
            }
        }

        Assert.Equal(["zyxxat a", "zyxxat b", "zyxxat c", "zyxxat d"], seen);
    }

    [Fact]
    public async Task A_walk_shows_the_present_only_if_that_is_asked_for()
    {
        foreach (var name in (string[])["a", "b", "c"])
            await api.Editor.AddAsync("/v1/actors", Named($"pelovim-{name}", $"pelovim {name}"));
        var first = (await api.Reader.GetJsonAsync("/v1/actors?q=pelovim&sort=name&limit=1&consistency=live")).Body!;
        await RenameAsync("pelovim-a", "pelovim z");
        var rest = await api.Reader.WalkAsync((string)first["next"]!);

        Assert.Equal(["live"], first["query"]!["consistency"]!.AsArray().Select(c => (string)c!));
        Assert.Equal(["pelovim b", "pelovim c", "pelovim z"], rest.Select(r => (string)r["name"]!));
        Assert.Equal(["/query/consistency"], (await api.Reader.GetJsonAsync("/v1/actors?consistency=none")).Pointers);
        Assert.Equal(["/query/consistency"], (await api.Reader.GetJsonAsync(
            $"/v1/actors?consistency=live&asOf={first["position"]}")).Pointers);
        // a cursor of the one is none of the other
        Assert.Equal(["/query/cursor"], (await api.Reader.GetJsonAsync(
            ((string)first["next"]!).Replace("consistency=live", "consistency=position", StringComparison.Ordinal))).Pointers);
    }

    [Fact]
    public async Task What_a_page_expands_and_what_its_filters_name_are_those_of_then()
    {
        var actor = Named("walkz", "Before");
        actor["identifiers"] = new JsonArray(new JsonObject { ["scheme"] = "wikidata", ["value"] = "Q4242001" });
        await api.Editor.AddAsync("/v1/actors", actor);
        for (var i = 0; i < 4; i++)
            await api.Editor.AddAsync("/v1/events", SampleRecords.Event($"walkz-{i}", "2024-08-16", "walkz"));
        var (events, names) = (new List<string>(), new List<string>());
        for (string? next = "/v1/events?actor=wikidata:Q4242001&expand=participants.actor&limit=1"; next is not null;)
        {
            var page = await api.Reader.GetJsonAsync(next);
            Assert.True(page.Status == HttpStatusCode.OK, page.Body?.ToJsonString());
            events.AddRange(page.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!));
            names.Add((string)page.Body["expanded"]!["actors"]!["walkz"]!["name"]!);
            next = (string?)page.Body["next"];
            if (events.Count == 2)
            {
                await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/actors/walkz",
                    new JsonObject { ["name"] = "After", ["identifiers"] = new JsonArray() }, "*", mediaType: Patch);
            }
        }

        Assert.Equal(["walkz-0", "walkz-1", "walkz-2", "walkz-3"], events);
        Assert.All(names, n => Assert.Equal("Before", n));
    }

    [Fact]
    public async Task Pages_in_another_format_are_a_walk_too()
    {
        foreach (var name in (string[])["a", "b", "c"])
            await api.Editor.AddAsync("/v1/actors", Named($"gurtzen-{name}", $"gurtzen {name}"));
        var seen = new List<string>();
        for (string? next = "/v1/actors.ndjson?q=gurtzen&sort=name&limit=1"; next is not null;)
        {
            using var response = await api.Reader.GetAsync(next, Cancellation);
            seen.Add((string)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["name"]!);
            next = response.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;
            if (seen.Count == 1)
            {
                await RenameAsync("gurtzen-a", "gurtzen z");
                await RenameAsync("gurtzen-c", "gurtzen 0");
            }
        }

        Assert.Equal(["gurtzen a", "gurtzen b", "gurtzen c"], seen);
    }

    [Fact]
    public async Task A_cursor_of_another_history_is_gone()
    {
        var page = (await api.Reader.GetJsonAsync("/v1/actors?limit=1")).Body!;
        var sent = (string)page["next"]!;
        Assert.True(Position.TryParse((string)page["position"]!, out var position));
        var id = (string)page["items"]![0]!["id"]!;
        var cursor = Cursor.Write(
            [id], SearchMode.Words, position with { Token = "00000001" }, "actors/&sort=id",
            api.Services.GetRequiredService<ServiceSecrets>());
        var canonical = await api.Reader.GetJsonAsync($"/v1/actors?limit=1&sort=id&cursor={cursor}");

        Assert.NotNull(sent);
        Assert.True(canonical.Status == HttpStatusCode.Gone, canonical.Body?.ToJsonString());
        Assert.EndsWith("/problems/position-gone", (string)canonical.Body!["type"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/actors?count=estimated&limit=1")]
    [InlineData("/v1/actors?count=estimated&limit=1000")]
    [InlineData("/v1/actors?count=estimated&q=name&limit=1000")]
    [InlineData("/v1/actors?count=estimated&type=state&limit=2")]
    [InlineData("/v1/actors?count=estimated&type=person,state&updatedAfter=2020-01-01T00:00:00Z&limit=1000")]
    public async Task An_estimate_is_never_below_what_the_page_shows(string path)
    {
        for (string? next = path; next is not null;)
        {
            var page = (await api.Reader.GetJsonAsync(next)).Body!;
            next = (string?)page["next"];
            Assert.True((long)page["count"]!["value"]! >= page["items"]!.AsArray().Count + (next is null ? 0 : 1), page.ToJsonString());
        }
    }

    /// <summary>A number that was not drawn before, now greater and now smaller.</summary>
    private int Draw() => (int)(Interlocked.Increment(ref _drawn) * 7919L % 10007);

    private static string Text(int number) => $"{(char)('a' + (number % 26))} text {number}";

    private static JsonObject Named(string id, string name)
    {
        var actor = SampleRecords.Actor(id);
        actor["name"] = name;
        return actor;
    }

    private async Task RenameAsync(string id, string name) => Assert.Equal(HttpStatusCode.OK, (await api.Editor.SendJsonAsync(
        HttpMethod.Patch, $"/v1/actors/{id}", new JsonObject { ["name"] = name }, "*", mediaType: Patch)).Status);

    /// <summary>Moves or deletes a record, or adds one.</summary>
    private async Task ChangeAsync(SampleRecord sample, Random random, Func<Task> addAsync)
    {
        var ids = (await api.Reader.GetJsonAsync($"{sample.Path}?limit=1000&fields=id&sort=id")).Body!["items"]!.AsArray()
            .Select(i => (string)i!["id"]!).Where(i => i.StartsWith("walk-", StringComparison.Ordinal)).ToList();
        var kind = random.Next(6);
        if (kind == 0 || ids.Count < Records / 2)
        {
            await addAsync();
            return;
        }

        var path = $"{sample.Path}/{ids[random.Next(ids.Count)]}";
        var answer = kind == 1
            ? await api.Editor.SendJsonAsync(HttpMethod.Delete, path, ifMatch: "*")
            : await api.Editor.SendJsonAsync(HttpMethod.Patch, path, Moves[sample.Resource](Draw()), "*", mediaType: Patch);
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.NoContent, $"{path}: {answer.Body?.ToJsonString()}");
    }
}
