using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Platform;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Problems;
using static TajikTaliban.Api.IntegrationTests.Reports.ReportApiFixture;

namespace TajikTaliban.Api.IntegrationTests.Reports;

/// <summary>Readers report errors in records without a key; editors see and close the reports.</summary>
public sealed class ReportTests(ReportApiFixture api) : IClassFixture<ReportApiFixture>
{
    private static int _networks;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Now => api.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string NewNetwork() => $"203.0.113.{Interlocked.Increment(ref _networks)}";

    [Fact]
    public async Task A_reader_sends_a_report_an_editor_closes_it_and_the_reader_sees_the_answer()
    {
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("whole"));
        var body = With(Report("whole"), ("version", 1), ("field", "/name"), ("evidence", "https://example.org/names?of=all"),
            ("contact", "reader@example.org"));

        var made = await api.SendAsync(null, body);

        var id = (string)made.Body!["id"]!;
        Assert.Matches("^[0-9a-f]{36}$", id);
        Assert.Equal((HttpStatusCode.Created, $"/v1/reports/{id}"), (made.Status, made.Response.Headers.Location!.ToString()));
        Assert.True(made.Response.Headers.CacheControl!.NoStore);
        var open = Expected(id, "whole", "/name", Now);
        AssertSame(open, made.Body);
        var looked = await api.Reader.GetJsonAsync($"/v1/reports/{id}");
        AssertSame(open, looked.Body);
        Assert.True(looked.Response.Headers.CacheControl!.NoStore);
        Assert.Contains("Authorization", looked.Response.Headers.Vary);
        var reader = api.Client(await api.CreateKeyAsync("only-reads", Roles.Reader));
        AssertSame(open, (await reader.GetJsonAsync($"/v1/reports/{id}")).Body);
        var whole = With(open, ("text", "The name is misspelled."), ("evidence", "https://example.org/names?of=all"),
            ("contact", "reader@example.org"));
        AssertSame(whole, (await api.Editor.GetJsonAsync($"/v1/reports/{id}")).Body);
        AssertSame(new JsonObject { ["items"] = new JsonArray(whole.DeepClone()), ["next"] = null },
            (await api.Editor.GetJsonAsync("/v1/reports?record=actors/whole")).Body);

        api.Time.Advance(TimeSpan.FromMinutes(5));
        var closed = await api.CloseAsync($"/v1/reports/{id}", answer: "Corrected, thank you.");

