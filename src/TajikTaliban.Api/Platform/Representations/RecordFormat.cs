using System.Buffers;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>
/// A format of records beside JSON. One class makes a format: it opens a writer that takes the documents of a set one by one. It is
/// registered in <see cref="RecordFormats"/>; the negotiation, the routes and the contract take it from there.
/// </summary>
public abstract class RecordFormat(string name, string mediaType) : Format(name, mediaType)
{
    /// <summary>Query parameters that belong to this format.</summary>
    public virtual IReadOnlyList<FormatParameter> Parameters => [];

    /// <summary>Whether the records of a resource have this format.</summary>
    public virtual bool Suits(Resource resource) => true;

    /// <summary>Whether the writer asks for the names of the records that a set refers to; see <see cref="RecordNames"/>.</summary>
    public virtual bool UsesNames(RecordSet set) => false;

    /// <summary>Starts a set and writes its head.</summary>
    public abstract IRecordSetWriter Open(RecordSet set, IBufferWriter<byte> output);
}

/// <summary>Writes the records of one set to the output that it was opened with.</summary>
public interface IRecordSetWriter
{
    /// <summary>Adds a record: its document as UTF-8 JSON, valid during the call.</summary>
    void Add(ReadOnlySpan<byte> document);

    /// <summary>Writes the end of the set.</summary>
    void Complete(RecordSetEnd end);
}

/// <summary>The records of one resource to write, and the options.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Fields">The top-level fields to include; null is all.</param>
/// <param name="Names">The names of the records that these refer to.</param>
/// <param name="Values">The value of each of the format's own parameters, by name.</param>
/// <param name="Edition">The edition that permalinks name.</param>
public sealed record RecordSet(
    Resource Resource, IReadOnlyList<string>? Fields, RecordNames Names, IReadOnlyDictionary<string, string> Values, Edition Edition)
{
    /// <summary>All columns of the resource, regardless of <see cref="Fields"/>.</summary>
    public IReadOnlyList<Column> Columns => Representations.Columns.Of(Resource.ResponseType);
}

/// <summary>The end of a set.</summary>
/// <param name="Records">How many records it has.</param>
/// <param name="Position">The ledger position that it reflects.</param>
public sealed record RecordSetEnd(long Records, string Position);

/// <summary>A query parameter of a format, which takes one of several values.</summary>
public sealed record FormatParameter(string Name, string Description, IReadOnlyList<string> Values, string Default);
