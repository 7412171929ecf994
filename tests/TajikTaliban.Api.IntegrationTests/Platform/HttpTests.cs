using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using ZstdSharp;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>What HTTP promises of reading: tags, conditions, HEAD, OPTIONS, other origins, compression, headers.</summary>
public sealed class HttpTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    private const string Record = "/v1/events/yatimov-kabul-visit-2024-08";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Readable { get; } =
    [
        "/v1", Record, $"{Record}?fields=id,date", $"{Record}?expand=participants.actor", "/v1/actors/iso3:TJK",
        "/v1/events", "/v1/events?limit=2&fields=id", "/v1/relations?actor=taliban", "/v1/trade/availability", "/v1/codelists",
        "/v1/codelists/all", "/v1/codelists/cameo", "/v1/indicators/border-length/observations",
    ];

    /// <summary>Lists, whose bytes also say how far in the ledger they read: their tags are weak.</summary>
    private static readonly string[] Lists =
        ["/v1/events", "/v1/events?limit=2&fields=id", "/v1/relations?actor=taliban", "/v1/indicators/border-length/observations"];

    [Theory]
    [MemberData(nameof(Readable))]
    public async Task A_response_has_an_etag_and_revalidates_to_304(string path)
    {
        var first = await api.Reader.GetJsonAsync(path);
        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Equal(Lists.Contains(path), first.Response.Headers.ETag!.IsWeak);
        var opaque = first.Response.Headers.ETag.Tag;
        Assert.Equal("public, no-cache", first.Response.Headers.CacheControl!.ToString());
        Assert.Equal("application/json; charset=utf-8", first.Response.Content.Headers.ContentType!.ToString());
        Assert.Equal(first.ETag, (await api.Reader.GetJsonAsync(path)).ETag);

        foreach (var condition in new[] { first.ETag!, opaque, $"W/{opaque}", $"\"other\", {first.ETag}", "*" })
        {
            var again = await api.Reader.SendJsonAsync(HttpMethod.Get, path, ifNoneMatch: condition);
            Assert.True(again.Status == HttpStatusCode.NotModified, $"{condition}: {again.Status}");
            Assert.Empty(await again.Response.Content.ReadAsByteArrayAsync(Cancellation));
            Assert.Equal(first.ETag, again.ETag);
            Assert.Equal(first.Response.Headers.CacheControl!.ToString(), again.Response.Headers.CacheControl!.ToString());
        }

        foreach (var condition in new[] { "\"other\"", "\"\"", "nonsense" })
            Assert.Equal(HttpStatusCode.OK, (await api.Reader.SendJsonAsync(HttpMethod.Get, path, ifNoneMatch: condition)).Status);
    }

    [Fact]
    public async Task Each_representation_has_a_tag_of_its_own()
    {
        string[] paths =
        [
            Record, $"{Record}?fields=id,date", $"{Record}?fields=id", $"{Record}?expand=participants.actor",
            $"{Record}?expand=citations.source", $"{Record}?fields=id&expand=citations.source",
        ];
        var tags = new List<string>();
        foreach (var path in paths)
            tags.Add((await api.Reader.GetJsonAsync(path)).ETag!);

        Assert.Equal(RecordETag.Of("yatimov-kabul-visit-2024-08", 1, Edition.Current), tags[0]);
        Assert.Equal(paths.Length, tags.Distinct().Count());
    }

    [Fact]
    public async Task A_record_is_not_sent_again_to_whom_has_it_since_it_was_recorded()
    {
        var answer = await api.Reader.GetJsonAsync(Record);
        var exact = (DateTimeOffset)answer.Body!["recordedAt"]!;
        // a change in the same second, or one that is being committed, would have the same date
        Assert.Null(answer.Response.Content.Headers.LastModified);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("If-Modified-Since", exact.AddHours(1).ToString("R")));

        api.Time.SetUtcNow(exact.AddMinutes(2));
        var recorded = exact.AddTicks(TimeSpan.TicksPerSecond - (exact.Ticks % TimeSpan.TicksPerSecond));
        Assert.Equal(recorded, (await api.Reader.GetJsonAsync(Record)).Response.Content.Headers.LastModified);
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync("If-Modified-Since", recorded.ToString("R")));
        Assert.Equal(HttpStatusCode.NotModified, await StatusAsync("If-Modified-Since", recorded.AddHours(1).ToString("R")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("If-Modified-Since", recorded.AddSeconds(-1).ToString("R")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("If-Modified-Since", "yesterday"));

        // the tag counts more than the time
        using var both = new HttpRequestMessage(HttpMethod.Get, Record);
        both.Headers.TryAddWithoutValidation("If-None-Match", "\"other\"");
        both.Headers.TryAddWithoutValidation("If-Modified-Since", recorded.ToString("R"));
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.SendAsync(both, Cancellation)).StatusCode);

        async Task<HttpStatusCode> StatusAsync(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Record);
            request.Headers.TryAddWithoutValidation(header, value);
            return (await api.Reader.SendAsync(request, Cancellation)).StatusCode;
        }
    }

    [Theory]
    [MemberData(nameof(Readable))]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/events/nothing")]
    [InlineData("/v1/events?limit=0")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/problems")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/")]
    public async Task HEAD_is_GET_without_the_body(string path)
    {
        var (get, body) = await RawAsync("GET", path);
        var (head, rest) = await RawAsync("HEAD", path);

        Assert.Equal(Comparable(get), Comparable(head));
        Assert.Empty(rest);
        Assert.True(body.Length > 0, path);
    }

    [Theory]
    [InlineData("/v1/events")]
    [InlineData("/v1/events/yatimov-kabul-visit-2024-08")]
    [InlineData("/v1/indicators/border-length/observations")]
    public async Task OPTIONS_says_which_methods_an_address_takes(string path)
    {
        var answer = await api.Reader.SendJsonAsync(HttpMethod.Options, path);

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        string[] methods = path.EndsWith('s') ? ["GET", "HEAD", "OPTIONS", "POST"] : ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT"];
        Assert.Equal(methods, answer.Response.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task A_method_that_an_address_does_not_take_is_a_problem_that_names_those_it_takes()
    {
        foreach (var (method, path) in new[]
        {
            ("DELETE", "/v1/events"), ("PUT", "/v1/codelists"), ("POST", "/v1/events/availability"), ("TRACE", "/v1/events"),
        })
        {
            var answer = await api.Editor.SendJsonAsync(new HttpMethod(method), path);
            Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
            AssertProblem(answer, ProblemType.MethodNotAllowed);
            Assert.Contains("GET", answer.Response.Content.Headers.Allow);
        }
    }

    [Theory]
    [MemberData(nameof(Readable))]
    [InlineData("/v1/events?limit=0")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/events/nothing")]
    public async Task Pages_of_any_origin_may_read_answers_and_problems_and_their_headers(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", "https://example.org");

        var response = await api.Reader.SendAsync(request, Cancellation);

        Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
        var exposed = response.Headers.GetValues("Access-Control-Expose-Headers").SelectMany(v => v.Split(',')).Select(v => v.Trim());
        Assert.Superset(new HashSet<string> { "ETag", "Last-Modified", "Link", "Retry-After" }, exposed.ToHashSet());
        Assert.False(response.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    /// <summary>A shared cache gives the response to a request of no origin to a page, and the other way round.</summary>
    [Theory]
    [MemberData(nameof(Readable))]
    [InlineData("/v1/events/nothing")]
    public async Task What_pages_of_other_origins_may_read_does_not_depend_on_the_origin(string path)
    {
        async Task<string> HeadersAsync(string? origin)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            if (origin is not null)
                request.Headers.Add("Origin", origin);
            var response = await api.Reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            Assert.DoesNotContain("Origin", response.Headers.Vary);
            return string.Join('\n', response.Headers.Where(h => h.Key is "Vary" || h.Key.StartsWith("Access-", StringComparison.Ordinal))
                .Select(h => $"{h.Key}: {string.Join(',', h.Value)}").Order(StringComparer.Ordinal));
        }

        var without = await HeadersAsync(null);

        Assert.Contains("Access-Control-Allow-Origin: *", without, StringComparison.Ordinal);
        Assert.Contains("Access-Control-Expose-Headers: ETag", without, StringComparison.Ordinal);
        Assert.Equal(without, await HeadersAsync("https://example.org"));
    }

    [Theory]
    [InlineData("GET", true)]
    [InlineData("HEAD", true)]
    [InlineData("POST", false)]
    [InlineData("PUT", false)]
    [InlineData("PATCH", false)]
    [InlineData("DELETE", false)]
    public async Task A_page_of_another_origin_may_read_with_any_header_and_not_write(string method, bool allowed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Options, "/v1/events");
        request.Headers.Add("Origin", "https://example.org");
        request.Headers.Add("Access-Control-Request-Method", method);
        request.Headers.Add("Access-Control-Request-Headers", "authorization, if-none-match");

        var response = await api.Reader.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        var methods = response.Headers.TryGetValues("Access-Control-Allow-Methods", out var values)
            ? string.Join(',', values).Split(',') : [];
        Assert.Equal(allowed, methods.Contains(method));
        if (allowed)
        {
            Assert.Equal(["*"], response.Headers.GetValues("Access-Control-Allow-Origin"));
            Assert.Contains("if-none-match", response.Headers.GetValues("Access-Control-Allow-Headers").Single(),
                StringComparison.OrdinalIgnoreCase);
            Assert.Equal(["86400"], response.Headers.GetValues("Access-Control-Max-Age"));
        }
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public async Task A_compressed_response_has_the_same_bytes(string coding)
    {
        foreach (var path in Readable.Select(r => (string)r.Data).Append("/v1/events?limit=0").Append("/problems")
            .Append("/openapi/v1.json"))
        {
            var plain = await api.Reader.GetAsync(path, Cancellation);
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(coding));
            var compressed = await api.Reader.SendAsync(request, Cancellation);

            Assert.Equal([coding], compressed.Content.Headers.ContentEncoding);
            Assert.Contains("Accept-Encoding", compressed.Headers.Vary);
            Assert.Contains("Accept-Encoding", plain.Headers.Vary);
            Assert.Equal(plain.Headers.ETag, compressed.Headers.ETag);
            var expected = await plain.Content.ReadAsStringAsync(Cancellation);
            var text = await DecodeAsync(compressed, coding);
            // a problem's trace is another each time
            Assert.Equal(Untraced(expected), Untraced(text));
        }
    }

    [Fact]
    public async Task The_best_coding_that_is_accepted_is_taken()
    {
        Assert.Equal("br", await CodingAsync("gzip, zstd, br"));
        Assert.Equal("gzip", await CodingAsync("br;q=0.1, gzip;q=0.9"));
        Assert.Equal("", await CodingAsync("deflate"));
        Assert.Equal("", await CodingAsync("br;q=0, identity"));

        async Task<string> CodingAsync(string accept)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/events");
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accept);
            return string.Join(',', (await api.Reader.SendAsync(request, Cancellation)).Content.Headers.ContentEncoding);
        }
    }

    [Fact]
    public async Task A_304_has_the_Vary_header_of_the_full_response()
    {
        foreach (var path in new[] { Record, "/v1/events", "/v1/codelists/flows" })
        {
            var tag = (await api.Reader.GetJsonAsync(path)).ETag;
            var again = await api.Reader.SendJsonAsync(HttpMethod.Get, path, ifNoneMatch: tag);
            Assert.Equal(HttpStatusCode.NotModified, again.Status);
            Assert.Contains("Accept-Encoding", again.Response.Headers.Vary);
        }
    }

    [Theory]
    [MemberData(nameof(Readable))]
    [InlineData("/v1/events?limit=0")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/events/nothing")]
    [InlineData("/nothing")]
    [InlineData("/problems")]
    [InlineData("/problems/gone")]
    [InlineData("/health/live")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/docs/index.html")]
    [InlineData("/")]
    public async Task Every_answer_has_the_security_headers_and_a_position(string path)
    {
        var response = await api.Reader.GetAsync(path, Cancellation);

        AssertSecurityHeaders(response);
        Assert.True(Position.TryParse(response.Headers.GetValues("Position").Single(), out _));
        Assert.False(response.Headers.Contains("Server"));
        Assert.False(response.Headers.Contains("X-Powered-By"));
    }

    [Fact]
    public async Task Refused_writes_are_problems_with_the_security_headers()
    {
        var unauthorized = await api.Reader.SendJsonAsync(HttpMethod.Post, "/v1/sources", new JsonObject());
        Assert.Equal(HttpStatusCode.Unauthorized, unauthorized.Status);
        AssertProblem(unauthorized, ProblemType.Unauthorized);
        Assert.Equal("Bearer", unauthorized.Response.Headers.WwwAuthenticate.Single().Scheme);
        AssertSecurityHeaders(unauthorized.Response);
    }

    [Fact]
    public async Task A_media_type_that_there_is_not_is_refused()
    {
        foreach (var (accept, status) in new[]
        {
            ("image/png", HttpStatusCode.NotAcceptable), ("application/xml, text/html", HttpStatusCode.NotAcceptable),
            ("*/*", HttpStatusCode.OK),
            ("text/html, */*;q=0.1", HttpStatusCode.OK), ("application/json", HttpStatusCode.OK), ("application/*", HttpStatusCode.OK),
        })
        {
            foreach (var path in new[] { Record, "/v1/events", "/v1", "/v1/codelists/flows" })
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, path);
                request.Headers.TryAddWithoutValidation("Accept", accept);
                Assert.Equal(status, (await api.Reader.SendAsync(request, Cancellation)).StatusCode);
            }
        }
    }

    [Fact]
    public async Task Every_problem_has_a_page()
    {
        var index = await api.Reader.GetStringAsync("/problems", Cancellation);
        foreach (var type in ProblemType.All)
        {
            var page = await api.Reader.GetAsync(type.Path, Cancellation);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType!.ToString());
            Assert.Contains(WebUtility.HtmlEncode(type.Title), await page.Content.ReadAsStringAsync(Cancellation),
                StringComparison.Ordinal);
            Assert.Contains($"\"{type.Path}\"", index, StringComparison.Ordinal);
        }

        // and its address is the one that problems name
        var problem = await api.Reader.GetJsonAsync("/v1/events/nothing");
        AssertProblem(problem, ProblemType.NotFound);
        var address = new Uri((string)problem.Body!["type"]!, UriKind.Relative);
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetAsync(address, Cancellation)).StatusCode);
    }

    /// <summary>The routes are those of the running service: a route that is added later is in both.</summary>
    [Fact]
    public async Task The_index_lists_every_operation_of_the_contract_and_every_page()
    {
        var index = (await api.Reader.GetJsonAsync("/v1")).Body!;
        var contract = (await api.Reader.GetJsonAsync("/openapi/v1.json")).Body!;

        var described = contract["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()
            .Where(o => o.Value is JsonObject operation && operation.ContainsKey("operationId"))
            .Select(o => $"{o.Key.ToUpperInvariant()} {p.Key} {o.Value!["operationId"]}"));
        var listed = index["operations"]!.AsArray().Select(o => $"{o!["method"]} {o["href"]} {o["name"]}").ToList();
        Assert.Equal(described.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
        Assert.Equal(["json", "ndjson", "sse"], FormatsOf("listChanges"));
        Assert.Equal(["json", "csv", "ndjson", "geojson"], FormatsOf("listEvents"));
        Assert.Equal(["json", "atom"], FormatsOf("listCorrections"));
        foreach (var (name, role) in ((string, string?)[])
            [("getActor", null), ("createActor", "editor"), ("writeBatch", "editor"), ("createWebhook", "admin")])
        {
            Assert.Equal(role, (string?)Operation(name)["role"]);
        }

        var pages = index["pages"]!.AsArray().Select(p => (string)p!).ToList();
        Assert.Contains("/docs/guide/services", pages);
        Assert.Contains("/problems", pages);
        foreach (var page in pages)
            Assert.Equal((page, HttpStatusCode.OK), (page, (await api.Reader.GetAsync(page, Cancellation)).StatusCode));
        // nothing of the service is missing in both
        Assert.Equal(
            api.Routes.Where(r => r is not ("/" or "/openapi/v1.json")).Order(StringComparer.Ordinal),
            pages.Concat(index["operations"]!.AsArray().Select(o => (string)o!["href"]!)).Distinct().Order(StringComparer.Ordinal));

        JsonNode Operation(string name) => index["operations"]!.AsArray().Single(o => (string)o!["name"]! == name)!;
        IEnumerable<string> FormatsOf(string name) => Operation(name)["formats"]!.AsArray().Select(f => (string)f!);
    }

    [Fact]
    public async Task The_index_leads_to_every_resource_and_to_the_documentation()
    {
        var index = await api.Reader.GetJsonAsync("/v1");
        Assert.Equal(["sources", "actors", "relations", "events", "trade", "indicators", "observations"],
            index.Body!["resources"]!.AsArray().Select(r => (string)r!["name"]!));
        foreach (var resource in index.Body["resources"]!.AsArray())
        {
            foreach (var link in new[] { "href", "availability" })
            {
                Assert.Equal(HttpStatusCode.OK,
                    (await api.Reader.GetJsonAsync(
                        ((string)resource![link]!).Replace("{indicator}", "border-length", StringComparison.Ordinal))).Status);
            }
        }

        foreach (var link in new[] { "codelists", "contract" })
            Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync((string)index.Body[link]!)).Status);

        Assert.Equal("/docs", (string)index.Body["documentation"]!);
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetAsync("/docs/index.html", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Every_code_list_is_served_with_all_its_codes()
    {
        var index = await api.Reader.GetJsonAsync("/v1/codelists");
        Assert.Equal(CodeLists.All.Select(l => l.Name), index.Body!["items"]!.AsArray().Select(l => (string)l!["name"]!));
        Assert.DoesNotContain("all", CodeLists.All.Select(l => l.Name));
        var all = (await api.Reader.GetJsonAsync("/v1/codelists/all")).Body!["items"]!.AsArray().ToDictionary(l => (string)l!["name"]!);
        Assert.Equal(CodeLists.All.Select(l => l.Name), all.Keys);
        foreach (var item in index.Body["items"]!.AsArray())
        {
            var list = await api.Reader.GetJsonAsync((string)item!["href"]!);
            var known = CodeLists.FindOrNull((string)item["name"]!)!;
            Assert.Equal(known.Values, list.Body!["codes"]!.AsArray().Select(c => (string)c!["code"]!));
            Assert.Equal(known.Codes.Select(c => c.Label), list.Body["codes"]!.AsArray().Select(c => (string)c!["label"]!));
            Assert.Equal(known.Codes.Count, (int)item["codes"]!);
            Assert.True(JsonNode.DeepEquals(list.Body, all[known.Name]), known.Name);
            Assert.False(string.IsNullOrWhiteSpace((string)list.Body["source"]!));
        }

        var missing = await api.Reader.GetJsonAsync("/v1/codelists/flow");
        AssertProblem(missing, ProblemType.NotFound);
        Assert.Contains("'flows'", (string)missing.Body!["detail"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_too_long_is_a_problem()
    {
        var answer = await api.Reader.GetJsonAsync($"/v1/events?q={new string('a', 9000)}");

        Assert.Equal(HttpStatusCode.RequestUriTooLong, answer.Status);
        AssertProblem(answer, ProblemType.AddressTooLong);
    }

    [Fact]
    public async Task Health_is_healthy()
    {
        var live = await api.Reader.GetJsonAsync("/health/live");
        var ready = await api.Reader.GetJsonAsync("/health/ready");

        Assert.Equal(HttpStatusCode.OK, live.Status);
        Assert.Equal("healthy", (string)ready.Body!["status"]!);
        Assert.Equal("healthy", (string)ready.Body["checks"]!["database"]!["status"]!);
    }

    internal static void AssertProblem(JsonResponse answer, ProblemType type)
    {
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(type.Status, (int)answer.Status);
        Assert.EndsWith(type.Path, (string)answer.Body!["type"]!, StringComparison.Ordinal);
        Assert.Equal(type.Title, (string)answer.Body["title"]!);
        Assert.Equal(type.Status, (int)answer.Body["status"]!);
        Assert.False(string.IsNullOrWhiteSpace((string)answer.Body["traceId"]!));
        Assert.True(answer.Response.Headers.CacheControl!.NoStore);
    }

    private static void AssertSecurityHeaders(HttpResponseMessage response)
    {
        Assert.Equal(["nosniff"], response.Headers.GetValues("X-Content-Type-Options"));
        Assert.Equal(["no-referrer"], response.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(["cross-origin"], response.Headers.GetValues("Cross-Origin-Resource-Policy"));
        Assert.Contains("frame-ancestors 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private static string Untraced(string text) => text.StartsWith('{') && text.Contains("traceId", StringComparison.Ordinal)
        ? text[..text.IndexOf("\"traceId\"", StringComparison.Ordinal)] : text;

    private static async Task<string> DecodeAsync(HttpResponseMessage response, string coding)
    {
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        await using Stream plain = coding switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => new DecompressionStream(body),
        };
        using var reader = new StreamReader(plain, Encoding.UTF8);
        return await reader.ReadToEndAsync(Cancellation);
    }

    /// <summary>Status line and headers, without the date and without how a body of unknown length is framed.</summary>
    private static List<string> Comparable(string head) =>
        [.. head.Split("\r\n")
            .Where(l => !l.StartsWith("Date:", StringComparison.Ordinal) && !l.StartsWith("Cache-Status:", StringComparison.Ordinal)
                && l is not ("Transfer-Encoding: chunked" or "Content-Length: 0"))
            .Order(StringComparer.Ordinal)];

    /// <summary>An answer as it comes off the wire, which no client has corrected: its head, and all that follows until the end.</summary>
    private async Task<(string Head, byte[] Body)> RawAsync(string method, string path)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(api.Reader.BaseAddress!.Host, api.Reader.BaseAddress.Port, Cancellation);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"), Cancellation);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Cancellation);
        var bytes = all.ToArray();
        var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
        return (Encoding.ASCII.GetString(bytes, 0, end), bytes[(end + 4)..]);
    }
}
