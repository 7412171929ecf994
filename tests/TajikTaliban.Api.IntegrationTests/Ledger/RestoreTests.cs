using System.Globalization;
using System.Net;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>
/// A database is put back from a backup beneath a service that runs, and goes on with other changes under the same numbers: reading
/// from a position before the backup goes on, and a position that was undone gets a problem that says how to continue.
/// </summary>
public sealed class RestoreTests(PostgresServer server) : IAsyncLifetime
{
    private readonly string _key = KeyText.New();
    private string _database = "";
    private Served _served = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Client => _served.Client;

    public async ValueTask InitializeAsync()
    {
        _database = await server.CreateDatabaseAsync("migrated", async connection =>
        {
            await using var source = Api.Storage.Database.Open(connection);
            await CommandDatabase.MigrateAsync(source, CancellationToken.None);
        });
        await using (var source = Api.Storage.Database.Open(_database))
        {
            await using var context = Api.Storage.Database.Context(source);
            context.Add(new ApiKey { Name = "editor", Role = Roles.Editor, Hash = KeyText.Hash(_key), CreatedAt = ApiFixture.Start });
            await context.SaveChangesAsync(Cancellation);
        }

        _served = await Served.StartAsync(_database, _key);
        await Client.AddBasicsAsync();
    }

    public ValueTask DisposeAsync() => _served?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Cursors_from_before_the_backup_go_on_and_those_from_after_it_are_gone()
    {
        var before = new List<string> { "0-00000000" };
        for (var i = 0; i < 4; i++)
            before.Add(await WriteAsync($"before-{i}", 3));
        var page = (await Client.GetJsonAsync($"/v1/changes?limit={SampleRecords.Basics + 2}")).Body!;
        before.Add((string)page["position"]!);
        // a place within a transaction
        before.Add((string)(await Client.GetJsonAsync("/v1/changes")).Body!["items"]![SampleRecords.Basics]!["position"]!);
        var backup = await server.BackUpAsync(_database);
        await ReadyAsync();
        var after = new List<string>();
        for (var i = 0; i < 12; i++)
            after.Add(await WriteAsync($"undone-{i}", 2));
        var lost = await AllAsync("0-00000000");
        // the service keeps the instants of commits that are undone
        for (var i = 0; i < 4; i++)
            await Client.WalkAsync("/v1/sources?limit=9");
        after.AddRange(lost.Where(c => ((string)c["id"]!).StartsWith("undone", StringComparison.Ordinal))
            .Select(c => (string)c["position"]!));

        await server.RestoreAsync(_database, backup);
        await ReadyAsync();
        for (var i = 0; i < 8; i++)
            await WriteAsync($"instead-{i}", 2);

        var all = await AllAsync("0-00000000");
        Assert.Equal(lost.Take(SampleRecords.Basics + 12).Select(c => c.ToJsonString()), all.Take(SampleRecords.Basics + 12)
            .Select(c => c.ToJsonString()));
        Assert.Equal(SampleRecords.Basics + 12 + 16, all.Count);
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(
                all.Where(c => (string)c["resource"]! == "sources")
                    .Select(c => $"{c["id"]} {c["record"]!["recordedAt"]}").Order(StringComparer.Ordinal),
                (await Client.WalkAsync("/v1/sources?limit=9")).Select(r => $"{r["id"]} {r["recordedAt"]}").Order(StringComparer.Ordinal));
        }

