using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>
/// One PostgreSQL cluster on disk (<c>data</c>, the password and the log side by side) and the ways to make, start and stop it.
/// Callers hold the gate of the data folder, so no method runs concurrently.
/// </summary>
internal sealed class Cluster(string folder, PostgresBinaries binaries, ServerAccount account, ILogger logger)
{
    public const string User = "tajik_taliban";

    private const string FolderPrefix = "postgres-";
    private const string LogFile = "server.log";
    private const string PasswordFile = "password";
    private const int Attempts = 40;
    private const long LogLimit = 10 * 1024 * 1024;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan InitLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan FastStopLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ImmediateStopLimit = TimeSpan.FromSeconds(10);

    // Text is ordered by code point, which is the same on every machine; what a letter is, and its upper case, is Unicode's. (With C for
    // both, pg_trgm and lower() would know ASCII letters only, and find neither Cyrillic nor Arabic names.)
    private static readonly string[] CharacterTypes = ["C.UTF-8", "C.utf8", "en_US.UTF-8", "UTF-8", "C"];

    private string Data => Path.Combine(folder, "data");

    private string Log => Path.Combine(folder, LogFile);

    private string Where => Path.Combine(folder, "started-on");

    // Containers that share a folder share its locks, but do not see each other's processes.
    private static string Here =>
        $"{Environment.MachineName} {(OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget : "")}".Trim();

    /// <summary>Whether the cluster was last started where this process cannot see whether it still runs.</summary>
    public bool WasStartedElsewhere => File.Exists(Where) && File.ReadAllText(Where) != Here;

    public string Password => File.ReadAllText(Path.Combine(folder, PasswordFile)).Trim();

    /// <summary>The major versions that have a finished cluster in the data folder, newest first.</summary>
    public static IReadOnlyList<int> MajorsIn(string dataFolder) =>
    [
        .. Directory.EnumerateDirectories(dataFolder, FolderPrefix + "*")
            .Where(IsFinished)
            .Select(folder => Path.GetFileName(folder)[FolderPrefix.Length..])
            .Where(major => major.All(char.IsAsciiDigit))
            .Select(major => int.Parse(major, CultureInfo.InvariantCulture))
            .OrderDescending(),
    ];

    /// <summary>The data folder's cluster for these binaries, made now if there is none.</summary>
    public static async Task<Cluster> OpenAsync(
        string dataFolder, PostgresBinaries binaries, bool durable, ServerAccount account, ILogger logger, CancellationToken ct)
    {
        var folder = Path.Combine(dataFolder, FolderPrefix + binaries.Major.ToString(CultureInfo.InvariantCulture));
        var cluster = new Cluster(folder, binaries, account, logger);
        if (IsFinished(folder))
        {
            await account.TakeOverAsync(folder, withAllBelow: true, ct);
            return cluster;
        }

        foreach (var leftover in Directory.EnumerateDirectories(dataFolder, "*.partial"))
            TryDelete(leftover);
        if (Directory.Exists(folder))
        {
            // Do not delete it: it may contain data.
            var aside = $"{folder}.unusable-{Path.GetRandomFileName()}";
            logger.LogWarning("{Folder} is not a complete cluster; moved it to {Aside} and creating a new one", folder, aside);
            Directory.Move(folder, aside);
        }

        // Made elsewhere and renamed when done: a start that dies half-way leaves nothing that looks like a cluster.
        var partial = Path.Combine(dataFolder, $"{Path.GetRandomFileName()}.partial");
        try
        {
            await new Cluster(partial, binaries, account, logger).InitialiseAsync(durable, ct);
            Directory.Move(partial, folder);
            return cluster;
        }
        catch
        {
            TryDelete(partial);
            throw;
        }
    }

    /// <summary>The running postmaster of this cluster, if there is one; one that is just starting or stopping is waited for.</summary>
    public async Task<PostmasterFile?> FindRunningOrNullAsync(CancellationToken ct)
    {
        var patience = new Patience(logger, folder);
        while (PostmasterFile.ReadOrNull(Data) is { } file && file.IsServing())
        {
            if (file.IsReady)
                return file;
            patience.Note(file.Status);
            await Task.Delay(Step, ct);
        }

        return null;
    }

    public async Task<PostmasterFile> StartAsync(IReadOnlyDictionary<string, string> settings, CancellationToken ct)
    {
        if (File.Exists(Log) && new FileInfo(Log).Length > LogLimit)
            File.Move(Log, Log + ".1", overwrite: true);

        await Folders.WriteForOwnerAsync(Where, Here, ct);

        var portWasTaken = false;
        for (var attempt = 1; ; attempt++)
        {
            ct.ThrowIfCancellationRequested();
            await ClusterSettings.WriteAsync(Data, settings, reuseLastPort: !portWasTaken, ct);
            await account.TakeOverAsync(Path.Combine(Data, ClusterSettings.FileName), withAllBelow: false, ct);
            var (started, problem) = await TryStartAsync(ct);
            if (started is not null)
                return started;

            // Another process took the port, or the last processes of a killed server are still ending.
            portWasTaken = problem.Contains("could not bind", StringComparison.Ordinal);
            if ((!portWasTaken && !problem.Contains("shared memory block", StringComparison.Ordinal)) || attempt == Attempts)
            {
                throw new EmbeddedPostgresException(
                    $"PostgreSQL {binaries.Version} did not start in '{folder}':{Environment.NewLine}{problem}");
            }

            logger.LogDebug("PostgreSQL did not start (attempt {Attempt}); retrying: {Problem}", attempt, problem);
            await Task.Delay(Step * 10, ct);
        }
    }

