using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Contract;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>
/// Three nodes of PostgreSQL under Patroni with etcd, and HAProxy, with the configuration of <c>deploy/cluster</c>, on this machine. Tests
/// are skipped where the programs are not installed (Debian: patroni, etcd-server, haproxy, postgresql).
/// </summary>
public sealed class PatroniCluster : IAsyncDisposable
{
    public const int Nodes = 3;
    private const string Password = "only-for-a-try";
    private static readonly string? Binaries = !Directory.Exists("/usr/lib/postgresql") ? null
        : Directory.GetDirectories("/usr/lib/postgresql").Select(v => Path.Combine(v, "bin"))
            .Where(b => File.Exists(Path.Combine(b, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cluster-");
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };
    private readonly int[] _ports = [.. Enumerable.Range(0, Nodes).Select(_ => ServiceProcess.FreePort())];
    private readonly int[] _patroniPorts = [.. Enumerable.Range(0, Nodes).Select(_ => ServiceProcess.FreePort())];
    private readonly Process?[] _patroni = new Process?[Nodes];
    private readonly int _etcdPort = ServiceProcess.FreePort();
    private readonly int _databasePort = ServiceProcess.FreePort();
    private readonly List<Process> _others = [];
    private readonly Dictionary<string, StringBuilder> _logs = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Where HAProxy takes requests to the service.</summary>
    public int ApiPort { get; } = ServiceProcess.FreePort();

    /// <summary>Where HAProxy expects the instances of the service.</summary>
    public int[] InstancePorts { get; } = [ServiceProcess.FreePort(), ServiceProcess.FreePort()];

    public static void SkipIfMissing()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("TEST_POSTGRES") == "npm", "the cluster is of the installed PostgreSQL");
        Programs.SkipIfMissing("patroni", "etcd", "haproxy", "setpriv");
        Assert.SkipWhen(Binaries is null, "the server of PostgreSQL is not installed below /usr/lib/postgresql");
    }

    /// <summary>All nodes in one connection string, which prefers standbys for reads.</summary>
    public string OfNodes(string database) =>
        $"Host={string.Join(',', _ports.Select(p => $"127.0.0.1:{p}"))};Target Session Attributes=prefer-standby;Username=postgres;"
        + $"Password={Password};Database={database}";

    /// <summary>The primary, by way of HAProxy.</summary>
    public string OfPrimary(string database) =>
        $"Host=127.0.0.1;Port={_databasePort};Username=postgres;Password={Password};Database={database}";

    public async Task StartAsync()
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        File.SetUnixFileMode(_folder.FullName, (UnixFileMode)0b111_101_101);
        var configuration = Path.Combine(Repository.Root, "deploy", "cluster");
        File.Copy(Path.Combine(configuration, "patroni.yml"), Path.Combine(_folder.FullName, "patroni.yml"));
        var (client, peer) = ($"http://127.0.0.1:{_etcdPort}", $"http://127.0.0.1:{ServiceProcess.FreePort()}");
        _others.Add(Start("etcd",
            ["--name", "one", "--data-dir", Path.Combine(_folder.FullName, "etcd"), "--listen-client-urls", client,
            "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer, "--initial-cluster",
            $"one={peer}", "--unsafe-no-fsync"], []));
        for (var node = 0; node < Nodes; node++)
        {
            Directory.CreateDirectory(FolderOf(node));
            if (Environment.IsPrivilegedProcess)
                await RunAsync("chown", "nobody", FolderOf(node));
            StartPatroni(node);
        }

        await WaitUntilWholeAsync(180);
        var environment = new Dictionary<string, string>
        {
            ["API_LISTEN"] = $"127.0.0.1:{ApiPort}",
            ["API_1"] = $"127.0.0.1:{InstancePorts[0]}",
            ["API_2"] = $"127.0.0.1:{InstancePorts[1]}",
            ["DB_LISTEN"] = $"127.0.0.1:{_databasePort}",
        };
        for (var node = 0; node < Nodes; node++)
        {
            environment[$"PG_{node + 1}"] = $"127.0.0.1:{_ports[node]}";
            environment[$"PATRONI_PORT_{node + 1}"] = $"{_patroniPorts[node]}";
        }

