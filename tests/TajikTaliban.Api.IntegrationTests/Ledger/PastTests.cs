using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Features.Sources;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.IntegrationTests.Ledger;

/// <summary>What was: versions, moments of the past, releases, corrections, merges.</summary>
public sealed class PastTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task History_lists_versions_with_what_they_changed_and_each_version_has_an_address()
    {
        await BasicsAsync("h");
        var first = (await api.Reader.GetJsonAsync("/v1/actors/h-alpha")).Body!;
        await PatchAsync("/v1/actors/h-alpha", 1, new JsonObject { ["description"] = "Words.", ["sectors"] = new JsonArray("GOV") },
            "new-fact", "Found.");
        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/actors/h-alpha", ifMatch: "\"2\"");

        var items = (await api.Editor.GetJsonAsync("/v1/actors/h-alpha/history")).Body!["items"]!.AsArray();

        Assert.Equal([(3, "deleted"), (2, "updated"), (1, "created")], items.Select(i => ((int)i!["version"]!, (string)i["operation"]!)));
        Assert.Equal(("new-fact", "Found.", "editor"),
            ((string)items[1]!["cause"]!, (string)items[1]!["note"]!, (string)items[1]!["key"]!));
        Assert.Equal(
            """[{"pointer":"/sectors/GOV","after":"GOV"},{"pointer":"/sectorsLabel/Government","after":"Government"},"""
            + """{"pointer":"/description","before":null,"after":"Words."}]""",
            items[1]!["differences"]!.ToJsonString());
        var old = await api.Reader.GetJsonAsync((string)items[2]!["href"]!);
        Assert.Equal(first.ToJsonString(), old.Body!.ToJsonString());
        Assert.Contains("immutable", old.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Null(items[0]!["href"]);
        Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync("/v1/actors/h-alpha?version=3")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync("/v1/actors/h-alpha?version=9")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetJsonAsync("/v1/actors/h-beta?version=2")).Status);
        var page = (await api.Reader.GetJsonAsync("/v1/actors/h-alpha/history?limit=1")).Body!;
        var older = (await api.Reader.GetJsonAsync((string)page["next"]!)).Body!;
        Assert.Equal(2, (int)older["items"]!.AsArray().Single()!["version"]!);
        var cursor = ((string)page["next"]!).Split("cursor=")[1];
        foreach (var forged in new[] { "3", "Mw", cursor[..^1], $"{(cursor[0] == 'A' ? 'B' : 'A')}{cursor[1..]}" })
            Assert.Equal(["/query/cursor"], (await api.Reader.GetJsonAsync($"/v1/actors/h-alpha/history?cursor={forged}")).Pointers);
        Assert.Equal(HttpStatusCode.BadRequest, (await api.Reader.GetJsonAsync($"/v1/actors/h-beta/history?cursor={cursor}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetJsonAsync("/v1/actors/h-none/history")).Status);
    }

    [Theory]
    [InlineData("names", "A en,B en,C en", "B en,C en", "/names/A -")]
    [InlineData("names", "A en,B en", "A en,X en,B en", "/names/X +")]
    [InlineData("names", "A en,A en,B en", "A en,B en", "/names/A#2 -")]
    [InlineData("names", "A en,B en", "A tg,B en", "/names/A/lang ~")]
    [InlineData("names", "A en,B en", "B en,A en", """/names ["A","B"] ["B","A"]""")]
    [InlineData("names", "A en,B en,C en", "C en,B en", """/names/A -|/names ["B","C"] ["C","B"]""")]
    [InlineData("identifiers", "iso3 AAA,other a/b", "iso3 BBB,other a/b", "/identifiers/iso3:AAA/value ~")]
    [InlineData("identifiers", "iso3 AAA,other a/b", "iso3 AAA", "/identifiers/other:a~1b -")]
    [InlineData("participants", "x source,y target,z host", "y target,z host", "/participants/x:source -")]
    [InlineData("participants", "x source,y target", "x host,y target", "/participants/x:source/role ~")]
    [InlineData("participants", "x source,x host", "x source,x target", "/participants/x:host/role ~")]
    [InlineData("citations", "s p1,s p2", "s p2", "/citations/s:p1 -")]
    [InlineData("sectors", "GOV,MIL,REB", "MIL,REB,SPY", "/sectors/GOV -|/sectors/SPY +")]
    public void Members_of_lists_are_compared_by_identity(string list, string before, string after, string expected)
    {
        var differences = Difference.Of(Document(list, before), Document(list, after));

        Assert.Equal(expected, string.Join('|', differences.Select(d => d switch
        {
            { After: null } => $"{d.Pointer} -",
            { Before: null } => $"{d.Pointer} +",
            { Before.ValueKind: System.Text.Json.JsonValueKind.Array } => $"{d.Pointer} {d.Before} {d.After}",
            _ => $"{d.Pointer} ~",
        })));
    }

    private static byte[] Document(string list, string members)
    {
        JsonNode Member(string text)
        {
            var parts = text.Split(' ');
            var fields = list switch
            {
                "names" => ("text", "lang"),
                "identifiers" => ("scheme", "value"),
                "participants" => ("actor", "role"),
                _ => ("source", "locator"),
            };
            return parts.Length == 1 ? parts[0] : new JsonObject { [fields.Item1] = parts[0], [fields.Item2] = parts[1] };
        }

        return System.Text.Encoding.UTF8.GetBytes(
            new JsonObject { [list] = new JsonArray([.. members.Split(',').Select(Member)]) }.ToJsonString());
    }

    [Fact]
    public async Task As_of_a_position_records_lists_facets_and_references_are_as_they_were()
    {
        await BasicsAsync("p");
        await api.Editor.AddAsync("/v1/events", Event("p-event", "2020", "p-alpha"));
        var before = await PositionAsync();
        string[] paths =
        [
            "/v1/events?actor=p-alpha&from=2020&facets=actor,type&count=exact", "/v1/events?actor=p-beta", "/v1/events?q=p-event",
                "/v1/events?source=p-source&sort=-earliest",
            "/v1/events?certainty=stated&actor=p-alpha,p-beta&to=2020-06&expand=participants.actor", "/v1/events/p-event",
                "/v1/actors?identifier=wikidata:Q77001", "/v1/actors/wikidata:Q77001",
            "/v1/events/availability", "/v1/actors?q=p-alpha&facets=status,sectors", "/v1/actors/p-alpha/history",
        ];
        var then = new Dictionary<string, (HttpStatusCode, string)>();
        foreach (var path in paths)
            then[path] = await TextAsync(path);

        await PatchAsync("/v1/events/p-event", 1, new JsonObject
        {
            ["date"] = "2021-05-05",
            ["title"] = "Something else",
            ["participants"] = new JsonArray(new JsonObject { ["actor"] = "p-beta", ["role"] = "source" }),
        });
        await PatchAsync("/v1/actors/p-alpha", 1,
            new JsonObject { ["identifiers"] = new JsonArray(), ["name"] = "Renamed", ["sectors"] = new JsonArray("GOV") });
        await PatchAsync("/v1/actors/p-beta", 1,
            new JsonObject { ["identifiers"] = new JsonArray(new JsonObject { ["scheme"] = "wikidata", ["value"] = "Q77001" }) });
        await api.Editor.AddAsync("/v1/events", Event("p-event-2", "2020", "p-alpha"));
        Assert.Equal(HttpStatusCode.NoContent,
            (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/events/p-event", ifMatch: "\"2\"")).Status);

        foreach (var path in paths.Where(p => !p.EndsWith("history", StringComparison.Ordinal)))
        {
            var (status, text) = await TextAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}asOf={before}");
            Assert.True(then[path] == (status, text), $"{path}\nthen: {then[path]}\nas of then: {status} {text}");
        }

        Assert.NotEqual(then[paths[0]], await TextAsync(paths[0]));
        Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync("/v1/events/p-event")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync($"/v1/events/p-event?asOf={await PositionAsync()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetJsonAsync($"/v1/events/p-event-2?asOf={before}")).Status);
    }

    [Fact]
    public async Task Pages_of_a_walk_as_of_an_instant_stay_at_the_moment_of_its_first_page()
    {
        await BasicsAsync("w");
        for (var i = 0; i < 5; i++)
            await api.Editor.AddAsync("/v1/events", Event($"w-event-{i}", "2020", "w-alpha"));
        var instant = TimeProvider.System.GetUtcNow().AddHours(1)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
        var first = (await api.Reader.GetJsonAsync($"/v1/events?actor=w-alpha&limit=2&asOf={instant}")).Body!;
        await api.Editor.AddAsync("/v1/events", Event("w-event-00", "2020", "w-alpha"));
        await api.Editor.AddAsync("/v1/events", Event("w-event-9", "2020", "w-alpha"));

        var rest = await api.Reader.WalkAsync((string)first["next"]!);

        Assert.Equal(["w-event-0", "w-event-1", "w-event-2", "w-event-3", "w-event-4"],
            first["items"]!.AsArray().Concat(rest).Select(i => (string)i!["id"]!));
    }

    [Fact]
    public async Task A_moment_stays_as_it_is_when_a_transaction_commits_that_was_in_flight()
    {
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("flight"));
        await using var context = Api.Storage.Database.Context(api.Database);
        await context.Database.OpenConnectionAsync(Cancellation);
        await using var slow = await context.Database.BeginTransactionAsync(Cancellation);
        var author = new Author(TimeProvider.System.GetUtcNow());
        var session = new RecordSession(context, author);
        await LedgerSession.BeginAsync(session.Connection, author, Cancellation);
        var sources = new RecordEditor<SourceRequest, Source, SourceResponse>(new SourceResource(), new SourceMapping());
        foreach (var id in (string[])["flight", "flight-slow"])
        {
            await sources.PutAsync(session, new RecordTarget(id, WriteCondition.Any),
                JsonSerializer.SerializeToElement(new { id, kind = "report", title = "Slow" }), Cancellation);
        }

        // this one commits while the other is in flight, and has a greater number
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("flight-quick"));
        var positions = new PositionReader(api.Database);
        var before = await positions.AsOfNewestAsync(Cancellation);
        await slow.CommitAsync(Cancellation);
        var after = (await positions.AsOfAsync(before.Position, Cancellation))!;

        foreach (var moment in (AsOf[])[before, after])
        {
            Assert.Equal([("flight", 1), ("flight-quick", 1)],
                (await SnapshotAsync(moment, "sources", "flig")).Where(r =>
                    r.Id.StartsWith("flight", StringComparison.Ordinal)).Select(r => (r.Id, r.Version)));
        }

        var newest = await positions.AsOfNewestAsync(Cancellation);
        Assert.Equal([("flight", 2), ("flight-quick", 1), ("flight-slow", 1)],
            (await SnapshotAsync(newest, "sources", "flig")).Where(r =>
                r.Id.StartsWith("flight", StringComparison.Ordinal)).Select(r => (r.Id, r.Version)));
    }

    [Fact]
    public async Task A_release_names_a_position_answers_as_of_it_never_change_and_two_have_a_difference()
    {
        await BasicsAsync("r");
        var made = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/releases",
            new JsonObject { ["id"] = "r-one", ["title"] = "The first" });
        Assert.Equal((HttpStatusCode.Created, "/v1/releases/r-one"), (made.Status, made.Response.Headers.Location!.ToString()));
        var then = await TextAsync("/v1/actors/r-alpha");
        await PatchAsync("/v1/actors/r-alpha", 1, new JsonObject { ["name"] = "Renamed" });
        await PatchAsync("/v1/actors/r-alpha", 2, new JsonObject { ["description"] = "Words." });
        await PatchAsync("/v1/actors/r-beta", 1, new JsonObject { ["name"] = "Renamed too" });
        await PatchAsync("/v1/actors/r-beta", 2, new JsonObject { ["name"] = "Name of r-beta" });
        await api.Editor.AddAsync("/v1/events", Event("r-event", "2020", "r-beta"));
        await api.Editor.AddAsync("/v1/events", Event("r-event-gone", "2020", "r-beta"));
        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/events/r-event-gone", ifMatch: "\"1\"");
        await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/releases",
            new JsonObject { ["id"] = "r-two", ["title"] = "The second", ["notes"] = "With an event." });

        Assert.Equal(then, await TextAsync("/v1/actors/r-alpha?asOf=r-one"));
        var answer = await api.Reader.GetJsonAsync($"/v1/actors?asOf=r-one&edition={Edition.Current.Text}");
        Assert.Contains("immutable", answer.Response.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        var differences = (await api.Reader.GetJsonAsync("/v1/releases/r-one/changes?to=r-two")).Body!;
        Assert.Equal(["actors/r-alpha changed", "actors/r-beta changed", "events/r-event added"],
            differences["items"]!.AsArray().Select(i => $"{i!["resource"]}/{i["id"]} {i["change"]}"));
        Assert.Equal(
            """[{"pointer":"/name","before":"Name of r-alpha","after":"Renamed"},"""
                + """{"pointer":"/description","before":null,"after":"Words."}]""",
            differences["items"]![0]!["differences"]!.ToJsonString());
        Assert.Empty(differences["items"]![1]!["differences"]!.AsArray());
        var latest = await api.Reader.GetAsync("/v1/releases/latest", Cancellation);
        Assert.Equal((HttpStatusCode.TemporaryRedirect, $"/v1/releases/r-two?edition={Edition.Current.Text}"),
            (latest.StatusCode, latest.Headers.Location!.ToString()));
        Assert.Equal(HttpStatusCode.Conflict,
            (await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/releases",
                new JsonObject { ["id"] = "r-one", ["title"] = "Again" })).Status);
        // a name that asOf would take for a position
        var position = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/releases",
            new JsonObject { ["id"] = "2-8b25e4af", ["title"] = "A position" });
        Assert.Equal((HttpStatusCode)422, position.Status);
        // an older position may be named later, and does not become the latest by that
        var older = (string)made.Body!["position"]!;
        Assert.Equal(HttpStatusCode.Created,
            (await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/releases",
                new JsonObject { ["id"] = "r-older", ["title"] = "Older", ["position"] = older })).Status);
        Assert.Equal($"/v1/releases/r-two?edition={Edition.Current.Text}",
            (await api.Reader.GetJsonAsync("/v1/releases/latest")).Response.Headers.Location!.ToString());
        var near = await api.Reader.GetJsonAsync("/v1/actors?asOf=r-onn");
        Assert.Contains("'r-one'", (string)near.Body!["errors"]!["/query/asOf"]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Differences_between_positions_are_the_same_for_any_page_size_and_format()
    {
        await BasicsAsync("diff");
        var random = new Random(7);
        List<string> ids = ["diff-alpha", "diff-beta"];
        var positions = new List<Position>();
        var alive = ids.ToDictionary(id => id, _ => 1);
        for (var i = 0; i < 60; i++)
        {
            var id = $"diff-{random.Next(20)}";
            if (!ids.Contains(id))
                await api.Editor.AddAsync("/v1/actors", Actor("diff", id));
            else if (alive.TryGetValue(id, out var version) && random.Next(4) == 0)
                await api.Editor.SendJsonAsync(HttpMethod.Delete, $"/v1/actors/{id}", ifMatch: $"\"{version}\"");
            else if (alive.TryGetValue(id, out version))
                await PatchAsync($"/v1/actors/{id}", version, new JsonObject { ["name"] = $"Name {i}" }, "new-fact");
            if (!ids.Contains(id))
                ids.Add(id);
            var now = await api.Reader.GetJsonAsync($"/v1/actors/{id}");
            if (now.Status == HttpStatusCode.OK)
                alive[id] = (int)now.Body!["version"]!;
            else
                alive.Remove(id);
            Assert.True(Position.TryParse(await PositionAsync(), out var position));
            positions.Add(position);
        }

        for (var i = 0; i < 30; i++)
        {
            var (from, to) = (random.Next(60), random.Next(60));
            var (first, second) = (positions[Math.Min(from, to)], positions[Math.Max(from, to)]);
            var few = await DifferencesAsync(first, second, 1000, int.MaxValue);

            Assert.Equal(few, await DifferencesAsync(first, second, 1000, 1));
            Assert.Equal(few, await DifferencesAsync(first, second, 2, 1));
            // as the records were at both
            var (earlier, later) = (await ActorsAsync(first), await ActorsAsync(second));
            Assert.Equal(earlier.Keys.Union(later.Keys).Where(id => earlier.GetValueOrDefault(id) != later.GetValueOrDefault(id))
                .Order(StringComparer.Ordinal)
                .Select(id => $"actors/{id} {earlier.GetValueOrDefault(id)} {later.GetValueOrDefault(id)}"), few);
        }

        async Task<List<string>> DifferencesAsync(Position first, Position second, int limit, int maxSorted)
        {
            var reader = new DifferenceReader(api.Database, api.Services.GetRequiredService<Documents>()) { MaxSorted = maxSorted };
            var found = new List<string>();
            var after = RecordPlace.Start;
            while (true)
            {
                var (page, more) = await reader.ReadAsync(first, second, after, new FeedLimits(limit, long.MaxValue), Cancellation);
                found.AddRange(
                    page.Select(d =>
                        $"{d.Table}/{d.Id} {Encoding.UTF8.GetString(d.Before ?? [])} {Encoding.UTF8.GetString(d.After ?? [])}"));
                if (!more)
                    return found;
                after = new RecordPlace(page[^1].Table, page[^1].Id);
            }
        }

        async Task<Dictionary<string, string>> ActorsAsync(Position position)
        {
            var asOf = (await new PositionReader(api.Database).AsOfAsync(position, Cancellation))!;
            return (await SnapshotAsync(asOf, "actors", "")).ToDictionary(d => d.Id, d => d.Text);
        }
    }

    [Fact]
    public async Task Corrections_are_listed_with_old_and_new_values_as_json_and_as_atom()
    {
        await BasicsAsync("c");
        await PatchAsync("/v1/actors/c-alpha", 1, new JsonObject { ["name"] = "New fact" }, "new-fact");
        await PatchAsync("/v1/actors/c-alpha", 2, new JsonObject { ["name"] = "Corrected" }, "our-error", "A <slip> & more.");
        await PatchAsync("/v1/actors/c-beta", 1, new JsonObject { ["name"] = "Revised" }, "source-revised");

        var items = (await api.Reader.GetJsonAsync("/v1/corrections?resource=actors")).Body!["items"]!.AsArray()
            .Where(i => ((string)i!["id"]!).StartsWith("c-", StringComparison.Ordinal)).ToList();
        Assert.Equal([("c-beta", "source-revised"), ("c-alpha", "our-error")], items.Select(i => ((string)i!["id"]!, (string)i["cause"]!)));
        Assert.Equal("""[{"pointer":"/name","before":"New fact","after":"Corrected"}]""", items[1]!["differences"]!.ToJsonString());
        var page = (await api.Reader.GetJsonAsync("/v1/corrections?limit=1")).Body!;
        Assert.Equal("c-alpha", (string)(await api.Reader.GetJsonAsync((string)page["next"]!)).Body!["items"]![0]!["id"]!);
        Assert.Equal(["/query/cursor"],
            (await api.Reader.GetJsonAsync($"/v1/corrections?cursor={(string)page["items"]![0]!["position"]!}")).Pointers);

        using var response = await api.Reader.GetAsync("/v1/corrections.atom", Cancellation);
        Assert.Equal("application/atom+xml", response.Content.Headers.ContentType!.MediaType);
        var feed = XDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).Root!;
        XNamespace atom = "http://www.w3.org/2005/Atom";
        var entry = feed.Elements(atom + "entry")
            .Single(e => e.Element(atom + "title")!.Value.StartsWith("actors/c-alpha", StringComparison.Ordinal));
        Assert.Equal("A <slip> & more.\n/name: \"New fact\" → \"Corrected\"", entry.Element(atom + "content")!.Value);
        Assert.All(feed.Elements(atom + "entry").Append(feed),
            e => Assert.True(e.Element(atom + "id") is not null && e.Element(atom + "updated") is not null));
    }

    [Theory]
    [InlineData("actors")]
    [InlineData("actors,sources")]
    [InlineData("indicators,sources")]
    [InlineData(null)]
    public async Task Corrections_of_some_resources_are_those_of_all_without_the_others_page_by_page(string? resources)
    {
        var name = $"k-{Guid.NewGuid():n}";
        await BasicsAsync(name);
        for (var version = 1; version < 4; version++)
        {
            var (actor, source) = (Actor(name, $"{name}-alpha"), SampleRecords.Source($"{name}-source"));
            (actor["name"], source["title"]) = ($"Name {version}", $"Title {version}");
            (string, JsonObject, string)[] records =
                [("sources", source, "our-error"), ("actors", actor, "source-revised"),
                    ("sources", SampleRecords.Source($"{name}-new-{version}"), "new-fact")];
            var lines =
                string.Join('\n',
                    records.Select(r =>
                        new JsonObject { ["resource"] = r.Item1, ["record"] = r.Item2, ["cause"] = r.Item3 }.ToJsonString()));
            using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
            using var answer = await api.Editor.PostAsync("/v1/batch", content, Cancellation);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
        }

        var walked = new List<string>();
        for (var next = $"/v1/corrections?limit=1{(resources is null ? "" : $"&resource={resources}")}"; next is not null;)
        {
            var page = (await api.Reader.GetJsonAsync(next)).Body!;
            walked.AddRange(page["items"]!.AsArray().Where(i => ((string)i!["id"]!).StartsWith(name, StringComparison.Ordinal))
                .Select(i => $"{i!["resource"]} {i["version"]}"));
            next = (string?)page["next"];
        }

        Assert.Equal(
            new[] { "actors 2", "actors 3", "actors 4", "sources 2", "sources 3",
                "sources 4" }.Where(c => resources is null || resources.Split(',').Contains(c.Split(' ')[0])),
            walked.Order(StringComparer.Ordinal));
        // the newest first
        Assert.Equal(walked.Select(w => w[^1]).OrderDescending(), walked.Select(w => w[^1]));
    }

    [Fact]
    public async Task A_merge_moves_all_references_at_once_and_the_old_id_leads_to_the_survivor()
    {
        await BasicsAsync("m");
        await api.Editor.AddAsync("/v1/actors", Actor("m", "m-gamma"));
        await api.Editor.AddAsync("/v1/events", Event("m-event", "2020", "m-alpha", "m-gamma"));
        var relation = SampleRecords.Relation("m-relation", "m-alpha", "m-gamma");
        relation["citations"] = SampleRecords.Citations("m-source");
        await api.Editor.AddAsync("/v1/relations", relation);
        var start = await PositionAsync();

        var merged = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/actors/m-alpha/merge", new JsonObject { ["into"] = "m-beta" });

        Assert.True(merged.Status == HttpStatusCode.OK, merged.Body!.ToJsonString());
        Assert.Equal(2, (int)merged.Body!["moved"]!);
        Assert.Equal("""["m-alpha"]""", merged.Body["survivor"]!["referents"]!.ToJsonString());
        var old = await api.Reader.GetJsonAsync("/v1/actors/m-alpha");
        Assert.Equal((HttpStatusCode.PermanentRedirect, "/v1/actors/m-beta"), (old.Status, old.Response.Headers.Location!.ToString()));
        Assert.Equal("m-beta", (string)(await api.Reader.GetJsonAsync("/v1/relations/m-relation")).Body!["subject"]!);
        Assert.Equal(["m-event"], (await api.Reader.WalkAsync("/v1/events?actor=m-beta")).Select(e => (string)e["id"]!));
        var changes = (await api.Reader.GetJsonAsync($"/v1/changes?after={start}")).Body!["items"]!.AsArray();
        Assert.Single(changes.Select(c => (long)c!["transaction"]!).Distinct());
        Assert.Equal(["events/m-event updated", "relations/m-relation updated", "actors/m-alpha merged", "actors/m-beta updated"],
            changes.Select(c => $"{c!["resource"]}/{c["id"]} {c["operation"]}"));
        Assert.All(changes, c => Assert.Equal("merge", (string)c!["cause"]!));
        Assert.Equal("m-beta", (string)changes[^2]!["mergedInto"]!);
        // what the survivor lists stays through later changes
        await PatchAsync("/v1/actors/m-beta", 2, new JsonObject { ["description"] = "Words." });
        Assert.Equal("""["m-alpha"]""", (await api.Reader.GetJsonAsync("/v1/actors/m-beta")).Body!["referents"]!.ToJsonString());
        // a relation of the two could not be of one: nothing is done
        var refused = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/actors/m-gamma/merge", new JsonObject { ["into"] = "m-beta" });
        Assert.Equal(HttpStatusCode.Conflict, refused.Status);
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/v1/actors/m-gamma")).Status);
    }

    [Fact]
    public async Task Versions_and_history_of_an_observation_are_found_only_below_its_indicator()
    {
        await BasicsAsync("i");
        await AddIndicatorsAsync("i", "i-one", "i-two");
        await api.Editor.AddAsync("/v1/indicators/i-one/observations", Observation("i", "i-kept"));
        await api.Editor.AddAsync("/v1/indicators/i-one/observations", Observation("i", "i-gone", "2023"));
        Assert.Equal(HttpStatusCode.NoContent,
            (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/indicators/i-one/observations/i-gone", ifMatch: "\"1\"")).Status);
        var now = await PositionAsync();

        foreach (var (path, own, pointer) in new[]
        {
            ("i-kept?version=1", HttpStatusCode.OK, "/path/id"), ("i-kept?version=9", HttpStatusCode.NotFound, "/path/id"),
            ("i-kept/history", HttpStatusCode.OK, "/path/id"),
            ($"i-kept?asOf={now}", HttpStatusCode.OK, "/path/id"),
            ("i-gone", HttpStatusCode.Gone, "/path/id"), ("i-gone?version=1", HttpStatusCode.OK, "/path/id"),
            ("i-gone?version=2", HttpStatusCode.Gone, "/path/id"),
            ($"i-gone?asOf={now}", HttpStatusCode.Gone, "/path/id"), ("i-gone/history", HttpStatusCode.OK, "/path/id"),
            ("i-gone/history?limit=1", HttpStatusCode.OK, "/path/id"),
        })
        {
            Assert.Equal((path, own), (path, (await api.Reader.GetJsonAsync($"/v1/indicators/i-one/observations/{path}")).Status));
            var other = await api.Reader.GetJsonAsync($"/v1/indicators/i-two/observations/{path}");
            Assert.Equal((path, HttpStatusCode.NotFound), (path, other.Status));
            Assert.Equal([pointer], other.Body!["errors"]!.AsObject().Select(e => e.Key));
        }
    }

    [Fact]
    public async Task As_of_a_moment_a_parent_is_as_it_was_then()
    {
        await BasicsAsync("d");
        var before = await PositionAsync();
        await AddIndicatorsAsync("d", "d-one");
        var empty = await PositionAsync();
        await api.Editor.AddAsync("/v1/indicators/d-one/observations", Observation("d", "d-value"));
        var full = await PositionAsync();
        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/indicators/d-one/observations/d-value", ifMatch: "\"1\"");
        Assert.Equal(HttpStatusCode.NoContent,
            (await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/indicators/d-one", ifMatch: "\"1\"")).Status);
        var after = await PositionAsync();

        foreach (var (moment, list, one) in new[]
        {
            (before, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (empty, HttpStatusCode.OK, HttpStatusCode.NotFound),
            (full, HttpStatusCode.OK, HttpStatusCode.OK), (after, HttpStatusCode.Gone, HttpStatusCode.Gone),
        })
        {
            foreach (var path in new[] { "", "/availability" })
            {
                Assert.Equal((moment, list),
                    (moment, (await api.Reader.GetJsonAsync($"/v1/indicators/d-one/observations{path}?asOf={moment}")).Status));
            }

            Assert.Equal((moment, one),
                (moment, (await api.Reader.GetJsonAsync($"/v1/indicators/d-one/observations/d-value?asOf={moment}")).Status));
        }

        Assert.Single((await api.Reader.GetJsonAsync($"/v1/indicators/d-one/observations?asOf={full}")).Body!["items"]!.AsArray());
        Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync("/v1/indicators/d-one/observations")).Status);
    }

    [Theory]
    [InlineData("2026-11-23T10:00:00Z", 200)]
    [InlineData("2026-11-23T10:00:00.123456Z", 200)]
    [InlineData("2026-11-23T10:00Z", 200)]
    [InlineData("2026-11-23T15:00:00%2B05:00", 200)]
    [InlineData("2026-11-23T15:00:00+05:00", 200)]
    [InlineData("2026-11-23T05:00:00-05:00", 200)]
    [InlineData("2026-11-23T10:00:00", 400)]
    [InlineData("2026-11-23T10:00", 400)]
    [InlineData("2026-11-23", 400)]
    [InlineData("2026-11-23T25:00:00Z", 400)]
    [InlineData("2026-13-23T10:00:00Z", 400)]
    [InlineData("Mon, 23 Nov 2026 10:00:00 GMT", 400)]
    public async Task An_instant_has_its_offset(string instant, int status)
    {
        foreach (var name in new[] { "asOf", "updatedAfter" })
        {
            var answer = await api.Reader.GetJsonAsync($"/v1/actors?{name}={instant}");

            Assert.Equal((name, status), (name, (int)answer.Status));
            if (status == 400)
            {
                Assert.Contains("instant with its offset", (string)answer.Body!["errors"]![$"/query/{name}"]![0]!["message"]!,
                    StringComparison.Ordinal);
            }
        }
    }

    private async Task AddIndicatorsAsync(string prefix, params string[] ids)
    {
        foreach (var id in ids)
        {
            var indicator = SampleRecords.Indicator(id);
            indicator["citations"] = SampleRecords.Citations($"{prefix}-source");
            await api.Editor.AddAsync("/v1/indicators", indicator);
        }
    }

    private static JsonObject Observation(string prefix, string id, string date = "2024")
    {
        var observation = SampleRecords.Observation(id, $"{prefix}-alpha", 1, date);
        observation["citations"] = SampleRecords.Citations($"{prefix}-source");
        return observation;
    }

    private static JsonObject Actor(string prefix, string id)
    {
        var actor = SampleRecords.Actor(id);
        actor["citations"] = SampleRecords.Citations($"{prefix}-source");
        return actor;
    }

    private static JsonObject Event(string id, string date, params string[] actors)
    {
        var made = SampleRecords.Event(id, date, actors);
        made["citations"] = SampleRecords.Citations($"{id[..1]}-source");
        return made;
    }

    /// <summary>A source and two actors of the test's own; the first has an identifier.</summary>
    private async Task BasicsAsync(string prefix)
    {
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source($"{prefix}-source"));
        var alpha = Actor(prefix, $"{prefix}-alpha");
        if (prefix == "p")
            alpha["identifiers"] = new JsonArray(new JsonObject { ["scheme"] = "wikidata", ["value"] = "Q77001" });
        await api.Editor.AddAsync("/v1/actors", alpha);
        await api.Editor.AddAsync("/v1/actors", Actor(prefix, $"{prefix}-beta"));
    }

    private async Task PatchAsync(string path, int version, JsonObject patch, string? cause = null, string? note = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Patch,
            path)
        { Content = new StringContent(patch.ToJsonString(), Encoding.UTF8, "application/merge-patch+json") };
        request.Headers.Add("If-Match", $"\"{version}\"");
        if (cause is not null)
            request.Headers.Add("Change-Cause", cause);
        if (note is not null)
            request.Headers.Add("Change-Note", note);
        var answer = await api.Editor.SendJsonAsync(request);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Body!.ToJsonString());
    }

    /// <summary>An answer without what tells when it was asked.</summary>
    private async Task<(HttpStatusCode, string)> TextAsync(string path)
    {
        var answer = await api.Reader.GetJsonAsync(path);
        if (answer.Body is JsonObject body)
        {
            body.Remove("position");
            (body["query"] as JsonObject)?.Remove("asOf");
            body.Remove("traceId");
        }

        return (answer.Status, answer.Body?.ToJsonString() ?? "");
    }

    private async Task<string> PositionAsync() => (string)(await api.Reader.GetJsonAsync("/v1/changes?after=now")).Body!["position"]!;

    private async Task<List<(string Id, int Version, string Text)>> SnapshotAsync(AsOf asOf, string table, string after)
    {
        var found = new List<(string, int, string)>();
        var reader = new SnapshotReader(api.Database, api.Services.GetRequiredService<Documents>());
        Assert.False(await reader.ReadAsync(new SnapshotPart(asOf, table, after, 1000, long.MaxValue),
            r => found.Add((r.Id, r.Version, Encoding.UTF8.GetString(r.Json.Span))), Cancellation));
        return found;
    }
}
