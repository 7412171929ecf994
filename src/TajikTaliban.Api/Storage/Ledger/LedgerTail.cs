using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>Changes that were committed one after the other since the service started.</summary>
public sealed class TailNode(Position end, long number, IReadOnlyList<Change>? changes, bool isOfAnotherHistory)
{
    private readonly HashSet<string> _tables = [.. (changes ?? []).Select(c => c.Table)];

    /// <summary>Where the ledger ended when this was read.</summary>
    public Position End { get; } = end;

    /// <summary>Counts the nodes.</summary>
    public long Number { get; } = number;

    /// <summary>The changes; null where nobody listened, so that only the end was read.</summary>
    public IReadOnlyList<Change>? Changes { get; } = changes;

    /// <summary>The database was restored from an older backup: it lacks changes of earlier nodes.</summary>
    public bool IsOfAnotherHistory { get; } = isOfAnotherHistory;

    /// <summary>
    /// The reader was away before it: another database may be in the place of the one that a listener has read further than this reader,
    /// so that a listener has to read it again from where it is.
    /// </summary>
    public bool IsAfterGap { get; init; }

    /// <summary>Counts the restores of the database since the service started.</summary>
    public int History { get; init; }

    /// <summary>The end as text, for the headers of responses.</summary>
    public string EndText { get; } = end.ToString();

    /// <summary>Bytes of the documents.</summary>
    internal long Bytes { get; } = changes?.Sum(c => (long)(c.Document?.Length ?? 0)) ?? 0;

    /// <summary>Whether it may have a change of these tables; null is any.</summary>
    public bool MayTouch(IReadOnlyList<string>? tables) =>
        tables is null || Changes is null || IsOfAnotherHistory || tables.Any(_tables.Contains);
}

