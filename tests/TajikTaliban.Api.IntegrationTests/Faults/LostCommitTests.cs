using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Platform;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.IntegrationTests.Faults;

/// <summary>
/// A connection that is lost while a transaction is committed leaves open whether it was. The ledger tells; where it cannot, the response
/// says so, and nothing is done twice.
/// </summary>
public sealed class LostCommitTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Cut.Before)]
    [InlineData(Cut.After)]
    public async Task A_write_whose_commit_is_cut_is_made_once_and_says_its_position(Cut when)
    {
        var id = $"cut-{when}".ToLowerInvariant();
        var (answer, cuts) = await SendAsync(when,
            editor => editor.SendJsonAsync(HttpMethod.Post, "/v1/sources", SampleRecords.Source(id)));

        Assert.Equal(1, cuts);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body?.ToJsonString());
        var served = await api.Reader.GetJsonAsync($"/v1/sources/{id}");
        Assert.Equal(served.Body!.ToJsonString(), answer.Body!.ToJsonString());
        var change = (await api.Reader.GetJsonAsync("/v1/changes?limit=1000&resource=sources")).Body!["items"]!.AsArray()
            .Single(c => (string)c!["id"]! == id)!;
        var position = answer.Response.Headers.GetValues("Position").Single().Split('-');
        Assert.Matches($"^{position[0]}\\.[0-9]+-{position[1]}$", (string)change["position"]!);
        Assert.Equal((string)answer.Body["recordedAt"]!, (string)change["committedAt"]!);
    }

    [Fact]
    public async Task A_write_that_the_ledger_does_not_show_is_of_unknown_outcome()
    {
        var (answer, _) = await SendAsync(Cut.After, editor => editor.SendJsonAsync(HttpMethod.Post, "/v1/releases",
            new JsonObject { ["id"] = "unknown", ["title"] = "Unknown" }));

        HttpTests.AssertProblem(answer, ProblemType.OutcomeUnknown);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.NotNull(answer.Response.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/v1/releases/unknown")).Status);
    }

    [Fact]
    public async Task With_an_idempotency_key_it_is_carried_out_once_and_answered()
    {
        var (answer, cuts) = await SendAsync(Cut.After, editor =>
        {
            var request = new HttpRequestMessage(HttpMethod.Post, "/v1/releases")
            {
                Content = new StringContent("""{"id":"known","title":"Known"}""", null, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", "a release of its own");
            return editor.SendJsonAsync(request);
        });

        Assert.Equal(1, cuts);
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body?.ToJsonString());
        Assert.Equal((await api.Reader.GetJsonAsync("/v1/releases/known")).Body!.ToJsonString(), answer.Body!.ToJsonString());
    }

    /// <summary>Sends a request to a service whose connection is cut in its commit.</summary>
    private async Task<(JsonResponse Answer, int Cuts)> SendAsync(Cut when, Func<HttpClient, Task<JsonResponse>> send)
    {
        var own = new NpgsqlConnectionStringBuilder(api.ConnectionString);
        await using var proxy = new CuttingProxy(own.Host!, own.Port);
        (own.Host, own.Port, own.MaxAutoPrepare) = ("127.0.0.1", proxy.Port, 0);
        await using var pool = Api.Storage.Database.Open(own.ConnectionString);
        await using var direct = Api.Storage.Database.OpenDirect(api.ConnectionString);
        await using var app = await api.StartServiceAsync(pool, direct);
        using var editor = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        editor.DefaultRequestHeaders.Authorization = new("Bearer", await api.CreateKeyAsync(Guid.NewGuid().ToString(), Roles.Editor));
        proxy.CutNext(when);
        var answer = await send(editor);
        Cancellation.ThrowIfCancellationRequested();
        return (answer, proxy.Made);
    }
}
