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
public sealed record Written(WriteOutcome Outcome, string Id, int Version, byte[] Json);

/// <summary>A deletion; refused, and not made, if there are records that refer to the record.</summary>
/// <param name="Id">The id of the record.</param>
/// <param name="Version">The version that the deletion makes.</param>
/// <param name="Referrers">Records that refer to the record, 20 at most, and their number.</param>
public sealed record Deletion(string Id, int Version, FoundReferrers Referrers)
{
    private const int Named = 3;

    public bool IsRefused => Referrers.Total > 0;

    /// <summary>The reason of a refusal in words.</summary>
    public string Refusal => Referrers.Total == 1
        ? $"1 record still refers to '{Id}': {Referrers.First[0].Id}."
        : $"{Referrers.Total} records still refer to '{Id}': "
            + $"{string.Join(", ", Referrers.First.Select(r => r.Id).Take(Named))}{(Referrers.Total > Named ? ", …" : "")}.";
}

/// <summary>The record that a write is for.</summary>
/// <param name="Id">Its id; as a request names it, it may be an identifier.</param>
/// <param name="Condition">The precondition.</param>
/// <param name="Parent">The id of the parent, for a part of one; null if the path does not name the parent.</param>
public sealed record RecordTarget(string Id, WriteCondition Condition, string? Parent = null)
{
    /// <summary>The identifier that the request names the record by; null if it names it by its id.</summary>
    public string? Identifier { get; init; }
}

/// <summary>Records of one kind that another relates to each other.</summary>
/// <param name="Target">Their kind.</param>
/// <param name="Ids">Their ids.</param>
public sealed record Related(ReferenceTarget Target, IReadOnlyCollection<string> Ids);

/// <summary>References that change from one record to another of the same kind.</summary>
public sealed record ReferenceMove(ReferenceTarget Target, string From, string To);
