using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>
/// A condition of a list on a record, as a value. <see cref="ConditionBinder"/> alone writes it as SQL, over the record's table, over a
/// driving index or over the table of a part.
/// </summary>
public abstract record Predicate
{
    /// <summary>The columns of the row that the predicate reads. The id is not among them: every row source has it.</summary>
    public abstract IReadOnlyList<string> Columns { get; }
}

public enum Comparison
{
    Equal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// <summary>The id is one of several.</summary>
public sealed record IdIn(IReadOnlyList<string> Ids) : Predicate
{
    public override IReadOnlyList<string> Columns => [];
}

/// <summary>A text column has one of several values.</summary>
public sealed record TextIn(string Column, IReadOnlyList<string> Values) : Predicate
{
    public override IReadOnlyList<string> Columns => [Column];
}

/// <summary>A smallint column has one of several values.</summary>
public sealed record NumberIn(string Column, short[] Values) : Predicate
{
    public override IReadOnlyList<string> Columns => [Column];
}

/// <summary>One of several text columns has one of several values.</summary>
public sealed record AnyColumnIn(IReadOnlyList<string> Any, IReadOnlyList<string> Values) : Predicate
{
    public override IReadOnlyList<string> Columns => Any;
}

/// <summary>A column compared with a value: a text, number, truth value, date or instant.</summary>
public sealed record Compare(string Column, Comparison Comparison, object Value) : Predicate
{
    public override IReadOnlyList<string> Columns => [Column];
}

/// <summary>An array of texts has at least one of several values.</summary>
public sealed record ArrayOverlaps(string Column, string[] Values) : Predicate
{
    public override IReadOnlyList<string> Columns => [Column];
}

/// <summary>An array of texts has a value.</summary>
public sealed record ArrayContains(string Column, string Value) : Predicate
{
    public override IReadOnlyList<string> Columns => [Column];
}

/// <summary>A column has no value.</summary>
public sealed record IsNull(string Column) : Predicate
{
    public override IReadOnlyList<string> Columns => [Column];
}

/// <summary>An array has no values.</summary>
public sealed record IsEmpty(string Column) : Predicate
{
    public override IReadOnlyList<string> Columns => [Column];
}

/// <summary>The record lacks the value of a sort key, which the column states by a value of its own.</summary>
public sealed record LacksKey(SortKey Key) : Predicate
{
    public override IReadOnlyList<string> Columns => [Key.Column];
}

/// <summary>At least one of several predicates holds.</summary>
public sealed record AnyHolds(IReadOnlyList<Predicate> Any) : Predicate
{
    public override IReadOnlyList<string> Columns => [.. Any.SelectMany(p => p.Columns)];
}

/// <summary>The record has no such part.</summary>
public sealed record HasNoPart(PartTable Part) : Predicate
{
    public override IReadOnlyList<string> Columns => [];
}

/// <summary>A number with every digit that was sent. It may have more than a <see cref="decimal"/> holds.</summary>
/// <param name="Text">A sign, digits and a point.</param>
public sealed record ExactNumber(string Text);

/// <summary>The precision of the record's date, by its bounds, is one of several of the code list <c>date-precisions</c>.</summary>
/// <param name="Codes">Numbers and words.</param>
public sealed record DatePrecisionIn(IReadOnlyList<string> Codes) : Predicate
{
    public override IReadOnlyList<string> Columns => [ListDefinition.OuterEarliest, ListDefinition.OuterLatest];
}

/// <summary>The bounds of the record's date overlap some days, first and last included.</summary>
public sealed record DatesOverlap(DateOnly First, DateOnly Last) : Predicate
{
    public override IReadOnlyList<string> Columns => [ListDefinition.Earliest.Column, ListDefinition.Latest.Column];
}

/// <summary>The row is of the days that are asked for, as surely as is asked for.</summary>
public sealed record HoldsIn(TimeQuestion Question) : Predicate
{
    public override IReadOnlyList<string> Columns { get; } = Question.Model.HasCourses
        ? [ListDefinition.Earliest.Column, ListDefinition.Latest.Column, ListDefinition.LatestBegin, ListDefinition.EarliestEnd,
            ListDefinition.OuterEarliest, ListDefinition.OuterLatest]
        : [ListDefinition.Earliest.Column, ListDefinition.Latest.Column, .. new[] { Question.Model.DateText }.OfType<string>()];
}

/// <summary>The record reaches a day or one after it: it is not undated, and its last day is not before.</summary>
public sealed record ReachesDay(object Day) : Predicate
{
    public override IReadOnlyList<string> Columns => [ListDefinition.Earliest.Column, ListDefinition.Latest.Column];
}

/// <summary>The record begins on a day or before it, and has days that are known.</summary>
public sealed record BeginsByDay(object Day) : Predicate
{
    public override IReadOnlyList<string> Columns => [ListDefinition.Earliest.Column, ListDefinition.Latest.Column];
}

/// <summary>A citation supports one of several parts, or a part of one.</summary>
public sealed record SupportsPart(string[] Parts) : Predicate
{
    public override IReadOnlyList<string> Columns => ["supports"];
}

/// <summary>A point lies in a box, edges included. Degrees, WGS 84.</summary>
/// <param name="Longitude">The column of the longitude.</param>
/// <param name="Latitude">The column of the latitude.</param>
/// <param name="Edges">West, south, east, north.</param>
public sealed record InBox(string Longitude, string Latitude, IReadOnlyList<decimal> Edges) : Predicate
{
    public override IReadOnlyList<string> Columns => [Longitude, Latitude];
}

/// <summary>The record has a part that meets all predicates, which read the columns of the part.</summary>
public sealed record HasPart(PartTable Part, IReadOnlyList<Predicate> All) : Predicate
{
    public override IReadOnlyList<string> Columns => [];
}

/// <summary>The search text has all of these words.</summary>
/// <param name="Words">The words.</param>
/// <param name="Lacking">Words of which it lacks one or more; null: none.</param>
public sealed record HasWords(SearchWords Words, SearchWords? Lacking = null) : Predicate
{
    public override IReadOnlyList<string> Columns => ["search_text"];
}
