using Microsoft.Extensions.Options;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>Webhook endpoints, which receive the changes by the rules of Standard Webhooks 1.0. Decision 0018.</summary>
internal static class WebhookRoutes
{
    private const string Tag = "Webhooks";
    private const string Json = "application/json";

    public static void AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookSettings>().BindConfiguration(WebhookSettings.Section)
            // the binder reads an array only from several settings
            .Configure<IConfiguration>((settings, configuration) => settings.AllowedNetworks ??=
                configuration[$"{WebhookSettings.Section}:{nameof(WebhookSettings.AllowedNetworks)}"] is { } text ? [text] : null)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebhookSettings>, WebhookSettings>();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<WebhookSettings>>().Value.ToOptions());
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<SecretSeal>();
        services.AddSingleton<Delivery>();
        services.AddSingleton<CreateWebhookValidator>();
        services.AddSingleton<ChangeWebhookValidator>();
        services.AddSingleton<WebhookEndpoints>();
        services.AddSingleton<Dispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
    }

    public static void MapWebhooks(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/webhooks").WithTags(Tag).WithMetadata(new TagText(Tag,
                "Webhook endpoints, which receive every change (Standard Webhooks 1.0). All operations need a key with the role `admin`."))
            .RequireAuthorization(Roles.Admin)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(410).ProducesProblem(503);
        group.MapGet("/", ListWebhooks.Handle).WithName("listWebhooks").WithSummary("List webhook endpoints")
            .WithDescription("All endpoints, oldest first, each with its state and the position of its deliveries.")
            .WithMetadata(new ResponseText(200, "All webhook endpoints."), new ResponseExample(200, WebhookExamples.All))
            .Produces<WebhooksResponse>().ProducesProblem(406);
        group.MapPost("/", CreateWebhook.Handle).WithName("createWebhook").WithMetadata(SharedParameter.IdempotencyKey)
            .WithSummary("Create a webhook endpoint")
            .WithDescription(
                "The service sends every change to the `url`, in order and at least once, signed by Standard Webhooks (headers "
                + "`webhook-id`, `webhook-timestamp`, `webhook-signature`). A message is `{\"type\": \"actors.updated\", \"timestamp\": …, "
                + "\"data\": …}`, with the change as in `/v1/changes`. A 2xx response completes a delivery; the next one follows. All "
                + "attempts "
                + "of a delivery have the same `webhook-id`. The secret is shown only in this response. With `after` deliveries start at a "
                + "position, such as that of a snapshot.")
            .WithMetadata(new RequestExample(WebhookExamples.CreateRequest),
                new ResponseText(201, "The webhook endpoint, with its secret."),
                new ResponseExample(201, WebhookExamples.CreateResponse))
            .Accepts<CreateWebhookRequest>(Json).Produces<CreatedWebhookResponse>(201)
            .ProducesProblem(406).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        MapOne(group.MapGroup("/{id}").WithMetadata(Id));
    }

    private static void MapOne(RouteGroupBuilder one)
    {
        one.MapGet("", GetWebhook.Handle).WithName("getWebhook").WithSummary("Get a webhook endpoint")
            .WithDescription(
                "Its state, the position up to which all changes have been delivered, the failures of the next change, and the last "
                + "attempt.")
            .WithMetadata(new ResponseText(200, "The webhook endpoint."), new ResponseExample(200, WebhookExamples.One))
            .Produces<WebhookResponse>().ProducesProblem(404).ProducesProblem(406);
        one.MapPatch("", ChangeWebhook.Handle).WithName("changeWebhook").WithMetadata(SharedParameter.IdempotencyKey)
            .WithSummary("Change a webhook endpoint")
            .WithDescription(
                "A merge patch (RFC 7396) of `url`, `resources`, `description` and `active`. `active: true` resumes a stopped endpoint at "
                + "its position. A running attempt is not cancelled.")
            .WithMetadata(new RequestExample(WebhookExamples.ChangeRequest), new ResponseText(200, "The changed webhook endpoint."),
                new ResponseExample(200, WebhookExamples.Paused))
            .Accepts<ChangeWebhookRequest>(ChangeWebhook.MergePatch, Json).Produces<WebhookResponse>()
            .ProducesProblem(404).ProducesProblem(406).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        one.MapDelete("", DeleteWebhook.Handle).WithName("deleteWebhook").WithMetadata(SharedParameter.IdempotencyKey)
            .WithSummary("Delete a webhook endpoint")
            .WithDescription("Deletes its attempts and dead letters too.")
            .WithMetadata(new ResponseText(204, "The webhook endpoint was deleted."))
            .Produces(204).ProducesProblem(404);
        one.MapPost("/rotate-secret", RotateSecret.Handle).WithName("rotateWebhookSecret").WithMetadata(SharedParameter.IdempotencyKey)
            .WithSummary("Rotate the secret of a webhook endpoint")
            .WithDescription(
                "For 24 hours messages are signed with both the new and the previous secret: `webhook-signature` has two signatures. "
                + "The secret is shown only in this response.")
            .WithMetadata(new ResponseText(200, "The new secret."), new ResponseExample(200, WebhookExamples.Rotated))
            .Produces<WebhookSecretResponse>().ProducesProblem(404).ProducesProblem(406);
        one.MapGet("/attempts", ListAttempts.Handle).WithName("listWebhookAttempts").WithSummary("List the attempts of a webhook endpoint")
            .WithDescription("Newest first, each with the response, the duration and the error. Only the newest attempts are kept.")
            .WithMetadata(Limit, Cursor, new ResponseText(200, "Attempts, newest first."),
                new ResponseExample(200, WebhookExamples.Attempts))
            .Produces<WebhookAttemptsResponse>().ProducesProblem(404).ProducesProblem(406);
        one.MapGet("/dead-letters", ListDeadLetters.Handle).WithName("listWebhookDeadLetters")
            .WithSummary("List the dead letters of a webhook endpoint")
            .WithDescription(
                "The change that stopped the endpoint in the state `dead-letter`, and the changes that a replay has passed over. A "
                + "successful delivery removes a change from the list.")
            .WithMetadata(Limit, Cursor, new ResponseText(200, "Dead letters, oldest first."),
                new ResponseExample(200, WebhookExamples.DeadLetters))
            .Produces<DeadLettersResponse>().ProducesProblem(404).ProducesProblem(406);
        one.MapPost("/replay", ReplayWebhook.Handle).WithName("replayWebhook").WithMetadata(SharedParameter.IdempotencyKey)
            .WithSummary("Replay changes to a webhook endpoint")
            .WithDescription(
                "`{\"deadLetters\": true}` starts at the first dead letter, `{\"after\": position}` at any position. All later changes "
                + "are sent in order, with the same `webhook-id` as before. The endpoint becomes active.")
            .WithMetadata(new RequestExample(WebhookExamples.ReplayDeadLetters, "deadLetters", "From the first dead letter"),
                new RequestExample(WebhookExamples.ReplayAfter, "after", "From a position"),
                new ResponseText(200, "The webhook endpoint, active."), new ResponseExample(200, WebhookExamples.Replayed))
            .Accepts<ReplayWebhookRequest>(Json).Produces<WebhookResponse>()
            .ProducesProblem(404).ProducesProblem(406).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        one.MapPost("/test", TestWebhook.Handle).WithName("testWebhook").WithMetadata(SharedParameter.IdempotencyKey)
            .WithSummary("Send a test message to a webhook endpoint")
            .WithDescription("One attempt with a message of the type `ping`, in any state of the endpoint.")
            .WithMetadata(new ResponseText(200, "The attempt."), new ResponseExample(200, WebhookExamples.Tested))
            .Produces<WebhookAttemptResponse>().ProducesProblem(404).ProducesProblem(406);
    }

    private static PathParameter Id { get; } = new("id", "The id of the webhook endpoint.", ParameterShape.Text(), WebhookExamples.Id);

    private static QueryParameter Limit { get; } =
        new("limit", "Entries per page.", ParameterShape.Number(1, ListRequest.MaxLimit, ListRequest.DefaultLimit));

    private static QueryParameter Cursor { get; } =
        new("cursor", "Start of the page. Take it from `next` unchanged.", ParameterShape.Text(QueryText.MaxValueLength));
}
