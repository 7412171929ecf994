using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Ledger;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.IntegrationTests.Faults;

/// <summary>
/// The service behind PgBouncer in transaction mode, such as Debian's 1.18: each transaction may run on another connection of the server,
/// and prepared statements are not kept. Skipped where <c>pgbouncer</c> is not installed.
/// </summary>
public sealed class PgBouncerTests(PostgresServer server)
{
    private const int UsualChanges = 3000;

    /// <summary>Enough for the first requests of a process on a machine with much other work: what they are about is the pooler.</summary>
    private static readonly (string Name, string Value) Patient = ("Limits__Deadline", "00:02:00");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static int Changes =>
        int.TryParse(Environment.GetEnvironmentVariable("STORM_CHANGES"), CultureInfo.InvariantCulture, out var changes)
            ? changes : UsualChanges;

    [Fact]
    public async Task The_storm_of_the_ledger_passes_through_four_connections_and_each_write_says_its_position()
    {
        PgBouncer.SkipIfMissing();
        var database = await DatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(database);
        await using var storm = new Storm(bouncer.ConnectionString, Changes, isService: false, direct: database);
        await storm.StartAsync();

        await storm.RunAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"{PgBouncer.Version}: {storm.Summary}");
        Assert.Empty((await storm.FaultsAsync()).Take(20));
        Assert.All(storm.Readers.Values, r => Assert.True(r.Count >= Changes, storm.Summary));
        Assert.InRange(await bouncer.ServersAsync(), 1, PgBouncer.ServerConnections);
    }

    [Fact]
    public async Task Two_hundred_parallel_writes_are_made_and_each_says_the_position_that_the_feed_says()
    {
        PgBouncer.SkipIfMissing();
        var database = await DatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(database);
        var key = (await ServiceProcess.RunAsync(bouncer.ConnectionString, "keys", "create", "--name", "through", "--role", Roles.Editor))
            .LastLine;
        var (service, client) = await ServiceProcess.ServeAsync(
            bouncer.ConnectionString, [("ConnectionStrings__Direct", database), Patient]);
        using (service)
        using (client)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            await client.AddBasicsAsync();

            var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => client.SendJsonAsync(HttpMethod.Post,
                "/v1/indicators/length/observations", SampleRecords.Observation($"through-{i}", "alpha", i, $"{1800 + i}"))));

            Assert.All(answers, a => Assert.True(a.Status == HttpStatusCode.Created, $"{a.Status} {a.Body?.ToJsonString()}"));
            var said = answers.ToDictionary(a => (string)a.Body!["id"]!, a => a.Response.Headers.GetValues("Position").Single());
            var feed = (await client.GetJsonAsync("/v1/changes?limit=1000&resource=observations")).Body!["items"]!.AsArray();
            Assert.Equal(said.OrderBy(s => s.Key, StringComparer.Ordinal), feed.Select(c => KeyValuePair.Create((string)c!["id"]!,
                WholeOf((string)c["position"]!))).OrderBy(s => s.Key, StringComparer.Ordinal));

            // a commit wakes those who wait for it, by the connection that does not go through the pooler
            var position = said.Values.MaxBy(p => long.Parse(p.Split('-')[0], CultureInfo.InvariantCulture))!;
            var waiting = client.GetJsonAsync($"/v1/changes?after={position}&wait=20");
            await client.AddAsync("/v1/sources", SampleRecords.Source("woken"));
            Assert.Equal("woken", (string)(await waiting).Body!["items"]!.AsArray().Single()!["id"]!);
            Assert.Equal(1L, await ListenersAsync(database));
            foreach (var path in (string[])["/v1/events?q=alpha&count=exact&facets=type", "/v1/actors?asOf=" + position, "/v1/snapshot",
                "/v1/search?q=alpha", "/health/ready", $"/v1/indicators/length/observations?expand=subjects&sort=-value"])
            {
                using var answer = await client.GetAsync(path, Cancellation);
                Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync(Cancellation)}");
            }

            var ended = await service.StopAsync("TERM");
            Assert.Equal(0, ended.ExitCode);
            Assert.DoesNotContain("Exception", ended.All, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_pooler_is_recognized_where_the_connection_string_says_nothing_of_it()
    {
        PgBouncer.SkipIfMissing();
        var database = await DatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(database);
        var plain = new NpgsqlConnectionStringBuilder(bouncer.ConnectionString);
        plain.Remove("Max Auto Prepare");
        var key = (await ServiceProcess.RunAsync(database, "keys", "create", "--name", "plain", "--role", Roles.Editor)).LastLine;
        var (service, client) = await ServiceProcess.ServeAsync(plain.ConnectionString, [Patient]);
        using (service)
        using (client)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => i % 2 == 0
                ? client.SendJsonAsync(HttpMethod.Post, "/v1/sources", SampleRecords.Source($"plain-{i}"))
                : client.GetJsonAsync("/v1/sources?count=exact")));

            Assert.All(answers, a => Assert.True(a.Response.IsSuccessStatusCode, $"{a.Status} {a.Body?.ToJsonString()}"));
            Assert.Contains("name the database itself in ConnectionStrings__Direct", service.Output, StringComparison.Ordinal);
        }

        Assert.Equal((database, false), await Api.Storage.Database.BehindPoolerAsync(database, Cancellation));
    }

    [Fact]
    public async Task Commands_go_through_it_too_and_migrate_an_empty_database()
    {
        PgBouncer.SkipIfMissing();
        var database = await server.CreateDatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(database);

        foreach (var command in (string[])["migrate", "seed", "migrate"])
        {
            var answer = await ServiceProcess.RunAsync(
                bouncer.ConnectionString, [("ConnectionStrings__Direct", database)], command);
            Assert.True(answer.ExitCode == 0, answer.All);
        }
    }

    /// <summary>PgBouncer as on Kubernetes, with passwords checked; it stops by SIGINT while the service works, and another one follows.
    /// </summary>
    [Fact]
    public async Task The_configuration_of_the_manifests_serves_and_its_stop_fails_no_write()
    {
        PgBouncer.SkipIfMissing();
        var database = await DatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(database, asOnKubernetes: true);
        var wrong = new NpgsqlConnectionStringBuilder(bouncer.ConnectionString) { Password = "wrong", Pooling = false };
        await using (var refused = new NpgsqlConnection(wrong.ConnectionString))
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => refused.OpenAsync(Cancellation));
        var key = (await ServiceProcess.RunAsync(database, "keys", "create", "--name", "pod", "--role", Roles.Editor)).LastLine;
        var (service, client) = await ServiceProcess.ServeAsync(
            bouncer.ConnectionString, [("ConnectionStrings__Direct", database), Patient]);
        using (service)
        using (client)
        {
            client.DefaultRequestHeaders.Authorization = new("Bearer", key);
            var written = Enumerable.Range(0, 150).Select(async i =>
            {
                await Task.Delay(i * 10, Cancellation);
                return await client.SendJsonAsync(HttpMethod.Post, "/v1/sources", SampleRecords.Source($"pod-{i}"));
            }).ToList();
            await written[50];
            var stopped = Stopwatch.GetTimestamp();
            await bouncer.StartAgainAsync();
            var away = Stopwatch.GetElapsedTime(stopped);

            // on a machine with much other work it may be away for longer than a write is tried again
            var isLong = away > WriteLimits.OfRequests.Outage - TimeSpan.FromSeconds(2);
            Assert.All(await Task.WhenAll(written), a => Assert.True(
                a.Status == HttpStatusCode.Created || (isLong && a.Response.Headers.RetryAfter is not null),
                $"away for {away}: {a.Body?.ToJsonString()}"));
        }
    }

    private static string WholeOf(string place) => $"{place.Split('.')[0]}-{place.Split('-')[1]}";

    private static async Task<long> ListenersAsync(string database)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and query = 'listen ledger'", connection);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private Task<string> DatabaseAsync() => server.CreateDatabaseAsync("migrated-for-poolers", async connection =>
    {
        await using var source = Api.Storage.Database.Open(connection);
        await CommandDatabase.MigrateAsync(source, CancellationToken.None);
    });
}
