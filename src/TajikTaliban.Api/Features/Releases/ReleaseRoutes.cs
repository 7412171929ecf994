using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Releases;

/// <summary>A named position, which never changes.</summary>
/// <param name="Id">Its name, which `asOf` takes.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Notes">What a user has to know of it.</param>
/// <param name="Position">The position that it names.</param>
/// <param name="CommittedAt">When that position was committed: the newest change that the release has (UTC).</param>
/// <param name="CreatedAt">When the release was made (UTC).</param>
/// <param name="Href">Its address.</param>
public sealed record ReleaseResponse(string Id, string Title, string? Notes, string Position, DateTimeOffset CommittedAt, DateTimeOffset CreatedAt, string Href)
{
    internal static ReleaseResponse Of(Release release) => new(
        release.Id, release.Title, release.Notes, release.Position.ToString(), release.CommittedAt, release.CreatedAt, $"/v1/releases/{release.Id}");
}

internal static class ReleaseRoutes
{
    private static readonly PathParameter Id = new("id", "The release, or `latest`.", ParameterShape.Text(pattern: RecordId.Pattern), "2026-11");

    private static readonly Representable JsonAlone = new([Format.Json]);

    public static void MapReleases(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/releases").WithTags("Releases");
        group.MapGet("/", ListReleases.Handle).WithName("listReleases").WithSummary("Lists the releases, newest first.")
            .WithDescription("A release is a named position. Answers as of it (`asOf=`) never change, so that whoever prints a figure can say what it is a figure of.")
            .WithMetadata(JsonAlone, new AnswerText(200, "All releases, newest first."))
            .Produces<ReleasesResponse>().Produces(304).ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
        group.MapGet("/{id}", GetRelease.Handle).WithName("getRelease").WithSummary("Gives one release.")
            .WithDescription("`latest` leads to the newest one (307).")
            .WithMetadata(Id, JsonAlone, new AnswerText(200, "The release."), new AnswerText(307, "`latest`: `Location` has the newest release."))
            .Produces<ReleaseResponse>().Produces(304).Produces(307).ProducesProblem(400).ProducesProblem(404).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
        group.MapGet("/{id}/changes", GetReleaseChanges.Handle).WithName("listReleaseChanges").WithSummary("Says what differs between two releases.")
            .WithDescription("One entry for each record that is not in the one as it is in the other, whatever happened in between: added, changed (field by field) or removed; "
                + "by resource and id.")
            .WithMetadata(Id, JsonAlone,
                new QueryParameter("to", "The release to compare with, which is not of an earlier position; the newest one if left out.", ParameterShape.Text(pattern: RecordId.Pattern)),
                new QueryParameter("limit", "Records per page.", ParameterShape.Number(1, ListRequest.MaxLimit, ListRequest.DefaultLimit)),
                new QueryParameter("cursor", "Start of the page. Take it from `next` unchanged.", ParameterShape.Text(QueryText.MaxValueLength)),
                new AnswerText(200, "What differs, by resource and id."))
            .Produces<ReleaseChangesResponse>().Produces(304).ProducesProblem(400).ProducesProblem(404).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
        group.MapPost("/", CreateRelease.Handle).WithName("createRelease").WithSummary("Names a position.")
            .WithDescription("The newest one, or the one that is given. A release is never changed and never deleted.")
            .WithMetadata(SharedParameter.IdempotencyKey, SharedParameter.ChangeCause, SharedParameter.ChangeNote, new AnswerText(201, "The release was made."))
            .RequireAuthorization(Roles.Editor).Accepts<CreateReleaseRequest>("application/json")
            .Produces<ReleaseResponse>(201).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(409).ProducesProblem(410).ProducesProblem(413)
            .ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);
    }
}
