using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace TajikTaliban.Api.Platform.Json;

/// <summary>Examples, written as the service writes the bodies that they show.</summary>
internal static class ExampleJson
{
    /// <summary>A request leaves out the fields that its sender does not set.</summary>
    private static readonly JsonSerializerOptions Sent = new(
        ApiJson.Options)
    { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The body of a response.</summary>
    public static JsonNode Of<T>(T response) => JsonSerializer.SerializeToNode(response, ApiJson.Options)!;

    /// <summary>The body of a request.</summary>
    public static JsonNode OfRequest<T>(T body) => JsonSerializer.SerializeToNode(body, Sent)!;

    /// <summary>The output of a function that writes part of a response.</summary>
    public static JsonNode Written(Action<Utf8JsonWriter> write)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, ApiJson.Writing))
        {
            write(json);
        }

        return JsonNode.Parse(text.ToArray())!;
    }

    /// <summary>A record as it is stored.</summary>
    public static byte[] Bytes(JsonNode record) => Encoding.UTF8.GetBytes(record.ToJsonString(ApiJson.Options));

    /// <summary>NDJSON.</summary>
    public static JsonValue Lines(IEnumerable<JsonNode> lines) =>
        JsonValue.Create(string.Concat(lines.Select(l => l.ToJsonString(ApiJson.Options) + "\n")));
}
