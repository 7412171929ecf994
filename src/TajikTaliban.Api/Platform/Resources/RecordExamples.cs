using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>
/// The examples of the contract: each resource's example record, and the responses that a service gives that holds these records alone,
/// made by the service's own code. A test sends the records and compares the responses.
/// </summary>
public sealed class RecordExamples(ResourceCatalogue catalogue, RecordEditors editors)
{
    /// <summary>The address of the service in examples.</summary>
    public const string Origin = "http://localhost:8080";

    /// <summary>The instant at which the example records were recorded: fixed, so that every service makes the same contract.</summary>
    public static readonly DateTimeOffset RecordedAt = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    /// <summary>The place of the example records in the ledger.</summary>
    internal static readonly Position Place = new(1, 42, "5f0c2b9a");

    /// <summary>The position of the transaction that recorded them.</summary>
    public static readonly string Position = Place.Whole.ToString();

    /// <summary>The edition in the examples, which the real one is a digest of.</summary>
    public static readonly Edition Edition = new("4b7d12e0");

    private static readonly KeyName Editor = new("editor");

    /// <summary>The secret of the pseudonyms in the examples. Each service has one of its own.</summary>
    internal static readonly byte[] Secret = new byte[32];

    /// <summary>How the examples show keys: as readers without a key see them.</summary>
    internal static KeyView Keys { get; } = new(false, name => KeyNames.PseudonymOf(name, Secret));

    /// <summary>The instant and the place in the ledger of the correction.</summary>
    private static readonly DateTimeOffset CorrectedAt = new(2026, 12, 1, 9, 30, 0, TimeSpan.Zero);

    private static readonly Position CorrectionPlace = new(2, 43, "c81e728d");

    public ResourceCatalogue Catalogue { get; } = new(catalogue.All, Edition);

    /// <summary>The resource whose example has a correction; the examples of operations on changes are about its record.</summary>
    public Resource Changed => catalogue.All.First(r => r.Example.Correction is not null);

    public Resource Of(string name) => catalogue.All.Single(r => r.Name == name);

    public static JsonNode Request(Resource resource) => JsonNode.Parse(resource.Example.Body)!;

    public static JsonNode Patch(Resource resource) => JsonNode.Parse(resource.Example.Patch)!;

    public JsonNode Record(Resource resource)
    {
        using var body = JsonDocument.Parse(resource.Example.Body);
        return editors.Of(resource).Preview(body.RootElement, RecordedAt);
    }

    /// <summary>
    /// The example record in a format other than JSON, with the defaults of the format's parameters. A referenced record has a name only
    /// if it is an example itself.
    /// </summary>
    public JsonNode Record(Resource resource, RecordFormat format)
    {
        var names = new RecordNames(resource, null, null, null);
        foreach (var table in resource.List.Expands.Select(e => e.Table).Distinct())
        {
            var other = catalogue.OfTable(table);
            names.Add(table, other.Example.Id, ExampleJson.Bytes(Record(other)));
        }

        var values = format.Parameters.ToDictionary(p => p.Name, p => p.Default);
        using var body = new PooledBody();
        var writer = format.Open(new RecordSet(resource, null, names, values, Edition), body);
        writer.Add(ExampleJson.Bytes(Record(resource)));
        writer.Complete(new RecordSetEnd(1, Position));
        return JsonValue.Create(Encoding.UTF8.GetString(body.Written.Span));
    }

    /// <summary>The example record of a resource that is part of another, as a link.</summary>
    public RecordLink Part()
    {
        var part = catalogue.All.First(r => r.List.Scope is not null);
        return new RecordLink(part.Name, part.Example.Id, part.PathOf(part.Example.Id, ExampleJson.Bytes(Record(part))));
    }

