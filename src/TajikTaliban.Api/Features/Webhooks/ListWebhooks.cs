using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>The subscriptions.</summary>
/// <param name="Items">All of them, oldest first.</param>
public sealed record WebhooksResponse(IReadOnlyList<WebhookResponse> Items);

/// <summary>GET of <c>/v1/webhooks</c>.</summary>
internal static class ListWebhooks
{
    public static async Task Handle(WebhookStore store, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        JsonAnswer.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        var webhooks = await store.AllAsync(time.GetUtcNow(), cancellation);
        await WebhookHttp.SendAsync(http, 200, new WebhooksResponse([.. webhooks.Select(WebhookResponse.Of)]), cancellation);
    }
}
