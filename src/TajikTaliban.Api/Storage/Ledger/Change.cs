using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>A record at two positions; a document is null where the record was not there.</summary>
public sealed record RecordDifference(string Table, string Id, int VersionBefore, int VersionAfter, byte[]? Before, byte[]? After)
{
    /// <summary>Whether the content of each was removed.</summary>
    public (bool Before, bool After) IsRedacted { get; init; }
}

/// <summary>A change of a record.</summary>
/// <param name="Position">Its position in the order of commits.</param>
/// <param name="Table">The table of the record.</param>
/// <param name="Id">The record.</param>
/// <param name="Version">The version that the change made; a deletion makes one too.</param>
/// <param name="Operation"><c>created</c>, <c>updated</c>, <c>deleted</c>, <c>merged</c>; <c>redacted</c> where the content of the version
/// was removed, which makes none.</param>
/// <param name="Cause">A code of <c>change-causes</c>.</param>
/// <param name="Note">Why, in words.</param>
/// <param name="MergedInto">The record that this one was merged into.</param>
/// <param name="Key">The key that made the change; null for the service itself.</param>
/// <param name="CommittedAt">When it was committed.</param>
/// <param name="Document">The record as it became; null where it is gone.</param>
public sealed record Change(
    Position Position, string Table, string Id, int Version, string Operation, string? Cause, string? Note, string? MergedInto,
    KeyName? Key, DateTime CommittedAt, byte[]? Document)
{
    /// <summary>The operation that removes the content of a version.</summary>
    public const string Redaction = "redacted";

    /// <summary>Whether the content of the version was removed: it has no note, and no document where it had one.</summary>
    public bool IsRedacted { get; init; }

    /// <summary>Whether the version had a record that was removed. A deletion had none: it is one still.</summary>
    public bool LacksRecord => IsRedacted && Operation is not ("deleted" or "merged");

    /// <summary>The document of the version before; null if there is none, or if it was not read.</summary>
    public byte[]? Before { get; init; }
}