    /// <summary>The page that matches the query of the example.</summary>
    public JsonNode Page(Resource resource)
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString($"?{resource.Example.Query}");
        var understood = new JsonObject();
        var request = ListRequest.Read(http.Request, resource, null);
        foreach (var parameter in request.Echo.GroupBy(e => e.Key))
            understood[parameter.Key] = new JsonArray([.. parameter.SelectMany(p => p.Value).Select(v => (JsonNode)JsonValue.Create(v))]);
        var record = Record(resource);
        if (request.Query.Time is { Model.HasCourses: true })
            record[ListRequest.HoldsField] = "certain";
        return new JsonObject
        {
            ["items"] = new JsonArray(record),
            ["next"] = null,
            ["complete"] = true,
            ["query"] = understood,
            ["matched"] = null,
            ["count"] = null,
            ["facets"] = null,
            ["facetsKind"] = null,
            ["empty"] = null,
            ["mayAlsoHold"] = null,
            ["expanded"] = null,
            ["position"] = Position,
        };
    }

    /// <summary>The history of the example record: one version.</summary>
    public JsonNode History(Resource resource) => new JsonObject
    {
        ["items"] = new JsonArray(ExampleJson.Written(json => GetHistory.Write(json, resource, Created(resource), null, Keys, Edition))),
        ["next"] = null,
    };

    /// <summary>The change that created the example record.</summary>
    public Change Created(Resource resource) => new(Place, resource.Table, resource.Example.Id, 1, "created", null,
        "Added with its source.", null, Editor, RecordedAt.UtcDateTime, ExampleJson.Bytes(Record(resource)));

    /// <summary>The change that corrected the example record of <see cref="Changed"/>.</summary>
    public Change Corrected()
    {
        var created = Created(Changed);
        var correction = Changed.Example.Correction!;
        var record = JsonNode.Parse(created.Document)!;
        record[correction.Field] = correction.Text;
        record["version"] = created.Version + 1;
        record["recordedAt"] = ExampleJson.Of(CorrectedAt);
        return created with
        {
            Position = CorrectionPlace,
            Version = created.Version + 1,
            Operation = "updated",
            Cause = "our-error",
            Note = correction.Note,
            CommittedAt = CorrectedAt.UtcDateTime,
            Document = ExampleJson.Bytes(record),
        };
    }

    /// <summary>The availability of a service that holds the example record alone.</summary>
    public JsonNode Availability(Resource resource)
    {
        var record = Record(resource);
        DateOnly? Day(string field) => (string?)record[field] is { } day ? DateOnly.Parse(day, CultureInfo.InvariantCulture) : null;
        return ExampleJson.Of(new AvailabilityResponse(
            resource.Name,
            resource.List.HasDates ? new Coverage(1, Day("earliest"), Day("latest")) : new Coverage(1, null, null),
            resource.List.Facets.ToDictionary(f => f.Name, f => Counts(resource, f, record)),
            ListCount.Exact));
    }

    /// <summary>Records that are no examples have no label.</summary>
    private IReadOnlyList<FacetValue> Counts(Resource resource, FacetDefinition facet, JsonNode record) =>
    [
        .. resource.FacetPaths(facet.Name).SelectMany(p => Values(record, p.Split('.'))).Distinct()
            .Where(v => v != (facet as PartFacet)?.Except).Order(StringComparer.Ordinal)
            .Select(v => new FacetValue(v, LabelOrNull(FacetLabels.FilterOrNull(resource, facet.Name), v), 1)),
    ];

    private string? LabelOrNull(FilterDefinition? filter, string value)
    {
        if (filter?.Target is not { } target)
            return filter?.Codes?.LabelOf(value);
        var example = Catalogue.All.Single(r => r.Table == target.Table);
        return example.Example.Id == value ? (string?)(Record(example)["name"] ?? Record(example)["title"]) : null;
    }

    private static IEnumerable<string> Values(JsonNode? node, string[] path) => node switch
    {
        null => [],
        JsonArray members => members.SelectMany(m => Values(m, path)),
        _ when path.Length == 0 => [node.ToString()],
        _ => Values(node[path[0]], path[1..]),
    };
}
