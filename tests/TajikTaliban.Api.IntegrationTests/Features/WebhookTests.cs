using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>A service that delivers to this machine, with short pauses, on a real clock.</summary>
public sealed class WebhookFixture(PostgresServer server) : ApiFixture(server)
{
    public const int Attempts = 5;
    public const int Kept = 40;

    private HttpClient? _admin;

    protected override TimeProvider Clock => TimeProvider.System;

    public static IReadOnlyDictionary<string, string?> Common { get; } = new Dictionary<string, string?>
    {
        ["Webhooks:AllowHttp"] = "true",
        ["Webhooks:AllowedNetworks:0"] = "127.0.0.0/8",
        ["Webhooks:SecretKey"] = Convert.ToBase64String([.. Enumerable.Range(1, 32).Select(i => (byte)i)]),
        ["Webhooks:Attempts"] = $"{Attempts}",
        ["Webhooks:FirstDelay"] = "00:00:00.050",
        ["Webhooks:DelayFactor"] = "2",
        ["Webhooks:MaxDelay"] = "00:00:02",
        ["Webhooks:Timeout"] = "00:00:02",
        ["Webhooks:KeptAttempts"] = $"{Kept}",
    };

    protected override IReadOnlyDictionary<string, string?> Settings => Common;

    /// <summary>Sends an administrator's key, and has the basics of records at hand.</summary>
    public async Task<HttpClient> AdminAsync()
    {
        if (_admin is not null)
            return _admin;
        await Editor.AddBasicsAsync();
        return _admin = Client(await CreateKeyAsync("admin", Roles.Admin));
    }
}

/// <summary>What receivers get: signed, in order, at least once, whatever fails.</summary>
public sealed class WebhookTests(WebhookFixture api) : IClassFixture<WebhookFixture>
{
    private static int _names;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_is_signed_and_shows_the_change_as_the_feed_does()
    {
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var (id, secret, after) = await SubscribeAsync(admin, receiver);

        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(NewName()));
        await receiver.WaitAsync(1);
        var feed = await FeedAsync(after);

