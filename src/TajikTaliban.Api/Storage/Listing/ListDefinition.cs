using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.Listing;

public enum FieldType
{
    Text,
    Date,
    Number,
    Instant,
}

/// <summary>Where records that lack the value of a sort key stand in the order of its column. In a list they always come last.</summary>
[Flags]
public enum MissingValue
{
    /// <summary>No record lacks it.</summary>
    Never = 0,

    /// <summary>Before all others: a bound that is open downwards is stored as -infinity.</summary>
    Lowest = 1,

    /// <summary>After all others: a bound that is open upwards, or unknown, is stored as infinity; a missing number sorts as NaN.</summary>
    Highest = 2,
}

/// <summary>A sort key of a list.</summary>
/// <param name="Name">As in <c>sort</c>.</param>
/// <param name="Column">The column of the record.</param>
/// <param name="Type">The type of the column.</param>
public sealed record SortKey(string Name, string Column, FieldType Type)
{
    public MissingValue Missing { get; init; }

    /// <summary>The text that a cursor has in place of a missing value that a direction would put first.</summary>
    public string MissingText(bool descending) => Type != FieldType.Date ? "NaN" : descending ? "9999-12-31" : "0001-01-01";

    /// <summary>Whether the order of the column would put records without a value before the others.</summary>
    public bool PutsMissingFirst(bool descending) => Missing.HasFlag(descending ? MissingValue.Highest : MissingValue.Lowest);
}

/// <summary>How the text of a filter is read; see <see cref="FilterDefinition"/>.</summary>
public enum FilterKind
{
    /// <summary>One or more codes of a list.</summary>
    Codes,

    /// <summary>One or more texts.</summary>
    Texts,

    /// <summary>One text, commas and all.</summary>
    Text,

    /// <summary>One or more actors, by id or <c>scheme:value</c>.</summary>
    Actors,

    /// <summary>One or more ids of records.</summary>
    Ids,

    /// <summary>One or more fields of the record.</summary>
    Fields,

    /// <summary>An EDTF date of which the first day counts.</summary>
    FirstDay,

    /// <summary>An EDTF date of which the last day counts.</summary>
    LastDay,

    /// <summary>A single day or partial date: its first and last day.</summary>
    Days,

    Number,

    Boolean,

    /// <summary>An RFC 3339 instant.</summary>
    Instant,

    /// <summary>west,south,east,north in WGS 84 degrees.</summary>
    Box,
}

/// <summary>States why no record can have a text, in the words of the rule for bodies; null where a record can.</summary>
/// <param name="text">The text.</param>
/// <param name="sent">The values of another filter in the same request; none where it was not sent.</param>
public delegate Fault? TextRule(string text, Func<string, IReadOnlyList<string>> sent);

/// <summary>A query parameter that narrows a list.</summary>
/// <param name="Name">As in the query string.</param>
/// <param name="Kind">How the text is read.</param>
/// <param name="Description">For the contract.</param>
/// <param name="ToPredicate">The predicate for a value of the type of <see cref="Kind"/>.</param>
public sealed record FilterDefinition(string Name, FilterKind Kind, string Description, Func<object, Predicate> ToPredicate)
{
    /// <summary>The codes that <see cref="FilterKind.Codes"/> takes.</summary>
    public CodeList? Codes { get; init; }

    /// <summary>The kind of record that the values name.</summary>
    public ReferenceTarget? Target { get; init; }

    /// <summary>Set when an index of the part's table has the order of the list: it can then drive the list.</summary>
    public PartMember? DrivingIndex { get; init; }

    /// <summary>
    /// True when the record's date must reach the days of the filter: records that begin before them are read from indexes of their own.
    /// </summary>
    public bool IsRangeStart { get; init; }

    /// <summary>True when a record must match all values; otherwise it must match any of them.</summary>
    public bool IsAllOf { get; init; }

    /// <summary>
    /// True when the filter describes a part together with others (a source and its certainty): the conditions of all such filters on a
    /// part hold for one and the same part.
    /// </summary>
    public bool SharesPart { get; init; }

    /// <summary>The part of the filter in the question for a time; null for other filters.</summary>
    public TimeRole? Time { get; init; }

    /// <summary>The rule that the texts have in a body.</summary>
    public TextRule? Rule { get; init; }

    /// <summary>Maximum number of characters of a <see cref="FilterKind.Text"/>, as in a body.</summary>
    public int? MaxLength { get; init; }

    /// <summary>The fields that <see cref="FilterKind.Fields"/> takes.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>Whether the parameter takes a list: repetition and commas mean the same.</summary>
    public bool IsList =>
        Kind is FilterKind.Codes or FilterKind.Texts or FilterKind.Actors or FilterKind.Ids or FilterKind.Fields or FilterKind.Box;
}

