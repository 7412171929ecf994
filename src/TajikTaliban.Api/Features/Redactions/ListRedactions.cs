using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Redactions;

/// <summary>A version whose content was removed.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Id">The id of the record.</param>
/// <param name="Version">The version.</param>
/// <param name="Position">The position of the removal.</param>
/// <param name="RedactedAt">The instant of the removal (UTC).</param>
/// <param name="Reason">Why, in words.</param>
public sealed record RedactionResponse(
    string Resource, string Id, int Version, string Position, DateTimeOffset RedactedAt, string Reason);

/// <summary>Versions whose content was removed, the last removed first.</summary>
/// <param name="Items">The versions.</param>
/// <param name="Next">The address of the next page; null on the last page.</param>
public sealed record RedactionsResponse(IReadOnlyList<RedactionResponse> Items, string? Next);

/// <summary>GET of <c>/v1/redactions</c>.</summary>
internal static class ListRedactions
{
    private const string Query = "redactions";

    public static async Task Handle(
        Storage.Ledger.Redactions redactions, ResourceCatalogue catalogue, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Errors();
        var text = QueryText.Read(http.Request, ["limit", "cursor"], [], errors);
        var limit = text.Limit(errors) ?? ListRequest.DefaultLimit;
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        var secrets = Cursor.SecretsOf(http);
        long? before = text["cursor"] is not { } cursor ? null
            : long.TryParse(
                Cursor.Read(cursor, 1, Query, secrets)[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number : throw Cursor.Refused();
        var found = await redactions.ReadAsync(before, limit + 1, cancellation);
        var next = found.Count <= limit ? null : QueryHelpers.AddQueryString(http.Request.Path.ToUriComponent(),
            new Dictionary<string, string?>
            {
                ["limit"] = limit.ToString(CultureInfo.InvariantCulture),
                ["cursor"] = Cursor.Write([found[limit - 1].Seq.ToString(CultureInfo.InvariantCulture)], Query, secrets),
            });
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new RedactionsResponse([.. found.Take(limit).Select(r => ResponseOf(r, catalogue))], next), ApiJson.Options);
        await JsonResponse.SendAsync(http, body, RecordETag.OfBytes(body), null, cancellation);
    }

    public static RedactionResponse ResponseOf(Redaction redaction, ResourceCatalogue catalogue) => new(
        catalogue.OfTable(redaction.Table).Name, redaction.Id, redaction.Version, redaction.Position.ToString(), redaction.At,
        redaction.Reason);
}
