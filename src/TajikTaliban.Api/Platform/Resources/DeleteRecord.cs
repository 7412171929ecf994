using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>DELETE: leaves a tombstone. While other records refer to the record, the response is 409 with a list of them.</summary>
public sealed class DeleteRecord(ResourceCatalogue catalogue, RecordEditors editors, RecordReader records, WriteCommand command)
{
    public Task HandleAsync(string id, Resource resource, HttpContext http, CancellationToken cancellation)
    {
        var condition = RecordETag.ReadCondition(http.Request);
        return command.RunAsync(http, WriteRequest.WithoutBody, async (session, _) =>
        {
            var target = new RecordTarget(id, condition, Parent.IdOrNull(resource, http));
            var deletion = await editors.Of(resource).DeleteAsync(session, target, cancellation);
            if (!deletion.IsRefused)
                return WriteResponse.Deleted(resource, deletion);
            throw new ProblemException(ProblemType.StillReferenced, deletion.Refusal)
            {
                ReferencedBy =
                [
                    .. await catalogue.LinksAsync(deletion.Referrers.First, records.Within(session.Connection), cancellation),
                ],
                ReferencedByTotal = deletion.Referrers.Total,
            };
        }, cancellation);
    }
}