        // the same numbers exist again, and are others; the last ones are not there yet
        Assert.Contains(after, a => all.Any(c => Number((string)c["position"]!) == Number(a)));
        Assert.Contains(after, a => all.All(c => Number((string)c["position"]!) != Number(a)));
        foreach (var position in before)
        {
            var known = all.FindIndex(c => (string)c["position"]! == position) is >= 0 and var found ? found + 1
                : all.Count(c => Number((string)c["position"]!) <= Number(position));
            Assert.Equal(all.Skip(known).Select(c => c.ToJsonString()), (await AllAsync(position)).Select(c => c.ToJsonString()));
            Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v1/sources", ("Min-Position", position))).Status);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/v1/sources?asOf={position}")).Status);
        }

        foreach (var position in after)
        {
            AssertGone(await GetAsync($"/v1/changes?after={position}"), position, "/query/after");
            AssertGone(await GetAsync($"/v1/changes?after={position}&wait=5&resource=sources&limit=1"), position, "/query/after");
            AssertGone(await GetAsync($"/v1/changes?after={position}", ("Accept", "application/x-ndjson")), position, "/query/after");
            AssertGone(await GetAsync($"/v1/changes?after={position}", ("Accept", "text/event-stream")), position, "/query/after");
            AssertGone(await GetAsync("/v1/changes?after=0-00000000", ("Accept", "text/event-stream"), ("Last-Event-ID", position)),
                position, "/header/Last-Event-ID");
            AssertGone(await GetAsync($"/v1/sources?asOf={position}"), position, "/query/asOf");
            AssertGone(await GetAsync($"/v1/sources/source?asOf={position}"), position, "/query/asOf");
            AssertGone(await GetAsync("/v1/sources", ("Min-Position", position)), position, "/header/Min-Position");
        }

        // the way on: the snapshot is of this history, and the feed goes on from it
        var restart = (string)(await GetAsync($"/v1/changes?after={after[^1]}")).Body!["restart"]!;
        var lines = (await Client.GetStringAsync(restart, Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonNode.Parse(l)!).ToList();
        Assert.Equal(all.Select(c => (string)c["id"]!).Order(StringComparer.Ordinal),
            lines.Where(l => l["id"] is not null).Select(l => (string)l["id"]!).Order(StringComparer.Ordinal));
        Assert.Equal(all.Count, (int)lines[^1]["records"]!);
        await WriteAsync("next", 1);
        Assert.Equal("next-0", (string)(await AllAsync((string)lines[0]["position"]!)).Single()["id"]!);
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(0, false)]
    [InlineData(6, true)]
    [InlineData(0, true)]
    public async Task Open_streams_end_with_a_problem_when_the_database_is_restored(int instead, bool isReaderAway)
    {
        var before = await WriteAsync("before", 2);
        var backup = await server.BackUpAsync(_database);
        await ReadyAsync();
        var undone = await WriteAsync("undone", 2);
        var (stream, events) = (new List<string>(), new List<string>());
        var tail = _served.Services.GetRequiredService<LedgerTail>();
        await Wait.UntilAsync(() => Task.FromResult(tail.Newest.EndText == undone));
        var others = tail.Waiting;
        // the reader of the ledger comes again after a second; until then, streams read further than it
        if (isReaderAway)
            await EndReaderAsync();
        var last = await WriteAsync("undone-more", 1);
        var streaming = StreamAsync("/v1/changes", undone, stream, "undone-more-0");
        // it has passed over what is undone without being given anything
        var filtered = StreamAsync("/v1/changes?resource=indicators", before, events, null);
        var polling = LongPollAsync(Client, $"/v1/changes?after={last}&wait=40");
        var patient = LongPollAsync(Client, $"/v1/changes?after={before}&resource=indicators&wait=40");
        // each has read what there is: one that comes after the restore would be of the other history
        await Wait.UntilAsync(() => Task.FromResult(
            stream.Count == 1 && tail.Waiting == others + 4 && (isReaderAway || tail.Newest.EndText == last)));
        Assert.False(streaming.IsCompleted || filtered.IsCompleted || polling.IsCompleted || patient.IsCompleted);
        var told = (string)(await GetAsync("/v1/changes?after=now")).Body!["position"]!;

        // the restored database has gone further than the lost one by the time that it is put in its place, or not so far
        await using (var other = await Served.StartAsync(backup, _key))
        {
            for (var i = 0; i < instead; i++)
                await WriteAsync($"instead-{i}", 2, other.Client);
        }

        await server.RestoreAsync(_database, backup);
        await ReadyAsync();

        // the streams end, and have not given anything of the other history; a new request gets a problem
        await Task.WhenAll(streaming, filtered).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(["undone-more-0"], stream);
        Assert.Empty(events);
        AssertGone(await GetAsync("/v1/changes", ("Accept", "text/event-stream"), ("Last-Event-ID", told)), told, "/header/Last-Event-ID");
        AssertGone(await polling.WaitAsync(TimeSpan.FromSeconds(30), Cancellation), told, "/query/after");
        // the position that this one was asked with is of both histories
        Assert.False(patient.IsCompleted);
        await Client.AddAsync("/v1/indicators", Indicator());
        var answer = await patient.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("later", (string)answer.Body!["items"]!.AsArray().Single()!["id"]!);
        var position = (string)answer.Body["position"]!;
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"/v1/changes?after={position}")).Status);
        // and the service says positions of this history from then on; what it says at least may be a moment behind what the feed has given
        await Wait.UntilAsync(async () => (await GetAsync("/v1/sources")).Response.Headers.GetValues("Position").Single() == position);

        static JsonObject Indicator()
        {
            var indicator = SampleRecords.Indicator("later");
            indicator["citations"] = SampleRecords.Citations();
            return indicator;
        }
    }

    [Fact]
    public async Task A_copy_that_follows_starts_again_by_itself_and_equals_the_restored_origin()
    {
        var program = await StormTests.BuildFollowerAsync();
        var copy = await server.CreateDatabaseAsync();
        await WriteAsync("before", 20);
        var backup = await server.BackUpAsync(_database);
        await ReadyAsync();
        await WriteAsync("both", 20);
        using var follower = StormTests.Follow(program, Client.BaseAddress!.ToString(), copy);
        try
        {
            await CopiedAsync();
            Assert.Contains("sources/both-7", (await StormTests.CopiedAsync(copy)).Keys);

            // the same ids with other contents, and ids that were not there
            await using (var other = await Served.StartAsync(backup, _key))
            {
                await WriteAsync("both", 10, other.Client);
                await WriteAsync("instead", 15, other.Client);
            }

            await server.RestoreAsync(_database, backup);
            await ReadyAsync();
            await WriteAsync("later", 3);
            await CopiedAsync();

            var copied = await StormTests.CopiedAsync(copy);
            Assert.Equal(SampleRecords.Basics + 20 + 10 + 15 + 3, copied.Count);
            Assert.DoesNotContain("sources/both-15", copied.Keys);
            Assert.False(follower.HasExited);
        }
        finally
        {
            follower.Kill();
            await follower.WaitForExitAsync(CancellationToken.None);
            Directory.Delete(Path.GetDirectoryName(program)!, recursive: true);
        }

        async Task CopiedAsync()
        {
            var origin = await OriginAsync();
            SortedDictionary<string, string> copied = [];
            for (var attempt = 0; attempt < 100 && !origin.SequenceEqual(copied); attempt++)
            {
                await Task.Delay(150, Cancellation);
                try
                {
                    copied = await StormTests.CopiedAsync(copy);
                }
                catch (Npgsql.PostgresException e) when (e.SqlState == Npgsql.PostgresErrorCodes.UndefinedTable)
                {
                    // it has not begun yet
                }
            }

            Assert.Equal(origin, copied);
        }
    }

    private static long Number(string position) => long.Parse(position.Split('-', '.')[0], CultureInfo.InvariantCulture);

    private static async Task<JsonResponse> LongPollAsync(HttpClient client, string path) => await client.GetJsonAsync(path);

    private static void AssertGone(JsonResponse answer, string position, string pointer)
    {
        Assert.True(answer.Status == HttpStatusCode.Gone,
            $"{answer.Response.RequestMessage!.RequestUri} {pointer}: {answer.Status} {answer.Body}");
        var uri = answer.Response.RequestMessage!.RequestUri!;
        var detail =
            $"The position {position} is not in this history: it is from another service or mistyped, or the database was restored from an "
            + "earlier backup. Start again from /v1/snapshot and replace your copy with it.";
        Assert.Equal("application/problem+json", answer.Response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(
            new JsonObject
            {
                ["type"] = "/problems/position-gone",
                ["code"] = "position-gone",
                ["title"] = "Position not in this history",
                ["status"] = 410,
                ["detail"] = detail,
                ["instance"] = uri.AbsolutePath,
                ["errors"] = new JsonObject
                {
                    [pointer] = new JsonArray(new JsonObject
                    {
                        ["code"] = "position-gone",
                        ["message"] = detail,
                        ["data"] = new JsonObject { ["position"] = position },
                    }),
                },
                ["restart"] = "/v1/snapshot",
                ["traceId"] = (string)answer.Body!["traceId"]!,
            }.ToJsonString(), answer.Body.ToJsonString());
    }

    /// <summary>Waits until the service has found the database again.</summary>
    /// <summary>Ends the connection on which the service follows the ledger.</summary>
    private async Task EndReaderAsync()
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(_database);
        await using var command = source.CreateCommand(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and query = 'listen ledger'");
        Assert.Equal(1L, await command.ExecuteScalarAsync(Cancellation));
    }

    private Task ReadyAsync() => Wait.UntilAsync(async () => (await GetAsync("/v1/sources?limit=1")).Status == HttpStatusCode.OK);

    /// <summary>Writes sources in one transaction; gives its position.</summary>
    private async Task<string> WriteAsync(string name, int count, HttpClient? client = null)
    {
        var lines = Enumerable.Range(0, count).Select(i =>
        {
            var source = SampleRecords.Source($"{name}-{i}");
            source["title"] = $"Title {Guid.NewGuid():n}";
            return new JsonObject { ["resource"] = "sources", ["record"] = source }.ToJsonString();
        });
        using var content = new StringContent(string.Join('\n', lines), Encoding.UTF8, "application/x-ndjson");
        using var answer = await (client ?? Client).PostAsync("/v1/batch", content, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        return answer.Headers.GetValues("Position").Single();
    }

    private async Task<JsonResponse> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        return await Client.SendJsonAsync(request);
    }

    private async Task<List<JsonNode>> AllAsync(string after)
    {
        var all = new List<JsonNode>();
        for (var position = after; ;)
        {
            var page = await Client.GetJsonAsync($"/v1/changes?after={position}&limit=7");
            Assert.Equal(HttpStatusCode.OK, page.Status);
            all.AddRange(page.Body!["items"]!.AsArray().Select(i => i!.DeepClone()));
            position = (string)page.Body["position"]!;
            if ((bool)page.Body["complete"]!)
                return all;
        }
    }

    /// <summary>Reads a stream to its end: the ids of its records.</summary>
    private async Task StreamAsync(string path, string last, List<string> ids, string? first)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/event-stream");
        request.Headers.Add("Last-Event-ID", last);
        using var answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType!.MediaType);
        await using var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        await foreach (var item in SseParser.Create(body, (_, data) => (string)JsonNode.Parse(data)!["id"]!).EnumerateAsync(Cancellation))
            ids.Add(item.Data);
        if (first is not null)
            Assert.Equal(first, ids[0]);
    }

    private async Task<SortedDictionary<string, string>> OriginAsync()
    {
        var records = new SortedDictionary<string, string>(StringComparer.Ordinal);
        await using var source = Npgsql.NpgsqlDataSource.Create(_database);
        foreach (var resource in _served.Services.GetRequiredService<ResourceCatalogue>().All)
        {
            await using var command =
                source.CreateCommand(
                    $"select '{resource.Name}/' || id, version || ' ' || ({Tables.Served("r")})::text from {resource.Table} r");
            await using var reader = await command.ExecuteReaderAsync(Cancellation);
            while (await reader.ReadAsync(Cancellation))
                records.Add(reader.GetString(0), reader.GetString(1));
        }

        return records;
    }
}
