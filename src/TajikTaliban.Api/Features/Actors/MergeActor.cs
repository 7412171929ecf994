using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Features.Actors;

/// <summary>The body of a merge.</summary>
public sealed record MergeActorRequest
{
    /// <summary>The id of the surviving actor.</summary>
    public required string Into { get; init; }
}

/// <summary>The result of a merge.</summary>
/// <param name="Merged">The merged id; requests for it get 308.</param>
/// <param name="Into">The survivor's id.</param>
/// <param name="Moved">Number of records whose references moved to the survivor.</param>
/// <param name="Survivor">The surviving actor; `referents` lists the merged ids.</param>
public sealed record MergeActorResponse(string Merged, string Into, int Moved, ActorResponse Survivor);

/// <summary>POST of <c>/merge</c>: two records of one actor become one, with all that referred to either, in one transaction.</summary>
internal static class MergeActor
{
    public static void AddMerge(this IServiceCollection services) => services.AddSingleton<ActorMerge>();

    public static void MapMerge(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/actors/{id}/merge", Handle).WithTags("Actors").WithName("mergeActor").WithSummary("Merge an actor into another")
            .WithDescription(
                "In one transaction all records that refer to the actor refer to the survivor. Requests for the merged id get 308 with the "
                + "survivor's address; the survivor lists the id in `referents`. Names, identifiers and statuses are not carried over: add "
                + "them to "
                + "the survivor. The merge is rejected if a record cannot refer to the survivor, such as a relation between the two.")
            .WithMetadata(
                new PathParameter("id", "The id of the actor to merge.", ParameterShape.Text(pattern: RecordId.Pattern),
                    MergeExamples.Merged),
                new HeaderParameter("If-Match", "`ETag` of the version to merge (default: the current version).", ParameterShape.Text()),
                SharedParameter.IdempotencyKey, SharedParameter.ChangeCause, SharedParameter.ChangeNote,
                new ResponseText(200, "The merge, with the survivor."),
                new RequestExample(MergeExamples.Request), new ResponseExample(200, MergeExamples.Response))
            .RequireAuthorization(Roles.Editor)
            .Accepts<MergeActorRequest>("application/json")
            .Produces<MergeActorResponse>().ProducesProblem(308).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403)
            .ProducesProblem(404)
            .ProducesProblem(409).ProducesProblem(410).ProducesProblem(412).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422)
            .ProducesProblem(503);

    public static Task Handle(string id, ActorMerge merge, HttpContext http, CancellationToken cancellation) =>
        merge.HandleAsync(id, http, cancellation);
}
