using System.Globalization;
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
/// from its beginning. Records without a value of the first key come last in either direction. Where the index has them first, they are a
/// stretch of their own.
/// </remarks>
internal sealed class PageSql
{
    /// <summary>Days beyond which a record lasts long. The partial indexes of the short and the long ones have the same number.</summary>
    private const int LongestShort = 366;

    private readonly ListQuery _query;

    /// <summary>The query as it was asked for, where the page splits it.</summary>
    private readonly ListQuery _asked;
    private readonly SqlParameters _sql;
    private readonly ConditionBinder _record;
    private readonly PageOrder _order;

    /// <summary>The table of the records; as of a new position two, since few of the old versions belong to it.</summary>
    private readonly IReadOnlyList<string> _tables;
    private readonly Condition? _driving;
    private readonly Span? _span;

    /// <summary>The same list beyond what is known, which is a stretch of its own; null where it is not asked for.</summary>
    private readonly ListQuery? _beyond;

    /// <summary>How surely each record holds, as SQL; null where the list does not ask.</summary>
    private readonly string? _holds;

    /// <summary>A last column with the number of records that hold beyond what is known; empty where the list does not ask.</summary>
    private readonly string _countOfBeyond;

    /// <summary>Whether records without a value of the first key are a stretch of their own.</summary>
    private readonly bool _missingApart;

    /// <summary>
    /// Written out: the database then plans for a page of this size and not for a tenth of the table. There are few sizes.
    /// </summary>
    private readonly string _limit;

    /// <summary>A last column with the newest position. It is of the same snapshot as the page, which is that of this position.</summary>
    private readonly string _newest;

    /// <summary>Whether each row has the instant of its commit; else it has the transaction.</summary>
    private readonly bool _isDated;

    public PageSql(ListQuery query, SqlParameters sql, bool isDated = true)
    {
        _isDated = isDated;
        (_query, _asked, _sql) = (query, query, sql);
        _record = new ConditionBinder(sql, Row.Record);
        _order = new PageOrder(query, sql);
        _tables = sql.Tables(query.Definition.Table);
        _holds = ListSql.HoldsOrNull(query, sql);
        _countOfBeyond = query.CountsBeyond ? $", ({ListSql.CountBeyond(query, sql)})" : "";
        var byEarliest = query.Order[0].Key.Column == ListDefinition.Earliest.Column;
        if (byEarliest && query.Search is null && query.Time is { ReachesBeyond: true, Model.Part: null } time)
        {
            _beyond = query with { Time = time.Beyond };
            _query = query = query with { Time = time.KnownOrNull };
        }

        _driving = byEarliest && query.Order.Count == 2 && query.Search is null
            ? query.Conditions.FirstOrDefault(c => c.Filter.DrivingIndex is not null) : null;
        _span = byEarliest && query.Search is null && query.Definition.HasDates
            && query.Conditions.FirstOrDefault(c => c.Filter.IsRangeStart) is { } days
            && new Span(days) is { First: not DateOnly { DayNumber: 0 } } span ? span : null;
        _limit = (query.Limit + 1).ToString(CultureInfo.InvariantCulture);
        _missingApart = PageOrder.PutsMissingFirst(query.Order[0]);
        _newest = query.AsOf is not null ? ""
            : ", (select position || '-' || token from ledger_transactions where position is not null order by position desc limit 1)";
    }

    /// <summary>A stretch of an index that holds a part of the list in its order.</summary>
    private enum Stretch
    {
        /// <summary>All of the list.</summary>
        Whole,

        /// <summary>Records with a value of the first key.</summary>
        Known,

        /// <summary>Records without a value of the first key; of a span, those that reach into it.</summary>
        Missing,

        /// <summary>Records that begin in the span.</summary>
        Inside,

        /// <summary>Records that begin in the year before the span and reach into it.</summary>
        ShortlyBefore,

        /// <summary>Records that begin at any time before the span, reach into it and last longer than a year.</summary>
        LongBefore,
    }

