using System.Globalization;
using Npgsql;
using NpgsqlTypes;

namespace TajikTaliban.Api.Storage;

/// <summary>
/// How long the database itself lets the statements and transactions of requests last, whatever becomes of the service meanwhile. Commands
/// have no such limits.
/// </summary>
/// <param name="Statement">A statement.</param>
/// <param name="Idle">A transaction in which nothing happens.</param>
public sealed record StatementLimits(TimeSpan Statement, TimeSpan Idle)
{
    /// <summary>
    /// Behind a pooler that shares its connections between clients by transaction, the process that a client knows is not the one that
    /// serves it, and a setting of the session would reach others: there, nothing is set, and transactions set their own limits.
    /// </summary>
    private const string SetForSession =
        """
        select set_config('statement_timeout', $1, false), set_config('idle_in_transaction_session_timeout', $2, false)
        where pg_backend_pid() = $3
        """;

    /// <summary>Sets the limits on each connection of a data source when it is opened.</summary>
    public void AddTo(NpgsqlDataSourceBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = Command(connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = Command(connection);
                await command.ExecuteNonQueryAsync();
            });
    }

    private NpgsqlCommand Command(NpgsqlConnection connection) => new(SetForSession, connection)
    {
        Parameters =
        {
            new NpgsqlParameter { Value = Text(Statement), NpgsqlDbType = NpgsqlDbType.Text },
            new NpgsqlParameter { Value = Text(Idle), NpgsqlDbType = NpgsqlDbType.Text },
            new NpgsqlParameter { Value = connection.ProcessID, NpgsqlDbType = NpgsqlDbType.Integer },
        },
    };

    private static string Text(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
