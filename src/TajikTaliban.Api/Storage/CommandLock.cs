using Npgsql;

namespace TajikTaliban.Api.Storage;

/// <summary>
/// The lock of commands that change the schema or many records (<c>migrate</c>, <c>seed</c>, <c>import</c>): one of them runs at a time on
/// a database, an empty one too. It is a lock of the session of its own connection, which goes to the server itself; it ends with the
/// connection, however that ends.
/// </summary>
public sealed class CommandLock : IAsyncDisposable
{
    // decision 0014 has (72, 1)
    private const string Take = "select pg_try_advisory_lock(72, 2)";
    private const string Release = "select pg_advisory_unlock(72, 2)";
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>A service that sees to its kept counts has the lock for a moment, which nobody has to know of.</summary>
    private const int SilentAttempts = 10;

    private readonly NpgsqlConnection _connection;

    private CommandLock(NpgsqlConnection connection) => _connection = connection;

    /// <summary>Waits for the lock.</summary>
    /// <param name="direct">Connections to the server itself.</param>
    /// <param name="waiting">Called once if another command has it, after two seconds.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<CommandLock> TakeAsync(DirectDatabase direct, Action waiting, CancellationToken cancellation)
    {
        var connection = await direct.Source.OpenConnectionAsync(cancellation);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                // tried again and again: a statement that waits keeps a snapshot, for which the build of an index waits
                await using (var command = new NpgsqlCommand(Take, connection))
                {
                    if (await command.ExecuteScalarAsync(cancellation) is true)
                        return new CommandLock(connection);
                }

                if (attempt == SilentAttempts)
                    waiting();
                await Task.Delay(PollInterval, cancellation);
            }
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var release = new NpgsqlCommand(Release, _connection);
            await release.ExecuteScalarAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // the connection is lost, and the lock with it
        }

        await _connection.DisposeAsync();
    }
}
