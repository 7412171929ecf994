using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace TajikTaliban.Benchmarks.Reads;

/// <summary>A server in a process of its own, which ends with this one.</summary>
internal sealed class ServerProcess : IDisposable
{
    private readonly Process _process;

    private ServerProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    /// <summary>The processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Its memory, in bytes.</summary>
    public long Memory
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The service as its users start it.</summary>
    public static Task<ServerProcess> ServiceAsync(string connectionString, CancellationToken cancellation) =>
        StartAsync("TajikTaliban.Api.dll", ["serve"], [("ConnectionStrings__Database", connectionString)], "/health/ready", cancellation);

    /// <summary>The service without answers in memory: each request is answered from the database.</summary>
    public static Task<ServerProcess> UncachedServiceAsync(string connectionString, CancellationToken cancellation) =>
        StartAsync("TajikTaliban.Api.dll", ["serve"],
            [("ConnectionStrings__Database", connectionString), ("Answers__MaxBytes", "0")], "/health/ready", cancellation);

    /// <param name="connectionString">The database.</param>
    /// <param name="isOfMemory">Whether it sends what it has sent before without the database.</param>
    /// <param name="cancellation">Ends the start.</param>
    public static Task<ServerProcess> CeilingAsync(string connectionString, bool isOfMemory, CancellationToken cancellation)
    {
        // the service's own settings of the connection, written out
        const string Settings = "Max Auto Prepare=20;Auto Prepare Min Usages=2;No Reset On Close=true;Maximum Pool Size=100";
        return StartAsync("TajikTaliban.Benchmarks.dll", isOfMemory ? ["ceiling", "--memory"] : ["ceiling"],
            [(Ceiling.ConnectionVariable, $"{connectionString};{Settings}")], null, cancellation);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }

    private static async Task<ServerProcess> StartAsync(
        string program, string[] command, (string Name, string Value)[] variables, string? ready, CancellationToken cancellation)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort()}");
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, program), .. command, "--urls", address.ToString()])
        {
            RedirectStandardOutput = true,
        };
        // by the environment: an argument could be read by all users of the machine
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        // the lines of requests are written, and nobody on this machine spends time on reading them
        start.Environment.TryAdd("AccessLog__Output", "/dev/null");
        var server = new ServerProcess(Process.Start(start)!, address);
        server._process.OutputDataReceived += (_, _) => { };
        server._process.BeginOutputReadLine();
        using var client = new HttpClient { BaseAddress = address };
        for (var attempt = 0; !await AnswersAsync(client, ready ?? "/", cancellation); attempt++)
        {
            if (server._process.HasExited || attempt > 300)
            {
                server.Dispose();
                throw new BenchmarkException($"{program} {command} did not start.");
            }

            await Task.Delay(100, cancellation);
        }

        return server;
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string path, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
