using System.Threading.RateLimiting;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Platform.Fairness;

/// <summary>
/// Puts each request into its lane. A queued one waits for its turn; beyond the limit of the queue, or after the longest wait, it ends
/// with 503 before it costs anything. A turn lasts until the response begins: a page is read by then, and a stream reads its further pages
/// over the connections of its lane.
/// </summary>
internal sealed class Turns(ConnectionPools pools, FairnessOptions options) : IAsyncDisposable
{
    private const int RetryAfterSeconds = 2;

    private readonly ConcurrencyLimiter _heavy = Limiter(pools.SizeOf(Lane.Heavy), options.MaxHeavyQueue);
    private readonly ConcurrencyLimiter _bulk = Limiter(pools.SizeOf(Lane.Feed), options.MaxBulkQueue);

    /// <summary>How many requests wait for their turn, by the name of their lane.</summary>
    public IReadOnlyList<(string Lane, long Requests)> Waiting =>
        [("heavy", _heavy.GetStatistics()!.CurrentQueuedCount), ("bulk", _bulk.GetStatistics()!.CurrentQueuedCount)];

    public Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var work = RequestWork.Of(http);
        return work.IsQueued ? QueueAsync(http, next, work)
            : work.Lane is Lane.Reads or Lane.Writes ? next(http)
            : EnterAsync(http, next, work.Lane);
    }

    public async ValueTask DisposeAsync()
    {
        await _heavy.DisposeAsync();
        await _bulk.DisposeAsync();
    }

    private static ConcurrencyLimiter Limiter(int turns, int queue) => new(new ConcurrencyLimiterOptions
    {
        PermitLimit = turns,
        QueueLimit = queue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private static async Task EnterAsync(HttpContext http, RequestDelegate next, Lane lane)
    {
        ConnectionPools.Enter(lane);
        await next(http);
    }

    private async Task QueueAsync(HttpContext http, RequestDelegate next, RequestWork work)
    {
        using var turn = await WaitAsync(work.Lane == Lane.Heavy ? _heavy : _bulk, http.RequestAborted);
        // the first page of an export is a cheap read: it does not wait behind the further pages of those that have begun
        var entry = ConnectionPools.Enter(work.Lane == Lane.Feed ? Lane.Reads : work.Lane);
        http.Response.OnStarting(static state =>
        {
            var (turn, entry, lane) = ((RateLimitLease, LaneEntry, Lane))state;
            entry.Lane = lane;
            turn.Dispose();
            return Task.CompletedTask;
        }, (turn, entry, work.Lane));
        await next(http);
    }

    private async Task<RateLimitLease> WaitAsync(ConcurrencyLimiter limiter, CancellationToken aborted)
    {
        var turn = limiter.AttemptAcquire();
        if (turn.IsAcquired)
            return turn;
        turn.Dispose();
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        wait.CancelAfter(options.MaxWait);
        try
        {
            turn = await limiter.AcquireAsync(1, wait.Token);
            if (turn.IsAcquired)
                return turn;
            turn.Dispose();
        }
        catch (OperationCanceledException) when (!aborted.IsCancellationRequested)
        {
            // waited for as long as it may
        }

        throw new TooBusyException(ProblemType.Busy.Meaning, RetryAfterSeconds);
    }
}