    /// <summary>Stops the cluster if it runs, and returns once its process has ended.</summary>
    public async Task StopAsync()
    {
        if (PostmasterFile.ReadOrNull(Data) is not { } file || !file.IsServing())
            return;
        if (await StopAsync(file, "fast", FastStopLimit))
            return;
        logger.LogWarning("PostgreSQL did not stop in time; stopping it without a checkpoint (it recovers at the next start)");
        if (!await StopAsync(file, "immediate", ImmediateStopLimit))
            logger.LogError("Failed to stop PostgreSQL (process {ProcessId})", file.ProcessId);
    }

    private async Task<bool> StopAsync(PostmasterFile file, string mode, TimeSpan limit)
    {
        try
        {
            _ = await account.RunOnClusterAsync(
                binaries.PgCtl, ["stop", "-s", "-W", "-m", mode], folder, Data, TimeSpan.FromSeconds(20), CancellationToken.None);
        }
        catch (ExternalProgramException e)
        {
            logger.LogDebug(e, "pg_ctl stop failed");
        }

        for (var steps = limit / Step; steps > 0; steps--)
        {
            if (!file.IsRunning())
                return true;
            await Task.Delay(Step, CancellationToken.None);
        }

        return false;
    }

    private async Task InitialiseAsync(bool durable, CancellationToken ct)
    {
        Folders.Make(folder, Folders.OwnerOnly);
        var password = Path.Combine(folder, PasswordFile);
        await Folders.WriteForOwnerAsync(password, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)), ct);
        await account.TakeOverAsync(folder, withAllBelow: true, ct);

        var problem = "";
        foreach (var characters in CharacterTypes)
        {
            string[] arguments =
            [
                "--username", User, "--auth", "scram-sha-256", "--pwfile", password, "--encoding", "UTF8", "--locale", "C",
                "--lc-ctype", characters, "--text-search-config", "simple", "--data-checksums", .. durable ? (string[])[] : ["--no-sync"],
            ];
            var result = await account.RunOnClusterAsync(binaries.Initdb, arguments, folder, Data, InitLimit, ct);
            ct.ThrowIfCancellationRequested();
            if (result.ExitCode == 0)
            {
                await File.AppendAllTextAsync(
                    Path.Combine(Data, "postgresql.conf"),
                    $"\n# Rewritten at every start; overrides the settings above.\ninclude_if_exists '{ClusterSettings.FileName}'\n",
                    ct);
                return;
            }

            problem = result.Output;
            if (!problem.Contains("invalid locale", StringComparison.Ordinal))
                break;
        }

        throw new EmbeddedPostgresException(
            $"PostgreSQL {binaries.Version} ({binaries.Folder}) failed to create the data folder '{Data}':{Environment.NewLine}{problem}");
    }

    private async Task<(PostmasterFile? Started, string Problem)> TryStartAsync(CancellationToken ct)
    {
        var before = PostmasterFile.ReadOrNull(Data);
        // PostgreSQL sees by itself that a file's process is gone. Without the file it still recognises a server at work in the folder, by
        // the shared memory that goes with it, so removing a stale one is safe.
        if (before?.IsMisleading() == true)
            File.Delete(before.Path);
        var logged = File.Exists(Log) ? new FileInfo(Log).Length : 0;

        // pg_ctl puts the server in a session of its own, so that Ctrl-C reaches the service alone, which then stops the server in order.
        // It looks only ten times a second, so this does not wait for it, except to hear of a failure. It is not cancelled either: a
        // server must never be left behind half-started and unknown.
        var starting = account.RunOnClusterAsync(
            binaries.PgCtl,
            ["start", "-s", "-w", "-t", StartLimit.TotalSeconds.ToString(CultureInfo.InvariantCulture), "-l", LogFile],
            folder,
            Data,
            StartLimit * 2,
            CancellationToken.None);
        var patience = new Patience(logger, folder);
        while (true)
        {
            var ended = starting.IsCompleted;
            if (PostmasterFile.ReadOrNull(Data) is { } now && !now.IsSameServerAs(before))
            {
                if (now.IsReady)
                    return (now, "");
                ct.ThrowIfCancellationRequested();
                patience.Note(now.Status);
            }

            if (ended)
                return (null, await ProblemAsync(starting, logged));
            await Task.Delay(Step, CancellationToken.None);
        }
    }

    private async Task<string> ProblemAsync(Task<ProgramResult> starting, long loggedBefore)
    {
        try
        {
            var result = await starting;
            if (!File.Exists(Log))
                return result.Output;
            await using var log = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // The error is at the end of the output.
            log.Position = Math.Max(Math.Min(loggedBefore, log.Length), log.Length - 4096);
            using var reader = new StreamReader(log);
            return $"{result.Output}{Environment.NewLine}{await reader.ReadToEndAsync()}".Trim();
        }
        catch (ExternalProgramException e)
        {
            return e.Message;
        }
    }

    private static bool IsFinished(string folder) =>
        File.Exists(Path.Combine(folder, PasswordFile)) && File.Exists(Path.Combine(folder, "data", "global", "pg_control"));

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // An initdb whose service was killed may still be writing there; the next start will find it again.
        }
    }

    /// <summary>Logs once the reason of a long wait, such as the recovery after a crash.</summary>
    private sealed class Patience(ILogger logger, string folder)
    {
        private readonly long _since = Stopwatch.GetTimestamp();
        private bool _said;

        public void Note(string status)
        {
            if (_said || Stopwatch.GetElapsedTime(_since) < TimeSpan.FromSeconds(5))
                return;
            _said = true;
            logger.LogInformation("PostgreSQL in {Folder} is {Status}; waiting for it", folder, status);
        }
    }
}
