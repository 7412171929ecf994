using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>The webhook endpoints.</summary>
/// <param name="Items">All endpoints, oldest first.</param>
public sealed record WebhooksResponse(IReadOnlyList<WebhookResponse> Items);

/// <summary>GET of <c>/v1/webhooks</c>.</summary>
internal static class ListWebhooks
{
    public static async Task Handle(WebhookEndpoints endpoints, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        var webhooks = await endpoints.Store.AllAsync(endpoints.Now, cancellation);
        await WebhookHttp.SendAsync(http, 200, new WebhooksResponse([.. webhooks.Select(WebhookResponse.Of)]), cancellation);
    }
}
