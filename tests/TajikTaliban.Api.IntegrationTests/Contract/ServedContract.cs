using System.Net;
using System.Text.Json.Nodes;
using NJsonSchema;
using NSwag;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>The contract as the service serves it, to hold answers against.</summary>
internal sealed class ServedContract
{
    /// <summary>What is read as a stream or a text, and not as one JSON document.</summary>
    private const string Binary = "binary";

    private static readonly string[] SaidOnlySometimes =
        ["Link", "Content-Location", "Last-Modified", "Idempotency-Replayed", "Dry-Run", "Redacted"];
    private readonly Dictionary<string, OpenApiOperation> _operations;

    private ServedContract(OpenApiDocument document, JsonNode json)
    {
        (Document, Json) = (document, json);
        _operations = document.Operations.ToDictionary(o => o.Operation.OperationId, o => o.Operation);
    }

    public OpenApiDocument Document { get; }

    /// <summary>The same as it is written.</summary>
    public JsonNode Json { get; }

    public IEnumerable<string> Operations => _operations.Keys;

    public static async Task<ServedContract> LoadAsync(HttpClient client)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var text = await client.GetStringAsync("/openapi/v1.json", cancellation);
        return new ServedContract(await OpenApiDocument.FromJsonAsync(text, cancellation), JsonNode.Parse(text)!);
    }

    /// <summary>The answers that the contract names one by one.</summary>
    public IEnumerable<(string Operation, int Status)> Declared =>
        _operations.SelectMany(o => o.Value.ActualResponses.Keys.Where(s => s != "default").Select(s => (o.Key, int.Parse(s, null))));

    public OpenApiResponse Response(string operation, int status) =>
        _operations[operation].ActualResponses.TryGetValue(status.ToString(System.Globalization.CultureInfo.InvariantCulture),
            out var response)
            ? response
            : throw new InvalidOperationException($"{operation} answered {status}, which the contract does not say.");

    /// <summary>What of an answer is not as the contract says: nothing, if all is well.</summary>
    public async Task<List<string>> FaultsAsync(string operation, HttpResponseMessage answer)
    {
        var declared = Response(operation, (int)answer.StatusCode);
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var faults = new List<string>();
        foreach (var header in declared.Headers.Keys.Except(SaidOnlySometimes))
        {
            if (!answer.Headers.Concat(answer.Content.Headers).Any(h => h.Key.Equals(header, StringComparison.OrdinalIgnoreCase)))
                faults.Add($"has no {header}");
        }

        var type = answer.Content.Headers.ContentType?.MediaType;
        if (declared.Content.Count == 0)
            return body.Length == 0 ? faults : [.. faults, $"has a body: {body}"];
        if (type is not null && declared.Content.TryGetValue(type, out var media))
            faults.AddRange(Faults(media, body));
        else if (type is not null && OthersOf(declared).Contains(type))
            faults.AddRange(FaultsOfOther(declared, type, body));
        else
            return [.. faults, $"is of the type {type}, which is not declared"];
        if (answer.StatusCode == HttpStatusCode.Created && answer.Headers.Location is null)
            faults.Add("has no Location");
        return faults;
    }

    /// <summary>
    /// The bodies that operations take and those of their successes, by media type, with the examples of each. <c>Faults</c> says what of
    /// an
    /// example is not as the contract says.
    /// </summary>
    public IEnumerable<(string Name, IReadOnlyList<JsonNode> Examples, Func<JsonNode, IEnumerable<string>> Faults)> Bodies()
    {
        foreach (var operation in Json["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!))
        {
            var id = (string)operation["operationId"]!;
            foreach (var (type, media) in Contents(operation["requestBody"]))
                yield return Body($"{id} takes {type}", media, _operations[id].RequestBody.Content[type]);
            foreach (var (status, answer) in operation["responses"]!.AsObject().Where(r => r.Key[0] == '2'))
            {
                var response = _operations[id].ActualResponses[status];
                foreach (var (type, media) in Contents(answer))
                    yield return Body($"{id} answers {status} {type}", media, response.Content[type]);
            }
        }

        static IEnumerable<KeyValuePair<string, JsonNode?>> Contents(JsonNode? of) => of?["content"]?.AsObject() ?? [];

        (string, IReadOnlyList<JsonNode>, Func<JsonNode, IEnumerable<string>>) Body(string name, JsonNode? media,
            OpenApiMediaType declared) =>
            (name, Examples.All(media!), example =>
                Faults(declared, declared.Schema.Format == Binary ? (string)example! : example.ToJsonString()));
    }

    /// <summary>What of a value is not as the contract's schema of this name says.</summary>
    public IEnumerable<string> Faults(string schema, string json) =>
        Faults(Document.Components.Schemas[schema], json).Select(f => $"{schema} {f}");

    private static ICollection<string> OthersOf(OpenApiResponse response) =>
        response.ExtensionData?.TryGetValue("x-other-content", out var others) == true
            ? [.. JsonNode.Parse(others!.ToString()!)!.AsObject().Select(o => o.Key)] : [];

    private IEnumerable<string> Faults(OpenApiMediaType media, string body) =>
        media.Schema.Format != Binary ? Faults(media.Schema, body) : FaultsOfLines(body);

    private IEnumerable<string> FaultsOfOther(OpenApiResponse response, string type, string body) =>
        type != "application/x-ndjson" ? body.Length == 0 ? ["is empty"] : []
        : OthersOf(response).Contains("text/csv")
            ? FaultsOfRecords(response.Content["application/json"].Schema.ActualSchema, body)
        : FaultsOfLines(body);

    /// <summary>What of a value is not as the schema says; a field that it does not name is one too, although clients have to bear
    /// it.</summary>
    private static IEnumerable<string> Faults(JsonSchema schema, string json) =>
        schema.Validate(json, SchemaType.OpenApi3).Select(e => $"{e.Path}: {e.Kind}")
            .Concat(Unnamed(schema, JsonNode.Parse(json), "#"));

    private static IEnumerable<string> Unnamed(JsonSchema schema, JsonNode? value, string at)
    {
        schema = schema.ActualSchema;
        if (schema.AllOf.Count == 1 && schema.Properties.Count == 0)
            return Unnamed(schema.AllOf.Single(), value, at);
        if (value is JsonArray array && schema.Item is { } item)
            return array.SelectMany((member, i) => Unnamed(item, member, $"{at}/{i}"));
        if (value is not JsonObject fields)
            return [];
        var named = Parts(schema).SelectMany(p => p.Properties).ToDictionary(p => p.Key, p => (JsonSchema)p.Value);
        var others = Parts(schema).Select(p => p.AdditionalPropertiesSchema).FirstOrDefault(s => s is not null);
        if ((named.Count == 0 && others is null) || !schema.AllowAdditionalProperties)
            return [];
        return fields.SelectMany(field =>
            (named.GetValueOrDefault(field.Key) ?? others) is { } of ? Unnamed(of, field.Value, $"{at}/{field.Key}")
            : [$"{at}/{field.Key}: not named"]);

        static IEnumerable<JsonSchema> Parts(JsonSchema of) => of.AllOf.SelectMany(p => Parts(p.ActualSchema)).Append(of);
    }

    /// <summary>Every line is a record, with the schema of the JSON response or of the members of its list.</summary>
    private static IEnumerable<string> FaultsOfRecords(JsonSchema json, string body)
    {
        var record = json.ActualProperties.TryGetValue("items", out var items) ? items.ActualSchema.Item!.ActualSchema : json;
        var lines = body.Split('\n');
        if (lines[^1].Length > 0)
        {
            yield return "does not end with the end of a line";
        }

        foreach (var fault in lines.Where(l => l.Length > 0).SelectMany(l => Faults(record, l)))
        {
            yield return fault;
        }
    }

    /// <summary>Lines are JSON each; changes among them are as pages have them, and the last one says that it is the last.</summary>
    private IEnumerable<string> FaultsOfLines(string body)
    {
        var lines = body.Split('\n');
        if (lines[^1].Length > 0 || lines.Length < 2)
            yield return "does not end with the end of a line";
        var read = lines[..^1].Select(l => JsonNode.Parse(l)!.AsObject()).ToList();
        foreach (var fault in read.Where(l => l.ContainsKey("operation")).SelectMany(l => Faults("Change", l.ToJsonString())))
            yield return fault;
        if (read[^1]["complete"] is null || read[^1]["position"] is null)
            yield return $"does not end with a position: {read[^1].ToJsonString()}";
    }
}
