using System.Text.Json;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Releases;

/// <summary>The releases, newest first.</summary>
/// <param name="Items">All releases.</param>
public sealed record ReleasesResponse(IReadOnlyList<ReleaseResponse> Items);

internal static class ListReleases
{
    public static async Task Handle(ReleaseReader releases, HttpContext http, CancellationToken cancellation)
    {
        QueryText.RefuseAny(http.Request);
        var result = JsonSerializer.SerializeToUtf8Bytes(
            new ReleasesResponse([.. (await releases.AllAsync(cancellation)).Select(ReleaseResponse.Of)]), ApiJson.Options);
        await JsonResponse.SendAsync(http, result, RecordETag.OfBytes(result), null, cancellation);
    }
}
