using TajikTaliban.Api.Platform.Querying;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>DELETE of one webhook endpoint, with its attempts.</summary>
internal static class DeleteWebhook
{
    public static async Task Handle(string id, WebhookEndpoints endpoints, HttpContext http, CancellationToken cancellation)
    {
        QueryText.RefuseAny(http.Request);
        if (!await endpoints.Store.DeleteAsync(id, cancellation))
            throw WebhookEndpoints.NotFound(id);
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
