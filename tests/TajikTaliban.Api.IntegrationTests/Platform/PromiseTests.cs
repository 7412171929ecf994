using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using TajikTaliban.Api.IntegrationTests.Features;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using ZstdSharp;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>The service with an administrator's key and webhooks to addresses of tests.</summary>
public sealed class PromiseFixture(PostgresServer server) : ApiFixture(server)
{
    public HttpClient Admin { get; private set; } = null!;

    protected override IReadOnlyDictionary<string, string?> Settings => WebhookFixture.Common;

    protected override async ValueTask FillAsync()
    {
        await Editor.AddBasicsAsync();
        Admin = Client(await CreateKeyAsync("administrator", Roles.Admin));
    }
}

/// <summary>Promises of the contract to every client: keys of repetition, notes in any script, compression, lasting identifiers.</summary>
public sealed class PromiseTests(PromiseFixture api) : IClassFixture<PromiseFixture>
{
    private const string Patch = "application/merge-patch+json";
    private static int _keys;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Resources => SampleRecords.Resources;

    [Theory, MemberData(nameof(Resources))]
    public async Task A_repeated_write_with_its_key_gets_the_first_response_and_changes_nothing(string resource)
    {
        var sample = SampleRecords.Of(resource).As($"repeated-{resource}");
        (HttpMethod Method, string Path, JsonObject? Body, string? Condition, string Type, HttpStatusCode Status)[] writes =
        [
            (HttpMethod.Post, sample.Path, sample.Body, null, "application/json", HttpStatusCode.Created),
            (HttpMethod.Patch, sample.Address, sample.Change, "\"1\"", Patch, HttpStatusCode.OK),
            (HttpMethod.Put, sample.Address, sample.Body, "\"2\"", "application/json", HttpStatusCode.OK),
            (HttpMethod.Delete, sample.Address, null, "\"3\"", "", HttpStatusCode.NoContent),
        ];
        foreach (var (method, path, body, condition, type, status) in writes)
        {
            Task<JsonResponse> SendAsync(string key, JsonObject? sent) => WriteAsync(api.Editor, method, path, key, sent, condition, type);
            var key = Key();
            var first = await SendAsync(key, body);
            Assert.True(first.Status == status, $"{method}: {first.Body?.ToJsonString()}");
            var second = await SendAsync(key, body);

            // with their conditions alone the repetitions would be 409, 412, 412 and 410
            Assert.Equal((status, first.Body?.ToJsonString(), first.ETag), (second.Status, second.Body?.ToJsonString(), second.ETag));
            Assert.Equal(first.Response.Headers.GetValues("Position"), second.Response.Headers.GetValues("Position"));
            Assert.False(first.Response.Headers.Contains("Idempotency-Replayed"));
            Assert.Equal(["true"], second.Response.Headers.GetValues("Idempotency-Replayed"));
            if (body is not null)
            {
                var other = await SendAsync(key, SampleRecord.With(body, new JsonObject { ["citations"] = new JsonArray() }));
                Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
                Assert.Equal(["/header/Idempotency-Key"], other.Pointers);
            }
        }

        var history = (await api.Reader.GetJsonAsync($"{sample.Address}/history")).Body!["items"]!.AsArray();
        Assert.Equal([4, 3, 2, 1], history.Select(v => (int)v!["version"]!));
    }

