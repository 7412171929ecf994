using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>A message. Its id depends only on the endpoint and the change, so that all attempts and replays have the same one.</summary>
/// <param name="Id">The id, without dots: they separate the parts of the signed text.</param>
/// <param name="Type">The type, such as <c>actors.updated</c>.</param>
/// <param name="Position">The position of the change; null for a test.</param>
/// <param name="Body">The body.</param>
internal sealed record Message(string Id, string Type, string? Position, ReadOnlyMemory<byte> Body)
{
    private const string PingType = "ping";

    public static Message Of(string webhook, Change change, ResourceCatalogue catalogue, KeyView keys)
    {
        var type = $"{catalogue.OfTable(change.Table).Name}.{change.Operation}";
        return new Message($"msg-{webhook}-{change.Position.Number}-{change.Position.Change}-{change.Position.Token}", type,
            change.Position.ToString(),
            Write(type, change.CommittedAt, json => ChangeJson.Write(json, change, catalogue, keys)));
    }

    public static Message Ping(string webhook, DateTimeOffset now) =>
        new($"msg-{webhook}-ping-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}", PingType, null,
            Write(PingType, now.UtcDateTime, json =>
        {
            json.WriteStartObject();
            json.WriteString("webhook", webhook);
            json.WriteEndObject();
        }));

    private static ReadOnlyMemory<byte> Write(string type, DateTime timestamp, Action<Utf8JsonWriter> data)
    {
        var body = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(body, ApiJson.Writing);
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("timestamp", timestamp);
        json.WritePropertyName("data");
        data(json);
        json.WriteEndObject();
        json.Flush();
        return body.WrittenMemory;
    }
}
