using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Features;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Editions;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>What may not be public is removed from everywhere, and its place stays.</summary>
public sealed class RedactionTests(WebhookFixture api) : IClassFixture<WebhookFixture>
{
    /// <summary>No record, word or example has it.</summary>
    private const string Secret = "Xyzzyquux";
    private const string Reason = "A private name was published.";
    private static int _names;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_content_of_redacted_versions_is_nowhere_and_its_place_is_everywhere()
    {
        var admin = await api.AdminAsync();
        var id = NewId();
        await using var receiver = await WebhookReceiver.StartAsync();
        // a receiver that sends back what it was sent
        receiver.Respond = async (message, http) =>
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(message.Json.ToJsonString()), Cancellation);
        var webhook = (await admin.SendJsonAsync(HttpMethod.Post, "/v1/webhooks", new JsonObject { ["url"] = receiver.Address }))
            .Body!["webhook"]!;
        var start = (string)(await api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;
        var other = await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(NewId()));
        var body = SampleRecords.Actor(id);
        body["description"] = $"Also known as {Secret}.";
        body["names"] = new JsonArray(new JsonObject { ["text"] = Secret, ["lang"] = "en", ["kind"] = "alias" });
        using var create = Request(HttpMethod.Post, "/v1/actors", body);
        create.Headers.Add("Idempotency-Key", id);
        create.Headers.Add("Change-Note", $"{Secret} was added.");
        var made = await api.Editor.SendJsonAsync(create);
        Assert.Equal(HttpStatusCode.Created, made.Status);
        var at = made.Response.Headers.GetValues("Position").Single();
        await api.Editor.AddAsync("/v1/releases", new JsonObject { ["id"] = $"with-{id}", ["title"] = "With it" });
        var second = await PatchAsync(id, new JsonObject { ["sectors"] = new JsonArray("GOV") }, null);
        var clean = await PatchAsync(id, new JsonObject { ["description"] = "Words.", ["names"] = new JsonArray() }, "our-error");
        await receiver.WaitAsync(4);
        await SettledAsync(admin, (string)webhook["id"]!);
        var before = await FeedAsync($"after={start}");
        Assert.NotEmpty(await TablesWithAsync(Secret));
        // asked for often enough to be answered from memory
        string[] kept =
        [
            $"/v1/actors/{id}?version=1", $"/v1/actors/{id}?asOf={at}", $"/v1/actors?asOf=with-{id}&limit=1000", $"/v1/actors/{id}/history",
            $"/v1/actors?q={Secret}&asOf={at}",
        ];
        foreach (var address in kept.SelectMany(a => Enumerable.Repeat(a, 3)))
            Assert.Contains(Secret, await api.Reader.GetStringAsync(address, Cancellation), StringComparison.Ordinal);

        using var redact = Request(HttpMethod.Post, "/v1/redactions",
            new JsonObject { ["resource"] = "actors", ["id"] = id, ["reason"] = Reason });
        var redacted = await admin.SendJsonAsync(redact);

        Assert.True(redacted.Status == HttpStatusCode.OK, redacted.Body?.ToJsonString());
        Assert.Equal(
            $$"""{"resource":"actors","id":"{{id}}","versions":[1,2],"reason":"{{Reason}}","""
            + $$"""  "purge":["/v1/actors/{{id}}?version=1","/v1/actors/{{id}}?version=2"]}""".Trim(),
            redacted.Body!.ToJsonString().Replace($"\\u0026edition={Edition.Current.Text}", "", StringComparison.Ordinal));
        // nowhere in the database, not even in the statistics of the planner
        await ExecuteAsync("analyze");
        Assert.Empty(await TablesWithAsync(Secret));
        Assert.Empty(await TablesWithAsync(Secret.ToLowerInvariant()));

        foreach (var address in kept.SelectMany(a => Enumerable.Repeat(a, 3)))
        {
            var answer = await api.Reader.GetAsync(address, Cancellation);
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.False(text.Contains($"known as {Secret}", StringComparison.Ordinal), $"{address}: {text}");
        }

