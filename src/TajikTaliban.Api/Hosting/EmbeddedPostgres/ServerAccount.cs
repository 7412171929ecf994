using System.Diagnostics;

namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>
/// The account that PostgreSQL runs as: the account of the service or, because PostgreSQL does not run as root, an existing unprivileged
/// account.
/// </summary>
internal sealed class ServerAccount
{
    private static readonly string[] Unprivileged = ["postgres", "_postgres", "nobody"];
    private static readonly TimeSpan Briefly = TimeSpan.FromSeconds(20);

    // The server needs none of the service's settings and secrets, and PG* or LC_* of the caller must not change how it behaves.
    private static readonly string[] PassedOn =
    [
        "PATH", "HOME", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH",
        "SystemRoot", "SystemDrive", "TEMP", "TMP", "USERPROFILE", "APPDATA", "ComSpec",
    ];

    private readonly string? _name;

    private ServerAccount(string? name) => _name = name;

    /// <summary>The other account's name; null when PostgreSQL runs as the service itself does.</summary>
    public string? Name => _name;

    public bool IsAnother => _name is not null;

    /// <summary>The service's own account, with all its rights.</summary>
    public static ServerAccount Own { get; } = new(null);

    public static async Task<ServerAccount> ChooseAsync(CancellationToken ct)
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return Own;

        var reasons = new List<string>();
        foreach (var name in Unprivileged)
        {
            var account = new ServerAccount(name);
            try
            {
                var result = await account.ShellAsync("exit 0", [], ct);
                if (result.ExitCode == 0)
                    return account;
                reasons.Add($"{name}: {result.Output}");
            }
            catch (ExternalProgramException e)
            {
                reasons.Add($"{name}: {e.InnerException?.Message ?? e.Message}");
            }
        }

        throw new EmbeddedPostgresException(
            "PostgreSQL does not run as root, and no other account is usable. Start the service as another user than root, "
            + $"or set ConnectionStrings__Database. Tried: {string.Join("; ", reasons)}");
    }

    public Task<ProgramResult> RunAsync(string program, IEnumerable<string> arguments, TimeSpan timeout, CancellationToken ct) =>
        ExternalProgram.RunAsync(Prepare(program, arguments, workingFolder: null), timeout, killWithDescendants: true, ct);

    /// <summary>Runs a PostgreSQL program with the data folder in PGDATA: pg_ctl would pass an argument on through a shell.</summary>
    public Task<ProgramResult> RunOnClusterAsync(
        string program, IEnumerable<string> arguments, string clusterFolder, string dataFolder, TimeSpan timeout, CancellationToken ct)
    {
        var start = Prepare(program, arguments, clusterFolder);
        start.Environment["PGDATA"] = dataFolder;
        // The postmaster is pg_ctl's child and is meant to outlive it; what initdb starts is not.
        var killWithDescendants = Path.GetFileNameWithoutExtension(program) != "pg_ctl";
        return ExternalProgram.RunAsync(start, timeout, killWithDescendants, ct);
    }

    /// <summary>Whether the account can go through <paramref name="path"/>; asked of the system, since modes alone do not tell.</summary>
    public async Task<bool> CanEnterAsync(string path, CancellationToken ct) =>
        !IsAnother || (await ShellAsync("test -x \"$1\"", [path], ct)).ExitCode == 0;

    /// <summary>Whether the account owns <paramref name="path"/>.</summary>
    public async Task<bool> OwnsAsync(string path, CancellationToken ct) => (await ShellAsync("test -O \"$1\"", [path], ct)).ExitCode == 0;

    /// <summary>Makes the account the owner of <paramref name="path"/>.</summary>
    public async Task TakeOverAsync(string path, bool withAllBelow, CancellationToken ct)
    {
        if (!IsAnother || await OwnsAsync(path, ct))
            return;
        var chown = ExternalProgram.FindOrNull("chown") ?? throw new EmbeddedPostgresException("The program 'chown' was not found.");
        string[] how = withAllBelow ? ["-R", "-h"] : ["-h"];
        var result = await Own.RunAsync(chown, [.. how, _name!, path], TimeSpan.FromMinutes(5), ct);
        if (result.ExitCode != 0)
            throw new EmbeddedPostgresException($"Failed to change the owner of '{path}' to '{_name}': {result.Output}");
    }

    private Task<ProgramResult> ShellAsync(string command, IEnumerable<string> arguments, CancellationToken ct) =>
        RunAsync("/bin/sh", ["-c", command, "sh", .. arguments], Briefly, ct);

    private ProcessStartInfo Prepare(string program, IEnumerable<string> arguments, string? workingFolder)
    {
        // The service's own working folder may be one that the account must not enter.
        var root = OperatingSystem.IsWindows() ? Path.GetPathRoot(Environment.SystemDirectory)! : "/";
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = workingFolder ?? root };
        if (_name is not null)
            start.UserName = _name;

        foreach (var variable in start.Environment.Keys.Except(PassedOn, StringComparer.OrdinalIgnoreCase).ToList())
            _ = start.Environment.Remove(variable);
        start.Environment["LC_ALL"] = "C";
        return start;
    }
}
