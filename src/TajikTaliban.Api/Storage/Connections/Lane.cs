namespace TajikTaliban.Api.Storage.Connections;

/// <summary>A kind of work that has connections of its own, so that one kind cannot use up those of another.</summary>
public enum Lane
{
    /// <summary>Look-ups and pages of lists.</summary>
    Reads,

    /// <summary>Transactions that write.</summary>
    Writes,

    /// <summary>Reads whose time grows with the table: words, counts, facets, availability.</summary>
    Heavy,

    /// <summary>The feed, the snapshot, exports and webhooks.</summary>
    Feed,

    /// <summary>Readiness, and the end of the ledger.</summary>
    Health,
}
