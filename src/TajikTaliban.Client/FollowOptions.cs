namespace TajikTaliban.Client;

/// <summary>Where a follower starts that has no stored position.</summary>
public enum FollowStart
{
    /// <summary>With a snapshot of all records, for a copy.</summary>
    Snapshot,

    /// <summary>With the first change of the ledger.</summary>
    Beginning,

    /// <summary>With the next change.</summary>
    Now,
}

/// <summary>What a follower reads, and how.</summary>
public sealed class FollowOptions
{
    /// <summary>Resources to follow (default: all). With other resources than before, start with an empty store.</summary>
    public IReadOnlyList<ResourceName> Resources { get; set; } = [];

    /// <summary>Where to start without a stored position (default: with a snapshot).</summary>
    public FollowStart Start { get; set; } = FollowStart.Snapshot;

    /// <summary>
    /// Whether to take a new snapshot (the default) if the service cannot continue from the stored position (410): the database was
    /// restored from a backup that is older, or the changes are in an archive. If false, the <see cref="ProblemException"/> is thrown, for
    /// copies that keep old versions.
    /// </summary>
    public bool SnapshotWhenGone { get; set; } = true;

    /// <summary>Whether to return when all changes up to now were applied (default: follow until cancelled).</summary>
    public bool StopAtEnd { get; set; }

    /// <summary>How long a request waits for a change, from 1 to 60 seconds (default: 30); less than the timeout of the
    /// HttpClient.</summary>
    public int WaitSeconds { get; set; } = 30;

    /// <summary>Changes per request, from 1 to 1000 (default: 1000).</summary>
    public int PageSize { get; set; } = 1000;

    /// <summary>Called before the follower tries again: when the service did not respond, with the time that it waits, or when the
    /// stored position is gone. For logs.</summary>
    public Action<Exception, TimeSpan>? Retrying { get; set; }
}
