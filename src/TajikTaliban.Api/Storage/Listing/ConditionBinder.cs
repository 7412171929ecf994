using System.Globalization;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>A table of a statement under its alias.</summary>
/// <param name="Alias">The alias.</param>
/// <param name="Id">The column with the record's id.</param>
internal sealed record Row(string Alias, string Id)
{
    /// <summary>The columns besides the id. Null: all columns of the record.</summary>
    public IReadOnlySet<string>? Columns { get; init; }

    /// <summary>
    /// Parts are looked up record by record. Set for a driving index: a page of it costs as many look-ups as it reads records, where a join
    /// would begin with all parts that match.
    /// </summary>
    public bool LooksUpParts { get; init; }

    public static Row Record { get; } = new("r", "id");

    /// <summary>A driving index repeats the bounds of its record.</summary>
    public static Row Driving(PartTable part) => new("d", part.Owner)
    {
        Columns = new HashSet<string> { ListDefinition.Earliest.Column, ListDefinition.Latest.Column },
        LooksUpParts = true,
    };

    public string Column(string name) => $"{Alias}.{(name == ListDefinition.Id.Column ? Id : name)}";

    public bool Has(Predicate predicate) => Columns is null || predicate.Columns.All(Columns.Contains);
}

/// <summary>Writes predicates, sort keys and facets as SQL over a row. Names come from definitions, values only as parameters.</summary>
internal sealed class ConditionBinder(SqlParameters sql, Row row)
{
    public string Bind(Predicate predicate) => predicate switch
    {
        IdIn p => $"{row.Column(ListDefinition.Id.Column)} {sql.AnyOf(p.Ids)}",
        TextIn p => $"{row.Column(p.Column)} {sql.AnyOf(p.Values)}",
        NumberIn p => $"{row.Column(p.Column)} = any({sql.Add(p.Values)})",
        AnyColumnIn p => AnyColumn(p),
        Compare p => $"{row.Column(p.Column)} {Operator(p.Comparison)} {Value(p.Value)}",
        IsNull p => $"{row.Column(p.Column)} is null",
        IsEmpty p => $"{row.Column(p.Column)} = '{{}}'",
        LacksKey p => Lacks(p.Key),
        AnyHolds p => $"({string.Join(" or ", p.Any.Select(Bind))})",
        HasNoPart p => NoPart(p.Part),
        ArrayOverlaps p => $"{row.Column(p.Column)} && {sql.Add(p.Values)}",
        ArrayContains p => $"{row.Column(p.Column)} @> array[{sql.Add(p.Value)}]",
        DatePrecisionIn p => PrecisionIn(p.Codes),
        // a span without a beginning is not read in stretches: its end bounds the index. Of an overlap of ranges the database would expect
        // few rows, and sort all that it finds
        DatesOverlap { First: var first } p when first == DateOnly.MinValue =>
            $"{Latest} > '-infinity' and {Earliest} < 'infinity' and {Earliest} <= {sql.Add(p.Last)}",
        DatesOverlap p => $"daterange({Earliest}, {Latest}, '[]') && daterange({sql.Add(p.First)}, {sql.Add(p.Last)}, '[]') "
            + $"and {Earliest} < 'infinity'",
        HoldsIn p => new HoldsBinder(sql, row.Column).Bind(p.Question),
        // what is undated is in no span, not even in one without an end
        ReachesDay p => p.Day is DateOnly { DayNumber: 0 } ? $"{Latest} > '-infinity' and {Earliest} < 'infinity'"
            : $"{Latest} >= {sql.Add(p.Day)} and {Earliest} < 'infinity'",
        BeginsByDay p => p.Day is DateOnly day && day == DateOnly.MaxValue ? $"{Earliest} < 'infinity' and {Latest} > '-infinity'"
            : $"{Earliest} <= {sql.Add(p.Day)} and {Latest} > '-infinity'",
        SupportsPart p => $"{row.Column("supports")} <> '{{}}' and exists (select from unnest({row.Column("supports")}) s, "
            + $"unnest({sql.Add(p.Parts)}) v where s = v or starts_with(s, v || '/'))",
        InBox p => $"({row.Column(p.Longitude)} between {sql.Add(p.Edges[0])} and {sql.Add(p.Edges[2])} "
            + $"and {row.Column(p.Latitude)} between {sql.Add(p.Edges[1])} and {sql.Add(p.Edges[3])})",
        HasPart p => Part(p),
        // one query for both: the index then answers it alone, where a second condition would split each text into words again
        HasWords { Lacking: { } lacking } p => $"{SearchVector} @@ ({sql.WordsQuery(p.Words)} && !!{sql.WordsQuery(lacking)})",
        HasWords p => $"{SearchVector} @@ {sql.WordsQuery(p.Words)}",
        _ => throw new ArgumentOutOfRangeException(nameof(predicate), $"No SQL is known for {predicate.GetType().Name}."),
    };

