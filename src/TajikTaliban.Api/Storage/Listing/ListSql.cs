using System.Globalization;
using System.Text;
using NpgsqlTypes;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>Writes the statements of a list. Names of tables and columns come from definitions, values only as parameters.</summary>
/// <remarks>
/// A page is a keyset: the rows after the last one's keys, in an order that an index has, so that depth costs nothing. Two things would
/// break that and are written otherwise. Members of a part (the actors of an event) are walked in the part's own index, which repeats the
/// dates. And "reaches into the span" is split by where a record begins: in the span; in the year before it; or, for the few that last
/// longer than a year, at any time before. Each is a stretch of an index, read in order and no further than the page, whatever plan the
/// database makes; what it makes of one condition over all three depends on guesses, and a wrong one reads the list from its beginning.
/// </remarks>
internal static class ListSql
{
    /// <summary>Days beyond which a record lasts long. The partial indexes of the short and the long ones are made with the same number.</summary>
    private const int LongestShort = 366;

    /// <summary>Plans the statements that follow in a batch for their values, each time.</summary>
    public const string PlanForValues = "select set_config('plan_cache_mode', 'force_custom_plan', true)";

    /// <summary>Plans the statements that follow in a batch once for all values.</summary>
    public const string PlanOnce = "select set_config('plan_cache_mode', 'force_generic_plan', true)";

    /// <summary>Where records begin that reach into a span.</summary>
    private enum Begin
    {
        Inside,
        ShortlyBefore,
        LongBefore,
    }

    public static string Page(ListQuery query, SqlParameters sql)
    {
        var definition = query.Definition;
        var byEarliest = query.Order[0].Key == ListDefinition.Earliest;
        var walk = byEarliest && query.Order.Count == 2 && query.Search is null ? query.Conditions.FirstOrDefault(c => c.Filter.Walk is not null) : null;
        var start = byEarliest && definition.HasDates && query.Conditions.FirstOrDefault(c => c.Filter.IsRangeStart) is { } days ? new Span(days) : null;
        // written out, since the database plans for a page of this size and not for a tenth of the table; there are few sizes
        var limit = (query.Limit + 1).ToString(CultureInfo.InvariantCulture);

        if (walk is null && start is null)
        {
            var columns = string.Join(", ", query.Order.Select(o => $"{o.Key.Sql}{(o.Key.Type == FieldType.Number ? "::text" : "")}"));
            var direct = string.Join(", ", query.Order.Select(o => $"{o.Key.Sql}{(o.Descending ? " desc" : "")}"));
            return $"select r.document, {columns} from {sql.Table(definition.Table)} r{Where(Conditions(query, sql, []))} order by {direct} limit {limit}";
        }

        var keys = string.Join(", ", query.Order.Select((o, i) => $"k.k{i}{(o.Key.Type == FieldType.Number ? "::text" : "")}"));
        var order = string.Join(", ", query.Order.Select((o, i) => $"k{i}{(o.Descending ? " desc" : "")}"));
        IEnumerable<string> branches = start is null
            ? [Branch(query, sql, walk, null, default, limit, order)]
            : Begins(query, start.First).Select(begin => Branch(query, sql, walk, start, begin, limit, order));
        return $"select r.document, {keys} from (select * from ({string.Join(" union all ", branches.Select(b => $"({b})"))}) b "
            + $"order by {order} limit {limit}) k join {sql.Table(definition.Table)} r on r.id = k.k{query.Order.Count - 1} order by "
            + string.Join(", ", query.Order.Select((o, i) => $"k.k{i}{(o.Descending ? " desc" : "")}"));
    }

    public static string Count(ListQuery query, SqlParameters sql) =>
        $"select count(*) from {sql.Table(query.Definition.Table)} r{Where(Conditions(query with { After = null }, sql, []))}";

    public static string Estimate(ListQuery query, SqlParameters sql) =>
        $"explain (format json) select 1 from {sql.Table(query.Definition.Table)} r{Where(Conditions(query with { After = null }, sql, []))}";

    /// <summary>Whether there is any. Words that nothing has would be looked for in each record by a plan that hopes for an early end; so all are
    /// counted, from their index.</summary>
    public static string Any(ListQuery query, SqlParameters sql)
    {
        var from = $"from {sql.Table(query.Definition.Table)} r{Where(Conditions(query with { After = null }, sql, []))}";
        return query.Search is null ? $"select exists (select 1 {from})" : $"select count(*) > 0 {from}";
    }

