using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>Merged ids and identifiers: read everywhere, and nothing is written to a record that the writer did not name.</summary>
public sealed class IdentityTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private const string Patch = "application/merge-patch+json";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task No_write_through_a_merged_id_or_identifier_changes_anything()
    {
        await AddAsync("da", "wikidata:Q881001");
        await PatchAsync("da", new JsonObject { ["description"] = "Second version." });
        await AddAsync("db", "wikidata:Q881002");
        await AddAsync("dc");
        await MergeAsync("da", "db");
        var survivor = await api.Reader.GetJsonAsync("/v1/actors/db");
        Assert.Equal(2, (int)survivor.Body!["version"]!);
        var position = await PositionAsync();

        foreach (var name in new[] { "da", "wikidata:Q881001" })
        {
            var path = $"/v1/actors/{name}";
            foreach (var condition in new[] { "\"2\"", "*", "\"db.2\"", "\"da.2\"" })
            {
                AssertRefused("db", await api.Editor.SendJsonAsync(HttpMethod.Delete, path, ifMatch: condition));
                AssertRefused("db", await api.Editor.SendJsonAsync(
                    HttpMethod.Patch, path, new JsonObject { ["description"] = "Stale." }, condition, mediaType: Patch));
                AssertRefused("db", await api.Editor.SendJsonAsync(HttpMethod.Put, path, SampleRecords.Actor("db"), condition));
                AssertRefused("db", await SendAsync(HttpMethod.Post, $"{path}/merge", Into("dc"), condition));
            }

            AssertRefused("db", await api.Editor.SendJsonAsync(HttpMethod.Delete, path));
            AssertRefused("db", await api.Editor.SendJsonAsync(HttpMethod.Put, path, SampleRecords.Actor("da"), ifNoneMatch: "*"));
            AssertRefused("db", await SendAsync(HttpMethod.Post, "/v1/actors/dc/merge", Into(name)), "/into");
            foreach (var line in new[]
            {
                Line("delete", name), Line("patch", name, new JsonObject { ["description"] = "Stale." }),
                Line("upsert", name, SampleRecords.Actor("da")), Line("delete", name, version: 2),
            })
            {
                AssertRefused("db", await BatchAsync(line), "/lines/1/id");
            }
        }

        AssertRefused("db", await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/actors", SampleRecords.Actor("da")), "/id");
        Assert.Equal(position, await PositionAsync());
        Assert.Equal(survivor.Body.ToJsonString(), (await api.Reader.GetJsonAsync("/v1/actors/db")).Body!.ToJsonString());
        // the survivor's own id and identifier still write
        Assert.Equal(HttpStatusCode.OK, (await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/actors/wikidata:Q881002",
            new JsonObject { ["description"] = "Fresh." }, survivor.ETag, mediaType: Patch)).Status);
    }

    [Fact]
    public async Task Pointers_to_parts_that_name_an_actor_follow_a_merge()
    {
        await AddAsync("part-a", "wikidata:Q881901");
        await AddAsync("part-b");
        var actor = SampleRecords.Actor("part-c");
        actor["statuses"] = JsonNode.Parse(
            """
            [{ "status": "banned-organisation", "by": "part-a", "from": "2004" }, { "status": "active", "from": "2021~/2024~" },
             { "status": "armed-movement", "by": "wikidata:Q881901" }, { "status": "inactive" }]
            """);
        actor["citations"]![0]!["supports"] = new JsonArray("/statuses/banned-organisation:part-a:2004", "/statuses/active:2021~0~12024~0",
            "/statuses/armed-movement:wikidata:Q881901/by", "/statuses/inactive");
        await api.Editor.AddAsync("/v1/actors", actor);
        var happened = SampleRecords.Event("part-e", "2024", "part-a");
        happened["citations"]![0]!["supports"] = new JsonArray($"/participants/part-a:{happened["participants"]![0]!["role"]}/role");
        await api.Editor.AddAsync("/v1/events", happened);

        await MergeAsync("part-a", "part-b");

        var read = (await api.Reader.GetJsonAsync("/v1/actors/part-c")).Body!;
        Assert.Equal(["part-b", null, "part-b", null], read["statuses"]!.AsArray().Select(s => (string?)s!["by"]));
        Assert.Equal(["/statuses/banned-organisation:part-b:2004", "/statuses/active:2021~0~12024~0", "/statuses/armed-movement:part-b/by",
            "/statuses/inactive"], read["citations"]![0]!["supports"]!.AsArray().Select(s => (string)s!));
        var moved = (await api.Reader.GetJsonAsync("/v1/events/part-e")).Body!;
        Assert.StartsWith("/participants/part-b:", (string)moved["citations"]![0]!["supports"]![0]!, StringComparison.Ordinal);
        Assert.Equal(["part-c"],
            (await api.Reader.WalkAsync("/v1/actors?supports=/statuses/banned-organisation:part-b:2004")).Select(Id));
    }

    [Fact]
    public async Task A_redirect_keeps_the_query_and_the_format()
    {
        await AddAsync("ma");
        await AddAsync("mb");
        var before = await PositionAsync();
        await MergeAsync("ma", "mb");
        await api.Editor.AddAsync("/v1/releases", new JsonObject { ["id"] = "printed", ["title"] = "Printed" });
        await PatchAsync("mb", new JsonObject { ["description"] = "After the release." });

        var redirect = await api.Reader.GetJsonAsync("/v1/actors/ma?asOf=printed&fields=id,description");
        Assert.Equal((HttpStatusCode.PermanentRedirect, "/v1/actors/mb?asOf=printed&fields=id,description"),
            (redirect.Status, redirect.Response.Headers.Location!.OriginalString));
        Assert.Equal("mb", (string)redirect.Body!["mergedInto"]!);
        Assert.Equal("""{"id":"mb","description":null}""",
            (await api.Reader.GetJsonAsync(redirect.Response.Headers.Location.OriginalString)).Body!.ToJsonString());
        var table = await api.Reader.GetJsonAsync("/v1/actors/ma.csv?asOf=printed");
        Assert.Equal("/v1/actors/mb.csv?asOf=printed", table.Response.Headers.Location!.OriginalString);
        // as of a moment before the merge they are two
        Assert.Equal("""{"id":"ma"}""", (await api.Reader.GetJsonAsync($"/v1/actors/ma?asOf={before}&fields=id")).Body!.ToJsonString());
        Assert.Equal(["ma", "mb"], (await api.Reader.WalkAsync($"/v1/actors?asOf={before}&identifier=ma,mb")).Select(Id));
        Assert.Equal(["mb"], (await api.Reader.WalkAsync("/v1/actors?identifier=ma,mb")).Select(Id));
        // a version of the merged record is its own, and no version of the survivor's
        Assert.Equal("ma", Id((await api.Reader.GetJsonAsync("/v1/actors/ma?version=1")).Body!));
        var merge = await api.Reader.GetJsonAsync("/v1/actors/ma?version=2");
        Assert.Equal((HttpStatusCode.Gone, "mb"), (merge.Status, (string?)merge.Body!["tombstone"]!["mergedInto"]));
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetJsonAsync("/v1/actors/ma?version=3")).Status);
        var history = (await api.Reader.GetJsonAsync("/v1/actors/ma/history")).Body!["items"]!.AsArray();
        Assert.Equal(["merged", "created"], history.Select(v => (string)v!["operation"]!));
    }

    [Fact]
    public async Task A_merged_id_and_its_identifiers_mean_the_survivor_in_filters_and_bodies()
    {
        await AddAsync("fa", "wikidata:Q882001");
        await AddAsync("fb", "wikidata:Q882002");
        await AddAsync("fc");
        await AddAsync("fd");
        await api.Editor.AddAsync("/v1/events", SampleRecords.Event("f-event", "2020", "fa"));
        await api.Editor.AddAsync("/v1/relations", SampleRecords.Relation("f-relation", "fa", "fd"));
        var before = await PositionAsync();
        await MergeAsync("fa", "fb");
        await MergeAsync("fb", "fc");
        var after = await PositionAsync();
        await api.Editor.AddAsync("/v1/events", SampleRecords.Event("f-later", "2021", "fb"));
        Assert.Equal("fc", (string)(await api.Reader.GetJsonAsync("/v1/events/f-later")).Body!["participants"]![0]!["actor"]!);
        Assert.Equal("""["fa","fb"]""", (await api.Reader.GetJsonAsync("/v1/actors/fc")).Body!["referents"]!.ToJsonString());

        foreach (var name in new[] { "fa", "fb", "fc", "wikidata:Q882001", "wikidata:Q882002" })
        {
            Assert.Equal(["f-event", "f-later"], (await api.Reader.WalkAsync($"/v1/events?actor={name}&sort=id&limit=1")).Select(Id));
            Assert.Equal(["f-event", "f-later"], (await api.Reader.WalkAsync($"/v1/events?actor={name},fd&sort=id")).Select(Id));
            Assert.Equal(["f-event"], (await api.Reader.WalkAsync($"/v1/events?actor={name}&asOf={after}")).Select(Id));
            Assert.Equal(["f-relation"], (await api.Reader.WalkAsync($"/v1/relations?subject={name}")).Select(Id));
            Assert.Equal(["fc"], (await api.Reader.WalkAsync($"/v1/actors?identifier={name}")).Select(Id));
            var page = (await api.Reader.GetJsonAsync($"/v1/events?actor={name}&facets=type&count=exact")).Body!;
            Assert.Equal((2, """["fc"]"""), ((int)page["count"]!["value"]!, page["query"]!["actor"]!.ToJsonString()));
            Assert.Equal(3, (await api.Reader.GetStringAsync($"/v1/events.csv?actor={name}&fields=id", Cancellation)).Split('\n',
                StringSplitOptions.RemoveEmptyEntries).Length);
            Assert.Equal("fc", Id((await api.Reader.GetJsonAsync(await FollowAsync($"/v1/actors/{name}"))).Body!));
        }

        Assert.Equal(["f-event"], (await api.Reader.WalkAsync($"/v1/events?actor=fa&asOf={before}")).Select(Id));
        Assert.Empty((await api.Reader.GetJsonAsync($"/v1/events?actor=fb&asOf={before}")).Body!["items"]!.AsArray());
        // an older version refers to the merged id, under which the survivor is expanded
        var old = (await api.Reader.GetJsonAsync("/v1/events/f-event?version=1&expand=participants.actor")).Body!;
        Assert.Equal(("fa", "fc"), ((string)old["participants"]![0]!["actor"]!, (string)old["expanded"]!["actors"]!["fa"]!["id"]!));
        // the merged id and the survivor are one: a record cannot relate it to itself by using both names
        var relation = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/relations", SampleRecords.Relation("f-self", "fa", "fc"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, relation.Status);
        var meeting = SampleRecords.Event("f-meeting", "2020", "fa", "fc");
        meeting["participants"]![1]!["role"] = "target";
        var refused = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/events", meeting);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Equal(["/participants/0/actor"], refused.Pointers);
    }

    [Fact]
    public async Task Identifiers_and_names_are_carried_over()
    {
        var loser = SampleRecords.Actor("na");
        loser["name"] = "Movement";
        loser["names"] = new JsonArray(Name("Ҳаракат", "tg", "native"), Name("Shared", "en", "alias"));
        loser["identifiers"] = new JsonArray(Identifier("wikidata", "Q883001"), Identifier("other", "a/b,c:d.e%2Ff"));
        await api.Editor.AddAsync("/v1/actors", loser);
        var survivor = SampleRecords.Actor("nb");
        survivor["names"] = new JsonArray(Name("Shared", "en", "alias"));
        survivor["identifiers"] = new JsonArray(Identifier("wikidata", "Q883002"));
        await api.Editor.AddAsync("/v1/actors", survivor);

        var merged = (await SendAsync(HttpMethod.Post, "/v1/actors/wikidata:Q883001/merge", Into("wikidata:Q883002"))).Body!;

        Assert.Equal(("na", "nb"), ((string)merged["merged"]!, (string)merged["into"]!));
        Assert.Equal(["Shared en alias", "Movement en alias", "Ҳаракат tg native"],
            merged["survivor"]!["names"]!.AsArray().Select(n => $"{n!["text"]} {n["lang"]} {n["kind"]}"));
        Assert.Equal(["wikidata:Q883002", "wikidata:Q883001", "other:a/b,c:d.e%2Ff"],
            merged["survivor"]!["identifiers"]!.AsArray().Select(i => $"{i!["scheme"]}:{i["value"]}"));
        Assert.Equal(merged["survivor"]!.ToJsonString(), (await api.Reader.GetJsonAsync("/v1/actors/nb")).Body!.ToJsonString());
    }

    /// <summary>Each resource that relates actors to each other, with the ids of two.</summary>
    public static TheoryData<string, string, string> Relating => new()
    {
        { "relations", "full", "beta" }, { "events", "full", "beta" }, { "trade", "full", "beta" }, { "observations", "full", "beta" },
        { "actors", "full", "full-actor" },
    };

    [Theory]
    [MemberData(nameof(Relating))]
    public async Task Actors_that_a_record_relates_to_each_other_are_not_merged(string resource, string prefix, string second)
    {
        // the samples name the actors alpha and beta; a full actor has a status by alpha
        var sample = SampleRecords.Of(resource);
        var (x, y) = ($"{prefix}-{resource}-x", $"{prefix}-{resource}-y");
        if (resource != "actors")
            await AddAsync(y);
        await AddAsync(x);
        var text = sample.As($"{prefix}-{resource}-of-both").Body.ToJsonString().Replace("\"alpha\"", $"\"{x}\"", StringComparison.Ordinal)
            .Replace($"\"{second}\"", $"\"{y}\"", StringComparison.Ordinal);
        var record = (JsonObject)JsonNode.Parse(text)!;
        if (resource == "actors")
            (record["id"], record["identifiers"]) = (y, new JsonArray());
        await api.Editor.AddAsync(sample.Path, record);
        var position = await PositionAsync();

        foreach (var (loser, into) in new[] { (x, y), (y, x) })
        {
            var refused = await SendAsync(HttpMethod.Post, $"/v1/actors/{loser}/merge", Into(into));
            Assert.Equal(HttpStatusCode.Conflict, refused.Status);
            var id = (string)record["id"]!;
            Assert.Equal([$"/referencedBy/{resource}/{id}"], refused.Pointers);
            Assert.Equal(1, (int)refused.Body!["referencedByTotal"]!);
            Assert.Equal($"{sample.Path}/{id}", (string)refused.Body["referencedBy"]!.AsArray().Single()!["href"]!);
        }

        Assert.Equal(position, await PositionAsync());
        if (resource != "actors")
        {
            Assert.Equal(HttpStatusCode.NoContent,
                (await api.Editor.SendJsonAsync(HttpMethod.Delete, $"{sample.Path}/{record["id"]}", ifMatch: "*")).Status);
            await MergeAsync(x, y);
        }
    }

    [Fact]
    public async Task A_resource_that_refers_to_two_actors_is_one_that_merges_look_at()
    {
        // every resource with a field that expands to actors is in the theory above; who claims something is not related to it
        var catalogue = api.Services.GetRequiredService<ResourceCatalogue>();
        var actors = catalogue.All.Single(r => r.IsMergeable);
        Assert.Equal(catalogue.All.Where(r => r.List.Expands.Any(e => e.Table == actors.Table && e.Path != "citations.claimant"))
            .Select(r => r.Name)
            .Order(StringComparer.Ordinal),
            Relating.Select(r => r.Data.Item1).Order(StringComparer.Ordinal));
        await Task.CompletedTask;
    }

    [Fact]
    public async Task An_identifier_works_wherever_an_id_does()
    {
        await AddAsync("ia", "iso3:XIA");
        await AddAsync("ib", "iso3:XIB");
        await PatchAsync("ia", new JsonObject { ["description"] = "Two." });

        Assert.Equal("ia", Id((await api.Reader.GetJsonAsync("/v1/actors/iso3:XIA")).Body!));
        var history = await api.Reader.GetJsonAsync("/v1/actors/iso3:XIA/history?limit=1");
        Assert.Equal(2, (int)history.Body!["items"]![0]!["version"]!);
        Assert.StartsWith("/v1/actors/ia/history?limit=1&cursor=", (string)history.Body["next"]!, StringComparison.Ordinal);
        Assert.Equal(1, (int)(await api.Reader.GetJsonAsync((string)history.Body["next"]!)).Body!["items"]![0]!["version"]!);
        Assert.Equal(1, (int)(await api.Reader.GetJsonAsync("/v1/actors/iso3:XIA?version=1")).Body!["version"]!);

        var tag = (await api.Reader.GetJsonAsync("/v1/actors/iso3:XIA")).ETag;
        var patched = await api.Editor.SendJsonAsync(
            HttpMethod.Patch, "/v1/actors/iso3:XIA", new JsonObject { ["description"] = "Three." }, tag, mediaType: Patch);
        Assert.Equal((HttpStatusCode.OK, RecordETag.Of("ia", 3, Edition.Current), "/v1/actors/ia"),
            (patched.Status, patched.ETag, patched.Response.Content.Headers.ContentLocation!.OriginalString));
        var body = SampleRecords.Actor("ia");
        body["identifiers"] = new JsonArray(Identifier("iso3", "XIA"));
        var replaced = await api.Editor.SendJsonAsync(HttpMethod.Put, "/v1/actors/iso3:XIA", body, patched.ETag);
        Assert.Equal((HttpStatusCode.OK, RecordETag.Of("ia", 4, Edition.Current)), (replaced.Status, replaced.ETag));
        var batch = await BatchAsync(
            Line("patch", "iso3:XIA", new JsonObject { ["description"] = "Five." }, 4), Line("delete", "iso3:XIB", version: 1));
        Assert.Equal(["changed ia 5", "deleted ib 2"], batch.Body!["lines"]!.AsArray()
            .Select(l => $"{l!["outcome"]} {l["id"]} {l["version"]}"));
        Assert.Equal(["/lines/1/id"], (await BatchAsync(Line("delete", "iso3:XIB"))).Pointers);
        Assert.Equal(HttpStatusCode.NotFound,
            (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/actors/iso3:XIB", ifMatch: "*")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetJsonAsync("/v1/actors/iso3:XIB/history")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await api.Reader.GetJsonAsync("/v1/actors/iso9:XIB/history")).Status);
        Assert.Equal(HttpStatusCode.NoContent,
            (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/actors/iso3:XIA", ifMatch: "\"ia.5\"")).Status);
    }

    [Fact]
    public async Task An_identifier_that_passed_to_another_record_does_not_take_a_write_with_it()
    {
        await AddAsync("pa", "iso3:XPA");
        await AddAsync("pb");
        var read = await api.Reader.GetJsonAsync("/v1/actors/iso3:XPA");
        await PatchAsync("pa", new JsonObject { ["identifiers"] = new JsonArray() });
        await PatchAsync("pa", new JsonObject { ["description"] = "Without it." });
        var body = SampleRecords.Actor("pc");
        body["identifiers"] = new JsonArray(Identifier("iso3", "XPA"));
        await api.Editor.AddAsync("/v1/actors", body);

        // the other record is at the version that was read
        Assert.Equal(HttpStatusCode.PreconditionFailed,
            (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/actors/iso3:XPA", ifMatch: read.ETag)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed,
            (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/actors/iso3:XPA", ifMatch: "\"1\"")).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed,
            (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/actors/pc", ifMatch: read.ETag)).Status);
        // who names whichever record has the identifier says so
        Assert.Equal(HttpStatusCode.NoContent,
            (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/actors/iso3:XPA", ifMatch: "*")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync("/v1/actors/pc")).Status);
    }

    [Theory]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("x,y", "x%2Cy")]
    [InlineData("x:y:z", "x:y:z")]
    [InlineData("un-sc:TAi.001", "un-sc:TAi.001")]
    [InlineData("q?r#s", "q%3Fr%23s")]
    [InlineData("/", "%2F")]
    [InlineData(@"b\c", "b%5Cc")]
    [InlineData("a+b&c=d", "a+b&c=d")]
    public async Task An_identifier_of_any_characters_has_an_address(string value, string encoded)
    {
        var id = $"o-{Guid.NewGuid():n}"[..12];
        var body = SampleRecords.Actor(id);
        body["identifiers"] = new JsonArray(Identifier("other", value));
        await api.Editor.AddAsync("/v1/actors", body);
        var path = $"/v1/actors/other:{encoded}";

        foreach (var client in new[] { api.Reader })
        {
            Assert.Equal(id, Id((await RawAsync(HttpMethod.Get, path)).Body!));
            Assert.Equal(id, Id((await RawAsync(HttpMethod.Get, $"{path}?version=1")).Body!));
            Assert.Equal(1, (int)(await RawAsync(HttpMethod.Get, $"{path}/history")).Body!["items"]![0]!["version"]!);
        }

        var sought = Uri.EscapeDataString("other:" + value.Replace(@"\", @"\\", StringComparison.Ordinal)
            .Replace(",", @"\,", StringComparison.Ordinal));
        Assert.Equal([id], (await api.Reader.WalkAsync($"/v1/actors?identifier={sought}")).Select(Id));
        var description = new JsonObject { ["description"] = value };
        Assert.Equal(HttpStatusCode.OK, (await RawAsync(HttpMethod.Patch, path, description, $"\"{id}.1\"")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await RawAsync(HttpMethod.Delete, path, null, $"\"{id}.2\"")).Status);
    }

    [Fact]
    public async Task Words_of_the_addresses_are_no_ids()
    {
        var catalogue = api.Services.GetRequiredService<ResourceCatalogue>();
        var routes = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Select(e => e.RoutePattern.RawText!.Trim('/').Split('/')).ToList();
        foreach (var resource in catalogue.All)
        {
            string[] path = ["v1", .. resource.Route.Trim('/').Split('/')];
            var words = routes.Where(r => r.Length > path.Length && r.Take(path.Length).SequenceEqual(path))
                .SelectMany(r => r.Skip(path.Length))
                .Where(s => !s.StartsWith('{')).ToHashSet();
            Assert.Superset(new HashSet<string> { Resource.AvailabilitySegment, "history" }, words);
            Assert.Subset(resource.ReservedIds.ToHashSet(), words);
        }

        foreach (var sample in SampleRecords.All)
        {
            foreach (var word in catalogue.All.Single(r => r.Name == sample.Resource).ReservedIds)
            {
                var body = sample.Minimal(word);
                var posted = await api.Editor.SendJsonAsync(HttpMethod.Post, sample.Path, body);
                Assert.Equal((HttpStatusCode.UnprocessableEntity, "/id"), (posted.Status, Assert.Single(posted.Pointers)));
                var put = await api.Editor.SendJsonAsync(HttpMethod.Put, $"{sample.Path}/{word}", body, ifNoneMatch: "*");
                Assert.True(put.Status is HttpStatusCode.UnprocessableEntity or HttpStatusCode.MethodNotAllowed, $"{put.Status}");
                if (sample.Resource == "observations")
                    body["indicator"] = "length";
                var line = await BatchAsync(Line("upsert", word, body, null, sample.Resource));
                Assert.Equal((HttpStatusCode.UnprocessableEntity, "/lines/1/record/id"), (line.Status, Assert.Single(line.Pointers)));
            }
        }

        foreach (var (path, field, word) in new[]
        {
            ("sources", "title", "Availability"), ("sources", "title", "History!"), ("actors", "name", "Merge"),
            ("indicators", "name", "Observations"),
        })
        {
            var body = path == "sources" ? SampleRecords.Source() : path == "actors"
                ? SampleRecords.Actor("x") : SampleRecords.Indicator("x");
            body.Remove("id");
            body[field] = word;
            var made = await api.Editor.SendJsonAsync(HttpMethod.Post, $"/v1/{path}", body);
            var address = $"/v1/{path}/{word.TrimEnd('!').ToLowerInvariant()}-2";
            Assert.Equal((HttpStatusCode.Created, address), (made.Status, made.Response.Headers.Location!.OriginalString));
            Assert.Equal(word, (string)(await api.Reader.GetJsonAsync(address)).Body![field]!);
        }
    }

    [Fact]
    public async Task Records_that_refer_to_each_other_are_deleted_in_one_batch()
    {
        await AddAsync("ra");
        await AddAsync("rb");
        await PatchAsync("ra", Banned("rb"));
        await PatchAsync("rb", Banned("ra"));
        await api.Editor.AddAsync("/v1/events", SampleRecords.Event("r-event", "2020", "ra", "rb"));
        Assert.Equal(HttpStatusCode.Conflict, (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/actors/ra", ifMatch: "*")).Status);
        Assert.Equal(["/lines/1/id"], (await BatchAsync(Line("delete", "ra"))).Pointers);
        // the event stays, and refers to both
        Assert.Equal(["/lines/1/id", "/lines/2/id"], (await BatchAsync(Line("delete", "ra"), Line("delete", "rb"))).Pointers);

        var deleted = await BatchAsync(Line("delete", "ra"), Line("delete", "r-event", resource: "events"), Line("delete", "rb"));

        Assert.True(deleted.Status == HttpStatusCode.OK, deleted.Body!.ToJsonString());
        Assert.Equal(3, (int)deleted.Body["deleted"]!);
        foreach (var path in new[] { "/v1/actors/ra", "/v1/actors/rb", "/v1/events/r-event" })
            Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync(path)).Status);
    }

    [Fact]
    public async Task A_batch_does_not_both_write_and_delete_a_record()
    {
        await AddAsync("bd1", "iso3:XBD");
        var position = await PositionAsync();
        foreach (var write in new[]
        {
            Line("upsert", "bd1", SampleRecords.Actor("bd1")), Line("upsert", null, SampleRecords.Actor("bd1")),
            Line("patch", "bd1", new JsonObject { ["description"] = "New." }),
            Line("patch", "iso3:XBD", new JsonObject { ["description"] = "New." }),
        })
        {
            foreach (var lines in new[] { new[] { Line("delete", "bd1"), write }, [write.DeepClone().AsObject(), Line("delete", "bd1")] })
            {
                var refused = await BatchAsync(lines);
                Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
                Assert.Equal(["/lines/1/id", "/lines/2/id"], refused.Pointers);
            }
        }

        Assert.Equal(position, await PositionAsync());
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/v1/actors/bd1")).Status);
    }

    [Fact]
    public async Task Batch_lines_are_counted_as_in_a_text_editor()
    {
        const string Right = """{"resource":"sources","record":{"kind":"report","title":"Counted"}}""";
        var form = await RawBatchAsync($"{Right}\n\n \t\r\nnot json\n");
        Assert.Equal(["/lines/4"], form.Pointers);
        var rule = await RawBatchAsync($"\n{Right}\n\n" + """{"resource":"sources","record":{"kind":"artikel","title":"Wrong"}}""");
        Assert.Equal(["/lines/4/record/kind"], rule.Pointers);
        var written = await RawBatchAsync($"\n\n{Right}\n\n{Right}");
        Assert.Equal([3, 5], written.Body!["lines"]!.AsArray().Select(l => (int)l!["line"]!));
    }

    [Fact]
    public async Task A_refused_deletion_says_how_many_records_refer()
    {
        const int Citing = 203;
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("cited"));
        var lines = Enumerable.Range(0, Citing).Select(i =>
        {
            var record = SampleRecords.Event($"citing-{i:000}", "2020", "alpha");
            record["citations"] = new JsonArray(SampleRecords.Citations("cited")[0]!.DeepClone(), SampleRecords.Citations("cited")[0]!
                .DeepClone());
            return Line("upsert", null, record, null, "events");
        });
        Assert.Equal(HttpStatusCode.OK, (await BatchAsync([.. lines])).Status);

        var refused = await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/sources/cited", ifMatch: "*");

        Assert.Equal((HttpStatusCode.Conflict, Citing), (refused.Status, (int)refused.Body!["referencedByTotal"]!));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"citing-{i:000}"), refused.Body["referencedBy"]!.AsArray().Select(Id!));
        Assert.Equal("203 records still refer to 'cited': citing-000, citing-001, citing-002, ….", (string)refused.Body["detail"]!);
        var line = await BatchAsync(Line("delete", "cited", resource: "sources"));
        Assert.StartsWith("203 records still refer", (string)line.Body!["errors"]!["/lines/1/id"]![0]!["message"]!,
            StringComparison.Ordinal);
    }

    private static void AssertRefused(string survivor, JsonResponse answer, string pointer = "/path/id")
    {
        Assert.True(answer.Status == HttpStatusCode.Conflict, $"{answer.Status}: {answer.Body?.ToJsonString()}");
        Assert.Equal(survivor, (string?)answer.Body!["mergedInto"]);
        Assert.EndsWith("/problems/merged-record", (string)answer.Body["type"]!, StringComparison.Ordinal);
        Assert.Equal([pointer], answer.Pointers);
        Assert.Null(answer.Response.Headers.Location);
    }

    private static string Id(JsonNode record) => (string)record["id"]!;

    private static JsonObject Into(string into) => new() { ["into"] = into };

    private static JsonObject Name(string text, string lang, string kind) => new() { ["text"] = text, ["lang"] = lang, ["kind"] = kind };

    private static JsonObject Identifier(string scheme, string value) => new() { ["scheme"] = scheme, ["value"] = value };

    private static JsonObject Banned(string by) => new()
    {
        ["statuses"] = new JsonArray(new JsonObject { ["status"] = "banned-organisation", ["from"] = "2020", ["by"] = by }),
    };

    private static JsonObject Line(string op, string? id, JsonObject? record = null, int? version = null, string resource = "actors")
    {
        var line = new JsonObject { ["op"] = op, ["resource"] = resource };
        if (id is not null)
            line["id"] = id;
        if (record is not null)
            line["record"] = record.DeepClone();
        if (version is not null)
            line["version"] = version;
        return line;
    }

    private async Task AddAsync(string id, params string[] identifiers)
    {
        var body = SampleRecords.Actor(id);
        body["identifiers"] = new JsonArray([.. identifiers.Select(i => Identifier(i.Split(':', 2)[0], i.Split(':', 2)[1]))]);
        await api.Editor.AddAsync("/v1/actors", body);
    }

    private async Task PatchAsync(string id, JsonObject patch)
    {
        var answer = await api.Editor.SendJsonAsync(HttpMethod.Patch, $"/v1/actors/{id}", patch, "*", mediaType: Patch);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body?.ToJsonString());
    }

    private async Task MergeAsync(string id, string into)
    {
        var answer = await SendAsync(HttpMethod.Post, $"/v1/actors/{id}/merge", Into(into));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body?.ToJsonString());
    }

    private Task<JsonResponse> SendAsync(HttpMethod method, string path, JsonObject body, string? ifMatch = null) =>
        api.Editor.SendJsonAsync(method, path, body, ifMatch);

    private async Task<string> FollowAsync(string path)
    {
        var answer = await api.Reader.GetJsonAsync(path);
        return answer.Status == HttpStatusCode.PermanentRedirect ? answer.Response.Headers.Location!.OriginalString : path;
    }

    private async Task<string> PositionAsync() =>
        (string)(await api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;

    private Task<JsonResponse> BatchAsync(params JsonObject[] lines) =>
        RawBatchAsync(string.Join('\n', lines.Select(l => l.ToJsonString())));

    private async Task<JsonResponse> RawBatchAsync(string lines)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch");
        request.Content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
        return await api.Editor.SendJsonAsync(request);
    }

    /// <summary>Sends the address exactly as it is written.</summary>
    private async Task<JsonResponse> RawAsync(HttpMethod method, string address, JsonObject? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(api.Reader.BaseAddress!.GetLeftPart(UriPartial.Authority) + address,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, Patch);
        if (ifMatch is not null)
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        return await api.Editor.SendJsonAsync(request);
    }
}
