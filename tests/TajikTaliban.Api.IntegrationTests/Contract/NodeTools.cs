using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>The tools of Node.js that the contract is checked with: installed once, in the versions of <c>package-lock.json</c>.</summary>
internal static class NodeTools
{
    private const string Missing =
        "This test needs Node.js 20 or newer with npm on the PATH: it lints the contract, and generates and runs a TypeScript client.";
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Runs a tool of the packages (or a program of ours) under Node.js and gives what it printed.</summary>
    public static async Task<string> RunAsync(string script, params string[] arguments)
    {
        await Installed.Value;
        var (exit, output, errors) = await StartAsync("node", [Path.Combine(Repository.Clients, script), .. arguments]);
        Assert.True(exit == 0, $"{script} ended with {exit}.\n{output}\n{errors}");
        return output;
    }

    /// <summary>Runs <c>node</c> or <c>npm</c> in a folder, where the packages may be linked to.</summary>
    public static async Task<(int Exit, string Output, string Errors)> RunInAsync(string folder, string program, params string[] arguments)
    {
        await Installed.Value;
        return await StartAsync(program, arguments, folder);
    }

    /// <summary>What a linter prints, which ends with an error code when it has findings.</summary>
    public static async Task<string> FindingsAsync(string script, params string[] arguments)
    {
        await Installed.Value;
        return (await StartAsync("node", [Path.Combine(Repository.Clients, script), .. arguments])).Output;
    }

    private static async Task InstallAsync()
    {
        var digest =
            Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Repository.Clients, "package-lock.json"))));
        var stamp = Path.Combine(Repository.Clients, "node_modules", ".installed");
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == digest)
            return;
        var (exit, output, errors) = await StartAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        Assert.True(exit == 0, $"npm ci ended with {exit} in {Repository.Clients}.\n{output}\n{errors}");
        await File.WriteAllTextAsync(stamp, digest);
    }

    /// <summary>Runs any program, in the folder of the clients if none is given.</summary>
    public static async Task<(int Exit, string Output, string Errors)> StartAsync(
        string program, IReadOnlyList<string> arguments, string? folder = null)
    {
        var start = new ProcessStartInfo(program == "npm" && OperatingSystem.IsWindows() ? "npm.cmd" : program, arguments)
        {
            WorkingDirectory = folder ?? Repository.Clients,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["REDOCLY_TELEMETRY"] = "off", ["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true", ["KUBB_DISABLE_TELEMETRY"] = "1",
                ["KIOTA_OFFLINE_ENABLED"] = "true", ["KIOTA_CLI_TELEMETRY_OPTOUT"] = "true",
            },
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            Assert.Fail($"{Missing} ({program}: {e.Message})");
            throw;
        }

        using (process)
        {
            var cancellation = TestContext.Current.CancellationToken;
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellation),
                process.StandardError.ReadToEndAsync(cancellation));
            try
            {
                await process.WaitForExitAsync(cancellation);
            }
            finally
            {
                if (!process.HasExited)
                    process.Kill(entireProcessTree: true);
            }

            return (process.ExitCode, await output, await errors);
        }
    }
}
