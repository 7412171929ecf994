using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>PATCH: a merge patch (RFC 7396) on the version that <c>If-Match</c> names.</summary>
public sealed class ChangeRecord(RecordEditors editors, WriteRecord write)
{
    private static readonly WriteRequest<JsonElement> Request = WriteRequest.Json(["application/merge-patch+json", "application/json"],
        allowDoubled: false);

    public Task HandleAsync(string id, Resource resource, HttpContext http, CancellationToken cancellation)
    {
        var condition = RecordETag.ReadCondition(http.Request);
        return write.RunAsync(http, resource, Request,
            (session, body, parent) => editors.Of(resource)
                .PatchAsync(session, new RecordTarget(id, condition, parent), body, cancellation), cancellation);
    }
}
