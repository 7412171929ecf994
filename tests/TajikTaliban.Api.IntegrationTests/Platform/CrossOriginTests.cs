using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>A service whose keys may be sent by pages of some origins, behind a trusted proxy.</summary>
public sealed class CrossOriginApiFixture(PostgresServer server) : ApiFixture(server)
{
    public const string Desk = "https://desk.example.org";

    protected override bool Seeded => true;

    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["Cors:Origins"] = $"{Desk}, HTTP://LocalHost:5173,https://dépêche.example:443",
        ["Fairness:TrustedProxies"] = "127.0.0.0/8",
    };
}

/// <summary>What pages of other origins may do: read without a key, and with a key only from configured origins.</summary>
public sealed class CrossOriginTests(CrossOriginApiFixture api) : IClassFixture<CrossOriginApiFixture>
{
    private const string Stranger = "https://paper.example";
    private const string Record = "/v1/actors/taliban";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", Record, 200)]
    [InlineData("HEAD", Record, 200)]
    [InlineData("GET", "/v1/events?limit=0", 400)]
    [InlineData("GET", "/v1/actors/nobody", 404)]
    [InlineData("GET", "/nothing", 404)]
    [InlineData("POST", "/v1/actors", 401)]
    [InlineData("GET", "/v1/events.csv", 200)]
    [InlineData("GET", "/v1/changes.sse?limit=1", 200)]
    [InlineData("GET", "/openapi/v1.json", 200)]
    [InlineData("GET", "/health/live", 200)]
    public async Task Every_response_is_open_to_every_page(string method, string path, int status)
    {
        foreach (var origin in (string?[])[null, Stranger, CrossOriginApiFixture.Desk, "null"])
        {
            using var response = await SendAsync(api.Reader, method, path, origin);
            Assert.Equal((status, origin), ((int)response.StatusCode, origin));
            AssertOpen(response);
        }
    }

    [Fact]
    public async Task So_is_an_unchanged_response_and_one_from_memory()
    {
        using var first = await SendAsync(api.Reader, "GET", Record, null);
        foreach (var origin in (string?[])[Stranger, null, CrossOriginApiFixture.Desk])
        {
            using var unchanged = await SendAsync(api.Reader, "GET", Record, origin, ("If-None-Match", first.Headers.ETag!.ToString()));
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
            AssertOpen(unchanged);
        }

        await Wait.UntilAsync(async () =>
        {
            using var kept = await SendAsync(api.Reader, "GET", Record, Stranger);
            AssertOpen(kept);
            return kept.Headers.Contains("Cache-Status");
        });
    }

    /// <summary>A response that a program reads has no header that a page cannot read.</summary>
    [Theory]
    [InlineData(Record)]
    [InlineData("/v1/events?limit=1")]
    [InlineData("/v1/events.csv")]
    [InlineData("/v1/actors?limit=0")]
    public async Task Pages_can_read_every_header_that_is_of_use_to_them(string path)
    {
        string[] ofTransport = ["Date", "Vary", "Transfer-Encoding", "Trailer", "X-Content-Type-Options", "Referrer-Policy",
            "Cross-Origin-Resource-Policy", "Content-Security-Policy", "Access-Control-Allow-Origin", "Access-Control-Expose-Headers"];
        // those that the standard of fetch lists
        string[] always = ["Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified", "Pragma"];
        using var response = await SendAsync(api.Reader, "GET", path, Stranger);

        var sent = response.Headers.Concat(response.Content.Headers).Select(h => h.Key).ToList();

        Assert.Empty(sent.Except([.. CommonHeaders.Exposed, .. always, .. ofTransport], StringComparer.OrdinalIgnoreCase));
        Assert.Contains("Position", sent);
    }

    [Theory]
    [InlineData("GET", Record)]
    [InlineData("DELETE", Record)]
    [InlineData("POST", "/v1/actors")]
    public async Task A_key_from_a_page_of_another_origin_is_refused_with_what_to_do(string method, string path)
    {
        foreach (var origin in (string[])[Stranger, "null", $"{CrossOriginApiFixture.Desk}:8443", "http://desk.example.org",
            "https://desk.example.org.paper.example", "x\"><script>"])
        {
            using var request = Request(method, path, origin);
            var answer = await api.Editor.SendJsonAsync(request);

            HttpTests.AssertProblem(answer, ProblemType.OriginNotAllowed);
            Assert.Equal(["/header/Origin"], answer.Pointers);
            Assert.Contains("Cors__Origins", (string)answer.Body!["detail"]!, StringComparison.Ordinal);
            Assert.DoesNotContain("script", answer.Body.ToJsonString(), StringComparison.Ordinal);
            AssertOpen(answer.Response);
        }
    }

    [Theory]
    [InlineData(CrossOriginApiFixture.Desk)]
    [InlineData("http://localhost:5173")]
    [InlineData("https://xn--dpche-bsai.example")]
    public async Task A_configured_origin_may_write(string origin)
    {
        var id = $"from-{new Uri(origin).Host.Replace('.', '-')}";
        using var request = Request("POST", "/v1/sources", origin);
        request.Content = new StringContent(SampleRecords.Source(id).ToJsonString(), new MediaTypeHeaderValue("application/json"));

        var answer = await api.Editor.SendJsonAsync(request);

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        AssertOpen(answer.Response);
    }

