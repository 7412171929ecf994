using System.Text.Json;
using System.Text.Json.Nodes;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>Writes the records of one resource from bodies, in the transaction of a session.</summary>
public abstract class RecordEditor(Resource resource)
{
    /// <summary>The resource of the records.</summary>
    public Resource Resource { get; } = resource;

    /// <summary>The rules of the body, which the contract shows.</summary>
    public abstract IValidator Rules { get; }

    /// <summary>The first version of a record from a valid body, as served; references are not resolved.</summary>
    public abstract JsonNode Preview(JsonElement body, DateTimeOffset recordedAt);

    /// <summary>Creates a record.</summary>
    /// <param name="session">The session.</param>
    /// <param name="body">The record.</param>
    /// <param name="parent">The id of the parent; null if the path names none.</param>
    /// <param name="cancellation">Cancels the write.</param>
    public abstract Task<Written> CreateAsync(RecordSession session, JsonElement body, string? parent, CancellationToken cancellation);

    /// <summary>Replaces a record, or creates it if the condition allows.</summary>
    public abstract Task<Written> PutAsync(RecordSession session, RecordTarget target, JsonElement body, CancellationToken cancellation);

    /// <summary>Changes a record by a merge patch (RFC 7396).</summary>
    public abstract Task<Written> PatchAsync(RecordSession session, RecordTarget target, JsonElement patch, CancellationToken cancellation);

    /// <summary>
    /// Replaces the references of a record to one other record; its other content stays. Null, and nothing is written, if the record
    /// relates the two to each other: it would relate one to itself.
    /// </summary>
    public abstract Task<Written?> MoveReferencesAsync(
        RecordSession session, string id, ReferenceMove move, CancellationToken cancellation);

    /// <summary>Whether a record relates two records to each other.</summary>
    public abstract Task<bool> RelatesAsync(RecordSession session, Stored stored, ReferenceMove move, CancellationToken cancellation);

    /// <summary>Makes the next version of a record for whose time a source vouches by its date, which has changed.</summary>
    public abstract Task RedateAsync(RecordSession session, string id, CancellationToken cancellation);

    /// <summary>Deletes a record, unless others refer to it: the result then has these.</summary>
    public abstract Task<Deletion> DeleteAsync(RecordSession session, RecordTarget target, CancellationToken cancellation);

    /// <summary>Whether a document of the resource can be served as it is stored.</summary>
    public abstract bool IsCurrent(short shape, int edition);

    /// <summary>A document of the resource in the current shape and edition.</summary>
    public abstract byte[] Upgrade(short shape, ReadOnlyMemory<byte> document);

    /// <summary>The search text of a document of the resource.</summary>
    public abstract string SearchTextOf(string id, short shape, ReadOnlyMemory<byte> document);

    /// <summary>The summary of a document in the current shape, and the texts that name its record, the most common one first.</summary>
    public abstract (RecordSummary Summary, IReadOnlyList<string> Names) Summarize(ReadOnlyMemory<byte> document);

    /// <summary>The target by its id, where the request names it by an identifier.</summary>
    /// <param name="session">The session.</param>
    /// <param name="target">The target as the request names it.</param>
    /// <param name="pointer">The place in the request that names it.</param>
    /// <param name="cancellation">Cancels the query.</param>
    /// <exception cref="ProblemException">No record has the identifier, or it came to its record by a merge.</exception>
    public async Task<RecordTarget> WithIdAsync(
        RecordSession session, RecordTarget target, string pointer, CancellationToken cancellation) =>
        target.Identifier is null && Resource.TakesAsIdentifier(target.Id)
            ? target with { Id = await HolderAsync(session, target.Id, pointer, cancellation), Identifier = target.Id } : target;

    /// <summary>
    /// Throws if an identifier names another record than when it was looked up. To be called when the record is locked: from then on the
    /// identifier cannot pass to another.
    /// </summary>
    public async Task ThrowIfRenamedAsync(RecordSession session, RecordTarget target, string pointer, CancellationToken cancellation)
    {
        if (target.Identifier is { } identifier && await HolderAsync(session, identifier, pointer, cancellation) != target.Id)
        {
            throw new ProblemException(ProblemType.Conflict, pointer, new Fault(
                FaultCode.ConcurrentChange, $"'{identifier}' no longer names '{target.Id}'; read the record again."));
        }
    }

    public ProblemException NotFound(string id) => new(ProblemType.NotFound, "/path/id", Fault.NotFound(Resource.Noun, id));

    /// <summary>The id of the record that a writer names by an identifier.</summary>
    /// <param name="holders">The holders of identifiers.</param>
    /// <param name="identifier">The identifier.</param>
    /// <param name="pointer">The place in the request that has it.</param>
    /// <exception cref="ProblemException">No record has the identifier, or it came to its record by a merge.</exception>
    public string HolderIn(IReadOnlyDictionary<string, IdentifierHolder> holders, string identifier, string pointer)
    {
        if (!ActorIdentifier.TryParse(identifier, out _, out var error))
            throw new ProblemException(ProblemType.InvalidParameter, pointer, error);
        if (!holders.TryGetValue(identifier, out var holder))
            throw new ProblemException(ProblemType.NotFound, pointer, Fault.UnknownIdentifier(Resource.Noun, identifier));
        return holder.CameByMerge ? throw Tombstones.Merged(Resource, identifier, holder.Id, pointer) : holder.Id;
    }

    private async Task<string> HolderAsync(RecordSession session, string identifier, string pointer, CancellationToken cancellation) =>
        HolderIn(await session.HoldersAsync(Resource.Target!, [identifier], cancellation), identifier, pointer);
}
