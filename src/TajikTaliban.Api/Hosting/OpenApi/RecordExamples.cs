using System.Text.Json;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.Platform.Paging;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>
/// The examples of the contract: seed records, made into what the service answers by the same code. A test compares them with the answers.
/// </summary>
internal sealed class RecordExamples
{
    /// <summary>When the example records were recorded. (The clock of a running service would make another contract each time.)</summary>
    public static readonly DateTimeOffset RecordedAt = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

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

    public RecordExamples(ResourceCatalogue resources)
    {
        var seeds = SeedFiles.ReadAsync(SeedFiles.DefaultFolder, resources, CancellationToken.None).GetAwaiter().GetResult();
        _bodies = Chosen.ToDictionary(c => c.Key, c => seeds.First(s => s.Resource.Name == c.Key && s.Id == c.Value.Id).Body);
    }

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
        };
    }
}
