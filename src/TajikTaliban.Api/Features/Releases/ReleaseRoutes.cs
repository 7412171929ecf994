using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Releases;

/// <summary>A named position of the ledger. A release never changes.</summary>
/// <param name="Id">The name of the release, for `asOf`.</param>
/// <param name="Title">The title.</param>
/// <param name="Notes">Notes for users.</param>
/// <param name="Position">The position that the release names.</param>
/// <param name="CommittedAt">The commit of that position, with the newest change of the release (UTC).</param>
/// <param name="CreatedAt">The instant of the release's creation (UTC).</param>
/// <param name="Href">The address.</param>
public sealed record ReleaseResponse(
    string Id, string Title, string? Notes, string Position, DateTimeOffset CommittedAt, DateTimeOffset CreatedAt, string Href)
{
    internal static ReleaseResponse Of(Release release) => new(
        release.Id, release.Title, release.Notes, release.Position.ToString(), release.CommittedAt, release.CreatedAt,
        $"/v1/releases/{release.Id}");
}

internal static class ReleaseRoutes
{
    private const string Tag = "Releases";

    private static readonly PathParameter Id = new("id", "The id of the release, or `latest`.",
        ParameterShape.Text(pattern: RecordId.Pattern), "2026-11");

    private static readonly Representable JsonAlone = new([Format.Json]);

    public static void AddReleases(this IServiceCollection services) => services.AddSingleton<GetReleaseChanges>();

    public static void MapReleases(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/releases").WithTags(Tag).WithMetadata(new TagText(Tag, "Named positions of the ledger, to be cited."));
        group.MapGet("/", ListReleases.Handle).WithName("listReleases").WithSummary("List releases")
            .WithDescription(
                "A release is a named position of the ledger. Responses as of a release (`asOf=`) never change, so that a figure can be "
                + "cited with it.")
            .WithMetadata(JsonAlone, new ResponseText(200, "All releases, newest first."), new ResponseExample(200, ReleaseExamples.All))
            .Produces<ReleasesResponse>().Produces(304).ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
        group.MapGet("/{id}", GetRelease.Handle).WithName("getRelease").WithSummary("Get a release")
            .WithDescription("`latest` redirects to the newest release (307).")
            .WithMetadata(Id, JsonAlone, SharedParameter.Edition, new ResponseText(200, "The release."),
                new ResponseText(307, "`latest`: `Location` is the newest release."),
                new ResponseExample(200, ReleaseExamples.One))
            .Produces<ReleaseResponse>().Produces(304).Produces(307)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
        group.MapGet("/{id}/changes", (string id, GetReleaseChanges changes, HttpContext http, CancellationToken cancellation) =>
            changes.HandleAsync(id, http, cancellation)).WithName("listReleaseChanges").WithSummary("Compare a release with a later state")
            .WithDescription(
                "One entry per record that differs: added, changed (field by field) or removed, ordered by resource and id. Changes in "
                + "between "
                + "that were undone do not count.")
            .WithMetadata(new WorkOf(Lane.Heavy, 10), Id, JsonAlone,
                new QueryParameter("to",
                    "State to compare with, not before the release: another release (its id, or `latest`), a position (`1042-5f0c2b9a`), "
                    + "an "
                    + "instant with offset (`2026-11-23T10:00:00Z`) or `now` (default: `latest`).",
                    ParameterShape.Text(RecordId.MaxLength)),
                new QueryParameter("limit", "Records per page.", ParameterShape.Number(1, ListRequest.MaxLimit, ListRequest.DefaultLimit)),
                new QueryParameter("cursor", "Start of the page. Take it from `next` unchanged.",
                    ParameterShape.Text(QueryText.MaxValueLength)),
                SharedParameter.Edition, new ResponseText(200, "The differences, by resource and id."),
                new ResponseExample(200, ReleaseExamples.Changes))
            .Produces<ReleaseChangesResponse>().Produces(304).ProducesProblem(400).ProducesProblem(404).ProducesProblem(406)
            .ProducesProblem(410).ProducesProblem(503);
        group.MapPost("/", CreateRelease.Handle).WithName("createRelease").WithSummary("Create a release")
            .WithDescription("Names a position (default: the newest). A release is never changed or deleted.")
            .WithMetadata(SharedParameter.IdempotencyKey, SharedParameter.ChangeCause, SharedParameter.ChangeNote,
                SharedParameter.EncodedChangeNote,
                new ResponseText(201, "The release."),
                new RequestExample(ReleaseExamples.Request), new ResponseExample(201, ReleaseExamples.One))
            .RequireAuthorization(Roles.Editor).Accepts<CreateReleaseRequest>("application/json")
            .Produces<ReleaseResponse>(201).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409)
            .ProducesProblem(410).ProducesProblem(413)
            .ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);
    }
}
