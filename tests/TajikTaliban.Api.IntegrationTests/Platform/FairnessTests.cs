using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>The service with pools apart, short queues, small rate limits, and this machine as a trusted proxy.</summary>
public sealed class FairApiFixture(PostgresServer server) : ApiFixture(server)
{
    public const int NetworkPoints = 240;

    protected override TimeProvider Clock => TimeProvider.System;

    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["Fairness:NetworkPoints"] = NetworkPoints.ToString(CultureInfo.InvariantCulture),
        ["Fairness:KeyPoints"] = "600",
        // an answer from memory costs nothing
        ["Answers:MaxBytes"] = "0",
        ["Fairness:MaxHeavyQueue"] = "1",
        ["Fairness:MaxWait"] = "00:00:30",
        ["Fairness:TrustedProxies"] = "127.0.0.0/8, ::1/128, 10.1.0.0/16",
    };

    protected override ConnectionPools PoolsOf(NpgsqlDataSource database) =>
        Api.Storage.Database.OpenPools(new NpgsqlConnectionStringBuilder(ConnectionString) { MaxPoolSize = 44 }.ConnectionString);

    protected override async ValueTask FillAsync() => await Editor.AddBasicsAsync();
}

/// <summary>No client takes what others need.</summary>
public sealed partial class FairnessTests(FairApiFixture api) : IClassFixture<FairApiFixture>
{
    private static int _networks;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Heavy_requests_queue_and_beyond_the_queue_are_refused_while_others_are_served()
    {
        // heavy requests for indicators last until the lock is gone
        await using var blocker = await api.Database.OpenConnectionAsync(Cancellation);
        var transaction = await blocker.BeginTransactionAsync(Cancellation);
        await using (var lockAll = new NpgsqlCommand("lock table indicators in access exclusive mode", blocker))
            await lockAll.ExecuteNonQueryAsync(Cancellation);

        var served = Enumerable.Range(0, 4).Select(_ => api.Reader.GetJsonAsync("/v1/indicators?count=exact")).ToList();
        while (await WaitingAsync() < 4)
        {
            if (served.Find(s => s.IsCompleted) is { } early)
                Assert.Fail($"A request did not wait: {(await early).Status} {(await early).Body}");
            await Task.Delay(20, Cancellation);
        }

        var first = api.Reader.GetJsonAsync("/v1/indicators?q=border");
        var second = api.Reader.GetJsonAsync("/v1/indicators/availability");
        var ended = await Task.WhenAny(first, second);
        var (refused, queued) = (await ended, ended == first ? second : first);

        HttpTests.AssertProblem(refused, ProblemType.Busy);
        Assert.Equal(TimeSpan.FromSeconds(2), refused.Response.Headers.RetryAfter!.Delta);
        Assert.False(queued.IsCompleted);
        Assert.Equal(4, await WaitingAsync());
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/health/ready")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/v1/actors/alpha")).Status);
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/v1/actors?limit=10")).Status);
        using (var snapshot = await api.Reader.GetAsync("/v1/snapshot?resource=actors", Cancellation))
            Assert.Equal(HttpStatusCode.OK, snapshot.StatusCode);
        var write = await api.Editor.SendJsonAsync(
            HttpMethod.Post, "/v1/events", SampleRecords.Event("fair-event", "2024", "alpha", "beta"));
        Assert.Equal(HttpStatusCode.Created, write.Status);

        await transaction.DisposeAsync();
        foreach (var answer in await Task.WhenAll([.. served, queued]))
            Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("/v1/actors/alpha", 1)]
    [InlineData("/v1/actors/nobody", 1)]
    [InlineData("/v1/actors", 1)]
    [InlineData("/v1/actors?limit=100", 1)]
    [InlineData("/v1/actors?limit=1000", 10)]
    [InlineData("/v1/actors?limit=0", 1)]
    [InlineData("/v1/actors?q=a&count=exact&facets=type,sector", 21)]
    [InlineData("/v1/actors?q=a&count=estimated", 6)]
    [InlineData("/v1/actors?asOf=now&facets=type", 11)]
    [InlineData("/v1/actors?asOf=now", 1)]
    [InlineData("/v1/actors/availability", 10)]
    [InlineData("/v1/actors.csv", 20)]
    [InlineData("/v1/actors.csv?q=a", 25)]
    [InlineData("/v1/actors.csv?limit=10", 1)]
    [InlineData("/v1/actors/alpha.csv", 1)]
    [InlineData("/v1/snapshot", 20)]
    [InlineData("/v1/changes", 2)]
    [InlineData("/v1/changes?format=ndjson", 20)]
    [InlineData("/v1/search?q=a", 3)]
    public async Task A_request_costs_what_it_asks_for(string path, int points)
    {
        using var answer = await GetAsync(path, NewNetwork());

        var left = FairApiFixture.NetworkPoints - points;
        Assert.Equal(["\"network\";q=240;w=60"], answer.Headers.GetValues("RateLimit-Policy"));
        Assert.Equal(
            [$"\"network\";r={left};t={Math.Ceiling(points / 4.0)}"], answer.Headers.GetValues("RateLimit"));
    }

    [Fact]
    public async Task A_network_that_asks_too_much_is_told_when_to_come_again_and_others_are_served()
    {
        var network = NewNetwork();
        for (var i = 0; i < 12; i++)
            using (await GetAsync("/v1/snapshot", network)) { }

        using var request = Request("/v1/snapshot", network);
        var refused = await api.Reader.SendJsonAsync(request);

        HttpTests.AssertProblem(refused, ProblemType.TooManyRequests);
        Assert.InRange(refused.Response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 5);
        Assert.Matches(RateLimitOfNetwork(), Assert.Single(refused.Response.Headers.GetValues("RateLimit")));
        using var other = await GetAsync("/v1/snapshot", NewNetwork());
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        using var health = await GetAsync("/health/ready", network);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.False(health.Headers.Contains("RateLimit"));
    }

    [Theory]
    [InlineData("2001:db8:1:2:a::1", "2001:db8:1:2:b::2", true)]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:4::1", false)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("192.0.2.7", "::ffff:192.0.2.7", true)]
    // a client can send the header itself; the last proxy adds the address that it saw
    [InlineData("192.0.2.9", "198.51.100.1, 192.0.2.9", true)]
    [InlineData("192.0.2.10", "198.51.100.1, 192.0.2.10, 10.1.2.3", true)]
    [InlineData("192.0.2.11", "192.0.2.11, 10.2.0.1", false)]
    public async Task Networks_are_an_IPv4_address_or_an_IPv6_prefix_as_trusted_proxies_saw_it(string one, string other, bool isSame)
    {
        using var first = await GetAsync("/v1/snapshot", one);
        using var second = await GetAsync("/v1/actors/availability", other);

        var left = int.Parse(LeftText().Match(Assert.Single(second.Headers.GetValues("RateLimit"))).Groups[1].Value,
            CultureInfo.InvariantCulture);
        Assert.Equal(isSame, left < FairApiFixture.NetworkPoints - 10);
    }

    [Fact]
    public async Task A_key_has_a_limit_of_its_own_and_this_machine_has_none()
    {
        var key = await api.CreateKeyAsync("fair-reader", Roles.Reader);
        using var request = Request("/v1/actors/alpha", NewNetwork());
        request.Headers.Authorization = new("Bearer", key);
        using var withKey = await api.Reader.SendAsync(request, Cancellation);
        using var local = await api.Reader.GetAsync("/v1/actors/alpha", Cancellation);

        Assert.Equal(["\"key\";q=600;w=60"], withKey.Headers.GetValues("RateLimit-Policy"));
        Assert.Equal(["\"key\";r=599;t=1"], withKey.Headers.GetValues("RateLimit"));
        Assert.False(local.Headers.Contains("RateLimit-Policy"));
    }

    private static string NewNetwork() => $"203.0.113.{Interlocked.Increment(ref _networks)}";

    [GeneratedRegex("^\"network\";r=\\d{1,2};t=\\d{2}$")]
    private static partial Regex RateLimitOfNetwork();

    [GeneratedRegex("r=(\\d+)")]
    private static partial Regex LeftText();

    private static HttpRequestMessage Request(string path, string network)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Forwarded-For", network);
        return request;
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string network)
    {
        using var request = Request(path, network);
        return await api.Reader.SendAsync(request, Cancellation);
    }

    /// <summary>How many statements wait for the lock.</summary>
    private async Task<long> WaitingAsync()
    {
        await using var command = api.Database.CreateCommand(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }
}

/// <summary>Without trusted proxies.</summary>
public sealed class UntrustedProxyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task An_address_in_a_header_is_believed_from_nobody()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/actors");
        request.Headers.Add("X-Forwarded-For", "203.0.113.1");
        request.Headers.Add("X-Forwarded-Proto", "https");
        using var answer = await api.Reader.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("RateLimit-Policy"));
    }
}
