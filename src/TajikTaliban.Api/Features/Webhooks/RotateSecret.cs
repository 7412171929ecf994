using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Writing;

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

    public static Task Handle(
        string id, WebhookEndpoints endpoints, WriteCommand command, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        return command.RunAsync(http, WebhookHttp.WithoutBody with { Seal = endpoints.Seal.OfResponses }, async (session, _) =>
        {
            var own = endpoints.Within(session);
            var (secret, until) = (SecretSeal.New(), own.Now + Overlap);
            if (!await own.Store.RotateAsync(id, own.Seal.Close(id, secret), until, cancellation))
                throw WebhookEndpoints.NotFound(id);
            return own.Waking(WebhookHttp.Written(200, new WebhookSecretResponse(SecretSeal.Show(secret), until)));
        }, cancellation);
    }
}
