using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace TajikTaliban.Api.Storage;

/// <summary>How the service connects: one pool for the model and for hand-written statements, a small one for the feed.</summary>
public static class Database
{
    public const int StatementTimeoutSeconds = 30;
    private const int MostConnections = 42;
    private const int MostFeedConnections = 8;

    /// <summary>
    /// A pool for those who read the feed and snapshots: they take no connection from those who look something up. And a pool gives its
    /// connections in turn: with few of them, each has the pages of the ledger mapped that it reads next, without which the feed runs at
    /// four fifths.
    /// </summary>
    public static NpgsqlDataSource OpenForFeed(string connectionString) =>
        Open(new NpgsqlConnectionStringBuilder(connectionString) { MaxPoolSize = MostFeedConnections }.ConnectionString);

    public static NpgsqlDataSource Open(string connectionString, ILoggerFactory? loggers = null)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            // The statements are few and repeat: preparing them saves the parse and the plan of each.
            MaxAutoPrepare = 200,
            AutoPrepareMinUsages = 2,
            // Nothing of ours leaves state on a connection, so none has to be wiped between uses.
            NoResetOnClose = true,
            ApplicationName = "tajik-taliban-api",
            CommandTimeout = StatementTimeoutSeconds,
            IncludeErrorDetail = false,
        };
        // PostgreSQL's own default is 100 connections for all who connect: half of them, those of the feed counted in, leave room for commands and a second instance
        // (ContainsKey says of every known word that it is there; this says whether it was given.)
        if (!settings.ShouldSerialize("Maximum Pool Size"))
            settings.MaxPoolSize = MostConnections;
        var builder = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        if (loggers is not null)
            builder.UseLoggerFactory(loggers);
        return builder.Build();
    }

    public static DbContextOptions<ApiDbContext> Options(NpgsqlDataSource database) =>
        new DbContextOptionsBuilder<ApiDbContext>().UseNpgsql(database).UseSnakeCaseNamingConvention().Options;

    public static ApiDbContext Context(NpgsqlDataSource database) => new(Options(database));
}
