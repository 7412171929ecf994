using System.Globalization;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Counts;

/// <summary>
/// Writes how many records of a resource have each value, for the whole resource and for each scope that counts are kept for: an actor, or
/// the parent of the records.
/// </summary>
/// <param name="list">The resource.</param>
/// <param name="sql">The parameters of the statement.</param>
internal sealed class ValueCountSql(ListDefinition list, SqlParameters sql)
{
    /// <summary>The facet that stands for the records themselves.</summary>
    public const string OfRecords = "";

    /// <summary>The scope of all records.</summary>
    public const string WholeScope = "";

    /// <summary>The edition of what is counted. Another way to find the values of a facet needs the next number.</summary>
    private const int Edition = 1;

    /// <summary>States what is counted: counts of something else are not used.</summary>
    public static string Counted(ListDefinition list) =>
        string.Create(CultureInfo.InvariantCulture, $"{Edition}/{list.KeptBy?.Name}/{string.Join(',', list.Facets.Select(f => f.Name))}");

    /// <summary>The names of what is counted.</summary>
    public static IEnumerable<string> FacetsOf(ListDefinition list) => list.Facets.Select(f => f.Name).Prepend(OfRecords);

    /// <summary>A select of scope, facet, value and number of records.</summary>
    /// <param name="facet">What is counted.</param>
    /// <param name="state">The state; null is the current one.</param>
    /// <param name="ids">The records that count, as an array in SQL; null: all.</param>
    /// <param name="scope">The only scope that counts, as SQL; null: all.</param>
    public string Write(string facet, AsOf? state, string? ids, string? scope)
    {
        var values = facet == OfRecords
            ? $"select r.id, ''::text as value from {Table(list.Table, state)} r{Where(ids, "r.id")}"
            : Values(list.Facets.First(f => f.Name == facet), state, ids);
        var scopes = string.Join(" union all ", Scopes(state, ids, scope));
        return $"select s.scope, '{facet}'::text as facet, (v.value)::text collate \"C\" as value, count(*) as records "
            + $"from ({values}) v join ({scopes}) s on s.id = v.id group by 1, 3";
    }

    private IEnumerable<string> Scopes(AsOf? state, string? ids, string? scope)
    {
        if (list.Scope is { } parent)
        {
            var only = scope is null ? null : $"r.{parent.Column} = {scope}";
            yield return $"select r.id, r.{parent.Column} as scope from {Table(list.Table, state)} r{Where(ids, "r.id", only)}";
            yield break;
        }

        if (scope is null or "''")
            yield return $"select r.id, ''::text collate \"C\" as scope from {Table(list.Table, state)} r{Where(ids, "r.id")}";
        if (list.KeptBy is { } by && scope != "''")
        {
            var only = scope is null ? "" : $" where v.value = {scope}";
            yield return $"select v.id, (v.value)::text collate \"C\" as scope from ({Values(by, state, ids)}) v{only}";
        }
    }

    /// <summary>A select of the ids of records and the values that they have, each once.</summary>
    private string Values(FacetDefinition facet, AsOf? state, string? ids) => facet switch
    {
        ColumnFacet f => $"select r.id, (r.{f.Column})::text as value from {Table(list.Table, state)} r"
            + Where(ids, "r.id", $"r.{f.Column} is not null"),
        DatePrecisionFacet => $"select r.id, ({new ConditionBinder(sql, Row.Record).Facet(facet, []).Value})::text as value "
            + $"from {Table(list.Table, state)} r{Where(ids, "r.id")}",
        ArrayFacet f => $"select distinct r.id, u.value from {Table(list.Table, state)} r cross join lateral unnest(r.{f.Column}) u(value)"
            + Where(ids, "r.id", "u.value is not null"),
        EitherFacet f => $"select distinct r.id, u.value from {Table(list.Table, state)} r "
            + $"cross join lateral (values (r.{f.First}), (r.{f.Second})) u(value){Where(ids, "r.id", "u.value is not null")}",
        PartFacet f => $"select distinct p.{f.Part.Owner} as id, (p.{f.Column})::text as value from {Table(f.Part.Name, state)} p"
            + Where(ids, $"p.{f.Part.Owner}", $"p.{f.Column} is not null", f.Except is null ? null : $"p.{f.Column} <> '{f.Except}'"),
        _ => throw new ArgumentOutOfRangeException(nameof(facet), $"No SQL is known for {facet.GetType().Name}."),
    };

    private string Table(string name, AsOf? state) => state is null ? name : state.Of(name, sql);

    private static string Where(string? ids, string id, params string?[] conditions) =>
        ListSql.Where([.. conditions.Prepend(ids is null ? null : $"{id} = any({ids})").OfType<string>()]);
}
