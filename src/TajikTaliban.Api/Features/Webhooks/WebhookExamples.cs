using System.Text.Json.Nodes;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>The examples of webhook endpoints: one endpoint, a change, and a receiver that refuses it once.</summary>
internal static class WebhookExamples
{
    /// <summary>The id of the endpoint, as in the path.</summary>
    public const string Id = "3f9a1c07d2b84e65a0c1";

    private const string PingId = $"msg-{Id}-ping-4be0643f1d98573b";

    /// <summary>Base64 that reads as an example.</summary>
    private const string Secret = "ThisIsAnExampleAndNoSecretThisIsAnExample00=";

    private static readonly Webhook Created = new(
        Id, "https://example.org/changes", ["indicators", "observations"], "Keeps a copy up to date.", WebhookState.Active,
        RecordExamples.Place.Whole, 0, null, null, 0, RecordExamples.RecordedAt.UtcDateTime.AddHours(1), "operator", null);

    private static string ShownSecret => SecretSeal.Show(Convert.FromBase64String(Secret));

    public static JsonNode CreateRequest(RecordExamples examples) => ExampleJson.OfRequest(
        new CreateWebhookRequest { Url = Created.Url, Resources = Created.Resources, Description = Created.Description });

    public static JsonNode ChangeRequest(RecordExamples examples) => ExampleJson.OfRequest(new ChangeWebhookRequest { Active = false });

    public static JsonNode ReplayDeadLetters(RecordExamples examples) =>
        ExampleJson.OfRequest(new ReplayWebhookRequest { DeadLetters = true });

    public static JsonNode ReplayAfter(RecordExamples examples) =>
        ExampleJson.OfRequest(new ReplayWebhookRequest { After = RecordExamples.Position });

    public static JsonNode CreateResponse(RecordExamples examples) =>
        ExampleJson.Of(new CreatedWebhookResponse { Webhook = WebhookResponse.Of(Created), Secret = ShownSecret });

    public static JsonNode All(RecordExamples examples) => ExampleJson.Of(new WebhooksResponse([WebhookResponse.Of(Delivered(examples))]));

    public static JsonNode One(RecordExamples examples) => ExampleJson.Of(WebhookResponse.Of(Delivered(examples)));

    public static JsonNode Paused(RecordExamples examples) =>
        ExampleJson.Of(WebhookResponse.Of(Delivered(examples) with { State = WebhookState.Paused }));

    public static JsonNode Attempts(RecordExamples examples) => ExampleJson.Of(new WebhookAttemptsResponse(
        [WebhookAttemptResponse.Of(Second(examples)), WebhookAttemptResponse.Of(First(examples))], null));

    public static JsonNode DeadLetters(RecordExamples examples)
    {
        var (change, last) = (examples.Corrected(), Last(examples));
        return ExampleJson.Of(new DeadLettersResponse(
        [
            new(change.Position.ToString(), last.MessageId, last.Type, change.Id, change.Version, (int)last.Number, last.StartedAt,
                last.Status,
                last.Error),
        ], null));
    }

    /// <summary>The endpoint at the place before the change that could not be delivered.</summary>
    public static JsonNode Replayed(RecordExamples examples)
    {
        var place = examples.Corrected().Position;
        return ExampleJson.Of(WebhookResponse.Of(Created with
        {
            Position = place with { Change = place.Change - 1 },
            DeadLetters = 1,
            LastAttempt = Last(examples),
        }));
    }

    public static JsonNode Rotated(RecordExamples examples) =>
        ExampleJson.Of(new WebhookSecretResponse(ShownSecret, RecordExamples.RecordedAt.AddHours(25)));

    public static JsonNode Tested(RecordExamples examples)
    {
        var ping = Message.Ping(Id, RecordExamples.RecordedAt);
        var second = Second(examples);
        return ExampleJson.Of(WebhookAttemptResponse.Of(second with
        {
            Number = 3,
            MessageId = PingId,
            Type = ping.Type,
            Position = ping.Position,
            StartedAt = second.StartedAt.AddHours(1),
        }));
    }

    private static Webhook Delivered(RecordExamples examples) =>
        Created with { Position = examples.Corrected().Position, LastAttempt = Second(examples) };

    private static WebhookAttempt First(RecordExamples examples)
    {
        var change = examples.Corrected();
        var message = Message.Of(Id, change, examples.Catalogue, RecordExamples.Keys);
        return new WebhookAttempt(
            1, message.Id, message.Type, message.Position, change.CommittedAt.AddSeconds(1), 31, 503, Delivery.Failed(503),
            "Try again later.");
    }

    private static WebhookAttempt Second(RecordExamples examples)
    {
        var first = First(examples);
        return first with
        {
            Number = 2,
            StartedAt = first.StartedAt.AddSeconds(4),
            Milliseconds = 84,
            Status = 204,
            Error = null,
            ResponseBody = null,
        };
    }

    /// <summary>The last attempt before the endpoint stops, with the default settings.</summary>
    private static WebhookAttempt Last(RecordExamples examples)
    {
        var first = First(examples);
        return first with { Number = new WebhookOptions().Attempts, StartedAt = first.StartedAt.AddHours(12) };
    }
}
