using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Features.Actors;

/// <summary>Merges an actor into another: moves the references to it, adds it to the survivor's referents and deletes it.</summary>
internal sealed class ActorMerge(ActorResource actors, RecordEditors editors, ResourceCatalogue catalogue, WriteCommand command)
{
    private const int MaxReferrers = 10_000;
    private static readonly WriteRequest<MergeActorRequest> Request = WriteRequest.Valid(new InlineValidator<MergeActorRequest>(), "merge");

    public Task HandleAsync(string id, HttpContext http, CancellationToken cancellation)
    {
        var condition = http.Request.Headers.IfMatch.Count > 0 ? RecordETag.ReadCondition(http.Request) : WriteCondition.Any;
        return command.RunAsync(http, Request, async (session, request) =>
        {
            if (!RecordId.IsValid(id))
                throw editors.Of(actors).NotFound(id);
            if (!RecordId.IsValid(request.Into) || request.Into == id)
            {
                throw new ProblemException(ProblemType.InvalidRecord, "/into",
                    request.Into == id ? "An actor cannot be merged into itself." : "Must be the id of an actor.");
            }

            var merged = await MergeAsync(session, new RecordTarget(id, condition), request.Into, cancellation);
            return new WriteResponse(200, new Dictionary<string, string> { ["Content-Location"] = actors.PathOf(request.Into, []) },
                merged);
        }, cancellation);
    }

    private async Task<byte[]> MergeAsync(RecordSession session, RecordTarget target, string into, CancellationToken cancellation)
    {
        var id = target.Id;
        var referents = await LockAsync(session, target, into, cancellation);
        var moved = await MoveReferencesAsync(session, id, into, cancellation);
        // read again: moved references may be the survivor's own
        var stored = (await session.LockAsync(new RecordKey(actors.Table, into), false, cancellation))!;
        var editor = (RecordEditor<ActorRequest, Actor, ActorResponse>)editors.Of(actors);
        var survivor = await editor.ReplaceStoredAsync(session, stored,
            actor => actor.Referents.AddRange(referents.Except(actor.Referents)), cancellation);
        await LedgerSession.SetSurvivorAsync(session.Connection, into, cancellation);
        await session.DeleteAsync<Actor>(id, cancellation);
        await LedgerSession.SetSurvivorAsync(session.Connection, null, cancellation);
        return Response(id, into, moved, survivor);
    }

    /// <summary>Locks both actors; returns the ids that lead to the survivor from now on.</summary>
    private async Task<IReadOnlyList<string>> LockAsync(
        RecordSession session, RecordTarget target, string into, CancellationToken cancellation)
    {
        var (id, condition, _) = target;
        // in the order of their ids, so that two merges do not wait for each other
        var stored = new Dictionary<string, Stored?>();
        foreach (var one in new[] { id, into }.Order(StringComparer.Ordinal))
            stored[one] = await session.LockAsync(new RecordKey(actors.Table, one), one == id, cancellation);
        if (stored[id] is not { } loser)
        {
            throw await session.TombstoneOrNullAsync(actors.Table, id, cancellation) is { } tombstone
                ? Tombstones.Gone(actors, id, (tombstone.Version, tombstone.DeletedAt, tombstone.MergedInto))
                : editors.Of(actors).NotFound(id);
        }

        condition.Check(loser.Version);
        if (stored[into] is null)
            throw new ProblemException(ProblemType.InvalidRecord, "/into", $"Unknown actor '{into}'.");
        using var document = JsonDocument.Parse(loser.Document);
        return [.. document.RootElement.GetProperty("referents").EnumerateArray().Select(r => r.GetString()!), id];
    }

    /// <summary>Returns the number of records that referred to the actor.</summary>
    private async Task<int> MoveReferencesAsync(RecordSession session, string id, string into, CancellationToken cancellation)
    {
        var referrers = await session.ReferrersAsync<Actor>(id, MaxReferrers + 1, cancellation);
        if (referrers.Count > MaxReferrers)
        {
            throw new ProblemException(ProblemType.Conflict, "",
                $"More than {MaxReferrers} records refer to '{id}'; change them by batches first.");
        }

        var move = new ReferenceMove(actors.Target!, id, into);
        var refused = new Errors();
        foreach (var referrer in referrers)
        {
            var resource = catalogue.OfTable(referrer.Table);
            try
            {
                await editors.Of(resource).MoveReferencesAsync(session, referrer.Id, move, cancellation);
            }
            catch (ProblemException e)
            {
                refused.Add($"/referencedBy/{resource.Name}/{referrer.Id}", e.Message);
            }
        }

        refused.ThrowIfAny(ProblemType.Conflict);
        return referrers.Count;
    }

    private static byte[] Response(string id, string into, int moved, Written survivor)
    {
        using var response = new MemoryStream();
        using (var json = new Utf8JsonWriter(response))
        {
            json.WriteStartObject();
            json.WriteString("merged", id);
            json.WriteString("into", into);
            json.WriteNumber("moved", moved);
            json.WritePropertyName("survivor");
            json.WriteRawValue(survivor.Json);
            json.WriteEndObject();
        }

        return response.ToArray();
    }
}
