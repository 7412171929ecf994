using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>What a record may say beside the others: ids that are made, references, conflicts, and what keeps a record from being
/// deleted.</summary>
public sealed class WritingRulesTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const string Patch = "application/merge-patch+json";

    public static TheoryData<string, string, string> MadeIds =>
    [
        .. SampleRecords.All.Where(s => s.MadeId is not null)
            .Select(s => (s.Resource, s.MadeId!.Value.Field, $"a-made-id-for-{s.Resource}{s.MadeId.Value.Suffix}")),
    ];

    [Theory, MemberData(nameof(MadeIds))]
    public async Task An_id_is_made_from_the_name_and_the_second_of_the_same_name_gets_a_number(
        string resource, string field, string first)
    {
        var second = $"{first}-2";
        var body = SampleRecords.Of(resource).Minimal("unused");
        body.Remove("id");
        body[field] = $"A “made” id for {resource}!";

        var one = await api.Editor.SendJsonAsync(HttpMethod.Post, $"/v1/{resource}", body);
        var two = await api.Editor.SendJsonAsync(HttpMethod.Post, $"/v1/{resource}", body);
        Assert.Equal(HttpStatusCode.NoContent, (await api.Editor.SendJsonAsync(HttpMethod.Delete, $"/v1/{resource}/{second}",
            ifMatch: "\"1\"")).Status);
        var three = await api.Editor.SendJsonAsync(HttpMethod.Post, $"/v1/{resource}", body);

        Assert.Equal((HttpStatusCode.Created, first), (one.Status, (string)one.Body!["id"]!));
        Assert.Equal($"/v1/{resource}/{first}", one.Response.Headers.Location!.ToString());
        Assert.Equal((HttpStatusCode.Created, second), (two.Status, (string)two.Body!["id"]!));
        // the id of a deleted record is not made again
        Assert.Equal((HttpStatusCode.Created, $"{first}-3"), (three.Status, (string)three.Body!["id"]!));
    }

    [Fact]
    public async Task Ids_of_relations_trade_and_observations_are_made_from_what_they_are_of()
    {
        var relation = SampleRecords.Relation("unused", "alpha", "beta");
        var trade = SampleRecords.Trade("alpha", "beta", "2001-Q1", 1);
        var observation = SampleRecords.Observation("unused", "alpha", 1);
        foreach (var body in (JsonObject[])[relation, observation])
            body.Remove("id");
        trade["commodity"] = new JsonObject { ["classification"] = "HS", ["code"] = "2716" };

        Assert.Equal("alpha-agreement-beta", (string)(await api.Editor.AddAsync("/v1/relations", relation))["id"]!);
        Assert.Equal("alpha-beta-m-2001-q1-hs-2716", (string)(await api.Editor.AddAsync("/v1/trade", trade))["id"]!);
        var made = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/indicators/length/observations", observation);
        Assert.Equal("length-alpha-2024", (string)made.Body!["id"]!);
        Assert.Equal("/v1/indicators/length/observations/length-alpha-2024", made.Response.Headers.Location!.ToString());
    }

    [Fact]
    public async Task An_identifier_is_taken_for_an_actor_everywhere_and_kept_as_the_id()
    {
        await AddActorAsync("gamma", ("iso3", "GGG"));
        var actor = SampleRecords.Actor("judged");
        actor["statuses"] = JsonNode.Parse("""[{ "status": "banned-organisation", "from": "2006", "by": "iso3:GGG" }]""");
        var trade = SampleRecords.Trade("iso3:GGG", "beta", "2002", 1);
        var happened = SampleRecords.Event("by-identifier", "2024", "iso3:GGG");
        var observation = SampleRecords.Observation("by-identifier", "iso3:GGG", 1);

        Assert.Equal("gamma", (string)(await api.Editor.AddAsync("/v1/actors", actor))["statuses"]![0]!["by"]!);
        var relation = await api.Editor.AddAsync("/v1/relations", SampleRecords.Relation("by-identifier", "iso3:GGG", "beta"));
        Assert.Equal(("gamma", "beta"), ((string)relation["subject"]!, (string)relation["object"]!));
        Assert.Equal("gamma", (string)(await api.Editor.AddAsync("/v1/trade", trade))["reporter"]!);
        Assert.Equal("gamma", (string)(await api.Editor.AddAsync("/v1/events", happened))["participants"]![0]!["actor"]!);
        Assert.Equal("gamma", (string)(await api.Editor.AddAsync("/v1/indicators/length/observations", observation))["subjects"]![0]!);
        // the same reference in other words is no change
        var same = await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/relations/by-identifier",
            new JsonObject { ["subject"] = "iso3:GGG" }, "\"1\"", mediaType: Patch);
        Assert.Equal((HttpStatusCode.OK, RecordETag.Of("by-identifier", 1, Edition.Current)), (same.Status, same.ETag));
    }

    [Fact]
    public async Task An_actor_is_the_same_by_id_and_by_identifier_wherever_two_have_to_differ()
    {
        await AddActorAsync("delta", ("iso3", "DDD"));
        var happened = SampleRecords.Event("twice", "2024", "delta", "iso3:DDD");
        var observation = SampleRecords.Observation("twice", "delta", 1);
        observation["subjects"] = new JsonArray("delta", "iso3:DDD");

        await RefusedAsync("/v1/relations", SampleRecords.Relation("to-itself", "delta", "iso3:DDD"), HttpStatusCode.UnprocessableEntity,
            "/object");
        await RefusedAsync("/v1/events", happened, HttpStatusCode.UnprocessableEntity, "/participants/1");
        await RefusedAsync("/v1/indicators/length/observations", observation, HttpStatusCode.UnprocessableEntity, "/subjects/1");
    }

    [Fact]
    public async Task All_dangling_references_are_reported_at_once_with_suggestions()
    {
        var body = SampleRecords.Event("dangling", "2024", "alpha-x", "iso3:QQQ", "Not an id", "iso9:TJK");
        body["citations"] = SampleRecords.Citations("no-such-source");

        var answer = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/events", body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.Equal(["/participants/0/actor", "/participants/1/actor", "/participants/2/actor", "/participants/3/actor",
            "/citations/0/source"], answer.Pointers);
        Assert.Equal("Unknown actor 'alpha-x'. Did you mean 'alpha'?",
            (string)answer.Body!["errors"]!["/participants/0/actor"]![0]!["message"]!);
        Assert.StartsWith("Unknown scheme; did you mean iso", (string)answer.Body["errors"]!["/participants/3/actor"]![0]!["message"]!,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cited_source_is_not_deleted_and_the_problem_lists_the_citing_records()
    {
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("cited"));
        await AddActorAsync("cites");
        JsonObject Citing(JsonObject body)
        {
            body["citations"] = SampleRecords.Citations("cited");
            return body;
        }

        var actor = Citing(SampleRecords.Actor("cites-1"));
        // cited by a part of it too: it is listed once
        actor["statuses"] = new JsonArray(new JsonObject { ["status"] = "active", ["citations"] = SampleRecords.Citations("cited") });
        await api.Editor.AddAsync("/v1/actors", actor);
        await api.Editor.AddAsync("/v1/relations", Citing(SampleRecords.Relation("cites-2", "cites", "alpha")));
        await api.Editor.AddAsync("/v1/events", Citing(SampleRecords.Event("cites-3", "2024", "cites")));
        var trade = Citing(SampleRecords.Trade("cites", "alpha", "2004", 1));
        trade["id"] = "cites-4";
        await api.Editor.AddAsync("/v1/trade", trade);
        await api.Editor.AddAsync("/v1/indicators", Citing(SampleRecords.Indicator("cites-5")));
        await api.Editor.AddAsync("/v1/indicators/cites-5/observations", Citing(SampleRecords.Observation("cites-6", "cites", 1)));
        string[] links =
        [
            "/v1/actors/cites-1", "/v1/events/cites-3", "/v1/indicators/cites-5", "/v1/indicators/cites-5/observations/cites-6",
            "/v1/relations/cites-2", "/v1/trade/cites-4",
        ];

        await StillReferencedAsync("/v1/sources/cited", links);

        foreach (var link in links.OrderByDescending(l => l.Length))
            Assert.Equal(HttpStatusCode.NoContent, (await api.Editor.SendJsonAsync(HttpMethod.Delete, link, ifMatch: "*")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/sources/cited",
            ifMatch: "*")).Status);
    }

    [Fact]
    public async Task A_referenced_actor_is_not_deleted_and_the_problem_lists_the_references()
    {
        await AddActorAsync("needed");
        await api.Editor.AddAsync("/v1/relations", SampleRecords.Relation("needs-1", "needed", "alpha"));
        await api.Editor.AddAsync("/v1/relations", SampleRecords.Relation("needs-2", "alpha", "needed"));
        await api.Editor.AddAsync("/v1/events", SampleRecords.Event("needs-3", "2024", "alpha", "needed"));
        foreach (var (id, reporter, partner) in ((string, string, string)[])[("needs-4", "needed", "alpha"),
            ("needs-5", "alpha", "needed")])
        {
            var trade = SampleRecords.Trade(reporter, partner, "2005", 1);
            trade["id"] = id;
            await api.Editor.AddAsync("/v1/trade", trade);
        }

        await api.Editor.AddAsync("/v1/indicators/length/observations", SampleRecords.Observation("needs-6", "needed", 1));
        var judged = SampleRecords.Actor("needs-7");
        judged["statuses"] = JsonNode.Parse("""[{ "status": "banned-organisation", "from": "2006", "by": "needed" }]""");
        await api.Editor.AddAsync("/v1/actors", judged);

        await StillReferencedAsync("/v1/actors/needed",
        [
            "/v1/actors/needs-7", "/v1/events/needs-3", "/v1/indicators/length/observations/needs-6", "/v1/relations/needs-1",
            "/v1/relations/needs-2",
            "/v1/trade/needs-4", "/v1/trade/needs-5",
        ]);
    }

    [Fact]
    public async Task An_indicator_with_observations_is_not_deleted()
    {
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("observed"));
        await api.Editor.AddAsync("/v1/indicators/observed/observations", SampleRecords.Observation("of-it", "alpha", 1));
        await StillReferencedAsync("/v1/indicators/observed", ["/v1/indicators/observed/observations/of-it"]);
    }

    [Fact]
    public async Task Of_many_that_refer_to_a_record_twenty_are_listed()
    {
        await AddActorAsync("popular");
        for (var i = 0; i < 23; i++)
            await api.Editor.AddAsync("/v1/relations", SampleRecords.Relation($"popular-{i:00}", "popular", "alpha"));

        var refused = await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/actors/popular", ifMatch: "\"1\"");

        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"popular-{i:00}"), refused.Body!["referencedBy"]!.AsArray()
            .Select(r => (string)r!["id"]!));
    }

    [Fact]
    public async Task An_actor_that_only_itself_refers_to_can_be_deleted()
    {
        await AddActorAsync("self");
        var statuses = JsonNode.Parse("""{ "statuses": [{ "status": "recognised-government", "from": "2021", "by": "self" }] }""");
        Assert.Equal(HttpStatusCode.OK, (await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/actors/self", statuses, "\"1\"",
            mediaType: Patch)).Status);

        Assert.Equal(HttpStatusCode.NoContent, (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/actors/self",
            ifMatch: "\"2\"")).Status);
    }

    [Fact]
    public async Task An_identifier_belongs_to_one_actor_and_the_conflict_names_it()
    {
        await AddActorAsync("holder", ("iso2", "HH"), ("cow", "777"));
        var second = SampleRecords.Actor("second");
        second["identifiers"] = JsonNode.Parse("""[{ "scheme": "iso2", "value": "HI" }, { "scheme": "cow", "value": "777" }]""");

        var refused = await RefusedAsync("/v1/actors", second, HttpStatusCode.Conflict, "/identifiers/1");
        Assert.Equal("cow:777 is the actor 'holder' (/v1/actors/holder).",
            (string)refused.Body!["errors"]!["/identifiers/1"]![0]!["message"]!);
        second.Remove("identifiers");
        await api.Editor.AddAsync("/v1/actors", second);
        var patch = JsonNode.Parse("""{ "identifiers": [{ "scheme": "iso2", "value": "HH" }] }""");
        var patched = await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/actors/second", patch, "\"1\"", mediaType: Patch);
        Assert.Equal((HttpStatusCode.Conflict, "/identifiers/0"), (patched.Status, Assert.Single(patched.Pointers)));
        // its own may be put in another order
        var own = JsonNode.Parse("""{ "identifiers": [{ "scheme": "cow", "value": "777" }, { "scheme": "iso2", "value": "HH" }] }""");
        Assert.Equal(HttpStatusCode.OK, (await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/actors/holder", own, "\"1\"",
            mediaType: Patch)).Status);
    }

    [Fact]
    public async Task A_source_gives_a_figure_of_trade_once()
    {
        var first = await api.Editor.AddAsync("/v1/trade", SampleRecords.Trade("alpha", "beta", "2006", 1));
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("other-source"));

        var refused = await RefusedAsync("/v1/trade", SampleRecords.Trade("alpha", "beta", "2006", 2), HttpStatusCode.Conflict, "");
        Assert.Contains($"/v1/trade/{first["id"]}", (string)refused.Body!["errors"]![""]![0]!["message"]!, StringComparison.Ordinal);
        var claim = SampleRecords.Trade("alpha", "beta", "2006", 2);
        claim["citations"] = SampleRecords.Citations("other-source");
        Assert.Equal("alpha-beta-m-2006-2", (string)(await api.Editor.AddAsync("/v1/trade", claim))["id"]!);
        var moved = new JsonObject { ["citations"] = SampleRecords.Citations() };
        var patched = await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/trade/alpha-beta-m-2006-2", moved, "\"1\"", mediaType: Patch);
        Assert.Equal(HttpStatusCode.Conflict, patched.Status);
    }

    [Fact]
    public async Task A_membership_is_held_once_at_a_time()
    {
        JsonObject Membership(string id, string? from, string? to)
        {
            var body = SampleRecords.Relation(id, "alpha", "beta");
            (body["type"], body["from"], body["to"]) = ("membership", from, to);
            return body;
        }

        await api.Editor.AddAsync("/v1/relations", Membership("member-1", "2001", "2005"));
        await RefusedAsync("/v1/relations", Membership("member-2", "2004", null), HttpStatusCode.Conflict, "/from");
        await api.Editor.AddAsync("/v1/relations", Membership("member-2", "2006", null));
        var widened = await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/relations/member-1", new JsonObject { ["to"] = ".." }, "\"1\"",
            mediaType: Patch);
        Assert.Equal((HttpStatusCode.Conflict, "/from"), (widened.Status, Assert.Single(widened.Pointers)));
    }

    [Fact]
    public async Task Statuses_by_the_same_actor_do_not_overlap()
    {
        var actor = SampleRecords.Actor("statuses");
        actor["statuses"] = JsonNode.Parse("""
            [{ "status": "banned-organisation", "from": "2006", "by": "alpha" },
            { "status": "banned-organisation", "from": "2010", "by": "beta" },
             { "status": "active", "from": "2000", "to": "2001" }, { "status": "active", "from": "2002" }, { "status": "office-holder" },
             { "status": "office-holder" }]
            """);
        await api.Editor.AddAsync("/v1/actors", actor);
        var overlapping = SampleRecords.Actor("overlapping");
        overlapping["statuses"] = JsonNode.Parse("""
            [{ "status": "active", "from": "2000", "to": "2001" }, { "status": "active", "from": "1999", "to": "2002" }]
            """);
        await RefusedAsync("/v1/actors", overlapping, HttpStatusCode.Conflict, "/statuses");
    }

    [Fact]
    public async Task An_observation_is_found_under_its_own_indicator_alone()
    {
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("width"));
        await api.Editor.AddAsync("/v1/indicators/length/observations", SampleRecords.Observation("a-length", "alpha", 1, "2019"));

        foreach (var answer in (JsonResponse[])
            [
                await api.Reader.GetJsonAsync("/v1/indicators/width/observations/a-length"),
                await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/indicators/width/observations/a-length", new JsonObject(), "*",
                    mediaType: Patch),
                await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/indicators/width/observations/a-length", ifMatch: "*"),
            ])
        {
            Assert.Equal((HttpStatusCode.NotFound, "/path/id"), (answer.Status, Assert.Single(answer.Pointers)));
        }
        // its id is taken all the same
        await RefusedAsync("/v1/indicators/width/observations", SampleRecords.Observation("a-length", "alpha", 1), HttpStatusCode.Conflict,
            "/id");
        var put = await api.Editor.SendJsonAsync(HttpMethod.Put, "/v1/indicators/width/observations/a-length",
            SampleRecords.Observation("a-length", "alpha", 1), ifNoneMatch: "*");
        Assert.Equal((HttpStatusCode.Conflict, "/id"), (put.Status, Assert.Single(put.Pointers)));
        var other = SampleRecords.Observation("a-width", "alpha", 1);
        other["indicator"] = "length";
        await RefusedAsync("/v1/indicators/width/observations", other, HttpStatusCode.UnprocessableEntity, "/indicator");
    }

    [Fact]
    public async Task Observations_of_an_indicator_that_is_missing_or_deleted_are_not_there_either()
    {
        await api.Editor.AddAsync("/v1/indicators", SampleRecords.Indicator("passing"));
        Assert.Equal(HttpStatusCode.NoContent, (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/indicators/passing",
            ifMatch: "\"1\"")).Status);

        foreach (var (indicator, status) in ((string, HttpStatusCode)[])[("passing", HttpStatusCode.Gone),
            ("never", HttpStatusCode.NotFound), ("Not An Id", HttpStatusCode.NotFound)])
        {
            var path = $"/v1/indicators/{Uri.EscapeDataString(indicator)}/observations";
            Assert.Equal(status, (await api.Reader.GetJsonAsync(path)).Status);
            Assert.Equal(status, (await api.Reader.GetJsonAsync($"{path}/x")).Status);
            Assert.Equal(status, (await api.Reader.GetJsonAsync($"{path}/availability")).Status);
            Assert.Equal(status,
                (await api.Editor.SendJsonAsync(HttpMethod.Post, path, SampleRecords.Observation("orphan", "alpha", 1))).Status);
            Assert.Equal(status, (await api.Editor.SendJsonAsync(HttpMethod.Put, $"{path}/orphan",
                SampleRecords.Observation("orphan", "alpha", 1))).Status);
            Assert.Equal(status, (await api.Editor.SendJsonAsync(HttpMethod.Patch, $"{path}/orphan", new JsonObject(), "*",
                mediaType: Patch)).Status);
            Assert.InRange((int)(await api.Editor.SendJsonAsync(HttpMethod.Delete, $"{path}/orphan", ifMatch: "*")).Status, 404, 410);
        }
    }

    private async Task<JsonResponse> RefusedAsync(string path, JsonObject body, HttpStatusCode status, string pointer)
    {
        var answer = await api.Editor.SendJsonAsync(HttpMethod.Post, path, body);
        Assert.True(answer.Status == status, $"{answer.Status}: {answer.Body?.ToJsonString()}");
        Assert.Equal(pointer, Assert.Single(answer.Pointers));
        return answer;
    }

    private async Task StillReferencedAsync(string path, string[] links)
    {
        var refused = await api.Editor.SendJsonAsync(HttpMethod.Delete, path, ifMatch: "\"1\"");
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.EndsWith("/problems/still-referenced", (string)refused.Body!["type"]!, StringComparison.Ordinal);
        Assert.Equal(links, refused.Body["referencedBy"]!.AsArray().Select(r => (string)r!["href"]!).Order(StringComparer.Ordinal));
        Assert.All(refused.Body["referencedBy"]!.AsArray(), r =>
        {
            Assert.Equal(((string)r!["href"]!).Split('/')[^1], (string)r["id"]!);
            Assert.Equal(((string)r["href"]!).Split('/')[^2], (string)r["resource"]!);
        });
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync(path)).Status);
    }

    private Task<JsonNode> AddActorAsync(string id, params (string Scheme, string Value)[] identifiers)
    {
        var body = SampleRecords.Actor(id);
        body["identifiers"] = new JsonArray([.. identifiers.Select(i => new JsonObject { ["scheme"] = i.Scheme, ["value"] = i.Value })]);
        return api.Editor.AddAsync("/v1/actors", body);
    }
}
