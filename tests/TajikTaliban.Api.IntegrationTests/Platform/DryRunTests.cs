using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary><c>dryRun=true</c>: the response of the write, and no trace of it.</summary>
public sealed class DryRunTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const string Patch = "application/merge-patch+json";

    public static TheoryData<string> Resources => SampleRecords.Resources;

    [Theory, MemberData(nameof(Resources))]
    public async Task Each_write_of_a_record_can_be_tried(string resource)
    {
        var sample = SampleRecords.Of(resource).As($"tried-{resource}");

        var created = await SameAsync(HttpMethod.Post, sample.Path, sample.Body);
        var changed = await SameAsync(HttpMethod.Patch, sample.Address, sample.Change, created.ETag, Patch);
        await SameAsync(HttpMethod.Patch, sample.Address, sample.Change, created.ETag, Patch);
        await SameAsync(HttpMethod.Patch, sample.Address, sample.Invalid, changed.ETag, Patch);
        await SameAsync(HttpMethod.Put, sample.Address, sample.Body, changed.ETag);
        await SameAsync(HttpMethod.Post, sample.Path, sample.Body);
        await SameAsync(HttpMethod.Delete, sample.Address, null, "*");
        await SameAsync(HttpMethod.Delete, sample.Address, null, "*");
    }

    [Fact]
    public async Task A_batch_can_be_tried()
    {
        var lines = new JsonArray(
            new JsonObject { ["resource"] = "relations", ["record"] = SampleRecords.Relation("of-batch", "of-batch-one", "alpha") },
            new JsonObject { ["resource"] = "actors", ["record"] = SampleRecords.Actor("of-batch-one") });
        await SameAsync(HttpMethod.Post, "/v1/batch", lines);

        // whose reference is left over is known only when all lines are written
        var deletion = new JsonArray(new JsonObject { ["op"] = "delete", ["resource"] = "actors", ["id"] = "of-batch-one" });
        var refused = await SameAsync(HttpMethod.Post, "/v1/batch", deletion);
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
    }

    [Fact]
    public async Task A_merge_can_be_tried()
    {
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("merged-one"));
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("merged-into"));
        await SameAsync(HttpMethod.Post, "/v1/actors/merged-one/merge", new JsonObject { ["into"] = "merged-into" });
    }

    [Fact]
    public async Task A_redaction_can_be_tried()
    {
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("redacted-one"));
        await api.Editor.SendJsonAsync(
            HttpMethod.Patch, "/v1/indicators/redacted-one", new JsonObject { ["unit"] = "another" }, "*", mediaType: Patch);
        await SameAsync(HttpMethod.Post, "/v1/redactions", new JsonObject
        {
            ["resource"] = "indicators",
            ["id"] = "redacted-one",
            ["versions"] = new JsonArray(1),
            ["reason"] = "A private address.",
        }, by: api.Client(await api.CreateKeyAsync("admin of redactions", "admin")));
    }

    [Fact]
    public async Task An_unchanged_record_has_its_tag()
    {
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("unchanged-one"));
        var tried = await api.Editor.SendJsonAsync(
            HttpMethod.Put, "/v1/indicators/unchanged-one?dryRun=true", SampleRecords.Indicator("unchanged-one"), "*");
        Assert.Equal((await api.Reader.GetJsonAsync("/v1/indicators/unchanged-one")).ETag, tried.ETag);
    }

    [Fact]
    public async Task Who_may_not_write_may_not_try()
    {
        var reader = api.Client(await api.CreateKeyAsync("tries", "reader"));
        var tried = await reader.SendJsonAsync(HttpMethod.Post, "/v1/indicators?dryRun=true", SampleRecords.Indicator("never"));
        Assert.Equal(HttpStatusCode.Forbidden, tried.Status);
    }

    [Fact]
    public async Task An_idempotency_key_is_not_used_up()
    {
        var body = SampleRecords.Indicator("with-key");
        async Task<JsonResponse> SendAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path)
            {
                Content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", "tried-first");
            return await api.Editor.SendJsonAsync(request);
        }

        var tried = await SendAsync("/v1/indicators?dryRun=true");
        var sent = await SendAsync("/v1/indicators");
        var triedAgain = await SendAsync("/v1/indicators?dryRun=true");
        var replayed = await SendAsync("/v1/indicators");

        Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Created, HttpStatusCode.Conflict, HttpStatusCode.Created],
            new[] { tried, sent, triedAgain, replayed }.Select(a => a.Status));
        Assert.False(sent.Response.Headers.Contains("Idempotency-Replayed"));
        Assert.True(replayed.Response.Headers.Contains("Idempotency-Replayed"));
    }

    [Theory]
    [InlineData("/v1/indicators?dryRun=yes", "/query/dryRun")]
    [InlineData("/v1/indicators?dryRun=", "/query/dryRun")]
    [InlineData("/v1/indicators?dryrun=true", "/query/dryrun")]
    [InlineData("/v1/webhooks?dryRun=true", "/query/dryRun")]
    public async Task What_is_no_dry_run_is_refused(string path, string pointer)
    {
        var body = SampleRecords.Indicator("never");
        var answer = await api.Client(await api.CreateKeyAsync($"admin of {path}", "admin")).SendJsonAsync(HttpMethod.Post, path, body);
        Assert.Equal((HttpStatusCode.BadRequest, pointer), (answer.Status, Assert.Single(answer.Pointers)));
    }

    /// <summary>Tries the write, finds that nothing has happened, writes, and compares the two responses.</summary>
    private async Task<JsonResponse> SameAsync(
        HttpMethod method, string path, JsonNode? body, string? ifMatch = null, string mediaType = "application/json",
        HttpClient? by = null)
    {
        Task<JsonResponse> SendAsync(string to) =>
            (by ?? api.Editor).SendJsonAsync(method, to, body?.DeepClone(), ifMatch, mediaType: mediaType);

        var before = await StateAsync();
        var tried = await SendAsync($"{path}?dryRun=true");
        Assert.Equal(before, await StateAsync());
        var written = await SendAsync(path);

        Assert.Equal(Text(written), Text(tried));
        Assert.Equal((written.Status, HeadersOf(written)), (tried.Status, HeadersOf(tried)));
        Assert.Equal(written.Response.IsSuccessStatusCode, tried.Response.Headers.Contains("Dry-Run"));
        Assert.False(written.Response.Headers.Contains("Dry-Run"));
        Assert.Null(tried.ETag);
        if (written.Response.IsSuccessStatusCode)
            Assert.NotEqual(written.Response.Headers.GetValues("Position"), tried.Response.Headers.GetValues("Position"));
        return written;
    }

    /// <summary>All that a write leaves: in the feed, in the audit log (which has refusals later), among the keys of requests.</summary>
    private async Task<string> StateAsync()
    {
        await using var command = api.Database.CreateCommand(
            """
            select concat_ws(' ', (select max(id) from ledger_transactions), (select count(*) from audit_log where action <> 'refused'),
                (select count(*) from idempotency_keys), (select count(*) from ledger_documents))
            """);
        return (string)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private static string Text(JsonResponse answer)
    {
        var body = answer.Body?.DeepClone();
        foreach (var record in (JsonNode?[])[body, body?["survivor"]])
        {
            if (record is JsonObject fields && fields.ContainsKey("recordedAt"))
                fields["recordedAt"] = null;
        }

        // of a problem
        (body as JsonObject)?.Remove("traceId");
        return body?.ToJsonString() ?? "";
    }

    private static string HeadersOf(JsonResponse answer) => string.Join('\n',
        from header in answer.Response.Headers.Concat(answer.Response.Content.Headers)
        where header.Key is "Location" or "Content-Location" or "Cache-Control" or "Content-Type" or "Retry-After"
        orderby header.Key
        select $"{header.Key}: {string.Join(", ", header.Value)}");
}