    /// <summary>What would be another change is not answered with the first one.</summary>
    [Theory]
    [InlineData(null, null, null, null, true)]
    [InlineData("our-error", "Why", "our-error", "Why", true)]
    [InlineData("our-error", "Why", "our-error", "Why else", false)]
    [InlineData("our-error", "Why", "source-revised", "Why", false)]
    [InlineData("our-error", null, null, null, false)]
    [InlineData(null, null, null, "Why", false)]
    [InlineData("our-error", null, null, "our-error", false)]
    public async Task A_key_replays_only_for_the_same_cause_and_note(
        string? cause, string? note, string? otherCause, string? otherNote, bool isSame)
    {
        var (key, actor) = (Key(), SampleRecords.Actor($"why-{Key()}"));
        async Task<JsonResponse> CreateAsync(string? why, string? words, string header = "Change-Note")
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/actors")
            {
                Content = new StringContent(actor.ToJsonString(), Encoding.UTF8, "application/json"),
            };
            request.Headers.Add("Idempotency-Key", key);
            if (why is not null)
                request.Headers.Add("Change-Cause", why);
            if (words is not null)
                request.Headers.Add(header, words);
            return await api.Editor.SendJsonAsync(request);
        }

        var first = await CreateAsync(cause, note);
        var second = await CreateAsync(otherCause, otherNote);

        Assert.Equal(HttpStatusCode.Created, first.Status);
        if (!isSame)
        {
            Assert.Equal((HttpStatusCode.UnprocessableEntity, "/problems/idempotency-key-reused"),
                (second.Status, (string?)second.Body!["type"]));
            return;
        }

