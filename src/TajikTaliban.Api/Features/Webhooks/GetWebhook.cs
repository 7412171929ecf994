using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>GET of one webhook endpoint.</summary>
internal static class GetWebhook
{
    public static async Task Handle(string id, WebhookEndpoints endpoints, HttpContext http, CancellationToken cancellation)
    {
        JsonAnswer.RequireJson(http.Request);
        WriteRecord.RefuseQuery(http);
        await WebhookHttp.SendAsync(http, 200, WebhookResponse.Of(await endpoints.FindAsync(id, cancellation)), cancellation);
    }
}
