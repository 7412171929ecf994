using Npgsql;

namespace TajikTaliban.Api.Storage.Statements;

/// <summary>What a connection needs after the database cancelled a statement at the end of its time.</summary>
internal static class CancelledStatements
{
    /// <summary>
    /// Lets the connection prepare its statements anew. If a statement is cancelled while it is planned for the first time, Npgsql 10 takes
    /// it for prepared without knowing its columns: each later execution on this connection fails ("unexpected backend message DataRow").
    /// </summary>
    public static void ForgetPrepared(this NpgsqlConnection connection) => connection.UnprepareAll();
}