        Assert.Equal((HttpStatusCode.Created, first.Body!.ToJsonString()), (second.Status, second.Body!.ToJsonString()));
        if (note is not null)
        {
            // the same text, however it is sent
            Assert.Equal(HttpStatusCode.Created, (await CreateAsync(cause, $"UTF-8''{note}", "Change-Note-Encoded")).Status);
        }
    }

    [Fact]
    public async Task Merges_releases_and_webhooks_take_a_key_too()
    {
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("key-double"));
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("key-survivor"));
        await RepeatAsync(HttpMethod.Post, "/v1/actors/key-double/merge", new JsonObject { ["into"] = "key-survivor" }, "\"1\"");
        await RepeatAsync(HttpMethod.Post, "/v1/releases", new JsonObject { ["id"] = "key-release", ["title"] = "A release" });
        await RepeatAsync(HttpMethod.Post, "/v1/batch", null, null,
            """{"resource":"sources","record":{"id":"key-batch","kind":"report","title":"A report"}}""");

        await using var receiver = await WebhookReceiver.StartAsync();
        var created = await RepeatAsync(HttpMethod.Post, "/v1/webhooks", new JsonObject { ["url"] = receiver.Address + "/" });
        var webhook = $"/v1/webhooks/{created["webhook"]!["id"]}";
        Assert.Single((await api.Admin.GetJsonAsync("/v1/webhooks")).Body!["items"]!.AsArray());
        await RepeatAsync(HttpMethod.Patch, webhook, new JsonObject { ["description"] = "Changed" }, type: Patch);
        var rotated = await RepeatAsync(HttpMethod.Post, $"{webhook}/rotate-secret", null);
        await RepeatAsync(HttpMethod.Post, $"{webhook}/replay", new JsonObject { ["after"] = "0-00000000" });
        await RepeatAsync(HttpMethod.Post, $"{webhook}/test", null);
        await RepeatAsync(HttpMethod.Delete, webhook, null);

        // secrets are kept sealed
        await using var kept = api.Database.CreateCommand("select count(*) from idempotency_keys where position($1::bytea in body) > 0");
        kept.Parameters.Add(new Npgsql.NpgsqlParameter { Value = Encoding.UTF8.GetBytes((string)rotated["secret"]!) });
        Assert.Equal(0L, await kept.ExecuteScalarAsync(Cancellation));
    }

    [Theory]
    [InlineData("Change-Note-Encoded", "UTF-8''%D0%A2%D0%BE%D2%B7%D0%B8%D0%BA%D0%B8%D1%81%D1%82%D0%BE%D0%BD", "Тоҷикистон")]
    [InlineData("Change-Note-Encoded", "utf-8'tg'Norak%20%D0%9D%D0%BE%D1%80%D0%B0%D0%BA", "Norak Норак")]
    [InlineData("Change-Note-Encoded", "UTF-8''It's%20100%25%20(right)!%20%F0%9F%8F%94", "It's 100% (right)! 🏔")]
    [InlineData("Change-Note", "20% lower, 100%25", "20% lower, 100%25")]
    public async Task A_note_in_any_script_goes_into_the_history(string header, string value, string note)
    {
        var sample = SampleRecords.Of("indicators").As($"note-{Key()}");
        using var request = Post(sample.Path, sample.Body);
        request.Headers.Add(header, value);
        var created = await api.Editor.SendJsonAsync(request);

        Assert.True(created.Status == HttpStatusCode.Created, created.Body?.ToJsonString());
        var history = (await api.Reader.GetJsonAsync($"{sample.Address}/history")).Body!;
        Assert.Equal(note, (string)history["items"]![0]!["note"]!);
    }

    [Theory]
    [InlineData("/header/Change-Note-Encoded", "Change-Note-Encoded: Plain text")]
    [InlineData("/header/Change-Note-Encoded", "Change-Note-Encoded: ISO-8859-1''%E9")]
    [InlineData("/header/Change-Note-Encoded", "Change-Note-Encoded: UTF-8''%E9")]
    [InlineData("/header/Change-Note-Encoded", "Change-Note-Encoded: UTF-8''%4")]
    [InlineData("/header/Change-Note-Encoded", "Change-Note-Encoded: UTF-8''two words")]
    [InlineData("/header/Change-Note", "Change-Note-Encoded: UTF-8''")]
    [InlineData("/header/Change-Note", "Change-Note: one", "Change-Note-Encoded: UTF-8''one")]
    [InlineData("/header/Change-Note", "Change-Note: %D0%A2%D0%BE%D2%B7")]
    public async Task An_ambiguous_note_is_refused(string pointer, params string[] headers)
    {
        using var request = Post("/v1/indicators", SampleRecords.Indicator($"refused-{Key()}"));
        foreach (var header in headers)
            request.Headers.TryAddWithoutValidation(header.Split(": ")[0], header.Split(": ")[1]);
        var refused = await api.Editor.SendJsonAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal([pointer], refused.Pointers);
    }

    [Theory]
    [InlineData("/v1/snapshot", "application/x-ndjson")]
    [InlineData("/v1/changes", "application/x-ndjson")]
    [InlineData("/v1/actors.ndjson", "application/x-ndjson")]
    [InlineData("/v1/actors.csv", "text/csv")]
    [InlineData("/v1/events.geojson", "application/geo+json")]
    [InlineData("/v1/corrections.atom", "application/atom+xml")]
    public async Task Streams_are_compressed_when_asked(string path, string type)
    {
        using var plain = await GetAsync(path, type, null);
        var expected = await plain.Content.ReadAsStringAsync(Cancellation);
        foreach (var coding in (string[])["br", "gzip", "zstd"])
        {
            using var compressed = await GetAsync(path, type, coding);
            Assert.Equal(type, compressed.Content.Headers.ContentType!.MediaType);
            Assert.Equal([coding], compressed.Content.Headers.ContentEncoding);
            await using var body = await compressed.Content.ReadAsStreamAsync(Cancellation);
            await using Stream decoded = coding switch
            {
                "br" => new BrotliStream(body, CompressionMode.Decompress),
                "gzip" => new GZipStream(body, CompressionMode.Decompress),
                _ => new DecompressionStream(body),
            };
            using var reader = new StreamReader(decoded, Encoding.UTF8);
            Assert.Equal(expected, await reader.ReadToEndAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Events_are_sent_as_they_are_and_at_once()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/changes?after=now");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.AcceptEncoding.ParseAdd("br, gzip, zstd");
        using var response = await api.Reader.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        Assert.Empty(response.Content.Headers.ContentEncoding);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation), Encoding.UTF8);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source($"event-{Key()}"));

        while (await reader.ReadLineAsync(limit.Token) is { } line && !line.StartsWith("data: ", StringComparison.Ordinal))
        {
        }
    }

    [Fact]
    public async Task Identifiers_do_not_depend_on_the_host_that_was_asked()
    {
        var sample = SampleRecords.Of("indicators").As($"host-{Key()}");
        await api.Editor.AddAsync(sample.Path, sample.Body);
        using var correction = new HttpRequestMessage(HttpMethod.Patch, sample.Address)
        {
            Content = new StringContent("""{ "name": "Corrected" }""", Encoding.UTF8, Patch),
        };
        correction.Headers.TryAddWithoutValidation("If-Match", "\"1\"");
        correction.Headers.Add("Change-Cause", "our-error");
        Assert.Equal(HttpStatusCode.OK, (await api.Editor.SendJsonAsync(correction)).Status);

        XNamespace atom = "http://www.w3.org/2005/Atom";
        var (ids, types) = (new List<string>(), new List<string>());
        foreach (var host in (string[])["one.example", "two.example:8080"])
        {
            using var feed = new HttpRequestMessage(HttpMethod.Get, "/v1/corrections.atom");
            feed.Headers.Host = host;
            var text = await (await api.Reader.SendAsync(feed, Cancellation)).Content.ReadAsStringAsync(Cancellation);
            ids.Add(string.Join(' ', XElement.Parse(text).DescendantsAndSelf(atom + "id").Select(i => i.Value)));
            using var missing = new HttpRequestMessage(HttpMethod.Get, "/v1/actors/nobody");
            missing.Headers.Host = host;
            types.Add((string)(await api.Reader.SendJsonAsync(missing)).Body!["type"]!);
        }

        Assert.Equal(ids[0], ids[1]);
        Assert.All(ids[0].Split(' '), i => Assert.StartsWith("tag:tajik-taliban-api,2026:", i, StringComparison.Ordinal));
        Assert.Equal(ids[0].Split(' ').Length, ids[0].Split(' ').Distinct().Count());
        Assert.Equal(["/problems/not-found", "/problems/not-found"], types);
    }

    private static string Key() => $"key-{Interlocked.Increment(ref _keys)}";

    private static HttpRequestMessage Post(string path, JsonObject body) =>
        new(HttpMethod.Post, path) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };

    private static Task<JsonResponse> WriteAsync(
        HttpClient client, HttpMethod method, string path, string key, JsonObject? body, string? condition, string type)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, type);
        request.Headers.Add("Idempotency-Key", key);
        if (condition is not null)
            request.Headers.TryAddWithoutValidation("If-Match", condition);
        return client.SendJsonAsync(request);
    }

    /// <summary>Sends a request twice with one key; returns the body of both responses.</summary>
    private async Task<JsonNode> RepeatAsync(
        HttpMethod method, string path, JsonObject? body, string? condition = null, string? lines = null, string type = "application/json")
    {
        var key = Key();
        async Task<JsonResponse> SendAsync()
        {
            if (lines is null)
                return await WriteAsync(api.Admin, method, path, key, body, condition, type);
            using var request = new HttpRequestMessage(method, path)
            {
                Content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson"),
            };
            request.Headers.Add("Idempotency-Key", key);
            return await api.Admin.SendJsonAsync(request);
        }

        var first = await SendAsync();
        Assert.True((int)first.Status is >= 200 and < 300, $"{method} {path}: {first.Body?.ToJsonString()}");
        var second = await SendAsync();
        Assert.Equal((first.Status, first.Body?.ToJsonString()), (second.Status, second.Body?.ToJsonString()));
        Assert.Equal(["true"], second.Response.Headers.GetValues("Idempotency-Replayed"));
        return first.Body ?? new JsonObject();
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string type, string? coding)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd(type);
        if (coding is not null)
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue(coding));
        return await api.Reader.SendAsync(request, Cancellation);
    }
}
