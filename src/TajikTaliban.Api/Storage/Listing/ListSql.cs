using System.Globalization;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>Writes the statements of a list.</summary>
internal static class ListSql
{
    /// <summary>Plans the statements that follow in a batch for their values, each time.</summary>
    public const string PlanForValues = "select set_config('plan_cache_mode', 'force_custom_plan', true)";

    /// <summary>
    /// The same for a search, with memory to hold which rows match: with less, each row of a page of the table is split into words again.
    /// </summary>
    public const string PlanForWords = $"{PlanForValues}, set_config('work_mem', '64MB', true)";

    /// <summary>
    /// The same for a step through the records of a list: they are read in the order of an index, and not sorted, whatever the database
    /// expects of them.
    /// </summary>
    public const string PlanForStep =
        $"{PlanForWords}, set_config('enable_sort', 'off', true), set_config('enable_bitmapscan', 'off', true)";

    /// <summary>Plans the statements that follow in a batch once for all values.</summary>
    public const string PlanOnce = "select set_config('plan_cache_mode', 'force_generic_plan', true)";

    /// <summary>Up to how many records are counted that hold beyond what is known.</summary>
    private const int MaxBeyond = 1000;

    /// <summary>Leaves the choice to the database.</summary>
    public const string PlanAsUsual = "select set_config('plan_cache_mode', 'auto', true)";

    /// <summary>Settings of a batch with a limit of time for each of its statements.</summary>
    public static string WithBudget(string settings, TimeSpan budget) =>
        $"{settings}, set_config('statement_timeout', "
        + $"'{Math.Max(1, (long)budget.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)}', true)";

    /// <summary>A page; each row has its instant or, where the reader knows those, its transaction.</summary>
    public static string Page(ListQuery query, SqlParameters sql, bool isDated = true) => new PageSql(query, sql, isDated).Write();

    public static string Count(ListQuery query, SqlParameters sql) => $"select count(*) {From(query, sql)}";

    public static string Estimate(ListQuery query, SqlParameters sql) => $"explain (format json) select 1 {From(query, sql)}";

    /// <summary>
    /// Whether any record matches. For words that no record has, a plan that expects an early end would search every record: with words,
    /// the plan is that of all matches, from their index, and its execution ends with the first.
    /// </summary>
    public static string Any(ListQuery query, SqlParameters sql) => query.Search is null
        ? $"select exists (select 1 {From(query, sql)})"
        : $"with m as materialized (select 1 {From(query, sql)}) select exists (select from m)";

    /// <summary>Estimates the rows of a driving index: their number up to a maximum.</summary>
    public static string DrivingEstimate(Condition condition, int max, SqlParameters sql)
    {
        var index = condition.Filter.DrivingIndex!;
        var binder = new ConditionBinder(sql, Row.Driving(index.Part));
        var where = Where([.. index.In((string[])condition.Value).Select(binder.Bind)]);
        return $"(select count(*) from (select from {sql.Table(index.Part.Name)} d{where} "
            + $"limit {max.ToString(CultureInfo.InvariantCulture)}) d)";
    }

    /// <summary>
    /// The first and the last day of all records, open ends apart, from the ends of their indexes. The list has no conditions but its
    /// scope.
    /// </summary>
    public static string Days(ListQuery query, SqlParameters sql)
    {
        if (!query.Definition.HasDates)
            return "select null::date, null::date";
        var from = From(query, sql);
        var and = query.Scope is null ? "where" : "and";
        string End(string column, string order) =>
            $"(select r.{column} {from} {and} r.{column} > '-infinity' and r.{column} < 'infinity' order by r.{column}{order} limit 1)";
        return $"select {End(ListDefinition.Earliest.Column, "")}, {End(ListDefinition.Latest.Column, " desc")}";
    }

    public static string Extent(ListQuery query, SqlParameters sql)
    {
        var days = query.Definition.HasDates
            ? "min(r.earliest) filter (where isfinite(r.earliest)), max(r.latest) filter (where isfinite(r.latest))"
            : "null::date, null::date";
        // in the middle of the time that a moment may be of, as far as it is vouched for
        var newest = query.Definition.Time is { Part: null, HasCourses: true }
            ? "max(r.latest - (r.latest - r.earliest_end) / 2) filter (where r.outer_latest > r.latest and isfinite(r.latest) "
                + "and isfinite(r.earliest_end))"
            : "null::date";
        return $"select count(*), {days}, {newest} {From(query, sql)}";
    }

    /// <summary>The conditions of a list on the part that a facet counts.</summary>
    public static IReadOnlyList<Predicate> ConditionsOfPart(ListQuery query, FacetDefinition facet) => facet is PartFacet { Part: var part }
        ? [.. SharedParts(query).Where(p => p.Part == part).SelectMany(p => p.All)] : [];

