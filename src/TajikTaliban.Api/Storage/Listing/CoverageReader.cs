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

/// <summary>Reads which records there are, for empty lists and for <c>/availability</c>, each within a time.</summary>
public sealed class CoverageReader(ConnectionPools database, TableSizes sizes)
{
    /// <summary>The number and the days of the records that match; null if finding out takes longer than it may.</summary>
    public Task<Extent?> ExtentOrNullAsync(ListQuery query, TimeSpan budget, CancellationToken cancellation) =>
        ReadOrNullAsync(query, ListSql.Extent, budget, async reader => new Extent(reader.GetInt64(0), await DayAsync(reader, 1),
            await DayAsync(reader, 2), await DayAsync(reader, 3)), cancellation);

    /// <summary>The days of all records of a list without conditions; null likewise.</summary>
    public Task<DayRange?> DaysOrNullAsync(ListQuery query, TimeSpan budget, CancellationToken cancellation) =>
        ReadOrNullAsync(query, ListSql.Days, budget,
            async reader => new DayRange(await DayAsync(reader, 0), await DayAsync(reader, 1)), cancellation);

    /// <summary>Whether any record matches; null likewise.</summary>
    public async Task<bool?> AnyOrNullAsync(ListQuery query, TimeSpan budget, CancellationToken cancellation) =>
        (await ReadOrNullAsync(query, ListSql.Any, budget, reader => Task.FromResult<object>(reader.GetBoolean(0)), cancellation)) as bool?;

    private async Task<T?> ReadOrNullAsync<T>(ListQuery query, Func<ListQuery, SqlParameters, string> statement, TimeSpan budget,
        Func<NpgsqlDataReader, Task<T>> read, CancellationToken cancellation)
        where T : class
    {
        budget = await sizes.BudgetAsync(query.Definition.Table, budget, cancellation);
        if (budget <= TimeSpan.Zero)
            return null;
        var parameters = new SqlParameters(query.AsOf);
        var command = new NpgsqlBatchCommand(statement(query, parameters));
        parameters.CopyTo(command.Parameters);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        // often none match: a general plan would expect many
        var planning = query.Search is null ? ListSql.PlanForValues : ListSql.PlanForWords;
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(ListSql.WithBudget(planning, budget)), command },
        };
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            await reader.ReadAsync(cancellation);
            return await read(reader);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !cancellation.IsCancellationRequested)
        {
            connection.ForgetPrepared();
            return null;
        }
    }

    private static async Task<DateOnly?> DayAsync(NpgsqlDataReader reader, int column) =>
        await reader.IsDBNullAsync(column) ? null : await reader.GetFieldValueAsync<DateOnly>(column);
}

/// <summary>The first and the last day of some records; null where they have none.</summary>
public sealed record DayRange(DateOnly? Earliest, DateOnly? Latest);
