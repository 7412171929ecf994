using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Counts;

/// <summary>The counts of a list that were asked for.</summary>
/// <param name="Total">The number of records; null where it was not asked for, or would take too long.</param>
/// <param name="Facets">The facets by name; null likewise.</param>
/// <param name="IsExact">Whether both were counted.</param>
public sealed record ListCounts(long? Total, IReadOnlyDictionary<string, IReadOnlyList<FacetCount>>? Facets, bool IsExact)
{
    public static ListCounts None { get; } = new(null, null, true);
}

/// <summary>
/// Counts the records of lists at a cost that does not grow with them. Counts of whole resources and of actors are kept. Others are counted
/// as far as a budget of time suffices; beyond it they are estimated from a sample of the table. As of a position they are exact, or there
/// are none.
/// </summary>
public sealed class CountReader(ConnectionPools database, KeptCounts kept, TableSizes sizes)
{
    public const int MaxFacetValues = 100;

    /// <summary>Rows of a sample. With words, each is split into words.</summary>
    private const int SampleRows = 2000;

    private const int SampleRowsOfSearch = 500;

    /// <summary>Matching rows of a sample below which the planner's estimate of the whole is as good.</summary>
    private const int LeastMatches = 20;

    private static readonly TimeSpan ExactBudget = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SampleBudget = TimeSpan.FromMilliseconds(150);

    /// <summary>Counts a list and its facets. Of its search mode, order and page nothing depends.</summary>
    public async Task<ListCounts> ReadAsync(ListQuery query, CancellationToken cancellation)
    {
        if (query.Count == CountMode.None && query.Facets.Count == 0)
            return ListCounts.None;
        query = query with { SearchMode = SearchMode.Either, After = null };
        if (query.Count == CountMode.Estimated && query.Facets.Count == 0)
            return new ListCounts(await PlannedAsync(query, cancellation), null, false);
        if (query.AsOf is { Position.Number: 0 })
            return new ListCounts(0, query.Facets.ToDictionary(f => f.Name, _ => (IReadOnlyList<FacetCount>)[]), true);
        IReadOnlyList<string> names = [ValueCountSql.OfRecords, .. query.Facets.Select(f => f.Name)];
        var known = await kept.ReadOrNullAsync(query, names, cancellation);
        if (known is { IsExact: true })
            return Of(query, known);
        if (await CountOrNullAsync(query, cancellation) is { } counted)
            return counted;
        if (query.AsOf is not null)
            return ListCounts.None with { IsExact = false };
        return known is not null ? Of(query, known) : await EstimateAsync(query, cancellation);
    }

    private static ListCounts Of(ListQuery query, KeptValues kept) => new(
        kept.Values[ValueCountSql.OfRecords].GetValueOrDefault(""),
        query.Facets.ToDictionary(f => f.Name, f => Top(kept.Values[f.Name].Select(v => new FacetCount(v.Key, v.Value)))),
        kept.IsExact);

    private static IReadOnlyList<FacetCount> Top(IEnumerable<FacetCount> counts) =>
    [
        .. counts.Where(c => c.Records > 0).OrderByDescending(c => c.Records).ThenBy(c => c.Value, StringComparer.Ordinal)
            .Take(MaxFacetValues),
    ];

    /// <summary>Counts all matching records in one statement; null if that takes longer than it may.</summary>
    private async Task<ListCounts?> CountOrNullAsync(ListQuery query, CancellationToken cancellation)
    {
        var sql = new SqlParameters(query.AsOf);
        var statement = CountSql.Count(query, MaxFacetValues, sql);
        var budget = await sizes.BudgetAsync(query.Definition.Table, ExactBudget, cancellation);
        return await ReadOrNullAsync(query, statement, sql, budget, cancellation) is var (found, _)
            ? new ListCounts(found[ValueCountSql.OfRecords].Sum(c => c.Records),
                query.Facets.ToDictionary(f => f.Name, f => Top(found[f.Name])), true)
            : null;
    }

    /// <summary>Estimates from a sample of the table; what is in too few of its rows, from the statistics of the planner.</summary>
    private async Task<ListCounts> EstimateAsync(ListQuery query, CancellationToken cancellation)
    {
        var sql = new SqlParameters();
        var rows = query.Search is null ? SampleRows : SampleRowsOfSearch;
        var percent = await PercentAsync(query.Definition.Table, rows, cancellation);
        var statement = CountSql.Sample(query, percent, MaxFacetValues, sql);
        if (await ReadOrNullAsync(query, statement, sql, SampleBudget, cancellation) is not var (found, sampled) || sampled == 0)
            return new ListCounts(await PlannedAsync(query, cancellation), null, false);
        long Whole(long records) => (long)Math.Round(records * 100 / percent);
        var matches = found[ValueCountSql.OfRecords].Sum(c => c.Records);
        return new ListCounts(
            matches >= LeastMatches ? Whole(matches) : await PlannedAsync(query, cancellation),
            query.Facets.ToDictionary(f => f.Name, f => Top(found[f.Name].Select(c => c with { Records = Whole(c.Records) }))), false);
    }

    /// <summary>The share of a table that has about so many rows.</summary>
    private async Task<double> PercentAsync(string table, int rows, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select greatest(reltuples, 1)::float8 from pg_class where oid = $1::regclass");
        command.Parameters.Add(new NpgsqlParameter { Value = table, NpgsqlDbType = NpgsqlDbType.Text });
        return Math.Min(100, 100 * rows / (double)(await command.ExecuteScalarAsync(cancellation))!);
    }

    /// <summary>The planner's estimate.</summary>
    private async Task<long> PlannedAsync(ListQuery query, CancellationToken cancellation)
    {
        var sql = new SqlParameters(query.AsOf);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ListSql.WithBudget(ListSql.PlanForValues, SampleBudget)));
        var command = new NpgsqlBatchCommand(ListSql.Estimate(query, sql));
        sql.CopyTo(command.Parameters);
        batch.BatchCommands.Add(command);
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        using var plan = JsonDocument.Parse(reader.GetString(0));
        return (long)plan.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
    }

    /// <summary>The counts of a statement by facet, and the rows that it looked at; null if it takes longer than it may.</summary>
    private async Task<(Dictionary<string, List<FacetCount>> Found, long Sampled)?> ReadOrNullAsync(
        ListQuery query, string statement, SqlParameters sql, TimeSpan budget, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            ListSql.WithBudget(query.Search is null ? ListSql.PlanForValues : ListSql.PlanForWords, budget)));
        var command = new NpgsqlBatchCommand(statement);
        sql.CopyTo(command.Parameters);
        batch.BatchCommands.Add(command);
        var found = query.Facets.Select(f => f.Name).Prepend(ValueCountSql.OfRecords).ToDictionary(f => f, _ => new List<FacetCount>());
        var sampled = 0L;
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var facet = reader.GetString(0);
                if (facet == CountSql.Sampled)
                    sampled = reader.GetInt64(2);
                else
                    found[facet].Add(new FacetCount(reader.GetString(1), reader.GetInt64(2)));
            }

            return (found, sampled);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !cancellation.IsCancellationRequested)
        {
            connection.ForgetPrepared();
            return null;
        }
    }
}
