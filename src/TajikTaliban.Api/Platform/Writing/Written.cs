using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>The outcome of a write.</summary>
public enum WriteOutcome
{
    Created,
    Changed,

    /// <summary>The record was the same already and keeps its version.</summary>
    Unchanged,
    Deleted,

    /// <summary>The change was not made, by decision.</summary>
    Left,
}

/// <summary>A written record, as it is served.</summary>
public sealed record Written(WriteOutcome Outcome, string Id, int Version, DateTimeOffset RecordedAt, byte[] Json);

/// <summary>A deletion; refused, and not made, if there are records that refer to the record.</summary>
/// <param name="Version">The version that the deletion makes.</param>
/// <param name="Referrers">Records that refer to the record, 20 at most.</param>
public sealed record Deletion(int Version, IReadOnlyList<Referrer> Referrers)
{
    private const int Named = 3;

    public bool IsRefused => Referrers.Count > 0;

    /// <summary>The reason of a refusal in words.</summary>
    public string Refusal(string id) =>
        "Records still refer to "
        + $"'{id}': {string.Join(", ", Referrers.Select(r => r.Id).Take(Named))}{(Referrers.Count > Named ? ", …" : "")}.";
}

/// <summary>The record that a write is for.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Condition">The precondition.</param>
/// <param name="Parent">The id of the parent, for a part of one; null if the path does not name the parent.</param>
public sealed record RecordTarget(string Id, WriteCondition Condition, string? Parent = null);

/// <summary>References that change from one record to another of the same kind.</summary>
public sealed record ReferenceMove(ReferenceTarget Target, string From, string To);
