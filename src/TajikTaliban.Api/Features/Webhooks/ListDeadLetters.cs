using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>A change that could not be delivered.</summary>
/// <param name="Position">The position of the change.</param>
/// <param name="MessageId">The id of the message (`webhook-id`).</param>
/// <param name="Type">The type of the message, such as `actors.updated`.</param>
/// <param name="Id">The id of the record.</param>
/// <param name="Version">The version that the change made.</param>
/// <param name="Attempts">Number of attempts.</param>
/// <param name="FailedAt">The instant of the last attempt (UTC).</param>
/// <param name="Status">The status of the last response; null without a response.</param>
/// <param name="Error">The error of the last attempt.</param>
public sealed record DeadLetterResponse(
    string Position, string MessageId, string Type, string Id, int Version, int Attempts, DateTimeOffset FailedAt, int? Status,
    string? Error);

/// <summary>Changes that could not be delivered.</summary>
/// <param name="Items">The changes, oldest first.</param>
/// <param name="Next">The address of the next page; null on the last page.</param>
public sealed record DeadLettersResponse(IReadOnlyList<DeadLetterResponse> Items, string? Next);

/// <summary>GET of <c>/dead-letters</c>: the change that stopped the endpoint, and the changes that a replay has passed over.</summary>
internal static class ListDeadLetters
{
    public static async Task Handle(string id, WebhookEndpoints endpoints, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        var path = $"/v1/webhooks/{id}/dead-letters";
        var (limit, from) = WebhookHttp.ReadPage(http.Request, path);
        await endpoints.FindAsync(id, cancellation);
        var read = await endpoints.Store.DeadLettersAsync(id, from ?? 0, limit + 1, cancellation);
        var (items, next) = WebhookHttp.Page(read, limit, path, l => l.Seq, Cursor.SecretsOf(http));
        await WebhookHttp.SendAsync(http, 200, new DeadLettersResponse([.. items.Select(Response)], next), cancellation);
    }

    private static DeadLetterResponse Response(Storage.Webhooks.WebhookDeadLetter letter) => new(
        letter.Position.ToString(), letter.MessageId, letter.Type, letter.RecordId, letter.Version, letter.Attempts, letter.FailedAt,
        letter.Status, letter.Error);
}
