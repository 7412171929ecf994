using System.ComponentModel;
using System.Diagnostics;

namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>The result of a program; <paramref name="Output"/> has both of its output streams.</summary>
internal sealed record ProgramResult(int ExitCode, string Output);

/// <summary>A program could not be run at all, or did not end in its time.</summary>
internal sealed class ExternalProgramException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Runs another program to its end, never for longer than it is allowed to.</summary>
internal static class ExternalProgram
{
    private static readonly string[] SystemPlaces =
        ["/usr/local/bin", "/opt/homebrew/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];

    private static readonly TimeSpan OutputGrace = TimeSpan.FromSeconds(1);

    /// <param name="killWithDescendants">
    /// False for a program whose child is meant to outlive it, as the postmaster outlives <c>pg_ctl start</c>.
    /// </param>
    public static async Task<ProgramResult> RunAsync(
        ProcessStartInfo program, TimeSpan timeout, bool killWithDescendants, CancellationToken ct)
    {
        program.UseShellExecute = false;
        program.CreateNoWindow = true;
        program.RedirectStandardInput = true;
        program.RedirectStandardOutput = true;
        program.RedirectStandardError = true;

        using var process = new Process { StartInfo = program };
        try
        {
            _ = process.Start();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or IOException)
        {
            throw new ExternalProgramException($"Failed to run '{program.FileName}': {e.Message}", e);
        }

        process.StandardInput.Close();
        // The readers are not cancelled with the caller: the output up to the end belongs in the error message.
        var output = Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            Kill(process, killWithDescendants);
            ct.ThrowIfCancellationRequested();
            throw new ExternalProgramException($"'{program.FileName}' did not end within {timeout.TotalSeconds:0} s.");
        }

        // A grandchild may keep the streams open for as long as it lives (on Windows the postmaster does).
        _ = await Task.WhenAny(output, Task.Delay(OutputGrace, CancellationToken.None));
        return new ProgramResult(process.ExitCode, output.IsCompletedSuccessfully ? string.Concat(await output).Trim() : "");
    }

    /// <summary>The full path of a program on PATH or in the system folders.</summary>
    public static string? FindOrNull(string name, IEnumerable<string>? folders = null)
    {
        var names = OperatingSystem.IsWindows() ? new[] { name + ".exe", name + ".cmd" } : [name];
        return (folders ?? FoldersOnPath().Concat(OperatingSystem.IsWindows() ? [] : SystemPlaces))
            .SelectMany(folder => names.Select(each => Path.Combine(folder, each)))
            .FirstOrDefault(File.Exists);
    }

    public static IEnumerable<string> FoldersOnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Where(Path.IsPathFullyQualified);

    private static void Kill(Process process, bool withDescendants)
    {
        try
        {
            process.Kill(withDescendants);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself in the meantime.
        }
    }
}
