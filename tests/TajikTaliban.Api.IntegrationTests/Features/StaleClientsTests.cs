using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>
/// Many clients that keep old ids, identifiers and entity tags, and that follow redirects with the same method, condition and body, change
/// and delete actors while these are merged, deleted, and pass their identifiers on. The ledger then shows where each write landed.
/// </summary>
public sealed class StaleClientsTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const int Actors = 60;
    private const int Clients = 12;
    private const int WritesOfClient = 70;
    private const string Patch = "application/merge-patch+json";

    private readonly ConcurrentDictionary<string, int> _answers = new(StringComparer.Ordinal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_write_lands_on_a_record_that_its_sender_did_not_name()
    {
        await Task.WhenAll(Enumerable.Range(0, Actors).Select(async i =>
        {
            var body = SampleRecords.Actor(Id(i));
            body["identifiers"] = Identifiers(i);
            await api.Editor.AddAsync("/v1/actors", body);
            // the others can be deleted
            if (i % 3 == 0)
                await api.Editor.AddAsync("/v1/events", SampleRecords.Event($"of-{Id(i)}", "2020", Id(i)));
        }));

        await Task.WhenAll([
            .. Enumerable.Range(0, Clients).Select(c => Task.Run(() => BeClientAsync(new Random(c)), Cancellation)),
            Task.Run(() => MergeAsync(new Random(101)), Cancellation), Task.Run(() => MergeAsync(new Random(102)), Cancellation),
            Task.Run(() => PassIdentifiersAsync(new Random(103)), Cancellation)]);

        var told = string.Join(", ", _answers.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}: {a.Value}"));
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Assert.DoesNotContain(_answers.Keys, a => a.Contains(" 5", StringComparison.Ordinal));
        // the storm was one: writes were made, refused for a merge, and refused for a version
        foreach (var answer in new[] { "PATCH 200", "DELETE 204", "POST 200", "PATCH 409", "DELETE 409", "POST 409", "PATCH 412",
            "PATCH 410" })
        {
            Assert.True(_answers.GetValueOrDefault(answer) > 0, $"No {answer}: {told}");
        }

        var (writes, strays) = await StraysAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{writes} writes of stale clients landed.");
        Assert.True(writes > Clients, told);
        Assert.Empty(strays);
    }

    private static string Id(int number) => $"storm-{number:00}";

    private static string Identifier(int number) => $"wikidata:Q{990_000 + number}";

    private static JsonArray Identifiers(params int[] numbers) => new([
        .. numbers.Select(n => new JsonObject { ["scheme"] = "wikidata", ["value"] = $"Q{990_000 + n}" })]);

    /// <summary>Reads actors by whichever name, keeps their tags for long, and writes with them.</summary>
    private async Task BeClientAsync(Random random)
    {
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < WritesOfClient; i++)
        {
            var number = random.Next(Actors);
            var name = random.Next(2) == 0 ? Id(number) : Identifier(number);
            if (!tags.TryGetValue(name, out var tag) || random.Next(4) == 0)
            {
                using var read = await FollowAsync(HttpMethod.Get, name, null, null, "");
                if (read.IsSuccessStatusCode)
                    tags[name] = tag = read.Headers.ETag!.ToString();
            }

            var condition = random.Next(4) switch { 0 => "*", 1 => $"\"{random.Next(1, 5)}\"", _ => tag ?? "*" };
            var method = random.Next(12) switch
            {
                0 => HttpMethod.Delete,
                1 => HttpMethod.Post,
                2 => HttpMethod.Put,
                _ => HttpMethod.Patch
            };
            var note = $"named {name} {condition}";
            JsonObject? body = method == HttpMethod.Patch || method == HttpMethod.Put
                ? new JsonObject { ["description"] = string.Create(CultureInfo.InvariantCulture, $"By a stale client, {random.Next()}.") }
                : null;
            if (method == HttpMethod.Put)
                (body!["type"], body["name"], body["citations"]) = ("state", "Replaced", SampleRecords.Citations());
            using var answer = method == HttpMethod.Post
                ? await BatchAsync(name, condition, note) : await FollowAsync(method, name, body, condition, note);
            Count(method, answer);
        }
    }

    private async Task MergeAsync(Random random)
    {
        for (var i = 0; i < Actors / 4; i++)
        {
            var (loser, into) = (random.Next(Actors), random.Next(Actors));
            using var answer = await SendAsync(HttpMethod.Post, $"/v1/actors/{Id(loser)}/merge",
                new JsonObject { ["into"] = random.Next(2) == 0 ? Id(into) : Identifier(into) }, null, "merger", "application/json");
            Assert.True((int)answer.StatusCode < 500, $"{answer.StatusCode}");
            await Task.Delay(random.Next(40), Cancellation);
        }
    }

    /// <summary>Takes an identifier from one actor and gives it to another.</summary>
    private async Task PassIdentifiersAsync(Random random)
    {
        for (var i = 0; i < Actors / 2; i++)
        {
            var (from, to) = (random.Next(Actors), random.Next(Actors));
            foreach (var (actor, identifiers) in new[] { (from, Identifiers()), (to, Identifiers(to, from)), (to, Identifiers(from)) })
            {
                using var answer = await SendAsync(HttpMethod.Patch, $"/v1/actors/{Id(actor)}",
                    new JsonObject { ["identifiers"] = identifiers }, "*", "passer", Patch);
                Assert.True((int)answer.StatusCode < 500, $"{answer.StatusCode}");
            }
        }
    }

    /// <summary>The writes of stale clients that landed, and those that landed on a record that they did not name.</summary>
    private async Task<(int Writes, List<string> Strays)> StraysAsync()
    {
        // an identifier names the record that had it before the write, unless it came there by a merge
        await using var command = api.Database.CreateCommand(
            """
            select c.id, c.version, c.operation, c.note, d.document ->> 'identifiers', array(
                select i ->> 'scheme' || ':' || (i ->> 'value') from json_array_elements_text(d.document -> 'referents') r
                join ledger_changes m on m.resource = 'actors' and m.id = r and m.operation = 'merged'
                join ledger_changes l on l.resource = 'actors' and l.id = r and l.version = m.version - 1
                join ledger_documents e on e.seq = l.seq
                cross join json_array_elements(e.document -> 'identifiers') i),
                array(select i ->> 'scheme' || ':' || (i ->> 'value') from json_array_elements(d.document -> 'identifiers') i)
            from ledger_changes c
            left join ledger_changes b on b.resource = c.resource and b.id = c.id and b.version = c.version - 1
            left join ledger_documents d on d.seq = b.seq
            where c.resource = 'actors' and c.note like 'named %' order by c.seq
            """);
        var (writes, strays) = (0, new List<string>());
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
        {
            writes++;
            var (id, note) = (reader.GetString(0), reader.GetString(3));
            var (name, condition) = (note.Split(' ')[1], note.Split(' ', 3)[2]);
            var (merged, own) = (await reader.GetFieldValueAsync<string[]>(5, Cancellation),
                await reader.GetFieldValueAsync<string[]>(6, Cancellation));
            var isNamed = name == id || (name.Contains(':', StringComparison.Ordinal) && own.Contains(name) && !merged.Contains(name));
            var isOfTag = !condition.Contains('.', StringComparison.Ordinal) || condition.StartsWith($"\"{id}.", StringComparison.Ordinal);
            if (!isNamed || !isOfTag)
                strays.Add($"{reader.GetString(2)} {id} version {reader.GetInt32(1)}: {note}");
        }

        return (writes, strays);
    }

    /// <summary>Sends a request and follows redirects with all that it has.</summary>
    private async Task<HttpResponseMessage> FollowAsync(HttpMethod method, string name, JsonObject? body, string? condition, string note)
    {
        var path = $"/v1/actors/{name}";
        while (true)
        {
            var answer = await SendAsync(method, path, body, condition, note, method == HttpMethod.Patch ? Patch : "application/json");
            if (answer.StatusCode != HttpStatusCode.PermanentRedirect)
                return answer;
            path = answer.Headers.Location!.OriginalString;
            answer.Dispose();
        }
    }

    private async Task<HttpResponseMessage> BatchAsync(string name, string condition, string note)
    {
        var line = new JsonObject
        {
            ["op"] = "patch",
            ["resource"] = "actors",
            ["id"] = name,
            ["record"] = new JsonObject { ["description"] = note }
        };
        if (int.TryParse(condition.Trim('"').Split('.')[^1], out var version))
            line["version"] = version;
        // the version of a line is not the tag of a record
        return await SendAsync(HttpMethod.Post, "/v1/batch", line, null, $"named {name} *", "application/x-ndjson");
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, JsonObject? body, string? condition, string note, string mediaType)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, mediaType);
        if (condition is not null)
            request.Headers.TryAddWithoutValidation("If-Match", condition);
        if (note.Length > 0)
            request.Headers.TryAddWithoutValidation("Change-Note", note);
        return await api.Editor.SendAsync(request, Cancellation);
    }

    private void Count(HttpMethod method, HttpResponseMessage answer) =>
        _answers.AddOrUpdate($"{method} {(int)answer.StatusCode}", 1, (_, n) => n + 1);
}
