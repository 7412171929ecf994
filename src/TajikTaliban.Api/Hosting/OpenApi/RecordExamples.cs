using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Features.Changes;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.Platform.History;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Paging;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>
/// The examples of the contract: seed records, made into what the service answers by the same code. A test compares them with the answers.
/// </summary>
internal sealed class RecordExamples
{
    /// <summary>When the example records were recorded. (The clock of a running service would make another contract each time.)</summary>
    public static readonly DateTimeOffset RecordedAt = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    /// <summary>A position as it may be.</summary>
    public const string Position = "1-5f0c2b9a";

    private const string Lines = "application/x-ndjson";

    /// <summary>The record of each resource that serves as its example, a query that gives it alone, and the fields that a patch of it shows.</summary>
    private static readonly Dictionary<string, (string Id, string Query, string[] Patch)> Chosen = new()
    {
        ["sources"] = ("asatryan-tajikistan-and-the-taliban", "kind=article", ["publisher"]),
        ["actors"] = ("taliban", "name=Taliban", ["description"]),
        ["relations"] = ("tajikistan-border-afghanistan", "actor=tajikistan&actor=afghanistan&type=border&validAt=2000", ["summary"]),
        ["events"] = ("yatimov-kabul-visit-2024-08", "actor.source=saimumin-yatimov&type=CONSULT", ["status"]),
        ["trade"] = ("tajikistan-afghanistan-turnover-2024-s1", "reporter=tajikistan&partner=afghanistan", ["value", "approximate"]),
        ["indicators"] = ("border-length", "unit=km", ["description"]),
        ["observations"] = ("border-length-tajikistan-afghanistan", "from=2024", ["note"]),
    };

    private readonly Dictionary<string, JsonElement> _bodies;
    private readonly Dictionary<(string Operation, string MediaType), JsonNode> _ofRoutes;
    private readonly ResourceCatalogue _resources;

    public RecordExamples(ResourceCatalogue resources)
    {
        _resources = resources;
        var seeds = SeedFiles.ReadAsync(SeedFiles.DefaultFolder, resources, CancellationToken.None).GetAwaiter().GetResult();
        _bodies = Chosen.ToDictionary(c => c.Key, c => seeds.First(s => s.Resource.Name == c.Key && s.Id == c.Value.Id).Body);
        _ofRoutes = OfRoutes();
    }

    /// <summary>What an operation that is not of one resource's records answers; null where its schema says enough.</summary>
    public JsonNode? OfRouteOrNull(string operation, string mediaType) =>
        _ofRoutes.TryGetValue((operation, mediaType), out var example) ? example.DeepClone() : null;

    public static string IdOf(string resource) => Chosen[resource].Id;

    /// <summary>The query that the example of a list answers.</summary>
    public static string Query(Resource resource) => Chosen[resource.Name].Query;

    public JsonNode Request(Resource resource) => JsonNode.Parse(_bodies[resource.Name].GetRawText())!;

    public JsonNode Patch(Resource resource)
    {
        var patch = new JsonObject();
        foreach (var field in Chosen[resource.Name].Patch)
            patch[field] = JsonNode.Parse(_bodies[resource.Name].GetProperty(field).GetRawText());
        return patch;
    }

    public JsonNode Record(Resource resource) => resource.Preview(_bodies[resource.Name], RecordedAt);

    /// <summary>The page that the query of the example gives.</summary>
    public JsonNode Page(Resource resource)
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString($"?{Query(resource)}");
        var understood = new JsonObject();
        foreach (var parameter in ListRequest.Read(http.Request, resource, null).Echo.GroupBy(e => e.Key))
            understood[parameter.Key] = new JsonArray([.. parameter.SelectMany(p => p.Value).Select(v => (JsonNode)JsonValue.Create(v))]);
        return new JsonObject
        {
            ["items"] = new JsonArray(Record(resource)),
            ["next"] = null,
            ["complete"] = true,
            ["query"] = understood,
            ["count"] = null,
            ["facets"] = null,
            ["empty"] = null,
            ["expanded"] = null,
            ["position"] = Position,
        };
    }

    /// <summary>The versions of the example record, which has one.</summary>
    public JsonNode History(Resource resource) => new JsonObject
    {
        ["items"] = new JsonArray(Written(json => GetHistory.Write(json, resource, Created(resource), null))),
        ["next"] = null,
    };

    private Dictionary<(string, string), JsonNode> OfRoutes()
    {
        // the smallest of the examples: a unit and a name
        var resource = _resources.All.First(r => r.Name == "indicators");
        var change = Created(resource);
        var written = Written(json => ChangeJson.Write(json, change, _resources));
        var end = new JsonObject { ["position"] = Position, ["complete"] = true };
        return new()
        {
            [("listChanges", "application/json")] = new JsonObject
            {
                ["items"] = new JsonArray(written.DeepClone()),
                ["next"] = $"/v1/changes?after={Position}",
                ["complete"] = true,
                ["position"] = Position,
            },
            [("listChanges", Lines)] = Text([written, end]),
            [("listChanges", "text/event-stream")] = JsonValue.Create($"retry: 1000\n: connected\n\n{Encoding.UTF8.GetString(StreamChanges.Render(change, _resources))}"),
            [("getSnapshot", Lines)] = Text(
            [
                new JsonObject { ["position"] = Position },
                new JsonObject { ["resource"] = resource.Name, ["id"] = change.Id, ["version"] = 1, ["record"] = Record(resource) },
                new JsonObject { ["position"] = Position, ["records"] = 1, ["complete"] = true },
            ]),
        };
    }

    /// <summary>The change that made the example record.</summary>
    private Change Created(Resource resource)
    {
        var document = Encoding.UTF8.GetBytes(Record(resource).ToJsonString(ApiJson.Options));
        return new Change(Domain.Position.TryParse("1.42-5f0c2b9a", out var place) ? place : default, resource.Table, IdOf(resource.Name), 1, "created",
            null, Seeder.Note, null, null, RecordedAt.UtcDateTime, document);
    }

    private static JsonNode Written(Action<Utf8JsonWriter> write)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, ChangeJson.Writing))
            write(json);
        return JsonNode.Parse(text.ToArray())!;
    }

    private static JsonValue Text(IEnumerable<JsonNode> lines) => JsonValue.Create(string.Concat(lines.Select(l => l.ToJsonString(ApiJson.Options) + "\n")));
}
