using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Platform;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.IntegrationTests.Faults;

/// <summary>Errors of the database that pass, and those that do not: what writers are told, and what is written.</summary>
public sealed class TransientErrorTests(TransientErrorTests.Lanes api) : IClassFixture<TransientErrorTests.Lanes>
{
    private const string Patch = "application/merge-patch+json";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An error inside of a statement of Entity Framework comes wrapped; one of a statement of our own does not.</summary>
    [Theory]
    [InlineData("40P01", "sources")]
    [InlineData("40001", "sources")]
    [InlineData("55P03", "sources")]
    [InlineData("57P01", "sources")]
    [InlineData("40P01", "ledger_changes")]
    [InlineData("40P01", "ledger_transactions")]
    public async Task An_error_that_passes_is_tried_again_and_the_write_is_made_once(string state, string table)
    {
        await using var failing = await FailingAsync(state, table, times: 2);
        var id = $"passes-{state.ToLowerInvariant()}-{table.Replace('_', '-')}";

        var answer = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/sources", SampleRecords.Source(id));

        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body?.ToJsonString());
        Assert.Equal(1, (int)answer.Body!["version"]!);
        Assert.Equal(3, await failing.CountAsync());
        var history = await api.Reader.GetJsonAsync($"/v1/sources/{id}/history");
        Assert.Single(history.Body!["items"]!.AsArray());
        var change = (await api.Reader.GetJsonAsync("/v1/changes?limit=1000&resource=sources")).Body!["items"]!.AsArray()
            .Single(c => (string)c!["id"]! == id);
        Assert.StartsWith(answer.Response.Headers.GetValues("Position").Single().Split('-')[0] + ".", (string)change!["position"]!,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("40P01", HttpStatusCode.Conflict, "conflict", 1)]
    [InlineData("40001", HttpStatusCode.Conflict, "conflict", 1)]
    [InlineData("55P03", HttpStatusCode.ServiceUnavailable, "unavailable", 2)]
    [InlineData("53100", HttpStatusCode.ServiceUnavailable, "unavailable", 5)]
    [InlineData("53200", HttpStatusCode.ServiceUnavailable, "unavailable", 5)]
    [InlineData("53300", HttpStatusCode.ServiceUnavailable, "unavailable", 5)]
    [InlineData("53400", HttpStatusCode.ServiceUnavailable, "unavailable", 5)]
    [InlineData("57014", HttpStatusCode.ServiceUnavailable, "deadline", 30)]
    public async Task An_error_that_stays_is_reported_with_Retry_After_and_nothing_is_written(
        string state, HttpStatusCode status, string problem, int retryAfter)
    {
        await using var failing = await FailingAsync(state, "sources", times: int.MaxValue);

        var answer = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/sources", SampleRecords.Source("never"));

        Assert.True(answer.Status == status, answer.Body?.ToJsonString());
        HttpTests.AssertProblem(answer, ProblemType.All.Single(t => t.Slug == problem));
        Assert.Equal(TimeSpan.FromSeconds(retryAfter), answer.Response.Headers.RetryAfter!.Delta);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetJsonAsync("/v1/sources/never")).Status);
    }

    [Fact]
    public async Task A_deadlock_that_the_service_loses_is_tried_again()
    {
        foreach (var id in (string[])["dead-a", "dead-b"])
            await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator(id));
        await using var other = await OpenAsync();
        await using var transaction = await other.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(other, "select from indicators where id = 'dead-b' for update");
        var lines = string.Join('\n', ((string[])["dead-a", "dead-b"]).Select(id =>
            $$$"""{"op":"patch","resource":"indicators","id":"{{{id}}}","record":{"unit":"km2"}}"""));
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        var batch = api.Editor.PostAsync("/v1/batch", content, Cancellation);
        await UntilOneWaitsAsync();

        // the service waits longer, so it is the one that looks for a deadlock first, and loses
        await ExecuteAsync(other, "select from indicators where id = 'dead-a' for update");
        await transaction.CommitAsync(Cancellation);

        using var answer = await batch;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(2, (int)(await api.Reader.GetJsonAsync("/v1/indicators/dead-a")).Body!["version"]!);
    }

    [Fact]
    public async Task Fifty_changes_that_wait_for_one_record_end_with_Retry_After_and_readers_are_served_meanwhile()
    {
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("held"));
        await using var other = await OpenAsync();
        await using var transaction = await other.BeginTransactionAsync(Cancellation);
        await ExecuteAsync(other, "select from indicators where id = 'held' for update");
        var writers = Enumerable.Range(0, 50).Select(i => api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/indicators/held",
            new JsonObject { ["unit"] = $"unit {i}" }, "\"1\"", mediaType: Patch)).ToList();
        await UntilOneWaitsAsync();

        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/v1/actors/alpha")).Status);
        var answers = await Task.WhenAll(writers);
        await transaction.RollbackAsync(Cancellation);

        Assert.All(answers, answer =>
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.NotNull(answer.Response.Headers.RetryAfter);
        });
        var after = await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/indicators/held", new JsonObject { ["unit"] = "last" }, "\"1\"",
            mediaType: Patch);
        Assert.Equal(HttpStatusCode.OK, after.Status);
    }

    [Fact]
    public async Task A_read_only_database_is_unavailable_for_writes_alone()
    {
        var name = new NpgsqlConnectionStringBuilder(api.ConnectionString).Database!;
        await using var other = await OpenAsync();
        await ExecuteAsync(other, $"alter database \"{name}\" set default_transaction_read_only = on");
        try
        {
            api.Services.GetRequiredService<ConnectionPools>().Clear();
            var answer = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/sources", SampleRecords.Source("not-now"));

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            HttpTests.AssertProblem(answer, ProblemType.Unavailable);
            Assert.NotNull(answer.Response.Headers.RetryAfter);
            Assert.Contains("read-only", (string)answer.Body!["detail"]!, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/v1/sources")).Status);
        }
        finally
        {
            await ExecuteAsync(other, "set default_transaction_read_only = off");
            await ExecuteAsync(other, $"alter database \"{name}\" reset default_transaction_read_only");
            api.Services.GetRequiredService<ConnectionPools>().Clear();
        }

        Assert.Equal(HttpStatusCode.Created,
            (await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/sources", SampleRecords.Source("now-again"))).Status);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(api.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private async Task UntilOneWaitsAsync()
    {
        await using var watcher = await OpenAsync();
        await Wait.UntilAsync(async () =>
        {
            await using var waiting = new NpgsqlCommand(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'", watcher);
            return (long)(await waiting.ExecuteScalarAsync(Cancellation))! > 0;
        });
    }

    /// <summary>A service with a pool for each kind of work, as it is served.</summary>
    public sealed class Lanes(PostgresServer server) : ApiFixture(server)
    {
        protected override ConnectionPools PoolsOf(NpgsqlDataSource database) => Api.Storage.Database.OpenPools(ConnectionString);

        protected override async ValueTask FillAsync() => await Editor.AddBasicsAsync();
    }

    /// <summary>Makes the first inserts into a table fail with an SQLSTATE, as the database itself raises it.</summary>
    private async Task<Failing> FailingAsync(string state, string table, int times)
    {
        await using var connection = await OpenAsync();
        await ExecuteAsync(connection,
            $"""
            create sequence failures;
            create function fail() returns trigger language plpgsql as $$
            begin
                if nextval('failures') <= {times} then
                    raise exception 'Raised by a test.' using errcode = '{state}';
                end if;
                return new;
            end $$;
            create trigger a_failure before insert on {table} for each row execute function fail();
            """);
        return new Failing(this, table);
    }

    private sealed class Failing(TransientErrorTests tests, string table) : IAsyncDisposable
    {
        public async Task<long> CountAsync()
        {
            await using var connection = await tests.OpenAsync();
            await using var count = new NpgsqlCommand("select last_value from failures", connection);
            return (long)(await count.ExecuteScalarAsync(Cancellation))!;
        }

        public async ValueTask DisposeAsync()
        {
            await using var connection = await tests.OpenAsync();
            await ExecuteAsync(connection, $"drop trigger a_failure on {table}; drop function fail; drop sequence failures");
        }
    }
}
