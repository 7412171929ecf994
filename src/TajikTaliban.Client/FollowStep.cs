using System.Text.Json;

namespace TajikTaliban.Client;

/// <summary>A step of a follower. First are <see cref="SnapshotStarted"/>, <see cref="SnapshotRecord"/>s and
/// <see cref="SnapshotCompleted"/>, then <see cref="ChangeReceived"/> without end.</summary>
/// <param name="Position">A place in the ledger. Each change has its own, which is the same whenever it is read: a change whose position
/// was applied before is the same change. All steps of a snapshot have the position of the snapshot.</param>
public abstract record FollowStep(string Position);

/// <summary>A snapshot begins: discard all records of an earlier or unfinished one.</summary>
/// <param name="Position">The position of the whole snapshot.</param>
public sealed record SnapshotStarted(string Position) : FollowStep(Position);

/// <summary>A record as of the position of the snapshot.</summary>
/// <param name="Position">The position of the whole snapshot.</param>
/// <param name="Resource">The name of the resource.</param>
/// <param name="Id">The id of the record.</param>
/// <param name="Version">Its version.</param>
/// <param name="Record">The record as JSON.</param>
public sealed record SnapshotRecord(string Position, string Resource, string Id, int Version, JsonElement Record) : FollowStep(Position)
{
    /// <summary>The record as its type.</summary>
    public TRecord As<TRecord>() where TRecord : class => Record.Deserialize<TRecord>(TajikTalibanClient.Json)!;
}

/// <summary>The snapshot is complete. The changes after its position come next.</summary>
/// <param name="Position">The position of the whole snapshot.</param>
public sealed record SnapshotCompleted(string Position) : FollowStep(Position);

/// <summary>A committed change.</summary>
/// <param name="Change">The change.</param>
public sealed record ChangeReceived(Change Change) : FollowStep(Change.Position)
{
    /// <summary>What the change does to a copy of current records.</summary>
    public CopyEffect Effect =>
        Change.Redacted || Change.Operation == ChangeOperation.Redacted ? CopyEffect.None
        : Change.Record is null ? CopyEffect.Remove : CopyEffect.Write;

    /// <summary>The resulting record as its type; null if the change has none.</summary>
    public TRecord? As<TRecord>() where TRecord : class => Change.Record?.Deserialize<TRecord>(TajikTalibanClient.Json);
}

/// <summary>What a change does to a copy of current records.</summary>
public enum CopyEffect
{
    /// <summary>Nothing: the content of an old version was removed because it may not be public. A copy that keeps old versions removes
    /// that version when the change has the operation <c>redacted</c>.</summary>
    None,

    /// <summary>The record is new or changed.</summary>
    Write,

    /// <summary>The record was deleted, or merged into another.</summary>
    Remove,
}
