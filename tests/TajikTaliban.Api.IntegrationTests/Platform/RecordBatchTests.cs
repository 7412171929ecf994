using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>Batches of changes: their order, their faults, their transaction, and the decision on each change.</summary>
public sealed class RecordBatchTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_are_written_after_those_that_they_refer_to_and_deleted_before_them()
    {
        var relation = SampleRecords.Relation("o-relation", "o-one", "o-two");
        relation["citations"] = SampleRecords.Citations("o-source");
        var start = await api.Reader.GetJsonAsync("/v1/changes?after=now");
        var written = await WriteAsync(
            Upsert(1, "relations", relation), Upsert(2, "actors", Actor("o-two")), Upsert(3, "actors", Actor("o-one")),
            Upsert(4, "sources", SampleRecords.Source("o-source")));

        Assert.Equal([(1, "o-relation"), (2, "o-two"), (3, "o-one"), (4, "o-source")], written.Select(o => (o.Change.Source.Number, o.Id)));
        Assert.All(written, o => Assert.Equal((WriteOutcome.Created, 1), (o.Outcome, o.Version)));

        var deleted = await WriteAsync(Delete(1, "sources", "o-source"), Delete(2, "actors", "o-one"), Delete(3, "actors", "o-two"),
            Delete(4, "relations", "o-relation"));

        Assert.All(deleted, o => Assert.Equal((WriteOutcome.Deleted, 2), (o.Outcome, o.Version)));
        var changes = (await api.Reader.GetJsonAsync($"/v1/changes?after={(string)start.Body!["position"]!}")).Body!["items"]!.AsArray();
        Assert.Equal(
            ["sources", "actors", "actors", "relations", "relations", "actors", "actors", "sources"],
            changes.Select(c => (string)c!["resource"]!));
        Assert.Equal([4, 4], changes.GroupBy(c => (long)c!["transaction"]!).Select(t => t.Count()));
    }

    [Theory]
    [InlineData("application/json", "[{0},{1}]")]
    [InlineData("application/json; charset=utf-8", " [\n {0} ,\n\n{1}]\n")]
    [InlineData("application/x-ndjson", "{0}\n{1}")]
    public async Task A_batch_is_an_array_or_lines(string mediaType, string form)
    {
        var id = $"form-{Math.Abs(form.Length)}-{mediaType.Length}";
        string Line(string of) => new JsonObject { ["resource"] = "sources", ["record"] = SampleRecords.Source(of) }.ToJsonString();
        var body = form.Replace("{0}", Line($"{id}-a"), StringComparison.Ordinal).Replace("{1}", Line($"{id}-b"), StringComparison.Ordinal);

        var answer = await SendAsync(mediaType, body);

        Assert.Equal(
            $$"""{"created":2,"changed":0,"unchanged":0,"deleted":0,"lines":[{{Outcome(1, "a")}},{{Outcome(2, "b")}}]}""",
            answer.Body!.ToJsonString());
        string Outcome(int line, string of) =>
            $$"""{"line":{{line}},"outcome":"created","resource":"sources","id":"{{id}}-{{of}}","version":1}""";
    }

    [Theory]
    [InlineData("", "", "not-json")]
    [InlineData("[]", "", "empty-body")]
    [InlineData("{\"resource\":\"sources\"}", "", "wrong-type")]
    [InlineData("[1]", "/lines/1", "wrong-type")]
    [InlineData("[{\"resource\":\"sources\",\"record\":{}}", "", "not-json")]
    [InlineData("[{\"resource\":\"sources\",\"record\":{}}] []", "", "not-json")]
    [InlineData("[{\"resource\":\"sources\" \"record\":{}}]", "", "not-json")]
    [InlineData("[{\"resource\":\"sources\",\"record\":{}},{\"resource\":\"nothing\",\"record\":{}}]", "/lines/2/resource",
        "unknown-value")]
    public async Task An_array_that_cannot_be_read_is_refused_and_nothing_is_written(string body, string pointer, string code)
    {
        var before = await Tables.StateAsync(api.Database);

        var answer = await SendAsync("application/json", body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        var error = Assert.Single(answer.Body!["errors"]!.AsObject());
        Assert.Equal((pointer, code), (error.Key, (string)error.Value![0]!["code"]!));
        Assert.Equal(before, await Tables.StateAsync(api.Database));
    }

    private async Task<JsonResponse> SendAsync(string mediaType, string body)
    {
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch") { Content = content };
        return await api.Editor.SendJsonAsync(request);
    }

    [Fact]
    public async Task Faults_of_all_changes_are_reported_by_their_source_and_nothing_is_written()
    {
        var wrong = SampleRecords.Source("f-wrong");
        wrong["kind"] = "artikel";
        var before = await Tables.StateAsync(api.Database);

        var refused = await Assert.ThrowsAsync<BatchRefusedException>(() => WriteAsync(
            Upsert(7, "actors", Actor("f-actor", "f-nobody")), Upsert(8, "sources", SampleRecords.Source("f-right")),
            Upsert(9, "sources", wrong),
            Delete(10, "sources", "f-missing")));

        Assert.Equal(
            [(7, "/citations/0/source"), (9, "/kind"), (10, "/path/id")],
            refused.Faults.Select(f => (f.Change.Source.Number, f.Problem.Errors!.Single().Key)).OrderBy(f => f.Number));
        Assert.Equal(before, await Tables.StateAsync(api.Database));
    }

    [Fact]
    public async Task The_change_that_the_database_refuses_among_many_is_found()
    {
        JsonObject WithIdentifier(string id)
        {
            var actor = Actor(id, "c-source");
            actor["identifiers"] = new JsonArray(new JsonObject { ["scheme"] = "wikidata", ["value"] = "Q987654321" });
            return actor;
        }

        var refused = await Assert.ThrowsAsync<BatchRefusedException>(() => WriteAsync(
            Upsert(1, "sources", SampleRecords.Source("c-source")), Upsert(2, "actors", WithIdentifier("c-first")),
            Upsert(3, "actors", Actor("c-other", "c-source")), Upsert(4, "actors", WithIdentifier("c-second"))));

        var fault = Assert.Single(refused.Faults);
        Assert.Equal((4, ProblemType.Conflict), (fault.Change.Source.Number, fault.Problem.Type));
        Assert.Contains("c-first", fault.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_is_left_by_decision_on_the_state_of_its_record()
    {
        await WriteAsync(Upsert(1, "sources", SampleRecords.Source("d-stored")), Upsert(2, "sources", SampleRecords.Source("d-deleted")));
        await WriteAsync(Delete(1, "sources", "d-deleted"));
        var states = new List<(string?, int?, bool)>();
        var other = SampleRecords.Source("d-stored");
        other["title"] = "Other";

        var outcomes = await WriteAsync(
            (change, stored, isDeleted) =>
            {
                states.Add((change.Id, stored?.Version, isDeleted));
                return stored is null && !isDeleted;
            },
            Upsert(1, "sources", other), Upsert(2, "sources", SampleRecords.Source("d-deleted")),
            Upsert(3, "sources", SampleRecords.Source("d-new")));

        Assert.Equal([("d-stored", 1, false), ("d-deleted", null, true), ("d-new", null, false)], states);
        Assert.Equal(
            [(WriteOutcome.Left, 1), (WriteOutcome.Left, 0), (WriteOutcome.Created, 1)], outcomes.Select(o => (o.Outcome, o.Version)));
        Assert.Equal(RecordETag.Of("d-stored", 1, Edition.Current), (await api.Reader.GetJsonAsync("/v1/sources/d-stored")).ETag);
    }

    private Task<IReadOnlyList<ChangeOutcome>> WriteAsync(params RecordChange[] changes) => WriteAsync(null, changes);

    private async Task<IReadOnlyList<ChangeOutcome>> WriteAsync(DecideChange? decide, params RecordChange[] changes)
    {
        var batch = api.Services.GetRequiredService<RecordBatch>();
        var (outcomes, _) = await api.Services.GetRequiredService<WriteTransaction>().RunAsync(
            new Author(ApiFixture.Start, "batch"), session => batch.WriteAsync(session, changes, decide, Cancellation), Cancellation);
        return outcomes;
    }

    private static JsonObject Actor(string id, string source = "o-source")
    {
        var actor = SampleRecords.Actor(id);
        actor["citations"] = SampleRecords.Citations(source);
        return actor;
    }

    private RecordChange Upsert(int number, string resource, JsonObject record) =>
        Change(number, resource, (string)record["id"]!) with { Body = JsonSerializer.SerializeToElement(record) };

    private RecordChange Delete(int number, string resource, string id) =>
        Change(number, resource, id) with { Operation = ChangeOperation.Delete };

    private RecordChange Change(int number, string resource, string id) => new(
        new ChangeSource("test", number), ChangeOperation.Upsert,
        api.Services.GetRequiredService<ResourceCatalogue>().All.Single(r => r.Name == resource), id, default, null,
        new ChangeReason(null, null));
}
