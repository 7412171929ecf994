using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Platform;

namespace TajikTaliban.Api.IntegrationTests.Faults;

/// <summary>A response that has begun goes on when its connections to the database are lost.</summary>
public sealed class CutPagesTests(CrampedApiFixture api) : IClassFixture<CrampedApiFixture>
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IEnumerable<string> Expected =>
        Enumerable.Range(0, CrampedApiFixture.Records).Select(i => $"large-{i:0000}");

    [Theory]
    [InlineData("/v1/sources.ndjson")]
    [InlineData("/v1/snapshot?resource=sources")]
    [InlineData("/v1/changes?resource=sources&format=ndjson")]
    public async Task Lines_have_every_record_once_although_connections_are_ended(string path)
    {
        var (text, ended) = await ReadAsync(path);

        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!.AsObject()).ToList();
        Assert.Equal(Expected, lines.Select(l => (string?)l["id"]).Where(IsLarge).Order(StringComparer.Ordinal));
        Assert.InRange(ended, 3, int.MaxValue);
    }

    [Fact]
    public async Task A_table_has_every_record_once_although_connections_are_ended()
    {
        var (text, ended) = await ReadAsync("/v1/sources.csv");

        Assert.Equal(Expected, text.Split("\r\n").Select(l => l.Split(',')[0]).Where(IsLarge).Order(StringComparer.Ordinal));
        Assert.InRange(ended, 3, int.MaxValue);
    }

    [Fact]
    public async Task A_stream_has_every_change_once_although_connections_are_ended()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/changes?after=0-00000000&resource=sources");
        request.Headers.Add("Accept", "text/event-stream");
        using var response = await api.Reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var ending = EndConnectionsAsync(ends.Token);
        var ids = new List<string?>();
        await foreach (var item in SseParser.Create(body, (_, data) => JsonNode.Parse(data)!).EnumerateAsync(Cancellation))
        {
            if (IsLarge((string?)item.Data["id"]))
                ids.Add((string?)item.Data["id"]);
            if (ids.Count == CrampedApiFixture.Records)
                break;
            if (ids.Count % 10 == 0)
                await Task.Delay(Pause / 10, Cancellation);
        }

        await ends.CancelAsync();
        Assert.Equal(Expected, ids.Order(StringComparer.Ordinal));
        Assert.InRange(await ending, 3, int.MaxValue);
    }

    private static bool IsLarge(string? id) => id?.StartsWith("large-", StringComparison.Ordinal) == true;

    /// <summary>Reads a response slowly while the connections of the service are ended; with how many there were.</summary>
    private async Task<(string Text, long Ended)> ReadAsync(string path)
    {
        using var response = await api.Reader.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var ending = EndConnectionsAsync(ends.Token);
        using var text = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, Cancellation) is > 0 and var read)
        {
            await text.WriteAsync(buffer.AsMemory(0, read), Cancellation);
            await Task.Delay(Pause / 10, Cancellation);
        }

        await ends.CancelAsync();
        return (System.Text.Encoding.UTF8.GetString(text.ToArray()), await ending);
    }

    private async Task<long> EndConnectionsAsync(CancellationToken ends)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(api.ConnectionString) { Pooling = false }.ConnectionString);
        var ended = 0L;
        while (!ends.IsCancellationRequested)
        {
            await using (var command = source.CreateCommand(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity "
                + "where datname = current_database() and pid <> pg_backend_pid() and query <> 'listen ledger'"))
            {
                ended += (long)(await command.ExecuteScalarAsync(Cancellation))!;
            }

            await Task.Delay(Pause, ends).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ended;
    }
}
