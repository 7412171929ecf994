using Npgsql;

namespace TajikTaliban.Api.Storage.Connections;

/// <summary>
/// A pool of connections for each lane. A reader takes a connection from the lane of the work that it is part of: the same reader serves
/// cheap and heavy requests.
/// </summary>
public sealed class ConnectionPools : IAsyncDisposable
{
    private static readonly AsyncLocal<LaneEntry?> Entered = new();
    private static readonly AsyncLocal<ReadRoute?> Routed = new();
    private readonly NpgsqlDataSource[] _sources;
    private readonly bool _isOwner;

    /// <summary>Pools that are opened here, and closed with this object.</summary>
    /// <param name="open">Opens the pool of a lane.</param>
    /// <param name="standbys">The standbys that reads may go to; they are closed with this object too.</param>
    public ConnectionPools(Func<Lane, NpgsqlDataSource> open, IReadOnlyList<Standby>? standbys = null)
    {
        _isOwner = true;
        Standbys = standbys ?? [];
        _sources = [.. Enum.GetValues<Lane>().Select(open)];
    }

    private ConnectionPools(NpgsqlDataSource all) => _sources = [.. Enum.GetValues<Lane>().Select(_ => all)];

    /// <summary>The pool of a lane.</summary>
    public NpgsqlDataSource this[Lane lane] => _sources[(int)lane];

    /// <summary>The standbys that reads may go to.</summary>
    public IReadOnlyList<Standby> Standbys { get; } = [];

    /// <summary>The standby that the current request reads from; null where it reads from the primary.</summary>
    public static ReadRoute? Route => Routed.Value is { IsLeft: false } route ? route : null;

    private NpgsqlDataSource Current
    {
        get
        {
            var lane = Entered.Value?.Lane ?? Lane.Reads;
            return (Standbys.Count == 0 ? null : Route?.Standby[lane]) ?? this[lane];
        }
    }

    public static implicit operator ConnectionPools(NpgsqlDataSource all) => ToConnectionPools(all);

    /// <summary>One pool for all lanes: for commands and tests. Its owner closes it.</summary>
    public static ConnectionPools ToConnectionPools(NpgsqlDataSource all) => new(all);

    /// <summary>
    /// Puts the work that follows into a lane, until the asynchronous method that calls this returns. Work that enters none is in
    /// <see cref="Lane.Reads"/>. The result changes the lane later.
    /// </summary>
    public static LaneEntry Enter(Lane lane) => Entered.Value = new LaneEntry(lane);

    /// <summary>Lets the work that follows read from a standby, until the asynchronous method that calls this returns.</summary>
    public static void Enter(ReadRoute route) => Routed.Value = route;

    /// <summary>How many connections a lane has at most.</summary>
    public int SizeOf(Lane lane) => new NpgsqlConnectionStringBuilder(this[lane].ConnectionString).MaxPoolSize;

    /// <summary>A command on a connection of the lane that was entered.</summary>
    public NpgsqlCommand CreateCommand(string sql) => Current.CreateCommand(sql);

    /// <summary>A connection of the lane that was entered.</summary>
    public ValueTask<NpgsqlConnection> OpenConnectionAsync(CancellationToken cancellation) => Current.OpenConnectionAsync(cancellation);

    /// <summary>Closes the idle connections of all lanes.</summary>
    public void Clear()
    {
        foreach (var source in _sources)
            source.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isOwner)
            return;
        foreach (var source in _sources)
            await source.DisposeAsync();
        foreach (var standby in Standbys)
            await standby.DisposeAsync();
    }
}