    public string Write()
    {
        var table = _sql.Table(_query.Definition.Table);
        if (_query.Found is not null)
            return WriteFound(table, _query.Found);
        if (_driving is null && _span is null && _beyond is null)
            return WriteDirect();
        var keys = _order.Texts((_, i) => $"k.k{i}");
        var stretches = _beyond is not null && _query.Time is null ? []
            : Stretches().SelectMany(RowsOf);
        if (_beyond is not null)
            stretches = stretches.Concat(BeyondStretches(_beyond));
        // as of a position the database takes the rows for many, and would read all transactions to join them
        var (columns, transactions) = _query.AsOf is null && _isDated
            ? (Documents.JoinedColumns("r", "i"), " left join ledger_transactions i on i.id = r.transaction_id")
            : (DocumentOf("r"), "");
        return $"select {columns}, {keys}{_newest}{Holds} from (select * from ({Together(stretches)}) b "
            + $"order by {_order.OfPage("b.")} limit {_limit}) k join {table} r on r.id = k.k{_query.Order.Count - 1}{transactions} "
            + $"order by {_order.OfPage("k.")}";
    }

    /// <summary>
    /// The rows of stretches. Records without a value of the first key come last. They are read only where the others do not fill the page:
    /// the database runs the parts of a union one after the other, and none after the limit.
    /// </summary>
    private string Together(IEnumerable<(Stretch Stretch, string Rows)> stretches)
    {
        var parts = stretches.ToLookup(s => s.Stretch == Stretch.Missing, s => $"({s.Rows})");
        var both = ((bool[])[false, true]).Where(parts.Contains).Select(isMissing => InOrder([.. parts[isMissing]])).ToList();
        return both.Count == 1 ? string.Join(" union all ", parts.Single()) : $"{string.Join(" union all ", both)} limit {_limit}";

        string InOrder(IReadOnlyList<string> rows) => rows.Count == 1 ? rows[0]
            : $"(select * from ({string.Join(" union all ", rows)}) f order by {_order.OfPage("f.")} limit {_limit})";
    }

    /// <summary>
    /// The ids of the page of a search and the one after it, from all that match: the plan is that of the whole, which begins with the
    /// index of words, whatever the size of the page.
    /// </summary>
    public string WriteIdsOfAll()
    {
        var keys = _order.Keys(_record);
        var conditions = Others([]).Select(_record.Bind).Concat(_query.After is null ? [] : _order.Keyset(_record, inStretch: false));
        return $"with m as materialized (select {keys} from {_sql.Table(_query.Definition.Table)} r{Where(conditions)}) "
            + $"select k{_query.Order.Count - 1} from m order by {_order.OfPage("m.")} limit {_limit}";
    }

    /// <summary>
    /// The same from the next so many records in the order of the list: for words that very many have. With how many records were
    /// looked at.
    /// </summary>
    public string WriteIdsOfNext(int most)
    {
        var limit = most.ToString(CultureInfo.InvariantCulture);
        var without = new PageSql(_query with { Search = null, CountsBeyond = false }, _sql);
        var next = string.Join(" union all ", without.Stretches().SelectMany(s => without._tables
            .Select(t => $"({without.RecordStretch(s, t, ", r.search_text", limit)})")));
        var words = new ConditionBinder(_sql, new Row("w", "id")).Bind(ListSql.Words(_query)!);
        return $"with w as materialized (select * from ({next}) b order by {_order.OfPage("b.")} limit {limit}) "
            + $"select array(select k{_query.Order.Count - 1} from w where {words} order by {_order.OfPage("w.")} limit {_limit}), "
            + "(select count(*) from w)";
    }

    /// <summary>
    /// The same from the next so many records that an index gives in the order of the list, by some of the conditions: a bounded part of a
    /// list whose other conditions have no index. With the keys of the last record that was looked at; null where none follows.
    /// </summary>
    public string WriteIdsAmongNext(int most)
    {
        var limit = most.ToString(CultureInfo.InvariantCulture);
        // days bound what is read of an index of days alone
        var boundsDays = _query.Order[0].Key.Column == ListDefinition.Earliest.Column && _asked.Time is not { ReachesBeyond: true };
        var without = new PageSql(
            _asked with
            {
                Conditions =
                [
                    .. _asked.Conditions.Where(c => c == _driving
                        || (boundsDays && c.Filter is { Time: not null, SharesPart: false } && c.Predicate is not HasPart)),
                ],
                Time = null,
                Search = null,
                CountsBeyond = false,
                Limit = most - 1,
            },
            _sql);
        var next = without.Together(without.Stretches().SelectMany(without.RowsOf));
        var id = $"k{_query.Order.Count - 1}";
        var keys = _order.Texts((_, i) => $"w.k{i}");
        var conditions = ListSql.Predicates(_asked).Select(_record.Bind).Prepend($"r.id = w.{id}");
        // one by one: of a join, the database may expect so little that it looks through the table
        return $"with w as materialized (select * from ({next}) b order by {_order.OfPage("b.")} limit {limit}), "
            + "m as (select w.* from w cross join lateral "
            + $"(select from {_sql.Table(_query.Definition.Table)} r{Where(conditions)} limit 1) r) "
            + $"select array(select {id} from m order by {_order.OfPage("m.")} limit {_limit}), l.* from (select 1) o left join "
            + $"(select {keys} from w order by {_order.OfPage("w.")} offset {most - 1} limit 1) l on true";
    }

