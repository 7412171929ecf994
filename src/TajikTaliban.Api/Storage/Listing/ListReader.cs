using System.Buffers;
using System.Data;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace TajikTaliban.Api.Storage.Listing;

public sealed record FacetCount(string Value, long Records);

/// <summary>What came with the documents of a page.</summary>
/// <param name="Records">How many documents were written.</param>
/// <param name="Last">The sort keys of the last one, when more follow.</param>
/// <param name="Total">The count that was asked for.</param>
/// <param name="Facets">The facets that were asked for, by name.</param>
public sealed record Page(int Records, IReadOnlyList<string>? Last, long? Total, IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Facets);

/// <summary>Reads pages of ready documents.</summary>
public sealed class ListReader(NpgsqlDataSource database)
{
    internal const int MostFacetValues = 100;
    private const int MostCounted = 2000;
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> NoFacets = new Dictionary<string, IReadOnlyList<FacetCount>>();

    /// <summary>Hands each document of the page to <paramref name="document"/> as UTF-8 JSON, in order, in one round trip.</summary>
    public async Task<Page> ReadAsync(ListQuery query, Action<ReadOnlyMemory<byte>> document, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        query = await ShortestWalkFirstAsync(query, connection, cancellation);
        await using var batch = connection.CreateBatch();
        var planning = PlanningOrNull(query);
        if (planning is not null)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(planning));
        Add(batch, query, parameters => ListSql.Page(query, parameters));
        if (query.Count == CountMode.Exact)
            Add(batch, query, parameters => ListSql.Count(query, parameters));
        if (query.Count == CountMode.Estimated)
            Add(batch, query, parameters => ListSql.Estimate(query, parameters));
        foreach (var facet in query.Facets)
            Add(batch, query, parameters => ListSql.Facet(query, facet, MostFacetValues, parameters));

        await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.Default, cancellation);
        if (planning is not null)
            await reader.NextResultAsync(cancellation);
        var records = 0;
        IReadOnlyList<string>? last = null;
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            while (records < query.Limit && await reader.ReadAsync(cancellation))
            {
                var length = (int)reader.GetBytes(0, 0, null, 0, 0);
                if (length > buffer.Length)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(length);
                }

                reader.GetBytes(0, 0, buffer, 0, length);
                document(buffer.AsMemory(0, length));
                if (++records == query.Limit)
                    last = Keys(reader, query);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // the row beyond the page tells that there is more; without it the page was the last
        var more = records == query.Limit && await reader.ReadAsync(cancellation);
        return new Page(records, more ? last : null, await TotalAsync(), await FacetsAsync());

        async Task<long?> TotalAsync()
        {
            if (query.Count == CountMode.None)
                return null;
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            if (query.Count == CountMode.Exact)
                return reader.GetInt64(0);
            using var plan = JsonDocument.Parse(reader.GetString(0));
            return (long)plan.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
        }

        async Task<IReadOnlyDictionary<string, IReadOnlyList<FacetCount>>> FacetsAsync()
        {
            if (query.Facets.Count == 0)
                return NoFacets;
            var facets = new Dictionary<string, IReadOnlyList<FacetCount>>();
            foreach (var facet in query.Facets)
            {
                await reader.NextResultAsync(cancellation);
                facets[facet.Name] = await CountsAsync(reader, cancellation);
            }

            return facets;
        }
    }

    /// <summary>
    /// How the database plans the list, for as long as the batch lasts; null where it may choose. What matches may be rare or common is planned
    /// for its values: without them a list is walked in the hope of matches, which for a word that nothing has takes minutes. A list of the
    /// past that is only walked is planned once, since planning it costs more than reading it.
    /// </summary>
    private static string? PlanningOrNull(ListQuery query) =>
        query.Search is not null || query.Conditions.Any(c => c.Filter.Kind is FilterKind.Number or FilterKind.Instant or FilterKind.Box
            || c.Filter is { OfRecord: not null, Walk: null }) ? ListSql.PlanForValues
        : query.AsOf is not null ? ListSql.PlanOnce
        : null;

    /// <summary>
    /// Of several tables that could be walked, the one with the fewest rows: each of them is then looked up in the others. Beyond some it makes
    /// no difference that would be worth counting. They are counted as they are now, for a list of the past too: only the way depends on it.
    /// </summary>
    private static async Task<ListQuery> ShortestWalkFirstAsync(ListQuery query, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var walks = query.Conditions.Where(c => c.Filter.Walk is not null).ToList();
        if (walks.Count < 2)
            return query;
        var parameters = new SqlParameters();
        await using var command = new NpgsqlCommand($"select {string.Join(", ", walks.Select(w => ListSql.Length(w, MostCounted, parameters)))}", connection);
        parameters.CopyTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var shortest = walks.Select((w, i) => (Walk: w, Length: reader.GetInt64(i))).MinBy(w => w.Length).Walk;
        return query with { Conditions = [shortest, .. query.Conditions.Where(c => c != shortest)] };
    }

    internal static async Task<IReadOnlyList<FacetCount>> CountsAsync(NpgsqlDataReader reader, CancellationToken cancellation)
    {
        var counts = new List<FacetCount>();
        while (await reader.ReadAsync(cancellation))
        {
            if (!await reader.IsDBNullAsync(0, cancellation))
                counts.Add(new FacetCount(reader.GetString(0), reader.GetInt64(1)));
        }

        return counts;
    }

    private static void Add(NpgsqlBatch batch, ListQuery query, Func<SqlParameters, string> statement)
    {
        var parameters = new SqlParameters(query.AsOf);
        var command = new NpgsqlBatchCommand(statement(parameters));
        parameters.CopyTo(command.Parameters);
        batch.BatchCommands.Add(command);
    }

    private static List<string> Keys(NpgsqlDataReader reader, ListQuery query) =>
        [.. query.Order.Select((o, i) => o.Key.Type switch
        {
            FieldType.Date => reader.GetFieldValue<DateOnly>(i + 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            FieldType.Instant => reader.GetFieldValue<DateTime>(i + 1).Ticks.ToString(CultureInfo.InvariantCulture),
            _ => reader.GetString(i + 1),
        })];
}
