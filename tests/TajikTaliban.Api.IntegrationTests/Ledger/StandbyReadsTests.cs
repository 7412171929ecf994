using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>A service over a primary and a standby, named in one connection string: reads go to the standby, and no response tells that
/// they do.</summary>
public sealed class StandbyReadsTests(StandbyTests.Pair pair) : IClassFixture<StandbyTests.Pair>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reads_without_a_key_go_to_a_standby_only_while_it_has_what_the_response_states()
    {
        var databases = await pair.CreateAsync();
        await using var service = await Served.StartPooledAsync(Both(databases), databases.Key);
        using var anyone = new HttpClient { BaseAddress = service.Client.BaseAddress };
        var reads = service.Services.GetRequiredService<StandbyReads>();
        await AddAsync(service, "first");
        await pair.CatchUpAsync();
        await Wait.UntilAsync(async () =>
        {
            var before = reads.Given;
            Assert.Equal(HttpStatusCode.OK, (await anyone.GetJsonAsync("/v1/sources/first")).Status);
            return reads.Given > before;
        });

        await pair.PauseAsync();
        try
        {
            var second = await AddAsync(service, "second");
            var before = reads.Given;

            // skipped from the moment of the write on, for each way to read
            foreach (var path in (string[])["/v1/sources/second", "/v1/sources?limit=5", $"/v1/sources/second?asOf={second}",
                "/v1/sources?count=exact", "/v1/sources/second/history", "/v1/sources.ndjson"])
            {
                using var response = await anyone.GetAsync(path, Cancellation);
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Assert.Contains("\"second\"", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            }

            Assert.Equal(before, reads.Given);
        }
        finally
        {
            await pair.ResumeAsync();
        }

        await pair.CatchUpAsync();
        var last = reads.Given;
        await Wait.UntilAsync(async () =>
        {
            Assert.Equal(HttpStatusCode.OK, (await anyone.GetJsonAsync("/v1/sources/second?fields=id")).Status);
            return reads.Given > last;
        });
    }

    [Fact]
    public async Task What_was_written_can_be_read_at_once_at_the_same_service_and_by_its_position_at_another()
    {
        var databases = await pair.CreateAsync();
        await using var one = await Served.StartPooledAsync(Both(databases), databases.Key);
        await using var other = await Served.StartPooledAsync(Both(databases), databases.Key);
        using var here = new HttpClient { BaseAddress = one.Client.BaseAddress };
        using var there = new HttpClient { BaseAddress = other.Client.BaseAddress };
        await Parallel.ForAsync(0, 6, Cancellation, async (writer, _) =>
        {
            for (var i = 0; i < 25; i++)
            {
                var id = $"source-{writer}-{i}";
                var position = await AddAsync(one, id);
                var own = await here.GetJsonAsync($"/v1/sources/{id}");
                Assert.Equal(HttpStatusCode.OK, own.Status);
                using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/sources/{id}");
                request.Headers.Add("Min-Position", position);
                Assert.Equal(HttpStatusCode.OK, (await there.SendJsonAsync(request)).Status);
                // a position that anyone was given is found by whoever answers, behind or not
                var stated = own.Response.Headers.GetValues("Position").Single();
                foreach (var named in (string[])[position, stated])
                {
                    var list = await there.GetJsonAsync($"/v1/sources?asOf={named}&limit=1&fields=id");
                    Assert.Equal(HttpStatusCode.OK, list.Status);
                }
            }
        });
        Assert.NotEqual(0, one.Services.GetRequiredService<StandbyReads>().Given + other.Services.GetRequiredService<StandbyReads>().Given);
        Assert.Equal(150, (int)(await there.GetJsonAsync("/v1/sources?count=exact&limit=1")).Body!["count"]!["value"]!);
    }

    private static string Both(StandbyTests.Databases databases)
    {
        var (primary, standby) = (
            new NpgsqlConnectionStringBuilder(databases.Primary), new NpgsqlConnectionStringBuilder(databases.Standby));
        // the standby first: which of them takes writes is found out
        return new NpgsqlConnectionStringBuilder(databases.Primary)
        {
            Host = $"{standby.Host}:{standby.Port},{primary.Host}:{primary.Port}",
            TargetSessionAttributes = "prefer-standby",
        }.ConnectionString;
    }

    private static async Task<string> AddAsync(Served service, string id)
    {
        var added = await service.Client.SendJsonAsync(HttpMethod.Post, "/v1/sources", (JsonNode)SampleRecords.Source(id));
        Assert.Equal(HttpStatusCode.Created, added.Status);
        return added.Response.Headers.GetValues("Position").Single();
    }
}
