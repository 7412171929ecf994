using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>An export: the records of a list in a format.</summary>
/// <param name="Format">The format.</param>
/// <param name="Set">The resource, its fields and the format's parameters.</param>
/// <param name="Query">The list; its <c>Limit</c> counts where <paramref name="IsWhole"/> is false.</param>
/// <param name="IsWhole">Whether all pages are sent, or one.</param>
/// <param name="Position">The ledger position that the records reflect.</param>
public sealed record RecordExport(RecordFormat Format, RecordSet Set, ListQuery Query, bool IsWhole, string Position);

/// <summary>
/// Sends the records of a list page by page in their order, all as of one position. A page takes a connection only while it is read: none
/// is held while the client is slow, and the database cleans up meanwhile. The next page is read while one is written. A page that
/// cannot be read is read again; if that fails too, the response is cut without its last chunk.
/// </summary>
public sealed class RecordStream(ListReader lists, Vocabulary vocabulary, PositionReader positions)
{
    public const string CountTrailer = "Record-Count";

    /// <summary>Of a search: how many of the records have its words. Those of similar spelling follow them.</summary>
    public const string WordsTrailer = "Matched-Words";

    public const string PositionTrailer = "Position";
    public const string DigestTrailer = "Repr-Digest";

    /// <summary>Reads the first page of a list, with which an empty list is known before the response begins.</summary>
    public Task<RecordPage> FirstAsync(RecordExport export, CancellationToken cancellation) =>
        ReadAsync(
            export.Query with { Limit = export.IsWhole ? PartSizes.First : export.Query.Limit },
            export.IsWhole ? DoubleBufferedBody.MinPartSize : BodyMemory.PageBytes, cancellation);

