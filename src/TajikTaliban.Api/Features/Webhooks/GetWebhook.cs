using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>GET of one subscription.</summary>
internal static class GetWebhook
{
    public static async Task Handle(string id, WebhookStore store, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        JsonAnswer.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        await WebhookHttp.SendAsync(http, 200, WebhookResponse.Of(await WebhookHttp.FindAsync(id, store, time, cancellation)), cancellation);
    }
}