    private string WriteFound(string table, string[] ids)
    {
        var columns = _order.Texts((o, _) => _record.Key(o.Key));
        return $"select {DocumentOf("r")}, {columns}{_newest}{Holds} from {table} r "
            + $"where r.id = any({_sql.Add(ids)}) order by {_order.OfRows(_record)}";
    }

    /// <summary>The rows of the record's table in the order of the list, in one stretch or two.</summary>
    private string WriteDirect()
    {
        var stretches = Stretches().SelectMany(s => _tables.Select(t => (Stretch: s, Table: t))).ToList();
        if (stretches.Count == 1)
        {
            var columns = _order.Texts((o, _) => _record.Key(o.Key));
            return Direct(stretches[0].Stretch, stretches[0].Table, $"{DocumentOf("r")}, {columns}{_newest}{Holds}");
        }

        var keys = _order.Keys(_record)
            + (_holds is null ? "" : $", {_holds} as holds");
        var stored = $"{Documents.StoredColumns("r")}, {keys}";
        return $"select {DocumentOf("k")}, {_order.Texts((_, i) => $"k.k{i}")}"
            + $"{_newest}{(_holds is null ? "" : ", k.holds")}{_countOfBeyond} from "
            + $"({Together(stretches.Select(s => (s.Stretch, Direct(s.Stretch, s.Table, stored))))}) k "
            + $"order by {_order.OfPage("k.")} limit {_limit}";

        string Direct(Stretch stretch, string table, string columns) =>
            $"select {columns} from {table} r"
                + $"{Where(ConditionsOf(stretch, _record).Concat(Others([]).Select(_record.Bind)).Concat(Keyset(stretch, _record)))} "
                + $"order by {_order.OfStretch(_record)} limit {_limit}";
    }

    /// <summary>The keys of a stretch, from each of the tables that has some.</summary>
    private IEnumerable<(Stretch Stretch, string Rows)> RowsOf(Stretch stretch) => _driving is not null
        ? [(stretch, DrivenStretch(stretch, _driving))] : _tables.Select(t => (stretch, RecordStretch(stretch, t)));

    /// <summary>The keys of one stretch of the record's table.</summary>
    private string RecordStretch(Stretch stretch, string table, string more = "", string? limit = null)
    {
        var columns = _order.Keys(_record) + more;
        var conditions = ConditionsOf(stretch, _record).Concat(Others(_span is null ? [] : [_span.Condition]).Select(_record.Bind))
            .Concat(Keyset(stretch, _record));
        return $"select {columns} from {table} r{Where(conditions)} order by {_order.OfStretch(_record)} limit {limit ?? _limit}";
    }

    /// <summary>The keys of the records that hold beyond what is known: an index of their own has them in the order of the list.</summary>
    private IEnumerable<(Stretch Stretch, string Rows)> BeyondStretches(ListQuery query)
    {
        var columns = _order.Keys(_record);
        Stretch[] stretches = !_missingApart ? [Stretch.Whole]
            : _order.IsAfterMissing(0) ? [Stretch.Missing] : [Stretch.Known, Stretch.Missing];
        var earliest = _record.Key(ListDefinition.Earliest);
        foreach (var stretch in stretches)
        {
            string[] own =
            [
                ListSql.ReachesBeyond(Row.Record.Column),
                .. stretch switch
                {
                    Stretch.Missing => [ConditionBinder.IsMissing(_query.Order[0], earliest)],
                    Stretch.Known => [ConditionBinder.IsThere(_query.Order[0], earliest)],
                    _ => Array.Empty<string>(),
                },
            ];
            var conditions = own.Concat(ListSql.Predicates(query).Select(_record.Bind)).Concat(Keyset(stretch, _record));
            foreach (var table in _tables)
            {
                yield return (stretch,
                    $"select {columns} from {table} r{Where(conditions)} order by {_order.OfStretch(_record)} limit {_limit}");
            }
        }
    }