        var message = Assert.Single(receiver.Received);
        Assert.True(message.IsSignedWith(secret));
        Assert.False(message.IsSignedWith("whsec_" + Convert.ToBase64String(new byte[32])));
        Assert.InRange(Convert.FromBase64String(secret["whsec_".Length..]).Length, 24, 64);
        Assert.Equal("actors.created", message.Type);
        Assert.True(JsonNode.DeepEquals(Assert.Single(feed), message.Json["data"]));
        Assert.Equal((string?)feed[0]["committedAt"], (string?)message.Json["timestamp"]);
        Assert.Equal("tajik-taliban-api/1", message.Agent);
        var shown = await SettledAsync(admin, id, w => (string?)w["position"] != after);
        Assert.Equal(("active", 0, 204, 1),
            ((string?)shown["state"], (int)shown["failures"]!, (int)shown["lastAttempt"]!["status"]!,
                (int)shown["lastAttempt"]!["number"]!));
        Assert.Equal(message.Id, (string?)shown["lastAttempt"]!["messageId"]);
        await DeleteAsync(admin, id);
    }

    [Fact]
    public async Task A_receiver_that_fails_at_random_gets_every_change_in_order_during_concurrent_writes()
    {
        const int Writers = 4, Each = 60;
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var failures = new ConcurrentDictionary<string, int>();
        receiver.Respond = (message, http) =>
        {
            // fewer times than would make a dead letter of it
            var fails = Random.Shared.Next(3) == 0 && failures.GetValueOrDefault(message.Id) < WebhookFixture.Attempts - 1;
            if (fails)
                failures.AddOrUpdate(message.Id, 1, (_, n) => n + 1);
            http.Response.StatusCode = fails ? 503 : 200;
            if (fails && Random.Shared.Next(2) == 0)
                http.Abort();
            return Task.CompletedTask;
        };
        var (id, secret, after) = await SubscribeAsync(admin, receiver);

        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ =>
        {
            for (var i = 0; i < Each; i++)
            {
                var name = NewName();
                var made = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/actors", SampleRecords.Actor(name));
                if (i % 5 == 0)
                    await api.Editor.SendJsonAsync(HttpMethod.Delete, $"/v1/actors/{name}", ifMatch: made.ETag);
            }
        }));
        var feed = await FeedAsync(after);
        await receiver.WaitAsync(feed.Count, 120);

        Assert.Equal(Writers * Each * 6 / 5, feed.Count);
        Assert.Equal(feed.Select(c => (string)c["position"]!), receiver.FirstArrivals);
        Assert.All(receiver.Received, m => Assert.True(m.IsSignedWith(secret)));
        // what came again is what had failed, and nothing came again after a later one had come
        var order = feed.Select((c, i) => ((string)c["position"]!, i)).ToDictionary();
        var places = receiver.Received.Select(m => order[m.Position!]).ToList();
        Assert.Equal(places.Order(), places);
        Assert.All(feed,
            c => Assert.Single(receiver.Received.Where(m => m.Position == (string)c["position"]!).Select(m => m.Id).Distinct()));
        TestContext.Current.SendDiagnosticMessage("{0} changes, {1} messages, {2} failed, {3:0.0} s", feed.Count, receiver.Received.Count,
            failures.Values.Sum(),
            TimeProvider.System.GetElapsedTime(began).TotalSeconds);
        await DeleteAsync(admin, id);
    }

    [Fact]
    public async Task A_failure_is_tried_again_with_the_same_id_and_waits_as_long_as_the_receiver_asks()
    {
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Respond = async (_, http) =>
        {
            http.Response.StatusCode = receiver.Received.Count switch { 1 => 500, 2 => 503, _ => 200 };
            if (receiver.Received.Count == 2)
                http.Response.Headers.RetryAfter = "1";
            await http.Response.WriteAsync(new string('x', 100_000), Cancellation);
        };
        var (id, _, _) = await SubscribeAsync(admin, receiver);

        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(NewName()));
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(NewName()));
        await receiver.WaitAsync(2);

        var received = receiver.Received;
        Assert.Equal(4, received.Count);
        Assert.Single(received.Take(3).Select(m => m.Id).Distinct());
        Assert.NotEqual(received[0].Id, received[3].Id);
        Assert.InRange(received[2].At - received[1].At, TimeSpan.FromSeconds(0.95), TimeSpan.FromSeconds(20));
        await SettledAsync(admin, id, w => (int)w["lastAttempt"]!["number"]! == 4);
        var attempts = (await admin.GetJsonAsync($"/v1/webhooks/{id}/attempts")).Body!["items"]!.AsArray();
        Assert.Equal([200, 200, 503, 500], attempts.Select(a => (int)a!["status"]!));
        Assert.Equal([null, null, "The receiver responded with 503.", "The receiver responded with 500."],
            attempts.Select(a => (string?)a!["error"]));
        Assert.All(attempts, a => Assert.Equal(4096, ((string)a!["responseBody"]!).Length));
        await DeleteAsync(admin, id);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_is_left_alone_until_it_is_made_active_again()
    {
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.RespondWith(410);
        var (id, _, after) = await SubscribeAsync(admin, receiver);

        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(NewName()));
        await SettledAsync(admin, id, w => (string?)w["state"] == "gone");
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(NewName()));
        await Task.Delay(300, Cancellation);
        Assert.Single(receiver.Received);

        receiver.RespondWith(200);
        var again = await admin.SendJsonAsync(HttpMethod.Patch, $"/v1/webhooks/{id}", new JsonObject { ["active"] = true });
        Assert.Equal((HttpStatusCode.OK, "active"), (again.Status, (string?)again.Body!["state"]));
        await receiver.WaitAsync(2);
        Assert.Equal((await FeedAsync(after)).Select(c => (string)c["position"]!), receiver.FirstArrivals);
        await DeleteAsync(admin, id);
    }

    [Fact]
    public async Task A_change_that_cannot_be_delivered_stops_the_subscription_until_it_is_replayed_and_none_is_missed()
    {
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.RespondWith(400);
        var (id, _, after) = await SubscribeAsync(admin, receiver);
        Assert.Equal(HttpStatusCode.Conflict, (await ReplayAsync(admin, id, new JsonObject { ["deadLetters"] = true })).Status);
        var names = new[] { NewName(), NewName(), NewName() };
        foreach (var name in names)
            await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(name));

        var stopped = await SettledAsync(admin, id, w => (string?)w["state"] == "dead-letter");
        Assert.Equal((WebhookFixture.Attempts, 1, after),
            ((int)stopped["failures"]!, (int)stopped["deadLetters"]!, (string?)stopped["position"]));
        var letter = Assert.Single((await admin.GetJsonAsync($"/v1/webhooks/{id}/dead-letters")).Body!["items"]!.AsArray())!;
        Assert.Equal(("actors.created", names[0], 1, WebhookFixture.Attempts, 400),
            ((string?)letter["type"], (string?)letter["id"], (int)letter["version"]!, (int)letter["attempts"]!, (int)letter["status"]!));
        await Task.Delay(200, Cancellation);
        Assert.Equal(WebhookFixture.Attempts, receiver.Received.Count);

        // passed over by hand, it stays in the list, and the others come
        receiver.RespondWith(200);
        Assert.Equal("active",
            (string?)(await ReplayAsync(admin, id, new JsonObject { ["after"] = (string?)letter["position"] })).Body!["state"]);
        await receiver.WaitAsync(3);
        await SettledAsync(admin, id, w => (int)w["deadLetters"]! == 1 && (int)w["lastAttempt"]!["status"]! == 200);

        // and replayed it comes too, with all that follow it in their order
        await ReplayAsync(admin, id, new JsonObject { ["deadLetters"] = true });
        await SettledAsync(admin, id, w => (int)w["deadLetters"]! == 0);
        await Wait.UntilAsync(() => Task.FromResult(receiver.Received.Count == WebhookFixture.Attempts + 5));
        var feed = (await FeedAsync(after)).Select(c => (string)c["position"]!).ToList();
        Assert.Equal(feed, receiver.Received.TakeLast(3).Select(m => m.Position!));
        Assert.Equal(3, receiver.Received.Select(m => m.Id).Distinct().Count());

        // from any position
        await ReplayAsync(admin, id, new JsonObject { ["after"] = after });
        await Wait.UntilAsync(() => Task.FromResult(receiver.Received.Count == WebhookFixture.Attempts + 8));
        Assert.Equal(feed, receiver.Received.TakeLast(3).Select(m => m.Position!));
        await DeleteAsync(admin, id);
    }

    [Fact]
    public async Task After_a_rotation_both_secrets_sign_for_a_day()
    {
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var (id, first, _) = await SubscribeAsync(admin, receiver);

        var rotated = await admin.SendJsonAsync(HttpMethod.Post, $"/v1/webhooks/{id}/rotate-secret");
        var second = (string)rotated.Body!["secret"]!;
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(NewName()));
        await receiver.WaitAsync(1);
        await using (var later = api.Database.CreateCommand("update webhooks set previous_until = now() where id = $1"))
        {
            later.Parameters.Add(new NpgsqlParameter { Value = id });
            await later.ExecuteNonQueryAsync(Cancellation);
        }

        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(NewName()));
        await receiver.WaitAsync(2);

        Assert.NotEqual(first, second);
        Assert.InRange(DateTimeOffset.Parse((string)rotated.Body!["previousSecretUntil"]!, null) - TimeProvider.System.GetUtcNow(),
            TimeSpan.FromHours(23.9), TimeSpan.FromHours(24));
        var (during, after) = (receiver.Received[0], receiver.Received[1]);
        Assert.Equal((2, true, true), (during.Signatures.Count, during.IsSignedWith(first), during.IsSignedWith(second)));
        Assert.Equal((1, false, true), (after.Signatures.Count, after.IsSignedWith(first), after.IsSignedWith(second)));
        await DeleteAsync(admin, id);
    }

    [Fact]
    public async Task Secrets_are_shown_once_and_sealed_in_the_database()
    {
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var (id, secret, _) = await SubscribeAsync(admin, receiver);

        foreach (var path in new[] { "/v1/webhooks", $"/v1/webhooks/{id}", $"/v1/webhooks/{id}/attempts" })
        {
            var answer = await admin.GetJsonAsync(path);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.DoesNotContain("whsec_", answer.Body!.ToJsonString(), StringComparison.Ordinal);
            Assert.True(answer.Response.Headers.CacheControl!.NoStore);
        }

        await using var command = api.Database.CreateCommand("select secret from webhooks where id = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        var stored = (byte[])(await command.ExecuteScalarAsync(Cancellation))!;
        Assert.True(stored.AsSpan().IndexOf(Convert.FromBase64String(secret["whsec_".Length..])) < 0);
        await DeleteAsync(admin, id);
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_not_followed()
    {
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var elsewhere = await WebhookReceiver.StartAsync();
        receiver.Respond = (_, http) =>
        {
            http.Response.Redirect($"{elsewhere.Address}/", false, true);
            http.Response.Headers.SetCookie = "a=b";
            return Task.CompletedTask;
        };
        var (id, _, _) = await SubscribeAsync(admin, receiver);

        var attempt = (await admin.SendJsonAsync(HttpMethod.Post, $"/v1/webhooks/{id}/test")).Body!;

        Assert.Equal((307, "The receiver responded with 307. Redirects are not followed."),
            ((int)attempt["status"]!, (string?)attempt["error"]));
        Assert.Single(receiver.Received);
        Assert.Empty(elsewhere.Received);
        await DeleteAsync(admin, id);
    }

    [Fact]
    public async Task A_subscription_to_some_resources_gets_those_and_its_position_goes_past_the_others()
    {
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var (id, _, _) = await SubscribeAsync(admin, receiver, "sources", "relations");
        var (one, two) = (NewName(), NewName());

        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(one));
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source($"source-{one}"));
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(two));
        await api.Editor.AddAsync("/v1/relations", SampleRecords.Relation($"relation-{one}", one, two));
        var last = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/actors", SampleRecords.Actor(NewName()));
        await receiver.WaitAsync(2);
        await SettledAsync(admin, id, w => (string?)w["position"] == last.Response.Headers.GetValues("Position").Single());

        Assert.Equal(["sources.created", "relations.created"], receiver.Received.Select(m => m.Type));
        await DeleteAsync(admin, id);
    }

    [Fact]
    public async Task A_receiver_that_hangs_does_not_hold_up_the_others()
    {
        var admin = await api.AdminAsync();
        await using var hanging = await WebhookReceiver.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        DateTimeOffset? ended = null;
        hanging.Respond = async (_, http) =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended ??= TimeProvider.System.GetUtcNow();
        };
        var (slow, _, _) = await SubscribeAsync(admin, hanging);
        var (id, _, _) = await SubscribeAsync(admin, receiver);

        for (var i = 0; i < 10; i++)
            await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(NewName()));
        await receiver.WaitAsync(10);
        await SettledAsync(admin, slow, w => (int)w["failures"]! >= 1);

        // the one had more than one while the other was still waited for
        Assert.True(receiver.Received[1].At < ended, $"{receiver.Received[1].At:O}, {ended:O}");
        Assert.Equal("No response within 2 s.",
            (string?)(await admin.GetJsonAsync($"/v1/webhooks/{slow}")).Body!["lastAttempt"]!["error"]);
        await DeleteAsync(admin, id);
        await DeleteAsync(admin, slow);
    }

    [Fact]
    public async Task Only_one_of_several_services_delivers_and_another_takes_over()
    {
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var (under, overlaps) = (new List<string>(), 0);
        receiver.Respond = async (message, http) =>
        {
            lock (under)
            {
                // the same one may be there twice, when the service that sent it was stopped
                overlaps += under.Count(u => u != message.Id);
                under.Add(message.Id);
            }

            await Task.Delay(5, CancellationToken.None);
            lock (under)
                under.Remove(message.Id);
            http.Response.StatusCode = 200;
        };
        var others = new[] { Api.Storage.Database.Open(api.ConnectionString), Api.Storage.Database.Open(api.ConnectionString) };
        var services = await Task.WhenAll(others.Select(s => api.StartServiceAsync(s)));
        var (id, _, after) = await SubscribeAsync(admin, receiver);

        for (var i = 0; i < 60; i++)
        {
            await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(NewName()));
            if (i == 30)
                await services[0].DisposeAsync();
        }

        var feed = await FeedAsync(after);
        await receiver.WaitAsync(feed.Count);
        await services[1].DisposeAsync();
        foreach (var other in others)
            await other.DisposeAsync();

        Assert.Equal(feed.Select(c => (string)c["position"]!), receiver.FirstArrivals);
        // the one that was stopped may have had one under way
        Assert.InRange(receiver.Received.Count, feed.Count, feed.Count + 1);
        Assert.Equal(0, overlaps);
        await DeleteAsync(admin, id);
    }

    [Fact]
    public async Task The_log_is_paged_and_bounded_and_a_test_moves_nothing()
    {
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        var (id, secret, after) = await SubscribeAsync(admin, receiver);
        for (var i = 0; i < WebhookFixture.Kept + 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await admin.SendJsonAsync(HttpMethod.Post, $"/v1/webhooks/{id}/test")).Status);

        var walked = await admin.WalkAsync($"/v1/webhooks/{id}/attempts?limit=15");

        Assert.Equal(Enumerable.Range(6, WebhookFixture.Kept).Reverse(), walked.Select(a => (int)a["number"]!));
        Assert.All(receiver.Received, m =>
            Assert.Equal(("ping", id, true), (m.Type, (string?)m.Json["data"]!["webhook"], m.IsSignedWith(secret))));
        Assert.Equal(after, (string?)(await admin.GetJsonAsync($"/v1/webhooks/{id}")).Body!["position"]);
        Assert.Equal(["/query/cursor"], (await admin.GetJsonAsync($"/v1/webhooks/{id}/attempts?cursor=AAAAAAAAAAAAAAAA")).Pointers);
        foreach (var log in new[] { "attempts", "dead-letters" })
        {
            foreach (var key in new[] { "x", "-1", "1.5", "NaN", "99999999999999999999" })
            {
                var path = $"/v1/webhooks/{id}/{log}";
                var cursor = Api.Platform.Querying.Cursor.Write([key], path, api.Services.GetRequiredService<ServiceSecrets>());
                var forged = await admin.GetJsonAsync($"{path}?cursor={cursor}");
                Assert.Equal((HttpStatusCode.BadRequest, "/query/cursor"), (forged.Status, Assert.Single(forged.Pointers)));
            }
        }

        await DeleteAsync(admin, id);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetJsonAsync($"/v1/webhooks/{id}/attempts")).Status);
    }

    [Fact]
    public async Task A_subscription_is_changed_paused_and_goes_on_where_it_was()
    {
        var admin = await api.AdminAsync();
        await using var first = await WebhookReceiver.StartAsync();
        await using var second = await WebhookReceiver.StartAsync();
        var (id, _, after) = await SubscribeAsync(admin, first);

        var paused = await admin.SendJsonAsync(HttpMethod.Patch, $"/v1/webhooks/{id}",
            new JsonObject { ["active"] = false, ["description"] = "A copy", ["resources"] = new JsonArray("actors") },
                mediaType: "application/merge-patch+json");
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(NewName()));
        await Task.Delay(200, Cancellation);
        var changed = await admin.SendJsonAsync(HttpMethod.Patch, $"/v1/webhooks/{id}",
            new JsonObject { ["active"] = true, ["url"] = $"{second.Address}/hook", ["resources"] = null });
        await second.WaitAsync(1);

        Assert.Equal(("paused", "A copy", "actors"),
            ((string?)paused.Body!["state"], (string?)paused.Body["description"], (string?)paused.Body["resources"]![0]));
        Assert.Equal(("active", "A copy", null),
            ((string?)changed.Body!["state"], (string?)changed.Body["description"], changed.Body["resources"]));
        Assert.Empty(first.Received);
        Assert.Equal("/hook", second.Received[0].Path);
        Assert.Equal((await FeedAsync(after)).Select(c => (string)c["position"]!), second.FirstArrivals);
        await DeleteAsync(admin, id);
    }

    [Fact]
    public async Task A_fault_of_a_webhook_request_is_reported_at_its_pointer()
    {
        var admin = await api.AdminAsync();
        async Task<JsonResponse> PostAsync(JsonObject body) => await admin.SendJsonAsync(HttpMethod.Post, "/v1/webhooks", body);

        Assert.Equal(HttpStatusCode.Unauthorized, (await api.Reader.GetJsonAsync("/v1/webhooks")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await api.Editor.GetJsonAsync("/v1/webhooks")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetJsonAsync("/v1/webhooks/none")).Status);
        Assert.Equal(["/query/state"], (await admin.GetJsonAsync("/v1/webhooks?state=active")).Pointers);
        var unknown = await PostAsync(new JsonObject { ["url"] = "https://example.org", ["ressources"] = null });
        Assert.Equal((HttpStatusCode.BadRequest, "Unknown field; did you mean 'resources'?"),
            (unknown.Status, (string?)unknown.Body!["errors"]!["/ressources"]![0]!["message"]!));
        Assert.Equal(["/url"], (await PostAsync([])).Pointers);
        var several = await PostAsync(new JsonObject
        {
            ["url"] = "https://me:word@example.org/",
            ["resources"] = new JsonArray("actors", "evnts", "actors"),
            ["description"] = " ",
            ["after"] = "yesterday",
        });
        Assert.Equal(HttpStatusCode.UnprocessableEntity, several.Status);
        Assert.Equal(["/after", "/description", "/resources/1", "/resources/2", "/url"], several.Pointers.Order(StringComparer.Ordinal));
        Assert.Contains("'events'", (string?)several.Body!["errors"]!["/resources/1"]![0]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(["/resources"],
            (await PostAsync(new JsonObject { ["url"] = "https://example.org", ["resources"] = new JsonArray() })).Pointers);
        Assert.Equal(HttpStatusCode.Gone,
            (await PostAsync(new JsonObject { ["url"] = "https://example.org", ["after"] = "1-00000000" })).Status);
        using var xml = new HttpRequestMessage(HttpMethod.Get, "/v1/webhooks") { Headers = { { "Accept", "application/xml" } } };
        Assert.Equal(HttpStatusCode.NotAcceptable, (await admin.SendJsonAsync(xml)).Status);

        await using var receiver = await WebhookReceiver.StartAsync();
        var (id, _, _) = await SubscribeAsync(admin, receiver);
        Assert.Equal(["/active", "/url"],
            (await admin.SendJsonAsync(HttpMethod.Patch, $"/v1/webhooks/{id}",
                new JsonObject { ["url"] = null, ["active"] = null })).Pointers.Order(StringComparer.Ordinal));
        Assert.Equal(["/after"], (await ReplayAsync(admin, id, [])).Pointers);
        Assert.Equal(["/deadLetters"], (await ReplayAsync(admin, id, new JsonObject { ["deadLetters"] = false })).Pointers);
        Assert.Equal(HttpStatusCode.BadRequest,
            (await admin.SendJsonAsync(HttpMethod.Post, $"/v1/webhooks/{id}/test", new JsonObject())).Status);
        await DeleteAsync(admin, id);
    }

    private static string NewName() => $"actor-{Interlocked.Increment(ref _names)}";

    private static async Task<(string Id, string Secret, string After)> SubscribeAsync(
        HttpClient admin, WebhookReceiver receiver, params string[] resources)
    {
        var answer = await admin.SendJsonAsync(HttpMethod.Post, "/v1/webhooks", new JsonObject
        {
            ["url"] = receiver.Address,
            ["resources"] = resources.Length == 0 ? null : new JsonArray([.. resources.Select(r => (JsonNode)r)]),
        });
        Assert.True(answer.Status == HttpStatusCode.Created, answer.Body?.ToJsonString());
        var webhook = answer.Body!["webhook"]!;
        Assert.Equal($"/v1/webhooks/{webhook["id"]}", answer.Response.Headers.Location!.ToString());
        return ((string)webhook["id"]!, (string)answer.Body["secret"]!, (string)webhook["position"]!);
    }

    private static Task<JsonResponse> ReplayAsync(HttpClient admin, string id, JsonObject body) =>
        admin.SendJsonAsync(HttpMethod.Post, $"/v1/webhooks/{id}/replay", body);

    private static async Task DeleteAsync(HttpClient admin, string id) =>
        Assert.Equal(HttpStatusCode.NoContent, (await admin.SendJsonAsync(HttpMethod.Delete, $"/v1/webhooks/{id}")).Status);

    private static async Task<JsonNode> SettledAsync(HttpClient admin, string id, Func<JsonNode, bool> holds)
    {
        JsonNode? webhook = null;
        await Wait.UntilAsync(async () =>
        {
            webhook = (await admin.GetJsonAsync($"/v1/webhooks/{id}")).Body!;
            return webhook["lastAttempt"] is not null && holds(webhook);
        });
        return webhook!;
    }

    private async Task<IReadOnlyList<JsonNode>> FeedAsync(string after) =>
        [.. (await api.Reader.GetJsonAsync($"/v1/changes?limit=1000&after={after}")).Body!["items"]!.AsArray().Select(i => i!)];
}