    /// <summary>A sort key, which is never null: a keyset cannot step over nulls. NaN sorts after every number.</summary>
    public string Key(SortKey key) => key is { Type: FieldType.Number, Missing: not MissingValue.Never }
        ? $"coalesce({row.Column(key.Column)}, 'NaN'::numeric)" : row.Column(key.Column);

    /// <summary>Whether the value of a sort key is the one that states none and that its direction would put first.</summary>
    public static string IsMissing(OrderBy order, string value) => $"{value} = {MissingOf(order)}";

    /// <summary>Whether the value of a sort key is another. It bounds the column on one side: an index begins or ends there.</summary>
    public static string IsThere(OrderBy order, string value) => $"{value} {(order.Descending ? "<" : ">")} {MissingOf(order)}";

    /// <summary>
    /// The value, join and count of a facet; a record counts once for each of its values. <paramref name="ofPart"/> are the conditions on
    /// the part of the facet.
    /// </summary>
    public (string Value, string Join, string Count) Facet(FacetDefinition facet, IReadOnlyList<Predicate> ofPart) => facet switch
    {
        ColumnFacet f => (row.Column(f.Column), "", "*"),
        DatePrecisionFacet => (DatePrecision, "", "*"),
        ArrayFacet f => Joined($"lateral unnest({row.Column(f.Column)}) p(value) on true", "p.value"),
        EitherFacet f => Joined($"lateral (values ({row.Column(f.First)}), ({row.Column(f.Second)})) p(value) on true", "p.value"),
        PartFacet f => Joined(
            $"{sql.Table(f.Part.Name)} p on {string.Join(" and ", OfPart(f, ofPart))}", $"p.{f.Column}"),
        _ => throw new ArgumentOutOfRangeException(nameof(facet), $"No SQL is known for {facet.GetType().Name}."),
    };

    private IEnumerable<string> OfPart(PartFacet facet, IReadOnlyList<Predicate> conditions)
    {
        yield return $"p.{facet.Part.Owner} = {row.Column(ListDefinition.Id.Column)}";
        if (facet.Except is not null)
            yield return $"p.{facet.Column} <> '{facet.Except}'";
        var binder = new ConditionBinder(sql, new Row("p", "id"));
        foreach (var condition in conditions)
            yield return binder.Bind(condition);
    }

    private string Earliest => row.Column(ListDefinition.Earliest.Column);

    private string Latest => row.Column(ListDefinition.Latest.Column);

    private string OuterEarliest => row.Column(ListDefinition.OuterEarliest);

    private string OuterLatest => row.Column(ListDefinition.OuterLatest);

    /// <summary>
    /// <see cref="Domain.PartialDate.Precision"/> as SQL. It is the expression of the indexes <c>ix_events_date_precision</c>: a change
    /// needs a migration.
    /// </summary>
    private string DatePrecision =>
        $"(case when not isfinite({OuterEarliest}) or not isfinite({OuterLatest}) or {OuterLatest} - {OuterEarliest} > 30 then 5 "
        + $"when {OuterLatest} - {OuterEarliest} > 6 then 4 when {OuterLatest} - {OuterEarliest} = 6 then 3 "
        + $"when {OuterLatest} > {OuterEarliest} then 2 else 1 end)";

