using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using TajikTaliban.Api.IntegrationTests.Hosting;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>A service over a streaming standby gives the feed of the primary, says when it has not come so far, and takes no
/// changes.</summary>
public sealed class StandbyTests(StandbyTests.Pair pair) : IClassFixture<StandbyTests.Pair>
{
    private const int Changes = 1500;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Readers_of_a_standby_get_every_change_of_the_primary_once_and_in_order()
    {
        var databases = await pair.CreateAsync();
        var (service, client) = await ServiceProcess.ServeAsync(databases.Standby);
        using (service)
        using (client)
        {
            await using var storm = new Storm(databases.Primary, Changes, isService: false, client.BaseAddress!.ToString());
            await storm.StartAsync();
            await using var snapshots = new StormSnapshots(client.BaseAddress!.ToString());
            snapshots.Start();

            await storm.RunAsync();
            await snapshots.StopAsync();

            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{storm.Summary}; changes "
                + $"read: {string.Join(", ", storm.Readers.Select(r => $"{r.Key} {r.Value.Count}"))}; {snapshots.Count} snapshots");
            Assert.Empty((await storm.FaultsAsync()).Take(20));
            Assert.Equal(5, storm.Readers.Count);
            Assert.All(storm.Readers.Values, read => Assert.True(read.Count >= Changes, storm.Summary));
            Assert.NotEqual(0, snapshots.Count);
            Assert.Empty(await snapshots.FaultsAsync(client));
        }
    }

    [Fact]
    public async Task A_position_ahead_of_the_standby_is_waited_for_or_refused_with_Retry_After()
    {
        var databases = await pair.CreateAsync();
        await using var primary = await Served.StartAsync(databases.Primary, databases.Key);
        await using var standby = await Served.StartAsync(databases.Standby, databases.Key);
        var first = await AddAsync(primary, "first");
        await pair.CatchUpAsync();
        await Wait.UntilAsync(async () => (await standby.Client.GetJsonAsync("/v1/sources/first")).Status == HttpStatusCode.OK);
        await pair.PauseAsync();
        try
        {
            var second = await AddAsync(primary, "second");

            // the position belongs to this history and will come: no restart is asked for
            var after = await standby.Client.GetJsonAsync($"/v1/changes?after={second}");
            AssertNotYet(after, "/query/after", "/v1/changes");
            AssertNotYet(await standby.Client.GetJsonAsync($"/v1/changes?after={second}&wait=5"), "/query/after", "/v1/changes");
            AssertNotYet(await GetAsync(standby, "/v1/changes", ("Accept", "application/x-ndjson"), ("Last-Event-ID", second)),
                "/header/Last-Event-ID", "/v1/changes");
            AssertNotYet(await GetAsync(standby, "/v1/changes", ("Accept", "text/event-stream"), ("Last-Event-ID", second)),
                "/header/Last-Event-ID", "/v1/changes");
            AssertNotYet(await standby.Client.GetJsonAsync($"/v1/sources?asOf={second}"), "/query/asOf", "/v1/sources");
            // a position of another history is recognised as far as the standby has replayed
            var gone = await standby.Client.GetJsonAsync($"/v1/changes?after={first[..^8]}abcdefgh");
            Assert.Equal(HttpStatusCode.Gone, gone.Status);
            Assert.Equal("/v1/snapshot", (string)gone.Body!["restart"]!);
            // what is there is served as before, with the position that it is of
            var here = await standby.Client.GetJsonAsync($"/v1/changes?after={first}");
            Assert.Equal(HttpStatusCode.OK, here.Status);
            Assert.Equal(first, (string)here.Body!["position"]!);
            Assert.Empty(here.Body["items"]!.AsArray());

            var began = TimeProvider.System.GetTimestamp();
            AssertNotYet(await GetAsync(standby, "/v1/sources/second", ("Min-Position", second)), "/header/Min-Position",
                "/v1/sources/second");
            Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(15));

            var waiting = GetAsync(standby, "/v1/sources/second", ("Min-Position", second));
            var polling = standby.Client.GetJsonAsync($"/v1/changes?after={first}&wait=20");
            await Task.Delay(400, Cancellation);
            Assert.False(waiting.IsCompleted || polling.IsCompleted);
            await pair.ResumeAsync();
            var answer = await waiting;
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal((await primary.Client.GetJsonAsync("/v1/sources/second")).Body!.ToJsonString(), answer.Body!.ToJsonString());
            var polled = await polling;
            Assert.Equal(second, (string)polled.Body!["position"]!);
            Assert.Equal("second", (string)polled.Body["items"]!.AsArray().Single()!["id"]!);
            Assert.Equal(HttpStatusCode.OK, (await standby.Client.GetJsonAsync($"/v1/changes?after={second}")).Status);
        }
        finally
        {
            await pair.ResumeAsync();
        }
    }

    [Fact]
    public async Task A_standby_refuses_writes_with_a_problem()
    {
        var databases = await pair.CreateAsync();
        await using var primary = await Served.StartAsync(databases.Primary, databases.Key);
        await using var standby = await Served.StartAsync(databases.Standby, databases.Key);
        await primary.Client.AddBasicsAsync();
        await pair.CatchUpAsync();
        await using var source = NpgsqlDataSource.Create(databases.Primary);
        var before = await Tables.StateAsync(source);
        var changed = SampleRecords.Source();
        changed["title"] = "Changed";
        (HttpMethod Method, string Path, JsonNode? Body, (string, string)[] Headers)[] writes =
        [
            (HttpMethod.Post, "/v1/sources", SampleRecords.Source("new"), []),
            (HttpMethod.Post, "/v1/sources", SampleRecords.Source("new"), [("Idempotency-Key", "one")]),
            (HttpMethod.Post, "/v1/actors", SampleRecords.Actor("new"), []),
            (HttpMethod.Put, "/v1/sources/new", SampleRecords.Source("new"), []),
            (HttpMethod.Put, "/v1/sources/source", changed, [("If-Match", "\"1\"")]),
            (HttpMethod.Patch, "/v1/sources/source", new JsonObject { ["title"] = "Changed" }, [("If-Match", "\"1\"")]),
            (HttpMethod.Delete, "/v1/actors/alpha", null, [("If-Match", "\"1\"")]),
            (HttpMethod.Post, "/v1/actors/alpha/merge", new JsonObject { ["into"] = "beta" }, [("If-Match", "\"1\"")]),
            (HttpMethod.Post, "/v1/batch", new JsonObject { ["resource"] = "sources", ["record"] = SampleRecords.Source("new") }, []),
            (HttpMethod.Post, "/v1/releases", new JsonObject { ["id"] = "release", ["title"] = "A release" }, []),
            (HttpMethod.Post, "/v1/webhooks", new JsonObject { ["url"] = "https://example.org/hook" }, []),
        ];

        foreach (var (method, path, body, headers) in writes)
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
            {
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8,
                    path == "/v1/batch" ? "application/x-ndjson" : "application/json");
            }

            foreach (var (name, value) in headers)
                request.Headers.Add(name, value);
            var answer = await standby.Client.SendJsonAsync(request);

            Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, $"{method} {path}: {answer.Status} {answer.Body}");
            Assert.Equal("5", answer.Response.Headers.GetValues("Retry-After").Single());
            Assert.Equal(
                new JsonObject
                {
                    ["type"] = "/problems/unavailable",
                    ["code"] = "unavailable",
                    ["title"] = "Service unavailable",
                    ["status"] = 503,
                    ["detail"] =
                        "The database accepts no changes: it is a standby or set to read-only. Send changes to the service of the primary, "
                        + "or retry later.",
                    ["instance"] = path,
                    ["traceId"] = (string)answer.Body!["traceId"]!,
                }.ToJsonString(), answer.Body.ToJsonString());
        }

        Assert.Equal(before, await Tables.StateAsync(source));
        Assert.Equal(HttpStatusCode.OK, (await standby.Client.GetJsonAsync("/v1/actors/alpha")).Status);
        Assert.Equal(HttpStatusCode.OK, (await standby.Client.GetJsonAsync("/health/ready")).Status);
    }

    private static void AssertNotYet(JsonResponse answer, string pointer, string path)
    {
        const string Detail = "This database is behind the position; retry.";
        Assert.True(answer.Status == HttpStatusCode.ServiceUnavailable, $"{pointer}: {answer.Status} {answer.Body}");
        Assert.Equal("1", answer.Response.Headers.GetValues("Retry-After").Single());
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            new JsonObject
            {
                ["type"] = "/problems/unavailable",
                ["code"] = "unavailable",
                ["title"] = "Service unavailable",
                ["status"] = 503,
                ["detail"] = Detail,
                ["instance"] = path,
                ["errors"] = new JsonObject
                {
                    [pointer] = new JsonArray(new JsonObject { ["code"] = "position-ahead", ["message"] = Detail }),
                },
                ["traceId"] = (string)answer.Body!["traceId"]!,
            }.ToJsonString(), answer.Body.ToJsonString());
    }

    private static async Task<string> AddAsync(Served served, string id)
    {
        var answer = await served.Client.SendJsonAsync(HttpMethod.Post, "/v1/sources", SampleRecords.Source(id));
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        return answer.Response.Headers.GetValues("Position").Single();
    }

    private static async Task<JsonResponse> GetAsync(Served served, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await served.Client.SendJsonAsync(request);
    }

    /// <summary>A database on both servers, and the key of an editor in it.</summary>
    public sealed record Databases(string Primary, string Standby, string Key);

    /// <summary>A primary of its own, whatever server the rest of the run has, and a standby that streams from it: both begin as copies of
    /// one cluster.</summary>
    public sealed class Pair : IAsyncLifetime
    {
        private const string Template = "migrated";
        private readonly EmbeddedPostgresTests.FreshCluster _fresh = new();
        private readonly List<string> _folders = [];
        private readonly string _key = KeyText.New();
        private EmbeddedPostgres? _primary;
        private EmbeddedPostgres? _standby;
        private bool _isMade;

        public async ValueTask InitializeAsync()
        {
            try
            {
                await _fresh.InitializeAsync();
                _isMade = true;
                var settings = new Dictionary<string, string>
                {
                    ["fsync"] = "off",
                    ["shared_buffers"] = "64MB",
                    ["wal_level"] = "replica",
                    // a standby may have no fewer than its cluster had
                    ["max_wal_senders"] = "10",
                    ["wal_keep_size"] = "512MB",
                    ["hot_standby"] = "on",
                    ["wal_retrieve_retry_interval"] = "100ms",
                };
                _primary = await StartAsync(settings, isStandby: false);
                var migrated = For(_primary, Template, pooling: false);
                await ExecuteAsync(For(_primary, "postgres", pooling: false), $"create database {Template}");
                await using (var source = Api.Storage.Database.Open(migrated))
                {
                    await CommandDatabase.MigrateAsync(source, Cancellation);
                    await using var context = Api.Storage.Database.Context(source);
                    context.Add(new ApiKey { Name = "admin", Role = Roles.Admin, Hash = KeyText.Hash(_key), CreatedAt = ApiFixture.Start });
                    await context.SaveChangesAsync(Cancellation);
                }

                var to = new NpgsqlConnectionStringBuilder(_primary.ConnectionString);
                settings["primary_conninfo"] =
                    $"host={to.Host} port={to.Port} user={to.Username} password={to.Password} sslmode=disable gssencmode=disable";
                _standby = await StartAsync(settings, isStandby: true);
            }
            catch
            {
                await DisposeAsync();
                throw;
            }
        }

        /// <summary>A new database, which has come to the standby.</summary>
        public async Task<Databases> CreateAsync()
        {
            var name = $"test_{Guid.NewGuid():n}";
            await ExecuteAsync(For(_primary!, "postgres", pooling: false), $"create database {name} template {Template}");
            await CatchUpAsync();
            return new Databases(For(_primary!, name), For(_standby!, name), _key);
        }

        /// <summary>Waits until the standby has all that the primary has now.</summary>
        public async Task CatchUpAsync()
        {
            var end = await AskAsync(_primary!, "select pg_current_wal_lsn()::text");
            await Wait.UntilAsync(async () => await AskAsync(_standby!, $"select (pg_last_wal_replay_lsn() >= '{end}')::text") == "true");
        }

        public async Task PauseAsync()
        {
            await AskAsync(_standby!, "select pg_wal_replay_pause()::text");
            await Wait.UntilAsync(async () => await AskAsync(_standby!, "select pg_get_wal_replay_pause_state()") == "paused");
        }

        /// <summary>Lets commits of the primary wait for a standby of this name; none is called so. An empty name: for nobody.</summary>
        public async Task WaitForAsync(string standby)
        {
            await ExecuteAsync(
                For(_primary!, "postgres", pooling: false), $"alter system set synchronous_standby_names = '{standby}'");
            await AskAsync(_primary!, "select pg_reload_conf()::text");
            await Wait.UntilAsync(async () => await AskAsync(_primary!, "select current_setting('synchronous_standby_names')") == standby);
        }

        public Task ResumeAsync() => AskAsync(_standby!, "select pg_wal_replay_resume()::text");

        public async ValueTask DisposeAsync()
        {
            NpgsqlConnection.ClearAllPools();
            // the primary waits for a standby that is connected
            if (_standby is not null)
                await _standby.DisposeAsync();
            if (_primary is not null)
                await _primary.DisposeAsync();
            foreach (var folder in _folders.Where(Directory.Exists))
                Directory.Delete(folder, recursive: true);
            if (_isMade)
                await _fresh.DisposeAsync();
            (_primary, _standby, _isMade) = (null, null, false);
        }

        private async Task<EmbeddedPostgres> StartAsync(Dictionary<string, string> settings, bool isStandby)
        {
            var folder = Path.Combine(_fresh.Parent, Path.GetRandomFileName());
            _folders.Add(folder);
            _fresh.CopyTo(folder);
            if (isStandby)
            {
                await File.WriteAllTextAsync(
                    Path.Combine(Directory.EnumerateDirectories(folder, "postgres-*").Single(), "data", "standby.signal"), "",
                        Cancellation);
            }

            var options = new EmbeddedPostgresOptions { DataFolder = folder, Source = PostgresServer.Source, Settings = settings };
            return await EmbeddedPostgres.StartAsync(options, NullLogger.Instance, Cancellation);
        }

        private static string For(EmbeddedPostgres server, string database, bool pooling = true) =>
            new NpgsqlConnectionStringBuilder(server.ConnectionString)
            {
                Database = database,
                Pooling = pooling,
                MaxPoolSize = 20,
            }.ConnectionString;

        private static async Task ExecuteAsync(string database, string sql)
        {
            await using var connection = new NpgsqlConnection(database);
            await connection.OpenAsync(Cancellation);
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        private static async Task<string> AskAsync(EmbeddedPostgres server, string sql)
        {
            await using var connection = new NpgsqlConnection(For(server, "postgres"));
            await connection.OpenAsync(Cancellation);
            await using var command = new NpgsqlCommand(sql, connection);
            return (string)(await command.ExecuteScalarAsync(Cancellation))!;
        }
    }
}