/// <summary>What a service with nothing configured refuses to deliver to.</summary>
public sealed class WebhookGuardTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Theory]
    [InlineData("http://example.org/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://169.254.169.254/latest")]
    [InlineData("https://10.1.2.3:8443/")]
    [InlineData("https://me@example.org/")]
    public async Task A_url_that_is_not_delivered_to_is_refused_at_once(string url)
    {
        using var admin = api.Client(await api.CreateKeyAsync($"admin of {url}", Roles.Admin));

        var answer = await admin.SendJsonAsync(HttpMethod.Post, "/v1/webhooks", new JsonObject { ["url"] = url });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal(["/url"], answer.Pointers);
    }

    [Fact]
    public async Task A_name_that_leads_to_a_private_address_is_not_connected_to()
    {
        using var admin = api.Client(await api.CreateKeyAsync("admin", Roles.Admin));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var made = await admin.SendJsonAsync(HttpMethod.Post, "/v1/webhooks",
            new JsonObject { ["url"] = $"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/" });
        Assert.Equal(HttpStatusCode.Created, made.Status);

        var attempt = (await admin.SendJsonAsync(HttpMethod.Post, $"/v1/webhooks/{made.Body!["webhook"]!["id"]}/test")).Body!;

        Assert.Null(attempt["status"]);
        Assert.EndsWith(" is not public, and Webhooks__AllowedNetworks does not contain it.", (string?)attempt["error"],
            StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }
}