        // the feed: the same changes at the same positions, two of them without content; and two more
        var after = await FeedAsync($"after={start}");
        Assert.Equal(before.Select(c => (string)c["position"]!), after.Take(before.Count).Select(c => (string)c["position"]!));
        Assert.Equal([false, true, true, false, true, true], after.Select(c => (bool)c["redacted"]!));
        Assert.Equal(["created", "created", "updated", "updated", "redacted", "redacted"], after.Select(c => (string)c["operation"]!));
        Assert.Equal([1, 1, 2, 3, 1, 2], after.Select(c => (int)c["version"]!));
        Assert.All(after.Where(c => (bool)c["redacted"]!), c => Assert.Equal((null, null, id), (c["record"], c["href"], (string)c["id"]!)));
        Assert.Equal([null, null, null, null, Reason, Reason], after.Select(c => (string?)c["note"]));
        Assert.True(JsonNode.DeepEquals(clean.Body, after[3]["record"]));
        Assert.StartsWith(
            $"{after[5]["transaction"]}-", redacted.Response.Headers.GetValues("Position").Single(), StringComparison.Ordinal);

        // the history
        var history = (await api.Reader.GetJsonAsync($"/v1/actors/{id}/history")).Body!["items"]!.AsArray();
        Assert.Equal([(3, "updated", false, 0), (2, "updated", true, 0), (1, "created", true, 0)],
            history.Select(v => ((int)v!["version"]!, (string)v["operation"]!, (bool)v["redacted"]!, v["differences"]!.AsArray().Count)));
        Assert.All(history.Skip(1), v => Assert.Equal((null, null), (v!["note"], v["href"])));
        var correction = (await api.Reader.GetJsonAsync("/v1/corrections?limit=1")).Body!["items"]![0]!;
        Assert.Equal((id, 3, false, 0), ((string)correction["id"]!, (int)correction["version"]!, (bool)correction["redacted"]!,
            correction["differences"]!.AsArray().Count));

        // reading it
        foreach (var query in (string[])["version=1", "version=2", $"asOf={at}", $"asOf=with-{id}"])
        {
            var gone = await api.Reader.GetJsonAsync($"/v1/actors/{id}?{query}");
            Assert.Equal((HttpStatusCode.Gone, "/problems/redacted"), (gone.Status, (string?)gone.Body!["type"]));
        }

        Assert.Equal(3, (int)(await api.Reader.GetJsonAsync($"/v1/actors/{id}?version=3")).Body!["version"]!);
        Assert.True(JsonNode.DeepEquals(clean.Body, (await api.Reader.GetJsonAsync($"/v1/actors/{id}")).Body));
        var list = await api.Reader.GetJsonAsync($"/v1/actors?asOf=with-{id}&limit=1000");
        Assert.Equal((1, "1"), ((int)list.Body!["redacted"]!, list.Response.Headers.GetValues("Redacted").Single()));
        Assert.DoesNotContain(list.Body["items"]!.AsArray(), i => (string?)i!["id"] == id);
        Assert.Contains(list.Body["items"]!.AsArray(), i => (string?)i!["id"] == (string?)other["id"]);
        var csv = await api.Reader.GetAsync($"/v1/actors.csv?asOf=with-{id}", Cancellation);
        Assert.Equal("1", csv.Headers.GetValues("Redacted").Single());
        var now = await api.Reader.GetJsonAsync("/v1/actors?limit=1000");
        Assert.Equal((null, false), (now.Body!["redacted"], now.Response.Headers.Contains("Redacted")));
        var compared = (await api.Reader.GetJsonAsync($"/v1/releases/with-{id}/changes?to=now")).Body!["items"]!.AsArray()
            .Single(i => (string?)i!["id"] == id)!;
        Assert.Equal(("changed", 1, 3, true, 0), ((string)compared["change"]!, (int)compared["versionBefore"]!,
            (int)compared["versionAfter"]!, (bool)compared["redacted"]!, compared["differences"]!.AsArray().Count));
        var listed = (await api.Reader.GetJsonAsync("/v1/redactions?limit=2")).Body!["items"]!.AsArray();
        Assert.Equal([(id, 2, Reason), (id, 1, Reason)],
            listed.Select(r => ((string)r!["id"]!, (int)r["version"]!, (string)r["reason"]!)));

