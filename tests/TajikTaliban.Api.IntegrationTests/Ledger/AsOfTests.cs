using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>Whatever was answered when a position was the newest is answered as of that position, for ever.</summary>
public sealed class AsOfTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Steps = 260;
    private const int RecordsAStep = 4;
    private static readonly string[] Actors = ["a0", "a1", "a2", "a3", "a4"];
    private static readonly string[] Sorts = ["", "&sort=-earliest", "&sort=id", "&sort=-recordedAt", "&sort=type,-id"];

    [Fact]
    public async Task Records_and_lists_as_of_random_positions_match_the_responses_of_then()
    {
        var random = new Random(20261124);
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source());
        foreach (var actor in Actors)
            await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(actor));
        var versions = new Dictionary<string, int>();
        var answers = new List<(string Path, string Position, HttpStatusCode Status, string Body)>();
        var next = 0;
        for (var step = 0; step < Steps; step++)
        {
            api.Time.Advance(TimeSpan.FromMinutes(7));
            for (var writes = random.Next(1, 4); writes > 0; writes--)
                await WriteAsync(random, versions, () => $"e{next++}");
            var position = (string)(await api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;
            for (var i = 0; i < RecordsAStep; i++)
            {
                answers.Add(
                    await AnswerAsync(random.Next(4) == 0
                        ? $"/v1/actors/{Actors[random.Next(Actors.Length)]}" : $"/v1/events/e{random.Next(next + 3)}", position));
            }

            if (step % 2 == 0)
                answers.Add(await AnswerAsync(List(random), position));
        }

        var lists = 0;
        foreach (var (path, position, status, body) in answers)
        {
            var (now, text) =
                Plain(await api.Reader.GetJsonAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}asOf={position}"));
            if (path.Contains('?', StringComparison.Ordinal))
                lists++;
            if (status == HttpStatusCode.NotFound)
                Assert.Equal(status, now);
            else
                Assert.True((status, body) == (now, text), $"{path} as of {position}\nthen: {(int)status} {body}\nnow:  {(int)now} {text}");
        }

        Assert.True(lists >= 100 && answers.Count - lists >= 1000, $"{lists} lists, {answers.Count} answers");
    }

    private async Task WriteAsync(Random random, Dictionary<string, int> versions, Func<string> newId)
    {
        if (random.Next(8) == 0)
        {
            var actor = Actors[random.Next(Actors.Length)];
            var current = (await api.Reader.GetJsonAsync($"/v1/actors/{actor}")).ETag;
            await SendAsync(HttpMethod.Patch, $"/v1/actors/{actor}", current, new JsonObject
            {
                ["name"] = $"Name {random.Next(1000)}",
                ["statuses"] =
                    new JsonArray(
                        new JsonObject { ["status"] = "de-facto-government", ["from"] = $"{1990 + random.Next(30)}", ["to"] = null }),
                ["sectors"] = random.Next(2) == 0 ? new JsonArray("GOV", "MIL") : new JsonArray("REB"),
            });
        }
        else if (versions.Count < 20 || random.Next(3) == 0)
        {
            var id = newId();
            await api.Editor.AddAsync("/v1/events", Event(id, random));
            versions[id] = 1;
        }
        else
        {
            var id = versions.Keys.ElementAt(random.Next(versions.Count));
            var tag = $"\"{versions[id]}\"";
            if (random.Next(5) == 0)
            {
                await SendAsync(HttpMethod.Delete, $"/v1/events/{id}", tag, null);
                versions.Remove(id);
            }
            else
            {
                await SendAsync(HttpMethod.Put, $"/v1/events/{id}", tag, Event(id, random));
                versions[id]++;
            }
        }
    }

    private static string List(Random random)
    {
        string Actor() => Actors[random.Next(Actors.Length)];
        var from = 2000 + random.Next(20);
        string[] filters =
        [
            $"actor={Actor()}", $"actor.all={Actor()},{Actor()}", $"actor={Actor()},{Actor()}", $"from={from}&to={from + 5}",
                $"actor={Actor()}&from={from}-03&to={from + 3}-06",
            "type=CONSULT", "status=occurred,reported", $"validAt={from}-05", "certainty=assessed", "source=source&limit=7",
                $"q=title {random.Next(30)}", "place=1",
            $"actor={Actor()}&type=AGREE,CONSULT&from={from}", $"actor.source={Actor()}", $"actor.target={Actor()},{Actor()}&from={from}",
                $"actor.source={Actor()}&actor={Actor()}",
            $"actor={Actor()}&source=source&certainty=assessed",
        ];
        var filter = filters[random.Next(filters.Length)];
        if (filter == "place=1")
            filter = "quadClass=1";
        return $"/v1/events?{filter}{(filter[0] == 'q' ? "" : Sorts[random.Next(Sorts.Length)])}"
            + $"{(random.Next(3) == 0 ? "&facets=type,actor,certainty" : "")}"
            + $"{(random.Next(3) == 0 ? "&count=exact" : "")}{(random.Next(4) == 0 ? "&expand=participants.actor" : "")}";
    }

    private static JsonObject Event(string id, Random random)
    {
        var made = SampleRecords.Event(id, Date(random), [.. Actors.Where(_ => random.Next(2) == 0).DefaultIfEmpty("a0")]);
        if (random.Next(2) == 0)
            (made["type"], made["cameo"]) = ("AGREE", "057");
        made["title"] = $"Title {random.Next(30)}";
        foreach (var participant in made["participants"]!.AsArray())
            participant!["role"] = random.Next(2) == 0 ? "source" : "target";
        made["status"] = random.Next(2) == 0 ? "occurred" : "reported";
        made["citations"]![0]!["certainty"] = random.Next(2) == 0 ? "stated" : "assessed";
        return made;
    }

    private static string Date(Random random)
    {
        var day = new DateOnly(2000, 1, 1).AddDays(random.Next(9000));
        return random.Next(5) switch
        {
            0 => day.ToString("yyyy", CultureInfo.InvariantCulture),
            1 => day.ToString("yyyy-MM", CultureInfo.InvariantCulture),
            2 => $"{day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}/..",
            _ => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    private async Task<(string, string, HttpStatusCode, string)> AnswerAsync(string path, string position)
    {
        var (status, body) = Plain(await api.Reader.GetJsonAsync(path));
        return (path, position, status, body);
    }

    /// <summary>An answer without what says when it was asked: how far it reads, the trace, the cursor's pinned moment.</summary>
    private static (HttpStatusCode, string) Plain(JsonResponse answer)
    {
        var body = answer.Body!.AsObject();
        body.Remove("position");
        body.Remove("traceId");
        (body["query"] as JsonObject)?.Remove("asOf");
        // the position is in the cursor, or in asOf
        if (body["next"] is not null)
            body["next"] = "another page";
        return (answer.Status, body.ToJsonString());
    }

    private async Task SendAsync(HttpMethod method, string path, string? tag, JsonObject? body)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8,
                method == HttpMethod.Patch ? "application/merge-patch+json" : "application/json");
        }

        var answer = await api.Editor.SendJsonAsync(request);
        Assert.True((int)answer.Status < 300, $"{method} {path}: {answer.Body?.ToJsonString()}");
    }
}
