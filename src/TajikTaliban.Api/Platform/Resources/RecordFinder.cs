using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Platform.Resources;

/// <summary>Finds the record of a path, by id or identifier, or throws the problem.</summary>
public sealed class RecordFinder(RecordReader records, VersionReader versions, ReferenceReader references, Redactions redactions)
{
    /// <summary>The current record, or the record as of a position.</summary>
    /// <exception cref="ProblemException">Not found, deleted, or merged into another record.</exception>
    public async Task<Document> FindAsync(Resource resource, string id, string? parent, AsOf? asOf, CancellationToken cancellation)
    {
        var key = await KeyAsync(resource, id, asOf, cancellation);
        if (!RecordId.IsValid(key))
            throw NotFound(resource, id);
        (string Column, string Id)? ofParent = parent is null ? null : (resource.List.Scope!.Value.Column, parent);
        if (await records.FindOrNullAsync(new RecordKey(resource.Table, key, ofParent), asOf, cancellation) is { } document)
            return document;
        await Parent.ThrowIfMissingAsync(resource, parent, records, asOf, cancellation);
        if (await records.TombstoneOrNullAsync(resource.Table, key, asOf, cancellation) is { } tombstone
            && await Parent.HadAsync(resource, parent, (key, tombstone.Version), versions, cancellation))
        {
            throw Tombstones.Gone(resource, key, tombstone);
        }

        if (asOf is not null && await redactions.VersionOrNullAsync(asOf, resource.Table, key, cancellation) is { } redacted)
            throw Redacted(key, redacted);
        throw asOf is null ? NotFound(resource, id)
            : new ProblemException(ProblemType.NotFound, "/path/id", new Fault(FaultCode.NotFound,
                $"No {resource.Noun} had the id '{id}' at this position.", ("kind", resource.Noun), ("value", id)));
    }

    /// <summary>
    /// The record as of a position, in one statement; null where <see cref="FindAsync"/> has to look further: the position is not known,
    /// the text is an identifier, or there was no such record.
    /// </summary>
    public async Task<Document?> FindAtOnceOrNullAsync(
        Resource resource, string id, string? parent, Position position, CancellationToken cancellation)
    {
        if (resource.TakesAsIdentifier(id) || !RecordId.IsValid(id))
            return null;
        (string Column, string Id)? ofParent = parent is null ? null : (resource.List.Scope!.Value.Column, parent);
        return await records.FindOrNullAsync(new RecordKey(resource.Table, id, ofParent), AsOf.LookedUp(position.Whole), cancellation);
    }

    /// <summary>One version of a record.</summary>
    /// <exception cref="ProblemException">There is no such record or version, or the version is a deletion.</exception>
    public async Task<Document> VersionAsync(Resource resource, string id, string? parent, int version, CancellationToken cancellation)
    {
        var key = await KeyAsync(resource, id, null, cancellation);
        if (!RecordId.IsValid(key) || await versions.FindOrNullAsync(resource.Table, key, version, cancellation) is not { } found)
        {
            // throws if there is no such record at all
            var newest = await NewestAsync(resource, id, key, parent, cancellation);
            throw new ProblemException(ProblemType.NotFound, "/query/version", new Fault(FaultCode.UnknownVersion,
                $"'{id}' has no version {version}; the {newest}.", ("id", id), ("version", version)));
        }

        if (found.LacksRecord)
            throw Redacted(key, version);
        var isOfParent = found.Document is null
            ? await Parent.HadAsync(resource, parent, (key, version), versions, cancellation)
            : Parent.Has(resource, parent, found.Document);
        if (!isOfParent)
            throw NotFound(resource, id);
        if (found.Document is null)
            throw Tombstones.Deleted(key, new StoredTombstone(found.Version, found.CommittedAt, found.MergedInto, null));
        return new Document(key, version, found.CommittedAt, found.Document);
    }

    /// <summary>The id of a record, which may be one that was merged, or the id that an identifier stands for.</summary>
    /// <exception cref="ProblemException">No record has the identifier.</exception>
    public async Task<string> KeyAsync(Resource resource, string text, AsOf? asOf, CancellationToken cancellation)
    {
        if (!resource.TakesAsIdentifier(text) || resource.Target is not { } target)
            return text;
        if (!ActorIdentifier.TryParse(text, out _, out var error))
            throw new ProblemException(ProblemType.InvalidParameter, "/path/id", error);
        var found = await references.ResolveAsync([(target, text)], asOf, cancellation);
        return found.TryGetValue((target, text), out var id)
            ? id
            : throw new ProblemException(ProblemType.NotFound, "/path/id", Fault.UnknownIdentifier(resource.Noun, text));
    }

    /// <summary>The newest version of a record, in words. A version of a merged record is asked for here and never from the
    /// survivor.</summary>
    private async Task<string> NewestAsync(Resource resource, string id, string key, string? parent, CancellationToken cancellation)
    {
        if (RecordId.IsValid(key) && await records.TombstoneOrNullAsync(resource.Table, key, null, cancellation) is { MergedInto: { } into }
            merged)
        {
            return $"newest, {merged.Version}, is the merge into '{into}'";
        }

        return $"current one is {(await FindAsync(resource, id, parent, null, cancellation)).Version}";
    }

    private static ProblemException Redacted(string id, int version) =>
        new(ProblemType.Redacted, $"The content of version {version} of '{id}' was removed because it may not be public (/v1/redactions).");

    private static ProblemException NotFound(Resource resource, string id) =>
        new(ProblemType.NotFound, "/path/id", Fault.NotFound(resource.Noun, id));
}
