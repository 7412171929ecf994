using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>POST of <c>/test</c>: sends a message of the type <c>ping</c> at once and says what came of it. It moves nothing.</summary>
internal static class TestWebhook
{
    public static async Task Handle(
        string id, WebhookStore store, Delivery delivery, WebhookOptions options, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        JsonAnswer.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        await WebhookHttp.RefuseBodyAsync(http.Request, cancellation);
        var now = time.GetUtcNow();
        var target = await store.TargetOrNullAsync(id, now, cancellation) ?? throw WebhookHttp.NotFound(id);
        var attempt = (await delivery.SendAsync(target, Message.Ping(id, now), cancellation)).Attempt;
        var number = await store.LogAsync(id, attempt, options.KeptAttempts, cancellation);
        await WebhookHttp.SendAsync(http, 200, WebhookAttemptResponse.Of(attempt with { Number = number }), cancellation);
    }
}
