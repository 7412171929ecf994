using System.Globalization;
using System.Text;
using NpgsqlTypes;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>Writes the statement of a page of a list.</summary>
/// <remarks>
/// A page is a keyset: the rows after the keys of the last one, in the order of an index, so that depth costs nothing. Two conditions would
/// break that and are written differently. A condition on the members of a part (the actors of an event) reads the index of the part, which
/// repeats the dates: the driving index. And "reaches into the span" is split by where a record begins: in the span; in the year before it;
/// or, for the few that last longer than a year, at any time before. Each is a stretch of an index, read in order and no further than the
/// page, in every plan of the database. Its plan of one condition over all three depends on estimates, and a wrong one reads the list
/// from its beginning.
/// </remarks>
internal sealed class PageSql
{
    /// <summary>Days beyond which a record lasts long. The partial indexes of the short and the long ones have the same number.</summary>
    private const int LongestShort = 366;

    private readonly ListQuery _query;
    private readonly SqlParameters _sql;
    private readonly ConditionBinder _record;
    private readonly Condition? _driving;
    private readonly Span? _span;

    /// <summary>
    /// Written out: the database then plans for a page of this size and not for a tenth of the table. There are few sizes.
    /// </summary>
    private readonly string _limit;

    private readonly string _order;

    public PageSql(ListQuery query, SqlParameters sql)
    {
        (_query, _sql) = (query, sql);
        _record = new ConditionBinder(sql, Row.Record);
        var byEarliest = query.Order[0].Key == ListDefinition.Earliest;
        _driving = byEarliest && query.Order.Count == 2 && query.Search is null
            ? query.Conditions.FirstOrDefault(c => c.Filter.DrivingIndex is not null) : null;
        _span = byEarliest && query.Definition.HasDates && query.Conditions.FirstOrDefault(c => c.Filter.IsRangeStart) is { } days
            ? new Span(days) : null;
        _limit = (query.Limit + 1).ToString(CultureInfo.InvariantCulture);
        _order = OrderOf("");
    }

    /// <summary>Where records begin that reach into a span.</summary>
    private enum Begin
    {
        Inside,
        ShortlyBefore,
        LongBefore,
    }

    public string Write()
    {
        var table = _sql.Table(_query.Definition.Table);
        if (_driving is null && _span is null)
        {
            var columns = string.Join(", ", _query.Order.Select(o => AsText(o, _record.Key(o.Key))));
            var direct = string.Join(", ", _query.Order.Select(o => $"{_record.Key(o.Key)}{(o.Descending ? " desc" : "")}"));
            return $"select {Documents.Columns("r")}, {columns} from {table} r"
                + $"{Where(Others([]).Select(_record.Bind).Concat(Keyset(_record)))} "
                + $"order by {direct} limit {_limit}";
        }

        var keys = string.Join(", ", _query.Order.Select((o, i) => AsText(o, $"k.k{i}")));
        IEnumerable<string> stretches = _span is null ? [Stretch([])] : Begins(_span).Select(begin => Stretch(BeginsAt(begin, _span)));
        return $"select {Documents.Columns("r")}, {keys} from (select * from "
            + $"({string.Join(" union all ", stretches.Select(s => $"({s})"))}) b "
            + $"order by {_order} limit {_limit}) k join {table} r on r.id = k.k{_query.Order.Count - 1} order by {OrderOf("k.")}";
    }

    /// <summary>The rows of one stretch, of the record's table or of the driving index.</summary>
    private string Stretch(List<string> begin)
    {
        if (_driving is not null)
            return DrivenStretch(_driving, begin);
        var columns = string.Join(", ", _query.Order.Select((o, i) => $"{_record.Key(o.Key)} as k{i}"));
        var conditions = begin.Concat(Others([_span!.Condition]).Select(_record.Bind)).Concat(Keyset(_record));
        return $"select {columns} from {_sql.Table(_query.Definition.Table)} r{Where(conditions)} order by {_order} limit {_limit}";
    }

    private string DrivenStretch(Condition driving, List<string> begin)
    {
        var index = driving.Filter.DrivingIndex!;
        var row = Row.Driving(index.Part);
        var binder = new ConditionBinder(_sql, row);
        var members = (string[])driving.Value;
        // the driving index has the bounds and the id: a predicate on nothing else needs no look at the record
        var others = Others(_span is null ? [driving] : [driving, _span.Condition]).ToList();
        var needsRecord = !others.TrueForAll(row.Has);
        var conditions = new List<string> { $"d.{index.Column} = {(members.Length == 1 ? _sql.Add(members[0]) : "m.id")}" };
        if (index.Role is not null)
            conditions.Add($"d.role = {_sql.Add(index.Role)}");
        conditions.AddRange(begin);
        conditions.AddRange(others.Select(p => row.Has(p) ? binder.Bind(p) : _record.Bind(p)));
        conditions.AddRange(Keyset(binder));
        var (earliest, id) = (binder.Key(ListDefinition.Earliest), binder.Key(ListDefinition.Id));
        var driven = $"select distinct {earliest} as k0, {id} as k1 from {_sql.Table(index.Part.Name)} d"
            + (needsRecord ? $" join {_sql.Table(_query.Definition.Table)} r on r.id = {id}" : "")
            + $"{Where(conditions)} order by {_order} limit {_limit}";
        return members.Length == 1
            ? driven
            : $"select distinct l.k0, l.k1 from unnest({_sql.Add(members)}) m(id) cross join lateral ({driven}) l "
                + $"order by {_order} limit {_limit}";
    }

