using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>POST of <c>/test</c>: one attempt with a message of the type <c>ping</c>. The position of the endpoint stays.</summary>
internal static class TestWebhook
{
    public static async Task Handle(
        string id, WebhookEndpoints endpoints, Delivery delivery, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        await WebhookHttp.RefuseBodyAsync(http.Request, cancellation);
        var now = endpoints.Now;
        var target = await endpoints.Store.TargetOrNullAsync(id, now, cancellation) ?? throw WebhookEndpoints.NotFound(id);
        var attempt = (await delivery.SendAsync(target, Message.Ping(id, now), cancellation)).Attempt;
        var number = await endpoints.Store.LogAsync(id, attempt, endpoints.Options.KeptAttempts, cancellation);
        await WebhookHttp.SendAsync(http, 200, WebhookAttemptResponse.Of(attempt with { Number = number }), cancellation);
    }
}
