using System.Text.Json.Nodes;
using TajikTaliban.Api.Tests.Architecture;

namespace TajikTaliban.Api.Tests.Seeds;

/// <summary>The records of the article's pack of seeds.</summary>
internal static class SeedRecords
{
    public const string Article = "asatryan-tajikistan-and-the-taliban";

    /// <summary>When the article was written, as far as its text tells.</summary>
    public const string Written = "2024-09~";

    /// <summary>By the time of writing, nobody says when.</summary>
    public const string ByWriting = $"/{Written}";

    /// <summary>Between the return to power and the time of writing.</summary>
    public const string SinceReturn = $"2021~/{Written}";

    public static IReadOnlyList<string> Resources { get; } =
        ["sources", "actors", "relations", "events", "indicators", "observations", "trade"];

    public static IReadOnlyList<JsonObject> Of(string resource) => ByResource[resource];

    private static readonly Dictionary<string, IReadOnlyList<JsonObject>> ByResource = Resources.ToDictionary(r => r, Read);

    public static IEnumerable<(string Resource, JsonObject Record)> All => Resources.SelectMany(r => Of(r).Select(record => (r, record)));

    public static JsonObject Relation(string id) => Find("relations", id);

    public static JsonObject Event(string id) => Find("events", id);

    public static JsonObject Actor(string id) => Find("actors", id);

    /// <summary>The citations of a record, those of its statuses included, each with what it may support parts of.</summary>
    public static IEnumerable<(JsonObject Of, JsonObject Citation)> Citations(JsonObject record)
    {
        foreach (var part in (JsonObject[])[record, .. Objects(record["statuses"])])
        {
            foreach (var citation in Objects(part["citations"]))
                yield return (part, citation);
        }
    }

    /// <summary>The participants of an event as <c>actor:role</c>, in order.</summary>
    public static IReadOnlyList<string> Participants(JsonObject record) =>
        [.. Objects(record["participants"]).Select(p => $"{p["actor"]}:{p["role"]}")];

    public static IEnumerable<JsonObject> Objects(JsonNode? list) => list?.AsArray().Select(o => o!.AsObject()) ?? [];

    /// <summary>The text of a member; null where there is none.</summary>
    public static string? Text(this JsonObject record, string member) => (string?)record[member];

    private static JsonObject Find(string resource, string id) => Assert.Single(Of(resource), r => r.Text("id") == id);

    private static IReadOnlyList<JsonObject> Read(string resource) =>
        [.. Objects(JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "seeds", "article", $"{resource}.json")))!["records"])];
}