    /// <summary>A page of the service itself, such as the documentation, whatever stands in front of the service.</summary>
    [Fact]
    public async Task The_service_itself_may_send_keys_also_behind_a_proxy()
    {
        var own = $"http://{api.Reader.BaseAddress!.Authority}";
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(own));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("https://api.example"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("https://api.example", ("Host", "api.example"), ("X-Forwarded-For", "192.0.2.1"),
            ("X-Forwarded-Proto", "https")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("https://api.example:8443", ("X-Forwarded-For", "192.0.2.1"),
            ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "api.example:8443")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("https://paper.example", ("X-Forwarded-For", "192.0.2.1"),
            ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "api.example")));
        // a proxy that says nothing
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("https://api.example", ("Sec-Fetch-Site", "same-origin")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync("https://api.example", ("Sec-Fetch-Site", "same-site")));

        async Task<HttpStatusCode> StatusAsync(string origin, params (string, string)[] headers)
        {
            using var response = await SendAsync(api.Editor, "GET", Record, origin, headers);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData(CrossOriginApiFixture.Desk, "POST", true)]
    [InlineData(CrossOriginApiFixture.Desk, "DELETE", true)]
    [InlineData(CrossOriginApiFixture.Desk, "GET", true)]
    [InlineData(Stranger, "POST", false)]
    [InlineData(Stranger, "DELETE", false)]
    [InlineData(Stranger, "GET", true)]
    [InlineData("null", "PATCH", false)]
    public async Task Preflights_depend_on_the_origin_and_say_so(string origin, string method, bool isAllowed)
    {
        using var response = await SendAsync(api.Reader, "OPTIONS", Record, origin, ("Access-Control-Request-Method", method),
            ("Access-Control-Request-Headers", "authorization, if-match, idempotency-key"));

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains("Origin", response.Headers.Vary);
        var methods = response.Headers.TryGetValues("Access-Control-Allow-Methods", out var values) ? string.Join(',', values) : "";
        Assert.Equal(isAllowed, methods.Split(',').Contains(method));
        if (isAllowed)
        {
            Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.Equal(["authorization", "if-match", "idempotency-key"],
                response.Headers.GetValues("Access-Control-Allow-Headers").SelectMany(v => v.Split(',')));
        }
    }

    [Fact]
    public async Task A_shared_cache_serves_the_response_to_one_origin_to_all_others()
    {
        await using var cache = await SharedCache.StartAsync(api.Reader.BaseAddress!);
        using var client = new HttpClient { BaseAddress = cache.Address };
        string?[] origins = [null, Stranger, CrossOriginApiFixture.Desk, "null"];
        for (var first = 0; first < origins.Length; first++)
        {
            string[] fields = ["id", "name", "type", "sectors"];
            var address = $"{Record}?version=1&edition={Edition.Current.Text}&fields={string.Join(',', fields[..(first + 1)])}";
            using var made = await SendAsync(client, "GET", address, origins[first]);
            Assert.Equal("MISS", made.Headers.GetValues("Shared-Cache").Single());
            Assert.Equal("public, max-age=31536000, immutable", made.Headers.GetValues("Cache-Control").Single());
            foreach (var origin in origins)
            {
                foreach (var (method, condition) in ((string, string?)[])
                    [("GET", null), ("HEAD", null), ("GET", made.Headers.ETag!.ToString())])
                {
                    using var again = await SendAsync(
                        client, method, address, origin, condition is null ? [] : [("If-None-Match", condition)]);
                    Assert.Equal("HIT", again.Headers.GetValues("Shared-Cache").Single());
                    Assert.Equal(condition is null ? HttpStatusCode.OK : HttpStatusCode.NotModified, again.StatusCode);
                    AssertOpen(again);
                }
            }
        }

        // a request with a key is neither answered from the copy of a stranger nor kept for one
        var key = await api.CreateKeyAsync("cached", Roles.Reader);
        using var refused = await SendAsync(client, "GET", Record, Stranger, ("Authorization", $"Bearer {key}"));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var after = await SendAsync(client, "GET", Record, Stranger);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
        AssertOpen(after);
    }

    private static void AssertOpen(HttpResponseMessage response)
    {
        Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal([string.Join(',', CommonHeaders.Exposed)], response.Headers.GetValues("Access-Control-Expose-Headers"));
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.DoesNotContain("Origin", response.Headers.Vary);
    }

    private static HttpRequestMessage Request(string method, string path, string? origin)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (origin is not null)
            request.Headers.TryAddWithoutValidation("Origin", origin);
        return request;
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient client, string method, string path, string? origin, params (string Name, string Value)[] headers)
    {
        using var request = Request(method, path, origin);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (method == "POST")
            request.Content = new StringContent(new JsonObject().ToJsonString(), new MediaTypeHeaderValue("application/json"));
        return await client.SendAsync(request, Cancellation);
    }
}
