using System.Net.Sockets;
using Npgsql;

namespace TajikTaliban.Api.Storage;

/// <summary>The meaning of an error of the database for the request that met it.</summary>
public enum DatabaseFault
{
    /// <summary>Not an error of the database, or one that a retry meets again.</summary>
    None,

    /// <summary>Concurrent transactions excluded each other (deadlock, serialization failure). The transaction was rolled back.</summary>
    Conflict,

    /// <summary>A lock was not granted within <c>lock_timeout</c>. The transaction was rolled back.</summary>
    Locked,

    /// <summary>The connection was lost or refused: the server stops, starts, was replaced, or is not reachable.</summary>
    Lost,

    /// <summary>A statement or the wait for a connection took too long.</summary>
    TimedOut,

    /// <summary>The server has no disk space, memory or connections left, or a limit of its configuration is reached.</summary>
    Exhausted,

    /// <summary>The database accepts no changes: it is a standby, or set to read-only.</summary>
    ReadOnly,

    /// <summary>A text that the database cannot store, such as one with U+0000.</summary>
    InvalidText,
}

/// <summary>Recognizes the errors of the database by SQLSTATE, in whatever exceptions they are wrapped.</summary>
public static class DatabaseFaults
{
    // classes of SQLSTATE
    private const string ConnectionException = "08";
    private const string InsufficientResources = "53";

    // without a name in Npgsql
    private const string IdleSessionTimeout = "57P05";
    private const string IdleInTransactionTimeout = "25P03";

    /// <summary>The fault that an exception or one within it is of; the outermost one decides.</summary>
    public static DatabaseFault Of(Exception? error) => error switch
    {
        null => DatabaseFault.None,
        PostgresException postgres => OfState(postgres.SqlState),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => DatabaseFault.TimedOut,
        NpgsqlException { InnerException: SocketException or IOException } => DatabaseFault.Lost,
        // the driver closed the connection and says no more
        NpgsqlException { InnerException: null or ObjectDisposedException } => DatabaseFault.Lost,
        InvalidOperationException { Source: nameof(Npgsql) } => DatabaseFault.Lost,
        AggregateException many => many.InnerExceptions.Select(Of).FirstOrDefault(f => f != DatabaseFault.None),
        _ => Of(error.InnerException),
    };

    /// <summary>Whether the same transaction may succeed when it is tried again at once.</summary>
    public static bool IsTransient(DatabaseFault fault) => fault is DatabaseFault.Conflict or DatabaseFault.Locked or DatabaseFault.Lost;

    /// <summary>The SQLSTATE of the error; null if it is not one of the server.</summary>
    public static string? StateOrNull(Exception? error) => error switch
    {
        null => null,
        PostgresException postgres => postgres.SqlState,
        AggregateException many => many.InnerExceptions.Select(StateOrNull).FirstOrDefault(s => s is not null),
        _ => StateOrNull(error.InnerException),
    };

    private static DatabaseFault OfState(string state) => state switch
    {
        PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure => DatabaseFault.Conflict,
        PostgresErrorCodes.LockNotAvailable => DatabaseFault.Locked,
        PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.DatabaseDropped or IdleSessionTimeout or IdleInTransactionTimeout
            // during a rename or a restore
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.ObjectNotInPrerequisiteState => DatabaseFault.Lost,
        PostgresErrorCodes.QueryCanceled => DatabaseFault.TimedOut,
        PostgresErrorCodes.ReadOnlySqlTransaction => DatabaseFault.ReadOnly,
        PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter => DatabaseFault.InvalidText,
        _ when state.StartsWith(ConnectionException, StringComparison.Ordinal) => DatabaseFault.Lost,
        _ when state.StartsWith(InsufficientResources, StringComparison.Ordinal) => DatabaseFault.Exhausted,
        _ => DatabaseFault.None,
    };
}
