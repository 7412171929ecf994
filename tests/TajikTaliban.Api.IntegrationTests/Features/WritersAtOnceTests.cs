using System.Net;
using System.Text.Json.Nodes;
using Npgsql;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>Writers of the same moment: one wins, the others are told, nothing is lost, nothing dangles, and nobody gets a 5xx.</summary>
public sealed class WritersAtOnceTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const int Many = 20;
    private const string Patch = "application/merge-patch+json";

    [Fact]
    public async Task Of_twenty_changes_to_the_same_version_one_is_made()
    {
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("raced"));

        var answers = await AtOnceAsync(i =>
            api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/indicators/raced", new JsonObject { ["unit"] = $"unit {i}" }, "\"1\"",
                mediaType: Patch));

        AssertStatuses(answers, (HttpStatusCode.OK, 1), (HttpStatusCode.PreconditionFailed, Many - 1));
        var winner = answers.Single(a => a.Status == HttpStatusCode.OK).Body!;
        Assert.Equal(winner.ToJsonString(), (await api.Reader.GetJsonAsync("/v1/indicators/raced")).Body!.ToJsonString());
    }

    [Fact]
    public async Task Of_twenty_records_of_the_same_id_one_is_made()
    {
        var answers = await AtOnceAsync(i =>
        {
            var body = SampleRecords.Indicator("the-same-id");
            body["unit"] = $"unit {i}";
            return api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/indicators", body);
        });

        AssertStatuses(answers, (HttpStatusCode.Created, 1), (HttpStatusCode.Conflict, Many - 1));
        Assert.All(answers.Where(a => a.Status == HttpStatusCode.Conflict), a => Assert.Equal("/id", Assert.Single(a.Pointers)));
        var winner = answers.Single(a => a.Status == HttpStatusCode.Created).Body!;
        Assert.Equal(winner.ToJsonString(), (await api.Reader.GetJsonAsync("/v1/indicators/the-same-id")).Body!.ToJsonString());
    }

    [Fact]
    public async Task Twenty_records_of_the_same_name_get_twenty_ids()
    {
        var answers = await AtOnceAsync(_ =>
        {
            var body = SampleRecords.Indicator("unused");
            body.Remove("id");
            body["name"] = "Namesakes";
            return api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/indicators", body);
        });

        AssertStatuses(answers, (HttpStatusCode.Created, Many));
        Assert.Equal(
            Enumerable.Range(1, Many).Select(n => n == 1 ? "namesakes" : $"namesakes-{n}").Order(StringComparer.Ordinal),
            answers.Select(a => (string)a.Body!["id"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_twenty_deletions_one_deletes()
    {
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("deleted-at-once"));
        var answers = await AtOnceAsync(_ => api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/indicators/deleted-at-once",
            ifMatch: "\"1\""));
        AssertStatuses(answers, (HttpStatusCode.NoContent, 1), (HttpStatusCode.Gone, Many - 1));
    }

    [Fact]
    public async Task Of_twenty_figures_from_one_source_for_the_same_thing_one_is_kept()
    {
        var answers = await AtOnceAsync(i =>
        {
            var body = SampleRecords.Trade("alpha", "beta", "1999", i);
            body["id"] = $"doubled-{i}";
            return api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/trade", body);
        });
        AssertStatuses(answers, (HttpStatusCode.Created, 1), (HttpStatusCode.Conflict, Many - 1));
    }

    [Fact]
    public async Task Of_twenty_actors_with_the_same_identifier_one_gets_it()
    {
        var answers = await AtOnceAsync(i =>
        {
            var body = SampleRecords.Actor($"claims-{i}");
            body["identifiers"] = JsonNode.Parse("""[{ "scheme": "lei", "value": "529900T8BM49AURSDO55" }]""");
            return api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/actors", body);
        });
        AssertStatuses(answers, (HttpStatusCode.Created, 1), (HttpStatusCode.Conflict, Many - 1));
    }

    /// <summary>An exclusion constraint lets two writers wait for each other, which the database ends by failing one of them.</summary>
    [Fact]
    public async Task Of_twenty_memberships_at_overlapping_times_one_is_kept()
    {
        for (var round = 0; round < 3; round++)
        {
            var year = 1950 + (10 * round);
            var answers = await AtOnceAsync(i =>
            {
                var body = SampleRecords.Relation($"overlapping-{year}-{i}", "alpha", "beta");
                (body["type"], body["from"], body["to"]) = ("membership", $"{year}", $"{year + 1 + (i % 5)}");
                return api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/relations", body);
            });
            AssertStatuses(answers, (HttpStatusCode.Created, 1), (HttpStatusCode.Conflict, Many - 1));
        }
    }

    /// <summary>Each holds its own record while it needs the other's: without care they wait for each other until the database fails
    /// one.</summary>
    [Fact]
    public async Task Actors_that_judge_each_other_can_be_changed_at_once()
    {
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("judge-0"));
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("judge-1"));
        for (var round = 0; round < 10; round++)
        {
            var year = $"{1990 + round}";
            var answers = await AtOnceAsync(i => api.Editor.SendJsonAsync(HttpMethod.Patch, $"/v1/actors/judge-{i}",
                new JsonObject
                {
                    ["statuses"] = new JsonArray(
                        new JsonObject { ["status"] = "banned-organisation", ["from"] = year, ["by"] = $"judge-{1 - i}" }),
                },
                "*", mediaType: Patch), 2);
            AssertStatuses(answers, (HttpStatusCode.OK, 2));
        }
    }

    [Fact]
    public async Task An_actor_deleted_while_relations_to_it_are_added_never_leaves_one_dangling()
    {
        for (var round = 0; round < 8; round++)
        {
            var actor = $"fleeting-{round}";
            await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(actor));

            var answers = await AtOnceAsync(i => i is 3 or 4
                ? api.Editor.SendJsonAsync(HttpMethod.Delete, $"/v1/actors/{actor}", ifMatch: "*")
                : api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/relations", SampleRecords.Relation($"to-{actor}-{i}", "alpha", actor)), 8);

            var (deletions, relations) = (answers[3..5], answers[..3].Concat(answers[5..]).ToList());
            Assert.All(relations, a => Assert.Contains(a.Status, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict,
                HttpStatusCode.UnprocessableEntity]));
            Assert.All(deletions, a => Assert.Contains(a.Status, (HttpStatusCode[])[HttpStatusCode.NoContent, HttpStatusCode.Conflict,
                HttpStatusCode.Gone]));
            var isThere = (await api.Reader.GetJsonAsync($"/v1/actors/{actor}")).Status == HttpStatusCode.OK;
            var made = relations.Count(a => a.Status == HttpStatusCode.Created);
            Assert.Equal(isThere, !deletions.Any(a => a.Status == HttpStatusCode.NoContent));
            Assert.True(isThere || made == 0, $"{made} relations refer to the deleted '{actor}'.");
        }
    }

    /// <summary>The deletion is not yet committed when the id is asked for again: the answer has to wait for it.</summary>
    [Fact]
    public async Task The_id_of_a_record_under_deletion_is_not_reused()
    {
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("half-deleted"));
        await using var other = await api.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await LedgerSession.BeginAsync(other, new Author(ApiFixture.Start), TestContext.Current.CancellationToken);
        await using (var delete = new NpgsqlCommand("delete from indicators where id = 'half-deleted'", other))
            Assert.Equal(1, await delete.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));

        var post = api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/indicators", SampleRecords.Indicator("half-deleted"));
        var put = api.Editor.SendJsonAsync(HttpMethod.Put, "/v1/indicators/half-deleted", SampleRecords.Indicator("half-deleted"),
            ifNoneMatch: "*");
        await UntilWaitingAsync(2);
        Assert.False(post.IsCompleted || put.IsCompleted);
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Conflict, (await post).Status);
        Assert.Equal(HttpStatusCode.Gone, (await put).Status);
        Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync("/v1/indicators/half-deleted")).Status);
    }

    private static Task<JsonResponse[]> AtOnceAsync(Func<int, Task<JsonResponse>> send, int many = Many) =>
        Task.WhenAll(Enumerable.Range(0, many).Select(i => Task.Run(() => send(i), TestContext.Current.CancellationToken)));

    private static void AssertStatuses(IEnumerable<JsonResponse> answers, params (HttpStatusCode Status, int Count)[] expected) =>
        Assert.Equal(
            expected.Select(e => $"{e.Count} x {e.Status}"),
            answers.GroupBy(a => a.Status).OrderBy(g => g.Key).Select(g => $"{g.Count()} x {g.Key}"));

    private async Task UntilWaitingAsync(int many)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            await using var waiting = api.Database.CreateCommand(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
            if ((long)(await waiting.ExecuteScalarAsync(TestContext.Current.CancellationToken))! >= many)
                return;
            await Task.Delay(25, TestContext.Current.CancellationToken);
        }

        Assert.Fail("The writers do not wait for the deletion.");
    }
}