    /// <summary>The keys of one stretch of a driving index.</summary>
    private string DrivenStretch(Stretch stretch, Condition driving)
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
        conditions.AddRange(ConditionsOf(stretch, binder));
        conditions.AddRange(others.Select(p => row.Has(p) ? binder.Bind(p) : _record.Bind(p)));
        conditions.AddRange(Keyset(stretch, binder));
        var order = string.Join(", ", _query.Order.Select((o, i) => $"k{i}{(o.Descending ? " desc" : "")}"));
        var (earliest, id) = (binder.Key(ListDefinition.Earliest), binder.Key(ListDefinition.Id));
        var driven = $"select distinct {earliest} as k0, {id} as k1 from {_sql.Table(index.Part.Name)} d"
            + (needsRecord ? $" join {_sql.Table(_query.Definition.Table)} r on r.id = {id}" : "")
            + $"{Where(conditions)} order by {order} limit {_limit}";
        return members.Length == 1
            ? driven
            : $"select distinct l.k0, l.k1 from unnest({_sql.Add(members)}) m(id) cross join lateral ({driven}) l "
                + $"order by {order} limit {_limit}";
    }

    /// <summary>
    /// The stretches that the page can have rows of. After a record without a value of the first key there are no more with one; after a
    /// record in the span, none that begin before it.
    /// </summary>
    private IEnumerable<Stretch> Stretches()
    {
        if (_missingApart && _order.IsAfterMissing(0))
            return [Stretch.Missing];
        IEnumerable<Stretch> known = _span is null ? [_missingApart ? Stretch.Known : Stretch.Whole]
            : _query.After is not null && !_query.Order[0].Descending && PageOrder.Day(_query.After[0]) >= (DateOnly)_span.First
                ? [Stretch.Inside]
            : [Stretch.Inside, Stretch.ShortlyBefore, Stretch.LongBefore];
        return _missingApart ? known.Append(Stretch.Missing) : known;
    }

    private IEnumerable<string> ConditionsOf(Stretch stretch, ConditionBinder binder)
    {
        var first = _query.Order[0];
        if (stretch == Stretch.Missing)
            yield return ConditionBinder.IsMissing(first, binder.Key(first.Key));
        else if (_missingApart && stretch is not Stretch.ShortlyBefore)
            yield return ConditionBinder.IsThere(first, binder.Key(first.Key));
        if (_span is null)
            yield break;
        var (earliest, latest) = (binder.Key(ListDefinition.Earliest), binder.Key(ListDefinition.Latest));
        var day = _sql.Add(_span.First);
        // what is undated comes after everything
        yield return _span.Last is null or DateOnly { Year: 9999, DayOfYear: 365 }
            ? $"{earliest} < 'infinity'" : $"{earliest} <= {_sql.Add(_span.Last)}";
        yield return stretch switch
        {
            Stretch.Inside => $"{earliest} >= {day}",
            Stretch.ShortlyBefore => $"{earliest} < {day} and {earliest} >= {day} - {LongestShort} and {latest} >= {day} "
                + $"and {latest} > {earliest} and {latest} <= {earliest} + {LongestShort}",
            Stretch.LongBefore => $"{earliest} < {day} and {latest} >= {day} and {latest} > {earliest} + {LongestShort}",
            _ => first.Descending ? $"{latest} >= {day}" : $"{latest} >= {day} and {latest} > {earliest} + {LongestShort}",
        };
    }

    private string DocumentOf(string alias) => _isDated ? Documents.Columns(alias) : Documents.StoredColumns(alias);

    private string Holds => _holds is null ? "" : $", {_holds}{_countOfBeyond}";

    private IEnumerable<Predicate> Others(Condition[] written) =>
        ListSql.Predicates(written.Length == 0 ? _query : _query with { Conditions = [.. _query.Conditions.Except(written)] });

    /// <summary>The rows of a stretch that come after the keys.</summary>
    private IEnumerable<string> Keyset(Stretch stretch, ConditionBinder binder) =>
        _query.After is null || (stretch == Stretch.Missing && !_order.IsAfterMissing(0)) ? [] : _order.Keyset(binder, inStretch: true);

    private static string Where(IEnumerable<string> conditions) => ListSql.Where([.. conditions]);

    /// <summary>The days that records have to reach into; without an end where another filter sets it.</summary>
    private sealed class Span(Condition condition)
    {
        public Condition Condition { get; } = condition;

        public object First { get; } = condition.Value is (DateOnly first, DateOnly _) ? first : condition.Value;

        public object? Last { get; } = condition.Value is (DateOnly _, DateOnly last) ? last : null;
    }
}
