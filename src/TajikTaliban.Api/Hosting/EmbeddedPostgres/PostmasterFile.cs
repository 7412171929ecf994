using System.Diagnostics;
using System.Globalization;

namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>
/// The content of <c>postmaster.pid</c>: the process that serves a data folder, its port and its status.
/// </summary>
internal sealed record PostmasterFile(string Path, int ProcessId, string Started, int Port, string Status)
{
    private const string FileName = "postmaster.pid";

    public bool IsReady => Status is "ready" or "standby";

    public bool IsSameServerAs(PostmasterFile? other) => other is not null && (ProcessId, Started) == (other.ProcessId, other.Started);

    public static PostmasterFile? ReadOrNull(string dataFolder) => ReadFileOrNull(System.IO.Path.Combine(dataFolder, FileName));

    /// <summary>
    /// Whether the process is there and is a postmaster of this folder: a number is soon used again, in containers above all.
    /// </summary>
    public bool IsServing()
    {
        if (!IsRunning())
            return false;

        // The postmaster's working folder is its data folder. If it may not be looked into, the name has to do.
        var working = $"/proc/{ProcessId}/cwd";
        return !OperatingSystem.IsLinux()
            || new FileInfo(working).LinkTarget is null
            || IsSameServerAs(ReadFileOrNull($"{working}/{FileName}"));
    }

    /// <summary>Whether a PostgreSQL process of this number is there, up to its very end.</summary>
    public bool IsRunning() => NameOrNull(ProcessId)?.Contains("postgres", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>
    /// Whether PostgreSQL would wrongly treat the file as that of a running server: the process id belongs to another program now, or to
    /// a zombie (in a container whose first process does not reap).
    /// </summary>
    public bool IsMisleading() =>
        !IsServing() && (OperatingSystem.IsLinux() ? Directory.Exists($"/proc/{ProcessId}") : NameOrNull(ProcessId) is not null);

    private static PostmasterFile? ReadFileOrNull(string path)
    {
        string[] lines;
        try
        {
            // PostgreSQL rewrites the file while it is read here, so nothing may be locked.
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            lines = reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }

        // 1 process, 2 data folder, 3 start time, 4 port, 5 socket folder, 6 address, 7 shared memory, 8 status
        return int.TryParse(lines[0], CultureInfo.InvariantCulture, out var processId) && processId > 0
            ? new PostmasterFile(
                path,
                processId,
                lines.ElementAtOrDefault(2) ?? "",
                int.TryParse(lines.ElementAtOrDefault(3), CultureInfo.InvariantCulture, out var port) ? port : 0,
                lines.ElementAtOrDefault(7) ?? "")
            : null;
    }

    private static string? NameOrNull(int processId)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                // "pid (name) state …"; a zombie has ended and only waits for its parent to notice.
                var stat = File.ReadAllText($"/proc/{processId}/stat");
                var end = stat.LastIndexOf(')');
                var hasEnded = stat[end..].ElementAtOrDefault(2) is 'Z' or 'X';
                return hasEnded ? null : stat[(stat.IndexOf('(', StringComparison.Ordinal) + 1)..end];
            }

            using var process = Process.GetProcessById(processId);
            return process.HasExited ? null : process.ProcessName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
