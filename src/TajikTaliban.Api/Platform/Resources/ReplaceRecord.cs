using Npgsql;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>PUT: the whole record anew (<c>If-Match</c>), or a new one at this id (<c>If-None-Match: *</c>).</summary>
public static class ReplaceRecord
{
    private static readonly string[] MediaTypes = ["application/json"];

    public static Task Handle<TResource>(string id, TResource resource, RecordEditors editors, TimeProvider time, NpgsqlDataSource database, HttpContext http, CancellationToken cancellation)
        where TResource : Resource
    {
        var condition = RecordETag.ReadCondition(http.Request);
        return WriteRecord.RunAsync(http, resource, MediaTypes, true, time, database,
            (writer, body, scope) => editors.Of(resource).PutAsync(writer, id, body, condition, scope, cancellation), cancellation);
    }
}
