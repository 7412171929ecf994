using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Clients;

/// <summary>A follower in a process of its own, killed (SIGKILL) at every place between two callbacks, loses and repeats nothing.</summary>
public sealed class KilledFollowerTests(SeededApiFixture api, ClientPackage package)
    : IClassFixture<SeededApiFixture>, IClassFixture<ClientPackage>
{
    private const int Killed = 137;

    private static readonly string[] InSnapshot =
    [
        "after-SnapshotStarted 1", "before-SnapshotRecord 3", "torn-SnapshotRecord 20", "before-SnapshotCompleted 1",
        "after-SnapshotCompleted 1",
    ];

    private static readonly string[] InChanges =
    [
        "before-ChangeReceived 1", "after-ChangeReceived 1", "torn-ChangeReceived 2", "after-ChangeReceived 5", "before-ChangeReceived 4",
        "after-ChangeReceived 9", "stored 1", "stored 6",
    ];

    private static readonly string[] InOwnChanges = ["after-ChangeReceived 1", "torn-ChangeReceived 2", "after-ChangeReceived 9"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>With the position in a file, a change is repeated that was applied and not yet stored; in the own log none is.</summary>
    [Theory]
    [InlineData("file", 3)]
    [InlineData("own", 0)]
    public async Task A_killed_follower_loses_and_repeats_nothing(string store, int repeated)
    {
        var code = await File.ReadAllTextAsync(Path.Combine(ClientPackage.Programs, "FollowToFile.cs"), Cancellation);
        var program = package.Compile("FollowToFile", code);
        var folder = package.NewFolder().FullName;
        var skipped = new List<string>();

        foreach (var place in InSnapshot.Where(p => store == "file" || !p.StartsWith("before", StringComparison.Ordinal)))
            Assert.Equal(Killed, await FollowAsync(place));
        Assert.Equal(0, await FollowAsync());
        await WriteAsync(store);
        foreach (var place in store == "file" ? InChanges : InOwnChanges)
            Assert.Equal(Killed, await FollowAsync(place));
        Assert.Equal(0, await FollowAsync());
        Assert.Equal(0, await FollowAsync());

        var lines = await LinesAsync(folder);
        var changes = lines.SkipWhile(l => (string)l["Effect"]! != "SnapshotCompleted").Skip(1).ToList();
        var feed = await FeedAsync(lines[0]["Position"]!.ToString());
        Assert.Equal(feed.Select(c => c["position"]!.ToString()), changes.Select(c => c["Position"]!.ToString()));
        Assert.Equal(48, changes.Count);
        Assert.Equal(repeated, skipped.Count);
        Assert.Equal(skipped.Distinct(), skipped);
        Assert.Equal(await ServedAsync(), Copy(lines));

        async Task<int> FollowAsync(string place = "")
        {
            var result = await ClientPackage.RunAsync(folder,
                [program, api.Reader.BaseAddress!.ToString(), folder, store, .. place.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
            Assert.True(result.Error.Length == 0, result.Error);
            skipped.AddRange(result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
            return result.ExitCode;
        }
    }

    /// <summary>16 sources that are added, changed and, every second one, deleted; the others are changed once more.</summary>
    private async Task WriteAsync(string prefix)
    {
        for (var i = 0; i < 16; i++)
        {
            var address = $"/v1/sources/{prefix}-followed-{i}";
            await api.Editor.AddAsync("/v1/sources", new JsonObject
            {
                ["id"] = $"{prefix}-followed-{i}",
                ["kind"] = "report",
                ["title"] = $"Қадам {i} “first”",
            });
            await SendAsync(HttpMethod.Patch, address, "\"1\"", new JsonObject { ["title"] = $"Step {i}" });
            if (i % 2 == 0)
                await SendAsync(HttpMethod.Delete, address, "\"2\"", null);
            else
                await SendAsync(HttpMethod.Patch, address, "\"2\"", new JsonObject { ["publisher"] = "A press" });
        }
    }

    private async Task SendAsync(HttpMethod method, string address, string tag, JsonObject? body)
    {
        var response = await api.Editor.SendJsonAsync(method, address, body, ifMatch: tag);
        Assert.True(response.Response.IsSuccessStatusCode, response.Body?.ToJsonString());
    }

    private static async Task<List<JsonNode>> LinesAsync(string folder) =>
        [.. (await File.ReadAllLinesAsync(Path.Combine(folder, "log"), Cancellation)).Select(l => JsonNode.Parse(l)!)];

    private async Task<List<JsonNode>> FeedAsync(string after) =>
        [.. (await api.Reader.GetJsonAsync($"/v1/changes?limit=1000&after={after}")).Body!["items"]!.AsArray().Select(c => c!)];

    private static List<string> Copy(IEnumerable<JsonNode> lines)
    {
        var copy = new Dictionary<string, string>();
        foreach (var line in lines.Where(l => l["Resource"] is not null))
        {
            var name = $"{line["Resource"]}/{line["Id"]}";
            if ((string)line["Effect"]! == "Write")
                copy[name] = line["Record"]!.ToJsonString();
            else if ((string)line["Effect"]! == "Remove")
                Assert.True(copy.Remove(name), name);
        }

        return [.. copy.Select(r => $"{r.Key} {r.Value}").Order(StringComparer.Ordinal)];
    }

    private async Task<List<string>> ServedAsync() =>
    [
        .. (await api.Reader.GetStringAsync("/v1/snapshot", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonNode.Parse(l)!).Where(l => l["record"] is not null)
            .Select(l => $"{l["resource"]}/{l["id"]} {l["record"]!.ToJsonString()}").Order(StringComparer.Ordinal),
    ];
}
