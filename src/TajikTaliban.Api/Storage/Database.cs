using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage;

/// <summary>How the service connects: a pool for each kind of work.</summary>
public static class Database
{
    public const int StatementTimeoutSeconds = 30;
    private const int ReadBufferSize = 32 * 1024;
    private const int MaxDirectConnections = 4;
    private const int KeepAliveSeconds = 30;
    private const string Primary = "primary";
    private const string PreferStandby = "prefer-standby";

    /// <summary>How long the role of a host is believed: after that, the next connection asks which one is the primary.</summary>
    private const int HostRecheckSeconds = 1;

    /// <summary>
    /// Connections of all pools together. PostgreSQL allows 100 by default, three of them for its administrators: two instances of the
    /// service fit, and some commands beside them.
    /// </summary>
    public const int MaxConnections = 44;

    /// <summary>One to read the end of the ledger, one for readiness.</summary>
    private const int HealthConnections = 2;

    /// <summary>The longest wait for a connection of a pool, and for the server to accept one.</summary>
    private const int ConnectSeconds = 5;

    /// <summary>The longest wait of readers that take a connection for each page: many of them may want the next at once.</summary>
    private const int FeedConnectSeconds = 15;

    /// <summary>
    /// A pool for each lane. A pool hands out its connections in turn: with few of them for the feed, each has already mapped the pages of
    /// the ledger that it reads next. Without that, the feed runs at four fifths of the speed.
    /// </summary>
    public static ConnectionPools OpenPools(
        string connectionString, ILoggerFactory? loggers = null, StatementLimits? limits = null)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        var total = given.ShouldSerialize("Maximum Pool Size") ? given.MaxPoolSize : MaxConnections;
        return new ConnectionPools(lane =>
        {
            var settings = new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = SizeOf(lane, total) };
            settings.MinPoolSize = Math.Min(settings.MinPoolSize, settings.MaxPoolSize);
            if (lane == Lane.Feed && !settings.ShouldSerialize("Timeout"))
                settings.Timeout = FeedConnectSeconds;
            return Open(settings.ConnectionString, loggers, lane.ToString().ToLowerInvariant(), limits);
        }, [.. StandbysOf(given).Select(host => OpenStandby(given, host, (to, name) => Open(to, loggers, name, limits)))]);
    }

    /// <summary>The share of a lane in a number of connections; each has at least one.</summary>
    public static int SizeOf(Lane lane, int total)
    {
        var shared = Math.Max(0, total - HealthConnections);
        var (writes, heavy, feed) = (Share(8), Share(4), Share(6));
        return lane switch
        {
            Lane.Health => HealthConnections,
            Lane.Writes => writes,
            Lane.Heavy => heavy,
            Lane.Feed => feed,
            _ => Math.Max(1, shared - writes - heavy - feed),
        };

        int Share(int ofDefault) => Math.Max(1, shared * ofDefault / (MaxConnections - HealthConnections));
    }

    /// <summary>One pool for all work: for commands.</summary>
    /// <remarks>
    /// Settings of the connection string are kept, the others get defaults. Behind PgBouncer in transaction mode it has to say
    /// <c>Max Auto Prepare=0</c>: each transaction may run on another connection of the server.
    /// </remarks>
    /// <param name="connectionString">The connection string.</param>
    /// <param name="loggers">For the log of the driver.</param>
    /// <param name="name">The name of the pool in metrics (default: the connection string without its password).</param>
    /// <param name="limits">The limits of the statements of requests; commands have none.</param>
    public static NpgsqlDataSource Open(
        string connectionString, ILoggerFactory? loggers = null, string? name = null, StatementLimits? limits = null)
    {
        var settings = Settings(connectionString);
        // The statements are few and repeat: preparing them saves the parse and the plan of each.
        if (!settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = 200;
        if (!settings.ShouldSerialize("Auto Prepare Min Usages"))
            settings.AutoPrepareMinUsages = 2;
        // A page of documents takes some 60 KB: with the default of 8 KB each costs eight waits for its next part.
        if (!settings.ShouldSerialize("Read Buffer Size"))
            settings.ReadBufferSize = ReadBufferSize;
        if (!settings.ShouldSerialize("Command Timeout"))
            settings.CommandTimeout = StatementTimeoutSeconds;
        // a full pool is reported at once, and not when the client has left
        if (!settings.ShouldSerialize("Timeout"))
            settings.Timeout = ConnectSeconds;
        // (ContainsKey is true for every known keyword; ShouldSerialize only for those that are set.)
        if (!settings.ShouldSerialize("Maximum Pool Size"))
            settings.MaxPoolSize = MaxConnections;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name };
        if (loggers is not null)
            builder.UseLoggerFactory(loggers);
        limits?.AddTo(builder);
        return builder.Build();
    }

    /// <summary>
    /// Whether the connections go through a pooler, and the connection string for it: without prepared statements, unless it says how many
    /// there are to be. A pooler gives a client another number of the server's process than that which serves it.
    /// </summary>
    public static async Task<(string ConnectionString, bool IsPooled)> BehindPoolerAsync(
        string connectionString, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        await using var probe = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(connectionString) { MinPoolSize = 0, MaxPoolSize = 1, MaxAutoPrepare = 0 });
        await using var connection = await probe.OpenConnectionAsync(cancellation);
        await using var process = new NpgsqlCommand("select pg_backend_pid()", connection);
        if (await process.ExecuteScalarAsync(cancellation) is int own && own == connection.ProcessID)
            return (connectionString, false);
        if (!settings.ShouldSerialize("Max Auto Prepare"))
            settings.MaxAutoPrepare = 0;
        return (settings.ConnectionString, true);
    }

    /// <summary>
    /// Connections to the server itself, not through a pooler, for what lasts longer than a transaction: LISTEN, advisory locks of
    /// sessions, migrations.
    /// </summary>
    public static DirectDatabase OpenDirect(string connectionString, ILoggerFactory? loggers = null)
    {
        var settings = Settings(connectionString);
        settings.MaxPoolSize = MaxDirectConnections;
        settings.MinPoolSize = 0;
        // idle for long: what forwards connections may drop them
        if (!settings.ShouldSerialize("Keepalive"))
            settings.KeepAlive = KeepAliveSeconds;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (loggers is not null)
            builder.UseLoggerFactory(loggers);
        return new DirectDatabase(builder.Build());
    }

    /// <summary>Creates the database of a connection string unless it exists. The server must have the database <c>postgres</c>.</summary>
    public static async Task EnsureExistsAsync(string connectionString, CancellationToken cancellation)
    {
        var wanted = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        FindPrimary(wanted);
        if (await ExistsAsync(wanted, cancellation))
        {
            return;
        }

        var maintenance = new NpgsqlConnectionStringBuilder(wanted.ConnectionString) { Database = "postgres" };
        await using var connection = new NpgsqlConnection(maintenance.ConnectionString);
        await connection.OpenAsync(cancellation);
        var name = wanted.Database!.Replace("\"", "\"\"", StringComparison.Ordinal);
        await using var create = new NpgsqlCommand($"create database \"{name}\"", connection);
        try
        {
            await create.ExecuteNonQueryAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            // another process created it in between
        }
    }

    public static DbContextOptions<ApiDbContext> Options(NpgsqlDataSource database) =>
        new DbContextOptionsBuilder<ApiDbContext>().UseNpgsql(database).UseSnakeCaseNamingConvention().Options;

    public static ApiDbContext Context(NpgsqlDataSource database) => new(Options(database));

    /// <summary>The hosts that reads may go to: all of a connection string that prefers standbys. Which of them is the primary
    /// changes.</summary>
    private static string[] StandbysOf(NpgsqlConnectionStringBuilder settings) =>
        IsMultiHost(settings) && settings.TargetSessionAttributes == PreferStandby
            ? settings.Host!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [];

    private static Standby OpenStandby(
        NpgsqlConnectionStringBuilder given, string host, Func<string, string, NpgsqlDataSource> open) =>
        new(host, lane =>
        {
            var settings = new NpgsqlConnectionStringBuilder(given.ConnectionString)
            {
                Host = host,
                TargetSessionAttributes = null,
                MaxPoolSize = SizeOf(lane, given.ShouldSerialize("Maximum Pool Size") ? given.MaxPoolSize : MaxConnections),
                MinPoolSize = 0,
            };
            return open(settings.ConnectionString, $"{lane.ToString().ToLowerInvariant()} of {host}");
        });

    private static bool IsMultiHost(NpgsqlConnectionStringBuilder settings) =>
        settings.Host?.Contains(',', StringComparison.Ordinal) == true;

    /// <summary>
    /// Of several hosts, the primary is looked for: what the string says of standbys holds for reads that may go to them.
    /// </summary>
    private static void FindPrimary(NpgsqlConnectionStringBuilder settings)
    {
        if (!IsMultiHost(settings))
            return;
        if (settings.TargetSessionAttributes is null or PreferStandby)
            settings.TargetSessionAttributes = Primary;
        if (!settings.ShouldSerialize("Host Recheck Seconds"))
            settings.HostRecheckSeconds = HostRecheckSeconds;
    }

    private static NpgsqlConnectionStringBuilder Settings(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { IncludeErrorDetail = false };
        FindPrimary(settings);
        // Nothing of ours leaves state on a connection, so none has to be wiped between uses.
        if (!settings.ShouldSerialize("No Reset On Close"))
            settings.NoResetOnClose = true;
        if (!settings.ShouldSerialize("Application Name"))
            settings.ApplicationName = "tajik-taliban-api";
        return settings;
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnectionStringBuilder wanted, CancellationToken cancellation)
    {
        try
        {
            await using var connection = new NpgsqlConnection(wanted.ConnectionString);
            await connection.OpenAsync(cancellation);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            return false;
        }
    }
}
