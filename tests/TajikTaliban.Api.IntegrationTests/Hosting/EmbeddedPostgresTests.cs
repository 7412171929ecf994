using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

public sealed class EmbeddedPostgresTests(EmbeddedPostgresTests.FreshCluster fresh)
    : IClassFixture<EmbeddedPostgresTests.FreshCluster>, IAsyncLifetime
{
    private readonly string _folder = Path.Combine(fresh.Parent, Path.GetRandomFileName());
    private readonly List<EmbeddedPostgres> _started = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in _started)
            await instance.DisposeAsync();
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Written_data_is_there_after_a_restart()
    {
        fresh.CopyTo(_folder);
        var first = await StartAsync();
        _ = await AskAsync(first, "CREATE TABLE note (text text); INSERT INTO note VALUES ('kept')");
        await first.DisposeAsync();
        Assert.False(await IsReachableAsync(first));

        var second = await StartAsync();

        Assert.Equal("kept", await AskAsync(second, "SELECT text FROM note"));
        Assert.Equal(first.Port, second.Port);
    }

    [Fact]
    public async Task Text_is_ordered_by_code_point_and_letters_are_those_of_unicode()
    {
        fresh.CopyTo(_folder);
        var instance = await StartAsync();

        Assert.Equal(true, await AskAsync(instance, "SELECT 'Z' < 'a' AND 'Я' < 'а'"));
        Assert.Equal("раҳмон", await AskAsync(instance, "SELECT lower('РАҲМОН')"));
    }

    [Fact]
    public async Task The_cluster_is_closed_to_those_without_the_password()
    {
        fresh.CopyTo(_folder);
        var instance = await StartAsync();
        var guess = new NpgsqlConnectionStringBuilder(instance.ConnectionString) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(guess.ConnectionString);

        var refusal = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Ct));

        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
        Assert.Equal("127.0.0.1", await AskAsync(instance, "SHOW listen_addresses"));
        Assert.Equal("", await AskAsync(instance, "SHOW unix_socket_directories"));
    }

    [Fact]
    public async Task Instances_share_one_cluster_and_the_last_to_leave_stops_it()
    {
        var instances = await Task.WhenAll(StartAsync(), StartAsync("another"), StartAsync());
        _ = Assert.Single(instances.Select(instance => instance.Port).Distinct());

        await instances[0].DisposeAsync();
        await instances[1].DisposeAsync();
        Assert.True(await IsReachableAsync(instances[2]));

        await instances[2].DisposeAsync();
        Assert.False(await IsReachableAsync(instances[2]));
    }

    [Fact]
    public async Task Starting_while_another_instance_stops_always_ends_in_a_running_cluster()
    {
        fresh.CopyTo(_folder);
        var current = await StartAsync();
        for (var round = 0; round < 3; round++)
        {
            var arriving = StartAsync();
            await current.DisposeAsync();
            current = await arriving;
            Assert.Equal(1, await AskAsync(current, "SELECT 1"));
        }
    }

    [Fact]
    public async Task A_killed_instance_leaves_a_cluster_that_the_next_takes_over()
    {
        fresh.CopyTo(_folder);
        var killed = await StartAsync();
        killed.Abandon();

        var next = await StartAsync();
        Assert.Equal(killed.Port, next.Port);

        await next.DisposeAsync();
        Assert.False(await IsReachableAsync(next));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_killed_cluster_recovers_even_if_its_process_number_is_in_use_again(bool numberIsInUse)
    {
        fresh.CopyTo(_folder);
        var killed = await StartAsync();
        _ = await AskAsync(killed, "CREATE TABLE note (text text); INSERT INTO note VALUES ('committed')");
        killed.Abandon();
        var file = Path.Combine(ClusterFolder(), "data", "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(file, Ct);
        using (var postmaster = Process.GetProcessById(int.Parse(lines[0], CultureInfo.InvariantCulture)))
            postmaster.Kill();
        if (numberIsInUse)
            await File.WriteAllLinesAsync(file, [Environment.ProcessId.ToString(CultureInfo.InvariantCulture), .. lines.Skip(1)], Ct);

        var next = await StartAsync();

        Assert.Equal("committed", await AskAsync(next, "SELECT text FROM note"));
    }

    [Fact]
    public async Task A_half_made_folder_does_not_block_the_start_and_nothing_of_it_is_lost()
    {
        _ = Directory.CreateDirectory(Path.Combine(_folder, "left.partial", "data"));
        for (var major = 15; major <= 18; major++)
        {
            _ = Directory.CreateDirectory(Path.Combine(_folder, $"postgres-{major}", "data"));
            await File.WriteAllTextAsync(Path.Combine(_folder, $"postgres-{major}", "data", "something"), "of somebody", Ct);
        }

        var instance = await StartAsync();

        Assert.Equal(1, await AskAsync(instance, "SELECT 1"));
        Assert.False(Directory.Exists(Path.Combine(_folder, "left.partial")));
        Assert.Equal(4, Directory.EnumerateFiles(_folder, "something", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task A_cancelled_start_leaves_nothing_behind()
    {
        using var calledOff = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        calledOff.CancelAfter(TimeSpan.FromMilliseconds(300));

        _ = await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => EmbeddedPostgres.StartAsync(Options(), NullLogger.Instance, calledOff.Token));

        // called off before it began there is no folder at all
        Assert.Empty(Directory.Exists(_folder) ? Directory.EnumerateDirectories(_folder) : []);
    }

    [Fact]
    public async Task Without_PostgreSQL_and_npm_the_error_names_three_remedies()
    {
        var options = Options() with { SearchFolders = [], CacheFolder = Path.Combine(_folder, "cache") };

        var error = await Assert.ThrowsAsync<PostgresNotFoundException>(
            () => EmbeddedPostgres.StartAsync(options, NullLogger.Instance, Ct));

        Assert.Contains("1. Install PostgreSQL 15 or newer", error.Message, StringComparison.Ordinal);
        Assert.Contains("2. Install Node.js with npm", error.Message, StringComparison.Ordinal);
        Assert.Contains("3. Set ConnectionStrings__Database", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_a_missing_PostgreSQL_version_is_an_error()
    {
        _ = Directory.CreateDirectory(Path.Combine(_folder, "postgres-9", "data", "global"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "postgres-9", "password"), "secret", Ct);
        await File.WriteAllTextAsync(Path.Combine(_folder, "postgres-9", "data", "global", "pg_control"), "", Ct);

        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(
            () => EmbeddedPostgres.StartAsync(Options(), NullLogger.Instance, Ct));

        Assert.Contains("was created by PostgreSQL 9,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configured_folder_without_PostgreSQL_is_an_error()
    {
        var options = Options() with { BinFolder = Path.GetTempPath() };

        var error = await Assert.ThrowsAsync<EmbeddedPostgresException>(
            () => EmbeddedPostgres.StartAsync(options, NullLogger.Instance, Ct));

        Assert.Contains("Embedded__BinFolder", error.Message, StringComparison.Ordinal);
    }

    private static EmbeddedPostgresOptions OptionsFor(string folder) => new()
    {
        DataFolder = folder,
        Source = PostgresServer.Source,
        Settings = new Dictionary<string, string> { ["fsync"] = "off", ["shared_buffers"] = "16MB" },
    };

    private EmbeddedPostgresOptions Options() => OptionsFor(_folder);

    private async Task<EmbeddedPostgres> StartAsync(string database = "tajik_taliban")
    {
        var instance = await EmbeddedPostgres.StartAsync(Options() with { Database = database }, NullLogger.Instance, Ct);
        lock (_started)
            _started.Add(instance);
        return instance;
    }

    private string ClusterFolder() => Directory.EnumerateDirectories(_folder, "postgres-*").Single();

    private static async Task<object?> AskAsync(EmbeddedPostgres instance, string sql)
    {
        await using var connection = await ConnectAsync(instance);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Ct);
    }

    private static async Task<bool> IsReachableAsync(EmbeddedPostgres instance)
    {
        try
        {
            await using var connection = await ConnectAsync(instance);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private static async Task<NpgsqlConnection> ConnectAsync(EmbeddedPostgres instance)
    {
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(instance.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Ct);
        return connection;
    }

    /// <summary>A cluster made once: making one takes a second, copying it a tenth of that.</summary>
    public sealed class FreshCluster : IAsyncLifetime
    {
        private string _folder = Path.Combine(Path.GetTempPath(), $"tajik-taliban-api-{Path.GetRandomFileName()}", "fresh");

        /// <summary>A folder that PostgreSQL can get to; started as root, it may be another than the one for temporary files.</summary>
        public string Parent => Path.GetDirectoryName(_folder)!;

        public async ValueTask InitializeAsync()
        {
            var instance = await EmbeddedPostgres.StartAsync(OptionsFor(_folder), NullLogger.Instance, Ct);
            _folder = instance.DataFolder;
            await instance.DisposeAsync();
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_folder, recursive: true);
            if (!Directory.EnumerateFileSystemEntries(Parent).Any())
                Directory.Delete(Parent);
            return ValueTask.CompletedTask;
        }

        public void CopyTo(string folder) => Copy(new DirectoryInfo(_folder), folder);

        private static void Copy(DirectoryInfo from, string to)
        {
            if (OperatingSystem.IsWindows())
                _ = Directory.CreateDirectory(to);
            else
                _ = Directory.CreateDirectory(to, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            foreach (var file in from.EnumerateFiles())
                _ = file.CopyTo(Path.Combine(to, file.Name));
            foreach (var folder in from.EnumerateDirectories())
                Copy(folder, Path.Combine(to, folder.Name));
        }
    }
}
