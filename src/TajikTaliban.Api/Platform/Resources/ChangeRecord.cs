using Npgsql;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>PATCH: a merge patch (RFC 7396) on the record that <c>If-Match</c> names.</summary>
public static class ChangeRecord
{
    private static readonly string[] MediaTypes = ["application/merge-patch+json", "application/json"];

    public static Task Handle<TResource>(string id, TResource resource, RecordEditors editors, TimeProvider time, NpgsqlDataSource database, HttpContext http, CancellationToken cancellation)
        where TResource : Resource
    {
        var condition = RecordETag.ReadCondition(http.Request);
        return WriteRecord.RunAsync(http, resource, MediaTypes, false, time, database,
            (writer, body, scope) => editors.Of(resource).PatchAsync(writer, id, body, condition, scope, cancellation), cancellation);
    }
}