    /// <summary>Sends the first page and, of a whole set, all others.</summary>
    public async Task SendAsync(HttpContext http, RecordExport export, RecordPage first, CancellationToken cancellation)
    {
        var response = http.Response;
        if (HeadRequest.Is(http))
        {
            Announce(response, export);
            return;
        }

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // before the chunks begin: there may be no room for a stream
        await using var body = new DoubleBufferedBody(response, cancellation, digest);
        Announce(response, export);
        var writer = export.Format.Open(export.Set, body.Output);
        var usesNames = export.Format.UsesNames(export.Set);
        var (records, words) = (0L, 0L);
        for (var page = first; ;)
        {
            var following = page.Last is null || !export.IsWhole
                ? null : ReadOnAsync(response, After(export.Query, page, body.PartSize), body.PartSize, cancellation);
            try
            {
                if (usesNames)
                    await export.Set.Names.FindAsync(page.Documents, cancellation);
                foreach (var document in page.Documents)
                {
                    writer.Add(document.Span);
                    if (body.IsFull)
                        await body.SendAsync();
                }

                records += page.Documents.Count;
                words += page.Words;
                await body.SendAsync(page.Bytes);
            }
            finally
            {
                page.Dispose();
                if (following is not null)
                    await ((Task)following).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (following is null)
                break;
            page = await following;
        }

        writer.Complete(new RecordSetEnd(records, export.Position));
        await body.EndAsync();
        Trailers.Add(response, CountTrailer, records.ToString(CultureInfo.InvariantCulture));
        if (export.Query.Search is not null)
            Trailers.Add(response, WordsTrailer, words.ToString(CultureInfo.InvariantCulture));
        Trailers.Add(response, PositionTrailer, export.Position);
        Trailers.Add(response, DigestTrailer, $"sha-256=:{Convert.ToBase64String(digest.GetHashAndReset())}:");
    }

    /// <summary>Sets the headers of an export: its type, the name of a file to save it as, and the trailers to come.</summary>
    public static void Announce(HttpResponse response, RecordExport export)
    {
        response.ContentType = export.Format.ContentType;
        response.Headers[HeaderNames.ContentDisposition] = $"inline; filename=\"{export.Set.Resource.Name}.{export.Format.Name}\"";
        Trailers.Announce(response, [CountTrailer, .. export.Query.Search is null ? (string[])[] : [WordsTrailer], PositionTrailer,
            DigestTrailer]);
    }

    private static ListQuery After(ListQuery query, RecordPage page, int part) => query with
    {
        After = page.Last is { Count: 0 } ? null : page.Last,
        SearchMode = page.Mode,
        Similar = page.Similar,
        Limit = SizeAfter(page, part),
    };

    /// <summary>Reads a page after the first, of the state at the same position.</summary>
    private Task<RecordPage> ReadOnAsync(HttpResponse response, ListQuery query, int maxBytes, CancellationToken cancellation) =>
        RepeatedPages.ReadAsync(response, async () =>
        {
            var page = await ReadAsync(query, maxBytes, cancellation);
            try
            {
                await ThrowIfGoneAsync(query.AsOf!, cancellation);
                return page;
            }
            catch
            {
                page.Dispose();
                throw;
            }
        }, cancellation);

    /// <summary>Reads a page. Where the records that have the words end, those of similar spelling follow.</summary>
    private async Task<RecordPage> ReadAsync(ListQuery query, int maxBytes, CancellationToken cancellation)
    {
        var page = new RecordPage { Mode = query.SearchMode, Similar = query.Similar };
        try
        {
            bool Add(ReadOnlyMemory<byte> document)
            {
                page.Add(document);
                return page.Bytes >= maxBytes;
            }

            if (query is { Search: not null, SearchMode: SearchMode.Similar, Similar: null })
                query = query with { Similar = page.Similar = await vocabulary.WithSimilarOrNullAsync(query.Search, cancellation) };
            var read = await lists.ReadAsync(query, Add, cancellation);
            (page.Last, page.Position, page.IsPart) = (read.Last, read.Position, read.IsPart);
            page.ReadsTwice = read.IsPart;
            if (query.SearchMode == SearchMode.Words)
                page.Words = read.Records;
            if (query is not { Search: { } search, SearchMode: SearchMode.Words } || read.Last is not null)
                return page;
            page.Similar ??= await vocabulary.WithSimilarOrNullAsync(search, cancellation);
            if (page.Similar is null)
                return page;
            var rest = query.Limit - read.Records;
            query = query with { SearchMode = SearchMode.Similar, Similar = page.Similar, After = null, Limit = Math.Max(1, rest) };
            var more = await lists.ReadAsync(query, rest > 0 ? Add : _ => false, cancellation);
            page.Last = rest > 0 ? more.Last : more.Records > 0 || more.Last is not null ? [] : null;
            page.IsPart |= more.IsPart;
            page.Mode = SearchMode.Similar;
            page.Position ??= more.Position;
            page.ReadsTwice = true;
            return page;
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    /// <summary>As many records as are likely to fit into a part.</summary>
    private static int SizeAfter(RecordPage page, int part) => PartSizes.Fitting(part, page.Bytes, page.Documents.Count);

    /// <summary>A database that was restored to before the position, or a standby behind it, lacks rows without an error.</summary>
    private async Task ThrowIfGoneAsync(AsOf asOf, CancellationToken cancellation)
    {
        if (await positions.FindAsync(asOf.Position, cancellation) != PositionState.Known)
            throw new PositionGoneException(asOf.Position);
    }
}

/// <summary>Documents of a page, one behind the other in rented memory.</summary>
public sealed class RecordPage : IDisposable
{
    private readonly PooledBody _bytes = new();
    private readonly List<(int Start, int Length)> _places = [];
    private IReadOnlyList<ReadOnlyMemory<byte>>? _documents;

    /// <summary>The sort keys of the last record; null where none follows it. Empty: the first of similar spelling follows.</summary>
    public IReadOnlyList<string>? Last { get; set; }

    /// <summary>How the records after this page have the words of a search.</summary>
    public SearchMode Mode { get; set; }

    /// <summary>The words of similar spelling, once they were looked for.</summary>
    public SearchWords? Similar { get; set; }

    /// <summary>How many of the records have the words of the search.</summary>
    public int Words { get; set; }

    /// <summary>Whether it ends because looking for more would take too long.</summary>
    public bool IsPart { get; set; }

    /// <summary>Whether the page was read in two steps.</summary>
    public bool ReadsTwice { get; set; }

    /// <summary>The position whose state a live page shows; null for a page without records or as of a position.</summary>
    public Position? Position { get; set; }

    public int Bytes => _bytes.Length;

    public IReadOnlyList<ReadOnlyMemory<byte>> Documents =>
        _documents ??= [.. _places.Select(p => _bytes.Written.Slice(p.Start, p.Length))];

    public void Add(ReadOnlyMemory<byte> document)
    {
        _places.Add((_bytes.Length, document.Length));
        document.CopyTo(_bytes.GetMemory(document.Length));
        _bytes.Advance(document.Length);
    }

    public void Dispose() => _bytes.Dispose();
}
