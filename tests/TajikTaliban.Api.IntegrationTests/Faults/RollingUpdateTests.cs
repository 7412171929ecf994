using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Deadlines;

namespace TajikTaliban.Api.IntegrationTests.Faults;

/// <summary>
/// An update while the service runs, with two builds in processes of their own: the schema of the next version comes under the old
/// service, instances of both serve side by side, and the old ones stop. No request is refused.
/// </summary>
public sealed class RollingUpdateTests(PostgresServer server)
{
    private readonly ConcurrentQueue<string> _failed = [];
    private readonly ConcurrentQueue<string> _written = [];
    private readonly ConcurrentQueue<string> _followed = [];
    private volatile HttpClient[] _serving = [];
    private volatile bool _isOver;
    private readonly Stopwatch _sinceStart = Stopwatch.StartNew();
    private int _requests;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_is_refused_while_the_next_version_migrates_and_takes_over()
    {
        var building = NextVersion.BuildAsync(Cancellation);
        var database = await server.CreateDatabaseAsync();
        Assert.Equal(0, (await ServiceProcess.RunAsync(database, "migrate")).ExitCode);
        var key = (await ServiceProcess.RunAsync(database, "keys", "create", "--name", "writer", "--role", Roles.Editor)).LastLine;
        using var next = await building;
        var (old, ofOld) = await ServiceProcess.ServeBuildAsync(null, database);
        using var stopping = old;
        ofOld.DefaultRequestHeaders.Authorization = new("Bearer", key);
        await ofOld.AddAsync("/v1/sources", SampleRecords.Source("first"));
        var begin = (string)(await ofOld.GetJsonAsync("/v1/sources?limit=1")).Body!["position"]!;
        _serving = [ofOld];
        Task[] clients =
        [
            .. Enumerable.Range(0, 3).Select(WriteAsync), ReadAsync("/v1/sources/first"), ReadAsync("/v1/sources?limit=20&q=report"),
            ReadAsync($"/v1/sources?asOf={begin}"), ReadAsync("/v1/events?facets=type"), ReadAsync("/health/ready"),
            FollowAsync(begin, 1), FollowAsync(begin, 0),
        ];
        await Task.Delay(1000, Cancellation);

        Note("migrate");
        var before = _written.Count;
        await using var reading = await ReadInTransactionAsync(database);
        var migrating = ServiceProcess.RunBuildAsync(next.Folder, database, "migrate");
        await HoldUpAsync(reading, migrating);
        var migrated = await migrating;
        Assert.Equal((0, $"Applied: {NextVersion.Migration}\n"), (migrated.ExitCode, migrated.All));
        var during = _written.Count - before;
        Assert.NotEqual(0, during);

        Note("side by side");
        // an instance of the old version starts again over the schema of the next one; a new one starts beside both
        var started = await Task.WhenAll(
            ServiceProcess.ServeBuildAsync(null, database), ServiceProcess.ServeBuildAsync(next.Folder, database));
        using var again = started[0].Service;
        using var current = started[1].Service;
        var (ofAgain, ofNext) = (started[0].Client, started[1].Client);
        ofAgain.DefaultRequestHeaders.Authorization = ofNext.DefaultRequestHeaders.Authorization = new("Bearer", key);
        Assert.Equal("Report", (string?)(await ofAgain.GetJsonAsync("/v1/sources/first")).Body!["kindLabel"]);
        Assert.Equal(NextVersion.Label, (string?)(await ofNext.GetJsonAsync("/v1/sources/first")).Body!["kindLabel"]);
        // what only the next version can write, old ones serve, and do not write
        await ofNext.AddAsync("/v1/sources", new JsonObject { ["id"] = "film", ["kind"] = NextVersion.Kind, ["title"] = "A film" });
        _written.Enqueue("film.1");
        Assert.Equal(NextVersion.Kind, (string?)(await ofAgain.GetJsonAsync("/v1/sources/film")).Body!["kindLabel"]);
        var refused = await ofAgain.SendJsonAsync(HttpMethod.Patch, "/v1/sources/film", new JsonObject { ["title"] = "Changed" }, "*", null,
            "application/merge-patch+json");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/problems/invalid-record"), (refused.Status, (string?)refused.Body!["type"]));
        _serving = [ofOld, ofAgain, ofNext];
        await Task.Delay(3000, Cancellation);

        Note("the old ones stop");
        // taken out of the balancer, then told to stop: requests that last, such as long polls, are still under way
        _serving = [ofNext];
        await Task.Delay(500, Cancellation);
        var stopped = await Task.WhenAll(old.StopAsync("TERM"), again.StopAsync("TERM"));
        Assert.All(stopped, s => Assert.True(s.ExitCode == 0, s.All));
        await Task.Delay(1000, Cancellation);
        _isOver = true;
        await Task.WhenAll(clients);

        Note("the end");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_requests} requests, {_failed.Count} failed; {_written.Count} writes, {during} of them during the migration");
        Assert.True(_failed.IsEmpty, string.Join("\n", _failed));
        // both followers have had each write once; what was written while the last of their requests ran is read now
        var all = await ChangesAsync(ofNext, begin);
        Assert.Equal(_written.Order(StringComparer.Ordinal), all.Order(StringComparer.Ordinal));
        Assert.Equal(_followed.Count, _followed.Distinct().Count());
        foreach (var follower in _followed.GroupBy(f => f[0]))
            Assert.Equal(all.Take(follower.Count()), follower.Select(f => f[2..]));
        Assert.True(_followed.Count > during);
    }

    private void Note(string what) =>
        TestContext.Current.TestOutputHelper?.WriteLine($"at {_sinceStart.Elapsed.TotalSeconds:0.0} s: {what}");

    /// <summary>A transaction that has read the sources and stays open: they cannot be altered until it ends.</summary>
    private static async Task<NpgsqlConnection> ReadInTransactionAsync(string database)
    {
        var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancellation);
        await using var read = new NpgsqlCommand("begin; select count(*) from sources", connection);
        await read.ExecuteScalarAsync(Cancellation);
        return connection;
    }

    /// <summary>
    /// Waits until the migration waits for that transaction, and for longer than the deadline of a request, which may not wait as long
    /// behind the migration. Then ends the transaction.
    /// </summary>
    private static async Task HoldUpAsync(NpgsqlConnection reading, Task migrating)
    {
        await using var waiting = new NpgsqlCommand(
            "select exists (select from pg_locks where relation = 'sources'::regclass and mode = 'AccessExclusiveLock' and not granted)",
            reading);
        while (!(bool)(await waiting.ExecuteScalarAsync(Cancellation))!)
        {
            Assert.False(migrating.IsCompleted);
            await Task.Delay(100, Cancellation);
        }

        await Task.Delay(new RequestLimits().Deadline + TimeSpan.FromSeconds(2), Cancellation);
        Assert.False(migrating.IsCompleted);
        await reading.CloseAsync();
    }

    /// <summary>Creates sources and changes each once.</summary>
    private async Task WriteAsync(int writer)
    {
        for (var i = 0; !_isOver; i++)
        {
            var id = $"s-{writer}-{i}";
            await WriteAsync(HttpMethod.Put, id, 1, SampleRecords.Source(id), null, "*");
            await WriteAsync(HttpMethod.Patch, id, 2, new JsonObject { ["title"] = "Changed" }, "*", null);
        }
    }

    private async Task WriteAsync(
        HttpMethod method, string id, int version, JsonObject body, string? ifMatch, string? ifNoneMatch) =>
        await SendAsync(version, async client =>
        {
            var response = await client.SendJsonAsync(method, $"/v1/sources/{id}", body, ifMatch, ifNoneMatch,
                method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
            if ((int)response.Status < 400)
                _written.Enqueue($"{id}.{version}");
            return response;
        });

    private async Task ReadAsync(string path)
    {
        for (var i = 0; !_isOver; i++)
            await SendAsync(i, client => client.GetJsonAsync(path));
    }

    /// <summary>Follows the feed with long polls, from one instance to the next.</summary>
    private async Task FollowAsync(string after, int follower)
    {
        for (var i = 0; !_isOver; i++)
        {
            await SendAsync(i, async client =>
            {
                var page = await client.GetJsonAsync($"/v1/changes?after={after}&limit=10&wait=2");
                if (page.Body?["items"] is JsonArray items)
                {
                    foreach (var change in items)
                        _followed.Enqueue($"{follower} {Name(change!)}");
                    after = (string)page.Body["position"]!;
                }

                return page;
            });
        }
    }

    private async Task SendAsync(int turn, Func<HttpClient, Task<JsonResponse>> send)
    {
        var serving = _serving;
        Interlocked.Increment(ref _requests);
        var (began, watch) = (_sinceStart.Elapsed, Stopwatch.StartNew());
        void Fail(string what) => _failed.Enqueue($"at {began.TotalSeconds:0.0} s, after {watch.Elapsed.TotalSeconds:0.0} s: {what}");
        try
        {
            var response = await send(serving[turn % serving.Length]);
            if ((int)response.Status >= 400)
                Fail($"{(int)response.Status} {response.Response.RequestMessage!.RequestUri} {response.Body}");
        }
        catch (HttpRequestException e)
        {
            Fail($"{e.Message} {e.InnerException?.Message}");
        }
    }

    private static async Task<List<string>> ChangesAsync(HttpClient client, string after)
    {
        var changes = new List<string>();
        while (true)
        {
            var page = (await client.GetJsonAsync($"/v1/changes?after={after}&limit=500")).Body!;
            if (page["items"]!.AsArray().Count == 0)
                return changes;
            changes.AddRange(page["items"]!.AsArray().Select(c => Name(c!)));
            after = (string)page["position"]!;
        }
    }

    private static string Name(JsonNode change) => $"{change["id"]}.{change["version"]}";
}
