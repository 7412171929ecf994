using Npgsql;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>How many records match and which days they cover, open ends apart.</summary>
/// <param name="Records">The number of records.</param>
/// <param name="Earliest">The first day.</param>
/// <param name="Latest">The last day.</param>
/// <param name="NewestVouched">Of records whose end is not known, the newest day that a source vouches for; null if there are none.</param>
public sealed record Extent(long Records, DateOnly? Earliest, DateOnly? Latest, DateOnly? NewestVouched);

/// <summary>Reads which records there are, for empty lists and for <c>/availability</c>.</summary>
public sealed class CoverageReader(ConnectionPools database)
{
    public async Task<Extent> ExtentAsync(ListQuery query, CancellationToken cancellation)
    {
        var parameters = new SqlParameters(query.AsOf);
        await using var command = database.CreateCommand(ListSql.Extent(query, parameters));
        parameters.CopyTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new Extent(reader.GetInt64(0), await DayAsync(1), await DayAsync(2), await DayAsync(3));

        async Task<DateOnly?> DayAsync(int column) =>
            await reader.IsDBNullAsync(column, cancellation) ? null : await reader.GetFieldValueAsync<DateOnly>(column, cancellation);
    }

    /// <summary>Whether any record matches.</summary>
    public async Task<bool> AnyAsync(ListQuery query, CancellationToken cancellation)
    {
        var parameters = new SqlParameters(query.AsOf);
        var any = new NpgsqlBatchCommand(ListSql.Any(query, parameters));
        parameters.CopyTo(any.Parameters);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        // often none match: a general plan would expect many
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(ListSql.PlanForValues), any },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return reader.GetBoolean(0);
    }

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<FacetCount>>> FacetsAsync(ListQuery query, CancellationToken cancellation)
    {
        var facets = new Dictionary<string, IReadOnlyList<FacetCount>>();
        foreach (var facet in query.Facets)
        {
            var parameters = new SqlParameters(query.AsOf);
            await using var command = database.CreateCommand(ListSql.Facet(query, facet, ListReader.MaxFacetValues, parameters));
            parameters.CopyTo(command.Parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            facets[facet.Name] = await ListReader.CountsAsync(reader, cancellation);
        }

        return facets;
    }
}
