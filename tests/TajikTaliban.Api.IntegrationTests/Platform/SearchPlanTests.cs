using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Features.Events;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>Twenty thousand events, so that the planner has a choice.</summary>
public sealed class CopiedEventsFixture(PostgresServer server) : ApiFixture(server)
{
    protected override async ValueTask FillAsync()
    {
        await Editor.AddBasicsAsync();
        await Editor.AddAsync("/v1/events", SampleRecords.Event("copied", "2024-08-16", "alpha", "beta"));
        await using var connection = await Database.OpenConnectionAsync();
        foreach (var statement in (string[])
            [
                "alter table events disable trigger all",
                """
                insert into events select (jsonb_populate_record(e, jsonb_build_object('id', 'copied-' || g,
                    'search_text', 'common word' || (g % 500) || ' number' || g))).*
                from events e, generate_series(1, 20000) g where e.id = 'copied'
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

/// <summary>No search reads the whole table, and its plan does not depend on the size of the page.</summary>
public sealed class SearchPlanTests(CopiedEventsFixture api) : IClassFixture<CopiedEventsFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nothing-has-this")]
    [InlineData("number7")]
    [InlineData("word7 number7")]
    [InlineData("common zzqqxx")]
    [InlineData("a")]
    [InlineData("1")]
    [InlineData("the")]
    [InlineData("iso3:TJK")]
    [InlineData("кобул طالبان 的")]
    [InlineData("u.s.a.")]
    public async Task A_search_begins_with_the_index_of_words_whatever_the_page(string text)
    {
        var plans = new List<string>();
        foreach (var limit in new[] { 1, 5, 1000 })
        {
            foreach (var sort in new[] { ListDefinition.Earliest, ListDefinition.RecordedAt, ListDefinition.Id })
            {
                var plan = await PlanAsync(text, limit, sort);
                Assert.DoesNotContain(plan, l => l.Contains("Seq Scan on events", StringComparison.Ordinal));
                Assert.Contains(plan, l => l.Contains("ix_events_search_words", StringComparison.Ordinal));
                plans.Add($"{sort.Name}: {string.Join('\n', plan)}");
            }
        }

        Assert.Equal(3, plans.Distinct().Count());
    }

    /// <summary>What has no letter and no digit is no word.</summary>
    [Theory]
    [InlineData(".")]
    [InlineData("%22")]
    [InlineData("!")]
    [InlineData("%25")]
    public async Task A_search_for_no_word_is_refused(string text) =>
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, (await api.Reader.GetJsonAsync($"/v1/events?q={text}&limit=1")).Status);

    /// <summary>A word that comes twice, with other neighbours, has other joined forms each time.</summary>
    [Theory]
    [InlineData("/v1/events?q=common nothing common")]
    [InlineData("/v1/search?q=actor-0071 coerce-faizabad actor-0025")]
    [InlineData("/v1/sources?q=meeting said meeting u&count=exact")]
    public async Task A_word_may_come_twice(string address) =>
        Assert.Equal(System.Net.HttpStatusCode.OK, (await api.Reader.GetJsonAsync(address)).Status);

    private async Task<List<string>> PlanAsync(string text, int limit, SortKey sort)
    {
        var parameters = new SqlParameters();
        var query = new ListQuery
        {
            Definition = new EventResource().List,
            Order = [.. new[] { sort, ListDefinition.Id }.Distinct().Select(k => new OrderBy(k, false))],
            Limit = limit,
            Search = SearchWords.ReadOrNull(text),
        };
        await using var command = api.Database.CreateCommand(
            $"explain (costs off) {new PageSql(query, parameters).WriteIdsOfAll()}");
        parameters.CopyTo(command.Parameters);
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            lines.Add(reader.GetString(0));
        return lines;
    }
}
