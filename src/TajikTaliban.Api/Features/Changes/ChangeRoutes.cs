namespace TajikTaliban.Api.Features.Changes;

internal static class ChangeRoutes
{
    public static void MapChanges(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("").WithTags("Changes");
        group.MapGet("/changes", GetChanges.Handle).WithName("listChanges").WithSummary("Gives every committed change once, in the order of commits.")
            .WithDescription("Creations, changes, deletions and merges of all resources, each with the record as it became. `next` goes on from where the page ended; "
                + "`wait` holds the request until there is something. `Accept: application/x-ndjson` gives all until now, a line each; `Accept: text/event-stream` "
                + "streams as it happens, and takes up a cut stream by `Last-Event-ID`.")
            .Produces<ChangesResponse>(200, "application/json").ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
        group.MapGet("/snapshot", GetSnapshot.Handle).WithName("getSnapshot").WithSummary("Gives every record at one position, line by line.")
            .WithDescription("NDJSON. The first line has the position that all lines are of, the last one the number of records and `complete`; without it the snapshot "
                + "was cut. A copy goes on with `/v1/changes?after=` that position: nothing is lost or doubled between.")
            .Produces<string>(200, "application/x-ndjson").ProducesProblem(400).ProducesProblem(406).ProducesProblem(503);
    }
}
