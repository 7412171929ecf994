using System.Globalization;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>
/// Very many records with the same value of the first of several sort keys, as a bulk load leaves them with <c>recordedAt</c>. No index has
/// them in the order of the other keys: each page would read and sort them all. They are a list of their own, in the order of the second
/// key, of whose records many have the value.
/// </summary>
internal static class Tie
{
    /// <summary>Not a parameter: the value of the first key. Its plan is for the value, which many records have.</summary>
    private static readonly FilterDefinition Filter = new("", FilterKind.Instant, "", value => (Predicate)value);

    /// <summary>Whether a list may have such ties. Where records without a value of the first key are apart, they are sorted.</summary>
    public static bool MayBeIn(ListQuery query) =>
        query is { Order.Count: > 2, Search: null, CountsBeyond: false, Time: not { IsMore: true } }
            && query.Order[0].Key is { Type: not FieldType.Number } key && !key.PutsMissingFirst(query.Order[0].Descending);

    /// <summary>Whether a condition is one of ties.</summary>
    private static bool Is(Condition condition) => condition.Filter == Filter;

    /// <summary>The value of the first key from which the list goes on, and whether it is that of a large tie.</summary>
    /// <param name="query">The list.</param>
    /// <param name="most">The number of records from which a tie is large.</param>
    /// <param name="sql">The parameters of the statement.</param>
    public static string Write(ListQuery query, int most, SqlParameters sql)
    {
        var large = most.ToString(CultureInfo.InvariantCulture);
        var binder = new ConditionBinder(sql, Row.Record);
        var (order, key) = (query.Order[0], binder.Key(query.Order[0].Key));
        // of other conditions, a first value costs nothing
        var bounds = query with { Conditions = [.. query.Conditions.Where(Is)], Time = null };
        var from = ListSql.From(bounds, sql);
        var and = ListSql.Predicates(bounds).Any() ? " and" : " where";
        var first = query.After is null
            ? $"select {key} as k0 {from} order by {key}{(order.Descending ? " desc" : "")} limit 1"
            : $"select {sql.Add(Value(order, query.After[0]))} as k0";
        return $"select f.k0, (select count(*) from (select {from}{and} {key} = f.k0 limit {large}) t) >= {large} from ({first}) f";
    }

    /// <summary>The records of a tie, in the order of the other keys.</summary>
    public static ListQuery Within(ListQuery query, string value) => query with
    {
        Conditions = [.. query.Conditions, Condition(query.Order[0], value, Comparison.Equal)],
        Order = [.. query.Order.Skip(1)],
        After = query.After is null ? null : [.. query.After.Skip(1)],
    };

    /// <summary>The list after a tie, to find the next.</summary>
    public static ListQuery Beyond(ListQuery query, string value) => query with
    {
        Conditions =
        [
            .. query.Conditions, Condition(query.Order[0], value, query.Order[0].Descending ? Comparison.Less : Comparison.More),
        ],
        After = null,
    };

    /// <summary>The keys after all records of a tie.</summary>
    public static IReadOnlyList<string> End(ListQuery query, string value) =>
    [
        value,
        .. query.Order.Skip(1).Select(o => PageOrder.PutsMissingFirst(o) ? o.Key.MissingText(o.Descending) : o.Key.Type switch
        {
            FieldType.Date => o.Descending ? "0001-01-01" : "9999-12-31",
            FieldType.Instant => o.Descending ? "0" : DateTime.MaxValue.Date.Ticks.ToString(CultureInfo.InvariantCulture),
            FieldType.Number => "NaN",
            // the last of all characters
            _ => o.Descending ? "" : "\U0010FFFF",
        }),
    ];

    private static Condition Condition(OrderBy order, string value, Comparison comparison) =>
        new(Filter, new Compare(order.Key.Column, comparison, Value(order, value)));

    private static object Value(OrderBy order, string value) => order.Key.Type switch
    {
        FieldType.Date => PageOrder.Day(value),
        FieldType.Instant => PageOrder.Instant(value),
        _ => value,
    };
}