/// <summary>A service on a port of its own over a database, and a client that may write.</summary>
internal sealed class Served : IAsyncDisposable
{
    private readonly IAsyncDisposable _opened;
    private readonly WebApplication _app;

    private Served(IAsyncDisposable opened, WebApplication app, HttpClient client) => (_opened, _app, Client) = (opened, app, client);

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<Served> StartAsync(string database, string key)
    {
        var source = Api.Storage.Database.Open(database);
        return StartAsync(source, source, null, key);
    }

    /// <summary>With a pool for each kind of work, as the program has them.</summary>
    public static Task<Served> StartPooledAsync(string database, string key)
    {
        var pools = Api.Storage.Database.OpenPools(database);
        return StartAsync(pools, pools, Api.Storage.Database.OpenDirect(database), key);
    }

    private static async Task<Served> StartAsync(ConnectionPools pools, IAsyncDisposable opened, DirectDatabase? direct, string key)
    {
        var builder = Service.CreateBuilder("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        // a wait of five seconds for a position may take over ten on a busy machine
        builder.Configuration["Limits:Deadline"] = "00:00:30";
        var app = Service.Build(builder, pools, direct: direct);
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var client = new HttpClient { BaseAddress = new Uri(address), Timeout = TimeSpan.FromSeconds(60) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return new Served(opened, app, client);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _opened.DisposeAsync();
    }
}
