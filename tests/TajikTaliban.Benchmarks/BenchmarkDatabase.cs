using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using Embedded = TajikTaliban.Api.Hosting.EmbeddedPostgres.EmbeddedPostgres;

namespace TajikTaliban.Benchmarks;

/// <summary>An error that the one who runs the benchmark can mend; the message says how.</summary>
public sealed class BenchmarkException(string message) : Exception(message);

/// <summary>Where the records are: a database that is given, or the service's own PostgreSQL with a folder of the benchmark's.</summary>
internal sealed class BenchmarkDatabase : IAsyncDisposable
{
    private readonly Embedded? _embedded;
    private readonly string _connectionString;

    private BenchmarkDatabase(string connectionString, Embedded? embedded) => (_connectionString, _embedded) = (connectionString, embedded);

    public static Option<string?> ConnectionOption { get; } = new("--connection")
    {
        Description =
            "A PostgreSQL to use (Host=…;Database=…), by somebody who may create databases; if left out, one is started in --data.",
    };

    public static Option<string> DataOption { get; } = new("--data")
    {
        Description = "The folder of the PostgreSQL that is started.",
        DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "tajik-taliban-benchmarks"),
    };

    public static async Task<BenchmarkDatabase> OpenAsync(ParseResult arguments, CancellationToken cancellation)
    {
        if (arguments.GetValue(ConnectionOption) is { } given)
            return new BenchmarkDatabase(given, null);
        // As the service runs it, but for the log of changes: a bulk load should not wait for a checkpoint every few seconds.
        var options = new EmbeddedPostgresOptions
        {
            DataFolder = arguments.GetValue(DataOption),
            Settings = new Dictionary<string, string>
            {
                ["max_wal_size"] = "8GB",
                ["checkpoint_timeout"] = "30min",
                ["max_connections"] = "200",
            },
        };
        var embedded = await Embedded.StartAsync(options, NullLogger.Instance, cancellation);
        return new BenchmarkDatabase(embedded.ConnectionString, embedded);
    }

    /// <summary>The database itself, or one beside it that holds so many events.</summary>
    public string ConnectionString(int? events = null)
    {
        var connection = new NpgsqlConnectionStringBuilder(_connectionString);
        if (events is not null)
            connection.Database += $"_{events}";
        return connection.ConnectionString;
    }

    /// <summary>Makes the database beside this one if there is none; says whether it did.</summary>
    public async Task<bool> CreateAsync(int events, CancellationToken cancellation)
    {
        await using var connection =
            new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_connectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellation);
        var name = new NpgsqlConnectionStringBuilder(ConnectionString(events)).Database!;
        await using var create = new NpgsqlCommand($"create database \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
            connection);
        try
        {
            await create.ExecuteNonQueryAsync(cancellation);
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_embedded is not null)
            await _embedded.DisposeAsync();
    }
}
