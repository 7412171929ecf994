using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>A service whose requests have half a second.</summary>
public sealed class HurriedApiFixture(PostgresServer server) : ApiFixture(server)
{
    protected override bool Seeded => true;

    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["Limits:Deadline"] = "00:00:00.5",
        ["Limits:Write"] = "00:00:00.5",
    };
}

/// <summary>No request takes longer than its deadline.</summary>
public sealed class BoundedCostTests(HurriedApiFixture api) : IClassFixture<HurriedApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Somebody holds the table, so that the statement would wait for ever; each request needs several of them.</summary>
    [Theory]
    [InlineData("/v1/actors")]
    [InlineData("/v1/actors?q=taliban&count=exact&facets=type,sectors,status")]
    [InlineData("/v1/actors/taliban")]
    [InlineData("/v1/actors/availability")]
    [InlineData("/v1/actors.csv")]
    [InlineData("/v1/search?q=taliban")]
    [InlineData("/v1/relations?actor=nobody,taliban")]
    public async Task A_request_that_takes_too_long_ends_as_a_problem_of_its_own(string address)
    {
        await using var holder = await api.Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await holder.BeginTransactionAsync(Cancellation);
        await using (var hold = new NpgsqlCommand("lock table actors in access exclusive mode", holder))
            await hold.ExecuteNonQueryAsync(Cancellation);

        using var answer = await api.Reader.GetAsync(new Uri(address, UriKind.Relative), Cancellation);
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("/problems/deadline", (string)body["type"]!);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.Headers.RetryAfter!.Delta);
        Assert.Contains("Ask for less", (string)body["detail"]!, StringComparison.Ordinal);
        // nothing of it goes on in the database
        await WaitUntilAsync("select count(*) = 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
    }

    [Fact]
    public async Task A_write_that_takes_too_long_writes_nothing()
    {
        await using (var holder = await api.Database.OpenConnectionAsync(Cancellation))
        {
            await using var transaction = await holder.BeginTransactionAsync(Cancellation);
            await using (var hold = new NpgsqlCommand("select from actors where id = 'taliban' for update", holder))
                await hold.ExecuteNonQueryAsync(Cancellation);
            using var request = new HttpRequestMessage(HttpMethod.Patch, "/v1/actors/taliban")
            {
                Content = new StringContent("""{"description":"Waits"}""", null, "application/merge-patch+json"),
            };
            request.Headers.TryAddWithoutValidation("If-Match", "*");
            using var answer = await api.Editor.SendAsync(request, Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }

        await WaitUntilAsync("select count(*) = 0 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
        Assert.NotEqual("Waits", (string?)(await api.Reader.GetJsonAsync("/v1/actors/taliban")).Body!["description"]);
    }

    /// <summary>What was begun stays: a stream and a long poll are not cut by the deadline of the first byte.</summary>
    [Fact]
    public async Task A_long_poll_waits_longer_than_the_deadline()
    {
        var newest = (await api.Reader.GetAsync(new Uri("/v1/actors?limit=1", UriKind.Relative), Cancellation)).Headers
            .GetValues("Position").Single();

        var answer = await api.Reader.GetJsonAsync($"/v1/changes?after={newest}&wait=2");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.True((bool)answer.Body!["complete"]!);
    }

    /// <summary>A service that is gone cannot end its statements: the database does.</summary>
    [Fact]
    public async Task The_database_holds_the_limits_itself()
    {
        var limits = new StatementLimits(TimeSpan.FromMilliseconds(200), TimeSpan.FromMilliseconds(300));
        await using var limited = Api.Storage.Database.Open(api.ConnectionString, limits: limits);
        await using var sleep = limited.CreateCommand("select pg_sleep(60)");

        var error = await Assert.ThrowsAsync<PostgresException>(() => sleep.ExecuteNonQueryAsync(Cancellation));

        Assert.Equal(PostgresErrorCodes.QueryCanceled, error.SqlState);
        Assert.Contains("statement timeout", error.MessageText, StringComparison.Ordinal);
        await using var connection = await limited.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using (var first = new NpgsqlCommand("select 1", connection))
            await first.ExecuteNonQueryAsync(Cancellation);
        await Task.Delay(TimeSpan.FromSeconds(1), Cancellation);
        await using var late = new NpgsqlCommand("select 1", connection);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => late.ExecuteNonQueryAsync(Cancellation));
    }

    private async Task WaitUntilAsync(string condition)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            await using var command = api.Database.CreateCommand(condition);
            if (await command.ExecuteScalarAsync(Cancellation) is true)
                return;
            await Task.Delay(50, Cancellation);
        }

        Assert.Fail($"Never: {condition}");
    }
}
