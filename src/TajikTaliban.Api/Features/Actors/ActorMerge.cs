using System.Text;
using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Features.Actors;

/// <summary>
/// Merges an actor into another: moves the references to it, deletes it, and gives its id, names and identifiers to the survivor. Rejected
/// while a record relates the two to each other.
/// </summary>
internal sealed class ActorMerge(
    ActorResource actors, RecordEditors editors, ResourceCatalogue catalogue, RecordReader records, WriteCommand command)
{
    private const int MaxReferrers = 10_000;
    private const int MaxLinks = 20;

    /// <summary>The kind and language of the name that the merged actor had: the common English one of another record.</summary>
    private const string KindOfName = "alias";
    private const string LanguageOfName = "en";

    private static readonly WriteRequest<MergeActorRequest> Request = WriteRequest.Valid(new InlineValidator<MergeActorRequest>(), "merge");

    private RecordEditor<ActorRequest, Actor, ActorResponse> Editor =>
        (RecordEditor<ActorRequest, Actor, ActorResponse>)editors.Of(actors);

    public Task HandleAsync(string id, HttpContext http, CancellationToken cancellation)
    {
        var condition = http.Request.Headers.IfMatch.Count > 0 ? RecordETag.ReadCondition(http.Request) : WriteCondition.Any;
        return command.RunAsync(http, Request, async (session, request) =>
        {
            var target = await Editor.WithIdAsync(session, new RecordTarget(id, condition), "/path/id", cancellation);
            if (!RecordId.IsValid(target.Id))
                throw Editor.NotFound(id);
            var into = await IntoAsync(session, request.Into, cancellation);
            if (into.Id == target.Id)
            {
                throw new ProblemException(ProblemType.InvalidRecord, "/into",
                    new Fault(FaultCode.SelfReference, "An actor cannot be merged into itself.", ("id", target.Id)));
            }

            var merged = await MergeAsync(session, target, into, cancellation);
            return new WriteResponse(200, new Dictionary<string, string> { ["Content-Location"] = actors.PathOf(into.Id, []) }, merged)
            {
                Detail = $"{target.Id} into {into.Id}",
            };
        }, cancellation);
    }

    /// <summary>The survivor, as the body names it.</summary>
    private async Task<RecordTarget> IntoAsync(RecordSession session, string text, CancellationToken cancellation)
    {
        try
        {
            var into = await Editor.WithIdAsync(session, new RecordTarget(text, WriteCondition.Any), "/into", cancellation);
            return RecordId.IsValid(into.Id) ? into
                : throw new ProblemException(ProblemType.InvalidRecord, "/into",
                    new Fault(FaultCode.NotAnId, "Must be the id of an actor, or an identifier.", ("value", text)));
        }
        catch (ProblemException e) when (e.Type == ProblemType.NotFound || e.Type == ProblemType.InvalidParameter)
        {
            throw new ProblemException(ProblemType.InvalidRecord, "/into", e.Fault);
        }
    }

    private async Task<byte[]> MergeAsync(RecordSession session, RecordTarget target, RecordTarget into, CancellationToken cancellation)
    {
        var loser = await LockAsync(session, target, into, cancellation);
        var moved = await MoveReferencesAsync(session, loser, into.Id, cancellation);
        // before the survivor gets the identifiers: no two actors have one
        await LedgerSession.SetSurvivorAsync(session.Connection, into.Id, cancellation);
        await session.DeleteAsync<Actor>(target.Id, cancellation);
        await LedgerSession.SetSurvivorAsync(session.Connection, null, cancellation);
        // read again: moved references may be the survivor's own
        var stored = (await session.LockAsync(new RecordKey(actors.Table, into.Id), false, cancellation))!;
        var survivor = await Editor.ReplaceStoredAsync(session, stored, actor => TakeOver(actor, Read(loser)), cancellation);
        return Response(target.Id, into.Id, moved, survivor);
    }

    /// <summary>Locks both actors; returns the one to be merged.</summary>
    private async Task<Stored> LockAsync(RecordSession session, RecordTarget target, RecordTarget into, CancellationToken cancellation)
    {
        // in the order of their ids, so that two merges do not wait for each other
        var stored = new Dictionary<string, Stored?>();
        foreach (var one in new[] { target.Id, into.Id }.Order(StringComparer.Ordinal))
            stored[one] = await session.LockAsync(new RecordKey(actors.Table, one), one == target.Id, cancellation);
        if (stored[target.Id] is not { } loser)
        {
            throw await session.TombstoneOrNullAsync(actors.Table, target.Id, cancellation) is { } tombstone
                ? Tombstones.Refused(actors, target.Id, tombstone, "/path/id")
                : Editor.NotFound(target.Id);
        }

        await Editor.ThrowIfRenamedAsync(session, target, "/path/id", cancellation);
        target.Condition.Check(target.Id, loser.Version, target.Identifier);
        if (stored[into.Id] is null)
        {
            throw await session.TombstoneOrNullAsync(actors.Table, into.Id, cancellation) is { Survivor: not null } merged
                ? Tombstones.Refused(actors, into.Id, merged, "/into")
                : new ProblemException(ProblemType.InvalidRecord, "/into",
                    Fault.UnknownReference(actors.Noun, into.Id, null));
        }

        await Editor.ThrowIfRenamedAsync(session, into, "/into", cancellation);
        return loser;
    }

    /// <summary>Returns the number of records that referred to the actor.</summary>
    private async Task<long> MoveReferencesAsync(RecordSession session, Stored loser, string into, CancellationToken cancellation)
    {
        var id = loser.Id;
        var referrers = await session.ReferrersAsync<Actor>(id, MaxReferrers, cancellation);
        if (referrers.Total > MaxReferrers)
        {
            throw new ProblemException(ProblemType.Conflict, "", new Fault(FaultCode.TooMany,
                $"{referrers.Total} records refer to '{id}', more than {MaxReferrers}; change them by batches first.",
                ("max", MaxReferrers), ("count", referrers.Total)));
        }

        var move = new ReferenceMove(actors.Target!, id, into);
        var relating = new List<Referrer>();
        var refused = new Errors();
        if (await Editor.RelatesAsync(session, loser, move, cancellation))
            relating.Add(new Referrer(actors.Table, id));
        foreach (var referrer in referrers.First)
        {
            var resource = catalogue.OfTable(referrer.Table);
            try
            {
                if (await editors.Of(resource).MoveReferencesAsync(session, referrer.Id, move, cancellation) is null)
                    relating.Add(referrer);
            }
            catch (ProblemException e)
            {
                refused.Add($"/referencedBy/{resource.Name}/{referrer.Id}", e.Fault);
                if (e.IsOfDatabase)
                    break;
            }
        }

        if (relating.Count > 0)
            throw await RelatedAsync(relating, move, refused, records.Within(session.Connection), cancellation);
        refused.ThrowIfAny(ProblemType.Conflict);
        return referrers.Total;
    }

    private async Task<ProblemException> RelatedAsync(
        List<Referrer> relating, ReferenceMove move, Errors refused, RecordReader own, CancellationToken cancellation)
    {
        foreach (var referrer in relating)
        {
            refused.Add($"/referencedBy/{catalogue.OfTable(referrer.Table).Name}/{referrer.Id}",
                new Fault(FaultCode.SelfReference,
                    $"It relates '{move.From}' to '{move.To}', and would relate '{move.To}' to itself.",
                    ("value", move.From), ("id", move.To)));
        }

        return new ProblemException(ProblemType.Conflict,
            $"{(relating.Count == 1 ? "1 record relates" : $"{relating.Count} records relate")} '{move.From}' and '{move.To}' to each "
            + "other; "
            + "change or delete them first.", refused.All)
        {
            ReferencedBy = [.. await catalogue.LinksAsync([.. relating.Take(MaxLinks)], own, cancellation)],
            ReferencedByTotal = relating.Count,
        };
    }

    /// <summary>Gives the id, the names and the identifiers of the merged actor to the survivor.</summary>
    private static void TakeOver(Actor survivor, ActorResponse merged)
    {
        survivor.Referents.AddRange(merged.Referents.Append(merged.Id).Except(survivor.Referents));
        var names = merged.Names.Select(n => (n.Text, n.Lang, n.Kind)).Prepend((merged.Name, LanguageOfName, KindOfName));
        foreach (var (text, lang, kind) in names)
        {
            if (text != survivor.Name && !survivor.Names.Exists(n => n.Text == text && n.Lang == lang))
                survivor.Names.Add(new ActorName { Ordinal = survivor.Names.Count, Text = text, Lang = lang, Kind = kind });
        }

        survivor.Identifiers.AddRange(merged.Identifiers.Select((x, i) =>
            new ActorIdentifierEntry { Ordinal = survivor.Identifiers.Count + i, Scheme = x.Scheme, Value = x.Value }));
    }

    private ActorResponse Read(Stored stored)
    {
        var document = Encoding.UTF8.GetBytes(stored.Document);
        return JsonSerializer.Deserialize<ActorResponse>(
            Editor.IsCurrent(stored.Shape, stored.Edition) ? document : Editor.Upgrade(stored.Shape, document), ApiJson.Lenient)!;
    }

    private static byte[] Response(string id, string into, long moved, Written survivor)
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
