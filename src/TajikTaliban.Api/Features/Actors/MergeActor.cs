using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;

namespace TajikTaliban.Api.Features.Actors;

/// <summary>The body of a merge.</summary>
public sealed record MergeActorRequest
{
    /// <summary>The actor that remains, by id.</summary>
    public required string Into { get; init; }
}

/// <summary>What a merge did.</summary>
/// <param name="Merged">The id that now leads to the survivor (308).</param>
/// <param name="Into">The survivor's id.</param>
/// <param name="Moved">How many records referred to the one and now refer to the other.</param>
/// <param name="Survivor">The survivor, as its address gives it; `referents` lists the merged ids.</param>
public sealed record MergeActorResponse(string Merged, string Into, int Moved, ActorResponse Survivor);

/// <summary>POST of <c>/merge</c>: two records of one actor become one, with all that referred to either, in one transaction.</summary>
internal static class MergeActor
{
    public static void AddMerge(this IServiceCollection services) => services.AddSingleton<ActorMerge>();

    public static void MapMerge(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/actors/{id}/merge", Handle).WithTags("Actors").WithName("mergeActor").WithSummary("Merges an actor into another.")
            .WithDescription("All records that refer to the actor refer to the other from then on, in the same transaction; its id answers 308 to the survivor, whose `referents` "
                + "list it. What the record said beside (names, identifiers, statuses) is not carried over: put what is to remain into the survivor. "
                + "Refused with the reasons where a record could not refer to the survivor, such as a relation of the two.")
            .WithMetadata(new PathParameter("id", "The id of the actor that is merged.", ParameterShape.Text(pattern: RecordId.Pattern), "somebody"),
                new HeaderParameter("If-Match", "The `ETag` of the version that is merged; whichever there is if left out.", ParameterShape.Text()),
                SharedParameter.IdempotencyKey, SharedParameter.ChangeCause, SharedParameter.ChangeNote, new AnswerText(200, "The actors are one."))
            .RequireAuthorization(Roles.Editor)
            .Accepts<MergeActorRequest>("application/json")
            .Produces<MergeActorResponse>().ProducesProblem(308).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(409).ProducesProblem(410)
            .ProducesProblem(412).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);

    public static Task Handle(string id, ActorMerge merge, HttpContext http, CancellationToken cancellation) => merge.HandleAsync(id, http, cancellation);
}
