using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>POST: a new record, with the id that the body gives or one made from its content.</summary>
public sealed class CreateRecord(RecordEditors editors, WriteRecord write)
{
    private static readonly WriteRequest<JsonElement> Request = WriteRequest.Json(["application/json"], allowDoubled: true);

    public Task HandleAsync(Resource resource, HttpContext http, CancellationToken cancellation) =>
        write.RunAsync(http, resource, Request,
            (session, body, parent) => editors.Of(resource).CreateAsync(session, body, parent, cancellation), cancellation);
}
