using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>The outcome of a write.</summary>
public enum WriteOutcome
{
    Created,
    Changed,

    /// <summary>The record was the same already; it keeps its version.</summary>
    Unchanged,
}

/// <summary>A written record, as it is served.</summary>
public sealed record Written(WriteOutcome Outcome, string Id, int Version, DateTimeOffset RecordedAt, byte[] Json);

/// <summary>The surroundings of a write.</summary>
/// <param name="Now">The instant of the write.</param>
/// <param name="Parent">The parent's id, for parts of one.</param>
/// <param name="Known">References that will exist when the transaction ends, though they may not yet.</param>
public sealed record WriteScope(DateTimeOffset Now, string? Parent = null, IReadOnlySet<(ReferenceTarget, string)>? Known = null);
