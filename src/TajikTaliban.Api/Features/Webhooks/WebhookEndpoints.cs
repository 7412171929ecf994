using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
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

    /// <summary>The same in the transaction of a write.</summary>
    public WebhookEndpoints Within(RecordSession session) => new(store.Within(session.Connection), dispatcher, seal, options, time);

    /// <summary>The same response; when it is committed, deliveries start that the change of an endpoint makes possible.</summary>
    public WriteResponse Waking(WriteResponse response) => response with { OnCommitted = dispatcher.Wake };

    public static ProblemException NotFound(string id) => new(ProblemType.NotFound, "/path/id", Fault.NotFound("webhook endpoint", id));
}
