using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>A key is accepted or refused, everywhere alike.</summary>
public sealed class KeyTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>An address of every kind: records, pages, probes, and one that does not exist.</summary>
    private static readonly string[] Addresses =
    [
        "/v1", "/v1/me", "/v1/actors", "/v1/actors/alpha", "/v1/actors/alpha/history", "/v1/events.csv", "/v1/changes?wait=1",
        "/v1/snapshot",
        "/v1/releases", "/v1/corrections.atom", "/v1/reports/some-id",
        "/v1/codelists", "/v1/search?q=alpha", "/health/live", "/health/ready", "/docs/guide",
        "/problems", "/openapi/v1.json", "/nowhere",
    ];

    [Fact]
    public async Task A_key_that_is_not_accepted_is_refused_on_every_address()
    {
        var revoked = await AddAsync("revoked", k => k.RevokedAt = ApiFixture.Start);
        var expired = await AddAsync("expired", k => k.ExpiresAt = ApiFixture.Start);
        string[] headers =
        [
            $"Bearer {revoked}", $"Bearer {expired}", $"Bearer {KeyText.New()}", $"Bearer {revoked}x", "Bearer ", "Bearer tt_",
            "Basic YTpi",
            "nonsense", $"Bearer {new string('x', 500)}", $"{revoked}",
        ];
        foreach (var address in Addresses)
        {
            foreach (var header in headers)
            {
                var answer = await SendAsync(HttpMethod.Get, address, header);
                Assert.True(answer.Status == HttpStatusCode.Unauthorized, $"{address} with {header}: {answer.Status}");
                Assert.Equal("/problems/unauthorized", (string?)answer.Body!["type"]);
                Assert.Equal(["/header/Authorization"], answer.Pointers);
                Assert.Equal("Bearer realm=\"tajik-taliban-api\"", answer.Response.Headers.WwwAuthenticate.ToString());
            }
        }

        foreach (var (header, reason) in headers.Zip((string[])["is revoked", "expired at 2026-11-24T10:00:00Z", "is unknown"]))
        {
            var detail = (string?)(await SendAsync(HttpMethod.Get, "/v1", header)).Body!["detail"];
            Assert.Contains(reason, detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_key_is_accepted_until_the_instant_at_which_it_expires()
    {
        var key = await AddAsync("ends", k => k.ExpiresAt = api.Time.GetUtcNow().AddMinutes(5));

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/v1/actors", $"Bearer {key}")).Status);
        api.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/v1/actors", $"Bearer {key}")).Status);
    }

    [Fact]
    public async Task A_client_learns_which_key_it_sends_and_what_it_may_do()
    {
        var key = await AddAsync("told", k => k.ExpiresAt = api.Time.GetUtcNow().AddDays(1));

        var none = await api.Reader.GetJsonAsync("/v1/me");
        Assert.Equal("""{"key":null,"pseudonym":null,"role":"reader","expiresAt":null}""", none.Body!.ToJsonString());
        Assert.Equal("no-store", none.Response.Headers.CacheControl!.ToString());
        var editor = (await api.Editor.GetJsonAsync("/v1/me")).Body!;
        Assert.Equal(("editor", "editor", null),
            ((string?)editor["key"], (string?)editor["role"], (string?)editor["expiresAt"]));
        // the pseudonym is that of the changes which the key makes
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("of-the-key"));
        var change = (await api.Reader.GetJsonAsync("/v1/changes?limit=1000&resource=sources")).Body!["items"]!.AsArray()
            .Single(c => (string)c!["id"]! == "of-the-key")!;
        Assert.Equal((string)change["key"]!, (string)editor["pseudonym"]!);
        var told = await SendAsync(HttpMethod.Get, "/v1/me", $"Bearer {key}");
        Assert.Equal(api.Time.GetUtcNow().AddDays(1), DateTimeOffset.Parse((string)told.Body!["expiresAt"]!, null));
    }

    [Fact]
    public async Task A_rotated_key_is_accepted_beside_the_new_one_until_its_grace_ends()
    {
        var first = await AddAsync("rotated", _ => { });
        var (second, third) = (KeyText.New(), KeyText.New());
        var until = api.Time.GetUtcNow().AddHours(1);
        async Task RotateAsync(string key)
        {
            await using var connection = await api.Database.OpenConnectionAsync(Cancellation);
            var known = new ApiKey { Name = "rotated", Role = Roles.Reader, Hash = KeyText.Hash(key), RotatedAt = api.Time.GetUtcNow() };
            Assert.True(await new ApiKeyStore(connection).RotateAsync(known, until, Cancellation));
        }

        async Task<HttpStatusCode[]> AcceptedAsync() =>
        [
            (await SendAsync(HttpMethod.Get, "/v1/actors", $"Bearer {first}")).Status,
            (await SendAsync(HttpMethod.Get, "/v1/actors", $"Bearer {second}")).Status,
            (await SendAsync(HttpMethod.Get, "/v1/actors", $"Bearer {third}")).Status,
        ];

        await RotateAsync(second);
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Unauthorized], await AcceptedAsync());
        await RotateAsync(third);
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.OK, HttpStatusCode.OK], await AcceptedAsync());
        api.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK], await AcceptedAsync());
        var detail = (string?)(await SendAsync(HttpMethod.Get, "/v1", $"Bearer {second}")).Body!["detail"];
        Assert.Contains("was replaced by a new one", detail, StringComparison.Ordinal);
    }

    /// <summary>Where a change shows its key.</summary>
    private static async Task<IReadOnlyDictionary<string, string?>> KeysShownAsync(HttpClient client, string id, string after)
    {
        var lines = await client.GetStringAsync($"/v1/changes?after={after}&format=ndjson&resource=actors", Cancellation);
        using var events = new HttpRequestMessage(HttpMethod.Get, $"/v1/changes?after={after}&resource=actors&limit=2");
        events.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        var stream = await (await client.SendAsync(events, Cancellation)).Content.ReadAsStringAsync(Cancellation);
        string? Of(JsonNode? change) => (string?)change!["key"];
        async Task<string?> LastAsync(string path) => Of((await client.GetJsonAsync(path)).Body!["items"]![1]);
        return new Dictionary<string, string?>
        {
            ["history"] = Of((await client.GetJsonAsync($"/v1/actors/{id}/history")).Body!["items"]![0]),
            ["changes"] = await LastAsync($"/v1/changes?after={after}&resource=actors"),
            ["differences"] = await LastAsync($"/v1/changes?after={after}&resource=actors&differences=true"),
            ["corrections"] = Of((await client.GetJsonAsync("/v1/corrections")).Body!["items"]![0]),
            ["ndjson"] = Of(JsonNode.Parse(lines.Split('\n')[1])),
            ["events"] = Of(JsonNode.Parse(stream.Split("data: ")[2].Split('\n')[0])),
        };
    }

    [Fact]
    public async Task Names_of_keys_are_shown_to_those_who_write_and_pseudonyms_to_all_others()
    {
        var writer = api.Client(await AddAsync("A person's name", k => k.Role = Roles.Editor));
        var after = (string)(await api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;
        var made = await writer.SendJsonAsync(HttpMethod.Post, "/v1/actors", SampleRecords.Actor("whose"));
        using var patch = new HttpRequestMessage(HttpMethod.Patch, "/v1/actors/whose") { Content = JsonContentOf("""{"name":"Other"}""") };
        patch.Headers.TryAddWithoutValidation("If-Match", made.ETag);
        patch.Headers.TryAddWithoutValidation("Change-Cause", "our-error");
        Assert.Equal(HttpStatusCode.OK, (await writer.SendJsonAsync(patch)).Status);

        var reader = await KeysShownAsync(api.Client(await AddAsync("a reader", _ => { })), "whose", after);
        var stranger = await KeysShownAsync(api.Reader, "whose", after);
        var editor = await KeysShownAsync(api.Editor, "whose", after);
        var admin = await KeysShownAsync(api.Client(await AddAsync("an admin", k => k.Role = Roles.Admin)), "whose", after);

        var pseudonym = Assert.Single(stranger.Values.Distinct());
        Assert.Matches("^key-[A-Za-z0-9_-]{12}$", pseudonym);
        Assert.Equal(stranger, reader);
        Assert.Equal(["A person's name"], editor.Values.Distinct());
        Assert.Equal(editor, admin);
        // another instance shows the same, and another key has another one
        await using var second = await api.StartServiceAsync(api.Database);
        using var beside = new HttpClient { BaseAddress = new Uri(second.Urls.First()) };
        Assert.Equal(stranger, await KeysShownAsync(beside, "whose", after));
        Assert.NotEqual(pseudonym, (string?)(await api.Reader.GetJsonAsync("/v1/actors/alpha/history")).Body!["items"]![0]!["key"]);
        Assert.DoesNotContain("person", await api.Reader.GetStringAsync("/v1/corrections.atom", Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_shows_names_is_kept_out_of_shared_caches()
    {
        foreach (var path in (string[])["/v1/actors/alpha/history", "/v1/corrections"])
        {
            var (open, named) = (await api.Reader.GetJsonAsync(path), await api.Editor.GetJsonAsync(path));
            Assert.Equal(("public, no-cache", "private, no-cache"),
                ($"{open.Response.Headers.CacheControl}".Replace("no-cache, public", "public, no-cache", StringComparison.Ordinal),
                    $"{named.Response.Headers.CacheControl}".Replace("no-cache, private", "private, no-cache", StringComparison.Ordinal)));
            Assert.All([open, named], a => Assert.Contains("Authorization", a.Response.Headers.Vary));
        }
    }

    [Fact]
    public async Task A_cursor_of_another_secret_is_refused_and_one_of_another_instance_is_accepted()
    {
        var next = (string)(await api.Reader.GetJsonAsync("/v1/actors?limit=1")).Body!["next"]!;
        await using var second = await api.StartServiceAsync(api.Database);
        using var beside = new HttpClient { BaseAddress = new Uri(second.Urls.First()) };

        Assert.Equal(HttpStatusCode.OK, (await beside.GetJsonAsync(next)).Status);
        await using (var change = api.Database.CreateCommand(
            "update service_secrets set secret = sha256(secret) where name = 'cursors'"))
        {
            await change.ExecuteNonQueryAsync(Cancellation);
        }

        await using var third = await api.StartServiceAsync(api.Database);
        using var other = new HttpClient { BaseAddress = new Uri(third.Urls.First()) };
        var refused = await other.GetJsonAsync(next);
        Assert.Equal((HttpStatusCode.BadRequest, "/query/cursor"), (refused.Status, Assert.Single(refused.Pointers)));
        Assert.DoesNotContain(Convert.ToBase64String(api.Services.GetRequiredService<ServiceSecrets>().Cursors),
            refused.Body!.ToJsonString(), StringComparison.Ordinal);
    }

    private static StringContent JsonContentOf(string text) => new(text, System.Text.Encoding.UTF8, "application/json");

    private async Task<Support.JsonResponse> SendAsync(HttpMethod method, string path, string header)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Authorization", header);
        return await api.Reader.SendJsonAsync(request);
    }

    private async Task<string> AddAsync(string name, Action<ApiKey> change)
    {
        var key = KeyText.New();
        var row = new ApiKey { Name = name, Role = Roles.Reader, Hash = KeyText.Hash(key), CreatedAt = ApiFixture.Start };
        change(row);
        await using var context = Api.Storage.Database.Context(api.Database);
        context.Add(row);
        await context.SaveChangesAsync(Cancellation);
        return key;
    }
}
