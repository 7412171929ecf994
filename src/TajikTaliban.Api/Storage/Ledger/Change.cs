using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>A record at two positions; a document is null where the record was not there.</summary>
public sealed record RecordDifference(string Table, string Id, int VersionBefore, int VersionAfter, byte[]? Before, byte[]? After);

/// <summary>A change of a record.</summary>
/// <param name="Position">Its position in the order of commits.</param>
/// <param name="Table">The table of the record.</param>
/// <param name="Id">The record.</param>
/// <param name="Version">The version that the change made; a deletion makes one too.</param>
/// <param name="Operation"><c>created</c>, <c>updated</c>, <c>deleted</c> or <c>merged</c>.</param>
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
    /// <summary>The document of the version before; null if there is none, or if it was not read.</summary>
    public byte[]? Before { get; init; }
}
