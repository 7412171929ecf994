using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Features.Changes;

internal static class ChangeRoutes
{
    private const string Tag = "Changes";
    private const string Lines = "application/x-ndjson";
    private const string Events = "text/event-stream";

    public static void MapChanges(this IEndpointRouteBuilder v1)
    {
        var resources = v1.ServiceProvider.GetRequiredService<ResourceCatalogue>().OneOrMore;
        var group = v1.MapGroup("").WithTags(Tag).WithMetadata(new TagText(Tag,
            "Every committed change, and all records at one position, to keep a copy up to date."));
        group.MapGet("/changes", GetChanges.Handle).WithName("listChanges").WithSummary("List changes in the order of commits")
            .WithDescription("Each committed change once: creations, changes, deletions and merges of all resources, each with the resulting record. `next` "
                + "continues after the page; `wait` waits for new changes (long poll). `Accept: application/x-ndjson` returns all changes until "
                + "now, one per line; `Accept: text/event-stream` streams new changes, and `Last-Event-ID` resumes a stream.")
            .WithMetadata(
                new QueryParameter("after", "Return changes after this position (of a change, a page or a snapshot); `now` for future changes only (default: the "
                    + "beginning).", ParameterShape.Text(60)),
                new QueryParameter("resource", "Resources to include (default: all).", resources),
                new QueryParameter("limit", $"Maximum number of changes (default: {ListRequest.DefaultLimit} per JSON page, no limit for lines and streams).",
                    ParameterShape.Number(1, ListRequest.MaxLimit)),
                new QueryParameter("wait", "Long-poll timeout in seconds (JSON pages only).", ParameterShape.Number(0, FeedRequest.MostSeconds, 0)),
                new HeaderParameter("Last-Event-ID", "Resume a stream after this event; browsers send it. Takes precedence over `after`.", ParameterShape.Text(60)),
                new AnswerText(200, "A page of changes, oldest first."),
                new ResponseExample(200, ChangeExamples.Page), new ResponseExample(200, ChangeExamples.Lines, Lines),
                new ResponseExample(200, ChangeExamples.Stream, Events),
                new OtherContent(200, Lines, $"As `{Lines}`: one change per line; the last line has `complete` and the `position` to continue from."),
                new OtherContent(200, Events, $"As `{Events}`: one event per change, with its operation as name and its position as `id`."))
            .Produces<ChangesResponse>(200, "application/json").ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
        group.MapGet("/snapshot", GetSnapshot.Handle).WithName("getSnapshot").WithSummary("Get all records at one position")
            .WithDescription("NDJSON. The first line has the position of all lines; the last line has the number of records and `complete`. A snapshot without "
                + "a last line is incomplete. Continue with `/v1/changes?after=` that position, and no change is lost or repeated.")
            .WithMetadata(
                new QueryParameter("resource", "Resources to include (default: all).", resources),
                new OtherContent(200, Lines, "The position, one line per record, and the end."),
                new ResponseExample(200, ChangeExamples.Snapshot, Lines))
            .ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
    }
}
