using System.Net;
using System.Net.ServerSentEvents;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>The service with little memory for responses and few streams, over 1,000 records of some 8 KB.</summary>
public sealed class CrampedApiFixture(PostgresServer server) : ApiFixture(server)
{
    public const int Records = 1_000;
    public const int Megabytes = 16;

    protected override TimeProvider Clock => TimeProvider.System;

    protected override IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        ["Fairness:BodyMegabytes"] = $"{Megabytes}",
        ["Fairness:MaxStreams"] = "3",
    };

    public static JsonObject Large(string id)
    {
        var source = SampleRecords.Source(id);
        // two bytes each
        source["description"] = new string('ж', 4000);
        return source;
    }

    public async Task WriteAsync(IEnumerable<JsonObject> sources)
    {
        var lines = sources.Select(s => new JsonObject { ["resource"] = "sources", ["record"] = s }.ToJsonString());
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using var answer = await Editor.PostAsync("/v1/batch", content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    protected override async ValueTask FillAsync()
    {
        foreach (var part in Enumerable.Range(0, Records).Chunk(100))
            await WriteAsync(part.Select(i => Large($"large-{i:0000}")));
    }
}

/// <summary>Responses take a bounded number of bytes, however large the records are and however slowly clients read.</summary>
public sealed class MemoryTests(CrampedApiFixture api) : IClassFixture<CrampedApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BodyMemory Memory => api.Services.GetRequiredService<BodyMemory>();

    [Theory]
    [InlineData("/v1/sources?limit=1000", "large-")]
    [InlineData("/v1/changes?limit=1000", "large-")]
    [InlineData("/v1/sources.csv?limit=1000", null)]
    public async Task A_page_of_large_records_ends_early_and_next_leads_on(string path, string? prefix)
    {
        var (ids, pages) = (new List<string>(), 0);
        for (var next = path; next is not null;)
        {
            using var answer = await api.Reader.GetAsync(next, Cancellation);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.InRange(Encoding.UTF8.GetByteCount(text), 1, BodyMemory.PageBytes + (64 * 1024));
            pages++;
            if (prefix is null)
            {
                ids.AddRange(text.Split("\r\n").Skip(1).Where(l => l.StartsWith("large-", StringComparison.Ordinal)).Select(l => l[..10]));
                next = answer.Headers.TryGetValues("Link", out var link) ? link.Single().Split('>')[0][1..] : null;
            }
            else
            {
                var page = JsonNode.Parse(text)!;
                ids.AddRange(page["items"]!.AsArray().Select(i => (string)i!["id"]!));
                next = (bool)page["complete"]! ? null : (string)page["next"]!;
            }
        }

        Assert.Equal(
            Enumerable.Range(0, CrampedApiFixture.Records).Select(i => $"large-{i:0000}"),
            ids.Where(i => i.StartsWith("large-", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.InRange(pages, 2, 10);
    }

    [Fact]
    public async Task Streams_at_once_are_limited_and_the_next_is_served_when_one_ends()
    {
        var readers = new List<Socket>();
        for (var i = 0; i < 3; i++)
            readers.Add(await OpenAsync("/v1/snapshot"));
        var refused = await api.Reader.GetJsonAsync("/v1/sources.ndjson");

        HttpTests.AssertProblem(refused, ProblemType.Busy);
        Assert.Equal(TimeSpan.FromSeconds(2), refused.Response.Headers.RetryAfter!.Delta);
        readers.ForEach(r => r.Dispose());
        await Wait.UntilAsync(async () =>
        {
            try
            {
                using var served = await api.Reader.GetAsync("/v1/snapshot", Cancellation);
                return served.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                // those that ended hold memory until the service notices it, and a stream beside them may be cut
                return false;
            }
        });
    }

    [Fact]
    public async Task When_memory_is_short_the_slowest_client_is_cut_and_others_are_served()
    {
        // four pages of 4 MB fill the memory, and nobody reads them
        var readers = new List<Socket>();
        for (var i = 0; i < 5; i++)
            readers.Add(await OpenAsync("/v1/sources?limit=1000"));
        await Wait.UntilAsync(() => Task.FromResult(Memory.Used > 12 * 1024 * 1024));
        await Task.Delay(TimeSpan.FromSeconds(2.5), Cancellation);

        var served = await api.Reader.GetJsonAsync("/v1/sources?limit=1000");

        Assert.Equal(HttpStatusCode.OK, served.Status);
        Assert.InRange(Memory.Used, 0, CrampedApiFixture.Megabytes * 1024 * 1024);
        var whole = 0;
        foreach (var reader in readers)
            whole += await EndsWholeAsync(reader) ? 1 : 0;
        Assert.InRange(whole, 1, 4);
        await Wait.UntilAsync(() => Task.FromResult(Memory.Used == 0));
    }

    [Fact]
    public async Task A_stream_that_is_not_read_keeps_no_changes_and_gets_all_of_them_later()
    {
        var tail = api.Services.GetRequiredService<LedgerTail>();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/changes?after=now");
        request.Headers.Add("Accept", "text/event-stream");
        using var response = await api.Reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var seen = tail.Newest.Number;

        // more than the buffers of a connection take, and more than the tail keeps
        for (var part = 0; part < 20; part++)
            await api.WriteAsync(Enumerable.Range(0, 100).Select(i => CrampedApiFixture.Large($"unread-{part:00}-{i:00}")));
        await Wait.UntilAsync(() => Task.FromResult(tail.FindOrNull(seen + 1) is null && tail.Newest.Number > seen + 10));

        var ids = new List<string>();
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        await foreach (var item in SseParser.Create(body, (_, data) => JsonNode.Parse(data)!).EnumerateAsync(Cancellation))
        {
            ids.Add((string)item.Data["id"]!);
            if (ids.Count == 2000)
                break;
        }

        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"unread-{i / 100:00}-{i % 100:00}"), ids);
    }

    private static async Task<bool> EndsWholeAsync(Socket socket)
    {
        using var reader = socket;
        var buffer = new byte[64 * 1024];
        var (text, length) = (new StringBuilder(), 0L);
        try
        {
            while (true)
            {
                var read = await reader.ReceiveAsync(buffer, Cancellation);
                if (read == 0)
                    return false;
                if (text.Length < 4000)
                    text.Append(Encoding.ASCII.GetString(buffer, 0, read));
                length += read;
                var head = text.ToString();
                var end = head.IndexOf("\r\n\r\n", StringComparison.Ordinal);
                var at = head.IndexOf("Content-Length: ", StringComparison.Ordinal);
                if (end > 0 && at > 0 && length >= end + 4 + long.Parse(head[(at + 16)..head.IndexOf('\r', at)], provider: null))
                    return true;
            }
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<Socket> OpenAsync(string path)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(api.Reader.BaseAddress!.Host, api.Reader.BaseAddress.Port, Cancellation);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), Cancellation);
        var first = new byte[12];
        for (var read = 0; read < first.Length && path.Contains("snapshot", StringComparison.Ordinal);)
            read += await socket.ReceiveAsync(first.AsMemory(read), Cancellation);
        return socket;
    }
}

/// <summary>Listeners are woken by what they wait for.</summary>
public sealed class WaiterTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    [Fact]
    public async Task A_long_poll_of_one_resource_is_not_woken_by_others()
    {
        var tail = api.Services.GetRequiredService<LedgerTail>();
        var waiting = api.Reader.GetJsonAsync("/v1/changes?after=now&wait=60&resource=actors");
        await Wait.UntilAsync(() => Task.FromResult(tail.Waiting == 1));
        // before somebody listened, only the end of the ledger was read: such a node wakes all
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("other"));
        var written = (await api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!.ToString();
        await Wait.UntilAsync(() => Task.FromResult(tail.Newest.EndText == written && tail.Waiting == 1));
        var before = tail.Woken;

        for (var i = 0; i < 20; i++)
            await api.Editor.AddAsync("/v1/sources", SampleRecords.Source($"other-{i}"));
        var woken = tail.Woken - before;
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("awaited"));
        var answer = await waiting;

        Assert.Equal(0, woken);
        Assert.Equal(1, tail.Woken - before);
        Assert.Equal(["awaited"], answer.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!));
    }
}
