using System.Text.RegularExpressions;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Counts;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Tests.Storage;

/// <summary>As-of queries read only versioned tables.</summary>
public sealed partial class AsOfSqlTests
{
    private static readonly AsOf Past = new(new Position(7, null, "abcd1234"), DateTime.UnixEpoch, 7);

    public static TheoryData<string> Resources() => [.. All.Select(r => r.Name)];

    private static IReadOnlyList<Resource> All { get; } =
        [.. typeof(Resource).Assembly.GetTypes().Where(t => t is { IsAbstract: false } && t.IsSubclassOf(typeof(Resource)))
            .Select(t => (Resource)Activator.CreateInstance(t)!)];

    [Theory]
    [MemberData(nameof(Resources))]
    public void Each_filter_and_facet_of_an_as_of_list_reads_the_versions_of_its_tables(string name)
    {
        var definition = All.First(r => r.Name == name).List;
        var order = new OrderBy[] { new(definition.AllSortKeys.First(k => k.Name == definition.DefaultSort), false),
            new(ListDefinition.Id, false) }.DistinctBy(o => o.Key).ToArray();
        var driving = definition.Filters.FirstOrDefault(f => f.DrivingIndex is not null);

        // how surely is part of the question for a time, and no condition of its own
        foreach (var filter in definition.Filters.Where(f => f.Time is not (TimeRole.Holds or TimeRole.Match)))
        {
            foreach (var others in driving is null ? [[]] : new Condition[][] { [], [new Condition(driving, new[] { "somebody" })] })
            {
                var query = new ListQuery
                {
                    Definition = definition,
                    Order = order,
                    Limit = 10,
                    AsOf = Past,
                    Conditions = [.. others, new Condition(filter, Value(filter))],
                };
                Check($"{name}?{filter.Name}", sql => ListSql.Page(query, sql));
                Check($"{name}?{filter.Name}", sql => ListSql.Count(query, sql));
                Check($"{name}?{filter.Name}", sql => ListSql.Any(query, sql));
                Check($"{name}?{filter.Name}", sql => ListSql.Extent(query, sql));
            }
        }

        foreach (var facet in definition.Facets)
        {
            Check($"{name}?facets={facet.Name}",
                sql => CountSql.Count(
                    new ListQuery { Definition = definition, Order = order, Limit = 10, AsOf = Past, Facets = [facet] }, 10, sql));
        }
    }

    [Fact]
    public void Before_the_first_transaction_no_row_is_looked_at()
    {
        Assert.Equal("(select * from events_versions where false)", AsOf.Start.Of("events", new SqlParameters(AsOf.Start)));
        Assert.DoesNotContain("where false", Past.Of("events", new SqlParameters(Past)), StringComparison.Ordinal);
    }

    private static void Check(string what, Func<SqlParameters, string> statement)
    {
        var sql = statement(new SqlParameters(Past));
        var tables = Tables().Matches(sql).Select(m => m.Groups[1].Value).Distinct()
            .Where(t => !sql.Contains($"with {t} as ", StringComparison.Ordinal)).ToList();
        Assert.True(tables.TrueForAll(t => t.EndsWith("_versions", StringComparison.Ordinal) || t == "ledger_transactions"),
            $"{what} reads {string.Join(", ", tables)}: {sql}");
        Assert.NotEmpty(tables);
    }

    private static object Value(FilterDefinition filter) => filter.Kind switch
    {
        FilterKind.Codes => new[] { filter.Codes!.Values[0] },
        FilterKind.Texts or FilterKind.Actors or FilterKind.Ids => new[] { "one", "two" },
        FilterKind.Text => "text",
        FilterKind.FirstDay or FilterKind.LastDay => new DateOnly(2020, 1, 1),
        FilterKind.Days => (new DateOnly(2020, 1, 1), new DateOnly(2020, 12, 31)),
        FilterKind.Number => new ExactNumber("1"),
        FilterKind.Fields => filter.Fields.ToArray(),
        FilterKind.Boolean => true,
        FilterKind.Instant => DateTime.UnixEpoch,
        FilterKind.Box => new[] { 1m, 2m, 3m, 4m },
        _ => throw new ArgumentOutOfRangeException(nameof(filter)),
    };

    /// <summary>What stands after "from" or "join" and is a table.</summary>
    [GeneratedRegex(@"\b(?:from|join) (?!lateral\b|unnest\b)([a-z_]+)")]
    private static partial Regex Tables();
}