        // a repetition, a search, a receiver, the audit log
        using var again = Request(HttpMethod.Post, "/v1/actors", body);
        again.Headers.Add("Idempotency-Key", id);
        again.Headers.Add("Change-Note", $"{Secret} was added.");
        var repeated = await api.Editor.SendJsonAsync(again);
        Assert.Equal((HttpStatusCode.Gone, "/problems/redacted"), (repeated.Status, (string?)repeated.Body!["type"]));
        Assert.Empty((await api.Reader.GetJsonAsync($"/v1/actors?q={Secret}&asOf=with-{id}")).Body!["items"]!.AsArray());
        await receiver.WaitAsync(6);
        Assert.Equal(["actors.redacted", "actors.redacted"], receiver.Received.TakeLast(2).Select(m => m.Type));
        var entry = (await admin.GetJsonAsync("/v1/audit?action=createRedaction&limit=1")).Body!["items"]![0]!;
        Assert.Equal(("createRedaction", $"actors/{id}, versions 1, 2"), ((string)entry["action"]!, (string)entry["detail"]!));
        foreach (var address in (string[])
        [
            $"/v1/changes?after={start}&differences=true", $"/v1/changes?after={start}&format=ndjson", "/v1/corrections",
            "/v1/corrections.atom", "/v1/snapshot", $"/v1/actors.ndjson?asOf=with-{id}", $"/v1/actors.csv?asOf={at}",
            $"/v1/webhooks/{webhook["id"]}/attempts", $"/v1/search?q={id}", $"/v1/actors/{id}/history",
        ])
        {
            var response = await admin.GetAsync(address, Cancellation);
            Assert.True(response.IsSuccessStatusCode, $"{address}: {response.StatusCode}");
            Assert.DoesNotContain(Secret, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.OrdinalIgnoreCase);
        }

        using var events = new HttpRequestMessage(HttpMethod.Get, $"/v1/changes?after={start}&limit=6");
        events.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        var stream = await (await api.Reader.SendAsync(events, Cancellation)).Content.ReadAsStringAsync(Cancellation);
        Assert.Equal(2, stream.Split("\"operation\":\"redacted\"").Length - 1);
        Assert.DoesNotContain(Secret, stream, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(second.ETag, clean.ETag);
        await admin.SendJsonAsync(HttpMethod.Delete, $"/v1/webhooks/{webhook["id"]}");
    }

    [Fact]
    public async Task The_current_version_and_what_is_not_there_are_refused()
    {
        var admin = await api.AdminAsync();
        var id = NewId();
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(id));
        await PatchAsync(id, new JsonObject { ["description"] = "Second." }, null);
        async Task<(HttpStatusCode, string)> RefusedAsync(JsonNode? versions, string? of = null)
        {
            var answer = await admin.SendJsonAsync(HttpMethod.Post, "/v1/redactions",
                new JsonObject { ["resource"] = "actors", ["id"] = of ?? id, ["reason"] = Reason, ["versions"] = versions });
            return (answer.Status, Assert.Single(answer.Pointers));
        }

