using System.Net;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.IntegrationTests.Storage;

/// <summary>
/// A database of the first version, with history, is served completely by the present one. <c>first-database.sql</c> is what that version
/// wrote, with the functions of <c>first-database.functions.sql</c>; neither changes. <c>first-database.ndjson</c> is what the present
/// version serves of it, a line for each change: a migration that changes what is served changes the records in these lines.
/// </summary>
public sealed class UpgradeTests(UpgradeTests.UpgradedFixture api) : IClassFixture<UpgradeTests.UpgradedFixture>
{
    private const string Release = "first";
    private const int ReleasePosition = 13;

    /// <summary>The list of each resource; observations are listed below their indicator.</summary>
    private static readonly Dictionary<string, string> Lists = new()
    {
        ["sources"] = "/v1/sources",
        ["actors"] = "/v1/actors",
        ["relations"] = "/v1/relations",
        ["events"] = "/v1/events",
        ["trade"] = "/v1/trade",
        ["indicators"] = "/v1/indicators",
        ["observations"] = "/v1/indicators/full-indicator/observations",
    };

    /// <summary>A field of each resource that a merge patch changes.</summary>
    private static readonly Dictionary<string, string> Patches = new()
    {
        ["sources"] = """{ "licence": "CC0-1.0" }""",
        ["actors"] = """{ "description": "Changed after the upgrade." }""",
        ["relations"] = """{ "summary": "Changed after the upgrade." }""",
        ["events"] = """{ "description": "Changed after the upgrade." }""",
        ["trade"] = """{ "valuation": "CIF", "valuationLabel": "Cost, insurance and freight" }""",
        ["indicators"] = """{ "description": "Changed after the upgrade." }""",
        ["observations"] = """{ "note": "Changed after the upgrade." }""",
    };

    private static readonly List<JsonObject> Expected =
    [
        .. FileText("first-database.ndjson").Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!.AsObject()),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Resources => [.. Lists.Keys];

    [Fact]
    public async Task The_database_is_made_by_the_first_migration_alone_and_then_has_all()
    {
        await using var context = Api.Storage.Database.Context(api.Database);

        Assert.EndsWith("_Initial", Schema.Migrations[0], StringComparison.Ordinal);
        Assert.Equal(Schema.Migrations, await context.Database.GetAppliedMigrationsAsync(Cancellation));
        Assert.Equal(Lists.Keys.Order(), Expected.Select(ResourceOf).Distinct().Order());
    }

    [Fact]
    public async Task The_feed_has_every_change()
    {
        var feed = (await api.Editor.GetJsonAsync("/v1/changes?limit=200")).Body!;

        Assert.True((bool)feed["complete"]!);
        AssertSame(Expected, feed["items"]!.AsArray().Select(Comparable));
    }

