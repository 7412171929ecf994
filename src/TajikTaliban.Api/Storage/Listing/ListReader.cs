using System.Buffers;
using System.Collections.Concurrent;
using System.Data;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

public sealed record FacetCount(string Value, long Records);

/// <summary>The additional results of a page.</summary>
/// <param name="Records">How many documents were written.</param>
/// <param name="Last">The sort keys of the last one, when more follow.</param>
/// <param name="Total">The count that was asked for.</param>
/// <param name="Facets">The facets that were asked for, by name.</param>
/// <param name="Position">The position whose state a live page shows exactly; null for a page without records or as of a position.</param>
/// <param name="Beyond">The records that hold beyond what is known, up to a maximum; null if they were not counted.</param>
public sealed record Page(
    int Records, IReadOnlyList<string>? Last, long? Total, IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> Facets,
    Position? Position, long? Beyond);

/// <summary>Reads pages of ready documents.</summary>
public sealed class ListReader(ConnectionPools database, Documents documents)
{
    internal const int MaxFacetValues = 100;
    private const int MaxEstimate = 2000;

    /// <summary>From so many rows on that hold beyond what is known, a page does not count those of its list.</summary>
    private const int ManyBeyond = 5000;

    /// <summary>The same for a search, which splits the text of each into words.</summary>
    private const int ManyBeyondForWords = 500;

    /// <summary>For how long it is known how many a table has, in milliseconds.</summary>
    private const int BeyondAge = 30_000;
    private static readonly IReadOnlyDictionary<string, IReadOnlyList<FacetCount>> NoFacets =
        new Dictionary<string, IReadOnlyList<FacetCount>>();

    private readonly ConcurrentDictionary<string, (long Rows, long Until)> _beyond = new();

    /// <summary>
    /// Hands each document of the page to <paramref name="document"/> as UTF-8 JSON, in order, in one round trip. It returns whether the
    /// page is full: then the page ends before its limit.
    /// </summary>
    public async Task<Page> ReadAsync(ListQuery query, Func<ReadOnlyMemory<byte>, bool> document, CancellationToken cancellation)
    {
        query = query with { CountsBeyond = await CountsBeyondAsync(query, cancellation) };
        await using var connection = await database.OpenConnectionAsync(cancellation);
        query = await ShortestDrivingIndexFirstAsync(query, connection, cancellation);
        await using var batch = connection.CreateBatch();
        var planning = PlanningOrNull(query);
        if (planning is not null)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(planning));
        Add(batch, query, parameters => ListSql.Page(query, parameters));
        // counts are of the whole list, whichever part of it the page is of
        var whole = query with { SearchMode = SearchMode.Either };
        if (query.Count == CountMode.Exact)
            Add(batch, query, parameters => ListSql.Count(whole, parameters));
        if (query.Count == CountMode.Estimated)
            Add(batch, query, parameters => ListSql.Estimate(whole, parameters));
        foreach (var facet in query.Facets)
            Add(batch, query, parameters => ListSql.Facet(whole, facet, MaxFacetValues, parameters));

