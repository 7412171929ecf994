using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Platform.Fairness;

/// <summary>
/// What a request costs, before it is executed: the rule by which it takes a lane, waits for its turn, and is counted by the rate limit.
/// <list type="bullet">
/// <item>A look-up by id, a page of up to 100 records and any other read: 1 point. Each further 100 records of <c>limit</c>: 1.</item>
/// <item>In a list <c>q</c>: 5, <c>count=exact</c>: 5, each facet: 5, with <c>asOf</c> twice that. Such a request is heavy.</item>
/// <item>The availability of a resource and the differences of a release: 10, heavy.</item>
/// <item>An export, a snapshot, lines of the feed: 20, plus what its list costs.</item>
/// <item>A search over all resources: 3. Writes: 5; a batch: 20; a report of an error: 100. Health: nothing.</item>
/// </list>
/// </summary>
/// <param name="Lane">The connections that it uses.</param>
/// <param name="Points">Its cost.</param>
public readonly record struct RequestWork(Lane Lane, int Points)
{
    private const int Write = 5;
    private const int Search = 5;
    private const int Aggregate = 5;
    private const int Availability = 10;
    private const int RecordsPerPoint = 100;

    /// <summary>Whether it waits for its turn before it starts.</summary>
    public bool IsQueued => Lane == Lane.Heavy || (Lane == Lane.Feed && Points >= WorkOf.Bulk);

    public static RequestWork Of(HttpContext http)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<WorkOf>() is { } declared)
        {
            return declared.Lane == Lane.Feed && metadata.GetMetadata<Representable>() is not null
                && Negotiation.FormatOf(http) == Format.Lines
                    ? Of(WorkOf.Everything) : Of(declared);
        }

        if (!HttpMethods.IsGet(http.Request.Method))
            return new(Lane.Writes, Write);
        return metadata?.GetMetadata<RecordRoute>()?.Operation switch
        {
            RecordOperation.List => OfList(http),
            RecordOperation.Availability => new(Lane.Heavy, Availability),
            _ => Of(WorkOf.Lookup),
        };
    }

    private static RequestWork Of(WorkOf work) => new(work.Lane, work.Points);

    /// <summary>By the names of the parameters alone: their values are checked later.</summary>
    private static RequestWork OfList(HttpContext http)
    {
        var (records, heavy, isWhole, isAsOf) = (ListRequest.DefaultLimit, 0, true, false);
        if (http.Request.QueryString.HasValue)
        {
            foreach (var pair in new QueryStringEnumerable(http.Request.QueryString.Value))
            {
                var name = pair.DecodeName().Span;
                if (name is "limit")
                {
                    isWhole = false;
                    records = int.TryParse(pair.DecodeValue().Span, NumberStyles.None, CultureInfo.InvariantCulture, out var limit)
                        ? Math.Clamp(limit, 1, ListRequest.MaxLimit) : records;
                }
                else if (name is "cursor")
                {
                    isWhole = false;
                }
                else if (name is AsOfParameter.Name)
                {
                    isAsOf = true;
                }
                else if (name is QueryText.Words)
                {
                    heavy += Search;
                }
                else if (name is "count")
                {
                    heavy += pair.DecodeValue().Span is "estimated" ? 0 : Aggregate;
                }
                else if (name is "facets")
                {
                    heavy += Aggregate * (1 + pair.DecodeValue().Span.Count(','));
                }
            }
        }

        var isExport = isWhole && Negotiation.FormatOf(http) is RecordFormat;
        var points = isExport ? WorkOf.Bulk : 1 + ((records - 1) / RecordsPerPoint);
        heavy *= isAsOf ? 2 : 1;
        return new(heavy > 0 ? Lane.Heavy : isExport ? Lane.Feed : Lane.Reads, points + heavy);
    }
}
