using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Features.Changes;

internal static class ChangeRoutes
{
    private const string Tag = "Changes";

    public static void AddChanges(this IServiceCollection services)
    {
        services.AddSingleton<StreamChanges>();
        services.AddSingleton<GetChanges>();
    }

    public static void MapChanges(this IEndpointRouteBuilder v1)
    {
        var resources = v1.ServiceProvider.GetRequiredService<ResourceCatalogue>().OneOrMore;
        var feed = new Representable([Format.Json, Format.Lines, Format.EventStream]);
        var group = v1.MapGroup("").WithTags(Tag).WithMetadata(new TagText(Tag,
            "Every committed change, and all records at one position, to keep a copy up to date."));
        group.MapGet("/changes", (GetChanges changes, HttpContext http, CancellationToken cancellation) =>
            changes.HandleAsync(http, cancellation)).WithName("listChanges").WithSummary("List changes in the order of commits")
            .WithDescription(
                "Each committed change once: creations, changes, deletions and merges of all resources, each with the resulting record and "
                + "its "
                + "address. `next` continues after the page; `wait` waits for new changes (long poll). `Accept: application/x-ndjson` "
                + "returns all changes until now, one per line; `Accept: text/event-stream` (a browser's `EventSource`) streams new "
                + "changes, and `Last-Event-ID` resumes a stream.")
            .WithMetadata(
                new WorkOf(Lane.Feed, 2), feed, RecordFormats.Parameter(feed.Formats),
                new QueryParameter("after",
                    "Return changes after this position (of a change, a page or a snapshot), instant with offset (`2026-11-23T10:00:00Z`) "
                    + "or "
                    + "release (its id, or `latest`); `now` for future changes only (default: the beginning).",
                    ParameterShape.Text(RecordId.MaxLength)),
                new QueryParameter(FeedRequest.Before,
                    "Return changes up to this position, included; an instant or release too. `after` and `before` with positions or "
                    + "releases name a closed range, whose changes are always the same; with `edition` any cache may keep the response. "
                    + "Not for streams.",
                    ParameterShape.Text(RecordId.MaxLength)),
                SharedParameter.Edition,
                new QueryParameter("resource", "Resources to include (default: all).", resources),
                new QueryParameter("limit",
                    $"Maximum number of changes (default: {ListRequest.DefaultLimit} per JSON page, no limit for lines and streams).",
                    ParameterShape.Number(1, ListRequest.MaxLimit)),
                new QueryParameter(FeedRequest.Differences,
                    "`true`: each change also has `differences` to the version before, and the `label` of its record. Slower, because both "
                    + "versions are read.", ParameterShape.One("Switch", "Yes or no.", ["true", "false"])),
                new QueryParameter(FeedRequest.Named,
                    "`true`: each event of a stream has its operation as name (`addEventListener('deleted', …)`). Without it events have "
                    + "no name, and `onmessage` receives all of them. Other formats have the operation in each change.",
                    ParameterShape.One("Switch", "Yes or no.", ["true", "false"])),
                new QueryParameter("wait", "Long-poll timeout in seconds (JSON pages only).",
                    ParameterShape.Number(0, FeedRequest.MaxSeconds, 0)),
                new HeaderParameter("Last-Event-ID", "Resume a stream after this event; browsers send it. Takes precedence over `after`.",
                    ParameterShape.Text(60)),
                new ResponseText(200, "A page of changes, oldest first."),
                new ResponseExample(200, ChangeExamples.Page), new ResponseExample(200, ChangeExamples.Lines, Format.Lines.MediaType),
                new ResponseExample(200, ChangeExamples.Stream, Format.EventStream.MediaType),
                new NonJsonContent(200, Format.Lines.MediaType,
                    $"As `{Format.Lines.MediaType}`: one change per line; the last line has `complete` and the `position` to continue "
                    + "from."),
                new NonJsonContent(200, Format.EventStream.MediaType,
                    $"As `{Format.EventStream.MediaType}`: one event per change, with its position as `id`. The start of the stream and "
                    + "heartbeats have an `id` and no event: a client that reconnects with the last `id` misses nothing."))
            .Produces<ChangesResponse>(200, "application/json").ProducesProblem(400).ProducesProblem(406).ProducesProblem(410)
            .ProducesProblem(503);
        group.MapGet("/snapshot", GetSnapshot.Handle).WithName("getSnapshot").WithSummary("Get all records at one position")
            .WithDescription(
                "NDJSON. The first line has the position of all lines; the last line has the number of records and `complete`. A snapshot "
                + "without "
                + "a last line is incomplete. Continue with `/v1/changes?after=` that position, and no change is lost or repeated.")
            .WithMetadata(
                WorkOf.Everything, new Representable([Format.Lines]),
                new QueryParameter("resource", "Resources to include (default: all).", resources),
                new NonJsonContent(200, Format.Lines.MediaType, "The position, one line per record, and the end."),
                new ResponseExample(200, ChangeExamples.Snapshot, Format.Lines.MediaType))
            .ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
    }
}
