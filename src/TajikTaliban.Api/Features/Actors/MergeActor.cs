using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Deadlines;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Features.Actors;

/// <summary>The body of a merge.</summary>
public sealed record MergeActorRequest
{
    /// <summary>The surviving actor, by id or identifier. An actor that was merged itself is refused.</summary>
    public required string Into { get; init; }
}

/// <summary>The result of a merge.</summary>
/// <param name="Merged">The merged id. Reading it leads to the survivor; writing through it is refused.</param>
/// <param name="Into">The survivor's id.</param>
/// <param name="Moved">Number of records whose references moved to the survivor.</param>
/// <param name="Survivor">The surviving actor, with the names and identifiers of the merged one; `referents` lists the merged ids.</param>
public sealed record MergeActorResponse(string Merged, string Into, int Moved, ActorResponse Survivor);

/// <summary>POST of <c>/merge</c>: two records of one actor become one, with all that referred to either, in one transaction.</summary>
internal static class MergeActor
{
    public const string Segment = "merge";

    public static void AddMerge(this IServiceCollection services) => services.AddSingleton<ActorMerge>();

    public static void MapMerge(this IEndpointRouteBuilder v1) =>
        v1.MapPost($"/actors/{{id}}/{Segment}", Handle).WithTags("Actors").WithName("mergeActor").WithSummary("Merge an actor into another")
            .WithDescription(
                "In one transaction all records that refer to the actor refer to the survivor, which takes over its names and identifiers; "
                + "its name becomes an alias. Statuses, sectors, description and citations are not carried over: add them to the survivor. "
                + "The merged id and its identifiers keep working for reading: a GET of the id gets 308 with the survivor's address and "
                + "the query, filters and bodies mean the survivor, and as of an earlier position there are two actors. Writes through "
                + "them are rejected (409, `mergedInto`). A merge is rejected while a record relates the two actors to each other: a "
                + "relation, a trade figure, an event or an observation of both, a status of one by the other. `errors` and `referencedBy` "
                + "list these records; change or delete them first.")
            .WithMetadata(
                new PathParameter("id", "The actor to merge, by id or identifier.",
                    ParameterShape.Text(pattern: ActorIdentifier.IdOrIdentifierPattern),
                    MergeExamples.Merged),
                new HeaderParameter("If-Match", "`ETag` of the version to merge (default: the current version).", ParameterShape.Text()),
                SharedParameter.IdempotencyKey, SharedParameter.ChangeCause, SharedParameter.ChangeNote, SharedParameter.EncodedChangeNote,
                SharedParameter.DryRun, new ResponseText(200, "The merge, with the survivor."),
                new RequestExample(MergeExamples.Request), new ResponseExample(200, MergeExamples.Response))
            .RequireAuthorization(Roles.Editor)
            .Accepts<MergeActorRequest>("application/json")
            .Produces<MergeActorResponse>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403)
            .ProducesProblem(404)
            .ProducesProblem(409).ProducesProblem(410).ProducesProblem(412).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422)
            .ProducesProblem(503);

    public static Task Handle(string id, ActorMerge merge, HttpContext http, CancellationToken cancellation)
    {
        Deadline.ExtendForBatch(http);
        return merge.HandleAsync(id, http, cancellation);
    }
}