    /// <summary>The conditions of a list, without those of the page.</summary>
    public static IEnumerable<Predicate> Predicates(ListQuery query)
    {
        if (query.Definition.Scope is { } scope && query.Scope is not null)
            yield return new Compare(scope.Column, Comparison.Equal, query.Scope);
        foreach (var condition in query.Conditions.Where(c => !c.Filter.SharesPart && IsWritten(query, c)))
            yield return condition.Predicate;
        foreach (var part in SharedParts(query))
            yield return part;
        if (query.Time is { IsMore: true, Model.Part: null } time)
            yield return time.Own;
        if (Words(query) is { } words)
            yield return words;
    }

    /// <summary>The condition of the words of a search, by its mode; null without one.</summary>
    public static HasWords? Words(ListQuery query) => query.Search is null ? null : query.SearchMode switch
    {
        SearchMode.Words => new HasWords(query.Search),
        SearchMode.Similar => new HasWords(query.Similar ?? query.Search, query.Search),
        _ => new HasWords(query.Similar ?? query.Search),
    };

    /// <summary>The parts that filters describe together: one predicate for each part, whatever the number of its filters.</summary>
    private static IEnumerable<HasPart> SharedParts(ListQuery query)
    {
        if (query.Time is null && !query.Conditions.Any(c => c.Filter.SharesPart))
            return [];
        var parts = query.Conditions.Where(c => c.Filter.SharesPart && IsWritten(query, c)).Select(c => (HasPart)c.Predicate);
        if (query.Time is { IsMore: true, Model.Part: { } lasting } time)
            parts = parts.Append(new HasPart(lasting, [time.Own]));
        return parts.GroupBy(p => p.Part).Select(g => new HasPart(g.Key, [.. g.SelectMany(p => p.All)]));
    }

    /// <summary>The question for a time that reaches beyond what is known takes the place of its conditions.</summary>
    private static bool IsWritten(ListQuery query, Condition condition) =>
        condition.Filter.Time is null || query.Time is not { ReachesBeyond: true };

    /// <summary>How surely a record holds in the days that are asked for, as SQL over its row; null where the list does not ask.</summary>
    public static string? HoldsOrNull(ListQuery query, SqlParameters sql)
    {
        if (query.Time is not { Model.HasCourses: true } time)
            return null;
        if (time.Model.Part is not { } part)
            return HoldsBinder.Code(new HoldsBinder(sql, Row.Record.Column).Rank(time));
        var row = new Row("h", "id");
        var all = SharedParts(query).Where(p => p.Part == part).SelectMany(p => p.All).Select(new ConditionBinder(sql, row).Bind)
            .Prepend($"h.{part.Owner} = {Row.Record.Column(ListDefinition.Id.Column)}");
        return HoldsBinder.Code(
            $"(select min({new HoldsBinder(sql, row.Column).Rank(time)}) from {sql.Table(part.Name)} h where {string.Join(" and ", all)})");
    }

    /// <summary>
    /// Counts the records of a list that hold beyond what is known, up to a maximum. They are looked up from the index of such records, or
    /// from the few records that have such parts.
    /// </summary>
    public static string CountBeyond(ListQuery query, SqlParameters sql)
    {
        var beyond = query with { Time = query.Time!.Beyond };
        var row = query.Time.Model.Part is null ? Row.Record with { LooksUpParts = true } : Row.Record;
        var conditions = Predicates(beyond).Select(new ConditionBinder(sql, row).Bind);
        if (query.Time.Model.Part is null)
            conditions = conditions.Prepend(ReachesBeyond(row.Column));
        return $"select count(*) from (select from {sql.Table(query.Definition.Table)} r{Where([.. conditions])} "
            + $"limit {MaxBeyond.ToString(CultureInfo.InvariantCulture)}) b";
    }

    /// <summary>Counts the rows of a table that hold beyond what is known, up to a maximum.</summary>
    public static string CountAllBeyond(string table, int max) =>
        $"select count(*) from (select from {table} r where {ReachesBeyond(Row.Record.Column)} "
            + $"limit {max.ToString(CultureInfo.InvariantCulture)}) b";

    /// <summary>Whether a row holds beyond what is known: the condition of the indexes <c>ix_…_beyond</c>.</summary>
    public static string ReachesBeyond(Func<string, string> column) =>
        $"({column(ListDefinition.OuterEarliest)} < {column(ListDefinition.Earliest.Column)} "
            + $"or {column(ListDefinition.OuterLatest)} > {column(ListDefinition.Latest.Column)})";

    public static string Where(IReadOnlyList<string> conditions) =>
        conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}";

    public static string From(ListQuery query, SqlParameters sql)
    {
        var binder = new ConditionBinder(sql, Row.Record);
        return $"from {sql.Table(query.Definition.Table)} r{Where([.. Predicates(query).Select(binder.Bind)])}";
    }
}
