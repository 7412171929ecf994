using System.Text.Json;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.Features.Reports;

/// <summary>GET of one report, for whoever knows its id; what the reader wrote is for those who may write.</summary>
internal static class GetReport
{
    public static async Task Handle(string id, ReportDesk desk, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        var ofEditors = KeyNames.ViewFor(http).ShowsNames;
        var report = ReportResponse.Of(await desk.FindAsync(id, cancellation), desk.Catalogue, ofEditors);
        await JsonResponse.SendPrivateAsync(http, JsonSerializer.SerializeToUtf8Bytes(report, ApiJson.Options), cancellation);
    }
}
