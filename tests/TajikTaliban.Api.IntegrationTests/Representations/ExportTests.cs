using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.IntegrationTests.Representations;

/// <summary>A list as a stream: whole, of one position, with trailers; cut where it breaks off.</summary>
public sealed class ExportTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>, IAsyncLifetime
{
    private const int Many = 2500;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if ((await api.Reader.GetJsonAsync("/v1/sources/many-0001")).Status == HttpStatusCode.OK)
            return;
        for (var from = 0; from < Many; from += 500)
        {
            var lines = string.Join('\n', Enumerable.Range(from, 500).Select(i => new JsonObject
            {
                ["resource"] = "sources",
                ["record"] = new JsonObject
                {
                    ["id"] = $"many-{i:0000}",
                    ["kind"] = "report",
                    ["title"] = $"Гузориш {i}",
                    ["description"] = new string('x', 4900),
                },
            }.ToJsonString()));
            using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
            using var answer = await api.Editor.PostAsync("/v1/batch", content, Cancellation);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Without_a_limit_all_records_come_in_the_order_of_the_list_with_count_position_and_digest_in_trailers()
    {
        var expected = (await api.Reader.WalkAsync("/v1/sources?sort=-title&limit=1000")).Select(r => r.ToJsonString()).ToList();
        using var response = await api.Reader.GetAsync("/v1/sources.ndjson?sort=-title", Cancellation);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancellation);
        var lines = Encoding.UTF8.GetString(bytes).TrimEnd('\n').Split('\n');

        Assert.Equal(expected, lines.Select(l => JsonNode.Parse(l)!.ToJsonString()));
        Assert.Equal(["Record-Count", "Position", "Repr-Digest"], response.Headers.Trailer);
        string Trailer(string name) => response.TrailingHeaders.GetValues(name).Single();
        Assert.Equal(lines.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), Trailer(RecordStream.CountTrailer));
        Assert.Equal(response.Headers.GetValues("Position").Single(), Trailer(RecordStream.PositionTrailer));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(bytes))}:", Trailer(RecordStream.DigestTrailer));
        Assert.Equal("inline; filename=\"sources.ndjson\"", response.Content.Headers.ContentDisposition!.ToString());
        Assert.Null(response.Headers.ETag);
    }

    [Fact]
    public async Task With_a_limit_a_page_comes_and_a_link_to_the_next()
    {
        var records = new List<string>();
        for (var next = "/v1/sources.ndjson?limit=1000&sort=id"; next is not null;)
        {
            using var response = await api.Reader.GetAsync(next, Cancellation);
            records.AddRange((await response.Content.ReadAsStringAsync(Cancellation)).TrimEnd('\n').Split('\n'));
            next = response.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null!;
        }

        Assert.Equal((await api.Reader.GetStringAsync("/v1/sources.ndjson?sort=id", Cancellation)).TrimEnd('\n').Split('\n'), records);
    }

    [Fact]
    public async Task As_of_a_position_it_is_what_it_was()
    {
        using var first = await api.Reader.GetAsync("/v1/sources.csv?kind=report", Cancellation);
        var (text, position) = (await first.Content.ReadAsStringAsync(Cancellation), first.Headers.GetValues("Position").Single());
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source($"a-{Guid.NewGuid():n}"));
        using var again = await api.Reader.GetAsync(
            $"/v1/sources.csv?kind=report&asOf={position}&edition={Edition.Current.Text}", Cancellation);
        Assert.Equal(text, await again.Content.ReadAsStringAsync(Cancellation));
        Assert.Contains("immutable", again.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(text, await api.Reader.GetStringAsync("/v1/sources.csv?kind=report", Cancellation));
    }

    [Fact]
    public async Task An_empty_list_is_a_header_alone_and_an_unknown_actor_is_refused()
    {
        Assert.Single((await api.Reader.GetStringAsync("/v1/events.csv?from=1800&to=1801", Cancellation)).TrimEnd().Split("\r\n"));
        Assert.Equal("", await api.Reader.GetStringAsync("/v1/events.ndjson?from=1800&to=1801", Cancellation));
        Assert.Equal(["/query/actor"], (await api.Reader.GetJsonAsync("/v1/events.csv?actor=nobody")).Pointers);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetJsonAsync("/v1/indicators/nothing/observations.csv")).Status);
    }

    [Fact]
    public async Task Head_gives_the_headers_and_reads_nothing()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, "/v1/sources.csv");
        using var response = await api.Reader.SendAsync(request, Cancellation);
        Assert.Equal((HttpStatusCode.OK, "text/csv"), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
    }

    [Fact]
    public async Task Chunks_and_trailers_are_well_formed_and_the_connection_goes_on()
    {
        using var socket = await ConnectAsync();
        const string Get = "GET /v1/actors.csv HTTP/1.1\r\nHost: localhost\r\n\r\n";
        for (var i = 0; i < 2; i++)
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes(Get), Cancellation);
            var text = await ReadUntilAsync(socket,
                t => t.Contains("\r\n0\r\n", StringComparison.Ordinal) && t.EndsWith("\r\n\r\n", StringComparison.Ordinal));
            var trailers = text[text.LastIndexOf("\r\n0\r\n", StringComparison.Ordinal)..]
                .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(["0", "Record-Count: 2"], trailers[..2]);
            Assert.StartsWith("Position: ", trailers[2], StringComparison.Ordinal);
            Assert.StartsWith("Repr-Digest: sha-256=:", trailers[3], StringComparison.Ordinal);
            Assert.Equal(1, text.Split("Transfer-Encoding: chunked").Length - 1);
        }
    }

    [Fact]
    public async Task Compressed_the_trailers_come_as_well()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/sources.csv");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        using var response = await api.Reader.SendAsync(request, Cancellation);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancellation);
        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        using var plain = new MemoryStream();
        await using (var zip = new System.IO.Compression.GZipStream(new MemoryStream(bytes),
            System.IO.Compression.CompressionMode.Decompress))
        {
            await zip.CopyToAsync(plain, Cancellation);
        }

        Assert.Equal($"sha-256=:{Convert.ToBase64String(SHA256.HashData(plain.ToArray()))}:",
            response.TrailingHeaders.GetValues("Repr-Digest").Single());
    }

    [Fact]
    public async Task A_stream_that_breaks_off_has_no_end()
    {
        using var response = await api.Reader.GetAsync("/v1/sources.ndjson", HttpCompletionOption.ResponseHeadersRead, Cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        var buffer = new byte[1000];
        await body.ReadExactlyAsync(buffer, Cancellation);
        // the rest is yet to be read: nothing is there to be read from any more
        await using (var rename = api.Database.CreateCommand("alter view sources_versions rename to sources_away"))
            await rename.ExecuteNonQueryAsync(Cancellation);
        try
        {
            using var slow = await ConnectAsync();
            await slow.SendAsync("GET /v1/sources.ndjson HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancellation);
            Assert.StartsWith("HTTP/1.1 5", await ReadUntilAsync(slow, t => t.Contains("\r\n\r\n", StringComparison.Ordinal)),
                StringComparison.Ordinal);
            await Assert.ThrowsAnyAsync<HttpIOException>(async () => await body.CopyToAsync(Stream.Null, Cancellation));
        }
        finally
        {
            await using var back = api.Database.CreateCommand("alter view sources_away rename to sources_versions");
            await back.ExecuteNonQueryAsync(Cancellation);
        }
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(api.Reader.BaseAddress!.Host, api.Reader.BaseAddress.Port, Cancellation);
        return socket;
    }

    private static async Task<string> ReadUntilAsync(Socket socket, Func<string, bool> isEnough)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        while (!isEnough(text.ToString()))
        {
            var read = await socket.ReceiveAsync(buffer, Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
            Assert.True(read > 0, $"The connection was closed after:\n{text}");
            text.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return text.ToString();
    }
}
