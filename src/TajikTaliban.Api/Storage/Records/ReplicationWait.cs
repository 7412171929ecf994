using Npgsql;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>
/// Notices that a commit ended without the standby that it has to wait for. The server then takes it as done and only warns: its
/// transaction is visible, and lost if a standby takes over.
/// </summary>
public sealed class ReplicationWait : IDisposable
{
    /// <summary>
    /// Lets the commit that follows wait until the standby has all that this transaction saw, also if it has changed nothing. Writes
    /// nothing where commits wait for nobody.
    /// </summary>
    public const string Sql =
        """
        select case when current_setting('synchronous_standby_names') <> '' and current_setting('synchronous_commit') <> 'off'
            then pg_logical_emit_message(true, 'ledger', '') end
        """;

    /// <summary>The function of the server that waits; the words of the warning depend on its language.</summary>
    private const string Routine = "SyncRepWaitForLSN";
    private readonly NpgsqlConnection _connection;
    private volatile bool _isGivenUp;

    public ReplicationWait(NpgsqlConnection connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        _connection = connection;
        connection.Notice += OnNotice;
    }

    /// <summary>Waits until the standby has all that this server has now.</summary>
    /// <exception cref="NotReplicatedException">The server gave up its wait.</exception>
    public static async Task RunAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        using var wait = new ReplicationWait(connection);
        await using var command = new NpgsqlCommand(Sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
        wait.ThrowIfGivenUp();
    }

    public void ThrowIfGivenUp()
    {
        if (_isGivenUp)
            throw new NotReplicatedException("The server gave up waiting for a standby to have the commit.");
    }

    public void Dispose() => _connection.Notice -= OnNotice;

    private void OnNotice(object sender, NpgsqlNoticeEventArgs e)
    {
        if (e.Notice.Routine == Routine)
            _isGivenUp = true;
    }
}

/// <summary>A commit that only the primary has: it is visible, and may still be lost.</summary>
public sealed class NotReplicatedException(string message) : Exception(message);
