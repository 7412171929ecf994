using Npgsql;
using TajikTaliban.Api.Features.Events;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>Very many events on one day.</summary>
public sealed class ManyEventsFixture(PostgresServer server) : ApiFixture(server)
{
    protected override async ValueTask FillAsync()
    {
        await Editor.AddBasicsAsync();
        await Editor.AddAsync("/v1/events", SampleRecords.Event("event", "2024-08-16", "alpha", "beta"));

        await using var connection = await Database.OpenConnectionAsync();
        foreach (var statement in (string[])
            [
                "alter table events disable trigger all",
                """
                insert into events select o.* from events e cross join generate_series(1, 20000) g
                cross join jsonb_populate_record(null::events, to_jsonb(e) || jsonb_build_object('id', e.id || '-' || g)) o
                """,
                "alter table events enable trigger all",
                "vacuum (analyze) events",
            ])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}

/// <summary>A list of a span looks at no event that its page does not have, from the first day of the calendar on.</summary>
public sealed class SpanPlanTests(ManyEventsFixture api) : IClassFixture<ManyEventsFixture>
{
    private const long MaxBlocks = 100;

    /// <summary>Of a page of 50, for each of which the instant of its commit is looked up.</summary>
    private const long MaxBlocksOfPage = 300;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(1900, true)]
    public async Task A_span_without_records_reads_none(int year, bool descending) =>
        Assert.InRange(await BlocksAsync(new DateOnly(year, 1, 1), new DateOnly(year, 12, 31), descending), 1, MaxBlocks);

    /// <summary>A plan that sorts all events of the span would read each.</summary>
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(1900, false)]
    [InlineData(1900, true)]
    public async Task A_page_of_a_long_span_reads_no_more_than_it_has(int year, bool descending) =>
        Assert.InRange(await BlocksAsync(new DateOnly(year, 1, 1), new DateOnly(2024, 12, 31), descending), 1, MaxBlocksOfPage);

    private async Task<long> BlocksAsync(DateOnly first, DateOnly last, bool descending)
    {
        var list = new EventResource().List;
        var filter = list.Filters.Single(f => f.Name == "validAt");
        var sql = new SqlParameters();
        var page = ListSql.Page(new ListQuery
        {
            Definition = list,
            Conditions = [new Condition(filter, (first, last))],
            Order = [new OrderBy(ListDefinition.Earliest, descending), new OrderBy(ListDefinition.Id, descending)],
            Limit = 50,
        }, sql);
        await using var connection = await api.Database.OpenConnectionAsync(Cancellation);
        await using var command = new NpgsqlCommand(page, connection);
        sql.CopyTo(command.Parameters);
        return await PlanBlocks.OfAsync(connection, command, Cancellation);
    }
}
