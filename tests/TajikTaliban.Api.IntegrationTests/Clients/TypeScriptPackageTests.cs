using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Contract;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;

namespace TajikTaliban.Api.IntegrationTests.Clients;

/// <summary>A seeded service with a real clock, which long polls need.</summary>
public sealed class FollowedApiFixture(PostgresServer server) : ApiFixture(server)
{
    protected override bool Seeded => true;

    protected override TimeProvider Clock => TimeProvider.System;
}

/// <summary>The npm package (<c>src/client-typescript</c>) as its users get it: packed, installed, and run against the service.</summary>
public sealed class TypeScriptPackageTests(TypeScriptPackage package, FollowedApiFixture api, Chromium chromium)
    : IClassFixture<TypeScriptPackage>, IClassFixture<FollowedApiFixture>, IClassFixture<Chromium>
{
    /// <summary>What a process that is killed while it writes may leave at the end of a file.</summary>
    private const string Torn = """
        {"resource":"sources","id":"torn","record":{"id":"torn"}}
        {"posi
        """;

    /// <summary>The exit code of a process that SIGKILL ended.</summary>
    private const int Killed = 128 + 9;

    private int _written;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Service => api.Reader.BaseAddress!.GetLeftPart(UriPartial.Authority);

    [Fact]
    public async Task The_package_has_the_version_of_the_contract_and_no_dependencies()
    {
        await package.MadeAsync();
        var manifest = await ReadAsync(Path.Combine(package.Installed, "package.json"));

        Assert.Equal((string?)(await ReadAsync(Repository.CommittedContract))["info"]!["version"], (string?)manifest["version"]);
        Assert.Null(manifest["dependencies"]);
        Assert.Equal(["README.md", "dist", "package.json"],
            Directory.GetFileSystemEntries(package.Installed).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        foreach (var (_, entry) in manifest["exports"]!.AsObject().Where(e => e.Value is JsonObject))
        {
            foreach (var (_, file) in entry!.AsObject())
                Assert.True(File.Exists(Path.Combine(package.Installed, (string)file!)), (string)file!);
        }
    }

    [Fact]
    public async Task The_lock_file_has_the_tools_that_this_test_builds_with()
    {
        await package.MadeAsync();
        var lockFile = Path.Combine(TypeScriptPackage.Source, "package-lock.json");
        var own = (await ReadAsync(lockFile))["packages"]!.AsObject();
        var used = (await ReadAsync(Path.Combine(Repository.Clients, "package-lock.json")))["packages"]!.AsObject();

        Assert.Equal((string?)(await ReadAsync(Path.Combine(package.Installed, "package.json")))["version"], (string?)own[""]!["version"]);
        foreach (var tool in (string[])["@types/node", "openapi-typescript", "typescript"])
            Assert.Equal((string?)used[$"node_modules/{tool}"]!["integrity"], (string?)own[$"node_modules/{tool}"]!["integrity"]);
        Assert.DoesNotContain("\"resolved\"", await File.ReadAllTextAsync(lockFile, Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_example_of_the_README_runs()
    {
        var key = await api.CreateKeyAsync("readme", Roles.Editor);
        var events = (await api.Reader.WalkAsync("/v1/events?actor=taliban&from=2021")).Count;

        var output = await RunAsync("example", Service, key);

        var records = (await SnapshotAsync()).Count;
        Assert.Equal(
            ["tajikistan Tajikistan", $"{events} events", "A report on trade 2", "404 not-found", $"{records} records, A report on trade"],
            output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_program_uses_every_part()
    {
        var (actors, events) = (await api.Reader.WalkAsync("/v1/actors?sort=name"), await api.Reader.WalkAsync("/v1/events"));
        var observations = await api.Reader.WalkAsync("/v1/indicators/border-length/observations");
        var sources = (await api.Reader.WalkAsync("/v1/sources")).Count;
        var (editor, admin) = (await api.CreateKeyAsync("features", Roles.Editor), await api.CreateKeyAsync("redacts", Roles.Admin));

        var found = JsonNode.Parse(await RunAsync("features", Service, editor, admin))!;

        Assert.InRange((int)found["paging"]!["sources"]!, sources, sources + 20);
        Assert.True((int)found["paging"]!["changes"]! >= 192);
        var expected = new JsonObject
        {
            ["paging"] = new JsonObject
            {
                ["sources"] = found["paging"]!["sources"]!.DeepClone(),
                ["actors"] = Ids(actors),
                ["events"] = Ids(events),
                ["observations"] = Ids(observations),
                ["changes"] = found["paging"]!["changes"]!.DeepClone(),
                ["facets"] = true,
                ["aborted"] = new JsonArray(7, 2),
            },
            ["problems"] = JsonNode.Parse(
                """
                [400, "invalid-parameter", "out-of-range", 1000, 422, ["/title"], "not-found", "/v1/actors/nobody%2Fat%20all", [500, null]]
                """),
            // requests that were sent, a kept wait, and a write that was carried out once
            ["retries"] = JsonNode.Parse("""[3, true, 61, 1, 5, 2, 2, 2, 201, "true", 1, 1, 5]"""),
            ["edits"] = JsonNode.Parse(
                """
                [3, "Meanwhile 2", "after Meanwhile 2", 4, 2, "precondition-failed", 6, "Again 2, whole", null, "Ислоҳ", "gone", 8]
                """),
            ["views"] = new JsonArray("As it was", true, false, true, true, "As it is", null, actors.Count),
            ["addresses"] = new JsonArray(
                "https://example.org/data/v1/actors?sort=name&sort=id", "https://example.org/data/v1/actors?cursor=1"),
            ["following"] = JsonNode.Parse(
                """
                [4, 4, 1, 2, "ConnectionError: The snapshot was cut off", true, ["updated"], "position-gone"]
                """),
        };
        Assert.Equal(expected.ToJsonString(), found.ToJsonString());
    }

    [Fact]
    public async Task A_page_of_another_origin_uses_it_as_a_module()
    {
        await package.MadeAsync();
        await using var site = await OtherOrigin.StartAsync(folder: Path.Combine(package.Installed, "dist"));
        var page = await chromium.OpenAsync(site.Address);
        await using var context = page.Context;

        var found = await page.EvaluateAsync<string>(
            """
            async (baseUrl) => {
              const { createClient, follow, webStore, ProblemError } = await import("/index.js");
              const client = createClient({ baseUrl });
              const ids = [], records = [];
              for await (const { id } of client.all("/v1/actors", { query: { limit: 20 } })) ids.push(id);
              const { etag, position } = await client.get("/v1/actors/{id}", { path: { id: "taliban" } });
              const unchanged = await client.getIfChanged("/v1/actors/{id}", etag, { path: { id: "taliban" } });
              const problem = await client.get("/v1/events", { query: { limit: 0 } }).catch((error) => error);
              const snapshot = async (all) => { for await (const { id } of all) records.push(id); };
              await follow(client, { store: webStore(localStorage), resources: ["actors"], snapshot, changes: () => {}, once: true });
              return JSON.stringify([ids.length, records.length, unchanged, problem instanceof ProblemError, problem.code,
                position === localStorage.getItem("tajik-taliban-position")]);
            }
            """,
            Service);

        var actors = (await api.Reader.WalkAsync("/v1/actors")).Count;
        Assert.Equal($"""[{actors},{actors},null,true,"invalid-parameter",true]""", found);
    }

    [Fact]
    public async Task A_bundle_has_only_what_is_used()
    {
        await package.MadeAsync();
        var part = $"import {{ webStore }} from '{TypeScriptPackage.Name}'; console.log(webStore);";
        await File.WriteAllTextAsync(Path.Combine(package.Consumer, "part.js"), part, Cancellation);
        var esbuild = Path.Combine(Repository.Clients, "node_modules", "esbuild", "bin", "esbuild");

        var (exit, bundle, errors) = await NodeTools.RunInAsync(
            package.Consumer, "node", esbuild, "part.js", "--bundle", "--platform=browser", "--format=esm");

        Assert.True(exit == 0, errors);
        Assert.Contains("tajik-taliban-position", bundle, StringComparison.Ordinal);
        Assert.InRange(bundle.Length, 1, 1000);
    }

    /// <summary>
    /// The follower kills itself (SIGKILL) at its first step, started again at its second, and so on, while records are written, until one
    /// run gets to the end: what it has is what the service has.
    /// </summary>
    [Theory]
    [InlineData("copy")]
    [InlineData("own")]
    [InlineData("beside")]
    public async Task A_follower_that_is_killed_anywhere_loses_and_doubles_nothing(string way)
    {
        var folder = Path.Combine(package.Consumer, $"followed-{way}");
        await package.MadeAsync();
        var editor = api.Client(await api.CreateKeyAsync($"kills-{way}", Roles.Editor));
        // in the snapshot, and then in the changes after it
        var kills = await KillAsync(way, folder, () => WriteAsync(editor, way));
        await WriteAsync(editor, way);
        kills += await KillAsync(way, folder, () => WriteAsync(editor, way));

        Assert.True(kills >= 8, $"{kills} kills");
        var expected = await SnapshotAsync();
        var followed = await (way switch
        {
            "copy" => ReadCopyAsync(folder),
            "own" => ReadOwnAsync(folder),
            _ => ReadFilesAsync(folder),
        });
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), followed.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, e => Assert.True(JsonNode.DeepEquals(e.Value, followed[e.Key]), e.Key));
        Assert.DoesNotContain("sources/torn", followed.Keys);
    }

    private static string CopyOf(string folder) => Path.Combine(folder, "copy.ndjson");

    private async Task<int> KillAsync(string way, string folder, Func<Task> writeAsync)
    {
        for (var kills = 0; ; kills++)
        {
            if (kills % 3 == 0)
                await writeAsync();
            var (exit, output, errors) = await package.RunAsync("follower", Service, way, folder, $"{kills}");
            if (exit == 0)
                return kills;
            Assert.True(kills < 40, "The follower gets no further.");
            Assert.True(errors.Length == 0 && exit == Killed, $"After {kills} kills the follower ended with {exit}.\n{output}\n{errors}");
            if (way == "copy" && File.Exists(CopyOf(folder)))
                await File.AppendAllTextAsync(CopyOf(folder), Torn, Cancellation);
        }
    }

    /// <summary>A record that is changed, and one that is deleted.</summary>
    private async Task WriteAsync(HttpClient editor, string way)
    {
        var step = _written++;
        const string Path = "/v1/sources";
        JsonObject Source(string name) => new() { ["id"] = $"{way}-{name}-{step}", ["kind"] = "report", ["title"] = $"{name} {step}" };
        await editor.SendJsonAsync(HttpMethod.Post, Path, Source("stays"));
        await editor.SendJsonAsync(HttpMethod.Post, Path, Source("goes"));
        var changed = await editor.SendJsonAsync(
            HttpMethod.Patch, $"{Path}/{way}-stays-{step}", new JsonObject { ["publisher"] = "A press" }, "*");
        Assert.Equal(2, (int)changed.Body!["version"]!);
        var deleted = await editor.SendJsonAsync(HttpMethod.Delete, $"{Path}/{way}-goes-{step}", ifMatch: "*");
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
    }

    private static async Task<Dictionary<string, JsonNode>> ReadCopyAsync(string folder)
    {
        var records = new Dictionary<string, JsonNode>();
        foreach (var line in (await File.ReadAllLinesAsync(CopyOf(folder), Cancellation)).Select(l => JsonNode.Parse(l)!))
            Apply(records, line);
        return records;
    }

    /// <summary>Each change is in the file once, in order.</summary>
    private async Task<Dictionary<string, JsonNode>> ReadOwnAsync(string folder)
    {
        var file = await File.ReadAllLinesAsync(Path.Combine(folder, "changes.ndjson"), Cancellation);
        var lines = file.Select(l => JsonNode.Parse(l)!).ToList();
        var records = new Dictionary<string, JsonNode>();
        foreach (var record in lines[0]["records"]!.AsArray())
            Apply(records, record!);
        var changes = lines.Skip(1).SelectMany(l => l["changes"]!.AsArray()).ToList();
        foreach (var change in changes)
            Apply(records, change!);
        Assert.Equal(await FeedAsync((string)lines[0]["position"]!), changes.Select(c => (string)c!["position"]!));
        return records;
    }

    /// <summary>A change is passed on again only where the process was killed before its position was stored.</summary>
    private static async Task<Dictionary<string, JsonNode>> ReadFilesAsync(string folder)
    {
        var seen = await File.ReadAllLinesAsync(Path.Combine(folder, "seen"), Cancellation);
        Assert.InRange(seen.Length - seen.Distinct().Count(), 1, seen.Length / 2);
        return Directory.GetFiles(Path.Combine(folder, "records")).ToDictionary(
            f => Path.GetFileNameWithoutExtension(f).Split('.', 2) is [var resource, var id] ? $"{resource}/{id}" : f,
            f => JsonNode.Parse(File.ReadAllText(f))!);
    }

    private static void Apply(Dictionary<string, JsonNode> records, JsonNode line)
    {
        if (line["resource"] is null)
            return;
        var name = $"{line["resource"]}/{line["id"]}";
        if (line["record"] is { } record)
            records[name] = record;
        else
            records.Remove(name);
    }

    private static JsonArray Ids(IEnumerable<JsonNode> records) => new([.. records.Select(r => r["id"]!.DeepClone())]);

    private static async Task<JsonNode> ReadAsync(string file) => JsonNode.Parse(await File.ReadAllTextAsync(file, Cancellation))!;

    private async Task<string> RunAsync(string script, params string[] arguments)
    {
        var (exit, output, errors) = await package.RunAsync(script, arguments);
        Assert.True(exit == 0, $"{script} ended with {exit}.\n{output}\n{errors}");
        return output;
    }

    /// <summary>The positions of all changes after one.</summary>
    private async Task<List<string>> FeedAsync(string after)
    {
        var positions = new List<string>();
        for (var complete = false; !complete;)
        {
            var page = (await api.Reader.GetJsonAsync($"/v1/changes?after={after}&limit=1000")).Body!;
            positions.AddRange(page["items"]!.AsArray().Select(c => (string)c!["position"]!));
            (after, complete) = ((string)page["position"]!, (bool)page["complete"]!);
        }

        return positions;
    }

    private async Task<Dictionary<string, JsonNode>> SnapshotAsync() =>
        (await api.Reader.GetStringAsync("/v1/snapshot", Cancellation)).Trim().Split('\n').Select(l => JsonNode.Parse(l)!)
        .Where(l => l["record"] is not null).ToDictionary(l => $"{l["resource"]}/{l["id"]}", l => l["record"]!);
}
