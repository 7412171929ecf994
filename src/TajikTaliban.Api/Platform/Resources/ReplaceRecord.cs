using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>PUT: replaces the record (<c>If-Match</c>), or creates it at this id (<c>If-None-Match: *</c>).</summary>
public sealed class ReplaceRecord(RecordEditors editors, WriteRecord write)
{
    private static readonly WriteRequest<JsonElement> Request = WriteRequest.Json(["application/json"], allowDoubled: true);

    public Task HandleAsync(string id, Resource resource, HttpContext http, CancellationToken cancellation)
    {
        var condition = RecordETag.ReadCondition(http.Request);
        return write.RunAsync(http, resource, Request,
            (session, body, parent) => editors.Of(resource).PutAsync(session, new RecordTarget(id, condition, parent), body, cancellation),
            cancellation);
    }
}
