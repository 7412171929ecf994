using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;

namespace TajikTaliban.Api.IntegrationTests.Faults;

/// <summary>
/// Two instances of the service behind HAProxy over the cluster of <c>deploy/cluster</c>, whose primary is killed while clients write and
/// follow the feed. <c>CLUSTER_KILLS=5</c> kills PostgreSQL alone five times, and five times with its Patroni; without it, one kill with
/// Patroni. The times are in the output of the test.
/// </summary>
public sealed class ClusterTests
{
    private const string Database = "tajik_taliban";
    private const int Writers = 8;
    private const int Followers = 5;
    private const int SecondsToWrite = 45;

    private static readonly int Kills =
        int.TryParse(Environment.GetEnvironmentVariable("CLUSTER_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : 0;

    private readonly ConcurrentDictionary<string, string> _acknowledged = [];
    private readonly ConcurrentBag<string> _faults = [];
    private readonly ConcurrentQueue<(long Sent, long Answered)> _writes = [];
    private readonly ConcurrentBag<string> _refused = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_acknowledged_write_is_lost_when_the_primary_is_killed_and_followers_get_each_change_once()
    {
        PatroniCluster.SkipIfMissing();
        await using var cluster = new PatroniCluster();
        await cluster.StartAsync();
        var key = await CreateDatabaseAsync(cluster);
        // one finds the primary among the nodes and reads from standbys, the other asks HAProxy for it
        using var one = await ServeAsync(cluster, 0, cluster.OfNodes(Database));
        using var two = await ServeAsync(cluster, 1, cluster.OfPrimary(Database));
        using var client = new HttpClient
        {
            BaseAddress = new Uri($"http://127.0.0.1:{cluster.ApiPort}"),
            Timeout = TimeSpan.FromSeconds(40),
        };
        await Wait.UntilAsync(async () => (await client.GetAsync("/health/ready", Cancellation)).IsSuccessStatusCode);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var followers = Enumerable.Range(0, Followers).Select(_ => new Follower(client)).ToList();
        var following = followers.ConvertAll(f => f.RunAsync(ends.Token));
        using var stops = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var writing = Enumerable.Range(0, Writers).Select(w => WriteAsync(client, w, stops.Token)).ToList();

        var times = new List<string>();
        foreach (var withPatroni in Enumerable.Repeat(false, Kills).Concat(Enumerable.Repeat(true, Math.Max(1, Kills))))
        {
            await Task.Delay(2000, Cancellation);
            var killed = TimeProvider.System.GetTimestamp();
            var node = await cluster.KillPrimaryAsync(withPatroni);
            var back = await BackAsync(killed);
            times.Add(string.Create(CultureInfo.InvariantCulture, $"{(withPatroni ? "with Patroni" : "alone")} {back.TotalSeconds:0.0} s"));
            if (withPatroni)
                await cluster.StartAgainAsync(node);
            await cluster.WaitUntilWholeAsync();
        }

        await stops.CancelAsync();
        await Task.WhenAll(writing);
        var feed = await FeedAsync(client);
        var end = feed[^1].Position;
        await Wait.UntilAsync(() => Task.FromResult(followers.TrueForAll(f => f.Changes.LastOrDefault().Position == end)), 60);
        await ends.CancelAsync();
        await Task.WhenAll(following);

        var byService = _refused.Count(type => type == "application/problem+json");
        var byProxy = _refused.Count - byService;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_acknowledged.Count} writes acknowledged; writes back after a kill of PostgreSQL: {string.Join(", ", times)}; "
            + $"{string.Join(", ", followers.Select(f => f.Retries))} requests of followers repeated; "
            + $"{byService} writes refused by the service, {byProxy} by HAProxy");
        Assert.Empty(_faults.Take(10));
        // while no instance is ready, HAProxy asks one all the same: it refuses some by itself until it has noticed, not all
        Assert.True(byService > byProxy, $"{byService} refused by the service, {byProxy} by HAProxy");
        var inFeed = feed.GroupBy(c => c.Id).ToDictionary(g => g.Key, g => g.Count());
        Assert.Empty(_acknowledged.Keys.Where(id => inFeed.GetValueOrDefault(id) != 1).Take(10));
        Assert.All(followers, follower => Assert.Equal(feed, follower.Changes));
    }

