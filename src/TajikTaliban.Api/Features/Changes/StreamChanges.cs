using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Changes;

/// <summary>
/// The feed as server-sent events: first the changes since the position, from the database, then new changes, from the reader
/// shared by all listeners. The id of each event is its position; a client sends it as <c>Last-Event-ID</c> when it reconnects. The start
/// and each heartbeat have an id without an event, so that a client that is cut before its first event, or after none for long, goes on
/// from there. While a client is slow, its stream holds a part of events and a number, no change.
/// </summary>
internal sealed class StreamChanges(
    FeedReader feed, LedgerTail tail, ResourceCatalogue catalogue, KeyNames names, IHostApplicationLifetime lifetime)
{
    /// <summary>Bytes of events that are written before the client has to take them.</summary>
    private const int PartBytes = 32 * 1024;

    private const int MaxPageSize = 100;
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>The events, rendered once for all listeners that see the same of them.</summary>
    private readonly ConditionalWeakTable<Change, byte[]> _withNames = [];
    private readonly ConditionalWeakTable<Change, byte[]> _withPseudonyms = [];

    private enum Step
    {
        /// <summary>A part was written; there may be more.</summary>
        Wrote,

        /// <summary>There is nothing more yet.</summary>
        UpToDate,

        /// <summary>What follows has to be read from the database.</summary>
        Behind,

        /// <summary>The limit is reached, or the database was restored: the client reconnects with its position and gets 410.</summary>
        Ended,
    }

    public async Task RunAsync(FeedRequest request, HttpContext http, CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        http.Response.ContentType = Format.EventStream.MediaType;
        // disables buffering of events in proxies
        http.Response.Headers["X-Accel-Buffering"] = "no";
        if (HeadRequest.Is(http))
            return;
        await feed.ThrowIfArchivedAsync(request.After, cancellation);
        using var memory = BodyMemory.Of(http).Open(http);
        // before the client is told that it is connected: a stream that reads on from the database may pass over the node that tells of a
        // restore
        var history = tail.Newest.History;
        var stream = new Listener(request, http, memory) { Keys = names.For(http), Seen = tail.Newest.Number };
        stream.Output.Write(Opening(request.After));
        await stream.FlushAsync(ends.Token);
        using var listening = tail.Listen();
        try
        {
            for (var step = Step.Behind; step != Step.Ended && tail.Newest.History == history; step = Next(stream))
            {
                // what was written before, since what follows may wait
                await stream.FlushAsync(ends.Token);
                if (step == Step.Behind)
                {
                    // before reading: a concurrent change is in what is read or in a node after this one
                    stream.Seen = tail.Newest.Number;
                    await CatchUpAsync(stream, ends.Token);
                }
                else if (step == Step.UpToDate && !await tail.WaitAsync(stream.Seen, request.Tables, Heartbeat, ends.Token))
                {
                    // first past the nodes since, which had nothing for this client
                    if (Next(stream) == Step.UpToDate)
                        stream.Output.Write(Encoding.ASCII.GetBytes($": heartbeat\nid: {stream.After}\n\n"));
                }
            }

            await stream.FlushAsync(ends.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // the service stops: the client comes again, to this one or another
        }
        catch (Exception e) when (e is PositionGoneException or ArchivedException)
        {
            // the database was restored, or what follows was detached: the client reconnects and gets 410
        }
    }

    /// <summary>Writes a part of what the nodes after the last seen one have. It is synchronous: no node is kept while a client is
    /// slow.</summary>
    private Step Next(Listener stream)
    {
        var rendered = stream.Keys.ShowsNames ? _withNames : _withPseudonyms;
        while (stream.Left > 0)
        {
            if (tail.FindOrNull(stream.Seen + 1) is not { } node)
                return stream.Seen >= tail.Newest.Number ? Step.UpToDate : Step.Behind;
            if (node.IsOfAnotherHistory)
                return Step.Ended;
            if (node.IsAfterGap)
                return Step.Behind;
            // without changes: it was made without listeners; with differences: a node lacks the versions before
            if (node.MayTouch(stream.Request.Tables) && (node.Changes is null || stream.Request.HasDifferences))
            {
                if (!stream.After.Reaches(node.End))
                    return Step.Behind;
                stream.Seen++;
                continue;
            }

            foreach (var change in node.Changes ?? [])
            {
                if (!stream.After.IsBefore(change.Position.Number, change.Position.Change!.Value))
                    continue;
                if (stream.Request.Takes(change)
                    && !stream.Add(change, rendered.GetValue(change, c => Render(c, catalogue, stream.Keys))))
                {
                    return Step.Wrote;
                }

                stream.After = change.Position;
                if (stream.Left == 0)
                    return Step.Ended;
            }

            // also past changes of other resources
            if (!stream.After.Reaches(node.End))
                stream.After = node.End;
            stream.Seen++;
        }

        return Step.Ended;
    }

    private async Task CatchUpAsync(Listener stream, CancellationToken cancellation)
    {
        var size = PartSizes.Fitting(PartBytes, 0, 0);
        for (var more = true; more && stream.Left > 0;)
        {
            var (events, bytes) = (0, 0L);
            more = await RepeatedPages.ReadAsync(stream.Response, async () =>
            {
                // it failed after the last event
                if (stream.Left == 0)
                    return true;
                await using var page = await feed.OpenPageAsync(
                    new FeedRange(stream.After), stream.Request.Tables, Math.Min(Math.Min(size, MaxPageSize), stream.Left),
                    stream.Request.HasDifferences, cancellation);
                while (await page.ReadAsync(cancellation))
                {
                    var change = page.Current with { Document = page.Document?.ToArray() };
                    var text = Render(change, catalogue, stream.Keys, stream.Request.HasDifferences);
                    if (!stream.Add(change, text))
                    {
                        page.EndBefore();
                        break;
                    }

                    stream.After = page.Current.Position;
                    (events, bytes) = (events + 1, bytes + text.Length);
                }

                stream.After = page.End;
                return page.More;
            }, cancellation);

            size = PartSizes.Fitting(PartBytes, bytes, events);
            await stream.FlushAsync(cancellation);
        }
    }

    /// <summary>The start of a stream: its position as the id of no event, which a browser keeps.</summary>
    public static byte[] Opening(Position after) => Encoding.ASCII.GetBytes($"retry: 1000\n: connected\nid: {after}\n\n");

    /// <summary>A change as an event without a name, which <c>onmessage</c> of a browser receives.</summary>
    public static byte[] Render(Change change, ResourceCatalogue catalogue, KeyView keys, bool hasDifferences = false)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        text.Write(Encoding.ASCII.GetBytes($"id: {change.Position}\ndata: "));
        using (var json = new Utf8JsonWriter(text, ApiJson.Writing))
            ChangeJson.Write(json, change, catalogue, keys, hasDifferences);
        text.Write("\n\n"u8);
        return text.WrittenSpan.ToArray();
    }

    /// <summary>A client, how far it is, and the part that it has to take next.</summary>
    private sealed class Listener(FeedRequest request, HttpContext http, BodyMemory.Lease memory)
    {
        /// <summary>An event that is larger than a part, which is sent after it.</summary>
        private byte[]? _large;

        private int _part;

        public FeedRequest Request => request;

        public HttpResponse Response => http.Response;

        public PipeWriter Output { get; } = http.Response.BodyWriter;

        public required KeyView Keys { get; init; }

        /// <summary>The number of the last node that was read.</summary>
        public long Seen { get; set; }

        public Position After { get; set; } = request.After;

        /// <summary>Events that may still be sent.</summary>
        public int Left { get; private set; } = request.Limit ?? int.MaxValue;

        /// <summary>Adds an event to the part; false if the part is full without it.</summary>
        public bool Add(Change change, byte[] text)
        {
            if (_large is not null || (_part > 0 && _part + text.Length > PartBytes))
                return false;
            if (request.IsNamed)
                Output.Write(Encoding.ASCII.GetBytes($"event: {change.Operation}\n"));
            if (text.Length > PartBytes)
                _large = text;
            else
                Output.Write(text);
            _part += text.Length;
            Left--;
            return true;
        }

        /// <summary>Waits until the client has taken the part.</summary>
        public async Task FlushAsync(CancellationToken cancellation)
        {
            await Output.FlushAsync(cancellation);
            if (_large is { } large)
            {
                await memory.ResizeAsync(large.Length);
                await Slices.SendAsync(http.Response, large, memory, cancellation);
                await Output.FlushAsync(cancellation);
                _large = null;
                memory.TryResize(0);
            }

            _part = 0;
        }
    }
}
