using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>DELETE of one subscription, with its log.</summary>
internal static class DeleteWebhook
{
    public static async Task Handle(string id, WebhookStore store, HttpContext http, CancellationToken cancellation)
    {
        WriteRecord.RefuseQuery(http);
        if (!await store.DeleteAsync(id, cancellation))
            throw WebhookHttp.NotFound(id);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
