using System.Threading.Channels;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>
/// Delivers the changes of the ledger to the webhook endpoints: to each in order and one message at a time, to several endpoints at once.
/// Commits, due retries and changes of endpoints wake it. All its state is in the database.
/// </summary>
internal sealed partial class Dispatcher(
    WebhookQueue queue, FeedReader feed, LedgerTail tail, ResourceCatalogue catalogue, Delivery delivery, WebhookOptions options,
    KeyNames names, ServiceSecrets secrets, TimeProvider time,
    ILogger<Dispatcher> log) : BackgroundService
{
    private const int PageSize = 32;
    private const int PageBytes = 1024 * 1024;

    /// <summary>After this time an endpoint with more changes yields to others.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(5);

    /// <summary>The longest time until the ended leases of a killed process are noticed.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StandbyPause = TimeSpan.FromSeconds(30);
    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly List<Task> _runs = [];
    private int _running;
    private IDisposable? _listening;

    /// <summary>Signals a change that no commit signals.</summary>
    public void Wake() => _signals.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ConnectionPools.Enter(Lane.Feed);
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
            _listening?.Dispose();
        }
    }

    private async Task RoundAsync(CancellationToken stopping)
    {
        // read before the database: a commit in between is in one of the two
        var seen = tail.Newest.Number;
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
        // all workers are busy: wait for a free one
        if (leases.Count < free)
        {
            // at the same instant as the leases: a retry due in between is in one of the two
            var agenda = await queue.AgendaAsync(now, stopping);
            // which resources a commit touched is known only while somebody listens
            if (agenda is { Any: true, Resources: not null })
                _listening ??= tail.Listen();
            if (agenda.Any)
                wakers.Add(tail.WaitAsync(seen, TablesOf(agenda.Resources), Timeout.InfiniteTimeSpan, round.Token));
            wakers.Add(Task.Delay(Sleep(agenda.Due), time, round.Token));
        }

        await Task.WhenAny(wakers);
        await round.CancelAsync();
    }

    private List<string>? TablesOf(IReadOnlyList<string>? resources) =>
        resources is null ? null : [.. catalogue.All.Where(r => resources.Contains(r.Name)).Select(r => r.Table)];

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

            // release at once, also when the service is stopping: the next process does not wait for the lease to end
            await queue.ReleaseAsync(lease, passed, CancellationToken.None);
        }
        catch (Exception e)
        {
            // let the lease end by itself: a pause before the next failure
            LogBroken(log, e, lease.Target.Id);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            Wake();
        }
    }

    /// <summary>Delivers the changes of an endpoint. Returns the position after changes that a filter skipped; null after a
    /// failure.</summary>
    private async Task<Position?> DeliverAsync(WebhookLease lease, CancellationToken stopping)
    {
        var tables = TablesOf(lease.Resources);
        await secrets.LoadAsync(stopping);
        var began = time.GetTimestamp();
        var (position, failures) = (lease.Position, lease.Failures);
        for (var more = true; more && time.GetElapsedTime(began) < Slice;)
        {
            var changes = new List<Change>();
            (var end, more) = await feed.ReadAsync(position, tables, new FeedLimits(PageSize, PageBytes), false, changes.Add, stopping);
            foreach (var change in changes)
            {
                // receivers have no key of the service
                var message = Message.Of(lease.Target.Id, change, catalogue, names.Pseudonyms);
                var result = await delivery.SendAsync(lease.Target, message, stopping);
                var after = !more && ReferenceEquals(change, changes[^1]) ? end : change.Position;
                var progress = Progress(result, position, after, failures);
                var letter = progress.State == WebhookState.DeadLetter ? Letter(change, result.Attempt, progress.Failures) : null;
                // save even when the service is stopping: the attempt was made
                var saved = new WebhookResult(result.Attempt, progress, letter, result.IsDelivered ? change.Position.Change : null);
                if (!await queue.SaveAsync(lease, saved, options.LeaseLength, options.KeptAttempts, CancellationToken.None))
                {
                    return null;
                }

                (position, failures) = (progress.Position, progress.Failures);
                if (progress.State != WebhookState.Active)
                    LogStopped(log, lease.Target.Id, progress.State, result.Attempt.Error);
                if (!result.IsDelivered || time.GetElapsedTime(began) > Slice)
                    return null;
            }

            position = end;
        }

        return position;
    }

    private WebhookProgress Progress(DeliveryResult result, Position before, Position after, int failures)
    {
        if (result.IsDelivered)
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
        new(change.Position.Change!.Value, attempt.MessageId, attempt.Type, change.Id, change.Version, change.Position, failures,
            time.GetUtcNow().UtcDateTime,
            attempt.Status, attempt.Error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to read webhook deliveries; retrying: {Problem}")]
    private static partial void LogAway(ILogger log, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed to deliver to webhook endpoint {Webhook}; retrying")]
    private static partial void LogBroken(ILogger log, Exception error, string webhook);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Webhook endpoint {Webhook} stopped ({State}): {Error}")]
    private static partial void LogStopped(ILogger log, string webhook, string state, string? error);
}
