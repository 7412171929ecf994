using System.Buffers;
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
/// shared by all listeners. The id of each event is its position; a client sends it as <c>Last-Event-ID</c> when it reconnects.
/// </summary>
internal sealed class StreamChanges(
    FeedReader feed, LedgerTail tail, ResourceCatalogue catalogue, KeyNames names, IHostApplicationLifetime lifetime)
{
    private const int PageSize = 500;

    /// <summary>Nodes that a slow listener may hold in memory; beyond that it reads from the database again.</summary>
    private const int MaxChangesBehind = 256;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>The events of a node, rendered once for all listeners that see the same of them.</summary>
    private readonly ConditionalWeakTable<TailNode, IReadOnlyList<(Change Change, byte[] Event)>> _withNames = [];
    private readonly ConditionalWeakTable<TailNode, IReadOnlyList<(Change Change, byte[] Event)>> _withPseudonyms = [];

    public async Task RunAsync(FeedRequest request, HttpContext http, CancellationToken cancellation)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lifetime.ApplicationStopping);
        http.Response.ContentType = Format.EventStream.MediaType;
        // disables buffering of events in proxies
        http.Response.Headers["X-Accel-Buffering"] = "no";
        if (HeadRequest.Is(http))
            return;
        var keys = names.For(http);
        var rendered = keys.ShowsNames ? _withNames : _withPseudonyms;
        var output = http.Response.BodyWriter;
        output.Write("retry: 1000\n: connected\n\n"u8);
        await output.FlushAsync(ends.Token);
        using var listening = tail.Listen();
        try
        {
            var (after, left) = (request.After, request.Limit ?? int.MaxValue);
            while (left > 0)
            {
                var node = tail.Newest;
                (after, left) = await CatchUpAsync(after, left);
                if (left == 0 || !await FollowAsync(node))
                    return;

                async Task<bool> FollowAsync(TailNode from)
                {
                    while (left > 0)
                    {
                        while (!await IsNextAsync(from, ends.Token))
                        {
                            output.Write(": heartbeat\n\n"u8);
                            await output.FlushAsync(ends.Token);
                        }

                        from = await from.Next;
                        if (from.IsOfAnotherHistory)
                            // the client reconnects with its position and gets 410
                            return false;
                        // the nodes have no versions before: these are read from the database
                        if (request.HasDifferences)
                            return true;
                        foreach (var (change, text) in rendered.GetValue(
                            from, n => [.. n.Changes.Select(c => (c, Render(c, catalogue, keys)))]))
                        {
                            if (after.IsBefore(change.Position.Number, change.Position.Change!.Value))
                            {
                                after = change.Position;
                                if (request.Takes(change) && left-- > 0)
                                    output.Write(text);
                            }
                        }

                        // the node without changes was created without listeners
                        if (from.End.Number > after.Number && from.Changes.Count == 0)
                            return true;
                        await output.FlushAsync(ends.Token);
                        if (tail.Newest.Number - from.Number > MaxChangesBehind)
                            return true;
                    }

                    return false;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // the service stops: the client comes again, to this one or another
        }
        catch (PositionGoneException)
        {
            // the database was restored: the client reconnects and gets 410
        }

        async Task<(Position After, int Left)> CatchUpAsync(Position from, int left)
        {
            while (left > 0)
            {
                var (end, more) = await feed.ReadAsync(from, request.Tables, Math.Min(PageSize, left), request.HasDifferences, change =>
                {
                    output.Write(Render(change, catalogue, keys, request.HasDifferences));
                    left--;
                }, ends.Token);
                from = end;
                await output.FlushAsync(ends.Token);
                if (!more)
                    break;
            }

            return (from, left);
        }
    }

    private static async Task<bool> IsNextAsync(TailNode node, CancellationToken cancellation)
    {
        if (node.Next.IsCompleted)
            return true;
        try
        {
            await node.Next.WaitAsync(Heartbeat, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>A change as an event.</summary>
    public static byte[] Render(Change change, ResourceCatalogue catalogue, KeyView keys, bool hasDifferences = false)
    {
        var text = new ArrayBufferWriter<byte>(1024);
        text.Write(Encoding.ASCII.GetBytes($"id: {change.Position}\nevent: {change.Operation}\ndata: "));
        using (var json = new Utf8JsonWriter(text, ApiJson.Writing))
            ChangeJson.Write(json, change, catalogue, keys, hasDifferences);
        text.Write("\n\n"u8);
        return text.WrittenSpan.ToArray();
    }
}
