using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>Batches, idempotency keys, positions of writes.</summary>
public sealed class WritingForServicesTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_is_one_transaction_whose_lines_may_refer_to_each_other_in_any_order()
    {
        var start = await PositionAsync();
        var relation = SampleRecords.Relation("b-relation", "b-one", "b-two");
        relation["citations"] = SampleRecords.Citations("b-source");
        var answer = await BatchAsync(
            Line("relations", relation), Line("actors", Actor("b-two")), Line("actors", Actor("b-one")),
                Line("sources", SampleRecords.Source("b-source")));

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body!.ToJsonString());
        Assert.Equal(
            [(1, "created", "relations", "b-relation", 1), (2, "created", "actors", "b-two", 1), (3, "created", "actors", "b-one", 1),
                (4, "created", "sources", "b-source", 1)],
            answer.Body["lines"]!.AsArray()
                .Select(l => ((int)l!["line"]!, (string)l["outcome"]!, (string)l["resource"]!, (string)l["id"]!, (int)l["version"]!)));
        var changes = (await api.Reader.GetJsonAsync($"/v1/changes?after={start}")).Body!;
        Assert.Equal(4, changes["items"]!.AsArray().Count);
        Assert.Single(changes["items"]!.AsArray().Select(c => (long)c!["transaction"]!).Distinct());
        Assert.Equal((string)changes["position"]!, answer.Response.Headers.GetValues("Position").Single());

        var second = await BatchAsync(
            Line("actors", Actor("b-one")),
                new JsonObject
                {
                    ["op"] = "patch",
                    ["resource"] = "actors",
                    ["id"] = "b-two",
                    ["record"] = new JsonObject { ["name"] = "Other" },
                    ["cause"] = "our-error",
                },
            new JsonObject { ["op"] = "delete", ["resource"] = "sources", ["id"] = "b-none", ["version"] = 1 });
        Assert.Equal(HttpStatusCode.NotFound, second.Status);
        Assert.Equal(["/lines/3/id"], second.Pointers);
        Assert.Equal("Name of b-two", (string)(await api.Reader.GetJsonAsync("/v1/actors/b-two")).Body!["name"]!);

        var third = await BatchAsync(
            Line("actors", Actor("b-one")),
                new JsonObject
                {
                    ["op"] = "patch",
                    ["resource"] = "actors",
                    ["id"] = "b-two",
                    ["record"] = new JsonObject { ["name"] = "Other" },
                    ["cause"] = "our-error",
                },
            new JsonObject { ["op"] = "delete", ["resource"] = "relations", ["id"] = "b-relation", ["version"] = 1 });
        Assert.Equal((0, 1, 1, 1),
            ((int)third.Body!["created"]!, (int)third.Body["changed"]!, (int)third.Body["unchanged"]!, (int)third.Body["deleted"]!));
        Assert.Equal("our-error", (string)(await api.Reader.GetJsonAsync("/v1/actors/b-two/history")).Body!["items"]![0]!["cause"]!);
    }

    [Fact]
    public async Task A_faulty_batch_writes_nothing_and_lists_all_faults_by_line()
    {
        var start = await PositionAsync();
        var wrong = SampleRecords.Source("f-wrong");
        wrong["kind"] = "artikel";
        var answer = await BatchAsync(Line("sources", SampleRecords.Source("f-right")), Line("sources", wrong),
            Line("actors", Actor("f-actor", "f-nobody")));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal(["/lines/2/record/kind", "/lines/3/record/citations/0/source"], answer.Pointers.Order(StringComparer.Ordinal));
        Assert.Equal(start, await PositionAsync());

        var form =
            await RawBatchAsync("{\"resource\":\"sources\"}\nnot json\n{\"op\":\"upset\",\"resource\":\"sorces\",\"recrod\":{}}\n[]");
        Assert.Equal(HttpStatusCode.BadRequest, form.Status);
        Assert.Equal(["/lines/1/record", "/lines/2", "/lines/3/op", "/lines/3/record", "/lines/3/recrod", "/lines/3/resource", "/lines/4"],
            form.Pointers.Order(StringComparer.Ordinal));
        Assert.Contains("'upsert'", (string)form.Body!["errors"]!["/lines/3/op"]![0]!["message"]!, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await RawBatchAsync("")).Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await RawBatchAsync("{}", "text/csv")).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge,
            (await RawBatchAsync(
                string.Concat(Enumerable.Repeat("{\"op\":\"delete\",\"resource\":\"actors\",\"id\":\"x\"}\n", 50_001)))).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge,
            (await RawBatchAsync($"{{\"resource\":\"sources\",\"note\":\"{new string('x', 1_200_000)}\"}}")).Status);
        using var anonymous = new StringContent("{}", Encoding.UTF8, "application/x-ndjson");
        Assert.Equal(HttpStatusCode.Unauthorized, (await api.Reader.PostAsync("/v1/batch", anonymous, Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Fifty_thousand_lines_are_one_batch()
    {
        // the triggers are planned once for a connection: for what is written first, which is little
        for (var i = 0; i < 20; i++)
            await api.Editor.AddAsync("/v1/sources", SampleRecords.Source($"before-many-{i}"));
        var watch = Stopwatch.StartNew();
        var answer =
            await BatchAsync(
                [.. Enumerable.Range(0, 50_000)
                    .Select(i => Line("sources", SampleRecords.Source(string.Create(CultureInfo.InvariantCulture, $"many-{i}"))))]);

        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body!.ToJsonString());
        Assert.Equal(50_000, (int)answer.Body["created"]!);
        TestContext.Current.TestOutputHelper?.WriteLine($"50,000 lines in {watch.Elapsed.TotalSeconds:0.0} s");
    }

    [Fact]
    public async Task The_same_idempotency_key_and_body_replays_the_response_and_another_body_is_refused()
    {
        var body = SampleRecords.Source("once");
        var first = await PostAsync("key-1", body);
        var start = await PositionAsync();
        var second = await PostAsync("key-1", body);

        Assert.Equal((HttpStatusCode.Created, first.Body!.ToJsonString(), first.ETag),
            (second.Status, second.Body!.ToJsonString(), second.ETag));
        Assert.Equal(first.Response.Headers.Location, second.Response.Headers.Location);
        Assert.Equal(first.Response.Headers.GetValues("Position"), second.Response.Headers.GetValues("Position"));
        Assert.Equal("true", second.Response.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(start, await PositionAsync());
        var other = SampleRecords.Source("twice");
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync("key-1", other)).Status);
        // another's key of the same name is another key
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("key-2", other)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PostAsync(new string('k', 300), other)).Status);
        // what failed is not kept: the key is free for the request that is put right
        var wrong = SampleRecords.Source("thrice");
        wrong["kind"] = "artikel";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await PostAsync("key-3", wrong)).Status);
        Assert.Equal(HttpStatusCode.Created, (await PostAsync("key-3", SampleRecords.Source("thrice"))).Status);
    }

    [Fact]
    public async Task Concurrent_requests_with_one_idempotency_key_write_once_and_share_the_response()
    {
        var body = new JsonObject { ["kind"] = "report", ["title"] = "At once" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => PostAsync("at-once", body)));

        Assert.All(answers,
            a => Assert.Equal((HttpStatusCode.Created, answers[0].Body!.ToJsonString()), (a.Status, a.Body!.ToJsonString())));
        Assert.Single(answers, a => !a.Response.Headers.Contains("Idempotency-Replayed"));
        Assert.Single(await api.Reader.WalkAsync("/v1/sources?q=at once"), s => (string)s["title"]! == "At once");
    }

    [Fact]
    public async Task Min_Position_of_a_write_reads_that_write()
    {
        var made = await PostAsync("min", SampleRecords.Source("min-position"));
        var position = made.Response.Headers.GetValues("Position").Single();

        Assert.Equal(HttpStatusCode.OK, (await GetAsync("/v1/sources/min-position", position)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await GetAsync("/v1/sources/min-position", "99999999-abcdefgh")).Status);
        Assert.Equal(["/header/Min-Position"], (await GetAsync("/v1/sources/min-position", "soon")).Pointers);
        var cause = await SendAsync(HttpMethod.Post, "/v1/sources", SampleRecords.Source("cause"), ("Change-Cause", "our-eror"));
        Assert.Contains("'our-error'", (string)cause.Body!["errors"]!["/header/Change-Cause"]![0]!["message"]!, StringComparison.Ordinal);
    }

    private Task<JsonResponse> PostAsync(string key, JsonObject body) =>
        SendAsync(HttpMethod.Post, "/v1/sources", body, ("Idempotency-Key", key));

    private Task<JsonResponse> GetAsync(string path, string position) => SendAsync(HttpMethod.Get, path, null, ("Min-Position", position));

    private async Task<JsonResponse> SendAsync(HttpMethod method, string path, JsonObject? body, (string Name, string Value) header)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await api.Editor.SendJsonAsync(request);
    }

    private static JsonObject Actor(string id, string source = "b-source")
    {
        var actor = SampleRecords.Actor(id);
        actor["citations"] = SampleRecords.Citations(source);
        return actor;
    }

    private static JsonObject Line(string resource, JsonObject record) => new() { ["resource"] = resource, ["record"] = record };

    private Task<JsonResponse> BatchAsync(params JsonObject[] lines) =>
        RawBatchAsync(string.Join('\n', lines.Select(l => l.ToJsonString())));

    private async Task<JsonResponse> RawBatchAsync(string text, string mediaType = "application/x-ndjson")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post,
            "/v1/batch")
        { Content = new StringContent(text, Encoding.UTF8, mediaType) };
        return await api.Editor.SendJsonAsync(request);
    }

    private async Task<string> PositionAsync() => (string)(await api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;
}
