using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>Attempts of a webhook endpoint.</summary>
/// <param name="Items">The attempts, newest first.</param>
/// <param name="Next">The address of the next page, with older attempts; null on the last page.</param>
public sealed record WebhookAttemptsResponse(IReadOnlyList<WebhookAttemptResponse> Items, string? Next);

/// <summary>GET of <c>/attempts</c>: the newest attempts, as many as the settings keep.</summary>
internal static class ListAttempts
{
    public static async Task Handle(string id, WebhookEndpoints endpoints, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        var path = $"/v1/webhooks/{id}/attempts";
        var (limit, from) = WebhookHttp.ReadPage(http.Request, path);
        await endpoints.FindAsync(id, cancellation);
        var read = await endpoints.Store.AttemptsAsync(id, from ?? long.MaxValue, limit + 1, cancellation);
        var (items, next) = WebhookHttp.Page(read, limit, path, a => a.Number, Cursor.SecretsOf(http));
        await WebhookHttp.SendAsync(http, 200, new WebhookAttemptsResponse([.. items.Select(WebhookAttemptResponse.Of)], next),
            cancellation);
    }
}
