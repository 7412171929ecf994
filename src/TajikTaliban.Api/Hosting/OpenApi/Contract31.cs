using System.Text.Json;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Features.Webhooks;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>The contract as OpenAPI 3.1, which can also say what the service sends to webhook endpoints.</summary>
internal static class Contract31
{
    private static readonly JsonSerializerOptions Indented = new(ApiJson.Options) { WriteIndented = true };

    public static string Of(string written)
    {
        var contract = JsonNode.Parse(written)!.AsObject();
        contract["webhooks"] = new JsonObject { ["changed"] = new JsonObject { ["post"] = Delivery() } };
        return contract.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Delivery() => new()
    {
        ["tags"] = new JsonArray("Webhooks"),
        ["summary"] = "A change, as sent to webhook endpoints",
        ["description"] = "Signed by Standard Webhooks. All attempts of a delivery have the same id; a response other than 2xx is followed "
            + "by another attempt.",
        ["operationId"] = "receiveChange",
        ["security"] = new JsonArray(),
        ["parameters"] = new JsonArray(
            Header(Signature.IdHeader, "The id of the message, the same in all attempts."),
            Header(Signature.TimestampHeader, "When this attempt was made: seconds since 1970 (UTC)."),
            Header(Signature.SignatureHeader, "Signatures, separated by spaces: `v1,` and HMAC-SHA256 in Base64.")),
        ["requestBody"] = new JsonObject
        {
            ["required"] = true,
            ["content"] = new JsonObject
            {
                ["application/json"] = new JsonObject
                {
                    ["schema"] = new JsonObject
                    {
                        ["type"] = "object",
                        ["required"] = new JsonArray("type", "timestamp", "data"),
                        ["properties"] = new JsonObject
                        {
                            ["type"] = Text("The resource and the operation, such as `actors.updated`."),
                            ["timestamp"] = new JsonObject
                            {
                                ["type"] = "string",
                                ["format"] = "date-time",
                                ["description"] = "The instant of the commit (UTC).",
                            },
                            ["data"] = new JsonObject { ["$ref"] = "#/components/schemas/Change" },
                        },
                    },
                },
            },
        },
        ["responses"] = new JsonObject
        {
            ["2XX"] = new JsonObject { ["description"] = "Received; the next change follows." },
            ["410"] = new JsonObject { ["description"] = "The endpoint is no more: it is paused." },
            ["default"] = new JsonObject { ["description"] = "Not received; the delivery is tried again." },
        },
    };

    private static JsonObject Header(string name, string description) => new()
    {
        ["name"] = name,
        ["in"] = "header",
        ["required"] = true,
        ["description"] = description,
        ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };
}
