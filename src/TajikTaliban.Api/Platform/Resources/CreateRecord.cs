using Npgsql;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>POST: a new record, under the id that the body gives or one made from what the record says.</summary>
public static class CreateRecord
{
    private static readonly string[] MediaTypes = ["application/json"];

    public static Task Handle<TResource>(TResource resource, RecordEditors editors, TimeProvider time, NpgsqlDataSource database, HttpContext http, CancellationToken cancellation)
        where TResource : Resource =>
        WriteRecord.RunAsync(http, resource, MediaTypes, true, time, database,
            (writer, body, scope) => editors.Of(resource).CreateAsync(writer, body, scope, cancellation), cancellation);
}
