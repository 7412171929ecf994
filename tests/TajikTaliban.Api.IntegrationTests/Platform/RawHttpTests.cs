using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>What no HTTP client would send. The service answers with a problem and goes on serving the others.</summary>
public sealed class RawHttpTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private string Key => api.Editor.DefaultRequestHeaders.Authorization!.ToString();

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string, string> Malformed => new()
    {
        { "no HTTP", "hello\r\n\r\n" },
        { "TLS", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003" + new string('x', 60) + "\r\n\r\n" },
        { "a NUL in the path", "GET /v1/actors/a%00b HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "a raw NUL in the path", "GET /v1/actors/a\0b HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "raw Latin-1 in the path", "GET /v1/actors/\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "raw Latin-1 in the query", "GET /v1/actors?q=\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "a blank in the path", "GET /v1/actors/a b HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "no host", "GET /v1/actors HTTP/1.1\r\n\r\n" },
        { "two hosts", "GET /v1/actors HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" },
        { "a host with a path", "GET /v1/actors HTTP/1.1\r\nHost: x/y\r\n\r\n" },
        { "another version", "GET /v1/actors HTTP/9.9\r\nHost: x\r\n\r\n" },
        { "a header without a name", "GET /v1/actors HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n" },
        { "a header without a colon", "GET /v1/actors HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n" },
        { "a folded header", "GET /v1/actors HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n" },
        { "a NUL in a header", "GET /v1/actors HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n" },
        { "a length that is none", "POST /v1/actors HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n" },
        { "a negative length", "POST /v1/actors HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n" },
        { "two lengths", "POST /v1/actors HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab" },
        { "an unknown transfer coding", "POST /v1/actors HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: nonsense\r\n\r\n" },
        { "a hundred and one headers",
        $"GET /v1/actors HTTP/1.1\r\nHost: x\r\n{string.Concat(Enumerable.Range(0, 101).Select(i => $"A{i}: b\r\n"))}\r\n" },
        { "40 KB of headers", $"GET /v1/actors HTTP/1.1\r\nHost: x\r\nA: {new string('x', 40_000)}\r\n\r\n" },
        { "40 KB of address", $"GET /{new string('x', 40_000)} HTTP/1.1\r\nHost: x\r\n\r\n" },
        { "a method alone", "GET\r\n\r\n" },
        { "CONNECT", "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n" },
        { "a NUL in the query", "GET /v1/actors?q=a%00b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" },
        { "Latin-1 in a note", "PATCH /v1/actors/alpha HTTP/1.1\r\nHost: x\r\nChange-Note: caf\u00e9\r\n\r\n" },
        { "Latin-1 in a header", "GET /v1/actors/alpha HTTP/1.1\r\nHost: x\r\nAccept-Language: \u00ff\u00fe\r\n\r\n" },
    };

    [Theory, MemberData(nameof(Malformed))]
    public async Task A_malformed_request_is_refused_and_the_next_one_is_served(string what, string request)
    {
        var answer = await ExchangeAsync(Encoding.Latin1.GetBytes(request));

        // nothing at all, the connection closed, is an answer too
        if (answer.Length > 0)
        {
            Assert.Matches("^HTTP/1\\.[01] (4[0-9][0-9]|505) ", answer);
            var (head, body) = (answer[..answer.IndexOf("\r\n\r\n", StringComparison.Ordinal)], answer.Split("\r\n\r\n", 2)[1]);
            Assert.Contains("Content-Type: application/problem+json", head, StringComparison.Ordinal);
            var problem = JsonNode.Parse(body[body.IndexOf('{', StringComparison.Ordinal)..(body.LastIndexOf('}') + 1)])!;
            Assert.Equal(int.Parse(answer.AsSpan(9, 3), CultureInfo.InvariantCulture), (int)problem["status"]!);
            Assert.StartsWith("/problems/", (string)problem["type"]!, StringComparison.Ordinal);
            Assert.False(string.IsNullOrEmpty((string)problem["detail"]!), answer);
        }

        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        Assert.True((await api.Reader.GetJsonAsync("/v1/actors/alpha")).Status == HttpStatusCode.OK, what);
    }

    [Theory]
    [InlineData("GET http://elsewhere.example/v1/actors/alpha HTTP/1.1\r\nHost: elsewhere.example\r\nConnection: close\r\n\r\n", 200)]
    [InlineData("GET /v1/actors/alpha HTTP/1.0\r\n\r\n", 200)]
    [InlineData("GET /v1/actors?q=a%ZZ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200)]
    [InlineData("GET /v1/actors?%&=&&limit HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 400)]
    [InlineData("GET /v1/actors/%ZZ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("GET /v1/actors/.. HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200)]
    [InlineData("GET //v1//actors HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("POST /v1/actors HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n", 401)]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 204)]
    public async Task Unusual_but_valid_requests_are_served(string request, int status) =>
        Assert.StartsWith($"HTTP/1.1 {status} ", await ExchangeAsync(Encoding.Latin1.GetBytes(request)), StringComparison.Ordinal);

    [Theory]
    [InlineData("POST", "/v1/indicators")]
    [InlineData("PUT", "/v1/indicators/length")]
    [InlineData("PATCH", "/v1/indicators/length")]
    public async Task A_body_that_grows_too_large_without_saying_its_length_is_refused(string method, string path)
    {
        var before = await Tables.StateAsync(api.Database);
        var size = (1024 * 1024) + 1;
        var head = $"{method} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: {Key}\r\nIf-Match: *\r\n"
            + $"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{size:x}\r\n";

        var answer = await ExchangeAsync([.. Encoding.ASCII.GetBytes(head), .. Enumerable.Repeat((byte)' ', size), .. "\r\n"u8]);

        Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
        Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
        Assert.Contains("/problems/too-large", answer, StringComparison.Ordinal);
        Assert.Equal(before, await Tables.StateAsync(api.Database));
    }

    [Theory]
    [InlineData("Content-Length: 1000\r\n\r\n{\"id\":")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n10\r\n{\"id\":")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nnonsense\r\n")]
    public async Task A_body_that_breaks_off_writes_nothing(string rest)
    {
        var before = await Tables.StateAsync(api.Database);
        var head = $"POST /v1/indicators HTTP/1.1\r\nHost: x\r\nAuthorization: {Key}\r\nContent-Type: application/json\r\n";

        var answer = await ExchangeAsync(Encoding.ASCII.GetBytes(head + rest), breakOff: true);

        if (answer.Length > 0)
            Assert.StartsWith("HTTP/1.1 4", answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/v1/actors/alpha")).Status);
        Assert.Equal(before, await Tables.StateAsync(api.Database));
    }

    /// <summary>Sends the bytes and reads until the service closes, or has answered and says no more.</summary>
    private async Task<string> ExchangeAsync(byte[] request, bool breakOff = false)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync(api.Reader.BaseAddress!.Host, api.Reader.BaseAddress.Port, limit.Token);
        var stream = client.GetStream();
        var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, limit.Token);
            if (breakOff)
                client.Client.Shutdown(SocketShutdown.Send);
            var buffer = new byte[16 * 1024];
            for (int read; (read = await stream.ReadAsync(buffer, limit.Token)) > 0;)
            {
                await answer.WriteAsync(buffer.AsMemory(0, read), limit.Token);
                // a kept connection stays open: the answer ends with its last chunk or length, and half a second of silence is enough to
                // tell
                if (!stream.DataAvailable)
                    await Task.Delay(200, limit.Token);
                if (!stream.DataAvailable && client.Client.Poll(0, SelectMode.SelectRead) == false)
                    break;
            }
        }
        catch (IOException)
        {
            // reset: what has been read until then is the answer
        }

        return Encoding.Latin1.GetString(answer.ToArray());
    }
}
