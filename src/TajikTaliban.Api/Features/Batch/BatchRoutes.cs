using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;

namespace TajikTaliban.Api.Features.Batch;

internal static class BatchRoutes
{
    public static void MapBatch(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/batch", WriteBatch.Handle).WithTags("Batch").WithName("writeBatch").WithSummary("Writes many records in one transaction.")
            .WithDescription($"NDJSON: a line for each record, {BatchLines.MaxLines:N0} lines at most, of all resources. Lines may refer to records of other lines, in any "
                + "order. Either all of it is committed, at one position, or nothing. All that is wrong is told at once, by line "
                + "(`/lines/12/record/name`, counted from 1).")
            .WithMetadata(SharedParameter.IdempotencyKey, SharedParameter.ChangeCause, SharedParameter.ChangeNote, new AnswerText(200, "All lines were written, at one position."))
            .RequireAuthorization(Roles.Editor)
            .Accepts<BatchLineRequest>("application/x-ndjson")
            .Produces<BatchResponse>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(410)
            .ProducesProblem(412).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);
}
