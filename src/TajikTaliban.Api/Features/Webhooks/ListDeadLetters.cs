using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>A change that could not be delivered.</summary>
/// <param name="Position">Where it stands in the feed.</param>
/// <param name="MessageId">The message (`webhook-id`).</param>
/// <param name="Type">What it says, such as `actors.updated`.</param>
/// <param name="Id">The record.</param>
/// <param name="Version">The version that it made.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="FailedAt">When it was tried last (UTC).</param>
/// <param name="Status">The status that was answered then.</param>
/// <param name="Error">Why it failed.</param>
public sealed record DeadLetterResponse(
    string Position, string MessageId, string Type, string Id, int Version, int Attempts, DateTimeOffset FailedAt, int? Status, string? Error);

/// <summary>Changes that could not be delivered.</summary>
/// <param name="Items">The changes, oldest first.</param>
/// <param name="Next">The address of the next ones; null when there are none.</param>
public sealed record DeadLettersResponse(IReadOnlyList<DeadLetterResponse> Items, string? Next);

/// <summary>GET of <c>/dead-letters</c>: the change that stopped the subscription, and those that were passed over by hand since.</summary>
internal static class ListDeadLetters
{
    public static async Task Handle(string id, WebhookStore store, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        JsonAnswer.RequireJson(http.Request);
        var path = $"/v1/webhooks/{id}/dead-letters";
        var (limit, from) = WebhookHttp.ReadPage(http.Request, path);
        await WebhookHttp.FindAsync(id, store, time, cancellation);
        var (items, next) = WebhookHttp.Page(await store.DeadLettersAsync(id, from ?? 0, limit + 1, cancellation), limit, path, l => l.Seq);
        await WebhookHttp.SendAsync(http, 200, new DeadLettersResponse([.. items.Select(l =>
            new DeadLetterResponse(l.Position.ToString(), l.MessageId, l.Type, l.RecordId, l.Version, l.Attempts, l.FailedAt, l.Status, l.Error))], next), cancellation);
    }
}
