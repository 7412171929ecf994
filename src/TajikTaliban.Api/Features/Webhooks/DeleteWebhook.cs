using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>DELETE of one subscription, with its log.</summary>
internal static class DeleteWebhook
{
    public static async Task Handle(string id, WebhookStore store, HttpContext http, CancellationToken cancellation)
    {
        QueryText.RefuseAny(http.Request);
        if (!await store.DeleteAsync(id, cancellation))
            throw WebhookHttp.NotFound(id);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
