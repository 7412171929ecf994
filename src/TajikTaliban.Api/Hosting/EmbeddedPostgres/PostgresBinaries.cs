using System.Text.RegularExpressions;

namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>One set of PostgreSQL programs, known to run on this machine.</summary>
internal sealed partial record PostgresBinaries(string Folder, string Version, int Major, int Minor)
{
    public const int OldestMajor = 15;
    public const int NewestTestedMajor = 18;

    private static readonly string[] Needed = ["postgres", "initdb", "pg_ctl"];

    /// <summary>False if only root can run them: PostgreSQL does not run as root.</summary>
    public bool RunForAccount { get; init; } = true;

    public string Initdb => ProgramIn(Folder, "initdb");

    public string PgCtl => ProgramIn(Folder, "pg_ctl");

    public static bool AreIn(string folder) => Needed.All(program => File.Exists(ProgramIn(folder, program)));

    /// <summary>
    /// Asks the programs themselves: a folder's name may lie, and a file may be there but not run (another libc, a missing library).
    /// </summary>
    public static async Task<PostgresBinaries?> InspectOrNullAsync(string folder, ServerAccount account, CancellationToken ct)
    {
        if (!AreIn(folder))
            return null;
        try
        {
            var result = await account.RunAsync(ProgramIn(folder, "postgres"), ["-V"], TimeSpan.FromSeconds(20), ct);
            var match = result.ExitCode == 0 ? VersionPattern().Match(result.Output) : Match.Empty;
            if (!match.Success)
                return null;
            var major = int.Parse(match.Groups["major"].ValueSpan, provider: null);
            var minor = match.Groups["minor"].Success ? int.Parse(match.Groups["minor"].ValueSpan, provider: null) : 0;
            return new PostgresBinaries(folder, match.Groups["version"].Value, major, minor);
        }
        catch (ExternalProgramException)
        {
            return null;
        }
    }

    private static string ProgramIn(string folder, string program) =>
        Path.Combine(folder, OperatingSystem.IsWindows() ? program + ".exe" : program);

    [GeneratedRegex(@"\(PostgreSQL\) (?<version>(?<major>\d+)(?:\.(?<minor>\d+))?[^\s]*)")]
    private static partial Regex VersionPattern();
}
