using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.Features.Changes;

internal static class ChangeRoutes
{
    public static void AddChanges(this IServiceCollection services)
    {
        services.AddSingleton<StreamChanges>();
        services.AddSingleton<GetChanges>();
    }

    public static void MapChanges(this IEndpointRouteBuilder v1)
    {
        var resources = v1.ServiceProvider.GetRequiredService<ResourceCatalogue>().OneOrMore;
        var feed = new Representable([Format.Json, Format.Lines, Format.EventStream]);
        var group = v1.MapGroup("").WithTags("Changes");
        group.MapGet("/changes", (GetChanges changes, HttpContext http, CancellationToken cancellation) => changes.HandleAsync(http, cancellation)).WithName("listChanges").WithSummary("Gives every committed change once, in the order of commits.")
            .WithDescription("Creations, changes, deletions and merges of all resources, each with the record as it became. `next` goes on from where the page ended; "
                + "`wait` holds the request until there is something. `Accept: application/x-ndjson` gives all until now, a line each; `Accept: text/event-stream` "
                + "streams as it happens, and takes up a cut stream by `Last-Event-ID`.")
            .WithMetadata(
                feed, RecordFormats.Parameter(feed.Formats),
                new QueryParameter("after", "Where to begin: the `position` of a change, a page or a snapshot, or `now` for what is yet to come. From the beginning if left out.",
                    ParameterShape.Text(60)),
                new QueryParameter("resource", "The resources whose changes to give, all if left out.", resources),
                new QueryParameter("limit", $"How many changes at most: a page has {ListRequest.DefaultLimit} if left out, lines and streams have no end.",
                    ParameterShape.Number(1, ListRequest.MaxLimit)),
                new QueryParameter("wait", "Seconds to wait for something where there is nothing yet; of a page only.", ParameterShape.Number(0, FeedRequest.MostSeconds, 0)),
                new HeaderParameter("Last-Event-ID", "Where a stream that was cut ended; browsers send it by themselves. It goes before `after`.", ParameterShape.Text(60)),
                new AnswerText(200, "Changes, oldest first, as a page."),
                new OtherContent(200, Format.Lines.MediaType, $"As `{Format.Lines.MediaType}`: a change on each line, and a last line with the `position` to go on from and `complete`."),
                new OtherContent(200, Format.EventStream.MediaType, "As `text/event-stream`: an event for each change, named for what happened, with its position as `id`."))
            .Produces<ChangesResponse>(200, "application/json").ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
        group.MapGet("/snapshot", GetSnapshot.Handle).WithName("getSnapshot").WithSummary("Gives every record at one position, line by line.")
            .WithDescription("NDJSON. The first line has the position that all lines are of, the last one the number of records and `complete`; without it the snapshot "
                + "was cut. A copy goes on with `/v1/changes?after=` that position: nothing is lost or doubled between.")
            .WithMetadata(
                new Representable([Format.Lines]),
                new QueryParameter("resource", "The resources whose records to give, all if left out.", resources),
                new OtherContent(200, Format.Lines.MediaType, "The position, the records and the end, a line each."))
            .ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
    }
}
