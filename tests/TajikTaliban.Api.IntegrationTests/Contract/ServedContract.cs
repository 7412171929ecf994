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

    private static readonly string[] SaidOnlySometimes = ["Link", "Content-Location", "Last-Modified", "Idempotency-Replayed", "Redacted"];
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
        if (type is null || !declared.Content.TryGetValue(type, out var media))
            return [.. faults, $"is of the type {type}, which is not declared"];
        faults.AddRange(Faults(declared, media, type, body));
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
                yield return Body($"{id} takes {type}", type, media, null, _operations[id].RequestBody.Content[type]);
            foreach (var (status, answer) in operation["responses"]!.AsObject().Where(r => r.Key[0] == '2'))
            {
                var response = _operations[id].ActualResponses[status];
                foreach (var (type, media) in Contents(answer))
                    yield return Body($"{id} answers {status} {type}", type, media, response, response.Content[type]);
            }
        }

        static IEnumerable<KeyValuePair<string, JsonNode?>> Contents(JsonNode? of) => of?["content"]?.AsObject() ?? [];

        (string, IReadOnlyList<JsonNode>, Func<JsonNode, IEnumerable<string>>) Body(string name, string type, JsonNode? media,
            OpenApiResponse? response, OpenApiMediaType declared) =>
            (name, Examples.All(media!), example =>
                Faults(response, declared, type, declared.Schema.Format == Binary ? (string)example! : example.ToJsonString()));
    }

    /// <summary>What of a value is not as the contract's schema of this name says.</summary>
    public IEnumerable<string> Faults(string schema, string json) =>
        Document.Components.Schemas[schema].Validate(json, SchemaType.OpenApi3).Select(e => $"{schema} {e.Path}: {e.Kind}");

    private IEnumerable<string> Faults(OpenApiResponse? response, OpenApiMediaType media, string type, string body) =>
        media.Schema.Format != Binary ? media.Schema.Validate(body, SchemaType.OpenApi3).Select(e => $"{e.Path}: {e.Kind}")
        : type != "application/x-ndjson" ? body.Length == 0 ? ["is empty"] : []
        : response?.Content.ContainsKey("text/csv") == true
            ? FaultsOfRecords(response.Content["application/json"].Schema.ActualSchema, body)
        : FaultsOfLines(body);

    /// <summary>Every line is a record, with the schema of the JSON response or of the members of its list.</summary>
    private static IEnumerable<string> FaultsOfRecords(JsonSchema json, string body)
    {
        var record = json.ActualProperties.TryGetValue("items", out var items) ? items.ActualSchema.Item!.ActualSchema : json;
        var lines = body.Split('\n');
        if (lines[^1].Length > 0)
        {
            yield return "does not end with the end of a line";
        }

        foreach (var error in lines.Where(l => l.Length > 0).SelectMany(l => record.Validate(l, SchemaType.OpenApi3)))
        {
            yield return $"{error.Path}: {error.Kind}";
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
