using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>A new secret.</summary>
/// <param name="Secret">The secret, shown this once.</param>
/// <param name="PreviousSecretUntil">Until when the one before signs too (UTC).</param>
public sealed record WebhookSecretResponse(string Secret, DateTimeOffset PreviousSecretUntil);

/// <summary>POST of <c>/rotate-secret</c>: a receiver has a day to take over the new secret, in which messages are signed with both.</summary>
internal static class RotateSecret
{
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    public static async Task Handle(
        string id, WebhookStore store, SecretSeal seal, Dispatcher dispatcher, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        JsonAnswer.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        await WebhookHttp.RefuseBodyAsync(http.Request, cancellation);
        var (secret, until) = (SecretSeal.New(), time.GetUtcNow() + Overlap);
        if (!await store.RotateAsync(id, seal.Close(id, secret), until, cancellation))
            throw WebhookHttp.NotFound(id);
        dispatcher.Wake();
        await WebhookHttp.SendAsync(http, 200, new WebhookSecretResponse(SecretSeal.Show(secret), until), cancellation);
    }
}
