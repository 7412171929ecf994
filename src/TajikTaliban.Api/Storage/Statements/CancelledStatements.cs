using Npgsql;

namespace TajikTaliban.Api.Storage.Statements;

/// <summary>What a connection needs after the database cancelled a statement at the end of its time.</summary>
internal static class CancelledStatements
{
    /// <summary>
    /// Lets the connection prepare its statements anew. After such a cancellation a later execution of the same statement on the same
    /// connection was seen to fail in Npgsql 10 ("unexpected backend message DataRow"), as if it were prepared without its columns.
    /// </summary>
    public static void ForgetPrepared(this NpgsqlConnection connection) => connection.UnprepareAll();
}
