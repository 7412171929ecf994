using System.Text.Json;
using FluentValidation;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage;

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
    private const int MostReferrers = 10_000;
    private const string Cause = "merge";
    private static readonly string[] MediaTypes = ["application/json"];
    private static readonly HashSet<string> Nothing = [];

    public static void MapMerge(this IEndpointRouteBuilder v1) =>
        v1.MapPost("/actors/{id}/merge", Handle).WithTags("Actors").WithName("mergeActor").WithSummary("Merge an actor into another")
            .WithDescription("In one transaction all records that refer to the actor refer to the survivor. Requests for the merged id get 308 with the "
                + "survivor's address; the survivor lists the id in `referents`. Names, identifiers and statuses are not carried over: add them to "
                + "the survivor. The merge is refused if a record cannot refer to the survivor, such as a relation between the two.")
            .WithMetadata(new PathParameter("id", "The id of the actor to merge.", ParameterShape.Text(pattern: RecordId.Pattern), MergeExamples.Merged),
                new HeaderParameter("If-Match", "`ETag` of the version to merge (default: the current version).", ParameterShape.Text()),
                SharedParameter.IdempotencyKey, SharedParameter.ChangeCause, SharedParameter.ChangeNote, new AnswerText(200, "The merge, with the survivor."),
                new RequestExample(MergeExamples.Request), new ResponseExample(200, MergeExamples.Response))
            .RequireAuthorization(Roles.Editor)
            .Accepts<MergeActorRequest>("application/json")
            .Produces<MergeActorResponse>().ProducesProblem(308).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
            .ProducesProblem(409).ProducesProblem(410).ProducesProblem(412).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422).ProducesProblem(503);

    public static async Task Handle(
        string id, ActorResource actors, RecordEditors editors, ResourceCatalogue catalogue, TimeProvider time, NpgsqlDataSource database, HttpContext http, CancellationToken cancellation)
    {
        WriteRecord.RefuseQuery(http);
        var author = Positions.AuthorOf(http, time.GetUtcNow());
        author = author with { Cause = author.Cause ?? Cause };
        var key = IdempotentWrite.KeyOrNull(http.Request);
        var condition = http.Request.Headers.IfMatch.Count > 0 ? RecordETag.ReadCondition(http.Request) : WriteCondition.Any;
        using var body = await BodyReader.ReadJsonAsync(http.Request, MediaTypes, true, cancellation);
        var errors = new Errors();
        var request = BodyReader.Read<MergeActorRequest>(body.RootElement, Nothing, errors).Value;
        errors.ThrowIfAny(ProblemType.InvalidBody);
        if (!RecordId.IsValid(id))
            throw editors.Of(actors).NotFound(id);
        if (!RecordId.IsValid(request.Into) || request.Into == id)
            throw new ProblemException(ProblemType.InvalidRecord, "/into", request.Into == id ? "An actor cannot be merged into itself." : "Not an actor's id.");
        var digest = key is null ? null : IdempotentWrite.Digest(http.Request, System.Text.Encoding.UTF8.GetBytes(body.RootElement.GetRawText()));
        var (answer, position, isReplayed) = await IdempotentWrite.RunAsync(database, author, key, digest, async writer =>
        {
            var merged = await MergeAsync(writer, id, request.Into, condition, actors, editors, catalogue, author, cancellation);
            return new WriteAnswer(200, new Dictionary<string, string> { ["Content-Location"] = actors.PathOf(request.Into, []) }, merged);
        }, cancellation);
        if (isReplayed)
            http.Response.Headers[IdempotentWrite.ReplayedHeader] = "true";
        await answer.SendAsync(http, position, cancellation);
    }

    private static async Task<byte[]> MergeAsync(
        RecordWriter writer, string id, string into, WriteCondition condition, ActorResource actors, RecordEditors editors, ResourceCatalogue catalogue, Author author, CancellationToken cancellation)
    {
        var scope = new WriteScope(author.Now);
        // both are held in the order of their ids, so that two merges do not wait for each other
        var stored = new Dictionary<string, Stored?>();
        foreach (var one in new[] { id, into }.Order(StringComparer.Ordinal))
            stored[one] = await writer.LockAsync<Actor>(one, null, null, one == id, cancellation);
        if (stored[id] is null)
            throw await writer.TombstoneOrNullAsync<Actor>(id, cancellation) is { } tombstone ? Tombstones.Gone(actors, id, tombstone) : editors.Of(actors).NotFound(id);
        condition.Check(stored[id]!.Version);
        if (stored[into] is null)
            throw new ProblemException(ProblemType.InvalidRecord, "/into", $"There is no actor '{into}'.");

        var referrers = await writer.ReferrersAsync<Actor>(id, cancellation, MostReferrers + 1);
        if (referrers.Count > MostReferrers)
            throw new ProblemException(ProblemType.Conflict, "", $"More than {MostReferrers} records refer to '{id}'; move them by batches first.");
        var refused = new Errors();
        foreach (var referrer in referrers)
        {
            try
            {
                await editors.Of(catalogue.OfTable(referrer.Table)).MoveReferencesAsync(writer, referrer.Id, id, into, scope, cancellation);
            }
            catch (ProblemException e)
            {
                refused.Add($"/referencedBy/{catalogue.OfTable(referrer.Table).Name}/{referrer.Id}", e.Message);
            }
        }

        refused.ThrowIfAny(ProblemType.Conflict);
        using var loser = JsonDocument.Parse(stored[id]!.Document);
        var survivor = await AddReferentsAsync(
            (RecordEditor<ActorRequest, Actor, ActorResponse>)editors.Of(actors), writer, into, [.. loser.RootElement.GetProperty("referents").EnumerateArray().Select(r => r.GetString()!), id], scope, cancellation);
        await writer.GiveReasonAsync(author.Cause, author.Note, into, cancellation);
        await writer.DeleteAsync<Actor>(id, stored[id]!.Version, author.Now, cancellation);
        await writer.GiveReasonAsync(author.Cause, author.Note, null, cancellation);

        using var answer = new MemoryStream();
        await using var json = new Utf8JsonWriter(answer);
        json.WriteStartObject();
        json.WriteString("merged", id);
        json.WriteString("into", into);
        json.WriteNumber("moved", referrers.Count);
        json.WritePropertyName("survivor");
        json.WriteRawValue(survivor.Json);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        return answer.ToArray();
    }

    /// <summary>Adds ids of actors that are merged into this one.</summary>
    private static async Task<Written> AddReferentsAsync(
        RecordEditor<ActorRequest, Actor, ActorResponse> editor, RecordWriter writer, string id, IReadOnlyList<string> referents, WriteScope scope,
        CancellationToken cancellation)
    {
        // read again: moving references may have changed the survivor itself
        var stored = (await writer.LockAsync<Actor>(id, null, null, false, cancellation))!;
        return await editor.ReplaceStoredAsync(writer, id, stored, actor => actor.Referents.AddRange(referents.Except(actor.Referents)), scope, cancellation);
    }
}