    /// <summary>A page after a record in the span has no more records that begin before it.</summary>
    private Begin[] Begins(Span span) =>
        _query.After is not null && !_query.Order[0].Descending && Day(_query.After[0]) >= (DateOnly)span.First
            ? [Begin.Inside]
            : [Begin.Inside, Begin.ShortlyBefore, Begin.LongBefore];

    private List<string> BeginsAt(Begin begin, Span span)
    {
        var row = _driving is null ? Row.Record : Row.Driving(_driving.Filter.DrivingIndex!.Part);
        var (earliest, latest) = (row.Column(ListDefinition.Earliest.Column), row.Column(ListDefinition.Latest.Column));
        var day = _sql.Add(span.First);
        var conditions = new List<string>();
        if (span.Last is not null)
            conditions.Add($"{earliest} <= {_sql.Add(span.Last)}");
        conditions.Add(begin switch
        {
            Begin.Inside => $"{earliest} >= {day}",
            Begin.ShortlyBefore => $"{earliest} < {day} and {earliest} >= {day} - {LongestShort} and {latest} >= {day} "
                + $"and {latest} > {earliest} and {latest} <= {earliest} + {LongestShort}",
            _ => $"{earliest} < {day} and {latest} >= {day} and {latest} > {earliest} + {LongestShort}",
        });
        return conditions;
    }

    private IEnumerable<Predicate> Others(Condition[] written) =>
        ListSql.Predicates(_query with { Conditions = [.. _query.Conditions.Except(written)] });

    /// <summary>
    /// The rows that come after the keys: a row comparison where all keys have one direction, else a bound on the first key (for the index)
    /// and the alternatives.
    /// </summary>
    private IEnumerable<string> Keyset(ConditionBinder binder)
    {
        if (_query.After is null)
            yield break;
        var order = _query.Order;
        var columns = order.Select(o => binder.Key(o.Key)).ToList();
        var values = order.Select((o, i) => KeyValue(o.Key, _query.After[i])).ToList();
        if (order.All(o => o.Descending == order[0].Descending))
        {
            yield return $"({string.Join(", ", columns)}) {(order[0].Descending ? "<" : ">")} ({string.Join(", ", values)})";
            yield break;
        }

        var text = new StringBuilder($"{columns[0]} {(order[0].Descending ? "<=" : ">=")} {values[0]} and (");
        for (var i = 0; i < order.Count; i++)
        {
            text.Append(i == 0 ? "(" : " or (");
            for (var j = 0; j < i; j++)
                text.Append(CultureInfo.InvariantCulture, $"{columns[j]} = {values[j]} and ");
            text.Append(CultureInfo.InvariantCulture, $"{columns[i]} {(order[i].Descending ? "<" : ">")} {values[i]})");
        }

        yield return text.Append(')').ToString();
    }

    private string KeyValue(SortKey key, string value) => key.Type switch
    {
        FieldType.Text => _sql.Add(value),
        FieldType.Date => _sql.Add(Day(value)),
        FieldType.Instant => _sql.Add(new DateTime(long.Parse(value, CultureInfo.InvariantCulture), DateTimeKind.Utc)),
        // numeric holds NaN (which stands for "no value" in an order) and more digits than decimal: it travels as text
        FieldType.Number => $"{_sql.Add(value, NpgsqlDbType.Text)}::numeric",
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    private string OrderOf(string alias) => string.Join(", ", _query.Order.Select((o, i) => $"{alias}k{i}{(o.Descending ? " desc" : "")}"));

    private static string AsText(OrderBy order, string key) => order.Key.Type == FieldType.Number ? $"{key}::text" : key;

    private static DateOnly Day(string value) => DateOnly.ParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Where(IEnumerable<string> conditions) => ListSql.Where([.. conditions]);

    /// <summary>The days that records have to reach into; without an end where another filter sets it.</summary>
    private sealed class Span(Condition condition)
    {
        public Condition Condition { get; } = condition;

        public object First { get; } = condition.Value is (DateOnly first, DateOnly _) ? first : condition.Value;

        public object? Last { get; } = condition.Value is (DateOnly _, DateOnly last) ? last : null;
    }
}