        _others.Add(Start("haproxy", ["-db", "-f", Path.Combine(configuration, "haproxy.cfg")], environment));
        await Wait.UntilAsync(async () =>
        {
            try
            {
                await using var connection = new NpgsqlConnection(OfPrimary("postgres"));
                await connection.OpenAsync(Cancellation);
                return true;
            }
            catch (NpgsqlException)
            {
                return false;
            }
        });
    }

    /// <summary>Waits until one node leads and the others stream from it, one of them synchronously.</summary>
    public async Task WaitUntilWholeAsync(int seconds = 120)
    {
        var last = "";
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var members = await MembersAsync();
            last = string.Join(", ", members.Select(m => $"{m.Name} {m.Role} {m.State}"));
            if (members.Count == Nodes && members.All(m => m.State is "running" or "streaming")
                && members.Any(m => m.Role == "sync_standby") && members.Count(m => m.Role == "leader") == 1)
            {
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(seconds),
                $"The cluster is not whole after {seconds} s: {last}\n{LogOf(0)}\n{LogOf(1)}\n{LogOf(2)}");
            await Task.Delay(500, Cancellation);
        }
    }

    /// <summary>Ends the primary with kill -9, and its Patroni before it if asked for. Returns its node.</summary>
    public async Task<int> KillPrimaryAsync(bool withPatroni)
    {
        var leader = (await MembersAsync()).Single(m => m.Role == "leader").Name;
        var node = int.Parse(leader.AsSpan(2), CultureInfo.InvariantCulture) - 1;
        if (withPatroni)
            _patroni[node]!.Kill();
        await KillPostgresAsync(node);
        return node;
    }

    /// <summary>Starts a killed Patroni, as the system's process manager does.</summary>
    public async Task StartAgainAsync(int node)
    {
        await _patroni[node]!.WaitForExitAsync(Cancellation);
        StartPatroni(node);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var process in _patroni.OfType<Process>().Concat(_others).Where(p => !p.HasExited))
            process.Kill();
        for (var node = 0; node < Nodes; node++)
            await KillPostgresAsync(node);
        foreach (var process in _patroni.OfType<Process>().Concat(_others))
        {
            await process.WaitForExitAsync();
            process.Dispose();
        }

        // the children of a killed server end by themselves, and write until then
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                _folder.Delete(recursive: true);
                return;
            }
            catch (IOException) when (attempt < 20)
            {
                await Task.Delay(200);
            }
        }
    }

    private async Task<List<(string Name, string Role, string State)>> MembersAsync()
    {
        foreach (var port in _patroniPorts)
        {
            try
            {
                var cluster = JsonNode.Parse(await _http.GetStringAsync(new Uri($"http://127.0.0.1:{port}/cluster"), Cancellation))!;
                return [.. cluster["members"]!.AsArray().Select(m => ((string)m!["name"]!, (string)m["role"]!, (string?)m["state"] ?? ""))];
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Cancellation.IsCancellationRequested)
            {
                // another one knows it too
            }
        }

        return [];
    }

    private void StartPatroni(int node) => _patroni[node] = Start("patroni", [Path.Combine(_folder.FullName, "patroni.yml")],
        new Dictionary<string, string>
        {
            ["PATRONI_NAME"] = $"pg{node + 1}",
            ["PATRONI_RESTAPI_LISTEN"] = $"127.0.0.1:{_patroniPorts[node]}",
            ["PATRONI_RESTAPI_CONNECT_ADDRESS"] = $"127.0.0.1:{_patroniPorts[node]}",
            ["PATRONI_POSTGRESQL_LISTEN"] = $"127.0.0.1:{_ports[node]}",
            ["PATRONI_POSTGRESQL_CONNECT_ADDRESS"] = $"127.0.0.1:{_ports[node]}",
            ["PATRONI_POSTGRESQL_DATA_DIR"] = Path.Combine(FolderOf(node), "data"),
            ["PATRONI_POSTGRESQL_BIN_DIR"] = Binaries!,
            ["PATRONI_POSTGRESQL_PGPASS"] = Path.Combine(FolderOf(node), "pgpass"),
            ["PATRONI_ETCD3_HOSTS"] = $"127.0.0.1:{_etcdPort}",
            ["PATRONI_SUPERUSER_USERNAME"] = "postgres",
            ["PATRONI_SUPERUSER_PASSWORD"] = Password,
            ["PATRONI_REPLICATION_USERNAME"] = "replicator",
            ["PATRONI_REPLICATION_PASSWORD"] = Password,
        }, asNobody: Environment.IsPrivilegedProcess);

    private Process Start(string program, IEnumerable<string> arguments, Dictionary<string, string> environment, bool asNobody = false)
    {
        var path = Programs.FindOrNull(program)!;
        // PostgreSQL refuses to run as root
        string[] line = asNobody ? [Programs.FindOrNull("setpriv")!, "--reuid=nobody", "--regid=nogroup", "--clear-groups", path] : [path];
        var start = new ProcessStartInfo(line[0], [.. line[1..], .. arguments])
        {
            WorkingDirectory = _folder.FullName,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        var owner = environment.GetValueOrDefault("PATRONI_NAME", program);
        process.OutputDataReceived += (_, e) => Log(owner, e.Data);
        process.ErrorDataReceived += (_, e) => Log(owner, e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Log(string name, string? line)
    {
        lock (_logs)
        {
            if (!_logs.TryGetValue(name, out var log))
                _logs[name] = log = new StringBuilder();
            log.AppendLine(line);
        }
    }

    private string LogOf(int node)
    {
        lock (_logs)
        {
            var log = _logs.GetValueOrDefault($"pg{node + 1}")?.ToString() ?? "";
            return log[Math.Max(0, log.Length - 1500)..];
        }
    }

    private async Task KillPostgresAsync(int node)
    {
        var file = Path.Combine(FolderOf(node), "data", "postmaster.pid");
        if (!File.Exists(file))
            return;
        var id = (await File.ReadAllLinesAsync(file, CancellationToken.None))[0];
        // the number may be of another process by now
        var line = $"/proc/{id}/cmdline";
        if (!File.Exists(line))
            return;
        var command = await File.ReadAllTextAsync(line, CancellationToken.None);
        if (command.Contains(FolderOf(node), StringComparison.Ordinal))
            await RunAsync("kill", "-9", id);
    }

    private string FolderOf(int node) => Path.Combine(_folder.FullName, $"node{node + 1}");

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(CancellationToken.None);
    }
}
