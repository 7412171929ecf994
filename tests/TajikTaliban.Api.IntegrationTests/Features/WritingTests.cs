using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>Writing as every resource takes it: POST, PUT, PATCH and DELETE, their conditions and their whole answers.</summary>
public sealed class WritingTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const string Patch = "application/merge-patch+json";
    private static int _ids;

    public static TheoryData<string> Resources => SampleRecords.Resources;

    [Theory, MemberData(nameof(Resources))]
    public async Task Post_responds_201_with_location_etag_and_the_record(string resource)
    {
        var sample = New(resource);

        var created = await api.Editor.SendJsonAsync(HttpMethod.Post, sample.Path, sample.Body);

        Assert.Equal(HttpStatusCode.Created, created.Status);
        AssertSame(sample.Response, created.Body);
        Assert.Equal(sample.Address, created.Response.Headers.Location?.ToString());
        Assert.Equal(RecordETag.Of(sample.Id, 1, Edition.Current), created.ETag);
        Assert.Null(created.Response.Content.Headers.LastModified);
        Assert.Equal("no-store", created.Response.Headers.CacheControl?.ToString());
        var read = await api.Reader.GetJsonAsync(sample.Address);
        Assert.Equal(HttpStatusCode.OK, read.Status);
        AssertSame(sample.Response, read.Body);
        Assert.Equal((string)created.Body!["recordedAt"]!, (string)read.Body!["recordedAt"]!);
        Assert.Equal(RecordETag.Of(sample.Id, 1, Edition.Current), read.ETag);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task Put_creates_with_if_none_match_and_refuses_a_second_time(string resource)
    {
        var sample = New(resource);
        var body = (JsonObject)sample.Body.DeepClone();
        // the path has the id: the body need not
        body.Remove("id");

        var created = await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, body, ifNoneMatch: "*");
        var again = await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, body, ifNoneMatch: "*");

        Assert.Equal(HttpStatusCode.Created, created.Status);
        AssertSame(sample.Response, created.Body);
        Assert.Equal(sample.Address, created.Response.Headers.Location?.ToString());
        Assert.Equal(RecordETag.Of(sample.Id, 1, Edition.Current), created.ETag);
        AssertProblem(again, HttpStatusCode.PreconditionFailed, "precondition-failed", "/header/If-None-Match");
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task Put_replaces_only_the_version_in_If_Match(string resource)
    {
        var sample = await AddAsync(resource);
        var (body, answer) = sample.WithChange();

        var changed = await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, body, ifMatch: "\"1\"");

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        AssertSame(answer, changed.Body);
        Assert.Equal(RecordETag.Of(sample.Id, 2, Edition.Current), changed.ETag);
        Assert.Null(changed.Response.Headers.Location);
        AssertSame(answer, (await api.Reader.GetJsonAsync(sample.Address)).Body);
        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, sample.Body, ifMatch: "\"1\""),
            HttpStatusCode.PreconditionFailed, "precondition-failed", "/header/If-Match");
        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, sample.Body),
            HttpStatusCode.PreconditionRequired, "precondition-required", "/header/If-Match");
        AssertSame(answer, (await api.Reader.GetJsonAsync(sample.Address)).Body);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task Sending_a_response_back_makes_no_new_version(string resource)
    {
        var sample = await AddAsync(resource);
        var read = await api.Reader.GetJsonAsync(sample.Address);

        var put = await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, read.Body, ifMatch: read.ETag);
        var patched = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, read.Body, ifMatch: read.ETag, mediaType: Patch);
        var empty = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, new JsonObject(), ifMatch: read.ETag,
            mediaType: Patch);

        foreach (var answer in (JsonResponse[])[put, patched, empty, await api.Reader.GetJsonAsync(sample.Address)])
        {
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            AssertSame(sample.Response, answer.Body);
            Assert.Equal(RecordETag.Of(sample.Id, 1, Edition.Current), answer.ETag);
        }
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task A_response_can_be_sent_back_with_a_change(string resource)
    {
        var sample = await AddAsync(resource);
        var read = await api.Reader.GetJsonAsync(sample.Address);
        var (body, answer) = sample.WithChange();
        // every derived field as it was: some of them no longer fit the change
        foreach (var (name, value) in read.Body!.AsObject())
        {
            if (!sample.Body.ContainsKey(name))
                body[name] = value?.DeepClone();
        }

        var changed = await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, body, ifMatch: read.ETag);

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        AssertSame(answer, changed.Body);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task Read_only_fields_cannot_be_set_by_any_method(string resource)
    {
        var stored = await AddAsync(resource);
        var fresh = New(resource);
        var readOnly = stored.Response.Select(f => f.Key).Where(f => !stored.Body.ContainsKey(f)).ToList();
        Assert.Contains("version", readOnly);
        Assert.Contains("recordedAt", readOnly);
        foreach (var field in readOnly)
        {
            foreach (JsonNode? value in (JsonNode?[])["nonsense", 77, null, new JsonArray(), new JsonObject { ["a"] = 1 }])
            {
                if (JsonNode.DeepEquals(value, stored.Response[field]))
                    continue;
                var (post, put, patch) = ((JsonObject)fresh.Body.DeepClone(), (JsonObject)stored.Body.DeepClone(), new JsonObject());
                foreach (var body in (JsonObject[])[post, put, patch])
                    body[field] = value?.DeepClone();
                AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Post, fresh.Path, post),
                    HttpStatusCode.UnprocessableEntity, "invalid-record", $"/{field}");
                AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Put, stored.Address, put, ifMatch: "\"1\""),
                    HttpStatusCode.UnprocessableEntity, "invalid-record", $"/{field}");
                AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Patch, stored.Address, patch, ifMatch: "\"1\"", mediaType: Patch),
                    HttpStatusCode.UnprocessableEntity, "invalid-record", $"/{field}");
            }
        }

        AssertSame(stored.Response, (await api.Reader.GetJsonAsync(stored.Address)).Body);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetJsonAsync(fresh.Address)).Status);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task Patch_changes_the_named_fields_and_needs_a_condition(string resource)
    {
        var sample = await AddAsync(resource);
        var (body, answer) = sample.WithChange();
        var patch = new JsonObject();
        foreach (var (name, value) in body)
        {
            if (!JsonNode.DeepEquals(value, sample.Body[name]))
                patch[name] = value?.DeepClone();
        }

        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, patch, mediaType: Patch),
            HttpStatusCode.PreconditionRequired, "precondition-required", "/header/If-Match");
        var changed = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, patch, ifMatch: "\"1\"", mediaType: Patch);

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        AssertSame(answer, changed.Body);
        Assert.Equal(RecordETag.Of(sample.Id, 2, Edition.Current), changed.ETag);
        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, patch, ifMatch: "\"1\"", mediaType: Patch),
            HttpStatusCode.PreconditionFailed, "precondition-failed", "/header/If-Match");
        AssertSame(answer, (await api.Reader.GetJsonAsync(sample.Address)).Body);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task A_null_in_a_patch_removes_what_may_be_absent_and_is_refused_where_it_may_not(string resource)
    {
        var sample = await AddAsync(resource);
        foreach (var field in sample.Required)
        {
            var refused = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, new JsonObject { [field] = null }, "\"1\"",
                mediaType: Patch);
            Assert.InRange((int)refused.Status, 400, 422);
            Assert.Contains($"/{field}", refused.Pointers);
        }

        var (patch, answer) = sample.WithoutOptional();

        var changed = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, patch, "\"1\"", mediaType: Patch);

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        AssertSame(answer, changed.Body);
        // no other record may stand where this one would then: trade's natural key is now the bare one
        Assert.Equal(HttpStatusCode.NoContent, (await api.Editor.SendJsonAsync(HttpMethod.Delete, sample.Address,
            ifMatch: "\"2\"")).Status);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task A_deleted_record_is_gone_with_a_tombstone_and_its_id_is_never_used_again(string resource)
    {
        var sample = await AddAsync(resource);

        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Delete, sample.Address),
            HttpStatusCode.PreconditionRequired, "precondition-required", "/header/If-Match");
        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Delete, sample.Address, ifMatch: "\"7\""),
            HttpStatusCode.PreconditionFailed, "precondition-failed", "/header/If-Match");
        var deleted = await api.Editor.SendJsonAsync(HttpMethod.Delete, sample.Address, ifMatch: "\"1\"");

        Assert.Equal(HttpStatusCode.NoContent, deleted.Status);
        Assert.Equal("", await deleted.Response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var tombstone = new JsonObject
        {
            ["id"] = sample.Id,
            ["version"] = 2,
            ["deletedAt"] = (await api.Reader.GetJsonAsync($"{sample.Address}/history")).Body!["items"]![0]!["committedAt"]!.DeepClone(),
            ["mergedInto"] = null,
        };
        foreach (var gone in (JsonResponse[])
            [
                await api.Reader.GetJsonAsync(sample.Address),
                await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, sample.Body, ifMatch: "\"1\""),
                await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, sample.Body, ifNoneMatch: "*"),
                await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, sample.Body),
                await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, new JsonObject(), ifMatch: "\"1\"", mediaType: Patch),
                await api.Editor.SendJsonAsync(HttpMethod.Delete, sample.Address, ifMatch: "\"1\""),
            ])
        {
            AssertProblem(gone, HttpStatusCode.Gone, "gone");
            AssertSame(tombstone, gone.Body!["tombstone"]);
        }

        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Post, sample.Path, sample.Body), HttpStatusCode.Conflict, "conflict",
            "/id");
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task An_id_that_is_taken_is_a_conflict(string resource)
    {
        var sample = await AddAsync(resource);
        var other = New(resource);
        other.Body["id"] = sample.Id;

        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Post, sample.Path, other.Body), HttpStatusCode.Conflict, "conflict", "/id");

        AssertSame(sample.Response, (await api.Reader.GetJsonAsync(sample.Address)).Body);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task A_missing_record_is_404_for_every_method_except_a_creating_put(string resource)
    {
        var sample = New(resource);

        AssertProblem(await api.Reader.GetJsonAsync(sample.Address), HttpStatusCode.NotFound, "not-found", "/path/id");
        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Delete, sample.Address, ifMatch: "*"), HttpStatusCode.NotFound, "not-found",
            "/path/id");
        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, new JsonObject(), ifMatch: "*", mediaType: Patch),
            HttpStatusCode.NotFound, "not-found", "/path/id");
        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, sample.Body, ifMatch: "*"),
            HttpStatusCode.PreconditionFailed, "precondition-failed", "/header/If-Match");
        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Put, $"{sample.Path}/Not_An_Id", sample.Body, ifNoneMatch: "*"),
            HttpStatusCode.BadRequest, "invalid-parameter", "/path/id");
        Assert.Equal(HttpStatusCode.Created, (await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, sample.Body)).Status);
    }

    [Theory, MemberData(nameof(Resources))]
    public async Task A_record_keeps_its_id(string resource)
    {
        var sample = await AddAsync(resource);
        var body = (JsonObject)sample.Body.DeepClone();
        body["id"] = "another-id";

        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, body, ifMatch: "\"1\""),
            HttpStatusCode.UnprocessableEntity, "invalid-record", "/id");
        AssertProblem(await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, new JsonObject { ["id"] = "another-id" }, "\"1\"",
            mediaType: Patch),
            HttpStatusCode.UnprocessableEntity, "invalid-record", "/id");
    }

    [Theory]
    [InlineData("*", 200)]
    [InlineData("\"1\"", 200)]
    [InlineData("\"9\", \"1\"", 200)]
    [InlineData("\"1.0123456789abcdef\"", 412)]
    [InlineData("\"2\"", 412)]
    [InlineData("\"-1\"", 412)]
    [InlineData("\"99999999999999999999\"", 412)]
    [InlineData("\"\"", 412)]
    // If-Match compares strongly (RFC 9110, 13.1.1): a weak tag never matches
    [InlineData("W/\"1\"", 412)]
    [InlineData("garbage", 400)]
    [InlineData("1", 400)]
    [InlineData("\"1", 400)]
    public async Task Conditional_headers_follow_HTTP(string ifMatch, int status)
    {
        var sample = await AddAsync("indicators");

        var answer = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, new JsonObject { ["unit"] = "m" }, ifMatch,
            mediaType: Patch);

        Assert.Equal(status, (int)answer.Status);
        if (status != 200)
            Assert.Equal(["/header/If-Match"], answer.Pointers);
    }

    [Fact]
    public async Task The_tag_of_a_part_of_a_record_names_its_version_too()
    {
        var sample = await AddAsync("indicators");
        var part = await api.Reader.GetJsonAsync($"{sample.Address}?fields=id,unit");
        Assert.NotEqual(RecordETag.Of(sample.Id, 1, Edition.Current), part.ETag);

        var changed = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, new JsonObject { ["unit"] = "m" }, part.ETag,
            mediaType: Patch);

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        Assert.Equal(RecordETag.Of(sample.Id, 2, Edition.Current), changed.ETag);
    }

    [Fact]
    public async Task Two_conditions_at_once_are_refused()
    {
        var sample = await AddAsync("indicators");
        var answer = await api.Editor.SendJsonAsync(HttpMethod.Put, sample.Address, sample.Body, ifMatch: "\"1\"", ifNoneMatch: "*");
        AssertProblem(answer, HttpStatusCode.BadRequest, "invalid-parameter", "/header/If-Match");
    }

    [Fact]
    public async Task A_new_version_carries_the_time_of_the_change()
    {
        var sample = await AddAsync("indicators");
        var before = await api.Reader.GetJsonAsync(sample.Address);
        var changed = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, new JsonObject { ["unit"] = "m" }, "\"1\"",
            mediaType: Patch);
        var same = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, new JsonObject { ["unit"] = "m" }, "\"2\"",
            mediaType: Patch);
        var history = (await api.Reader.GetJsonAsync($"{sample.Address}/history")).Body!["items"]!.AsArray();

        Assert.Equal((string)history[0]!["committedAt"]!, (string)changed.Body!["recordedAt"]!);
        Assert.Equal((string)history[1]!["committedAt"]!, (string)before.Body!["recordedAt"]!);
        Assert.True((DateTime)before.Body["recordedAt"]! < (DateTime)changed.Body["recordedAt"]!);
        Assert.Equal((string)changed.Body["recordedAt"]!, (string)same.Body!["recordedAt"]!);
        Assert.Equal(RecordETag.Of(sample.Id, 2, Edition.Current), same.ETag);
    }

    [Fact]
    public async Task Patch_merges_objects_removes_with_null_and_replaces_arrays_whole()
    {
        var sample = await AddAsync("events");
        var patch = JsonNode.Parse("""
            { "place": { "precision": 2, "latitude": 34.5000 }, "deaths": null, "participants": [{ "actor": "beta", "role": "host" }],
              "description": null }
            """);

        var changed = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, patch, "\"1\"", mediaType: Patch);
        var emptied = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address,
            JsonNode.Parse("""{ "place": { "latitude": null, "longitude": null } }"""), "\"2\"", mediaType: Patch);
        var removed = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, JsonNode.Parse("""{ "place": null }"""), "\"3\"",
            mediaType: Patch);
        var added = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address,
            JsonNode.Parse("""{ "place": { "name": "Dushanbe", "precision": null } }"""), "\"4\"", mediaType: Patch);

        Assert.Equal(HttpStatusCode.OK, changed.Status);
        AssertSame("""{"name":"Kabul","latitude":34.5000,"longitude":69.17,"precision":2,"precisionLabel":"Near"}""",
            changed.Body!["place"]);
        Assert.Null(changed.Body["deaths"]);
        Assert.Null(changed.Body["description"]);
        AssertSame("""[{"actor":"beta","role":"host","roleLabel":"Host"}]""", changed.Body["participants"]);
        AssertSame("""{"name":"Kabul","latitude":null,"longitude":null,"precision":2,"precisionLabel":"Near"}""", emptied.Body!["place"]);
        Assert.Null(removed.Body!["place"]);
        AssertSame("""{"name":"Dushanbe","latitude":null,"longitude":null,"precision":null,"precisionLabel":null}""", added.Body!["place"]);
        Assert.Equal(RecordETag.Of(sample.Id, 5, Edition.Current), added.ETag);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("0.00")]
    [InlineData("46000000")]
    [InlineData("46000000.10")]
    [InlineData("0.1000000000000000000000000000")]
    [InlineData("79228162514264337593543950.33")]
    [InlineData("9999999999999999999999999999")]
    [InlineData("0.0000000000000000000000000001")]
    public async Task A_number_keeps_every_digit_through_post_patch_and_reading(string number)
    {
        var sample = New("observations");
        sample.Body["value"] = JsonNode.Parse(number);

        var created = await api.Editor.SendJsonAsync(HttpMethod.Post, sample.Path, sample.Body);
        var patched = await api.Editor.SendJsonAsync(HttpMethod.Patch, sample.Address, new JsonObject { ["note"] = "Another." }, "\"1\"",
            mediaType: Patch);
        var read = await api.Reader.GetJsonAsync(sample.Address);

        foreach (var answer in (JsonResponse[])[created, patched, read])
            Assert.Equal(number, answer.Body!["value"]!.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, patched.Status);
    }

    [Theory]
    [InlineData("1E5", "100000")]
    [InlineData("1.50e1", "15.0")]
    [InlineData("-0", "0")]
    [InlineData("-0.0", "0.0")]
    [InlineData("0e99", "0")]
    public async Task A_number_in_another_spelling_is_kept_as_a_plain_one(string sent, string kept)
    {
        var sample = New("observations");
        sample.Body["value"] = JsonNode.Parse(sent);

        var created = await api.Editor.SendJsonAsync(HttpMethod.Post, sample.Path, sample.Body);

        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(kept, created.Body!["value"]!.ToJsonString());
    }

    [Theory]
    [InlineData("1.5e-28")]
    [InlineData("0.00000000000000000000000000015")]
    [InlineData("0.00000000000000000000000000001")]
    [InlineData("1e-29")]
    [InlineData("-1e-400")]
    [InlineData("1e29")]
    [InlineData("1e400")]
    [InlineData("1e99999999999")]
    [InlineData("1e-99999999999")]
    [InlineData("12345678901234567890123456789")]
    [InlineData("1.2345678901234567890123456789")]
    public async Task A_number_that_could_not_be_kept_exactly_is_refused_rather_than_rounded(string number)
    {
        var sample = New("observations");
        sample.Body["value"] = JsonNode.Parse(number);

        var answer = await api.Editor.SendJsonAsync(HttpMethod.Post, sample.Path, sample.Body);

        AssertProblem(answer, HttpStatusCode.BadRequest, "invalid-body", "/value");
    }

    private static SampleRecord New(string resource) =>
        SampleRecords.Of(resource).As($"{resource}-{Interlocked.Increment(ref _ids).ToString(CultureInfo.InvariantCulture)}");

    private async Task<SampleRecord> AddAsync(string resource)
    {
        var sample = New(resource);
        await api.Editor.AddAsync(sample.Path, sample.Body);
        return sample;
    }

    /// <summary>Compares all but the instant, which is the commit's.</summary>
    private static void AssertSame(JsonNode? expected, JsonNode? actual)
    {
        Assert.Equal(Undated(expected), Undated(actual));
        if ((actual as JsonObject)?["recordedAt"] is { } instant)
        {
            var now = TimeProvider.System.GetUtcNow().UtcDateTime;
            Assert.InRange((DateTime)instant, now.AddMinutes(-10), now.AddMinutes(1));
        }

        static string? Undated(JsonNode? record)
        {
            var copy = record?.DeepClone();
            if (copy is JsonObject { } fields && fields["recordedAt"] is not null)
                fields["recordedAt"] = null;
            return copy?.ToJsonString();
        }
    }

    private static void AssertSame(string expected, JsonNode? actual) => AssertSame(JsonNode.Parse(expected), actual);

    private static void AssertProblem(JsonResponse answer, HttpStatusCode status, string type, params string[] pointers)
    {
        Assert.True(answer.Status == status, $"{answer.Status} instead of {status}: {answer.Body?.ToJsonString()}");
        Assert.EndsWith($"/problems/{type}", (string)answer.Body!["type"]!, StringComparison.Ordinal);
        Assert.Equal(pointers, answer.Pointers);
    }
}
