using System.Text.Json.Nodes;
using TajikTaliban.Api.Features.Webhooks;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>The examples of webhooks: one that a change is sent to, which its receiver refuses once.</summary>
internal sealed class WebhookExamples
{
    private const string Id = WebhookRoutes.ExampleId;

    /// <summary>Base64 that anybody sees to be no secret.</summary>
    private const string Secret = "ThisIsAnExampleAndNoSecretThisIsAnExample00=";

    public WebhookExamples(Change change, ResourceCatalogue resources)
    {
        var message = Message.Of(Id, change, resources);
        var refused = new WebhookAttempt(1, message.Id, message.Type, message.Position, change.CommittedAt.AddSeconds(1), 31, 503, "The receiver answered 503.", "Try again later.");
        var taken = refused with { Number = 2, StartedAt = refused.StartedAt.AddSeconds(4), Milliseconds = 84, Status = 204, Error = null, Answer = null };
        var made = new Webhook(Id, "https://example.org/changes", ["indicators", "observations"], "Keeps a copy up to date.", WebhookState.Active,
            RecordExamples.Place.Whole, 0, null, null, 0, RecordExamples.RecordedAt.UtcDateTime.AddHours(1), "operator", null);
        var webhook = made with { Position = change.Position, LastAttempt = taken };
        // as often as a service tries that is not set otherwise
        var last = refused with { Number = new WebhookOptions().Attempts, StartedAt = refused.StartedAt.AddHours(12) };
        var secret = SecretSeal.Show(Convert.FromBase64String(Secret));
        var ping = Message.Ping(Id, RecordExamples.RecordedAt) with { Id = $"msg-{Id}-ping-4be0643f1d98573b" };

        Requests = new()
        {
            ["createWebhook"] = [new(ExampleJson.OfRequest(new CreateWebhookRequest { Url = made.Url, Resources = made.Resources, Description = made.Description }))],
            ["changeWebhook"] = [new(ExampleJson.OfRequest(new ChangeWebhookRequest { Active = false }))],
            ["replayWebhook"] =
            [
                new(ExampleJson.OfRequest(new ReplayWebhookRequest { DeadLetters = true }), "deadLetters", "From the first change that could not be delivered"),
                new(ExampleJson.OfRequest(new ReplayWebhookRequest { After = RecordExamples.Position }), "after", "From any place in the feed"),
            ],
        };
        Answers = new()
        {
            ["createWebhook"] = ExampleJson.Of(new CreatedWebhookResponse { Webhook = WebhookResponse.Of(made), Secret = secret }),
            ["listWebhooks"] = ExampleJson.Of(new WebhooksResponse([WebhookResponse.Of(webhook)])),
            ["getWebhook"] = ExampleJson.Of(WebhookResponse.Of(webhook)),
            ["changeWebhook"] = ExampleJson.Of(WebhookResponse.Of(webhook with { State = WebhookState.Paused })),
            ["listWebhookAttempts"] = ExampleJson.Of(new WebhookAttemptsResponse([WebhookAttemptResponse.Of(taken), WebhookAttemptResponse.Of(refused)], null)),
            ["listWebhookDeadLetters"] = ExampleJson.Of(new DeadLettersResponse(
                [new(change.Position.ToString(), message.Id, message.Type, change.Id, change.Version, (int)last.Number, last.StartedAt, last.Status, last.Error)], null)),
            // the place before the change that could not be delivered
            ["replayWebhook"] = ExampleJson.Of(WebhookResponse.Of(
                made with { Position = change.Position with { Change = change.Position.Change - 1 }, DeadLetters = 1, LastAttempt = last })),
            ["rotateWebhookSecret"] = ExampleJson.Of(new WebhookSecretResponse(secret, RecordExamples.RecordedAt.AddHours(25))),
            ["testWebhook"] = ExampleJson.Of(WebhookAttemptResponse.Of(
                taken with { Number = 3, MessageId = ping.Id, Type = ping.Type, Position = ping.Position, StartedAt = taken.StartedAt.AddHours(1) })),
        };
    }

    /// <summary>What the operations answer, as JSON.</summary>
    public Dictionary<string, JsonNode> Answers { get; }

    /// <summary>What they take.</summary>
    public Dictionary<string, IReadOnlyList<RequestExample>> Requests { get; }
}
