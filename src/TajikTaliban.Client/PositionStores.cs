using System.Text;

namespace TajikTaliban.Client;

/// <summary>
/// Where a follower keeps the position up to which it has applied all steps. It is read once, at the start, and written after each
/// change, each snapshot and each page. In a copy that is exactly-once, the callback commits <see cref="FollowStep.Position"/> together
/// with the change, and <see cref="ReadAsync"/> reads what was committed.
/// </summary>
public interface IPositionStore
{
    /// <summary>The stored position; null if there is none yet.</summary>
    Task<string?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Stores a position in place of the one before.</summary>
    Task WriteAsync(string position, CancellationToken cancellationToken);
}

/// <summary>A position in a file. It is replaced as a whole: a process that is killed leaves the old position or the new one.</summary>
/// <param name="path">The file, in a folder that exists. A second file with <c>.new</c> is beside it while it is replaced.</param>
public sealed class FilePositionStore(string path) : IPositionStore
{
    /// <inheritdoc/>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
            return null;
        var text = (await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false)).Trim();
        return text.Length > 0 ? text : throw new InvalidDataException($"{path} has no position.");
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string position, CancellationToken cancellationToken)
    {
        var next = path + ".new";
        var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None);
        await using (file.ConfigureAwait(false))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(position + "\n"), cancellationToken).ConfigureAwait(false);
            await file.FlushAsync(cancellationToken).ConfigureAwait(false);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }

        File.Move(next, path, overwrite: true);
    }
}
