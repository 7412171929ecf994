using System.Text.Json.Serialization;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>A page of a list, and what it is a page of.</summary>
public sealed record ListResponse<T>
{
    /// <summary>The records of this page, in order.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>The address of the next page; null when nothing follows. Also in the `Link` header.</summary>
    public required string? Next { get; init; }

    /// <summary>True when nothing follows this page: with the pages before it, this is all that the query matches.</summary>
    public required bool Complete { get; init; }

    /// <summary>The query as it was understood, dates and identifiers resolved.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Query { get; init; }

    /// <summary>How many records match, when `count` asks for it.</summary>
    public required ListCount? Count { get; init; }

    /// <summary>How many records have which value, by the fields that `facets` asks for; the 100 most frequent values each.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<FacetValue>>? Facets { get; init; }

    /// <summary>Why there are no items; null when there are.</summary>
    public required EmptyReason? Empty { get; init; }

    /// <summary>The records that `expand` asks for.</summary>
    public required ExpandedRecords? Expanded { get; init; }

    /// <summary>A position in the ledger that this page reads at least (with `asOf`, exactly): a copy made from it goes on with
    /// `/v1/changes?after=`. Also in the `Position` header.</summary>
    public required string Position { get; init; }
}

/// <summary>How many records match, not only those of this page.</summary>
/// <param name="Value">The number.</param>
/// <param name="Kind">`exact`: counted; `estimated`: the planner's estimate, cheap at any size.</param>
public sealed record ListCount(long Value, string Kind);

/// <summary>A value and how many of the matching records have it.</summary>
/// <param name="Value">The value, as a filter takes it.</param>
/// <param name="Count">The number of records.</param>
public sealed record FacetValue(string Value, long Count);

/// <summary>Why a list is empty.</summary>
/// <param name="Reason">`not-covered`: nothing of the kind is held at all; `not-reported`: it is held, but nothing for that time;
/// `filtered-out`: each filter matches something, all together nothing.</param>
/// <param name="Detail">The same in a sentence, with the filter that is to blame.</param>
/// <param name="Coverage">What is held, so that the next question can be a better one.</param>
public sealed record EmptyReason(string Reason, string Detail, Coverage Coverage);

/// <summary>What is held.</summary>
/// <param name="Records">How many records there are (of the resource, or of those that match without the dates).</param>
/// <param name="Earliest">The first day that any of them is known to begin; null where they have no dates.</param>
/// <param name="Latest">The last day that any of them is known to reach; null where they have no dates.</param>
public sealed record Coverage(long Records, DateOnly? Earliest, DateOnly? Latest);

/// <summary>Records that others refer to, once each, by id. It has a member for each resource that `expand` names.</summary>
public sealed record ExpandedRecords
{
    /// <summary>Actors by id, as `/v1/actors/{id}` gives them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, object>? Actors { get; init; }

    /// <summary>Sources by id, as `/v1/sources/{id}` gives them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, object>? Sources { get; init; }

    /// <summary>Indicators by id, as `/v1/indicators/{id}` gives them.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, object>? Indicators { get; init; }
}
