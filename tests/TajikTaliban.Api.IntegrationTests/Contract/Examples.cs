using System.Text.Json.Nodes;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>The examples of the contract, and how answers are compared with them.</summary>
internal static class Examples
{
    /// <summary>The one of a body or of an answer.</summary>
    public static JsonNode Example(JsonNode of) => of["content"]!["application/json"]!["example"]!;

    /// <summary>The one of an answer in a media type: the main one, or another one that is sent on request.</summary>
    public static string Text(JsonNode answer, string mediaType) =>
        (string)(answer["content"]![mediaType] ?? answer["x-other-content"]![mediaType])!["example"]!;

    /// <summary>All of a media type, of which there may be one without a name or several with names.</summary>
    public static IReadOnlyList<JsonNode> All(JsonNode media) =>
        media["example"] is { } one ? [one] : [.. (media["examples"] as JsonObject ?? []).Select(e => e.Value!["value"]!)];

    /// <param name="expected">The example.</param>
    /// <param name="actual">The answer.</param>
    /// <param name="own">Fields, wherever they stand, whose values each service has its own of; that they are there is compared.</param>
    public static void AssertSame(JsonNode expected, JsonNode? actual, params string[] own)
    {
        var (left, right) = (Without(expected, own), Without(actual, own));
        Assert.True(JsonNode.DeepEquals(left, right), $"Expected {left?.ToJsonString()}\nbut got {right?.ToJsonString()}");
    }

    private static JsonNode? Without(JsonNode? node, string[] own) => node switch
    {
        JsonObject fields =>
            new JsonObject(
                fields.Select(f => KeyValuePair.Create(f.Key, own.Contains(f.Key) ? JsonValue.Create("own") : Without(f.Value, own)))),
        JsonArray members => new JsonArray([.. members.Select(m => Without(m, own))]),
        _ => node?.DeepClone(),
    };
}
