using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Problems;
using Embedded = TajikTaliban.Api.Hosting.EmbeddedPostgres.EmbeddedPostgres;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>What clients are told while the database is away.</summary>
public sealed class OutageTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Reads =
    [
        "/v1/events", "/v1/events?q=border&count=exact", "/v1/actors/alpha", "/v1/actors/iso3:TJK", "/v1/events?actor=iso3:TJK",
        "/v1/trade/availability", "/v1/events?type=AID",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Connections_cut_during_a_request_are_not_logged_as_failures()
    {
        await api.Editor.AddBasicsAsync();
        using var done = new CancellationTokenSource();
        var cutting = CutAsync(done.Token);
        var answers = new List<JsonResponse>();
        // both ways into the database are cut: the one of reads and the one of writes
        for (var i = 0; i < 90; i++)
        {
            answers.Add(i % 3 == 0
                ? await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/events", SampleRecords.Event($"event-{i}", "2024", "alpha", "beta"))
                : await api.Reader.GetJsonAsync(
                    i % 3 == 1 ? "/v1/actors?count=exact&facets=type" : "/v1/actors/alpha?expand=citations.source"));
        }

        await done.CancelAsync();
        Assert.NotEqual(0, await cutting);

        Assert.All(answers.Where(a => a.Status is not (HttpStatusCode.OK or HttpStatusCode.Created)), AssertUnavailable);
        var statuses = answers.ConvertAll(a => a.Status);
        Assert.Contains(HttpStatusCode.OK, statuses);

        // and when the cutting ends all is well again
        Assert.Equal(HttpStatusCode.OK, (await SettledAsync("/v1/actors")).Status);
        Assert.Equal(HttpStatusCode.OK, (await SettledAsync("/health/ready")).Status);
    }

    /// <summary>As after a restart of the server or of a pooler; the connection that listens stays, so that nothing else is told.</summary>
    [Fact]
    public async Task Idle_connections_that_were_cut_fail_no_request()
    {
        string[] paths =
        [
            "/v1/events", "/v1/actors?count=exact&facets=type", "/v1/sources.csv", "/v1/changes", "/v1/snapshot", "/v1/search?q=x",
        ];
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(Enumerable.Repeat(paths, 3).SelectMany(p => p).Select(p => api.Reader.GetStringAsync(p, Cancellation)));
            await using (var connection = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(api.ConnectionString) { Pooling = false }.ConnectionString))
            {
                await connection.OpenAsync(Cancellation);
                await using var cut = new NpgsqlCommand(
                    """
                    select count(pg_terminate_backend(pid)) from pg_stat_activity
                    where datname = current_database() and pid <> pg_backend_pid() and query <> 'listen ledger'
                    """, connection);
                Assert.NotEqual(0L, await cut.ExecuteScalarAsync(Cancellation));
            }

            var answers = await Task.WhenAll(paths.Select(p => api.Reader.GetAsync(p, Cancellation)));
            var write = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/sources", SampleRecords.Source($"after-cut-{round}"));

            Assert.All(answers, a => Assert.True(a.IsSuccessStatusCode, $"{a.RequestMessage!.RequestUri}: {a.StatusCode}"));
            Assert.Equal(HttpStatusCode.Created, write.Status);
        }
    }

    [Fact]
    public async Task A_statement_that_the_database_ends_is_over_its_time()
    {
        // what statement_timeout does, without the wait; another test's cut connections may be in the pool still
        api.Database.Clear();
        await using var blocker = await api.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await blocker.BeginTransactionAsync(Cancellation);
        await using (var lockAll = new NpgsqlCommand("lock table indicators in access exclusive mode", blocker))
            await lockAll.ExecuteNonQueryAsync(Cancellation);
        var waiting = api.Reader.GetJsonAsync("/v1/indicators");
        await using var killer = await api.Database.OpenConnectionAsync(Cancellation);
        for (var cancelled = 0L; cancelled == 0 && !waiting.IsCompleted;)
        {
            await using var cancel = new NpgsqlCommand(
                """
                select count(pg_cancel_backend(pid)) from pg_stat_activity
                where datname = current_database() and wait_event_type = 'Lock'
                """, killer);
            cancelled = (long)(await cancel.ExecuteScalarAsync(Cancellation))!;
        }

        var answer = await waiting;
        HttpTests.AssertProblem(answer, ProblemType.Deadline);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.Response.Headers.RetryAfter!.Delta);
    }

    [Fact]
    public async Task Without_its_database_the_service_is_live_but_not_ready_and_sends_Retry_After()
    {
        var folder = Directory.CreateTempSubdirectory("tajik-taliban-outage-");
        try
        {
            var postgres = await Embedded.StartAsync(
                new EmbeddedPostgresOptions
                {
                    DataFolder = folder.FullName,
                    Source = PostgresServer.Source,
                    Settings = new Dictionary<string, string> { ["fsync"] = "off" },
                },
                NullLogger.Instance, Cancellation);
            await using var database = Api.Storage.Database.Open(postgres.ConnectionString);
            var builder = Service.CreateBuilder("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            await using var app = Service.Build(builder, database);
            await app.StartAsync(Cancellation);
            using var reader = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

            // an empty database is not one of this version
            var early = await reader.GetJsonAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, early.Status);
            Assert.Contains("migrate", (string)early.Body!["checks"]!["database"]!["description"]!, StringComparison.Ordinal);
            await CommandDatabase.MigrateAsync(database, Cancellation);
            Assert.Equal(HttpStatusCode.OK, (await reader.GetJsonAsync("/health/ready")).Status);
            Assert.Equal(HttpStatusCode.OK, (await reader.GetJsonAsync("/v1/events")).Status);

            await postgres.DisposeAsync();

            foreach (var path in Reads)
                AssertUnavailable(await reader.GetJsonAsync(path));
            using var write = new HttpRequestMessage(HttpMethod.Post, "/v1/sources");
            write.Headers.Authorization = new("Bearer", KeyText.New());
            AssertUnavailable(await reader.SendJsonAsync(write));
            var ready = await reader.GetJsonAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
            Assert.Equal(
                """{"status":"unhealthy","checks":{"database":{"status":"unhealthy","description":"The database does not respond."}}}""",
                ready.Body!.ToJsonString());
            Assert.Equal(HttpStatusCode.OK, (await reader.GetJsonAsync("/health/live")).Status);
            // what needs no database is still there
            foreach (var path in new[] { "/v1", "/v1/codelists/flows", "/problems/unavailable", "/openapi/v1.json" })
                Assert.Equal(HttpStatusCode.OK, (await reader.GetJsonAsync(path)).Status);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void AssertUnavailable(JsonResponse answer)
    {
        Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable,
            $"{answer.Response.RequestMessage!.Method} {answer.Response.RequestMessage.RequestUri}: {answer.Status} {answer.Body}");
        // a write that was cut while it was committed, and whose outcome could not be asked for
        var isUnknown = answer.Response.RequestMessage!.Method == HttpMethod.Post
            && (string?)answer.Body!["type"] == ProblemType.OutcomeUnknown.Path;
        HttpTests.AssertProblem(answer, isUnknown ? ProblemType.OutcomeUnknown : ProblemType.Unavailable);
        Assert.Equal(TimeSpan.FromSeconds(5), answer.Response.Headers.RetryAfter!.Delta);
        Assert.Equal(["nosniff"], answer.Response.Headers.GetValues("X-Content-Type-Options"));
    }

    /// <summary>A pool may still hold connections that were cut, one of which a request may meet.</summary>
    private async Task<JsonResponse> SettledAsync(string path)
    {
        JsonResponse answer;
        var tries = 0;
        do
            answer = await api.Reader.GetJsonAsync(path);
        while (answer.Status == HttpStatusCode.ServiceUnavailable && ++tries < 50);
        return answer;
    }

    /// <summary>Returns how many connections it cut.</summary>
    private async Task<long> CutAsync(CancellationToken stop)
    {
        var all = 0L;
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(api.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(CancellationToken.None);
        while (!stop.IsCancellationRequested)
        {
            await using var cut = new NpgsqlCommand(
                """
                select count(pg_terminate_backend(pid)) from pg_stat_activity
                where datname = current_database() and pid <> pg_backend_pid()
                """, connection);
            all += (long)(await cut.ExecuteScalarAsync(CancellationToken.None))!;
            // mostly sooner than a request is served, and now and then late enough, also on a slow machine
            await Task.Delay(Random.Shared.Next(4) == 0 ? 150 : 5, CancellationToken.None);
        }

        return all;
    }
}
