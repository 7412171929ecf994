using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>What a command answered.</summary>
public sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string All => Output + Error;

    public string LastLine => Output.TrimEnd('\n').Split('\n')[^1];
}

/// <summary>The program as its users run it: a process of its own, from another folder, told of its database by the environment.</summary>
public sealed class ServiceProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();

    private ServiceProcess(string? database, (string Name, string Value)[] settings, string[] arguments, string? folder = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            // not where its files are: it has to find them by itself
            WorkingDirectory = Path.GetPathRoot(AppContext.BaseDirectory)!,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(folder ?? AppContext.BaseDirectory, "TajikTaliban.Api.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["ConnectionStrings__Database"] = database ?? "";
        start.Environment.Remove("ASPNETCORE_URLS");
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        _process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public string Error
    {
        get
        {
            lock (_error)
                return _error.ToString();
        }
    }

    public static Task<CommandResult> RunAsync(string? database, params string[] arguments) => RunAsync(database, [], arguments);

    /// <summary>Runs a command with settings beside the connection string.</summary>
    public static async Task<CommandResult> RunAsync(string? database, (string Name, string Value)[] settings, params string[] arguments)
    {
        using var service = new ServiceProcess(database, settings, arguments);
        return await service.EndAsync();
    }

    /// <summary>Runs a command of another build of the program, which is in a folder.</summary>
    public static async Task<CommandResult> RunBuildAsync(string folder, string database, params string[] arguments)
    {
        using var service = new ServiceProcess(database, [], arguments, folder);
        return await service.EndAsync();
    }

    /// <summary>Serves another build of the program, which is in a folder.</summary>
    public static Task<(ServiceProcess Service, HttpClient Client)> ServeBuildAsync(string? folder, string database) =>
        ServeAtAsync($"http://127.0.0.1:{FreePort()}", database, [], [], folder);

    /// <summary>Serves on a free port and waits until it does.</summary>
    public static Task<(ServiceProcess Service, HttpClient Client)> ServeAsync(string database, params string[] arguments) =>
        ServeAtAsync($"http://127.0.0.1:{FreePort()}", database, arguments);

    /// <summary>The same with settings beside the connection string.</summary>
    public static Task<(ServiceProcess Service, HttpClient Client)> ServeAsync(
        string database, (string Name, string Value)[] settings, params string[] arguments) =>
        ServeAtAsync($"http://127.0.0.1:{FreePort()}", database, settings, arguments);

    /// <summary>Serves at an address and waits until it does.</summary>
    public static Task<(ServiceProcess Service, HttpClient Client)> ServeAtAsync(
        string address, string database, params string[] arguments) => ServeAtAsync(address, database, [], arguments);

    private static async Task<(ServiceProcess Service, HttpClient Client)> ServeAtAsync(
        string address, string database, (string Name, string Value)[] settings, string[] arguments, string? folder = null)
    {
        var service = new ServiceProcess(database, settings, ["serve", "--urls", address, .. arguments], folder);
        var watch = Stopwatch.StartNew();
        while (!service.Output.Contains("Serving on", StringComparison.Ordinal))
        {
            if (service._process.HasExited || watch.Elapsed > Patience)
            {
                service.Dispose();
                Assert.Fail($"It does not serve: {service.Output}{service.Error}");
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        return (service, new HttpClient { BaseAddress = new Uri(address) });
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Sends a signal (TERM, INT) and waits for the end.</summary>
    public async Task<CommandResult> StopAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await EndAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private static void Append(StringBuilder text, string? line)
    {
        if (line is not null)
        {
            lock (text)
                text.Append(line).Append('\n');
        }
    }

    private async Task<CommandResult> EndAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await _process.WaitForExitAsync(limit.Token);
        return new CommandResult(_process.ExitCode, Output, Error);
    }
}
