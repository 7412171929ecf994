using DotNet.Testcontainers.Builders;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using Testcontainers.PostgreSql;
using Embedded = TajikTaliban.Api.Hosting.EmbeddedPostgres.EmbeddedPostgres;

[assembly: AssemblyFixture(typeof(TajikTaliban.Api.IntegrationTests.Support.PostgresServer))]

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>
/// The PostgreSQL of the test run. <c>TEST_DATABASE</c> is the connection string of a user who may create databases.
/// <c>TEST_POSTGRES</c> names a kind: <c>installed</c> or <c>npm</c>, which the embedded PostgreSQL of the service then uses alone, or
/// <c>container</c>. Without either, a container is used where a Docker engine answers, and else the embedded PostgreSQL. Without any
/// PostgreSQL the run fails.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private static readonly Dictionary<string, string> NotDurable = new()
    {
        ["fsync"] = "off",
        ["synchronous_commit"] = "off",
        ["full_page_writes"] = "off",
        ["max_connections"] = "200",
    };

    private readonly SemaphoreSlim _templates = new(1, 1);
    private readonly Dictionary<string, string> _made = [];
    private readonly List<string> _databases = [];
    private PostgreSqlContainer? _container;
    private Embedded? _embedded;
    private string? _folder;
    private string _admin = "";

    public string Kind { get; private set; } = "";

    /// <summary>Where this run takes the programs of embedded PostgreSQL from.</summary>
    public static EmbeddedPostgresSource Source => Wanted switch
    {
        "installed" => EmbeddedPostgresSource.Installed,
        "npm" => EmbeddedPostgresSource.Npm,
        null or "container" => EmbeddedPostgresSource.Any,
        var other => throw new InvalidOperationException($"TEST_POSTGRES is '{other}', not installed, npm or container."),
    };

    private static string? Wanted => Environment.GetEnvironmentVariable("TEST_POSTGRES") is { Length: > 0 } kind ? kind : null;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("TEST_DATABASE") is { Length: > 0 } given)
        {
            (_admin, Kind) = (given, "TEST_DATABASE");
        }
        else if (Source == EmbeddedPostgresSource.Any && await StartContainerOrNullAsync() is { } container)
        {
            (_container, _admin, Kind) = (container, container.GetConnectionString(), "container");
        }
        else
        {
            Assert.True(Wanted != "container", "TEST_POSTGRES asks for a container, and no Docker engine answers.");
            _folder = Directory.CreateTempSubdirectory("tajik-taliban-tests-").FullName;
            var options = new EmbeddedPostgresOptions { DataFolder = _folder, Source = Source, Settings = NotDurable };
            _embedded = await Embedded.StartAsync(options, NullLogger.Instance, CancellationToken.None);
            (_admin, Kind) = (_embedded.ConnectionString, Wanted ?? "embedded");
        }

        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_admin) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        TestContext.Current.SendDiagnosticMessage("PostgreSQL of this run: {0} ({1})", connection.PostgreSqlVersion, Kind);
    }

    /// <summary>An empty database, or a copy of a template that is made once a run.</summary>
    public async Task<string> CreateDatabaseAsync(string template = "", Func<string, Task>? make = null)
    {
        var source = template.Length == 0 ? null : await TemplateAsync(template, make!);
        var name = NewName();
        await ExecuteAsync($"create database {name}{(source is null ? "" : $" template {source}")}");
        lock (_databases)
            _databases.Add(name);
        return For(name);
    }

    /// <summary>A copy of a database as it is now; open connections to it are closed.</summary>
    public async Task<string> BackUpAsync(string database)
    {
        var (name, backup) = (NameOf(database), NewName());
        await CloseAsync(name);
        await ExecuteAsync($"create database {backup} template {name}");
        await ExecuteAsync($"alter database {name} allow_connections true");
        lock (_databases)
            _databases.Add(backup);
        return For(backup);
    }

    /// <summary>Puts a backup in the place of a database, whose name it takes.</summary>
    public async Task RestoreAsync(string database, string backup)
    {
        var (name, lost) = (NameOf(database), NewName());
        lock (_databases)
            _databases.Add(lost);
        await CloseAsync(NameOf(backup));
        await CloseAsync(name);
        await ExecuteAsync($"alter database {name} rename to {lost}");
        await ExecuteAsync($"alter database {NameOf(backup)} rename to {name}");
        await ExecuteAsync($"alter database {name} allow_connections true");
    }

    public async ValueTask DisposeAsync()
    {
        if (Kind == "TEST_DATABASE")
        {
            NpgsqlConnection.ClearAllPools();
            foreach (var name in _databases.Concat(_made.Values))
                await ExecuteAsync($"drop database if exists {name} with (force)");
        }

        if (_container is not null)
            await _container.DisposeAsync();
        if (_embedded is not null)
            await _embedded.DisposeAsync();
        if (_folder is not null && Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
        _templates.Dispose();
    }

    private static string NewName() => $"test_{Guid.NewGuid():n}";

    private static async Task<PostgreSqlContainer?> StartContainerOrNullAsync()
    {
        try
        {
            // without the reaper, whose image not every engine can pull: the run disposes of its container itself
            var container = new PostgreSqlBuilder("postgres:17").WithCleanUp(false).WithAutoRemove(true)
                .WithCommand("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
                .Build();
            await container.StartAsync(TestContext.Current.CancellationToken);
            return container;
        }
        catch (DockerUnavailableException)
        {
            return null;
        }
    }

    private async Task<string> TemplateAsync(string key, Func<string, Task> make)
    {
        await _templates.WaitAsync();
        try
        {
            if (_made.TryGetValue(key, out var made))
                return made;
            var name = NewName();
            await ExecuteAsync($"create database {name}");
            await make(For(name));
            // a template may have no connection open while it is copied
            NpgsqlConnection.ClearAllPools();
            return _made[key] = name;
        }
        finally
        {
            _templates.Release();
        }
    }

    private static string NameOf(string database) => new NpgsqlConnectionStringBuilder(database).Database!;

    private async Task CloseAsync(string name)
    {
        await ExecuteAsync($"alter database {name} allow_connections false");
        await ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
    }

    private string For(string database) =>
        new NpgsqlConnectionStringBuilder(_admin) { Database = database, MaxPoolSize = 20, Pooling = true }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_admin) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
