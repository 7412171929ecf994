using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Deadlines;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Changes;

/// <summary>Committed changes in the order of their commits.</summary>
/// <param name="Items">The changes.</param>
/// <param name="Next">The address to continue at; never null, because more changes may follow.</param>
/// <param name="Complete">True when nothing more was committed yet.</param>
/// <param name="Position">Where this page ended.</param>
public sealed record ChangesResponse(IReadOnlyList<ChangeResponse> Items, string Next, bool Complete, string Position);

/// <summary>GET of <c>/v1/changes</c>: a page of the feed, waited for if there is nothing yet; or all of it, line by line; or a
/// stream.</summary>
internal sealed class GetChanges(
    PositionReader positions, AsOfParameter moments, FeedReader feed, LedgerTail tail, ResourceCatalogue catalogue, StreamChanges stream,
    KeyNames names, IHostApplicationLifetime lifetime)
{
    public async Task HandleAsync(HttpContext http, CancellationToken cancellation)
    {
        var format = Negotiation.FormatOf(http);
        var request = await FeedRequest.ReadAsync(http.Request, catalogue, positions, moments, cancellation);
        if (format == Format.EventStream && request.Until is not null)
        {
            throw new ProblemException(ProblemType.InvalidParameter, $"/query/{FeedRequest.Before}",
                Fault.NotAllowedWith("A stream has no end; ask for the range as JSON or lines.", RecordFormats.FormatParameter));
        }

        // a key may see more than others
        http.Response.Headers.CacheControl = request.IsFixed && http.User.Identity?.IsAuthenticated != true
            && catalogue.Edition.IsNamed(http.Request) ? JsonResponse.Immutable : "no-store";
        try
        {
            await (format == Format.EventStream ? stream.RunAsync(request, http, cancellation)
                : format == Format.Lines ? LinesAsync(request, http, cancellation)
                : PageAsync(request, http, cancellation));
        }
        catch (PositionGoneException e) when (!http.Response.HasStarted)
        {
            // the database was restored after the position was looked up
            throw Positions.Gone(e.Position, request.Pointer);
        }
        catch (ArchivedException e) when (!http.Response.HasStarted)
        {
            throw Positions.Archived(e, request.Pointer);
        }
    }

    private async Task PageAsync(FeedRequest request, HttpContext http, CancellationToken cancellation)
    {
        var page = await OpenAsync(request, http, cancellation);
        var keys = names.For(http);
        await using var body = new PipedBody(http.Response, Format.Json.ContentType, cancellation);
        await using (page)
        {
            using var json = new Utf8JsonWriter(body.Output, ApiJson.Writing);
            json.WriteStartObject();
            json.WriteStartArray("items");
            while (await page.ReadAsync(cancellation))
            {
                ChangeJson.Write(json, page.Current, page.Document, catalogue, keys, request.HasDifferences);
                var written = body.Written + json.BytesPending;
                if (written >= BodyMemory.PageBytes || !body.HasRoom(written + PipedBody.PartSize))
                    page.EndHere();
                if (body.Unsent + json.BytesPending > PipedBody.PartSize)
                {
                    await json.FlushAsync(cancellation);
                    // the page may end later, but its end is not known yet
                    if (!body.IsBegun)
                        Positions.Set(http, page.Current.Position.ToString());
                    await body.SendAsync();
                }
            }

            if (!body.IsBegun)
                Positions.Set(http, page.End.ToString());
            json.WriteEndArray();
            json.WriteString("next", NextPath(http.Request, page.End, request.IsFixed ? catalogue.Edition : null));
            json.WriteBoolean("complete", !page.More);
            json.WriteString("position", page.End.ToString());
            json.WriteEndObject();
            await json.FlushAsync(cancellation);
        }

        await body.EndAsync();
    }

    /// <summary>The requested page. If it is empty and the request waits: the first page that is not, or an empty one after the
    /// timeout.</summary>
    private async Task<FeedPage> OpenAsync(FeedRequest request, HttpContext http, CancellationToken cancellation)
    {
        var limit = request.Limit ?? ListRequest.DefaultLimit;
        if (request.Wait == TimeSpan.Zero || HeadRequest.Is(http))
            return await feed.OpenPageAsync(request.Range, request.Tables, limit, request.HasDifferences, cancellation);
        var ends = Environment.TickCount64 + (long)request.Wait.TotalMilliseconds;
        using var stops = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        Deadline.AddWaiting(http, request.Wait);
        using var listening = tail.Listen();
        var (after, isOver) = (request.After, false);
        while (true)
        {
            // before reading the page: a concurrent change is in the page or in a node after this one
            var seen = tail.Newest.Number;
            try
            {
                var page = await feed.OpenPageAsync(new FeedRange(after), request.Tables, limit, request.HasDifferences, cancellation);
                if (!page.IsEmpty || page.More || isOver)
                    return page;
                // no connection is held while the request waits
                await page.DisposeAsync();
                after = page.End;
            }
            catch (PositionGoneException) when (after != request.After)
            {
                // the database was restored to a position in between: read again from where the request began
                after = request.After;
                continue;
            }

            var left = TimeSpan.FromMilliseconds(Math.Max(0, ends - Environment.TickCount64));
            try
            {
                isOver = !await tail.WaitAsync(seen, request.Tables, left, stops.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // the service stops
                isOver = true;
            }
        }
    }

    /// <summary>The same query from another position on.</summary>
    private static string NextPath(HttpRequest request, Position after, Edition? edition)
    {
        var parameters = QueryHelpers.ParseQuery(request.QueryString.Value);
        parameters["after"] = after.ToString();
        if (edition is not null)
            parameters[Edition.Parameter] = edition.Text;
        return QueryHelpers.AddQueryString(request.Path.ToUriComponent(), parameters);
    }

    /// <summary>All changes until now, or up to the limit; the last line has the end position.</summary>
    private async Task LinesAsync(FeedRequest request, HttpContext http, CancellationToken cancellation)
    {
        http.Response.ContentType = Format.Lines.ContentType;
        if (HeadRequest.Is(http))
            return;
        var keys = names.For(http);
        await using var body = new DoubleBufferedLines(http.Response, cancellation);
        var (after, more, left) = (request.After, true, request.Limit ?? int.MaxValue);
        var (size, lines) = (PartSizes.First, 0);
        while (more && left > 0)
        {
            var before = body.Bytes;
            lines = 0;
            more = await RepeatedPages.ReadAsync(http.Response, async () =>
            {
                // it failed after the last line
                if (left == 0)
                    return true;
                await using var page = await feed.OpenPageAsync(
                    new FeedRange(after, request.Until), request.Tables, Math.Min(left, size), request.HasDifferences, cancellation);
                while (await page.ReadAsync(cancellation))
                {
                    // large records: the rest of the page is read again
                    if (body.IsFull)
                        return true;
                    body.Add(json => ChangeJson.Write(json, page.Current, page.Document, catalogue, keys, request.HasDifferences));
                    (after, left, lines) = (page.Current.Position, left - 1, lines + 1);
                }

                after = page.End;
                return page.More;
            }, cancellation);

            size = PartSizes.Fitting(body.PartSize, body.Bytes - before, lines);
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
