namespace TajikTaliban.Api.Hosting.EmbeddedPostgres;

/// <summary>
/// A file lock that the system releases when its process ends in any way. It is held between processes and between two
/// holders in one process alike.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(20);

    private readonly FileStream _stream;

    private FolderLock(FileStream stream) => _stream = stream;

    public static FolderLock? TryTakeAlone(string path) => TryOpen(path, FileAccess.ReadWrite, FileShare.None);

    public static async Task<FolderLock> TakeAloneAsync(string path, CancellationToken ct)
    {
        while (true)
        {
            if (TryTakeAlone(path) is { } taken)
                return taken;
            await Task.Delay(Step, ct);
        }
    }

    public static async Task<FolderLock> TakeSharedAsync(string path, CancellationToken ct)
    {
        while (true)
        {
            if (TryOpen(path, FileAccess.Read, FileShare.Read) is { } taken)
                return taken;
            await Task.Delay(Step, ct);
        }
    }

    public static EmbeddedPostgresException BelongsToAnother(string folder, Exception? cause = null) =>
        new($"'{folder}' belongs to another user. Use separate folders for each user (Embedded__DataFolder, Embedded__CacheFolder).",
            cause);

    public void Dispose() => _stream.Dispose();

    private static FolderLock? TryOpen(string path, FileAccess access, FileShare share)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = access, Share = share, BufferSize = 0 };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new FolderLock(new FileStream(path, options));
        }
        catch (UnauthorizedAccessException e)
        {
            throw BelongsToAnother(Path.GetDirectoryName(path)!, e);
        }
        catch (IOException e) when (IsHeldByAnother(e))
        {
            return null;
        }
    }

    // EAGAIN on Linux, on macOS; sharing and lock violation on Windows. Anything else (a full disk, say) does not pass by waiting.
    private static bool IsHeldByAnother(IOException e) => e.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);
}
