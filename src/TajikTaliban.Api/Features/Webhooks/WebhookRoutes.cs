using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>Subscriptions to the changes, which are sent to them as Standard Webhooks 1.0 says. Decision 0018.</summary>
internal static class WebhookRoutes
{
    public static void AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(WebhookOptions.Read(configuration));
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<WebhookQueue>();
        services.AddSingleton<SecretSeal>();
        services.AddSingleton<Delivery>();
        services.AddSingleton<CreateWebhookValidator>();
        services.AddSingleton<ChangeWebhookValidator>();
        services.AddSingleton<Dispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
    }

    public static void MapWebhooks(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/webhooks").WithTags("Webhooks").RequireAuthorization(Roles.Admin)
            .ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(410).ProducesProblem(503);
        group.MapGet("/", ListWebhooks.Handle).WithName("listWebhooks").WithSummary("Lists the webhooks.")
            .WithDescription("All subscriptions, oldest first, each with its state and how far it has come. Needs a key of the role `admin`, as all of these do.")
            .Produces<WebhooksResponse>().ProducesProblem(406);
        group.MapPost("/", CreateWebhook.Handle).WithName("createWebhook").WithSummary("Adds a webhook.")
            .WithDescription("Every change of the feed is sent to the `url`, in order and at least once, signed as Standard Webhooks says (headers `webhook-id`, "
                + "`webhook-timestamp`, `webhook-signature`). A message is `{\"type\": \"actors.updated\", \"timestamp\": …, \"data\": …}`, the data as `/v1/changes` gives it. "
                + "The next one is sent when the one before was answered with 2xx; what is sent again has the same `webhook-id`. The secret is shown in this answer alone. "
                + "With `after` it begins at a position, such as that of a snapshot.")
            .Accepts<CreateWebhookRequest>("application/json").Produces<CreatedWebhookResponse>(201)
            .ProducesProblem(406).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        var one = group.MapGroup("/{id}").WithMetadata(Id);
        one.MapGet("", GetWebhook.Handle).WithName("getWebhook").WithSummary("Gives one webhook.")
            .WithDescription("Its state, the position up to which all has been delivered, failures of the next change, and the last attempt.")
            .Produces<WebhookResponse>().ProducesProblem(404).ProducesProblem(406);
        one.MapPatch("", ChangeWebhook.Handle).WithName("changeWebhook").WithSummary("Changes a webhook.")
            .WithDescription("A merge patch (RFC 7396) of `url`, `resources`, `description` and `active`. `active: true` lets a webhook that has stopped go on from "
                + "where it stopped. An attempt that is under way is not called back.")
            .Accepts<ChangeWebhookRequest>(ChangeWebhook.MergePatch, "application/json").Produces<WebhookResponse>()
            .ProducesProblem(404).ProducesProblem(406).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        one.MapDelete("", DeleteWebhook.Handle).WithName("deleteWebhook").WithSummary("Deletes a webhook.")
            .WithDescription("With its log and its dead letters.").Produces(204).ProducesProblem(404);
        one.MapPost("/rotate-secret", RotateSecret.Handle).WithName("rotateWebhookSecret").WithSummary("Gives a webhook a new secret.")
            .WithDescription("For 24 hours messages are signed with both the new secret and the one before: `webhook-signature` has two signatures. "
                + "The secret is shown in this answer alone.")
            .Produces<WebhookSecretResponse>().ProducesProblem(404).ProducesProblem(406);
        one.MapGet("/attempts", ListAttempts.Handle).WithName("listWebhookAttempts").WithSummary("Lists the attempts of a webhook.")
            .WithDescription("Newest first: what was answered, how long it took, why it failed. Only the newest are kept.").WithMetadata(Limit, Cursor)
            .Produces<WebhookAttemptsResponse>().ProducesProblem(404).ProducesProblem(406);
        one.MapGet("/dead-letters", ListDeadLetters.Handle).WithName("listWebhookDeadLetters").WithSummary("Lists the changes that could not be delivered.")
            .WithDescription("The change that stopped the webhook in the state `dead-letter`, and those that were passed over by a replay. A change leaves the list when "
                + "it is delivered.").WithMetadata(Limit, Cursor)
            .Produces<DeadLettersResponse>().ProducesProblem(404).ProducesProblem(406);
        one.MapPost("/replay", ReplayWebhook.Handle).WithName("replayWebhook").WithSummary("Lets a webhook go on from a place in the feed.")
            .WithDescription("`{\"deadLetters\": true}` goes on with the first change that could not be delivered, `{\"after\": position}` from any place; all that follows "
                + "is sent, in order, with the same `webhook-id` as before. The webhook is active then, whatever stopped it.")
            .Accepts<ReplayWebhookRequest>("application/json").Produces<WebhookResponse>()
            .ProducesProblem(404).ProducesProblem(406).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        one.MapPost("/test", TestWebhook.Handle).WithName("testWebhook").WithSummary("Sends a test message.")
            .WithDescription("A message of the type `ping`, at once and once, whatever the state. The answer says what came of it.")
            .Produces<WebhookAttemptResponse>().ProducesProblem(404).ProducesProblem(406);
    }

    /// <summary>The webhook of the examples.</summary>
    internal const string ExampleId = "3f9a1c07d2b84e65a0c1";

    private static PathParameter Id { get; } = new("id", "The webhook, by the id that it was given.", ParameterShape.Text(), ExampleId);

    private static QueryParameter Limit { get; } = new("limit", "How many at most.", ParameterShape.Number(1, ListRequest.MaxLimit, ListRequest.DefaultLimit));

    private static QueryParameter Cursor { get; } = new("cursor", "Where a page begins. Take it from `next` as it is; it is opaque.", ParameterShape.Text());
}
