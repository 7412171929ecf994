using Npgsql;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>Changes that were committed since the service started, in order, and the node that follows them.</summary>
public sealed class TailNode(Position end, long number, IReadOnlyList<Change> changes, bool isOfAnotherHistory)
{
    private readonly TaskCompletionSource<TailNode> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where the ledger ended when this was read.</summary>
    public Position End { get; } = end;

    /// <summary>Counts the nodes. A listener far behind the newest one reads from the database again.</summary>
    public long Number { get; } = number;

    public IReadOnlyList<Change> Changes { get; } = changes;

    /// <summary>The database was restored from an older backup: it lacks changes of earlier nodes.</summary>
    public bool IsOfAnotherHistory { get; } = isOfAnotherHistory;

    /// <summary>The end as text, for the headers of responses.</summary>
    public string EndText { get; } = end.ToString();

    public Task<TailNode> Next => _next.Task;

    internal void Continue(TailNode next) => _next.TrySetResult(next);
}

/// <summary>
/// Follows the end of the ledger over one connection, for all listeners: none needs a connection of its own. A notification only wakes it;
/// the changes are read from the ledger, at intervals also without a notification (a standby sends none).
/// </summary>
public sealed partial class LedgerTail(
    NpgsqlDataSource database, DirectDatabase direct, PositionReader positions, FeedReader feed, ILogger<LedgerTail> log)
    : BackgroundService
{
    private const int PageSize = 500;
    private static readonly TimeSpan NotificationTimeout = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan StandbyPollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TailNode _newest = new(Position.Start, 0, [], false);
    private int _listeners;

    /// <summary>The newest node. Every later read sees at least its end.</summary>
    public TailNode Newest => Volatile.Read(ref _newest);

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
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException
                && !stoppingToken.IsCancellationRequested)
            {
                LogAway(log, e.Message);
                // the server has restarted or another database is in its place: each idle connection of before would fail one request
                database.Clear();
                feed.ClearConnections();
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
            if (!_started.Task.IsCompleted)
                Add(await positions.NewestAsync(cancellation), [], false);
            _started.TrySetResult();
            while (true)
            {
                try
                {
                    await ReadOnAsync(cancellation);
                }
                catch (PositionGoneException)
                {
                    Add(await positions.NewestAsync(cancellation), [], true);
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

    private async Task ReadOnAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (Volatile.Read(ref _listeners) == 0)
            {
                var newest = await positions.NewestAsync(Newest.End, cancellation);
                if (newest.Number > Newest.End.Number)
                    Add(newest, [], false);
                return;
            }

            var changes = new List<Change>();
            var (end, more) = await feed.ReadAsync(Newest.End, null, PageSize, false, changes.Add, cancellation);
            if (changes.Count == 0)
                return;
            Add(end, changes, false);
            if (!more)
                return;
        }
    }

    private void Add(Position end, IReadOnlyList<Change> changes, bool isOfAnotherHistory)
    {
        var before = _newest;
        var next = new TailNode(end, before.Number + 1, changes, isOfAnotherHistory);
        Volatile.Write(ref _newest, next);
        before.Continue(next);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to read the end of the ledger; retrying: {Problem}")]
    private static partial void LogAway(ILogger log, string problem);

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
