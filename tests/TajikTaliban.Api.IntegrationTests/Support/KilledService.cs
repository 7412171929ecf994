using System.Diagnostics;
using TajikTaliban.Api.IntegrationTests.Features;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>A service in a process of its own, which delivers webhooks and may be killed.</summary>
public sealed class KilledService : IDisposable
{
    private readonly Process _process;

    private KilledService(Process process, string address) => (_process, Address) = (process, address);

    public string Address { get; }

    /// <param name="database">Where its records are.</param>
    /// <param name="environment">Environment variables beside the defaults.</param>
    public static KilledService Start(string database, params (string Name, string Value)[] environment)
    {
        var address = $"http://127.0.0.1:{ServiceProcess.FreePort()}";
        var start = new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "TajikTaliban.Api.dll"), "serve", "--urls", address])
        {
            RedirectStandardOutput = true,
            Environment = { ["ConnectionStrings__Database"] = database },
        };
        foreach (var (name, value) in WebhookFixture.Common)
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains("Serving on", StringComparison.Ordinal))
                break;
        }

        _ = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        return new KilledService(process, address);
    }

    /// <summary>SIGKILL: nothing is closed, saved or released.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
