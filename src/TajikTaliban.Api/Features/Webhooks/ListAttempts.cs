using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>Attempts of a subscription.</summary>
/// <param name="Items">The attempts, newest first.</param>
/// <param name="Next">The address of the older ones; null when there are none.</param>
public sealed record WebhookAttemptsResponse(IReadOnlyList<WebhookAttemptResponse> Items, string? Next);

/// <summary>GET of <c>/attempts</c>: the log, of which the newest are kept.</summary>
internal static class ListAttempts
{
    public static async Task Handle(string id, WebhookStore store, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        JsonAnswer.RequireJson(http.Request);
        var path = $"/v1/webhooks/{id}/attempts";
        var (limit, from) = WebhookHttp.ReadPage(http.Request, path);
        await WebhookHttp.FindAsync(id, store, time, cancellation);
        var (items, next) = WebhookHttp.Page(await store.AttemptsAsync(id, from ?? long.MaxValue, limit + 1, cancellation), limit, path, a => a.Number);
        await WebhookHttp.SendAsync(http, 200, new WebhookAttemptsResponse([.. items.Select(WebhookAttemptResponse.Of)], next), cancellation);
    }
}
