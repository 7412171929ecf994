using Npgsql;
using TajikTaliban.Api.Storage.Connections;
using static TajikTaliban.Api.Storage.Ledger.LedgerRows;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>A request that reads from a standby, which has all changes up to a node.</summary>
public sealed class StandbyRoute(Standby standby, TailNode level) : ReadRoute(standby)
{
    public TailNode Level => level;
}

/// <summary>
/// Chooses the standby that a request may read from: one that has the newest position that this service knows, and so also the position
/// that the response states. A standby that lags, is of another history or cannot be reached is left out; then the primary answers.
/// </summary>
public sealed partial class StandbyReads(ConnectionPools pools, LedgerTail tail, LastChanges last, ILogger<StandbyReads> log)
{
    private const int CheckSeconds = 1;
    private int _turn;
    private long _given;

    public bool HasAny => pools.Standbys.Count > 0;

    /// <summary>How many requests were given to a standby.</summary>
    public long Given => Interlocked.Read(ref _given);

    /// <summary>The standby for a request; null where the primary has to answer.</summary>
    public async ValueTask<StandbyRoute?> ChooseAsync(CancellationToken cancellation)
    {
        if (last.AwaitsOwnWrite)
            return null;
        var level = tail.Newest;
        var turn = (uint)Interlocked.Increment(ref _turn);
        for (var i = 0u; i < pools.Standbys.Count; i++)
        {
            var standby = pools.Standbys[(int)((turn + i) % (uint)pools.Standbys.Count)];
            if (!standby.IsAway && (standby.HasReached(level.Number) || await ReachesAsync(standby, level, cancellation)))
            {
                Interlocked.Increment(ref _given);
                return new StandbyRoute(standby, level);
            }
        }

        return null;
    }

    private async Task<bool> ReachesAsync(Standby standby, TailNode level, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(CheckSeconds));
        try
        {
            await using var command = standby[Lane.Reads]!.CreateCommand($"select {StateColumns}, pg_is_in_recovery()");
            command.CommandTimeout = CheckSeconds;
            command.Parameters.Add(Number(level.End.Number));
            await using var reader = await command.ExecuteReaderAsync(limit.Token);
            await reader.ReadAsync(limit.Token);
            if (!reader.GetBoolean(2))
            {
                // the new primary: it has pools of its own
                standby.Leave();
                return false;
            }

            if (StateOf(reader, level.End) != PositionState.Known)
                return false;
            standby.Reached(level.Number);
            return true;
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException or InvalidOperationException
            && !cancellation.IsCancellationRequested)
        {
            LogAway(log, standby.Name, e.Message);
            standby.Leave();
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The standby {Standby} is left out for some seconds: {Problem}")]
    private static partial void LogAway(ILogger log, string standby, string problem);
}
