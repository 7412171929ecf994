using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Features.Batch;

internal static class BatchRoutes
{
    private const string Tag = "Batch";

    public static void MapBatch(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/batch", WriteBatch.Handle).WithTags(Tag).WithName("writeBatch").WithSummary("Write many records in one transaction")
            .WithDescription(
                $"An array of changes, or NDJSON with one on each line: at most {BatchLines.MaxLines:N0}, of any resource. They may "
                + "refer to records of "
                + "each other in any order, and records that refer to each other can be deleted together. A record is either written or "
                + "deleted by a batch, not both. Identifiers mean the records that had them before the batch; a merged id is rejected "
                + "(409). All lines are committed at one position, or none. The response reports all errors by line "
                + "(`/lines/12/record/name`, counted from 1, empty lines included; members of an array count as lines).")
            .WithMetadata(new WorkOf(Lane.Writes, WorkOf.Bulk),
                new TagText(Tag, "Many writes in one transaction."), SharedParameter.IdempotencyKey, SharedParameter.ChangeCause,
                SharedParameter.ChangeNote, SharedParameter.EncodedChangeNote, SharedParameter.DryRun,
                new ResponseText(200, "All lines were written at one position."),
                new ResponseExample(200, BatchExamples.Response))
            .WithMetadata(new RequestExample(BatchExamples.Request))
            .RequireAuthorization(Roles.Editor)
            .Accepts<BatchLineRequest[]>("application/json", "application/x-ndjson")
            .Produces<BatchResponse>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
            .ProducesProblem(409)
            .ProducesProblem(410).ProducesProblem(412).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);
}
