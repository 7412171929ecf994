using Npgsql;
using TajikTaliban.Api.Features.Events;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>Few events, and very many old versions that were replaced long ago.</summary>
public sealed class OldVersionsFixture(PostgresServer server) : ApiFixture(server)
{
    protected override async ValueTask FillAsync()
    {
        await Editor.AddBasicsAsync();
        for (var i = 0; i < 5; i++)
            await Editor.AddAsync("/v1/events", SampleRecords.Event($"event-{i}", "2024-08-16", "alpha", "beta"));

        await using var connection = await Database.OpenConnectionAsync();
        foreach (var statement in (string[])
            [
                "alter table events_past disable trigger all",
                """
                insert into events_past select o.* from events e cross join generate_series(1, 4000) g
                cross join jsonb_populate_record(null::events_past, to_jsonb(e)
                    || jsonb_build_object('id', e.id || '-' || g, 'until_transaction', e.transaction_id)) o
                """,
                "alter table events_past enable trigger all",
                "vacuum (analyze) events_past",
            ])
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}

/// <summary>A list or snapshot as of a new position looks at no old version that it does not have.</summary>
public sealed class PastPlanTests(OldVersionsFixture api) : IClassFixture<OldVersionsFixture>
{
    private const long MaxBlocks = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("earliest")]
    [InlineData("-earliest")]
    [InlineData("recordedAt")]
    [InlineData("id")]
    public async Task A_page_as_of_a_new_position_reads_what_it_has(string sort)
    {
        var list = new EventResource().List;
        var key = list.AllSortKeys.Single(k => k.Name == sort.TrimStart('-'));
        var order = new[] { key, ListDefinition.Id }.Distinct().Select(k => new OrderBy(k, sort[0] == '-'));
        var asOf = await new PositionReader(api.Database).AsOfNewestAsync(Cancellation);
        var sql = new SqlParameters(asOf);
        var page = ListSql.Page(new ListQuery { Definition = list, Order = [.. order], Limit = 50, AsOf = asOf }, sql);
        Assert.InRange(await BlocksAsync(page, sql), 1, MaxBlocks);
    }

    [Fact]
    public async Task A_part_of_a_snapshot_of_a_new_position_reads_what_it_has()
    {
        var sql = new SqlParameters(await new PositionReader(api.Database).AsOfNewestAsync(Cancellation));
        var part = SnapshotReader.Statement("events", sql.Add(""), 100, sql);
        Assert.InRange(await BlocksAsync(part, sql), 1, MaxBlocks);
    }

    private async Task<long> BlocksAsync(string statement, SqlParameters sql)
    {
        await using var connection = await api.Database.OpenConnectionAsync(Cancellation);
        await using var command = new NpgsqlCommand(statement, connection);
        sql.CopyTo(command.Parameters);
        return await PlanBlocks.OfAsync(connection, command, Cancellation);
    }
}