        Assert.Equal((HttpStatusCode.Conflict, "/versions"), await RefusedAsync(new JsonArray(1, 2)));
        Assert.Equal((HttpStatusCode.NotFound, "/versions"), await RefusedAsync(new JsonArray(3)));
        Assert.Equal((HttpStatusCode.NotFound, "/id"), await RefusedAsync(null, "nobody-at-all"));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/versions"), await RefusedAsync(new JsonArray()));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/versions"), await RefusedAsync(new JsonArray(0)));
        var editor = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/redactions",
            new JsonObject { ["resource"] = "actors", ["id"] = id, ["reason"] = Reason });
        Assert.Equal(HttpStatusCode.Forbidden, editor.Status);
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync($"/v1/actors/{id}?version=1")).Status);
    }

    [Fact]
    public async Task All_versions_of_a_deleted_record_are_redacted_and_its_tombstone_stays()
    {
        var admin = await api.AdminAsync();
        var id = NewId();
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(id));
        var deleted = await api.Editor.SendJsonAsync(HttpMethod.Delete, $"/v1/actors/{id}", ifMatch: "*");
        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        var body = new JsonObject { ["resource"] = "actors", ["id"] = id, ["reason"] = Reason };

        var redacted = await admin.SendJsonAsync(HttpMethod.Post, "/v1/redactions", body);
        var again = await admin.SendJsonAsync(HttpMethod.Post, "/v1/redactions", body.DeepClone());

        Assert.Equal([1, 2], redacted.Body!["versions"]!.AsArray().Select(v => (int)v!));
        Assert.Equal((HttpStatusCode.Conflict, "/versions"), (again.Status, Assert.Single(again.Pointers)));
        var gone = await api.Reader.GetJsonAsync($"/v1/actors/{id}");
        Assert.Equal((HttpStatusCode.Gone, "/problems/gone", 2),
            (gone.Status, (string?)gone.Body!["type"], (int)gone.Body["tombstone"]!["version"]!));
        Assert.Equal(HttpStatusCode.Conflict,
            (await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/actors", SampleRecords.Actor(id))).Status);
    }

    /// <summary>Nobody can use the way of redactions to change the past in another way.</summary>
    [Theory]
    [InlineData("update ledger_documents set document = '{}'")]
    [InlineData("delete from ledger_documents")]
    [InlineData("truncate ledger_documents")]
    [InlineData("truncate ledger_documents_1")]
    [InlineData("delete from ledger_documents_1")]
    [InlineData("update ledger_changes set note = null, redacted = true")]
    [InlineData("update ledger_changes set note = 'Other'")]
    [InlineData("delete from ledger_changes")]
    [InlineData("delete from actors_past")]
    [InlineData("update actors_past set version = version")]
    [InlineData("delete from ledger_redactions")]
    [InlineData("update ledger_redactions set reason = ''")]
    public async Task The_ledger_loses_only_what_is_redacted(string statement)
    {
        await api.AdminAsync();
        var id = NewId();
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(id));
        await PatchAsync(id, new JsonObject { ["description"] = "Second." }, null);

        var refused = await Assert.ThrowsAsync<PostgresException>(
            () => ExecuteAsync($"begin; set local ledger.redact = 'on'; {statement}; commit"));
        await ExecuteAsync("rollback");

        Assert.Equal("ledger_append_only", refused.ConstraintName);
    }

    private static string NewId() => $"redacted-{Interlocked.Increment(ref _names)}";

    private static HttpRequestMessage Request(HttpMethod method, string path, JsonObject body) =>
        new(method, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

    private async Task<Support.JsonResponse> PatchAsync(string id, JsonObject body, string? cause)
    {
        using var patch = Request(HttpMethod.Patch, $"/v1/actors/{id}", body);
        patch.Headers.TryAddWithoutValidation("If-Match", "*");
        if (cause is not null)
            patch.Headers.Add("Change-Cause", cause);
        var answer = await api.Editor.SendJsonAsync(patch);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body?.ToJsonString());
        return answer;
    }

    private async Task<List<JsonNode>> FeedAsync(string query) =>
        [.. (await api.Reader.GetJsonAsync($"/v1/changes?{query}")).Body!["items"]!.AsArray().Select(c => c!)];

    /// <summary>Waits until the attempts of a webhook are logged.</summary>
    private static async Task SettledAsync(HttpClient admin, string id)
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if ((await admin.GetJsonAsync($"/v1/webhooks/{id}/attempts")).Body!["items"]!.AsArray().Count >= 4)
                return;
            await Task.Delay(50, Cancellation);
        }

        Assert.Fail("The attempts are not logged.");
    }

    private async Task ExecuteAsync(string statement)
    {
        await using var command = api.Database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>The columns of any table, and of the statistics of the planner, that have a text.</summary>
    private async Task<List<string>> TablesWithAsync(string text)
    {
        var found = new List<string>();
        var columns = new List<(string Table, string Column, bool IsBytes)>();
        await using (var all = api.Database.CreateCommand(
            """
            select quote_ident(c.relname), quote_ident(a.attname), a.atttypid = 'bytea'::regtype from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'm')
            """))
        await using (var reader = await all.ExecuteReaderAsync(Cancellation))
        {
            while (await reader.ReadAsync(Cancellation))
                columns.Add((reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        }

        Assert.True(columns.Count > 150);
        foreach (var (table, column, isBytes) in columns)
        {
            var bytes = isBytes ? column : $"convert_to({column}::text, 'UTF8')";
            await using var look = api.Database.CreateCommand($"select exists (select from {table} where position($1 in {bytes}) > 0)");
            look.Parameters.Add(new NpgsqlParameter { Value = Encoding.UTF8.GetBytes(text) });
            if ((bool)(await look.ExecuteScalarAsync(Cancellation))!)
                found.Add($"{table}.{column}");
        }

        await using var statistics = api.Database.CreateCommand(
            """
            select tablename || '.' || attname from pg_stats where schemaname = 'public'
            and position($1 in coalesce(most_common_vals::text, '') || coalesce(histogram_bounds::text, '')
                || coalesce(most_common_elems::text, '')) > 0
            """);
        statistics.Parameters.Add(new NpgsqlParameter { Value = text });
        await using var values = await statistics.ExecuteReaderAsync(Cancellation);
        while (await values.ReadAsync(Cancellation))
            found.Add($"statistics of {values.GetString(0)}");
        return found;
    }
}
