using System.Globalization;
using NpgsqlTypes;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Counts;

/// <summary>Writes the statements that count the records of a list and its facets at once: of facet, value and number of records.</summary>
internal static class CountSql
{
    /// <summary>In place of a facet: how many rows a sample has.</summary>
    public const string Sampled = "*";

    /// <summary>Counts all matching records.</summary>
    public static string Count(ListQuery query, int max, SqlParameters sql)
    {
        if (query.Facets.Count == 0)
            return $"select '', '', ({ListSql.Count(query, sql)})";
        var columns = string.Join(", ", Columns(query).Prepend("id").Select(c => $"r.{c}"));
        return $"with m as materialized (select {columns} {ListSql.From(query, sql)}) {Counts(query, max, sql)}";
    }

    /// <summary>
    /// Counts the matching records of a sample of the table's pages, the same each time; each row is looked up in its parts by itself.
    /// </summary>
    public static string Sample(ListQuery query, double percent, int max, SqlParameters sql)
    {
        var share = percent.ToString("0.########", CultureInfo.InvariantCulture);
        var binder = new ConditionBinder(sql, Row.Record with { LooksUpParts = true });
        var conditions = ListSql.Where([.. ListSql.Predicates(query).Select(binder.Bind)]);
        return $"with t as materialized (select * from {query.Definition.Table} tablesample system ({share}) repeatable (0)), "
            + $"m as materialized (select r.* from t r{conditions}) {Counts(query, max, sql)} "
            + $"union all select '{Sampled}', '', count(*) from t";
    }

    private static string Counts(ListQuery query, int max, SqlParameters sql)
    {
        var limit = sql.Add(max, NpgsqlDbType.Integer);
        return string.Join(" union all ",
            query.Facets.Select(Facet).Prepend("select '' as facet, '' as value, count(*) as records from m"));

        string Facet(FacetDefinition facet)
        {
            var (value, join, count) = new ConditionBinder(sql, new Row("m", "id")).Facet(facet, ListSql.ConditionsOfPart(query, facet));
            return $"(select '{facet.Name}', ({value})::text collate \"C\", count({count}) from m{join} where {value} is not null "
                + $"group by 2 order by 3 desc, 2 limit {limit})";
        }
    }

    /// <summary>The columns of the record that facets read.</summary>
    private static IEnumerable<string> Columns(ListQuery query) => query.Facets.SelectMany(f => f switch
    {
        ColumnFacet c => [c.Column],
        DatePrecisionFacet => [ListDefinition.OuterEarliest, ListDefinition.OuterLatest],
        ArrayFacet a => [a.Column],
        EitherFacet e => [e.First, e.Second],
        _ => Array.Empty<string>(),
    }).Distinct();
}
