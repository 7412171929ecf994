using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>A list in a format other than JSON: all of it as of one position, or one page where <c>limit</c> or <c>cursor</c> asks for
/// it.</summary>
public sealed class ListExport(
    RecordStream stream, PositionReader positions, RecordReader records, EmptyExplanation explanation, FilterReferences references)
{
    public async Task SendAsync(HttpContext http, ListResult result, RecordFormat format, IReadOnlyDictionary<string, string> values,
        CancellationToken cancellation)
    {
        var isWhole = result.Request.IsWhole;
        if (isWhole && !result.IsAsOf)
        {
            var newest = await positions.AsOfNewestAsync(cancellation);
            result = result with
            {
                Position = newest.Position.ToString(),
                Request = result.Request with { Query = result.Request.Query with { AsOf = newest } },
            };
        }

        Positions.Set(http, result.Position);
        http.Response.Headers.CacheControl = result.IsImmutable ? JsonResponse.Immutable : JsonResponse.Revalidate;
        var query = result.Request.Query;
        var set = new RecordSet(result.Resource, result.Request.Fields, new RecordNames(result.Resource, records, query.AsOf), values);
        var export = new RecordExport(format, set, query, isWhole, result.Position);
        if (HeadRequest.Is(http))
        {
            RecordStream.Announce(http.Response, export);
            return;
        }

        var first = await stream.FirstAsync(export, cancellation);
        if (first.Documents.Count == 0 && await references.OfMergedOrNullAsync(result.Request, cancellation) is { } renamed)
        {
            first.Dispose();
            query = renamed.Query;
            export = export with { Query = query };
            first = await stream.FirstAsync(export, cancellation);
        }

        if (first.Documents.Count == 0 && query.After is null)
            await explanation.ThrowIfUnknownAsync(result.Resource, query, cancellation);
        if (!isWhole && first.Last is not null)
            http.Response.Headers.Link = $"<{result.NextPath(http.Request, first.Last, query.SearchMode)}>; rel=\"next\"";
        await stream.SendAsync(http, export, first, cancellation);
    }
}
