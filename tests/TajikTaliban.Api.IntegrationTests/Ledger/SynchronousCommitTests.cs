using System.Net;
using System.Text;
using TajikTaliban.Api.IntegrationTests.Platform;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>
/// A primary whose commits wait for a standby that is away. The server gives up the wait when the time of the statement is over, and says
/// that the commit was made; a standby that takes over then does not have it.
/// </summary>
public sealed class SynchronousCommitTests(StandbyTests.Pair pair) : IClassFixture<StandbyTests.Pair>
{
    private const string Id = "only-here";

    [Fact]
    public async Task A_write_that_no_standby_has_is_not_acknowledged_nor_is_its_repetition()
    {
        var databases = await pair.CreateAsync();
        // the driver cancels the commit after that time, as the server does after its own
        await using var service = await Served.StartPooledAsync($"{databases.Primary};Command Timeout=2", databases.Key);
        await pair.WaitForAsync("nobody");
        try
        {
            foreach (var _ in (int[])[1, 2])
            {
                var refused = await SendAsync(service);
                HttpTests.AssertProblem(refused, ProblemType.OutcomeUnknown);
                Assert.NotNull(refused.Response.Headers.RetryAfter);
            }

            // the server shows it meanwhile
            Assert.Equal(HttpStatusCode.OK, (await service.Client.GetJsonAsync($"/v1/sources/{Id}")).Status);
        }
        finally
        {
            await pair.WaitForAsync("");
        }

        var answer = await SendAsync(service);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        Assert.Equal(["true"], answer.Response.Headers.GetValues("Idempotency-Replayed"));
        var changes = await service.Client.GetJsonAsync("/v1/changes?resource=sources");
        Assert.Equal(Id, (string)Assert.Single(changes.Body!["items"]!.AsArray())!["id"]!);
    }

    private static async Task<JsonResponse> SendAsync(Served service)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sources")
        {
            Content = new StringContent(SampleRecords.Source(Id).ToJsonString(), Encoding.UTF8, "application/json"),
            Headers = { { "Idempotency-Key", Id } },
        };
        return await service.Client.SendJsonAsync(request);
    }
}
