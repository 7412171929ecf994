using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary><c>recordedAt</c> is the instant of the commit, whatever else commits meanwhile and however long a transaction takes.</summary>
public sealed class RecordingTimeTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const string Patch = "application/merge-patch+json";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_that_arrives_slowly_is_recorded_after_what_was_committed_meanwhile()
    {
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("slow"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch");
        var arriving = new SlowContent(
            """{"resource":"sources","id":"slow","record":{"id":"slow","kind":"report","title":"From the batch"}}""");
        request.Content = arriving;
        var batch = api.Editor.SendAsync(request, Cancellation);
        await arriving.Begun;
        var patched = await api.Editor.SendJsonAsync(
            HttpMethod.Patch, "/v1/sources/slow", new JsonObject { ["title"] = "From the patch" }, "\"1\"", mediaType: Patch);
        Assert.Equal(HttpStatusCode.OK, patched.Status);
        var second = (string)patched.Body!["recordedAt"]!;
        arriving.Finish();
        using var answer = await batch;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));

        var current = (await api.Reader.GetJsonAsync("/v1/sources/slow")).Body!;
        Assert.Equal((3, "From the batch"), ((int)current["version"]!, (string)current["title"]!));
        Assert.True(Instant(current) > DateTime.Parse(second, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal));
        Assert.Equal(["slow"], await IdsAsync($"/v1/sources?updatedAfter={second}"));
        var old = (await api.Reader.GetJsonAsync($"/v1/sources/slow?asOf={second}")).Body!;
        Assert.Equal((2, second), ((int)old["version"]!, (string)old["recordedAt"]!));

        // the date of version 2 does not make a copy of version 3 current, in the same second either
        using var conditional = new HttpRequestMessage(HttpMethod.Get, "/v1/sources/slow");
        conditional.Headers.IfModifiedSince = DateTimeOffset.Parse(second, CultureInfo.InvariantCulture);
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.SendAsync(conditional, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Transactions_that_overtake_each_other_are_recorded_in_the_order_of_their_commits()
    {
        const int writers = 6;
        const int each = 12;
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("storm-shared"));
        var start = (string)(await api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(async writer =>
        {
            var random = new Random(writer);
            for (var i = 0; i < each; i++)
            {
                // records of its own and one that all change; some transactions stay open while others commit
                await WriteAsync(async session =>
                {
                    await PutAsync(session, $"storm-{writer}-{i}", $"{i}");
                    await Task.Delay(random.Next(3) == 0 ? random.Next(120) : 0, Cancellation);
                    await PutAsync(session, "storm-shared", $"{writer}-{i}");
                });
            }
        }));

        var changes = (await api.Reader.GetJsonAsync($"/v1/changes?after={start}&limit=1000")).Body!["items"]!.AsArray();
        Assert.Equal(writers * each * 2, changes.Count);
        Assert.All(changes, c => Assert.Equal((string)c!["committedAt"]!, (string)c["record"]!["recordedAt"]!));
        var instants = changes.Select(c => Instant(c!["record"]!)).ToList();
        Assert.Equal(instants.Order(), instants);
        Assert.Equal(writers * each, instants.Distinct().Count());

        // lists by the instant of recording are in the order of commits, and lose nothing after any instant
        var own = changes.Where(c => (string)c!["id"]! != "storm-shared").Select(c => (string)c!["id"]!).ToList();
        var listed = (await IdsAsync("/v1/sources?sort=recordedAt&limit=1000")).Where(i =>
            i.StartsWith("storm-", StringComparison.Ordinal));
        Assert.Equal(own, listed.Where(i => i != "storm-shared"));
        var walked = await api.Reader.WalkAsync("/v1/sources?sort=-recordedAt&limit=3");
        Assert.Equal(own.AsEnumerable().Reverse(),
            walked.Select(r => (string)r["id"]!).Where(i => i.StartsWith("storm-", StringComparison.Ordinal) && i != "storm-shared"));
        foreach (var change in changes.Where((_, i) => i % 7 == 0))
        {
            var instant = (string)change!["committedAt"]!;
            var later = changes.Where(c => Instant(c!["record"]!) > Instant(change["record"]!)).Select(c => (string)c!["id"]!).ToHashSet();
            Assert.Equal(later.Order(), (await IdsAsync($"/v1/sources?updatedAfter={instant}&limit=1000")).Order());
            var then = (await api.Reader.GetJsonAsync($"/v1/sources/{change["id"]}?asOf={instant}")).Body!;
            Assert.Equal(((int)change["version"]!, instant), ((int)then["version"]!, (string)then["recordedAt"]!));
        }
    }

    [Fact]
    public async Task A_large_transaction_that_was_overtaken_comes_after_what_overtook_it()
    {
        var (written, proceed) = (new TaskCompletionSource(), new TaskCompletionSource());
        var large = WriteAsync(async session =>
        {
            for (var i = 0; i < 600; i++)
                await PutAsync(session, $"large-{i:000}", "large");
            written.SetResult();
            await proceed.Task;
        });
        await written.Task;
        var small = await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("overtakes"));
        proceed.SetResult();
        await large;
        var next = await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("after-the-large-one"));

        var first = (await api.Reader.GetJsonAsync("/v1/sources/large-000")).Body!;
        Assert.True(Instant(small) < Instant(first));
        Assert.True(Instant(first) < Instant(next));
        var order = await IdsAsync($"/v1/sources?updatedAfter={small["recordedAt"]}&sort=recordedAt&limit=1000");
        Assert.Equal([.. Enumerable.Range(0, 600).Select(i => $"large-{i:000}"), "after-the-large-one"], order);
        Assert.Equal(["after-the-large-one"], await IdsAsync($"/v1/sources?updatedAfter={first["recordedAt"]}"));
    }

    [Fact]
    public async Task Every_answer_about_a_version_states_the_same_instant()
    {
        foreach (var sample in SampleRecords.All)
        {
            var added = sample.As($"same-{sample.Resource}");
            using var create = new HttpRequestMessage(HttpMethod.Post, added.Path) { Content = Json(added.Body) };
            create.Headers.Add("Idempotency-Key", $"same-{sample.Resource}");
            var created = await api.Editor.SendJsonAsync(create);
            Assert.True(created.Status == HttpStatusCode.Created, created.Body?.ToJsonString());
            using var again = new HttpRequestMessage(HttpMethod.Post, added.Path) { Content = Json(added.Body) };
            again.Headers.Add("Idempotency-Key", $"same-{sample.Resource}");
            var instant = (string)created.Body!["recordedAt"]!;
            var position = created.Response.Headers.GetValues("Position").Single();
            var history = (await api.Reader.GetJsonAsync($"{added.Address}/history")).Body!["items"]![0]!;
            string[] others =
            [
                (string)(await api.Editor.SendJsonAsync(again)).Body!["recordedAt"]!,
                (string)(await api.Reader.GetJsonAsync(added.Address)).Body!["recordedAt"]!,
                (string)(await api.Reader.GetJsonAsync($"{added.Address}?version=1")).Body!["recordedAt"]!,
                (string)(await api.Reader.GetJsonAsync($"{added.Address}?asOf={instant}")).Body!["recordedAt"]!,
                (string)(await api.Reader.GetJsonAsync($"{added.Address}?asOf={position}")).Body!["recordedAt"]!,
                (string)(await api.Reader.GetJsonAsync($"{added.Address}?fields=recordedAt")).Body!["recordedAt"]!,
                (string)(await api.Reader.GetJsonAsync($"{added.Path}?sort=-recordedAt&limit=1")).Body!["items"]![0]!["recordedAt"]!,
                (string)history["committedAt"]!,
            ];
            Assert.All(others, other => Assert.Equal(instant, other));

            var deleted = await api.Editor.SendJsonAsync(HttpMethod.Delete, added.Address, ifMatch: "\"1\"");
            Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
            var gone = (await api.Reader.GetJsonAsync(added.Address)).Body!["tombstone"]!;
            var last = (await api.Reader.GetJsonAsync($"{added.Address}/history")).Body!["items"]![0]!;
            Assert.Equal((string)last["committedAt"]!, (string)gone["deletedAt"]!);
        }
    }

    [Theory]
    [InlineData("update sources set recorded_at = now() where id = 'source'")]
    [InlineData("update sources set title = 'Other', recorded_at = recorded_at where id = 'source'")]
    public async Task The_setting_of_the_move_changes_nothing_else(string statement)
    {
        await using var connection = await api.Database.OpenConnectionAsync(Cancellation);
        await using var command = new NpgsqlCommand($"set ledger.move = 'on'; {statement}", connection);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));

        Assert.Equal("ledger_move", refused.ConstraintName);
        await using var reset = new NpgsqlCommand("reset ledger.move", connection);
        await reset.ExecuteNonQueryAsync(Cancellation);
    }

    private static DateTime Instant(JsonNode record) => (DateTime)record["recordedAt"]!;

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");

    private async Task WriteAsync(Func<RecordSession, Task> work) =>
        await api.Services.GetRequiredService<WriteTransaction>().RunAsync(new Author(ApiFixture.Start), async session =>
        {
            await work(session);
            return 0;
        }, Cancellation);

    private async Task PutAsync(RecordSession session, string id, string title)
    {
        var body = SampleRecords.Source(id);
        body["title"] = $"Title {title}";
        var sources = api.Services.GetRequiredService<IEnumerable<RecordEditor>>().Single(e => e.Resource.Name == "sources");
        await sources.PutAsync(session, new RecordTarget(id, WriteCondition.Any), JsonSerializer.SerializeToElement(body), Cancellation);
    }

    private async Task<List<string>> IdsAsync(string path)
    {
        var page = await api.Reader.GetJsonAsync(path);
        Assert.True(page.Status == HttpStatusCode.OK, page.Body?.ToJsonString());
        return [.. page.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!)];
    }

    /// <summary>A line of a batch whose second half comes when the test says so.</summary>
    private sealed class SlowContent : HttpContent
    {
        private readonly byte[] _bytes;
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SlowContent(string line)
        {
            _bytes = Encoding.UTF8.GetBytes(line + "\n");
            Headers.ContentType = new("application/x-ndjson");
        }

        public Task Begun => _begun.Task;

        public void Finish() => _rest.TrySetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var half = _bytes.Length / 2;
            await stream.WriteAsync(_bytes.AsMemory(0, half));
            await stream.FlushAsync();
            _begun.TrySetResult();
            await _rest.Task;
            await stream.WriteAsync(_bytes.AsMemory(half));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
