using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>
/// The examples of resources: seed records, made into what the service answers by the same code. A test compares them with the answers.
/// </summary>
internal sealed class RecordExamples
{
    /// <summary>When the example records were recorded. (The clock of a running service would make another contract each time.)</summary>
    public static readonly DateTimeOffset RecordedAt = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    /// <summary>Where in the ledger they stand, as it may be.</summary>
    public static readonly Position Place = new(1, 42, "5f0c2b9a");

    /// <summary>The position of the transaction that they were recorded in.</summary>
    public static readonly string Position = Place.Whole.ToString();

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

    private readonly RecordEditors _editors;

    public RecordExamples(ResourceCatalogue resources, RecordEditors editors)
    {
        _editors = editors;
        var seeds = SeedFiles.ReadAsync(SeedFiles.DefaultFolder, resources, CancellationToken.None).ToBlockingEnumerable().ToList();
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

    public JsonNode Record(Resource resource) => _editors.Of(resource).Preview(_bodies[resource.Name], RecordedAt);

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
        ["items"] = new JsonArray(ExampleJson.Written(json => GetHistory.Write(json, resource, Created(resource), null))),
        ["next"] = null,
    };

    /// <summary>The change that made the example record.</summary>
    public Change Created(Resource resource) => new(
        Place, resource.Table, IdOf(resource.Name), 1, "created", null, Seeder.Note, null, null, RecordedAt.UtcDateTime, ExampleJson.Bytes(Record(resource)));

    /// <summary>The availability of a service that holds the example record alone.</summary>
    public JsonNode Availability(Resource resource)
    {
        var record = Record(resource);
        DateOnly? Day(string field) => (string?)record[field] is { } day ? DateOnly.Parse(day, CultureInfo.InvariantCulture) : null;
        return ExampleJson.Of(new AvailabilityResponse(
            resource.Name,
            resource.List.HasDates ? new Coverage(1, Day("earliest"), Day("latest")) : new Coverage(1, null, null),
            resource.List.Facets.ToDictionary(f => f.Name, f => (IReadOnlyList<FacetValue>)[.. PathsOf(resource, f.Name).SelectMany(p => Values(record, p.Split('.')))
                .Distinct().Order(StringComparer.Ordinal).Select(v => new FacetValue(v, 1))])));
    }

    /// <summary>Where in a record the values of a facet stand.</summary>
    private static string[] PathsOf(Resource resource, string facet) => (resource.Name, facet) switch
    {
        ("actors", "status") => ["statuses.status"],
        ("relations", "actor") => ["subject", "object"],
        ("events", "actor") => ["participants.actor"],
        ("observations", "subject") => ["subjects"],
        (_, "certainty") => ["citations.certainty"],
        _ => [facet],
    };

    private static IEnumerable<string> Values(JsonNode? node, string[] path) => node switch
    {
        null => [],
        JsonArray members => members.SelectMany(m => Values(m, path)),
        _ when path.Length == 0 => [node.ToString()],
        _ => Values(node[path[0]], path[1..]),
    };
}
