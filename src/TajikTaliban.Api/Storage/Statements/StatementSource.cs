using Npgsql;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Statements;

/// <summary>
/// Where the statements of a reader run: each on a connection of a pool, or all on the one connection that a request holds. A request that
/// holds a connection and waits for a second one of the same pool waits for others that do the same.
/// </summary>
public sealed class StatementSource
{
    private readonly ConnectionPools? _pool;
    private readonly NpgsqlConnection? _held;

    private StatementSource(ConnectionPools? pool, NpgsqlConnection? held) => (_pool, _held) = (pool, held);

    /// <summary>Each statement on a connection of the lane that was entered.</summary>
    public static StatementSource Of(ConnectionPools pool) => new(pool, null);

    /// <summary>All statements on this connection, in its transaction.</summary>
    public static StatementSource Of(NpgsqlConnection held) => new(null, held);

    /// <summary>A command; it opens and returns a connection of the pool itself.</summary>
    public NpgsqlCommand CreateCommand(string statement) => _held is null ? _pool!.CreateCommand(statement) : new(statement, _held);

    /// <summary>Runs several statements on one connection.</summary>
    public async Task<T> OnOneAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        if (_held is not null)
            return await work(_held);
        await using var connection = await _pool!.OpenConnectionAsync(cancellation);
        return await work(connection);
    }
}
