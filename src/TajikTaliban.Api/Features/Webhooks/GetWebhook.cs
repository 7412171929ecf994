using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>GET of one webhook endpoint.</summary>
internal static class GetWebhook
{
    public static async Task Handle(string id, WebhookEndpoints endpoints, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        await WebhookHttp.SendAsync(http, 200, WebhookResponse.Of(await endpoints.FindAsync(id, cancellation)), cancellation);
    }
}
