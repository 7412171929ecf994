using System.Globalization;
using System.Text;
using NpgsqlTypes;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>Writes the order of a list, and which rows come after the last one of the page before.</summary>
/// <param name="query">The list.</param>
/// <param name="sql">The parameters of the statement.</param>
internal sealed class PageOrder(ListQuery query, SqlParameters sql)
{
    /// <summary>The sort keys as the columns <c>k0</c>, <c>k1</c> ….</summary>
    public string Keys(ConditionBinder binder) => string.Join(", ", query.Order.Select((o, i) => $"{binder.Key(o.Key)} as k{i}"));

    /// <summary>The sort keys as columns of the page, from rows or from such columns.</summary>
    public string Texts(Func<OrderBy, int, string> keyOf) => string.Join(", ", query.Order.Select((o, i) => AsText(o, keyOf(o, i))));

    /// <summary>The order of rows of the record's table.</summary>
    public string OfRows(ConditionBinder binder) => Of(Terms((o, _) => binder.Key(o.Key), inStretch: false));

    /// <summary>
    /// The rows that come after the keys: a row comparison where all keys have one direction, else a bound on the first key (for the index)
    /// and the alternatives. All rows without a value of the first key come after one that has it.
    /// </summary>
    public IEnumerable<string> Keyset(ConditionBinder binder, bool inStretch)
    {
        var terms = Terms((o, _) => binder.Key(o.Key), inStretch).ToList();
        if (terms.TrueForAll(t => t.Descending == terms[0].Descending))
        {
            yield return $"({string.Join(", ", terms.Select(t => t.Key))}) {(terms[0].Descending ? "<" : ">")} "
                + $"({string.Join(", ", terms.Select(Value))})";
            yield break;
        }

        var text = new StringBuilder($"{terms[0].Key} {(terms[0].Descending ? "<=" : ">=")} {Value(terms[0])} and (");
        for (var i = 0; i < terms.Count; i++)
        {
            text.Append(i == 0 ? "(" : " or (");
            for (var j = 0; j < i; j++)
                text.Append(CultureInfo.InvariantCulture, $"{terms[j].Key} = {Value(terms[j])} and ");
            text.Append(CultureInfo.InvariantCulture, $"{terms[i].Key} {(terms[i].Descending ? "<" : ">")} {Value(terms[i])})");
        }

        yield return text.Append(')').ToString();

        string Value(Term term) => term.IsOfMissing
            ? IsAfterMissing(term.Number) ? "true" : "false"
            : KeyValue(query.Order[term.Number].Key, query.After![term.Number]);
    }

    /// <summary>
    /// What the rows are sorted by. Where an order would put records without a value first, whether the value is missing goes before it;
    /// within a stretch the first key needs no such term.
    /// </summary>
    private IEnumerable<Term> Terms(Func<OrderBy, int, string> keyOf, bool inStretch) =>
        query.Order.SelectMany((o, i) => PutsMissingFirst(o) && !(inStretch && i == 0)
            ? new[] { new Term(i, $"({ConditionBinder.IsMissing(o, keyOf(o, i))})", false, true),
                new Term(i, keyOf(o, i), o.Descending, false) }
            : [new Term(i, keyOf(o, i), o.Descending, false)]);

    /// <summary>The order of the rows of a stretch.</summary>
    public string OfStretch(ConditionBinder binder) => Of(Terms((o, _) => binder.Key(o.Key), inStretch: true));

    /// <summary>The order of rows with the keys as columns.</summary>
    public string OfPage(string alias) => Of(Terms((_, i) => $"{alias}k{i}", inStretch: false));

    private static string Of(IEnumerable<Term> terms) =>
        string.Join(", ", terms.Select(t => $"{t.Key}{(t.Descending ? " desc" : "")}"));

    public static bool PutsMissingFirst(OrderBy order) => order.Key.PutsMissingFirst(order.Descending);

    /// <summary>Whether the last record of the page before lacks the value of a key.</summary>
    public bool IsAfterMissing(int key) => query.After?[key] == query.Order[key].Key.MissingText(query.Order[key].Descending);

    private string KeyValue(SortKey key, string value) => key.Type switch
    {
        FieldType.Text => sql.Add(value),
        FieldType.Date => sql.Add(Day(value)),
        FieldType.Instant => sql.Add(Instant(value)),
        // numeric holds NaN (which stands for "no value" in an order) and more digits than decimal: it travels as text
        FieldType.Number => $"{sql.Add(value, NpgsqlDbType.Text)}::numeric",
        _ => throw new ArgumentOutOfRangeException(nameof(key)),
    };

    private static string AsText(OrderBy order, string key) => order.Key.Type == FieldType.Number ? $"{key}::text" : key;

    public static DateTime Instant(string value) => new(long.Parse(value, CultureInfo.InvariantCulture), DateTimeKind.Utc);

    public static DateOnly Day(string value) => DateOnly.ParseExact(value, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>A term of an order.</summary>
    /// <param name="Number">The number of the sort key.</param>
    /// <param name="Key">The value, or whether it is missing, as SQL.</param>
    /// <param name="Descending">The direction.</param>
    /// <param name="IsOfMissing">Whether the term states that the value is missing.</param>
    private sealed record Term(int Number, string Key, bool Descending, bool IsOfMissing);
}
