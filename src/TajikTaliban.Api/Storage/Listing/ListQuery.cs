using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>A filter with its value, of the type of the filter's kind.</summary>
public sealed record Condition(FilterDefinition Filter, object Value)
{
    public Predicate Predicate => Filter.ToPredicate(Value);
}

public sealed record OrderBy(SortKey Key, bool Descending);

public enum CountMode
{
    None,
    Exact,
    Estimated,
}

/// <summary>How the records of a list have the words of <c>q</c>.</summary>
public enum SearchMode
{
    /// <summary>They have all of them.</summary>
    Words,

    /// <summary>They lack some and have words of similar spelling instead. They follow the others, in the order of the list.</summary>
    Similar,

    /// <summary>Either: for counts and facets.</summary>
    Either,
}

/// <summary>A list as it was asked for, with every text already read.</summary>
public sealed record ListQuery
{
    public required ListDefinition Definition { get; init; }

    public IReadOnlyList<Condition> Conditions { get; init; } = [];

    /// <summary>The time that the conditions ask for; null if they ask for none.</summary>
    public TimeQuestion? Time { get; init; }

    /// <summary>Ends with the id, so that the order is full.</summary>
    public required IReadOnlyList<OrderBy> Order { get; init; }

    /// <summary>The sort keys of the last record of the page before, in the order of <see cref="Order"/>.</summary>
    public IReadOnlyList<string>? After { get; init; }

    public required int Limit { get; init; }

    /// <summary>The words of <c>q</c>.</summary>
    public SearchWords? Search { get; init; }

    /// <summary><see cref="Search"/> with the words of similar spelling that records have; null while they were not looked for.</summary>
    public SearchWords? Similar { get; init; }

    public SearchMode SearchMode { get; init; }

    /// <summary>The records of the page and the one after it, where they have been looked for; null where the page does that.</summary>
    public string[]? Found { get; init; }

    public CountMode Count { get; init; }

    /// <summary>Whether to count the records that hold beyond what is known. They are not counted where there are too many.</summary>
    public bool CountsBeyond { get; init; }

    public IReadOnlyList<FacetDefinition> Facets { get; init; } = [];

    /// <summary>The state to read; null is the current one.</summary>
    public AsOf? AsOf { get; init; }

    /// <summary>The parent's id, where the list is one of a parent's.</summary>
    public string? Scope { get; init; }
}