    /// <summary>How many rows of a walk belong to its members, up to some: the list walks the shortest.</summary>
    public static string Length(Condition condition, int most, SqlParameters sql)
    {
        var walk = condition.Filter.Walk!;
        return $"(select count(*) from (select from {sql.Table(walk.Table)} w where w.{walk.Member} {sql.AnyOf((string[])condition.Value)}"
            + $"{(walk.Role is null ? "" : $" and w.role = {sql.Add(walk.Role, NpgsqlDbType.Text)}")} limit {most.ToString(CultureInfo.InvariantCulture)}) w)";
    }

    public static string Extent(ListQuery query, SqlParameters sql) =>
        $"select count(*), {(query.Definition.HasDates ? "min(r.earliest) filter (where isfinite(r.earliest)), max(r.latest) filter (where isfinite(r.latest))" : "null::date, null::date")} "
        + $"from {sql.Table(query.Definition.Table)} r{Where(Conditions(query with { After = null }, sql, []))}";

    public static string Facet(ListQuery query, FacetDefinition facet, int most, SqlParameters sql) =>
        $"select ({facet.Sql})::text as value, count({(facet.Part is null && facet.Members is null ? "*" : "distinct r.id")}) as records "
        + $"from {sql.Table(query.Definition.Table)} r{Join(facet, sql)}"
        + Where(Conditions(query with { After = null }, sql, []))
        + $" group by 1 order by 2 desc, 1 limit {sql.Add(most, NpgsqlDbType.Integer)}";

    private static string Join(FacetDefinition facet, SqlParameters sql) =>
        facet.Part is { } part ? $" join {sql.Table(part.Table)} p on p.{part.Owner} = r.id"
        : facet.Members is { } members ? $" join {members} on true"
        : "";

    /// <summary>A page that goes on from a record in the span has those that begin before it behind it.</summary>
    private static Begin[] Begins(ListQuery query, object first) =>
        query.After is not null && !query.Order[0].Descending && Day(query.After[0]) >= (DateOnly)first
            ? [Begin.Inside]
            : [Begin.Inside, Begin.ShortlyBefore, Begin.LongBefore];

    private static string Branch(
        ListQuery query, SqlParameters sql, Condition? walk, Span? span, Begin begin, string limit, string order)
    {
        var definition = query.Definition;
        var skip = new List<Condition>();
        if (span is not null)
            skip.Add(span.Condition);
        if (walk is not null)
            skip.Add(walk);

        var bounds = walk is null ? "r" : "w";
        var conditions = new List<string>();
        if (span is not null)
        {
            var day = sql.Add(span.First, NpgsqlDbType.Date);
            var (earliest, latest) = ($"{bounds}.earliest", $"{bounds}.latest");
            if (span.Last is not null)
                conditions.Add($"{earliest} <= {sql.Add(span.Last, NpgsqlDbType.Date)}");
            conditions.Add(begin switch
            {
                Begin.Inside => $"{earliest} >= {day}",
                Begin.ShortlyBefore => $"{earliest} < {day} and {earliest} >= {day} - {LongestShort} and {latest} >= {day} "
                    + $"and {latest} > {earliest} and {latest} <= {earliest} + {LongestShort}",
                _ => $"{earliest} < {day} and {latest} >= {day} and {latest} > {earliest} + {LongestShort}",
            });
        }

        if (walk is null)
        {
            conditions.AddRange(Conditions(query, sql, skip));
            var columns = string.Join(", ", query.Order.Select((o, i) => $"{o.Key.Sql} as k{i}"));
            return $"select {columns} from {sql.Table(definition.Table)} r{Where(conditions)} order by {order} limit {limit}";
        }

        var members = (string[])walk.Value;
        var table = walk.Filter.Walk!;
        var owner = $"w.{table.Owner}";
        foreach (var condition in query.Conditions.Where(c => c.Filter.OfRecord is not null && !skip.Contains(c)))
        {
            conditions.Add(condition.Filter.OfRecord!(condition.Value, sql, owner));
            skip.Add(condition);
        }

        // The walked table repeats both bounds: a condition on nothing else needs no look at the record.
        var others = Conditions(query with { After = null }, sql, skip);
        var needsRecord = others.Exists(c => !IsOnWalked(c));
        conditions.AddRange(needsRecord ? others : others.Select(c => c.Replace("r.earliest", "w.earliest", StringComparison.Ordinal)
            .Replace("r.latest", "w.latest", StringComparison.Ordinal)));
        if (query.After is not null)
            conditions.Add(Keyset(query, sql, key => key == ListDefinition.Earliest ? "w.earliest" : owner));
        var member = members.Length == 1
            ? sql.Add(members[0], NpgsqlDbType.Text)
            : "m.id";
        conditions.Insert(0, $"w.{table.Member} = {member}{(table.Role is null ? "" : $" and w.role = {sql.Add(table.Role, NpgsqlDbType.Text)}")}");
        var walked = $"select distinct w.earliest as k0, {owner} as k1 from {sql.Table(table.Table)} w"
            + (needsRecord ? $" join {sql.Table(definition.Table)} r on r.id = {owner}" : "")
            + $"{Where(conditions)} order by {order} limit {limit}";
        return members.Length == 1
            ? walked
            : $"select distinct l.k0, l.k1 from unnest({sql.Add(members, NpgsqlDbType.Array | NpgsqlDbType.Text)}) m(id) cross join lateral ({walked}) l "
                + $"order by {order} limit {limit}";
    }

