using System.Runtime.CompilerServices;
using Parquet;
using Parquet.Schema;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>A change in an archive.</summary>
/// <param name="Position">Its position, with its number in the ledger.</param>
/// <param name="CommittedAt">When it was committed.</param>
/// <param name="Table">The table of the record.</param>
/// <param name="Id">The record.</param>
/// <param name="Version">The version that it made.</param>
/// <param name="Operation">As in the feed.</param>
/// <param name="Cause">A code of <c>change-causes</c>.</param>
/// <param name="Note">Why, in words.</param>
/// <param name="MergedInto">The record that this one was merged into.</param>
/// <param name="IsRedacted">Whether the content was removed.</param>
/// <param name="Document">The record as it was stored; null where there is none.</param>
public sealed record ArchivedChange(
    Position Position, DateTime CommittedAt, string Table, string Id, int Version, string Operation, string? Cause, string? Note,
    string? MergedInto, bool IsRedacted, ArchivedDocument? Document);

/// <summary>A document in an archive. Its <c>recordedAt</c> is not set: that is the commit's instant.</summary>
/// <param name="Text">The JSON text.</param>
/// <param name="Shape">The version of its shape.</param>
/// <param name="Edition">The edition of its labels.</param>
public sealed record ArchivedDocument(string Text, short Shape, int Edition);

/// <summary>Writes and reads archives of changes, as Parquet (Zstandard), in the order of their numbers.</summary>
internal static class ArchiveFile
{
    /// <summary>Changes that are in memory at once.</summary>
    private const int GroupSize = 5000;

    private static readonly DataField<long> Position = new("position");
    private static readonly DataField Token = Text("token");
    private static readonly DataField<long> Change = new("change");
    private static readonly DateTimeDataField CommittedAt =
        new("committed_at", DateTimeFormat.DateAndTimeMicros, isAdjustedToUTC: true, isNullable: false);
    private static readonly DataField Resource = Text("resource");
    private static readonly DataField Id = Text("id");
    private static readonly DataField<int> Version = new("version");
    private static readonly DataField Operation = Text("operation");
    private static readonly DataField Cause = Text("cause", isNullable: true);
    private static readonly DataField Note = Text("note", isNullable: true);
    private static readonly DataField MergedInto = Text("merged_into", isNullable: true);
    private static readonly DataField<bool> Redacted = new("redacted");
    private static readonly DataField<int?> Shape = new("shape");
    private static readonly DataField<int?> Edition = new("edition");
    private static readonly DataField Document = Text("document", isNullable: true);

    private static readonly ParquetSchema Schema = new(Position, Token, Change, CommittedAt, Resource, Id, Version, Operation, Cause, Note,
        MergedInto, Redacted, Shape, Edition, Document);

    /// <summary>Writes a file.</summary>
    public static async Task WriteAsync(Stream file, IAsyncEnumerable<ArchivedChange> changes, CancellationToken cancellation)
    {
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Zstd };
        await using var writer = await ParquetWriter.CreateAsync(Schema, file, options, cancellationToken: cancellation);
        await foreach (var group in changes.Chunk(GroupSize).WithCancellation(cancellation))
            await WriteAsync(writer, group, cancellation);
    }

    /// <summary>The changes of a file.</summary>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    public static async IAsyncEnumerable<ArchivedChange> ReadAsync(
        Stream file, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var reader = await ParquetReader.CreateAsync(file, leaveStreamOpen: true, cancellationToken: cancellation);
        if (!reader.Schema.Equals(Schema))
            throw new InvalidDataException("The file does not have the columns of an archive of changes.");
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            foreach (var change in await ReadAsync(reader, i, cancellation))
                yield return change;
        }
    }

    private static DataField Text(string name, bool isNullable = false) => new(name, typeof(string), isNullable);

    private static async Task WriteAsync(ParquetWriter writer, ArchivedChange[] group, CancellationToken cancellation)
    {
        using var rows = writer.CreateRowGroup();
        ReadOnlyMemory<T> All<T>(Func<ArchivedChange, T> value) => Array.ConvertAll(group, c => value(c));
        string?[] Texts(Func<ArchivedChange, string?> value) => Array.ConvertAll(group, c => value(c));
        await rows.WriteAsync(Position, All(c => c.Position.Number), cancellationToken: cancellation);
        await rows.WriteAsync(Token, Texts(c => c.Position.Token)!);
        await rows.WriteAsync(Change, All(c => c.Position.Change!.Value), cancellationToken: cancellation);
        await rows.WriteAsync(CommittedAt, All(c => c.CommittedAt), cancellationToken: cancellation);
        await rows.WriteAsync(Resource, Texts(c => c.Table)!);
        await rows.WriteAsync(Id, Texts(c => c.Id)!);
        await rows.WriteAsync(Version, All(c => c.Version), cancellationToken: cancellation);
        await rows.WriteAsync(Operation, Texts(c => c.Operation)!);
        await rows.WriteAsync(Cause, Texts(c => c.Cause)!);
        await rows.WriteAsync(Note, Texts(c => c.Note)!);
        await rows.WriteAsync(MergedInto, Texts(c => c.MergedInto)!);
        await rows.WriteAsync(Redacted, All(c => c.IsRedacted), cancellationToken: cancellation);
        await rows.WriteAsync(Shape, All(c => (int?)c.Document?.Shape), cancellationToken: cancellation);
        await rows.WriteAsync(Edition, All(c => c.Document?.Edition), cancellationToken: cancellation);
        await rows.WriteAsync(Document, Texts(c => c.Document?.Text)!);
    }

    private static async Task<IEnumerable<ArchivedChange>> ReadAsync(ParquetReader reader, int group, CancellationToken cancellation)
    {
        using var rows = reader.OpenRowGroupReader(group);
        var count = checked((int)rows.RowCount);
        async Task<T[]> AllAsync<T>(DataField field)
            where T : struct
        {
            var values = new T[count];
            await rows.ReadAsync<T>(field, values.AsMemory(), null, cancellation);
            return values;
        }

        async Task<T?[]> OptionalAsync<T>(DataField field)
            where T : struct
        {
            var values = new T?[count];
            await rows.ReadAsync<T>(field, values.AsMemory(), null, cancellation);
            return values;
        }

        async Task<string?[]> TextsAsync(DataField field)
        {
            var values = new string?[count];
            await rows.ReadAsync(field, values.AsMemory()!, null, cancellation);
            return values;
        }

        var (positions, tokens, changes) = (await AllAsync<long>(Position), await TextsAsync(Token), await AllAsync<long>(Change));
        var (instants, tables, ids) = (await AllAsync<DateTime>(CommittedAt), await TextsAsync(Resource), await TextsAsync(Id));
        var (versions, operations) = (await AllAsync<int>(Version), await TextsAsync(Operation));
        var (causes, notes, survivors) = (await TextsAsync(Cause), await TextsAsync(Note), await TextsAsync(MergedInto));
        var (redacted, shapes) = (await AllAsync<bool>(Redacted), await OptionalAsync<int>(Shape));
        var (editions, documents) = (await OptionalAsync<int>(Edition), await TextsAsync(Document));
        return Enumerable.Range(0, count).Select(i => new ArchivedChange(
            new Position(positions[i], changes[i], tokens[i]!), instants[i], tables[i]!, ids[i]!, versions[i], operations[i]!, causes[i],
            notes[i], survivors[i], redacted[i],
            documents[i] is { } text ? new ArchivedDocument(text, (short)shapes[i]!.Value, editions[i]!.Value) : null));
    }
}