    [Fact]
    public async Task When_an_instance_is_killed_only_requests_under_way_fail()
    {
        PatroniCluster.SkipIfMissing();
        await using var cluster = new PatroniCluster();
        await cluster.StartAsync();
        var key = await CreateDatabaseAsync(cluster);
        var one = await ServeAsync(cluster, 0, cluster.OfNodes(Database));
        using var two = await ServeAsync(cluster, 1, cluster.OfPrimary(Database));
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{cluster.ApiPort}") };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        await Wait.UntilAsync(async () => (await client.GetAsync("/health/ready", Cancellation)).IsSuccessStatusCode);
        // until HAProxy has found both ready
        await Task.Delay(3000, Cancellation);

        var answers = new ConcurrentBag<(long Sent, string? Problem)>();
        using var stops = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asking = Enumerable.Range(0, 8).Select(async asker =>
        {
            for (var i = 0; !stops.IsCancellationRequested; i++)
            {
                var sent = TimeProvider.System.GetTimestamp();
                var answer = i % 4 == 3
                    ? await SendOrNullAsync(client, $"s-{asker}-{i}", Cancellation)
                    : await GetOrNullAsync(client, "/v1/sources?limit=5");
                answers.Add((sent, await ProblemAsync(answer)));
            }
        }).ToList();
        await Task.Delay(2000, Cancellation);
        one.Dispose(); // kill -9
        var killed = TimeProvider.System.GetTimestamp();
        await Task.Delay(6000, Cancellation);
        await stops.CancelAsync();
        await Task.WhenAll(asking);

        var later = answers.Where(a => a.Sent > killed).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{answers.Count} requests, {later.Count} after the kill; failed: {answers.Count(a => a.Problem is not null)}, all under way: "
            + string.Join(", ", answers.Where(a => a.Problem is not null).Select(a => a.Problem).Take(5)));
        Assert.NotEmpty(later);
        Assert.Empty(later.Where(a => a.Problem is not null).Take(10));
    }

    private static async Task<string> CreateDatabaseAsync(PatroniCluster cluster)
    {
        await Api.Storage.Database.EnsureExistsAsync(cluster.OfNodes(Database), Cancellation);
        var migrated = await ServiceProcess.RunAsync(cluster.OfNodes(Database), "migrate");
        Assert.True(migrated.ExitCode == 0, migrated.All);
        var key = KeyText.New();
        await using var source = Api.Storage.Database.Open(cluster.OfPrimary(Database));
        await using var context = Api.Storage.Database.Context(source);
        context.Add(new ApiKey
        {
            Name = "cluster",
            Role = Roles.Editor,
            Hash = KeyText.Hash(key),
            CreatedAt = ApiFixture.Start,
        });
        await context.SaveChangesAsync(Cancellation);
        return key;
    }

    private static async Task<ServiceProcess> ServeAsync(PatroniCluster cluster, int instance, string database)
    {
        var (service, own) = await ServiceProcess.ServeAtAsync($"http://127.0.0.1:{cluster.InstancePorts[instance]}", database);
        own.Dispose();
        return service;
    }

    /// <summary>How long after a kill a write was acknowledged that had been sent after it.</summary>
    private async Task<TimeSpan> BackAsync(long killed)
    {
        _writes.Clear();
        while (true)
        {
            foreach (var (sent, answered) in _writes)
            {
                if (sent > killed)
                    return TimeProvider.System.GetElapsedTime(killed, answered);
            }

            Assert.True(TimeProvider.System.GetElapsedTime(killed) < TimeSpan.FromSeconds(SecondsToWrite),
                $"No write was acknowledged within {SecondsToWrite} s.");
            await Task.Delay(50, Cancellation);
        }
    }

    /// <summary>Writes records, each until it is acknowledged.</summary>
    private async Task WriteAsync(HttpClient client, int writer, CancellationToken stops)
    {
        for (var i = 0; !stops.IsCancellationRequested; i++)
        {
            var id = $"w-{writer}-{i}";
            for (var attempt = 1; !stops.IsCancellationRequested; attempt++)
            {
                var sent = TimeProvider.System.GetTimestamp();
                using var answer = await SendOrNullAsync(client, id, Cancellation);
                if (answer is { StatusCode: HttpStatusCode.Created })
                {
                    _acknowledged[id] = answer.Headers.GetValues("Position").Single();
                    _writes.Enqueue((sent, TimeProvider.System.GetTimestamp()));
                    break;
                }

                if (answer is not null && (int)answer.StatusCode < 500 && answer.StatusCode != HttpStatusCode.Conflict)
                {
                    _faults.Add($"{id}, attempt {attempt}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}");
                    break;
                }

                if (answer is { StatusCode: HttpStatusCode.ServiceUnavailable })
                    _refused.Add(answer.Content.Headers.ContentType?.MediaType ?? "");
                await Task.Delay(200, Cancellation);
            }

            await Task.Delay(20, Cancellation);
        }
    }

    private static async Task<HttpResponseMessage?> SendOrNullAsync(HttpClient client, string id, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sources")
        {
            Content = new StringContent(SampleRecords.Source(id).ToJsonString(), Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", id } },
        };
        try
        {
            return await client.SendAsync(request, cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<HttpResponseMessage?> GetOrNullAsync(HttpClient client, string path)
    {
        try
        {
            return await client.GetAsync(path, Cancellation);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !Cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task<string?> ProblemAsync(HttpResponseMessage? answer)
    {
        using (answer)
        {
            return answer is null ? "no answer" : answer.IsSuccessStatusCode ? null
                : $"{answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}";
        }
    }

    /// <summary>The whole feed, read at once.</summary>
    private static async Task<List<FeedChange>> FeedAsync(HttpClient client)
    {
        var follower = new Follower(client);
        while (await follower.ReadAsync(wait: 0, Cancellation))
        {
            // the next page
        }

        return follower.Changes;
    }

    private readonly record struct FeedChange(string Position, string Id, int Version, string Operation);

    /// <summary>Follows the feed from its start by long polls.</summary>
    private sealed class Follower(HttpClient client)
    {
        private string? _position;

        public List<FeedChange> Changes { get; } = [];

        public int Retries { get; private set; }

        public async Task RunAsync(CancellationToken ends)
        {
            while (!ends.IsCancellationRequested)
            {
                try
                {
                    await ReadAsync(5, ends);
                }
                catch (Exception e) when (e is HttpRequestException { StatusCode: null or >= HttpStatusCode.InternalServerError }
                    or TaskCanceledException)
                {
                    Retries++;
                    if (!ends.IsCancellationRequested)
                        await Task.Delay(100, CancellationToken.None);
                }
            }
        }

        /// <summary>Reads a page; returns whether it had changes.</summary>
        public async Task<bool> ReadAsync(int wait, CancellationToken cancellation)
        {
            var text = await client.GetStringAsync(
                $"/v1/changes?limit=100{(_position is null ? "" : $"&after={_position}&wait={wait}")}", cancellation);
            var page = JsonNode.Parse(text)!;
            var items = page["items"]!.AsArray();
            Changes.AddRange(items.Select(c =>
                new FeedChange((string)c!["position"]!, (string)c["id"]!, (int)c["version"]!, (string)c["operation"]!)));
            _position = (string)page["position"]!;
            return items.Count > 0;
        }
    }
}