    private static bool IsOnWalked(string condition) =>
        condition.StartsWith("r.earliest ", StringComparison.Ordinal) || condition.StartsWith("r.latest ", StringComparison.Ordinal);

    private static List<string> Conditions(ListQuery query, SqlParameters sql, List<Condition> skip)
    {
        var conditions = new List<string>();
        if (query.Definition.Scope is { } scope && query.Scope is not null)
            conditions.Add($"r.{scope.Column} = {sql.Add(query.Scope, NpgsqlDbType.Text)}");
        foreach (var condition in query.Conditions)
        {
            if (!skip.Contains(condition))
                conditions.Add(condition.Filter.ToSql(condition.Value, sql));
        }

        if (query.Search is not null)
        {
            conditions.Add(query.SearchMode == SearchMode.Words
                ? $"to_tsvector('english', r.search_text) @@ websearch_to_tsquery('english', {sql.Add(query.Search, NpgsqlDbType.Text)})"
                : $"{sql.Add(query.Search, NpgsqlDbType.Text)} <% r.search_text");
        }

        if (query.After is not null)
            conditions.Add(Keyset(query, sql, key => key.Sql));
        return conditions;
    }

    /// <summary>The rows that come after the keys: a row comparison where all run one way, else a bound on the first key (for the index)
    /// and the alternatives.</summary>
    private static string Keyset(ListQuery query, SqlParameters sql, Func<SortKey, string> column)
    {
        var order = query.Order;
        var values = order.Select((o, i) => KeyValue(o.Key, query.After![i], sql)).ToList();
        if (order.All(o => o.Descending == order[0].Descending))
            return $"({string.Join(", ", order.Select(o => column(o.Key)))}) {(order[0].Descending ? "<" : ">")} ({string.Join(", ", values)})";
        var text = new StringBuilder($"{column(order[0].Key)} {(order[0].Descending ? "<=" : ">=")} {values[0]} and (");
        for (var i = 0; i < order.Count; i++)
        {
            text.Append(i == 0 ? "(" : " or (");
            for (var j = 0; j < i; j++)
                text.Append(CultureInfo.InvariantCulture, $"{column(order[j].Key)} = {values[j]} and ");
            text.Append(CultureInfo.InvariantCulture, $"{column(order[i].Key)} {(order[i].Descending ? "<" : ">")} {values[i]})");
        }

        return text.Append(')').ToString();
    }

    private static string KeyValue(SortKey key, string value, SqlParameters sql) => key.Type switch
    {
        FieldType.Text => sql.Add(value, NpgsqlDbType.Text),
        FieldType.Date => sql.Add(Day(value), NpgsqlDbType.Date),
        FieldType.Instant => sql.Add(new DateTime(long.Parse(value, CultureInfo.InvariantCulture), DateTimeKind.Utc), NpgsqlDbType.TimestampTz),
        // numeric holds NaN (which stands for "no value" in an order) and more digits than decimal: it travels as text
        FieldType.Number => $"{sql.Add(value, NpgsqlDbType.Text)}::numeric",
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    /// <summary>The days that records have to reach into; without an end where another filter sets it.</summary>
    private sealed class Span(Condition condition)
    {
        public Condition Condition { get; } = condition;

        public object First { get; } = condition.Value is (DateOnly first, DateOnly _) ? first : condition.Value;

        public object? Last { get; } = condition.Value is (DateOnly _, DateOnly last) ? last : null;
    }

    private static DateOnly Day(string value) => DateOnly.ParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Where(List<string> conditions) => conditions.Count == 0 ? "" : $" where {string.Join(" and ", conditions)}";
}