    /// <summary>Whether a date of precision 5 lies within a year.</summary>
    private string IsWithinYear => $"(case when isfinite({OuterEarliest}) and isfinite({OuterLatest}) then "
        + $"case when {OuterLatest} - {OuterEarliest} <= 365 then true else false end else false end)";

    private string PrecisionIn(IReadOnlyList<string> codes)
    {
        short[] numbers = [.. codes.SelectMany(c => c switch
        {
            "day" => [1],
            "month" => [2, 3, 4],
            "year" or "interval" => [],
            _ => new[] { short.Parse(c, CultureInfo.InvariantCulture) },
        }).Distinct()];
        var any = numbers.Length > 0 ? new List<string> { $"{DatePrecision} = any({sql.Add(numbers)})" } : [];
        if (codes.Contains("year"))
            any.Add($"({DatePrecision} = 5 and {IsWithinYear})");
        if (codes.Contains("interval"))
            any.Add($"({DatePrecision} = 5 and not {IsWithinYear})");
        return $"({string.Join(" or ", any)})";
    }

    /// <summary>The expression of the indexes <c>ix_…_search_words</c>: see <c>Storage/Sql/search.sql</c>.</summary>
    private string SearchVector => $"search_words({row.Column("search_text")})";

    private (string Value, string Join, string Count) Joined(string join, string value) =>
        (value, $" join {join}", $"distinct {row.Column(ListDefinition.Id.Column)}");

    private string AnyColumn(AnyColumnIn predicate)
    {
        var any = sql.AnyOf(predicate.Values);
        return $"({string.Join(" or ", predicate.Any.Select(c => $"{row.Column(c)} {any}"))})";
    }

    /// <summary>The key has one of the values that stand for a missing one, in an order that puts them first otherwise.</summary>
    private string Lacks(SortKey key)
    {
        bool[] directions = [false, true];
        var values = directions.Where(key.PutsMissingFirst).Select(descending => MissingOf(new OrderBy(key, descending)));
        return $"{Key(key)} in ({string.Join(", ", values)})";
    }

    private string Part(HasPart predicate)
    {
        // a part of a part has an alias of its own
        var part = new Row(row.Alias.StartsWith('p') ? $"{row.Alias}p" : "p", "id");
        var binder = new ConditionBinder(sql, part);
        var all = string.Join(" and ", predicate.All.Select(binder.Bind));
        var (table, owner, id) = (sql.Table(predicate.Part.Name), part.Column(predicate.Part.Owner), row.Column(ListDefinition.Id.Column));
        // an offset, even of nothing, keeps the look-up from becoming a join with all parts that match
        return row.LooksUpParts
            ? $"exists (select from {table} {part.Alias} where {owner} = {id} and {all} offset 0)"
            : $"{id} in (select {owner} from {table} {part.Alias} where {all})";
    }

    private string NoPart(PartTable part) =>
        $"not exists (select from {sql.Table(part.Name)} n where n.{part.Owner} = {row.Column(ListDefinition.Id.Column)})";

    /// <summary>A number goes as text: numeric has more digits than decimal.</summary>
    private string Value(object value) =>
        value is ExactNumber number ? $"{sql.Add(number.Text, NpgsqlTypes.NpgsqlDbType.Text)}::numeric" : sql.Add(value);

    private static string MissingOf(OrderBy order) => (order.Key.Type, order.Descending) switch
    {
        (FieldType.Date, false) => "'-infinity'::date",
        (FieldType.Date, true) => "'infinity'::date",
        (FieldType.Number, true) => "'NaN'::numeric",
        _ => throw new ArgumentOutOfRangeException(nameof(order), $"No value of {order.Key.Name} states that there is none."),
    };

    private static string Operator(Comparison comparison) => comparison switch
    {
        Comparison.Equal => "=",
        Comparison.Less => "<",
        Comparison.AtMost => "<=",
        Comparison.More => ">",
        Comparison.AtLeast => ">=",
        _ => throw new ArgumentOutOfRangeException(nameof(comparison)),
    };
}
