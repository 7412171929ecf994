using System.Globalization;
using System.Text.Json;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
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
    private const int LinesAtOnce = 1000;

    public static async Task Handle(
        LedgerReader ledger, LedgerTail tail, ResourceCatalogue catalogue, IHostApplicationLifetime lifetime, HttpContext http, CancellationToken cancellation)
    {
        var format = Negotiation.FormatOf(http);
        var request = await FeedRequest.ReadAsync(http.Request, catalogue, ledger, cancellation);
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await (format == Format.EventStream ? StreamChanges.RunAsync(request, ledger, tail, catalogue, lifetime, http, cancellation)
                : format == Format.Lines ? LinesAsync(request, ledger, catalogue, http, cancellation)
                : PageAsync(request, ledger, tail, catalogue, lifetime, http, cancellation));
        }
        catch (PositionGoneException e) when (!http.Response.HasStarted)
        {
            // the database was restored after the position was looked up
            throw Positions.Gone(e.Position, request.Pointer);
        }
    }

    private static async Task PageAsync(
        FeedRequest request, LedgerReader ledger, LedgerTail tail, ResourceCatalogue catalogue, IHostApplicationLifetime lifetime, HttpContext http, CancellationToken cancellation)
    {
        var page = await OpenAsync(request, ledger, tail, lifetime, http, cancellation);
        await using var body = new BodyInParts(http.Response, Format.Json.ContentType, cancellation);
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
            json.WriteString("next", $"{http.Request.Path.ToUriComponent()}?after={page.End}{(request.Format is null ? "" : $"&format={request.Format}")}{(request.Resources is null ? "" : $"&resource={request.Resources}")}"
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
        FeedRequest request, LedgerReader ledger, LedgerTail tail, IHostApplicationLifetime lifetime, HttpContext http, CancellationToken cancellation)
    {
        var limit = request.Limit ?? ListRequest.DefaultLimit;
        if (request.Wait == TimeSpan.Zero || HeadRequest.Is(http))
            return await ledger.OpenPageAsync(request.After, request.Tables, limit, cancellation);
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
                var page = await ledger.OpenPageAsync(after, request.Tables, limit, cancellation);
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
    private static async Task LinesAsync(FeedRequest request, LedgerReader ledger, ResourceCatalogue catalogue, HttpContext http, CancellationToken cancellation)
    {
        http.Response.ContentType = Format.Lines.ContentType;
        if (HeadRequest.Is(http))
            return;
        await using var body = new LinesByTurns(http.Response, cancellation);
        var (after, more, left) = (request.After, true, request.Limit ?? int.MaxValue);
        while (more && left > 0)
        {
            await using (var page = await ledger.OpenPageAsync(after, request.Tables, Math.Min(left, LinesAtOnce), cancellation))
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
