using System.Text.Json.Serialization;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>A page of a list, with its query.</summary>
public sealed record ListResponse<T>
{
    /// <summary>The records of this page, in order.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>
    /// The address of the next page; null on the last page. Also in the `Link` header. A page that is followed by another may have fewer
    /// records than `limit`, or none, where looking for more would take too long.
    /// </summary>
    public required string? Next { get; init; }

    /// <summary>True on the last page.</summary>
    public required bool Complete { get; init; }

    /// <summary>The query as understood, with dates and identifiers resolved.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Query { get; init; }

    /// <summary>How each record of `items` matches `q`, in their order: `words` before `similar-spelling`. Null without `q`.</summary>
    [Values(ListMatch.Name, ListMatch.Text, ListMatch.Words, ListMatch.SimilarSpelling)]
    public required IReadOnlyList<string>? Matched { get; init; }

    /// <summary>Number of matching records, with `count`. Null also as of a position (`asOf`) where counting would take too long.</summary>
    public required ListCount? Count { get; init; }

    /// <summary>Number of matching records per value of each field in `facets`: the 100 most frequent values.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<FacetValue>>? Facets { get; init; }

    /// <summary>Whether the numbers in `facets` are counted or estimated; null without them, also as of a position where counting would
    /// take too long.</summary>
    [Values(ListCount.KindName, ListCount.KindText, ListCount.Exact, ListCount.Estimated)]
    public required string? FacetsKind { get; init; }

    /// <summary>Why the list is empty; null if it is not.</summary>
    public required EmptyReason? Empty { get; init; }

    /// <summary>Records that may also hold at the time that is asked for: the sources neither say nor exclude it. On the first page alone;
    /// null if there are none, or if `holds` includes them.</summary>
    public required MayAlsoHold? MayAlsoHold { get; init; }

    /// <summary>The records that `expand` names.</summary>
    public required ExpandedRecords? Expanded { get; init; }

    /// <summary>
    /// How many records of the resource the list leaves out because their content as of this position was removed (`/v1/redactions`).
    /// Only if there are any; also in the header `Redacted`, in every format.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Redacted { get; init; }

    /// <summary>Minimum ledger position that this page reflects (with `asOf`: its exact position). A copy continues with
    /// `/v1/changes?after=` it. Also in the `Position` header.</summary>
    public required string Position { get; init; }
}

/// <summary>Records that may also hold at the time that is asked for.</summary>
/// <param name="Href">The address of their list.</param>
/// <param name="Count">Their number, up to 1000; null if they were not counted, because 5000 records of the resource or more (with `q`:
/// 500) have times of which no source tells. Then there may be none.</param>
public sealed record MayAlsoHold(string Href, long? Count);

/// <summary>Number of matching records on all pages.</summary>
/// <param name="Value">The number.</param>
/// <param name="Kind">`exact` or `estimated`.</param>
public sealed record ListCount(
    long Value,
    [property: Values(ListCount.KindName, ListCount.KindText, ListCount.Exact, ListCount.Estimated)] string Kind)
{
    public const string Exact = "exact";
    public const string Estimated = "estimated";
    public const string KindName = "CountKind";
    public const string KindText =
        "`exact`: counted; `estimated`: from a sample or the statistics of the database, fast at any size. A request for `exact` gets "
        + "`estimated` where counting would take too long: with filters that very many records match.";
}

/// <summary>How a record matches `q`.</summary>
internal static class ListMatch
{
    public const string Words = "words";
    public const string SimilarSpelling = "similar-spelling";
    public const string Name = "SearchMatch";
    public const string Text = "`words`: the record has all words; `similar-spelling`: it has words of similar spelling instead of some.";
}

/// <summary>A value and the number of matching records with it.</summary>
/// <param name="Value">The value, as in a filter.</param>
/// <param name="Label">The label of a code, the name or title of a record; null for other values.</param>
/// <param name="Count">The number of records.</param>
public sealed record FacetValue(string Value, string? Label, long Count);

/// <summary>Why a list is empty.</summary>
/// <param name="Reason">`not-covered`: the service has no such records; `not-reported`: it has such records, but none for that time;
/// `filtered-out`: each filter matches records, but no record matches all of them.</param>
/// <param name="Detail">The reason in a sentence, with the responsible filter.</param>
/// <param name="Coverage">The records that are held, as a start for another query.</param>
public sealed record EmptyReason(
    [property: Values("EmptyReasonKind", "Why a list is empty.", "not-covered", "not-reported", "filtered-out")] string Reason,
    string Detail,
    Coverage Coverage);

/// <summary>The records that are held.</summary>
/// <param name="Records">Number of records (of the resource, or of those that match without dates); null where counting them as of a
/// position would take too long.</param>
/// <param name="Earliest">The first day of any record; null without dates.</param>
/// <param name="Latest">The last day of any record; null without dates.</param>
public sealed record Coverage(long? Records, DateOnly? Earliest, DateOnly? Latest);

/// <summary>Records that the items refer to, once each, by resource and id.</summary>
public sealed record ExpandedRecords;
