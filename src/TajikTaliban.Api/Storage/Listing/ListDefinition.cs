using TajikTaliban.Api.Domain.CodeLists;

namespace TajikTaliban.Api.Storage.Listing;

public enum FieldType
{
    Text,
    Date,
    Number,
    Instant,
}

/// <summary>What a list can be ordered by. <see cref="Sql"/> is never null, since a keyset cannot step over nulls.</summary>
public sealed record SortKey(string Name, string Sql, FieldType Type);

/// <summary>How the text of a filter is read; see <see cref="FilterDefinition"/>.</summary>
public enum FilterKind
{
    /// <summary>One or more codes of a list, comma-separated: any of them.</summary>
    Codes,

    /// <summary>One or more texts, comma-separated: any of them.</summary>
    Texts,

    /// <summary>One text, commas and all.</summary>
    Text,

    /// <summary>One or more actors, by id or <c>scheme:value</c>.</summary>
    Actors,

    /// <summary>One or more ids of sources.</summary>
    Sources,

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

/// <summary>A query parameter that narrows a list: its name, how its text is read, and the SQL condition that it becomes.</summary>
/// <param name="Name">As in the query string.</param>
/// <param name="Kind">How the text is read.</param>
/// <param name="Description">For the contract.</param>
/// <param name="ToSql">The condition over the alias <c>r</c>; the value has the type that <see cref="Kind"/> says.</param>
public sealed record FilterDefinition(string Name, FilterKind Kind, string Description, Func<object, SqlParameters, string> ToSql)
{
    /// <summary>The codes that <see cref="FilterKind.Codes"/> takes.</summary>
    public CodeList? Codes { get; init; }

    /// <summary>Set when the filter names members of a table that is itself kept in the list's order: the list then walks that table.</summary>
    public Walk? Walk { get; init; }

    /// <summary>
    /// The same condition of a part's table, over the expression of one record's id and looked up for it alone: where a list walks another
    /// table, page by page, that is what it costs.
    /// </summary>
    public Func<object, SqlParameters, string, string>? OfRecord { get; init; }

    /// <summary>True for a filter by days that a record reaches into: those that begin before them are found apart from the others.</summary>
    public bool IsRangeStart { get; init; }

    /// <summary>True when the parameter may be repeated; all of its conditions then hold at once.</summary>
    public bool Repeatable { get; init; }
}

/// <summary>A table of (member, earliest, owner, role, latest) that is indexed in this order; of one role, where that is said.</summary>
public sealed record Walk(string Table, string Owner, string Member, string? Role = null);

/// <summary>
/// What answers can be counted by: <see cref="Sql"/> over the alias <c>r</c>, or over <c>p</c>, which is joined: a part's table, or the
/// record's own <see cref="Members"/>.
/// </summary>
public sealed record FacetDefinition(string Name, string Sql, PartJoin? Part = null, string? Members = null);

/// <summary>A part's table, and the column that names its record.</summary>
public sealed record PartJoin(string Table, string Owner);

/// <summary>A field that holds ids of other records and can be expanded: the path to it, and the table it points to.</summary>
public sealed record ExpandDefinition(string Path, string Table);

/// <summary>How the records of one resource are listed: the one description that the query parser, the SQL and the contract follow.</summary>
public sealed class ListDefinition
{
    public required string Table { get; init; }

    public required IReadOnlyList<FilterDefinition> Filters { get; init; }

    /// <summary>Besides <c>id</c> and <c>recordedAt</c>, which every resource has.</summary>
    public required IReadOnlyList<SortKey> SortKeys { get; init; }

    public required string DefaultSort { get; init; }

    public IReadOnlyList<FacetDefinition> Facets { get; init; } = [];

    public IReadOnlyList<ExpandDefinition> Expands { get; init; } = [];

    /// <summary>True when the table has <c>earliest</c> and <c>latest</c>.</summary>
    public bool HasDates { get; init; }

    /// <summary>The route value that narrows the list to one parent, and the column it is compared with.</summary>
    public (string RouteValue, string Column, string Table)? Scope { get; init; }

    public static SortKey Id { get; } = new("id", "r.id", FieldType.Text);

    public static SortKey RecordedAt { get; } = new("recordedAt", "r.recorded_at", FieldType.Instant);

    public static SortKey Earliest { get; } = new("earliest", "r.earliest", FieldType.Date);

    public static SortKey Latest { get; } = new("latest", "r.latest", FieldType.Date);

    public IEnumerable<SortKey> AllSortKeys => SortKeys.Append(RecordedAt).Append(Id);
}