/// <summary>A column of a part's table, in all rows or in those of one role.</summary>
/// <param name="Part">The table. As a driving index it has an index of (this column, earliest, owner, role, latest).</param>
/// <param name="Column">The column.</param>
/// <param name="Role">The role; null for all rows.</param>
public sealed record PartMember(PartTable Part, string Column, string? Role = null)
{
    /// <summary>The predicates of the part's rows that have one of several values.</summary>
    public IReadOnlyList<Predicate> In(IReadOnlyList<string> values) =>
        Role is null ? [new TextIn(Column, values)] : [new TextIn(Column, values), new Compare("role", Comparison.Equal, Role)];
}

/// <summary>A field whose values are counted over the records of a list.</summary>
public abstract record FacetDefinition(string Name);

/// <summary>Counts the values of a column.</summary>
public sealed record ColumnFacet(string Name, string Column) : FacetDefinition(Name);

/// <summary>Counts the precisions of the dates of records.</summary>
public sealed record DatePrecisionFacet(string Name) : FacetDefinition(Name);

/// <summary>Counts the values in an array column.</summary>
public sealed record ArrayFacet(string Name, string Column) : FacetDefinition(Name);

/// <summary>Counts the values of two columns together; a record that has a value in both counts once.</summary>
public sealed record EitherFacet(string Name, string First, string Second) : FacetDefinition(Name);

/// <summary>
/// Counts the values of a column of a part's table; a record that has a value several times counts once. Parts that do not meet the
/// conditions on this part (<see cref="FilterDefinition.SharesPart"/>) are not counted.
/// </summary>
public sealed record PartFacet(string Name, PartTable Part, string Column) : FacetDefinition(Name)
{
    /// <summary>A value that is not counted.</summary>
    public string? Except { get; init; }
}

/// <summary>A field that holds ids of other records and can be expanded: the path to it, and the table it points to.</summary>
public sealed record ExpandDefinition(string Path, string Table);

/// <summary>
/// How the records of one resource are listed: the one description that the query parser, the SQL and the contract follow.
/// </summary>
public sealed class ListDefinition
{
    public required string Table { get; init; }

    public required IReadOnlyList<FilterDefinition> Filters { get; init; }

    /// <summary>Besides <c>id</c> and <c>recordedAt</c>, which every resource has.</summary>
    public required IReadOnlyList<SortKey> SortKeys { get; init; }

    public required string DefaultSort { get; init; }

    public IReadOnlyList<FacetDefinition> Facets { get; init; } = [];

    /// <summary>
    /// The values of this, beside the whole, have counts that are kept; the filter of the same name selects by one. Null: only the whole.
    /// </summary>
    public FacetDefinition? KeptBy { get; init; }

    public IReadOnlyList<ExpandDefinition> Expands { get; init; } = [];

    /// <summary>The tables of the records that <see cref="Expands"/> leads to.</summary>
    public IEnumerable<string> ExpandedTables => Expands.Select(e => e.Table).Distinct();

    /// <summary>What is known of the time of the records; null where they have none.</summary>
    public TimeModel? Time { get; init; }

    /// <summary>True when the table has <c>earliest</c> and <c>latest</c>.</summary>
    public bool HasDates => Time is { Part: null };

    /// <summary>The route value that narrows the list to one parent, and the column it is compared with.</summary>
    public (string RouteValue, string Column, string Table)? Scope { get; init; }

    public static SortKey Id { get; } = new("id", "id", FieldType.Text);

    public static SortKey RecordedAt { get; } = new("recordedAt", "recorded_at", FieldType.Instant);

    public static SortKey Earliest { get; } = new("earliest", "earliest", FieldType.Date)
    {
        Missing = MissingValue.Lowest | MissingValue.Highest,
    };

    public static SortKey Latest { get; } = new("latest", "latest", FieldType.Date)
    {
        Missing = MissingValue.Lowest | MissingValue.Highest,
    };

    /// <summary>The first day of a period, which always has one.</summary>
    public static SortKey FirstOfPeriod { get; } = Earliest with { Missing = MissingValue.Never };

    /// <summary>The last day of a period.</summary>
    public static SortKey LastOfPeriod { get; } = Latest with { Missing = MissingValue.Never };

    /// <summary>The column with the first day of any course of what lasts; see <see cref="Domain.Bounds"/>.</summary>
    public const string OuterEarliest = "outer_earliest";

    /// <summary>The column with the last day of any course.</summary>
    public const string OuterLatest = "outer_latest";

    /// <summary>The column with the latest beginning of any course.</summary>
    public const string LatestBegin = "latest_begin";

    /// <summary>The column with the earliest end of any course.</summary>
    public const string EarliestEnd = "earliest_end";

    public IEnumerable<SortKey> AllSortKeys => SortKeys.Append(RecordedAt).Append(Id);
}
