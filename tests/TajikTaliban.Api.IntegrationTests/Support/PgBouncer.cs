using System.Diagnostics;
using System.Net.Sockets;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Contract;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>PgBouncer in transaction mode in front of the PostgreSQL of the test run. Tests are skipped where it is not
/// installed.</summary>
public sealed class PgBouncer : IAsyncDisposable
{
    /// <summary>Connections to the server, for however many clients.</summary>
    public const int ServerConnections = 4;

    private const string Name = "through-pgbouncer";

    private static readonly string? Program = Programs.FindOrNull("pgbouncer");

    private Process _process;
    private readonly DirectoryInfo _folder;
    private readonly NpgsqlConnectionStringBuilder _server;
    private readonly int _port;

    private PgBouncer(Process process, DirectoryInfo folder, NpgsqlConnectionStringBuilder server, int port) =>
        (_process, _folder, _server, _port) = (process, folder, server, port);

    /// <summary>The connection string through it, as the manual for operators says: without prepared statements.</summary>
    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server.ConnectionString)
    {
        Host = "127.0.0.1",
        Port = _port,
        MaxAutoPrepare = 0,
        NoResetOnClose = true,
        ApplicationName = Name,
        Timeout = 60,
    }.ConnectionString;

    /// <summary>The version as the program states it.</summary>
    public static string Version { get; } = Program is null ? "" : VersionOf(Program);

    public static void SkipIfMissing() => Assert.SkipWhen(Program is null, "pgbouncer is not installed");

    /// <param name="connectionString">A database of the test run.</param>
    /// <param name="asOnKubernetes">With the configuration of the manifests, of which only addresses and paths are others.</param>
    public static async Task<PgBouncer> StartAsync(string connectionString, bool asOnKubernetes = false)
    {
        SkipIfMissing();
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var folder = Directory.CreateTempSubdirectory("pgbouncer-");
        var port = ServiceProcess.FreePort();
        var users = Path.Combine(folder.FullName, "users.txt");
        await File.WriteAllTextAsync(users, $"\"{server.Username}\" \"{server.Password}\"\n");
        var settings = Path.Combine(folder.FullName, "pgbouncer.ini");
        await File.WriteAllTextAsync(settings, asOnKubernetes ? Manifest(server, port, users) :
            $"""
            [databases]
            * = host={server.Host} port={server.Port}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = trust
            auth_file = {users}
            pool_mode = transaction
            default_pool_size = {ServerConnections}
            max_client_conn = 500
            """);
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        return new PgBouncer(await RunAsync(folder, port), folder, server, port);
    }

    /// <summary>Stops it by SIGINT, which lets transactions end, and starts it again.</summary>
    public async Task StartAgainAsync()
    {
        using (var stop = Process.Start("kill", ["-INT", $"{_process.Id}"]))
            await stop.WaitForExitAsync(TestContext.Current.CancellationToken);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _process.Dispose();
        _process = await RunAsync(_folder, _port);
    }

    /// <summary>How many connections to the server it has open for the database.</summary>
    public async Task<long> ServersAsync()
    {
        await using var source = NpgsqlDataSource.Create(_server);
        await using var command = source.CreateCommand(
            $"select count(*) from pg_stat_activity where datname = current_database() and application_name = '{Name}'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static async Task<Process> RunAsync(DirectoryInfo folder, int port)
    {
        var start = new ProcessStartInfo(Program!) { RedirectStandardError = true, RedirectStandardOutput = true };
        // it refuses to run as root
        if (Environment.IsPrivilegedProcess)
        {
            start.ArgumentList.Add("-u");
            start.ArgumentList.Add("nobody");
        }

        start.ArgumentList.Add(Path.Combine(folder.FullName, "pgbouncer.ini"));
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Wait.UntilAsync(async () =>
        {
            Assert.False(process.HasExited, "pgbouncer has ended");
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", port);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
        return process;
    }

    private static string Manifest(NpgsqlConnectionStringBuilder server, int port, string users)
    {
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "deploy", "kubernetes", "pgbouncer.yaml"))
            .SkipWhile(l => l != "  pgbouncer.ini: |").Skip(1).TakeWhile(l => l != "---");
        var text = string.Join('\n', lines.Select(l => l.Trim()));
        foreach (var (written, here) in new[]
        {
            ("host=postgres port=5432", $"host={server.Host} port={server.Port}"), ("listen_addr = *", "listen_addr = 127.0.0.1"),
            ("listen_port = 6432", $"listen_port = {port}"), ("/etc/pgbouncer-users/users.txt", users),
        })
        {
            Assert.Contains(written, text, StringComparison.Ordinal);
            text = text.Replace(written, here, StringComparison.Ordinal);
        }

        return text;
    }

    private static string VersionOf(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program, ["--version"]) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadLine() ?? "";
        process.WaitForExit();
        return text;
    }
}
