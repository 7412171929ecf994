using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>DELETE of one webhook endpoint, with its attempts.</summary>
internal static class DeleteWebhook
{
    public static Task Handle(
        string id, WebhookEndpoints endpoints, WriteCommand command, HttpContext http, CancellationToken cancellation) =>
        command.RunAsync(http, WriteRequest.WithoutBody, async (session, _) =>
            await endpoints.Within(session).Store.DeleteAsync(id, cancellation)
                ? new WriteResponse(StatusCodes.Status204NoContent, new Dictionary<string, string>(), [])
                : throw WebhookEndpoints.NotFound(id), cancellation);
}
