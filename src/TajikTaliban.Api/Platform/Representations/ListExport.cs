using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>A list in a format other than JSON: all of it as of one position, or one page where <c>limit</c> or <c>cursor</c> asks for
/// it.</summary>
public sealed class ListExport(
    RecordStream stream, PositionReader positions, RecordReader records, EmptyExplanation explanation, FilterReferences references,
    Walks walks)
{
    /// <summary>Sends the records; or returns the position as of which a page has to be read again, and sends nothing.</summary>
    public async Task<Position?> SendAsync(HttpContext http, ListResult result, RecordFormat format,
        IReadOnlyDictionary<string, string> values, CancellationToken cancellation)
    {
        var isWhole = result.Request.IsWhole;
        if (isWhole && !result.IsAsOf)
        {
            var newest = await positions.AsOfNewestAsync(cancellation);
            result = result with
            {
                Position = newest.Position,
                Request = result.Request with { Query = result.Request.Query with { AsOf = newest } },
            };
        }

        http.Response.Headers.CacheControl = JsonResponse.CachingOf(http, result.IsFixed);
        var query = result.Request.Query;
        var names = new RecordNames(result.Resource, records, query.AsOf, result.Request.Language);
        var set = new RecordSet(result.Resource, result.Request.Fields, names, values, Edition.Of(http));
        var export = new RecordExport(format, set, query, isWhole, result.Position.ToString());
        if (HeadRequest.Is(http))
        {
            Positions.Set(http, export.Position);
            RecordStream.Announce(http.Response, export);
            return null;
        }

        var first = await stream.FirstAsync(export, cancellation);
        if (first is { Documents.Count: 0, Last: null }
            && await references.OfMergedOrNullAsync(result.Request, cancellation) is { } renamed)
        {
            first.Dispose();
            query = renamed.Query;
            export = export with { Query = query };
            first = await stream.FirstAsync(export, cancellation);
        }

        if (result.Walk is { } walk && query.AsOf is null)
        {
            var (position, isKept) = await walks.CheckAsync(
                walk, first.Position, first.ReadsTwice || query.Search is not null, cancellation);
            if (!isKept)
            {
                first.Dispose();
                return position;
            }

            result = result with { Position = position };
            export = export with { Position = position.ToString() };
        }

        if (first.IsPart && !isWhole)
            http.Response.Headers.CacheControl = JsonResponse.Revalidate;
        Positions.Set(http, export.Position);
        if (first is { Documents.Count: 0, Last: null } && query.After is null)
            await explanation.ThrowIfUnknownAsync(result.Resource, query, cancellation);
        if (!isWhole && first.Last is not null)
            http.Response.Headers.Link = $"<{result.NextPath(http.Request, first.Last, first.Mode)}>; rel=\"next\"";
        await stream.SendAsync(http, export, first, cancellation);
        return null;
    }
}