/// <summary>A service that is killed in the midst of its deliveries.</summary>
public sealed class WebhookKillTests(WebhookFixture api) : IClassFixture<WebhookFixture>
{
    private const int Changes = 200;

    [Fact]
    public async Task After_a_kill_the_next_service_goes_on_where_it_was_and_misses_nothing()
    {
        var admin = await api.AdminAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        receiver.Respond = async (_, http) =>
        {
            await Task.Delay(20, http.RequestAborted);
            http.Response.StatusCode = 200;
        };
        var created = await admin.SendJsonAsync(HttpMethod.Post, "/v1/webhooks", new JsonObject { ["url"] = receiver.Address });
        var (id, after) = ((string)created.Body!["webhook"]!["id"]!, (string)created.Body["webhook"]!["position"]!);
        await admin.SendJsonAsync(HttpMethod.Patch, $"/v1/webhooks/{id}", new JsonObject { ["active"] = false });
        for (var i = 0; i < Changes; i++)
            await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor($"kill-{i}"));
        // from here on the services are processes of their own
        await api.StopServiceAsync();
        using var first = Serve();
        using var client = ClientOf(first, admin);
        await client.SendJsonAsync(HttpMethod.Patch, $"/v1/webhooks/{id}", new JsonObject { ["active"] = true });
        await receiver.WaitAsync(Changes / 4);
        first.Kill();
        var atKill = receiver.FirstArrivals.Count;
        using var second = Serve();
        using var other = ClientOf(second, admin);
        var feed = (await other.GetJsonAsync($"/v1/changes?limit=1000&after={after}")).Body!["items"]!.AsArray()
            .Select(i => (string)i!["position"]!).ToList();
        await receiver.WaitAsync(Changes, 60);
        second.Kill();

        Assert.Equal(Changes, feed.Count);
        Assert.InRange(atKill, 1, Changes - 1);
        Assert.Equal(feed, receiver.FirstArrivals);
        TestContext.Current.SendDiagnosticMessage("killed after {0} of {1}; {2} messages in all", atKill, Changes, receiver.Received.Count);
        Assert.InRange(receiver.Received.Count, Changes, Changes + 2);
    }

    private static HttpClient ClientOf(KilledService service, HttpClient admin)
    {
        var client = new HttpClient { BaseAddress = new Uri(service.Address) };
        client.DefaultRequestHeaders.Authorization = admin.DefaultRequestHeaders.Authorization;
        return client;
    }

    private KilledService Serve() => KilledService.Start(api.ConnectionString);
}
