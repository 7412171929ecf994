using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>
/// A copy of PostgreSQL's programs where the unprivileged account can run them. Only root needs one, and only for programs in a folder
/// closed to others; PostgreSQL finds its libraries and its share folder relative to the program, so the three are copied together.
/// </summary>
internal sealed class ReachableCopy(string cacheFolder, ServerAccount account, ILogger logger)
{
    private static readonly string[] Parts = ["bin", "lib", "lib64", "share"];

    public async Task<PostgresBinaries> MakeAsync(PostgresBinaries binaries, CancellationToken ct)
    {
        var program = new FileInfo(Path.Combine(binaries.Folder, "postgres"));
        var identity = string.Create(CultureInfo.InvariantCulture, $"{program.FullName} {program.Length} {program.LastWriteTimeUtc.Ticks}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(identity)))[..12];
        var kept = Path.Combine(cacheFolder, $"postgres-copy-{binaries.Version}-{hash}");
        var bin = Path.Combine(kept, "bin");
        if (await PostgresBinaries.InspectOrNullAsync(bin, account, ct) is { } known)
            return known;

        var prefix = Path.GetDirectoryName(binaries.Folder);
        if (prefix is not null && Path.GetFileName(binaries.Folder) == "bin")
        {
            Folders.Make(cacheFolder, Folders.ReadableByAll);
            using var alone = await FolderLock.TakeAloneAsync(Path.Combine(cacheFolder, "copy.lock"), ct);
            logger.LogInformation("Copying PostgreSQL from {From} to {To}, where {Account} can run it", prefix, kept, account.Name);
            if (Directory.Exists(kept))
                Directory.Delete(kept, recursive: true);
            foreach (var part in Parts.Where(part => Directory.Exists(Path.Combine(prefix, part))))
                Copy(Path.Combine(prefix, part), Path.Combine(kept, part), ct);
            if (await PostgresBinaries.InspectOrNullAsync(bin, account, ct) is { } made)
                return made;
        }

        throw new EmbeddedPostgresException(
            $"The account '{account.Name}' cannot run PostgreSQL in '{binaries.Folder}', and PostgreSQL does not run as root. "
            + "Install it where all users can run it, or start the service as another user than root.");
    }

    private static void Copy(string from, string to, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Folders.Make(to, Folders.ReadableByAll);
        foreach (var entry in new DirectoryInfo(from).EnumerateFileSystemInfos())
        {
            var target = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } link && !Path.IsPathFullyQualified(link))
            {
                _ = File.CreateSymbolicLink(target, link);
            }
            else if (entry is DirectoryInfo)
            {
                Copy(entry.FullName, target, ct);
            }
            else
            {
                File.Copy(entry.FullName, target);
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(target, entry.UnixFileMode | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            }
        }
    }
}
