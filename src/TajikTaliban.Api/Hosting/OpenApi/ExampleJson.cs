using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>Examples as the service writes what they are examples of.</summary>
internal static class ExampleJson
{
    /// <summary>What is sent has no fields that its sender has nothing to say of.</summary>
    private static readonly JsonSerializerOptions Sent = new(ApiJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>An answer.</summary>
    public static JsonNode Of<T>(T answer) => JsonSerializer.SerializeToNode(answer, ApiJson.Options)!;

    /// <summary>A body of a request.</summary>
    public static JsonNode OfRequest<T>(T body) => JsonSerializer.SerializeToNode(body, Sent)!;

    /// <summary>What a function writes that answers are written with.</summary>
    public static JsonNode Written(Action<Utf8JsonWriter> write)
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, ApiJson.Writing))
            write(json);
        return JsonNode.Parse(text.ToArray())!;
    }

    /// <summary>A record as it is stored.</summary>
    public static byte[] Bytes(JsonNode record) => Encoding.UTF8.GetBytes(record.ToJsonString(ApiJson.Options));

    /// <summary>NDJSON.</summary>
    public static JsonValue Lines(IEnumerable<JsonNode> lines) => JsonValue.Create(string.Concat(lines.Select(l => l.ToJsonString(ApiJson.Options) + "\n")));
}
