using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>Runs the operations whose response is the written record.</summary>
public sealed class WriteRecord(WriteCommand command, RecordReader records)
{
    /// <param name="http">The request and its response.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="request">How the body is read.</param>
    /// <param name="write">The operation; it takes the body and the id of the parent, null unless the resource is a part of one.</param>
    /// <param name="cancellation">Cancels the request.</param>
    public Task RunAsync(
        HttpContext http, Resource resource, WriteRequest<JsonElement> request,
        Func<RecordSession, JsonElement, string?, Task<Written>> write,
        CancellationToken cancellation) =>
        command.RunAsync(http, request, async (session, body) =>
        {
            var parent = Parent.IdOrNull(resource, http);
            await Parent.ThrowIfMissingAsync(resource, parent, records.Within(session.Connection), null, cancellation);
            return WriteResponse.Of(resource, await write(session, body, parent), Edition.Of(http));
        }, cancellation);
}
