using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>The feed: what happened, once each, in order, however it is read.</summary>
public sealed class FeedTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_feed_has_creation_change_and_deletion_with_record_cause_note_and_key()
    {
        var start = await PositionAsync();
        var made = await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("feed-one"));
        using var change = new HttpRequestMessage(HttpMethod.Patch,
            "/v1/sources/feed-one")
        { Content = Json(new JsonObject { ["title"] = "Another title" }) };
        change.Headers.Add("If-Match", "\"1\"");
        change.Headers.Add("Change-Cause", "our-error");
        change.Headers.Add("Change-Note", "It was misread.");
        var changed = await api.Editor.SendJsonAsync(change);
        Assert.Equal(HttpStatusCode.OK, changed.Status);
        var deleted = await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/sources/feed-one", ifMatch: "\"2\"");
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);

        var answer = await api.Editor.GetJsonAsync($"/v1/changes?after={start}");
        var page = answer.Body!;
        var items = page["items"]!.AsArray();

        Assert.Equal(["created", "updated", "deleted"], items.Select(i => (string)i!["operation"]!));
        Assert.Equal([1, 2, 3], items.Select(i => (int)i!["version"]!));
        Assert.All(items,
            i => Assert.Equal(("sources", "feed-one", "editor"), ((string)i!["resource"]!, (string)i["id"]!, (string)i["key"]!)));
        Assert.Equal(made.ToJsonString(), items[0]!["record"]!.ToJsonString());
        Assert.Equal(changed.Body!.ToJsonString(), items[1]!["record"]!.ToJsonString());
        Assert.Null(items[2]!["record"]);
        Assert.Equal([null, "our-error", null], items.Select(i => (string?)i!["cause"]));
        Assert.Equal([null, "It was misread.", null], items.Select(i => (string?)i!["note"]));
        // the write says its place, which is where the feed has it
        var position = deleted.Response.Headers.GetValues("Position").Single();
        Assert.Equal(position, (string)page["position"]!);
        Assert.Equal(position, answer.Response.Headers.GetValues("Position").Single());
        Assert.True((bool)page["complete"]!);
        Assert.Equal($"/v1/changes?after={position}", (string)page["next"]!);
        Assert.Empty((await api.Reader.GetJsonAsync((string)page["next"]!)).Body!["items"]!.AsArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public async Task Pages_of_any_size_give_the_same_changes(int limit)
    {
        var start = await PositionAsync();
        await BatchAsync(Enumerable.Range(0, 12).Select(i => SampleRecords.Source($"size-{limit}-{i}")), "sources");
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source($"size-{limit}-last"));

        var whole = (await api.Reader.GetJsonAsync($"/v1/changes?after={start}&limit=1000")).Body!["items"]!.AsArray()
            .Select(i => i!.ToJsonString()).ToList();
        var walked = new List<string>();
        for (var next = $"/v1/changes?after={start}&limit={limit}"; ;)
        {
            var page = (await api.Reader.GetJsonAsync(next)).Body!;
            walked.AddRange(page["items"]!.AsArray().Select(i => i!.ToJsonString()));
            if ((bool)page["complete"]!)
                break;
            next = (string)page["next"]!;
        }

        Assert.Equal(13, whole.Count);
        Assert.Equal(whole, walked);
    }

    [Fact]
    public async Task A_large_page_is_sent_in_parts_and_says_beforehand_how_far_it_reads_at_least()
    {
        var start = await PositionAsync();
        await BatchAsync(Enumerable.Range(0, 300).Select(i => Large($"large-{i:000}")), "sources");

        using var answer = await api.Reader.GetAsync($"/v1/changes?after={start}&limit=299", HttpCompletionOption.ResponseHeadersRead,
            Cancellation);
        Assert.Null(answer.Content.Headers.ContentLength);
        var page = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancellation))!;
        var rest = (await api.Reader.GetJsonAsync((string)page["next"]!)).Body!;

        Assert.Equal(Enumerable.Range(0, 299).Select(i => $"large-{i:000}"), page["items"]!.AsArray().Select(i => (string)i!["id"]!));
        // where it was when its beginning was sent; a small page says its end
        Assert.InRange(page["items"]!.AsArray().Select(i => (string)i!["position"]!).ToList()
            .IndexOf(answer.Headers.GetValues("Position").Single()), 0, 298);
        Assert.Equal((string)page["position"]!, (string)page["items"]!.AsArray()[^1]!["position"]!);
        Assert.False((bool)page["complete"]!);
        Assert.Equal(["large-299"], rest["items"]!.AsArray().Select(i => (string)i!["id"]!));
        Assert.True((bool)rest["complete"]!);
        Assert.Equal(await PositionAsync(), (string)rest["position"]!);
    }

    [Theory]
    [InlineData("/v1/changes?limit=1000", "application/json")]
    [InlineData("/v1/changes", "application/x-ndjson")]
    [InlineData("/v1/snapshot", "application/x-ndjson")]
    public async Task Clients_that_do_not_read_keep_no_connection_of_the_database(string path, string accept)
    {
        // more than the buffers of a connection take, and more clients than the pool has connections
        await BatchAsync(Enumerable.Range(0, 900).Select(i => Large($"slow-{Guid.NewGuid():n}")), "sources");
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 60; i++)
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
                sockets.Add(socket);
                await socket.ConnectAsync(api.Reader.BaseAddress!.Host, api.Reader.BaseAddress.Port, Cancellation);
                await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: {accept}\r\n\r\n"),
                    Cancellation);
            }

            // each has begun to be answered
            foreach (var socket in sockets)
                Assert.Equal("HTTP/1.1 200", Encoding.ASCII.GetString(await FirstAsync(socket)));
            var answer = await api.Reader.GetJsonAsync("/v1/sources?limit=1").WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }

        static async Task<byte[]> FirstAsync(Socket socket)
        {
            var text = new byte[12];
            var read = 0;
            while (read < text.Length)
                read += await socket.ReceiveAsync(text.AsMemory(read), Cancellation);
            return text;
        }
    }

    [Fact]
    public async Task A_filtered_feed_gives_its_resource_alone_and_goes_on_past_the_others()
    {
        var start = await PositionAsync();
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("filter"));
        await api.Editor.AddAsync("/v1/actors", Filtered("filter-actor"));
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("filter-2"));

        var actors = (await api.Reader.GetJsonAsync($"/v1/changes?after={start}&resource=actors")).Body!;

        Assert.Equal(["filter-actor"], actors["items"]!.AsArray().Select(i => (string)i!["id"]!));
        Assert.Equal(await PositionAsync(), (string)actors["position"]!);
        Assert.Equal(HttpStatusCode.BadRequest, (await api.Reader.GetJsonAsync("/v1/changes?resource=actor")).Status);

        static JsonObject Filtered(string id)
        {
            var actor = SampleRecords.Actor(id);
            actor["citations"] = SampleRecords.Citations("filter");
            return actor;
        }
    }

    [Theory]
    [InlineData("sources", 1)]
    [InlineData("actors", 2)]
    [InlineData("actors,sources", 1)]
    [InlineData("sources,actors", 3)]
    [InlineData("indicators,actors,sources", 1000)]
    [InlineData("indicators,trade", 2)]
    public async Task A_feed_of_some_resources_is_the_feed_without_the_others_at_any_size(string resources, int limit)
    {
        var (start, name) = (await PositionAsync(), $"some-{Guid.NewGuid():n}");
        await BatchAsync([SampleRecords.Source(name)], "sources");
        for (var transaction = 0; transaction < 3; transaction++)
        {
            await BatchAsync(Enumerable.Range(0, 8).Select(i =>
            {
                var (id, isActor) = ($"{name}-{transaction}-{i}", i % 3 == transaction);
                var record = isActor ? SampleRecords.Actor(id) : SampleRecords.Source(id);
                if (isActor)
                    record["citations"] = SampleRecords.Citations(name);
                return (isActor ? "actors" : "sources", record);
            }));
        }

        var all = (await api.Reader.GetJsonAsync($"/v1/changes?after={start}")).Body!["items"]!.AsArray();
        var expected = all.Where(i => resources.Split(',').Contains((string)i!["resource"]!)).Select(Text).ToList();

        var walked = new List<string>();
        JsonNode page;
        var next = $"/v1/changes?after={start}&resource={resources}&limit={limit}";
        do
        {
            page = (await api.Reader.GetJsonAsync(next)).Body!;
            walked.AddRange(page["items"]!.AsArray().Select(Text));
            Assert.InRange(page["items"]!.AsArray().Count, (bool)page["complete"]! ? 0 : 1, limit);
            next = (string)page["next"]!;
        }
        while (!(bool)page["complete"]!);

        Assert.Equal(25, all.Count);
        Assert.Equal(expected, walked);
        Assert.Equal(await PositionAsync(), (string)page["position"]!);
        foreach (var most in new[] { limit, expected.Count, expected.Count + 1 }.Where(m => m > 0))
        {
            var lines = await LinesAsync($"/v1/changes?after={start}&resource={resources}&limit={most}");
            Assert.Equal(expected.Take(most), lines.SkipLast(1));
            Assert.Equal(most >= expected.Count, (bool)JsonNode.Parse(lines[^1])!["complete"]!);
        }
    }

    [Fact]
    public async Task A_long_poll_responds_on_a_commit_or_at_its_timeout()
    {
        var start = await PositionAsync();
        var waiting = api.Reader.GetJsonAsync($"/v1/changes?after={start}&wait=30&resource=sources");
        await Task.Delay(200, Cancellation);
        Assert.False(waiting.IsCompleted);
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("polled"));

        var answer = (await waiting.WaitAsync(TimeSpan.FromSeconds(10), Cancellation)).Body!;

        Assert.Equal(["polled"], answer["items"]!.AsArray().Select(i => (string)i!["id"]!));
        var empty = (await api.Reader.GetJsonAsync($"/v1/changes?after={answer["position"]}&wait=1")).Body!;
        Assert.Empty(empty["items"]!.AsArray());
    }

    [Fact]
    public async Task A_stream_gives_what_was_and_what_comes_and_is_taken_up_where_it_was_cut()
    {
        var start = await PositionAsync();
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("streamed-1"));
        var first = await StreamAsync($"/v1/changes?after={start}", null, 2,
            async () => await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("streamed-2")));

        Assert.Equal(["streamed-1", "streamed-2"], first.Select(e => (string)e.Data["id"]!));
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("streamed-3"));
        var second = await StreamAsync($"/v1/changes?after={start}", first[0].Id, 3,
            async () => await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("streamed-4")));
        Assert.Equal(["streamed-2", "streamed-3", "streamed-4"], second.Select(e => (string)e.Data["id"]!));
        Assert.All(second, e => Assert.Equal(("message", (string)e.Data["position"]!), (e.Event, e.Id)));
        var named = await StreamAsync($"/v1/changes?after={start}&named=true", null, 4, () => Task.CompletedTask);
        Assert.All(named, e => Assert.Equal(("created", (string)e.Data["operation"]!), (e.Event, e.Event)));
    }

    [Fact]
    public async Task A_stream_and_each_heartbeat_say_where_to_go_on_before_there_is_an_event()
    {
        var start = await PositionAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/changes?after=now&resource=actors");
        request.Headers.Add("Accept", "text/event-stream");
        using var response = await api.Reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation), Encoding.UTF8);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(40));

        Assert.Equal(["retry: 1000", ": connected", $"id: {start}", ""], await LinesAsync());
        // past what the stream leaves out
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("left-out-of-the-stream"));
        var end = await PositionAsync();
        Assert.NotEqual(start, end);
        Assert.Equal([": heartbeat", $"id: {end}", ""], await LinesAsync());

        async Task<List<string>> LinesAsync()
        {
            var lines = new List<string>();
            do
                lines.Add((await reader.ReadLineAsync(limit.Token))!);
            while (lines[^1] != "");
            return lines;
        }
    }

    [Theory]
    [InlineData("/v1/changes", "text/event-stream", "text/event-stream")]
    [InlineData("/v1/changes?after=now&wait=60", "application/json", "application/json")]
    [InlineData("/v1/changes", "application/x-ndjson", "application/x-ndjson")]
    [InlineData("/v1/snapshot", "application/x-ndjson", "application/x-ndjson")]
    public async Task HEAD_gives_the_headers_and_ends_at_once(string path, string accept, string type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        request.Headers.Add("Accept", accept);
        // what a read says at least may be a moment behind
        await Wait.UntilAsync(async () => (await api.Reader.GetJsonAsync("/v1/sources?limit=1")).Response.Headers.GetValues("Position")
            .Single() == await PositionAsync());

        using var answer = await api.Reader.SendAsync(request, Cancellation).WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        Assert.Equal((HttpStatusCode.OK, type), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(await PositionAsync(), answer.Headers.GetValues("Position").Single());
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(Cancellation));
        // the connection has not been kept busy by what nobody reads
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/v1/changes?after=now")).Status);
    }

    [Fact]
    public async Task NDJSON_lines_hold_all_changes_until_now_and_end_with_a_position()
    {
        var start = await PositionAsync();
        await BatchAsync(Enumerable.Range(0, 1100).Select(i => SampleRecords.Source($"line-{i}")), "sources");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/changes?after={start}");
        request.Headers.Add("Accept", "application/x-ndjson");

        using var response = await api.Reader.SendAsync(request, Cancellation);
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonNode.Parse(l)!).ToList();

        Assert.Equal(1101, lines.Count);
        Assert.Equal(1100, lines.Take(1100).Select(l => (string)l["id"]!).Distinct().Count());
        Assert.True((bool)lines[^1]["complete"]!);
        Assert.Equal(await PositionAsync(), (string)lines[^1]["position"]!);
    }

    [Fact]
    public async Task A_snapshot_is_every_record_at_one_position_and_says_that_it_is_whole()
    {
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("snapped"));
        var lines = (await api.Reader.GetStringAsync("/v1/snapshot", Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonNode.Parse(l)!).ToList();

        Assert.Equal(await PositionAsync(), (string)lines[0]["position"]!);
        Assert.Equal(((string)lines[0]["position"]!, lines.Count - 2L, true),
            ((string)lines[^1]["position"]!, (long)lines[^1]["records"]!, (bool)lines[^1]["complete"]!));
        var snapped = lines.Single(l => (string?)l["id"] == "snapped");
        Assert.Equal((await api.Reader.GetJsonAsync("/v1/sources/snapped")).Body!.ToJsonString(), snapped["record"]!.ToJsonString());
        await using var count = api.Database.CreateCommand("select (select count(*) from sources) + (select count(*) from actors)");
        Assert.Equal((long)(await count.ExecuteScalarAsync(Cancellation))!, lines.Count - 2L);
    }

    [Theory]
    [InlineData("7-abcdefgh", 410)]
    [InlineData("999999-abcdefgh", 410)]
    [InlineData("1", 400)]
    [InlineData("x-abcdefgh", 400)]
    [InlineData("1-abc", 400)]
    [InlineData("0-00000000", 200)]
    public async Task A_position_of_another_history_is_gone_and_says_where_to_start_again(string after, int status)
    {
        await BatchAsync(Enumerable.Range(0, 3).Select(i => SampleRecords.Source($"history-{Guid.NewGuid():n}")), "sources");
        var answer = await api.Reader.GetJsonAsync($"/v1/changes?after={after}");

        Assert.Equal(status, (int)answer.Status);
        if (status == 410)
            Assert.Equal("/v1/snapshot", (string)answer.Body!["restart"]!);
    }

    /// <summary>Statements that go around the service; a setup, where there is one, is allowed.</summary>
    public static TheoryData<string?, string, string> Refusals => new()
    {
        { null, "update sources set title = 'Other' where id = '{0}'", "ledger_next_version" },
        { null, "update sources set document = '{{}}', version = 2 where id = '{0}'", "ledger_next_version" },
        { null, "update sources set version = version + 1 where id = '{0}'", "ledger_next_version" },
        { null, "delete from actor_citations where record_id = '{0}'", "ledger_part_of_record" },
        { null, "update actor_citations set note = 'x' where record_id = '{0}'", "ledger_part_of_record" },
        {
            null, "insert into actor_citations (record_id, ordinal, source_id, certainty) values ('{0}', 9, '{0}', 'stated')",
            "ledger_part_of_record"
        },
        { null, "truncate sources cascade", "ledger_append_only" },
        { null, "delete from ledger_changes", "ledger_append_only" },
        { null, "update ledger_changes set note = 'x'", "ledger_append_only" },
        { null, "truncate ledger_transactions cascade", "ledger_append_only" },
        { null, "update ledger_transactions set token = 'x'", "ledger_transaction_final" },
        { null, "delete from actors_past", "ledger_append_only" },
        { null, "update sources_past set title = 'x'", "ledger_append_only" },
        { "set session_replication_role = replica", "update sources set title = 'Other' where id = '{0}'", "ledger_next_version" },
        { "select set_config('ledger.transaction', '1', false)", "delete from actors where id = '{0}'", "ledger_own_transaction" },
        { "set default_transaction_isolation = 'repeatable read'", "delete from actors where id = '{0}'", "ledger_read_committed" },
    };

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_statement_that_goes_around_the_service_is_refused(string? setup, string statement, string constraint)
    {
        var id = await AddBehindAsync();
        var start = await PositionAsync();
        await using var connection = await ConnectAsync();
        if (setup is not null)
        {
            await ExecuteAsync(connection, setup);
        }

        await Refused.ByAsync(
            PostgresErrorCodes.IntegrityConstraintViolation, constraint,
            () => ExecuteAsync(connection, string.Format(CultureInfo.InvariantCulture, statement, id)));

        Assert.Equal(start, await PositionAsync());
    }

    [Fact]
    public async Task A_deletion_that_goes_around_the_service_is_captured_with_its_tombstone()
    {
        var id = await AddBehindAsync();
        var start = await PositionAsync();
        await using var connection = await ConnectAsync();

        Assert.Equal(1, await ExecuteAsync(connection, $"delete from actors where id = '{id}'"));

        var change = (await api.Reader.GetJsonAsync($"/v1/changes?after={start}")).Body!["items"]!.AsArray().Single()!;
        Assert.Equal(("deleted", id, 2), ((string)change["operation"]!, (string)change["id"]!, (int)change["version"]!));
        Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync($"/v1/actors/{id}")).Status);
    }

    /// <summary>A source, and an actor of the same id that cites it.</summary>
    private async Task<string> AddBehindAsync()
    {
        var id = $"behind-{Guid.NewGuid():n}";
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source(id));
        var actor = SampleRecords.Actor(id);
        actor["citations"] = SampleRecords.Citations(id);
        await api.Editor.AddAsync("/v1/actors", actor);
        return id;
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var unpooled = new NpgsqlConnectionStringBuilder(api.ConnectionString) { Pooling = false };
        var connection = new NpgsqlConnection(unpooled.ConnectionString);
        await connection.OpenAsync(Cancellation);
        return connection;
    }

    private static async Task<int> ExecuteAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<string> PositionAsync() => (string)(await api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;

    private async Task<string[]> LinesAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "application/x-ndjson");
        using var answer = await api.Reader.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private Task BatchAsync(IEnumerable<JsonObject> records, string resource) => BatchAsync(records.Select(r => (resource, r)));

    private async Task BatchAsync(IEnumerable<(string Resource, JsonObject Record)> records)
    {
        var lines =
            string.Join('\n', records.Select(r => new JsonObject { ["resource"] = r.Resource, ["record"] = r.Record }.ToJsonString()));
        using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        using var answer = await api.Editor.PostAsync("/v1/batch", content, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static JsonObject Large(string id)
    {
        var source = SampleRecords.Source(id);
        source["description"] = new string('x', 4000);
        return source;
    }

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");


    private async Task<List<(string Id, string Event, JsonNode Data)>> StreamAsync(
        string path, string? lastEventId, int count, Func<Task> meanwhile)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Accept", "text/event-stream");
        if (lastEventId is not null)
            request.Headers.Add("Last-Event-ID", lastEventId);
        using var response = await api.Reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        var events = new List<(string, string, JsonNode)>();
        var done = false;
        await foreach (var item in System.Net.ServerSentEvents.SseParser.Create(body, (kind, data) => JsonNode.Parse(data)!)
            .EnumerateAsync(patience.Token))
        {
            events.Add((item.EventId!, item.EventType, item.Data));
            if (!done)
                await meanwhile();
            done = true;
            if (events.Count == count)
                break;
        }

        return events;
    }

    /// <summary>As the service writes it: an address has <c>&amp;</c>, which is escaped by default.</summary>
    private static string Text(JsonNode? node) => node!.ToJsonString().Replace("\\u0026", "&", StringComparison.Ordinal);
}
