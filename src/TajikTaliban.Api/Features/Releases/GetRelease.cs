using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Releases;

internal static class GetRelease
{
    public static async Task Handle(string id, ReleaseReader releases, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Errors();
        QueryText.Read(http.Request, [Edition.Parameter], [], errors);
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        var release = await FindAsync(id, "/path/id", releases, cancellation);
        if (id == AsOfParameter.LatestRelease)
        {
            http.Response.Headers.CacheControl = "no-cache";
            http.Response.Headers.Location = $"/v1/releases/{release.Id}?{Edition.Parameter}={Edition.Of(http).Text}";
            http.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            return;
        }

        var result = JsonSerializer.SerializeToUtf8Bytes(ReleaseResponse.Of(release), ApiJson.Options);
        await JsonResponse.SendAsync(http, result, RecordETag.OfBytes(result), release.CreatedAt, cancellation, isFixed: true);
    }

    public static async Task<Release> FindAsync(string id, string pointer, ReleaseReader releases, CancellationToken cancellation)
    {
        var found = id == AsOfParameter.LatestRelease ? await releases.LatestOrNullAsync(cancellation) : RecordId.IsValid(id)
            ? await releases.FindOrNullAsync(id, cancellation) : null;
        if (found is not null)
            return found;
        var near = Suggest.Nearest(id, (await releases.AllAsync(cancellation)).Select(r => r.Id));
        var what = id == AsOfParameter.LatestRelease
            ? new Fault(FaultCode.NotFound, "No release exists yet.", ("kind", "release"), ("value", id))
            : Fault.NotFound("release", id, near);
        throw new ProblemException(pointer.StartsWith("/path", StringComparison.Ordinal)
            ? ProblemType.NotFound : ProblemType.InvalidParameter, pointer, what);
    }
}