        await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.Default, cancellation);
        if (planning is not null)
            await reader.NextResultAsync(cancellation);
        var (records, isFull) = (0, false);
        IReadOnlyList<string>? last = null;
        Position? position = null;
        long? beyond = null;
        var holdsAt = reader.FieldCount - (query.CountsBeyond ? 2 : 1);
        var hasHolds = query.Time is { Model.HasCourses: true };
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        var withHolds = ArrayPool<byte>.Shared.Rent(hasHolds ? 4096 : 0);
        try
        {
            while (records < query.Limit && !isFull && await reader.ReadAsync(cancellation))
            {
                var lent = documents.Lend(reader, 0, query.Definition.Table, ref buffer);
                isFull = document(hasHolds ? WithHolds(lent, reader.GetString(holdsAt), ref withHolds) : lent);
                if (++records == 1)
                {
                    position = query.AsOf is null ? PositionOf(reader, query) : null;
                    beyond = query.CountsBeyond ? reader.GetInt64(reader.FieldCount - 1) : null;
                }

                if (records == query.Limit || isFull)
                    last = Keys(reader, query);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<byte>.Shared.Return(withHolds);
        }

        // a row beyond the page: more follow
        var more = last is not null && await reader.ReadAsync(cancellation);
        return new Page(records, more ? last : null, await TotalAsync(records + (more ? 1 : 0)), await FacetsAsync(), position, beyond);

        async Task<long> CountOfNextResultAsync()
        {
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            return reader.GetInt64(0);
        }

        async Task<long?> TotalAsync(int seen)
        {
            if (query.Count == CountMode.None)
                return null;
            if (query.Count == CountMode.Exact)
                return await CountOfNextResultAsync();
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            using var plan = JsonDocument.Parse(reader.GetString(0));
            var estimate = (long)plan.RootElement[0].GetProperty("Plan").GetProperty("Plan Rows").GetDouble();
            return Math.Max(estimate, seen);
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
    /// How the database plans the list, for as long as the batch lasts; null leaves it the choice. A condition that matches few or many
    /// records is planned for its value: a general plan reads the list in its order and expects matches, which for a word that no record
    /// has takes minutes. Any other as-of query is planned once, since planning it costs more than reading it.
    /// </summary>
    private static string? PlanningOrNull(ListQuery query) =>
        query.Search is not null ? ListSql.PlanForWords
        : query.Conditions.Any(c => c.Filter.Kind is FilterKind.Number or FilterKind.Instant or FilterKind.Box
            || (c.Filter.DrivingIndex is null && c.Predicate is HasPart)) ? ListSql.PlanForValues
        : query.AsOf is not null ? ListSql.PlanOnce
        : null;

    /// <summary>
    /// Of several possible driving indexes, puts the one with the fewest rows first: each row is then looked up in the others. Beyond a
    /// maximum the difference is not worth counting. The rows are the current ones, in an as-of query too: only the plan depends on them.
    /// </summary>
    private static async Task<ListQuery> ShortestDrivingIndexFirstAsync(
        ListQuery query, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var candidates = query.Conditions.Where(c => c.Filter.DrivingIndex is not null).ToList();
        if (candidates.Count < 2)
            return query;
        var parameters = new SqlParameters();
        var estimates = candidates.Select(c => ListSql.DrivingEstimate(c, MaxEstimate, parameters));
        await using var command = new NpgsqlCommand($"select {string.Join(", ", estimates)}", connection);
        parameters.CopyTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var shortest = candidates.Select((c, i) => (Condition: c, Estimate: reader.GetInt64(i))).MinBy(c => c.Estimate).Condition;
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

    /// <summary>The records that hold beyond what is known, up to a maximum, for a page that has no row to tell it.</summary>
    public async Task<long?> CountBeyondAsync(ListQuery query, CancellationToken cancellation)
    {
        if (!await CountsBeyondAsync(query, cancellation))
            return null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PlanningOrNull(query) ?? ListSql.PlanOnce));
        Add(batch, query, parameters => ListSql.CountBeyond(query, parameters));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return reader.GetInt64(0);
    }

    /// <summary>
    /// Whether a page counts the records that hold beyond what is known: it looks through all of them. How many there are is read anew now
    /// and then; only whether they are counted depends on it.
    /// </summary>
    private async ValueTask<bool> CountsBeyondAsync(ListQuery query, CancellationToken cancellation)
    {
        if (!query.CountsBeyond)
            return false;
        var (table, now) = (query.Time!.Model.Part?.Name ?? query.Definition.Table, Environment.TickCount64);
        if (!_beyond.TryGetValue(table, out var known) || now > known.Until)
        {
            await using var command = database.CreateCommand(ListSql.CountAllBeyond(table, ManyBeyond));
            known = ((long)(await command.ExecuteScalarAsync(cancellation))!, now + BeyondAge);
            _beyond[table] = known;
        }

        return known.Rows < (query.Search is null ? ManyBeyond : ManyBeyondForWords);
    }

    /// <summary>A document with how surely it holds as its last field, in a rented buffer.</summary>
    private static ReadOnlyMemory<byte> WithHolds(ReadOnlyMemory<byte> document, string holds, ref byte[] buffer)
    {
        var name = ",\"holds\":\""u8;
        var length = document.Length - 1 + name.Length + Encoding.UTF8.GetByteCount(holds) + 2;
        if (length > buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        document.Span[..^1].CopyTo(buffer);
        name.CopyTo(buffer.AsSpan(document.Length - 1));
        Encoding.UTF8.GetBytes(holds, buffer.AsSpan(document.Length - 1 + name.Length));
        "\"}"u8.CopyTo(buffer.AsSpan(length - 2));
        return buffer.AsMemory(0, length);
    }

    private static void Add(NpgsqlBatch batch, ListQuery query, Func<SqlParameters, string> statement)
    {
        var parameters = new SqlParameters(query.AsOf);
        var command = new NpgsqlBatchCommand(statement(parameters));
        parameters.CopyTo(command.Parameters);
        batch.BatchCommands.Add(command);
    }

    private static Position PositionOf(NpgsqlDataReader reader, ListQuery query) =>
        reader.IsDBNull(Documents.ColumnCount + query.Order.Count) ? Position.Start
        : Position.TryParse(reader.GetString(Documents.ColumnCount + query.Order.Count), out var position) ? position
        : throw new InvalidOperationException("The ledger has a position of an unknown form.");

    private static List<string> Keys(NpgsqlDataReader reader, ListQuery query) =>
        [.. query.Order.Select((o, i) => o.Key.Type switch
        {
            FieldType.Date => reader.GetFieldValue<DateOnly>(i + Documents.ColumnCount)
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            FieldType.Instant => reader.GetFieldValue<DateTime>(i + Documents.ColumnCount).Ticks.ToString(CultureInfo.InvariantCulture),
            _ => reader.GetString(i + Documents.ColumnCount),
        })];
}
