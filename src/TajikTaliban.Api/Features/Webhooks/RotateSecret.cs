using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>A new signing secret.</summary>
/// <param name="Secret">The secret. It is shown only once.</param>
/// <param name="PreviousSecretUntil">The end of the time in which the previous secret signs too (UTC).</param>
public sealed record WebhookSecretResponse(string Secret, DateTimeOffset PreviousSecretUntil);

/// <summary>POST of <c>/rotate-secret</c>: for a day messages are signed with both secrets, so that the receiver can take over the new
/// one.</summary>
internal static class RotateSecret
{
    private static readonly TimeSpan Overlap = TimeSpan.FromHours(24);

    public static async Task Handle(string id, WebhookEndpoints endpoints, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        await WebhookHttp.RefuseBodyAsync(http.Request, cancellation);
        var (secret, until) = (SecretSeal.New(), endpoints.Now + Overlap);
        if (!await endpoints.Store.RotateAsync(id, endpoints.Seal.Close(id, secret), until, cancellation))
            throw WebhookEndpoints.NotFound(id);
        endpoints.Wake();
        await WebhookHttp.SendAsync(http, 200, new WebhookSecretResponse(SecretSeal.Show(secret), until), cancellation);
    }
}
