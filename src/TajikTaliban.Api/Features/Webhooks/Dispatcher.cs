using System.Threading.Channels;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>
/// Delivers the changes of the ledger to the subscriptions: each in order, one message at a time, several subscriptions at once. Woken by a
/// commit, by a retry that is due, by whoever changes a subscription. What there is to do, the database says; nothing is kept here.
/// </summary>
internal sealed partial class Dispatcher(
    WebhookQueue queue, FeedReader feed, LedgerTail tail, ResourceCatalogue catalogue, Delivery delivery, WebhookOptions options, TimeProvider time,
    ILogger<Dispatcher> log) : BackgroundService
{
    private const int PageSize = 32;

    /// <summary>After this a subscription that still has something lets others have its place.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(5);

    /// <summary>How soon the leases of a process that was killed are seen to have ended.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StandbyPause = TimeSpan.FromSeconds(30);
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<Task> _runs = [];
    private int _running;

    /// <summary>Something has changed that no commit tells of.</summary>
    public void Wake() => _signals.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await tail.Started.WaitAsync(stoppingToken);
            while (!stoppingToken.IsCancellationRequested)
            {
                try
                {
                    await RoundAsync(stoppingToken);
                }
                catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ReadOnlySqlTransaction)
                {
                    // a standby: the service on the primary delivers
                    await Task.Delay(StandbyPause, stoppingToken);
                }
                catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                {
                    LogAway(log, e.Message);
                    await Task.Delay(Pause, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            await Task.WhenAll(_runs);
        }
    }

    private async Task RoundAsync(CancellationToken stopping)
    {
        // taken before the database is looked at: what is committed in between is in the one or the other
        var node = tail.Newest;
        _signals.Reader.TryRead(out _);
        _runs.RemoveAll(r => r.IsCompleted);
        var free = options.Parallel - Volatile.Read(ref _running);
        var now = time.GetUtcNow();
        var leases = free > 0 ? await queue.LeaseAsync(now, options.LeaseLength, free, stopping) : [];
        foreach (var lease in leases)
        {
            Interlocked.Increment(ref _running);
            _runs.Add(RunAsync(lease, stopping));
        }

        using var round = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        List<Task> wakers = [_signals.Reader.WaitToReadAsync(round.Token).AsTask()];
        // with all places taken only one that becomes free is of interest
        if (leases.Count < free)
        {
            // of the same instant: what is due in between is in the one or the other
            var (any, due) = await queue.AgendaAsync(now, stopping);
            if (any)
                wakers.Add(node.Next);
            wakers.Add(Task.Delay(Sleep(due), time, round.Token));
        }

        await Task.WhenAny(wakers);
        await round.CancelAsync();
    }

    private TimeSpan Sleep(DateTime? due)
    {
        var until = due - time.GetUtcNow() ?? LongestSleep;
        return until < TimeSpan.Zero ? TimeSpan.Zero : until < LongestSleep ? until : LongestSleep;
    }

    private async Task RunAsync(WebhookLease lease, CancellationToken stopping)
    {
        try
        {
            Position? passed = null;
            try
            {
                passed = await DeliverAsync(lease, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }

            // the next one should not have to wait for the lease to end, also when the service is stopping
            await queue.ReleaseAsync(lease, passed, CancellationToken.None);
        }
        catch (Exception e)
        {
            // the lease is left to end by itself: what fails at once does not fail again at once
            LogBroken(log, e, lease.Target.Id);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            Wake();
        }
    }

    /// <summary>Delivers what there is; gives the place that was come to without a delivery, where a filter passes over the last changes.</summary>
    private async Task<Position?> DeliverAsync(WebhookLease lease, CancellationToken stopping)
    {
        var tables = lease.Resources is null ? null : catalogue.All.Where(r => lease.Resources.Contains(r.Name)).Select(r => r.Table).ToList();
        var began = time.GetTimestamp();
        var (position, failures) = (lease.Position, lease.Failures);
        for (var more = true; more && time.GetElapsedTime(began) < Slice;)
        {
            var changes = new List<Change>();
            (var end, more) = await feed.ReadAsync(position, tables, PageSize, changes.Add, stopping);
            foreach (var change in changes)
            {
                var result = await delivery.SendAsync(lease.Target, Message.Of(lease.Target.Id, change, catalogue), stopping);
                var after = !more && ReferenceEquals(change, changes[^1]) ? end : change.Position;
                var progress = Progress(result, position, after, failures);
                var letter = progress.State == WebhookState.DeadLetter ? Letter(change, result.Attempt, progress.Failures) : null;
                // written even when the service is stopping: it has happened
                if (!await queue.SaveAsync(lease, progress, result.Attempt, letter, result.IsTaken ? change.Position.Change : null, options.LeaseLength,
                        options.KeptAttempts, CancellationToken.None))
                {
                    return null;
                }

                (position, failures) = (progress.Position, progress.Failures);
                if (progress.State != WebhookState.Active)
                    LogStopped(log, lease.Target.Id, progress.State, result.Attempt.Error);
                if (!result.IsTaken || time.GetElapsedTime(began) > Slice)
                    return null;
            }

            position = end;
        }

        return position;
    }

    private WebhookProgress Progress(DeliveryResult result, Position before, Position after, int failures)
    {
        if (result.IsTaken)
            return new WebhookProgress(WebhookState.Active, after, 0, null);
        failures++;
        if (result.Attempt.Status == StatusCodes.Status410Gone)
            return new WebhookProgress(WebhookState.Gone, before, failures, null);
        if (failures >= options.Attempts)
            return new WebhookProgress(WebhookState.DeadLetter, before, failures, null);
        var delay = options.Delay(failures, Random.Shared.NextDouble());
        if (result.RetryAfter > delay)
            delay = result.RetryAfter.Value < options.MaxDelay ? result.RetryAfter.Value : options.MaxDelay;
        return new WebhookProgress(WebhookState.Active, before, failures, (time.GetUtcNow() + delay).UtcDateTime);
    }

    private WebhookDeadLetter Letter(Change change, WebhookAttempt attempt, int failures) =>
        new(change.Position.Change!.Value, attempt.MessageId, attempt.Type, change.Id, change.Version, change.Position, failures, time.GetUtcNow().UtcDateTime,
            attempt.Status, attempt.Error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhooks cannot be delivered just now, trying again: {Problem}")]
    private static partial void LogAway(ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "The webhook {Webhook} cannot be delivered just now")]
    private static partial void LogBroken(ILogger log, Exception error, string webhook);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The webhook {Webhook} stopped ({State}): {Error}")]
    private static partial void LogStopped(ILogger log, string webhook, string state, string? error);
}
