using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>POST of <c>/test</c>: one attempt with a message of the type <c>ping</c>. The position of the endpoint stays.</summary>
internal static class TestWebhook
{
    public static Task Handle(
        string id, WebhookEndpoints endpoints, Delivery delivery, WriteCommand command, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        return command.RunAsync(http, WebhookHttp.WithoutBody, async (session, _) =>
        {
            var own = endpoints.Within(session);
            var now = own.Now;
            var target = await own.Store.TargetOrNullAsync(id, now, cancellation) ?? throw WebhookEndpoints.NotFound(id);
            var attempt = (await delivery.SendAsync(target, Message.Ping(id, now), cancellation)).Attempt;
            var number = await own.Store.LogAsync(id, attempt, own.Options.KeptAttempts, cancellation);
            return WebhookHttp.Written(200, WebhookAttemptResponse.Of(attempt with { Number = number }));
        }, cancellation);
    }
}
