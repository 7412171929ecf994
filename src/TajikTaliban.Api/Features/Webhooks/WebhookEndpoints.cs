using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>Shared by the operations on webhook endpoints: the stored endpoints, their secrets, the options and the clock.</summary>
internal sealed class WebhookEndpoints(
    WebhookStore store, Dispatcher dispatcher, SecretSeal seal, WebhookOptions options, TimeProvider time)
{
    public WebhookStore Store => store;

    public SecretSeal Seal => seal;

    public WebhookOptions Options => options;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <exception cref="ProblemException">404: no endpoint has this id.</exception>
    public async Task<Webhook> FindAsync(string id, CancellationToken cancellation) =>
        await store.FindOrNullAsync(id, Now, cancellation) ?? throw NotFound(id);

    /// <summary>Starts deliveries that a change of an endpoint makes possible.</summary>
    public void Wake() => dispatcher.Wake();

    public static ProblemException NotFound(string id) => new(ProblemType.NotFound, "/path/id", $"No webhook endpoint has the id '{id}'.");
}
