using System.Security.Cryptography;
using System.Text;

namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>The folders of the service for a user, and fallbacks if the account of PostgreSQL cannot access them.</summary>
internal static class Folders
{
    private const string Name = "tajik-taliban-api";

    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public const UnixFileMode ReadableByAll = OwnerOnly
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    public static Task<string> DataAsync(string? wanted, ServerAccount account, CancellationToken ct) =>
        ReachableAsync(wanted ?? PerUser("XDG_DATA_HOME", ".local/share", "Library/Application Support"), "/var/lib", account, ct);

    public static Task<string> CacheAsync(string? wanted, ServerAccount account, CancellationToken ct) =>
        ReachableAsync(wanted ?? PerUser("XDG_CACHE_HOME", ".cache", "Library/Caches"), "/var/cache", account, ct);

    /// <summary>Makes the folder and those above it; created folders are traversable by others, independent of the umask.</summary>
    public static void Make(string folder, UnixFileMode mode)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                _ = Directory.CreateDirectory(folder);
                return;
            }

            if (Directory.Exists(folder))
                return;
            var parent = Path.GetDirectoryName(folder);
            if (parent is not null)
                Make(parent, ReadableByAll);
            _ = Directory.CreateDirectory(folder, mode);
            File.SetUnixFileMode(folder, mode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException(
                $"Failed to create the folder '{folder}': {e.Message} Set Embedded__DataFolder and Embedded__CacheFolder to other folders.",
                e);
        }
    }

    /// <summary>Writes a file that only its owner can read.</summary>
    public static async Task WriteForOwnerAsync(string path, string text, CancellationToken ct)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(text.AsMemory(), ct);
    }

    /// <summary>
    /// The folder itself or, if the account cannot get to it (root's home is usually closed to others), one under
    /// <paramref name="substitute"/> that belongs to it alone.
    /// </summary>
    private static async Task<string> ReachableAsync(string wanted, string substitute, ServerAccount account, CancellationToken ct)
    {
        wanted = Path.TrimEndingDirectorySeparator(Path.GetFullPath(wanted));
        var parent = Path.GetDirectoryName(wanted);
        while (parent is not null && !Directory.Exists(parent))
            parent = Path.GetDirectoryName(parent);
        if (parent is null || await account.CanEnterAsync(parent, ct))
            return wanted;

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(wanted)))[..12];
        return Path.Combine(substitute, Name, hash);
    }

    private static string PerUser(string variable, string linux, string mac)
    {
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData), Name);

        var told = Environment.GetEnvironmentVariable(variable);
        if (!string.IsNullOrEmpty(told) && Path.IsPathFullyQualified(told))
            return Path.Combine(told, Name);

        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (string.IsNullOrEmpty(home))
            throw new EmbeddedPostgresException("This user has no home folder. Set Embedded__DataFolder and Embedded__CacheFolder.");
        return Path.Combine(home, OperatingSystem.IsMacOS() ? mac : linux, Name);
    }
}