        (string, JsonNode?)[] closing = [("state", "accepted"), ("answer", "Corrected, thank you."), ("closedAt", Now)];
        Assert.Equal(HttpStatusCode.OK, closed.Status);
        AssertSame(With(With(whole, closing), ("closedBy", "editor")), closed.Body);
        AssertSame(With(open, closing), (await api.Reader.GetJsonAsync($"/v1/reports/{id}")).Body);
        // who closed it is an entry of the audit log; who sent it is none
        var admin = api.Client(await api.CreateKeyAsync("auditor", Roles.Admin));
        var entry = Assert.Single(await admin.WalkAsync("/v1/audit?action=changeReport"), e => (string?)e["target"] == $"/v1/reports/{id}");
        Assert.Equal(("editor", 200, "accepted, actors/whole", null),
            ((string?)entry["key"], (int)entry["status"]!, (string?)entry["detail"], (string?)entry["position"]));
        Assert.Empty((await admin.GetJsonAsync("/v1/audit?action=createReport")).Body!["items"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"text":"Long enough."}""", 400, "/record", "required")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"}}""", 400, "/text", "required")]
    [InlineData("""{"record":"/v1/actors/alpha","text":"Long enough."}""", 400, "/record", "wrong-type")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"Long enough.","state":"open"}""", 400, "/state", "unknown-field")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"a\u0001bcdefghijkl"}""", 400, "/text", "control-character")]
    [InlineData("""{"record":{"resource":"actors"},"text":"Long enough."}""", 400, "/record/id", "required")]
    [InlineData("""{"record":{"resource":"actor","id":"alpha"},"text":"Long enough."}""", 422, "/record/resource", "unknown-value")]
    [InlineData("""{"record":{"resource":"actors","id":""},"text":"Long enough."}""", 422, "/record/id", "blank")]
    [InlineData("""{"record":{"resource":"actors","id":"nobody"},"text":"Long enough."}""", 422, "/record", "unknown-reference")]
    [InlineData("""{"record":{"resource":"actors","id":"No_Id"},"text":"Long enough."}""", 422, "/record", "unknown-reference")]
    [InlineData("""{"record":{"resource":"actors","id":"iso3:XXX"},"text":"Long enough."}""", 422, "/record", "unknown-reference")]
    [InlineData("""{"record":{"resource":"events","id":"iso3:XXX"},"text":"Long enough."}""", 422, "/record", "unknown-reference")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"Too short"}""", 422, "/text", "too-short")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"            "}""", 422, "/text", "blank")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"LONG 2001"}""", 422, "/text", "too-long")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"Long enough.","version":0}""", 422, "/version", "out-of-range")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"Long enough.","version":9}""", 422, "/version", "unknown-version")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"Long enough.","field":"name"}""", 422, "/field", "not-a-pointer")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"Long enough.","field":"/nam"}""", 422, "/field", "unknown-value")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"Long enough.","evidence":"http://a@b/"}""", 422, "/evidence",
        "not-an-address")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"Long enough.","evidence":"https:x"}""", 422, "/evidence",
        "not-an-address")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"Long enough.","evidence":"LONG 2001"}""", 422, "/evidence",
        "too-long")]
    [InlineData("""{"record":{"resource":"actors","id":"alpha"},"text":"Long enough.","contact":"LONG 201"}""", 422, "/contact",
        "too-long")]
    public async Task A_faulty_report_says_what_is_wrong(string body, int status, string pointer, string code)
    {
        foreach (var length in (int[])[201, 2001])
            body = body.Replace($"LONG {length}\"", new string('x', length) + "\"", StringComparison.Ordinal);

        var answer = await api.SendAsync(null, JsonNode.Parse(body)!);

        Assert.Equal((status, pointer, code),
            ((int)answer.Status, Assert.Single(answer.Pointers), (string?)answer.Body!["errors"]![pointer]![0]!["code"]));
    }

    [Theory]
    [InlineData("https://example.org/a%20page")]
    [InlineData("https://example.org/page, third paragraph")]
    [InlineData("Asatryan 2024, paragraph 9")]
    public async Task Evidence_is_an_address_or_a_citation(string evidence)
    {
        var address = await api.AddAsync(With(Report("alpha"), ("evidence", evidence)));

        Assert.Equal(evidence, (string?)(await api.Editor.GetJsonAsync(address)).Body!["evidence"]);
    }

    [Fact]
    public async Task A_record_is_named_by_an_identifier_too_and_may_be_deleted_or_merged()
    {
        var identified = SampleRecords.Actor("identified");
        identified["identifiers"] = new JsonArray(new JsonObject { ["scheme"] = "iso3", ["value"] = "QQQ" });
        await api.Editor.AddAsync("/v1/actors", identified);
        foreach (var id in (string[])["deleted-one", "merged-one", "survivor"])
            await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(id));
        await api.Editor.AddAsync("/v1/indicators/length/observations", SampleRecords.Observation("deleted-part", "alpha", 1, "1801"));
        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/actors/deleted-one", ifMatch: "*");
        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/indicators/length/observations/deleted-part", ifMatch: "*");
        await api.AddAsync(Report("merged-one"));
        var merged = await api.Editor.SendJsonAsync(
            HttpMethod.Post, "/v1/actors/merged-one/merge", new JsonObject { ["into"] = "survivor" });
        Assert.Equal(HttpStatusCode.OK, merged.Status);

        async Task<(string? Href, int Version, string? MergedInto)> OfAsync(string resource, string id, int? version = null)
        {
            var body = Report(id, resource);
            if (version is not null)
                body["version"] = version;
            var report = (await api.Reader.GetJsonAsync(await api.AddAsync(body))).Body!;
            return ((string?)report["record"]!["href"], (int)report["version"]!, (string?)report["mergedInto"]);
        }

        Assert.Equal(("/v1/actors/identified", 1, null), await OfAsync("actors", "iso3:QQQ"));
        Assert.Equal(("/v1/actors/deleted-one", 2, null), await OfAsync("actors", "deleted-one"));
        Assert.Equal(("/v1/actors/deleted-one", 1, null), await OfAsync("actors", "deleted-one", 1));
        Assert.Equal(("/v1/indicators/length/observations/deleted-part", 2, null), await OfAsync("observations", "deleted-part"));
        Assert.Equal(("/v1/actors/merged-one", 2, "survivor"), await OfAsync("actors", "merged-one"));
        // the one that was sent before the merge, too
        Assert.Equal([(2, "survivor"), (1, "survivor")], (await api.Editor.WalkAsync("/v1/reports?record=actors/merged-one"))
            .Select(r => ((int)r["version"]!, (string)r["mergedInto"]!)));
        Assert.Single(await api.Editor.WalkAsync("/v1/reports?record=actors/iso3:QQQ"));
    }

    [Fact]
    public async Task Editors_list_reports_by_state_and_record_newest_first()
    {
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("listed"));
        var sent = new List<string>();
        for (var i = 0; i < 5; i++)
            sent.Add(await api.AddAsync(Report("listed", text: $"Error number {i}")));
        await api.CloseAsync(sent[1]);
        await api.CloseAsync(sent[3], "rejected");

        async Task<string[]> ListAsync(string query) =>
            [.. (await api.Editor.WalkAsync($"/v1/reports?record=actors/listed&{query}")).Select(r => (string)r["text"]!)];

        string[] all = ["Error number 4", "Error number 3", "Error number 2", "Error number 1", "Error number 0"];
        Assert.Equal(all, await ListAsync(""));
        Assert.Equal(all, await ListAsync("limit=2"));
        Assert.Equal([all[0], all[2], all[4]], await ListAsync("state=open&limit=1"));
        Assert.Equal([all[3]], await ListAsync("state=accepted"));
        Assert.Equal([all[1]], await ListAsync("state=rejected"));
        var open = await api.Editor.WalkAsync("/v1/reports?state=open&limit=3");
        Assert.True(open.Count >= 3);
        Assert.All(open, r => Assert.Equal("open", (string?)r["state"]));
        Assert.Empty(await api.Editor.WalkAsync("/v1/reports?record=events/listed"));
    }

    [Theory]
    [InlineData("state=closed", "/query/state", "unknown-value")]
    [InlineData("record=listed", "/query/record", "unknown-value")]
    [InlineData("record=actor/alpha", "/query/record", "unknown-value")]
    [InlineData("record=actors/", "/query/record", "not-an-id")]
    [InlineData("record=events/iso3:TJK", "/query/record", "not-an-id")]
    [InlineData("record=actors/iso3:XXX", "/query/record", "unknown-reference")]
    [InlineData("limit=1001", "/query/limit", "out-of-range")]
    [InlineData("cursor=nonsense", "/query/cursor", "invalid-cursor")]
    [InlineData("contact=x", "/query/contact", "unknown-parameter")]
    public async Task A_faulty_query_says_what_is_wrong(string query, string pointer, string code)
    {
        var answer = await api.Editor.GetJsonAsync($"/v1/reports?{query}");

        Assert.Equal((HttpStatusCode.BadRequest, pointer, code),
            (answer.Status, Assert.Single(answer.Pointers), (string?)answer.Body!["errors"]![pointer]![0]!["code"]));
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_refused()
    {
        await api.AddAsync(Report("alpha"));
        await api.AddAsync(Report("alpha"));
        var next = (string)(await api.Editor.GetJsonAsync("/v1/reports?limit=1&record=actors/alpha")).Body!["next"]!;

        var other = await api.Editor.GetJsonAsync(next.Replace("actors%2Falpha", "actors/beta", StringComparison.Ordinal)
            .Replace("actors/alpha", "actors/beta", StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.BadRequest, "/query/cursor"), (other.Status, Assert.Single(other.Pointers)));
    }

    [Fact]
    public async Task A_change_is_a_merge_patch_and_a_report_can_be_opened_again()
    {
        var address = await api.AddAsync(Report("alpha"));
        async Task<(HttpStatusCode, string?, string?, bool IsClosed, string? By)> PatchAsync(string patch)
        {
            var answer = await api.Editor.SendJsonAsync(HttpMethod.Patch, address, JsonNode.Parse(patch));
            return (answer.Status, (string?)answer.Body!["state"], (string?)answer.Body["answer"], answer.Body["closedAt"] is not null,
                (string?)answer.Body["closedBy"]);
        }

        Assert.Equal((HttpStatusCode.OK, "open", "We look into it.", false, null), await PatchAsync("""{"answer":"We look into it."}"""));
        Assert.Equal((HttpStatusCode.OK, "rejected", "We look into it.", true, "editor"), await PatchAsync("""{"state":"rejected"}"""));
        var closedAt = (string?)(await api.Reader.GetJsonAsync(address)).Body!["closedAt"];
        api.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal((HttpStatusCode.OK, "rejected", "The source says so.", true, "editor"),
            await PatchAsync("""{"state":"rejected","answer":"The source says so."}"""));
        Assert.Equal(closedAt, (string?)(await api.Reader.GetJsonAsync(address)).Body!["closedAt"]);
        Assert.Equal((HttpStatusCode.OK, "rejected", "The source says so.", true, "editor"), await PatchAsync("{}"));
        Assert.Equal((HttpStatusCode.OK, "open", null, false, null), await PatchAsync("""{"state":"open","answer":null}"""));
    }

    [Theory]
    [InlineData("""{"state":null}""", 400, "/state", "null-not-allowed")]
    [InlineData("""{"text":"Another text."}""", 400, "/text", "unknown-field")]
    [InlineData("""{"state":"closed"}""", 422, "/state", "unknown-value")]
    [InlineData("""{"answer":" "}""", 422, "/answer", "blank")]
    public async Task A_faulty_change_says_what_is_wrong(string patch, int status, string pointer, string code)
    {
        var address = await api.AddAsync(Report("alpha"));

        var answer = await api.Editor.SendJsonAsync(HttpMethod.Patch, address, JsonNode.Parse(patch));

        Assert.Equal((status, pointer, code),
            ((int)answer.Status, Assert.Single(answer.Pointers), (string?)answer.Body!["errors"]![pointer]![0]!["code"]));
        Assert.Equal("open", (string?)(await api.Reader.GetJsonAsync(address)).Body!["state"]);
    }

    [Fact]
    public async Task Only_those_who_may_write_see_and_close_reports()
    {
        var address = await api.AddAsync(Report("alpha"));
        var reader = api.Client(await api.CreateKeyAsync("a-reader", Roles.Reader));
        var admin = api.Client(await api.CreateKeyAsync("an-admin", Roles.Admin));
        var patch = new JsonObject { ["state"] = "accepted" };

        HttpTests.AssertProblem(await api.Reader.GetJsonAsync("/v1/reports"), ProblemType.Unauthorized);
        HttpTests.AssertProblem(await reader.GetJsonAsync("/v1/reports"), ProblemType.Forbidden);
        HttpTests.AssertProblem(await api.Reader.SendJsonAsync(HttpMethod.Patch, address, patch), ProblemType.Unauthorized);
        HttpTests.AssertProblem(await reader.SendJsonAsync(HttpMethod.Patch, address, patch), ProblemType.Forbidden);
        HttpTests.AssertProblem(await api.Reader.GetJsonAsync("/v1/reports/0123456789"), ProblemType.NotFound);
        HttpTests.AssertProblem(
            await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/reports/0123456789", patch), ProblemType.NotFound);
        HttpTests.AssertProblem(await api.Client(KeyText.New()).SendJsonAsync(HttpMethod.Post, "/v1/reports", Report("alpha")),
            ProblemType.Unauthorized);
        Assert.Equal(HttpStatusCode.Created, (await reader.SendJsonAsync(HttpMethod.Post, "/v1/reports", Report("alpha"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetJsonAsync("/v1/reports")).Status);
        Assert.Equal("open", (string?)(await admin.GetJsonAsync(address)).Body!["state"]);
        Assert.Equal(HttpStatusCode.OK, (await admin.SendJsonAsync(HttpMethod.Patch, address, patch)).Status);
    }

    [Fact]
    public async Task A_network_sends_few_reports_an_hour_and_others_are_not_kept_from_it()
    {
        var (network, other) = (NewNetwork(), NewNetwork());
        for (var i = 0; i < PerHour; i++)
        {
            // what is not written does not count
            Assert.Equal(HttpStatusCode.UnprocessableEntity, (await api.SendAsync(network, Report("nobody"))).Status);
            Assert.Equal(HttpStatusCode.Created, (await api.SendAsync(network, Report("alpha"), ("Idempotency-Key", $"few-{i}"))).Status);
            var again = await api.SendAsync(network, Report("alpha"), ("Idempotency-Key", $"few-{i}"));
            Assert.Equal((HttpStatusCode.Created, true), (again.Status, again.Response.Headers.Contains("Idempotency-Replayed")));
        }

        var before = await Tables.StateAsync(api.Database);
        var refused = await api.SendAsync(network, Report("alpha"));

        HttpTests.AssertProblem(refused, ProblemType.TooManyRequests);
        Assert.Equal("This network sent 3 reports within an hour, as many as it may.", (string?)refused.Body!["detail"]);
        Assert.Equal(TimeSpan.FromMinutes(60.0 / PerHour), refused.Response.Headers.RetryAfter!.Delta);
        Assert.Contains("\"network\"", refused.Response.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);
        Assert.Equal(before, await Tables.StateAsync(api.Database));
        var sent = await api.SendAsync(other, Report("alpha"));
        Assert.Equal(HttpStatusCode.Created, sent.Status);
        // a report costs a hundred points of six thousand a minute
        Assert.StartsWith("\"network\";r=5900;", sent.Response.Headers.GetValues("RateLimit").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_of_another_origin_may_send_reports_only_with_the_leave_of_the_operator()
    {
        var before = await Tables.StateAsync(api.Database);
        foreach (var origin in (string[])["https://paper.example", "null"])
        {
            var refused = await api.SendAsync(null, Report("alpha"), ("Origin", origin));
            HttpTests.AssertProblem(refused, ProblemType.OriginNotAllowed);
            Assert.Equal(["/header/Origin"], refused.Pointers);
            Assert.Contains("write", (string)refused.Body!["detail"]!, StringComparison.Ordinal);
            // the page can read why
            Assert.Equal(["*"], refused.Response.Headers.GetValues("Access-Control-Allow-Origin"));
        }

        Assert.Equal(before, await Tables.StateAsync(api.Database));
        var own = $"http://{api.Reader.BaseAddress!.Authority}";
        foreach (var headers in ((string, string)[][])[[("Origin", Desk)], [("Origin", own)],
            [("Origin", "https://behind-a-proxy.example"), ("Sec-Fetch-Site", "same-origin")]])
        {
            var sent = await api.SendAsync(null, Report("alpha"), headers);
            Assert.Equal(HttpStatusCode.Created, sent.Status);
            Assert.Equal(["*"], sent.Response.Headers.GetValues("Access-Control-Allow-Origin"));
        }

        using var looking = new HttpRequestMessage(HttpMethod.Get, await api.AddAsync(Report("alpha")));
        looking.Headers.TryAddWithoutValidation("Origin", "https://paper.example");
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.SendJsonAsync(looking)).Status);
    }

    [Fact]
    public async Task Neither_who_sent_a_report_nor_what_it_says_is_logged_and_no_address_is_stored()
    {
        const string Network = "198.51.100.77";
        var body = With(Report("alpha", text: "A secret-text of a reader"), ("contact", "secret-contact@example.org"),
            ("evidence", "secret-evidence"));
        var sent = await api.SendAsync(Network, body, ("Idempotency-Key", "not-logged"));
        Assert.Equal(HttpStatusCode.Created, sent.Status);
        var address = sent.Response.Headers.Location!.ToString();
        Assert.Equal(HttpStatusCode.OK, (await api.CloseAsync(address, answer: "secret-answer")).Status);
        Assert.Null((await api.Reader.GetJsonAsync(address)).Body!["contact"]);

        var log = "";
        for (var attempt = 0; attempt < 100 && !log.Contains($"\"PATCH\",\"path\":\"{address}", StringComparison.Ordinal); attempt++)
        {
            await Task.Delay(50, Cancellation);
            await using var file = new FileStream(api.AccessLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(file);
            log = await reader.ReadToEndAsync(Cancellation);
        }

        // as of everybody without a key, the access log has the network of 24 bits
        var line = Assert.Single(log.Split('\n'), l => l.Contains("198.51.100.", StringComparison.Ordinal));
        Assert.Equal(("198.51.100.0/24", "POST", "/v1/reports", 201), Read(JsonNode.Parse(line)!));
        foreach (var text in (string[])[log, string.Join('\n', api.Log.All)])
        {
            Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
            Assert.DoesNotContain(Network, text, StringComparison.Ordinal);
        }

        Assert.Contains(api.Log.All, l => l.StartsWith($"changeReport {address} by key editor", StringComparison.Ordinal));
        Assert.Equal([], await TablesWithAsync(Network));
        Assert.Equal(["reports"], await TablesWithAsync("secret-contact"));

        static (string?, string?, string?, int) Read(JsonNode line) =>
            ((string?)line["address"], (string?)line["method"], (string?)line["path"], (int)line["status"]!);
    }

    /// <summary>The tables that have a text in any row.</summary>
    private async Task<List<string>> TablesWithAsync(string text)
    {
        var tables = new List<string>();
        await using (var names = api.Database.CreateCommand(
            "select quote_ident(tablename) from pg_tables where schemaname = 'public' order by 1"))
        await using (var reader = await names.ExecuteReaderAsync(Cancellation))
        {
            while (await reader.ReadAsync(Cancellation))
                tables.Add(reader.GetString(0));
        }

        var found = new List<string>();
        foreach (var table in tables)
        {
            await using var has = api.Database.CreateCommand(
                $"select exists (select from {table} t where t::text like '%{text}%' or t::text like '%{Hex(text)}%')");
            if ((bool)(await has.ExecuteScalarAsync(Cancellation))!)
                found.Add(table);
        }

        return found;

        // as bytes are shown
        static string Hex(string text) => Convert.ToHexStringLower(System.Text.Encoding.UTF8.GetBytes(text));
    }

    /// <summary>An open report as its reader sees it.</summary>
    private static JsonObject Expected(string id, string actor, string field, string createdAt) => new()
    {
        ["id"] = id,
        ["state"] = "open",
        ["record"] = new JsonObject { ["resource"] = "actors", ["id"] = actor, ["href"] = $"/v1/actors/{actor}" },
        ["version"] = 1,
        ["permalink"] = $"/v1/actors/{actor}?version=1&edition={Edition.Current.Text}",
        ["mergedInto"] = null,
        ["field"] = field,
        ["text"] = null,
        ["evidence"] = null,
        ["contact"] = null,
        ["answer"] = null,
        ["createdAt"] = createdAt,
        ["closedAt"] = null,
        ["closedBy"] = null,
    };

    private static JsonObject With(JsonObject body, params (string Name, JsonNode? Value)[] fields)
    {
        var copy = (JsonObject)body.DeepClone();
        foreach (var (name, value) in fields)
            copy[name] = value?.DeepClone();
        return copy;
    }

    private static void AssertSame(JsonNode expected, JsonNode? actual) => Assert.Equal(expected.ToJsonString(), actual?.ToJsonString());
}
