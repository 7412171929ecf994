using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>DELETE of one webhook endpoint, with its attempts.</summary>
internal static class DeleteWebhook
{
    public static async Task Handle(string id, WebhookEndpoints endpoints, HttpContext http, CancellationToken cancellation)
    {
        WriteRecord.RefuseQuery(http);
        if (!await endpoints.Store.DeleteAsync(id, cancellation))
            throw WebhookEndpoints.NotFound(id);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