/// <summary>
/// Follows the end of the ledger over one connection, for all listeners: none needs a connection of its own. A notification only wakes it;
/// the changes are read from the ledger, at intervals also without a notification (a standby sends none). The newest nodes are kept, up to
/// a number and a size: a listener remembers the number of the node that it has read, and no node, so that a slow one keeps nothing in
/// memory. If the next node is gone, it reads the ledger. A listener is woken by nodes that touch what it waits for, and not by others.
/// </summary>
public sealed partial class LedgerTail(
    ConnectionPools database, DirectDatabase direct, PositionReader positions, FeedReader feed, LastChanges last, ILogger<LedgerTail> log)
    : BackgroundService
{
    private const int PageSize = 500;

    /// <summary>Bytes of documents after which a node ends.</summary>
    private const int MaxNodeBytes = 1024 * 1024;

    /// <summary>Nodes that are kept, and bytes of their documents.</summary>
    private const int MaxNodes = 256;

    private const long MaxBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan NotificationTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StandbyPollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _changing = new();
    private readonly TailNode?[] _kept = new TailNode?[MaxNodes];
    private readonly HashSet<Waiter> _waiters = [];
    private TailNode _newest = new(Position.Start, 0, null, false);
    private long _oldest = 1;
    private long _keptBytes;
    private int _listeners;

    /// <summary>
    /// The newest node; of a request that reads from a standby, the one that the standby was found to have. Every later read sees at least
    /// its end.
    /// </summary>
    public TailNode Newest => ConnectionPools.Route is StandbyRoute route ? route.Level : Volatile.Read(ref _newest);

    /// <summary>How often a listener was woken.</summary>
    public long Woken { get; private set; }

    /// <summary>How many listeners wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_changing)
                return _waiters.Count;
        }
    }

    /// <summary>The node with a number; null if there is none yet, or if it is not kept any more.</summary>
    public TailNode? FindOrNull(long number) =>
        Volatile.Read(ref _kept[number % MaxNodes]) is { } node && node.Number == number ? node : null;

    /// <summary>
    /// Waits for a node after one that may touch some tables (null: any), or until a time has passed; returns whether there is one.
    /// </summary>
    /// <param name="seen">The number of the node that was the newest before the listener read the ledger.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="timeout">The time.</param>
    /// <param name="cancellation">Ends the wait with an exception.</param>
    public async Task<bool> WaitAsync(long seen, IReadOnlyList<string>? tables, TimeSpan timeout, CancellationToken cancellation)
    {
        Waiter waiter;
        lock (_changing)
        {
            for (var number = seen + 1; number <= _newest.Number; number++)
            {
                if (number < _oldest || _kept[number % MaxNodes]!.MayTouch(tables))
                    return true;
            }

            waiter = new Waiter(tables);
            _waiters.Add(waiter);
        }

        try
        {
            await waiter.Woken.Task.WaitAsync(timeout, cancellation);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            lock (_changing)
                _waiters.Remove(waiter);
        }
    }

    /// <summary>Done when the end of the ledger is known.</summary>
    public Task Started => _started.Task;

    /// <summary>Reads the changes until the result is disposed of. Without listeners, only the end of the ledger is read.</summary>
    public IDisposable Listen() => new Listener(this);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or OperationCanceledException
                && !stoppingToken.IsCancellationRequested)
            {
                LogAway(log, e.Message);
                last.Forget();
                // the server has restarted or another database is in its place: each idle connection of before would fail one request
                database.Clear();
                await Task.Delay(RetryInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellation)
    {
        ConnectionPools.Enter(Lane.Health);
        // held for as long as the service runs
        await using var connection = await direct.Source.OpenConnectionAsync(cancellation);
        bool isStandby;
        await using (var recovery = new NpgsqlCommand("select pg_is_in_recovery()", connection))
            isStandby = (bool)(await recovery.ExecuteScalarAsync(cancellation))!;
        if (!isStandby)
        {
            await using (var listen = new NpgsqlCommand("listen ledger", connection))
                await listen.ExecuteNonQueryAsync(cancellation);
        }

        try
        {
            await BeginAsync(cancellation);
            while (true)
            {
                try
                {
                    await ReadOnAsync(cancellation);
                }
                catch (PositionGoneException)
                {
                    Add(await positions.NewestAsync(cancellation), null, true);
                }

                if (isStandby)
                    await Task.Delay(StandbyPollInterval, cancellation);
                else
                    await connection.WaitAsync(NotificationTimeout, cancellation);
            }
        }
        finally
        {
            // a connection that listens does not go back to the pool
            if (!isStandby && connection.State == System.Data.ConnectionState.Open)
                NpgsqlConnection.ClearPool(connection);
        }
    }

    private async Task BeginAsync(CancellationToken cancellation)
    {
        if (!_started.Task.IsCompleted)
        {
            Add(await positions.NewestAsync(cancellation), null, false);
            _started.TrySetResult();
            return;
        }

        try
        {
            Add(await positions.NewestAsync(Newest.End, cancellation), null, false, isAfterGap: true);
        }
        catch (PositionGoneException)
        {
            Add(await positions.NewestAsync(cancellation), null, true);
        }
    }

    private async Task ReadOnAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (Volatile.Read(ref _listeners) == 0)
            {
                var newest = await positions.NewestAsync(Newest.End, cancellation);
                if (newest.Number > Newest.End.Number)
                    Add(newest, null, false, await positions.TouchedAsync(Newest.End, newest, cancellation));
                return;
            }

            var changes = new List<Change>();
            var limits = new FeedLimits(PageSize, MaxNodeBytes);
            var (end, more) = await feed.ReadAsync(Newest.End, null, limits, false, changes.Add, cancellation);
            if (changes.Count == 0)
                return;
            Add(end, changes, false);
            if (!more)
                return;
        }
    }

    /// <param name="end">The position.</param>
    /// <param name="changes">The changes up to it; null where nobody listens.</param>
    /// <param name="isOfAnotherHistory">Whether the database was restored.</param>
    /// <param name="touched">The tables that changed, where the changes do not tell; null if any may have.</param>
    /// <param name="isAfterGap">Whether the connection was lost before it.</param>
    private void Add(
        Position end, List<Change>? changes, bool isOfAnotherHistory, IReadOnlyList<string>? touched = null, bool isAfterGap = false)
    {
        lock (_changing)
        {
            var next = new TailNode(end, _newest.Number + 1, changes, isOfAnotherHistory)
            {
                History = _newest.History + (isOfAnotherHistory ? 1 : 0),
                IsAfterGap = isAfterGap,
            };
            // the content of earlier versions may not be public any more
            var isRedaction = changes?.Any(c => c.Operation == Change.Redaction) == true;
            while (_oldest < next.Number && (isRedaction || next.Number - _oldest == MaxNodes || _keptBytes + next.Bytes > MaxBytes))
            {
                ref var oldest = ref _kept[_oldest++ % MaxNodes];
                _keptBytes -= oldest!.Bytes;
                Volatile.Write(ref oldest, null);
            }

            Volatile.Write(ref _kept[next.Number % MaxNodes], next);
            _keptBytes += next.Bytes;
            Volatile.Write(ref _newest, next);
            last.GoOn(end, changes?.Select(c => c.Table) ?? touched, isOfAnotherHistory);
            foreach (var waiter in _waiters)
            {
                if (next.MayTouch(waiter.Tables) && waiter.Woken.TrySetResult())
                    Woken++;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to read the end of the ledger; retrying: {Problem}")]
    private static partial void LogAway(ILogger log, string problem);

    private sealed class Waiter(IReadOnlyList<string>? tables)
    {
        public IReadOnlyList<string>? Tables => tables;

        public TaskCompletionSource Woken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Listener : IDisposable
    {
        private readonly LedgerTail _tail;
        private int _gone;

        public Listener(LedgerTail tail)
        {
            _tail = tail;
            Interlocked.Increment(ref tail._listeners);
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _gone, 1) == 0)
                Interlocked.Decrement(ref _tail._listeners);
        }
    }
}
