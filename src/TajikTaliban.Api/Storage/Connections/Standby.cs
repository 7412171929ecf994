using Npgsql;

namespace TajikTaliban.Api.Storage.Connections;

/// <summary>A streaming standby, with a pool for each lane that only reads.</summary>
public sealed class Standby : IAsyncDisposable
{
    private static readonly TimeSpan AwayTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan KnownTime = TimeSpan.FromSeconds(1);
    private readonly NpgsqlDataSource?[] _lanes;
    private long _awaySince;
    private Known? _known;

    /// <param name="name">The host, for logs and metrics.</param>
    /// <param name="open">Opens the pool of a lane.</param>
    public Standby(string name, Func<Lane, NpgsqlDataSource> open)
    {
        Name = name;
        _lanes = [.. Enum.GetValues<Lane>().Select(lane => lane is Lane.Reads or Lane.Heavy or Lane.Feed ? open(lane) : null)];
    }

    public string Name { get; }

    /// <summary>The pool of a lane; null for lanes that need the primary.</summary>
    public NpgsqlDataSource? this[Lane lane] => _lanes[(int)lane];

    /// <summary>Whether it failed a short time ago, and is not asked for now.</summary>
    public bool IsAway
    {
        get
        {
            var since = Volatile.Read(ref _awaySince);
            return since != 0 && TimeProvider.System.GetElapsedTime(since) < AwayTime;
        }
    }

    /// <summary>Whether it was found to have come to a state of the ledger (counted by the service), a short time ago.</summary>
    public bool HasReached(long state) => Volatile.Read(ref _known) is { } known && known.State >= state
        && TimeProvider.System.GetElapsedTime(known.At) < KnownTime;

    public void Reached(long state) => Volatile.Write(ref _known, new Known(state, TimeProvider.System.GetTimestamp()));

    /// <summary>It failed, or is no standby any more: reads go elsewhere for some seconds.</summary>
    public void Leave()
    {
        Volatile.Write(ref _known, null);
        Volatile.Write(ref _awaySince, TimeProvider.System.GetTimestamp());
        foreach (var lane in _lanes)
            lane?.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lane in _lanes)
        {
            if (lane is not null)
                await lane.DisposeAsync();
        }
    }

    private sealed record Known(long State, long At);
}

/// <summary>The standby that one request reads from: all its statements go to the same server, so that it never sees the past of what it
/// has seen.</summary>
public class ReadRoute(Standby standby)
{
    private int _isLeft;

    public Standby Standby => standby;

    /// <summary>Whether the rest of the request is read from the primary.</summary>
    public bool IsLeft => Volatile.Read(ref _isLeft) != 0;

    public void Leave() => Volatile.Write(ref _isLeft, 1);
}