    [Fact]
    public async Task Each_version_is_recorded_at_the_instant_of_its_commit()
    {
        foreach (var change in (await api.Reader.GetJsonAsync("/v1/changes?limit=200")).Body!["items"]!.AsArray())
        {
            if (change!["record"] is { } record)
            {
                Assert.Equal((string)change["committedAt"]!, (string)record["recordedAt"]!);
            }
        }

        await using var command = api.Database.CreateCommand(
            """
            select count(*) from events_versions e join ledger_transactions t on t.id = e.transaction_id
            where e.recorded_at is distinct from t.recorded_at or t.recorded_at is distinct from t.committed_at
            """);
        Assert.Equal(0L, await command.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task The_snapshot_has_every_record()
    {
        var lines = (await api.Reader.GetStringAsync("/v1/snapshot", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var taken = lines[1..^1].Select(line => JsonNode.Parse(line)!["record"]!);

        AssertSame(Lists.Keys.SelectMany(resource => RecordsAt(int.MaxValue, resource)), taken);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task Every_record_and_every_version_is_served_with_its_history(string resource)
    {
        foreach (var versions in Expected.Where(c => ResourceOf(c) == resource).GroupBy(c => (string)c["id"]!))
        {
            var path = $"{Lists[resource]}/{versions.Key}";
            var last = versions.Last();
            var current = await api.Reader.GetJsonAsync(path);
            if (last["record"] is { } record)
            {
                AssertSame([record], [current.Body!]);
            }
            else
            {
                Assert.Equal(last["mergedInto"] is null ? HttpStatusCode.Gone : HttpStatusCode.PermanentRedirect, current.Status);
            }

            var history = (await api.Reader.GetJsonAsync($"{path}/history")).Body!["items"]!.AsArray();
            AssertSame(versions.Reverse().Select(Summary), history.Select(Summary));
            foreach (var version in versions.Where(v => v["record"] is not null))
            {
                AssertSame([version["record"]!], [(await api.Reader.GetJsonAsync($"{path}?version={version["version"]}")).Body!]);
            }
        }
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task The_list_of_now_of_every_position_and_of_the_release_is_complete(string resource)
    {
        var positions = (await api.Reader.GetJsonAsync("/v1/changes?limit=200")).Body!["items"]!.AsArray()
            .Select(c => (Number: (int)c!["transaction"]!, Text: (string)c["position"]!)).DistinctBy(p => p.Number);
        foreach (var position in positions.Where(p => resource != "observations" || RecordsAt(p.Number, "indicators").Count > 0))
        {
            AssertSame(RecordsAt(position.Number, resource), await api.Reader.WalkAsync($"{Lists[resource]}?asOf={position.Text}"));
        }

        AssertSame(RecordsAt(ReleasePosition, resource), await api.Reader.WalkAsync($"{Lists[resource]}?asOf={Release}"));
        AssertSame(RecordsAt(int.MaxValue, resource), await api.Reader.WalkAsync(Lists[resource]));
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task Every_record_is_found_by_its_words_now_and_then(string resource)
    {
        foreach (var (position, query) in new[] { (int.MaxValue, ""), (ReleasePosition, $"&asOf={Release}") })
        {
            foreach (var record in RecordsAt(position, resource))
            {
                var page = (await api.Reader.GetJsonAsync($"{Lists[resource]}?q={record["id"]}{query}")).Body!;
                var found = page["items"]!.AsArray().Zip(page["matched"]!.AsArray())
                    .First(i => (string)i.First!["id"]! == (string)record["id"]!);
                Assert.Equal("words", (string)found.Second!);
            }
        }
    }

    [Fact]
    public async Task The_release_names_its_position()
    {
        var release = (await api.Reader.GetJsonAsync($"/v1/releases/{Release}")).Body!;

        Assert.Equal(("The first release", "Before the corrections."), ((string)release["title"]!, (string)release["notes"]!));
        Assert.StartsWith($"{ReleasePosition}-", (string)release["position"]!, StringComparison.Ordinal);
    }

    /// <summary>Its own database: the others read what the first version wrote.</summary>
    [Fact]
    public async Task Records_are_changed_from_where_the_first_version_left_them()
    {
        await using var changed = new UpgradedFixture(api.Server);
        await changed.InitializeAsync();
        foreach (var (resource, patch) in Patches)
        {
            foreach (var before in RecordsAt(int.MaxValue, resource))
            {
                var version = (int)before["version"]!;
                var path = $"{Lists[resource]}/{before["id"]}";
                var response = await changed.Editor.SendJsonAsync(
                    HttpMethod.Patch, path, JsonNode.Parse(patch), $"\"{version}\"", mediaType: "application/merge-patch+json");

                Assert.Equal(HttpStatusCode.OK, response.Status);
                var after = before.DeepClone().AsObject();
                foreach (var (field, value) in JsonNode.Parse(patch)!.AsObject())
                {
                    after[field] = value?.DeepClone();
                }

                after["version"] = version + 1;
                AssertSame([after], [response.Body!]);
                AssertSame([before], [(await changed.Reader.GetJsonAsync($"{path}?version={version}")).Body!]);
            }
        }
    }

    /// <summary>Makes the database that the first version wrote.</summary>
    internal static async Task MakeFirstAsync(NpgsqlDataSource database)
    {
        await using (var context = Api.Storage.Database.Context(database))
        {
            await context.GetService<IMigrator>().MigrateAsync(Schema.Migrations[0], CancellationToken.None);
        }

        // Initial makes the newest functions, which may need the columns of later migrations
        foreach (var file in (string[])["first-database.functions.sql", "first-database.sql"])
        {
            await using var command = database.CreateCommand(FileText(file));
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private static string FileText(string name)
    {
        using var reader = new StreamReader(typeof(UpgradeTests).Assembly.GetManifestResourceStream(typeof(UpgradeTests), name)!);
        return reader.ReadToEnd();
    }

    private static string ResourceOf(JsonObject change) => (string)change["resource"]!;

    /// <summary>The records of a resource as of a position, as they are served.</summary>
    private static List<JsonNode> RecordsAt(int position, string resource) =>
    [
        .. Expected.Where(c => ResourceOf(c) == resource && (int)c["transaction"]! <= position)
            .GroupBy(c => (string)c["id"]!).Select(versions => versions.Last()["record"]).OfType<JsonNode>(),
    ];

    /// <summary>A change of the feed without what differs from one making of the database to the next, and without what follows from the
    /// rest.</summary>
    private static JsonNode Comparable(JsonNode? change)
    {
        var compared = change!.DeepClone().AsObject();
        Assert.Equal("editor", (string?)compared["key"]);
        foreach (var field in (string[])["position", "committedAt", "key", "causeLabel", "href", "redacted"])
        {
            Assert.True(compared.Remove(field));
        }

        return compared;
    }

    private static JsonObject Summary(JsonNode? version) => new(
        ((string[])["version", "operation", "cause", "note", "mergedInto"]).Select(f => KeyValuePair.Create(f, version![f]?.DeepClone())));

    /// <summary>The same texts of JSON, in any order.</summary>
    private static void AssertSame(IEnumerable<JsonNode> expected, IEnumerable<JsonNode> actual) =>
        Assert.Equal(
            expected.Select(Undated).Order(StringComparer.Ordinal), actual.Select(Undated).Order(StringComparer.Ordinal));

    /// <summary>A record or change without its instant, which is that of the commit.</summary>
    private static string Undated(JsonNode node)
    {
        var copy = node.DeepClone();
        foreach (var record in (JsonNode?[])[copy, copy["record"]])
        {
            (record as JsonObject)?.Remove("recordedAt");
        }

        return copy.ToJsonString();
    }

    /// <summary>The service over a database that the first version made and filled, and that the present one has migrated.</summary>
    public sealed class UpgradedFixture(PostgresServer server) : ApiFixture(server)
    {
        public PostgresServer Server { get; } = server;

        protected override (string Name, Func<string, Task> MakeAsync) Template => ("upgraded", MakeFirstAndUpgradeAsync);

        private static async Task MakeFirstAndUpgradeAsync(string connection)
        {
            await using var database = Api.Storage.Database.Open(connection);
            await MakeFirstAsync(database);
            await CommandDatabase.MigrateAsync(database, CancellationToken.None);
        }
    }
}
