using System.Globalization;
using System.Text.Json;
using TajikTaliban.Api.Platform.Concurrency;
using TajikTaliban.Api.Platform.History;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Paging;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Resources;
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
        LedgerReader ledger, LedgerTail tail, ResourceCatalogue catalogue, IHostApplicationLifetime lifetime, HttpContext http, CancellationToken cancellation)
    {
        var accept = http.Request.Headers.Accept.ToString();
        var request = await FeedRequest.ReadAsync(http.Request, catalogue, ledger, cancellation);
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await AnswerAsync(accept, request, ledger, tail, catalogue, lifetime, http, cancellation);
        }
        catch (PositionGoneException e) when (!http.Response.HasStarted)
        {
            // put back after the position was looked up
            throw Positions.Gone(e.Position, request.Pointer);
        }
    }

    private static async Task AnswerAsync(
        string accept, FeedRequest request, LedgerReader ledger, LedgerTail tail, ResourceCatalogue catalogue, IHostApplicationLifetime lifetime, HttpContext http,
        CancellationToken cancellation)
    {
        if (accept.Contains(Events, StringComparison.OrdinalIgnoreCase))
            await StreamChanges.RunAsync(request, ledger, tail, catalogue, lifetime, http, cancellation);
        else if (accept.Contains("ndjson", StringComparison.OrdinalIgnoreCase))
            await LinesAsync(request, ledger, catalogue, http, cancellation);
        else
        {
            if (accept.Length > 0 && !accept.Contains("json", StringComparison.OrdinalIgnoreCase) && !accept.Contains('*', StringComparison.Ordinal))
                throw new ProblemException(ProblemType.NotAcceptable, "/header/Accept", $"This address gives application/json, {Lines} and {Events}.");
            await PageAsync(request, ledger, tail, catalogue, lifetime, http, cancellation);
        }
    }

    private static async Task PageAsync(
        FeedRequest request, LedgerReader ledger, LedgerTail tail, ResourceCatalogue catalogue, IHostApplicationLifetime lifetime, HttpContext http, CancellationToken cancellation)
    {
        var limit = request.Limit ?? ListRequest.DefaultLimit;
        using var body = new PooledBody();
        using var json = new Utf8JsonWriter(body, ChangeJson.Writing);
        json.WriteStartObject();
        json.WriteStartArray("items");
        var count = 0;
        void Item(Change change)
        {
            count++;
            ChangeJson.Write(json, change, catalogue);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        if (request.Wait > TimeSpan.Zero)
            patience.CancelAfter(request.Wait);
        using var listening = request.Wait > TimeSpan.Zero ? tail.Listen() : null;
        var after = request.After;
        bool more;
        while (true)
        {
            // taken before the reading: what comes in between is in the one or the other
            var node = tail.Newest;
            try
            {
                (after, more) = await ledger.ReadAsync(after, request.Tables, limit, Item, cancellation);
            }
            catch (PositionGoneException) when (after != request.After)
            {
                // the database was put back to somewhere between: there was nothing to give up to there, and what is there now is read anew
                after = request.After;
                continue;
            }

            if (count > 0 || more || request.Wait == TimeSpan.Zero || HeadRequest.Is(http))
                break;
            try
            {
                await node.Next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                break;
            }
        }

        json.WriteEndArray();
        json.WriteString("next", $"/v1/changes?after={after}{(request.Resources is null ? "" : $"&resource={request.Resources}")}"
            + $"{(request.Limit is null ? "" : string.Create(CultureInfo.InvariantCulture, $"&limit={limit}"))}"
            + $"{(request.Wait == TimeSpan.Zero ? "" : string.Create(CultureInfo.InvariantCulture, $"&wait={request.Wait.TotalSeconds}"))}");
        json.WriteBoolean("complete", !more);
        json.WriteString("position", after.ToString());
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        http.Response.Headers[Positions.Header] = after.ToString();
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        await http.Response.BodyWriter.WriteAsync(body.Written, cancellation);
    }

    /// <summary>Everything until now, or as much as is asked for; the last line says where it ends.</summary>
    private static async Task LinesAsync(FeedRequest request, LedgerReader ledger, ResourceCatalogue catalogue, HttpContext http, CancellationToken cancellation)
    {
        http.Response.ContentType = $"{Lines}; charset=utf-8";
        if (HeadRequest.Is(http))
            return;
        var output = http.Response.BodyWriter;
        using var json = new Utf8JsonWriter(output, ChangeJson.Writing);
        var left = request.Limit ?? int.MaxValue;
        var (after, more) = (request.After, true);
        while (more && left > 0)
        {
            (after, more) = await ledger.ReadAsync(after, request.Tables, Math.Min(left, LinesAtOnce), change =>
            {
                ChangeJson.Write(json, change, catalogue);
                json.Flush();
                json.Reset(output);
                output.Write("\n"u8);
                left--;
            }, cancellation);
            await output.FlushAsync(cancellation);
        }

        json.WriteStartObject();
        json.WriteString("position", after.ToString());
        json.WriteBoolean("complete", !more);
        json.WriteEndObject();
        await json.FlushAsync(cancellation);
        output.Write("\n"u8);
        await output.FlushAsync(cancellation);
    }

    private static void Write(this System.IO.Pipelines.PipeWriter output, ReadOnlySpan<byte> bytes) => System.Buffers.BuffersExtensions.Write(output, bytes);
}
