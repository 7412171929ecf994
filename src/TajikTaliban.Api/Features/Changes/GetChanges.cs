using System.Globalization;
using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Changes;

/// <summary>Committed changes in the order of their commits.</summary>
/// <param name="Items">The changes.</param>
/// <param name="Next">The address that goes on from here; it is never null, since more may always come.</param>
/// <param name="Complete">True when nothing more was committed yet.</param>
/// <param name="Position">Where this page ended.</param>
public sealed record ChangesResponse(IReadOnlyList<ChangeResponse> Items, string Next, bool Complete, string Position);

/// <summary>GET of <c>/v1/changes</c>: a page of the feed, waited for if there is nothing yet; or all of it, line by line; or a stream.</summary>
internal static class GetChanges
{
    private const string Events = "text/event-stream";
    private const string Lines = "application/x-ndjson";
    private const int LinesAtOnce = 1000;

    public static async Task Handle(
        PositionReader positions, FeedReader feed, LedgerTail tail, ResourceCatalogue catalogue, IHostApplicationLifetime lifetime, HttpContext http,
        CancellationToken cancellation)
    {
        var accept = http.Request.Headers.Accept.ToString();
        var request = await FeedRequest.ReadAsync(http.Request, catalogue, positions, cancellation);
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await AnswerAsync(accept, request, feed, tail, catalogue, lifetime, http, cancellation);
        }
        catch (PositionGoneException e) when (!http.Response.HasStarted)
        {
            // put back after the position was looked up
            throw Positions.Gone(e.Position, request.Pointer);
        }
    }

    private static async Task AnswerAsync(
        string accept, FeedRequest request, FeedReader feed, LedgerTail tail, ResourceCatalogue catalogue, IHostApplicationLifetime lifetime, HttpContext http,
        CancellationToken cancellation)
    {
        if (accept.Contains(Events, StringComparison.OrdinalIgnoreCase))
        {
            await StreamChanges.RunAsync(request, feed, tail, catalogue, lifetime, http, cancellation);
        }
        else if (accept.Contains("ndjson", StringComparison.OrdinalIgnoreCase))
        {
            await LinesAsync(request, feed, catalogue, http, cancellation);
        }
        else
        {
            if (accept.Length > 0 && !accept.Contains("json", StringComparison.OrdinalIgnoreCase) && !accept.Contains('*', StringComparison.Ordinal))
                throw new ProblemException(ProblemType.NotAcceptable, "/header/Accept", $"This address gives application/json, {Lines} and {Events}.");
            await PageAsync(request, feed, tail, catalogue, lifetime, http, cancellation);
        }
    }

    private static async Task PageAsync(
        FeedRequest request, FeedReader feed, LedgerTail tail, ResourceCatalogue catalogue, IHostApplicationLifetime lifetime, HttpContext http, CancellationToken cancellation)
    {
        var page = await OpenAsync(request, feed, tail, lifetime, http, cancellation);
        await using var body = new BodyInParts(http.Response, "application/json; charset=utf-8", cancellation);
        await using (page)
        {
            using var json = new Utf8JsonWriter(body.Output, ApiJson.Writing);
            json.WriteStartObject();
            json.WriteStartArray("items");
            while (await page.ReadAsync(cancellation))
            {
                ChangeJson.Write(json, page.Current, page.Document, catalogue);
                if (body.Unsent + json.BytesPending > BodyInParts.PartSize)
                {
                    await json.FlushAsync(cancellation);
                    // the page goes further than this, but that is not known before its end
                    if (!body.IsBegun)
                        http.Response.Headers[Positions.Header] = page.Current.Position.ToString();
                    await body.SendAsync();
                }
            }

            if (!body.IsBegun)
                http.Response.Headers[Positions.Header] = page.End.ToString();
            json.WriteEndArray();
            json.WriteString("next", $"/v1/changes?after={page.End}{(request.Resources is null ? "" : $"&resource={request.Resources}")}"
                + $"{(request.Limit is null ? "" : string.Create(CultureInfo.InvariantCulture, $"&limit={request.Limit}"))}"
                + $"{(request.Wait == TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $"&wait={request.Wait.TotalSeconds}"))}");
            json.WriteBoolean("complete", !page.More);
            json.WriteString("position", page.End.ToString());
            json.WriteEndObject();
            await json.FlushAsync(cancellation);
        }

        await body.EndAsync();
    }

    /// <summary>The page that is asked for; if it is empty, and that was asked for too, the first that is not until the time is over.</summary>
    private static async Task<FeedPage> OpenAsync(
        FeedRequest request, FeedReader feed, LedgerTail tail, IHostApplicationLifetime lifetime, HttpContext http, CancellationToken cancellation)
    {
        var limit = request.Limit ?? ListRequest.DefaultLimit;
        if (request.Wait == TimeSpan.Zero || HeadRequest.Is(http))
            return await feed.OpenPageAsync(request.After, request.Tables, limit, cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        patience.CancelAfter(request.Wait);
        using var listening = tail.Listen();
        var after = request.After;
        while (true)
        {
            // taken before the reading: what comes in between is in the one or the other
            var node = tail.Newest;
            try
            {
                var page = await feed.OpenPageAsync(after, request.Tables, limit, cancellation);
                if (!page.IsEmpty || page.More || patience.IsCancellationRequested)
                    return page;
                // nobody waits with a connection
                await page.DisposeAsync();
                after = page.End;
            }
            catch (PositionGoneException) when (after != request.After)
            {
                // the database was put back to somewhere between: there was nothing to give up to there, and what is there now is read anew
                after = request.After;
                continue;
            }

            await ((Task)node.Next).WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Everything until now, or as much as is asked for; the last line says where it ends.</summary>
    private static async Task LinesAsync(FeedRequest request, FeedReader feed, ResourceCatalogue catalogue, HttpContext http, CancellationToken cancellation)
    {
        http.Response.ContentType = $"{Lines}; charset=utf-8";
        if (HeadRequest.Is(http))
            return;
        await using var body = new LinesByTurns(http.Response, cancellation);
        var (after, more, left) = (request.After, true, request.Limit ?? int.MaxValue);
        while (more && left > 0)
        {
            await using (var page = await feed.OpenPageAsync(after, request.Tables, Math.Min(left, LinesAtOnce), cancellation))
            {
                var isCut = false;
                while (!isCut && await page.ReadAsync(cancellation))
                {
                    if (body.IsFull)
                    {
                        // records may be large: the rest of the page is read again
                        isCut = true;
                    }
                    else
                    {
                        body.Add(json => ChangeJson.Write(json, page.Current, page.Document, catalogue));
                        (after, left) = (page.Current.Position, left - 1);
                    }
                }

                (after, more) = isCut ? (after, true) : (page.End, page.More);
            }

            await body.SendAsync();
        }

        body.Add(json =>
        {
            json.WriteStartObject();
            json.WriteString("position", after.ToString());
            json.WriteBoolean("complete", !more);
            json.WriteEndObject();
        });
        await body.EndAsync();
    }
}
