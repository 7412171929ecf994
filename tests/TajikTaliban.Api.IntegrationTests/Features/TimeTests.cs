using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>What holds when, by the table of the rule and by chance, through HTTP.</summary>
public sealed class TimeTests(TimeTests.TimeFixture api) : IClassFixture<TimeTests.TimeFixture>
{
    private const string Types = "type=agreement,sponsorship,perception";
    private const string Mode = "holds=certain,possible,unknown";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("sponsorship", "1997", "certain")]
    [InlineData("sponsorship", "1900", "unknown")]
    [InlineData("sponsorship", "2021-06", "possible")]
    [InlineData("border", "2010", "certain")]
    [InlineData("border", "2024", "possible")]
    [InlineData("border-of-2024", "2024", "certain")]
    [InlineData("border", "2027", "unknown")]
    [InlineData("president", "2016", "certain")]
    [InlineData("president", "1994-11-19", "certain")]
    [InlineData("president", "1994-11-18", null)]
    [InlineData("president", "2026", "unknown")]
    [InlineData("ban", "2023", "possible")]
    [InlineData("ban", "2015", "unknown")]
    [InlineData("by-its-source", "2024-09", "certain")]
    [InlineData("by-its-source", "2023", "unknown")]
    [InlineData("by-nature", "1900", "certain")]
    public async Task A_relation_holds_as_the_table_says(string id, string asked, string? expected)
    {
        foreach (var sort in (string[])["earliest", "-earliest", "id"])
        {
            var path = $"/v1/relations?q={id}&validAt={asked}&sort={sort}";
            Assert.Equal(expected, await HoldsAsync($"{path}&{Mode}", id));
            Assert.Equal(expected == "unknown" ? null : expected, await HoldsAsync(path, id));
            foreach (var one in (string[])["certain", "possible", "unknown"])
                Assert.Equal(one == expected ? one : null, await HoldsAsync($"{path}&holds={one}", id));
        }
    }

    [Theory]
    [InlineData("fortnight", "2024-08-20", "2024-08-25", "possible", false)]
    [InlineData("fortnight", "2024-08", "2024-08", "certain", true)]
    [InlineData("until-august", "1991", "1991", "unknown", false)]
    [InlineData("lasted", "2005", "2005", "certain", false)]
    [InlineData("lasted", "2002", "2010", "certain", true)]
    [InlineData("lasted", "2001", "2001", null, false)]
    [InlineData("going-on", "2024-09", "2024-09", "certain", false)]
    [InlineData("going-on", "2025", "2025", "unknown", false)]
    public async Task An_event_holds_as_the_table_says(string id, string from, string to, string? expected, bool isWithin)
    {
        foreach (var actor in (string[])["", "&actor=alpha"])
        {
            var path = $"/v1/events?from={from}&to={to}{actor}";
            Assert.Equal(expected, await HoldsAsync($"{path}&{Mode}", id));
            Assert.Equal(expected == "unknown" ? null : expected, await HoldsAsync(path, id));
            Assert.Equal(isWithin ? expected : null, await HoldsAsync($"{path}&dateMatch=within", id));
        }
    }

    [Theory]
    [InlineData("2021", "certain")]
    [InlineData("2020", null)]
    public async Task A_status_holds_as_the_table_says(string asked, string? expected)
    {
        Assert.Equal(expected, await HoldsAsync($"/v1/actors?status=active&validAt={asked}&{Mode}", "had-status"));
        // the other status of the actor held then: the conditions are on one and the same
        Assert.Equal("certain", await HoldsAsync($"/v1/actors?status=inactive&validAt=2020", "had-status"));
        Assert.Null(await HoldsAsync("/v1/actors?status=active&validAt=2020", "had-status"));
    }

    [Fact]
    public async Task A_figure_and_a_source_overlap_or_lie_within()
    {
        Assert.Equal(1, await CountAsync("/v1/trade?from=2024-03&to=2024-03"));
        Assert.Equal(0, await CountAsync("/v1/trade?from=2024-03&to=2024-03&dateMatch=within"));
        Assert.Equal(1, await CountAsync("/v1/trade?from=2024&to=2024&dateMatch=within"));
        Assert.Equal(1, await CountAsync("/v1/sources?from=2024-09-10&to=2024-09-10"));
        Assert.Equal(0, await CountAsync("/v1/sources?from=2024-09-10&to=2024-09-10&dateMatch=within"));
        // undated sources are of no time
        Assert.Equal(0, await CountAsync("/v1/sources?from=2090&to=2095"));
        Assert.Equal(0, await CountAsync("/v1/sources?from=2090"));
        Assert.Equal(0, await CountAsync("/v1/sources?to=1990"));
    }

    [Theory]
    // of what is undated nothing is known, not even in a span without an end
    [InlineData("sources", "to=2024/..", "of-unknown-beginning of-2024-09")]
    [InlineData("sources", "from=../2024", "of-unknown-beginning of-2024-09")]
    [InlineData("relations", "to=2024/..&type=aid", "")]
    [InlineData("relations", "from=/2024&type=aid", "")]
    // a side that is not known lies within nothing, though it is closed where it is last known
    [InlineData("sources", "from=1996-12&to=1996-12", "of-unknown-beginning")]
    [InlineData("sources", "from=1996-12&to=1996-12&dateMatch=within", "")]
    [InlineData("sources", "to=1996&dateMatch=within", "of-unknown-beginning")]
    [InlineData("sources", "from=2024&to=2024&dateMatch=within,within", "of-2024-09")]
    public async Task Spans_without_an_end_and_dates_without_a_side_are_taken_at_their_word(string resource, string query, string ids)
    {
        var listed = await api.Reader.WalkAsync($"/v1/{resource}?{query}{(resource == "sources" ? "&publisher=Time" : "")}");
        Assert.Equal(ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal),
            listed.Select(r => (string)r["id"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_may_also_hold_is_counted_and_found()
    {
        var page = (await api.Reader.GetJsonAsync($"/v1/relations?{Types}&validAt=1900&count=exact&facets=type")).Body!;

        Assert.Equal(["by-nature"], Ids(page));
        Assert.Equal(1, (int)page["count"]!["value"]!);
        Assert.Equal(1, (int)page["facets"]!["type"]!.AsArray().Single()!["count"]!);
        var beyond = (await api.Reader.GetJsonAsync((string)page["mayAlsoHold"]!["href"]!)).Body!;
        Assert.Equal((int)page["mayAlsoHold"]!["count"]!, Ids(beyond).Count);
        Assert.Equal(["ban", "border", "border-of-2024", "by-its-source", "sponsorship"], Ids(beyond).Order(StringComparer.Ordinal));
        Assert.All(beyond["items"]!.AsArray(), i => Assert.Equal("unknown", (string)i!["holds"]!));
        Assert.Null(beyond["mayAlsoHold"]);
        var walked = await api.Reader.WalkAsync($"/v1/relations?{Types}&validAt=1900&{Mode}&limit=2");
        Assert.Equal(6, walked.Count);
    }

    [Fact]
    public async Task Exports_say_how_surely_and_leave_out_the_same()
    {
        var csv = (await api.Reader.GetStringAsync($"/v1/relations.csv?{Types}&validAt=2024&fields=id", Cancellation)).Split("\r\n");
        Assert.Equal("id,holds", csv[0]);
        Assert.Contains("border,possible", csv);
        Assert.Contains("border-of-2024,certain", csv);
        Assert.DoesNotContain("sponsorship", string.Join('\n', csv), StringComparison.Ordinal);
        var lines = (await api.Reader.GetStringAsync($"/v1/relations.ndjson?{Types}&validAt=1900&holds=unknown", Cancellation)).Trim()
            .Split('\n');
        Assert.Equal(5, lines.Count(l => l.Contains("\"holds\":\"unknown\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task After_the_newest_source_an_empty_list_says_so()
    {
        var page = (await api.Reader.GetJsonAsync("/v1/relations?type=sponsorship&type=perception&validAt=2030")).Body!;

        Assert.Empty(page["items"]!.AsArray());
        Assert.Contains("the newest source that speaks of this is of 2024", (string)page["empty"]!["detail"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/relations?holds=certain", "/query/holds")]
    [InlineData("/v1/events?dateMatch=within", "/query/dateMatch")]
    [InlineData("/v1/relations?validAt=2024&holds=maybe", "/query/holds")]
    [InlineData("/v1/trade?from=2024&holds=certain", "/query/holds")]
    [InlineData("/v1/relations?validAt=2024&dateMatch=within", "/query/dateMatch")]
    public async Task A_mode_that_answers_nothing_is_refused(string path, string pointer)
    {
        var answer = await api.Reader.GetJsonAsync(path);

        Assert.Equal((HttpStatusCode.BadRequest, pointer), (answer.Status, Assert.Single(answer.Pointers)));
    }

    [Fact]
    public async Task A_record_of_a_list_can_be_sent_back()
    {
        var record = (await api.Reader.GetJsonAsync("/v1/relations?q=border-of-2024&validAt=2024")).Body!["items"]![0]!.AsObject();
        Assert.Equal("certain", (string)record["holds"]!);

        var put = await api.Editor.SendJsonAsync(HttpMethod.Put, "/v1/relations/border-of-2024", record, "*");
        Assert.Equal((HttpStatusCode.OK, 1), (put.Status, (int)put.Body!["version"]!));
    }

    /// <summary>The SQL of every mode and order answers as the rule does, of which the unit tests enumerate all courses.</summary>
    [Fact]
    public async Task Courses_by_chance_hold_as_the_rule_says_in_every_mode_and_order()
    {
        var random = new Random(20240816);
        string? End() => random.Next(8) switch
        {
            0 => null,
            1 => "..",
            2 => $"/{2000 + random.Next(9)}",
            3 => $"{2000 + random.Next(9)}/",
            4 => $"{2000 + random.Next(9)}~",
            5 => $"{2000 + random.Next(4)}/{2004 + random.Next(5)}",
            6 => null,
            _ => $"{2000 + random.Next(9)}-{1 + random.Next(12):D2}",
        };
        var made = new Dictionary<string, Bounds>();
        for (var i = 0; made.Count < 120; i++)
        {
            var (from, to) = (End(), End());
            string[] vouched = [.. Enumerable.Range(0, random.Next(3)).Select(_ => $"{2000 + random.Next(9)}")];
            var (begin, end) = (CourseEnd.Beginning(from), CourseEnd.End(to));
            var moments = vouched.Select(PartialDate.Parse).ToList();
            if (begin.First > end.Last || !moments.TrueForAll(m => Bounds.Allow(begin, end, CourseEnd.Of(m))))
                continue;
            var body = SampleRecords.Relation($"chance-{i}", "alpha", "beta");
            (body["type"], body["from"], body["to"]) = ("cooperation", from, to);
            body["citations"] = new JsonArray([.. vouched.DefaultIfEmpty(null).Select(v =>
                new JsonObject { ["source"] = "undated", ["certainty"] = "stated", ["vouchedFor"] = v })]);
            await api.Editor.AddAsync("/v1/relations", body);
            made.Add($"chance-{i}", Bounds.OfCourse(begin, end, moments));
        }

        foreach (var asked in (string[])["2004", "2000", "2009", "2004-06", "1990", "2020", "2002-03-04"])
        {
            var (first, last) = (PartialDate.Parse(asked).Earliest, PartialDate.Parse(asked).Latest);
            foreach (var (path, a, b) in ((string, DateOnly, DateOnly)[])
                [($"validAt={asked}", first, last), ($"from={asked}", first, DateOnly.MaxValue), ($"to={asked}", DateOnly.MinValue, last)])
            {
                foreach (var mode in (string[])["", "certain", "possible", "unknown", "certain,unknown", "possible,unknown",
                    "certain,possible,unknown"])
                {
                    string[] wanted = mode == "" ? ["certain", "possible"] : mode.Split(',');
                    var expected = made.Select(m => $"{m.Key} {m.Value.In(a, b).ToString().ToLowerInvariant()}")
                        .Where(m => wanted.Contains(m.Split(' ')[1])).Order(StringComparer.Ordinal);
                    foreach (var sort in (string[])["earliest", "-earliest", "latest", "id"])
                    {
                        var query = $"/v1/relations?type=cooperation&{path}&sort={sort}&limit=37{(mode == "" ? "" : $"&holds={mode}")}";
                        var walked = await api.Reader.WalkAsync(query);
                        var actual = walked.Select(r => $"{r["id"]} {r["holds"]}").Order(StringComparer.Ordinal);
                        Assert.True(expected.SequenceEqual(actual), $"{query}: {string.Join(", ", actual.Except(expected))} are not; "
                            + $"{string.Join(", ", expected.Except(actual))} are missing");
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("stated", null, "certain")]
    [InlineData("reported", null, "certain")]
    [InlineData("assessed", null, "certain")]
    [InlineData("disputed", null, "unknown")]
    [InlineData("stated", "/summary", "unknown")]
    [InlineData("derived", "/summary", "unknown")]
    public async Task A_source_vouches_by_its_date_for_what_it_tells_as_a_whole_and_does_not_dispute(
        string certainty, string? part, string expected)
    {
        var id = $"vouching-{certainty}{part?.Replace('/', '-')}";
        var relation = SampleRecord.With(Relation(id, null, null, null), new JsonObject { ["type"] = "project" });
        var citation = new JsonObject { ["source"] = "of-2024-09", ["certainty"] = certainty, ["note"] = "How." };
        if (part is not null)
            citation["supports"] = new JsonArray(part);
        relation["citations"] = new JsonArray(citation);
        await api.Editor.AddAsync("/v1/relations", relation);

        Assert.Equal(expected, await HoldsAsync($"/v1/relations?type=project&validAt=2024-09&{Mode}", id));
        Assert.Equal(expected == "unknown" ? null : expected, await HoldsAsync("/v1/relations?type=project&validAt=2024-09", id));
    }

    [Fact]
    public async Task A_source_that_is_dated_anew_moves_the_time_of_what_it_vouches_for()
    {
        await api.Editor.AddAsync("/v1/sources", Source("redated", "2010"));
        JsonObject Alliance(string id, string? vouched) =>
            SampleRecord.With(Relation(id, null, null, vouched, "redated"), new JsonObject { ["type"] = "alliance" });
        await api.Editor.AddAsync("/v1/relations", Alliance("redated-relation", null));
        var actor = SampleRecords.Actor("redated-actor");
        (actor["statuses"], actor["citations"]) = (JsonNode.Parse("""[{ "status": "active" }]"""), SampleRecords.Citations("redated"));
        await api.Editor.AddAsync("/v1/actors", actor);
        await api.Editor.AddAsync("/v1/relations", Alliance("not-redated", "2010"));
        // a list may reflect a position a little before the newest
        string before;
        do
        {
            before = (string)(await api.Reader.GetJsonAsync("/v1/relations?limit=1")).Body!["position"]!;
        }
        while ((await api.Reader.GetJsonAsync($"/v1/relations/not-redated?asOf={before}")).Status != HttpStatusCode.OK);

        var patched = await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/sources/redated", new JsonObject { ["published"] = "2016" },
            "*",
            mediaType: "application/merge-patch+json");
        Assert.Equal(HttpStatusCode.OK, patched.Status);

        foreach (var path in (string[])["/v1/relations?q=redated-relation", "/v1/actors?status=active&q=redated-actor"])
        {
            var id = path[(path.LastIndexOf('=') + 1)..];
            Assert.Equal("certain", await HoldsAsync($"{path}&validAt=2016", id));
            Assert.Equal("unknown", await HoldsAsync($"{path}&validAt=2010&{Mode}", id));
            Assert.Equal("certain", await HoldsAsync($"{path}&validAt=2010&asOf={before}", id));
            Assert.Null(await HoldsAsync($"{path}&validAt=2016&asOf={before}", id));
        }

        Assert.Equal(2, (int)(await api.Reader.GetJsonAsync("/v1/relations/redated-relation")).Body!["version"]!);
        Assert.Equal(1, (int)(await api.Reader.GetJsonAsync("/v1/relations/not-redated")).Body!["version"]!);
    }

    private static List<string> Ids(JsonNode page) => [.. page["items"]!.AsArray().Select(i => (string)i!["id"]!)];

    private static JsonObject Source(string id, string? published)
    {
        var source = SampleRecords.Source(id);
        source["published"] = published;
        return source;
    }

    private static JsonObject Relation(string id, string? from, string? to, string? vouched, string source = "undated")
    {
        var relation = SampleRecords.Relation(id, "alpha", "beta");
        (relation["from"], relation["to"], relation["summary"]) = (from, to, id);
        relation["citations"]![0]!["source"] = source;
        relation["citations"]![0]!["vouchedFor"] = vouched;
        return relation;
    }

    private async Task<string?> HoldsAsync(string path, string id) =>
        (string?)(await api.Reader.WalkAsync(path)).SingleOrDefault(r => (string)r["id"]! == id)?["holds"];

    private async Task<int> CountAsync(string path) =>
        (int)(await api.Reader.GetJsonAsync($"{path}&count=exact")).Body!["count"]!["value"]!;

    public sealed class TimeFixture(PostgresServer server) : ApiFixture(server), IAsyncLifetime
    {
        private static JsonObject OfPress => new() { ["publisher"] = "Time" };

        async ValueTask IAsyncLifetime.InitializeAsync()
        {
            await InitializeAsync();
            await Editor.AddAsync("/v1/sources", Source("source", null));
            await Editor.AddAsync("/v1/sources", Source("undated", null));
            await Editor.AddAsync("/v1/sources", SampleRecord.With(Source("of-2024-09", "2024-09"), OfPress));
            await Editor.AddAsync("/v1/sources", SampleRecord.With(Source("of-unknown-beginning", "/1996"), OfPress));
            await Editor.AddAsync("/v1/sources", SampleRecord.With(Source("of-no-time", null), OfPress));
            await Editor.AddAsync("/v1/actors", SampleRecords.Actor("alpha"));
            await Editor.AddAsync("/v1/actors", SampleRecords.Actor("beta"));
            foreach (var relation in (JsonObject[])
                [
                    SampleRecord.With(Relation("sponsorship", "/1996", "2021~", null), new JsonObject { ["type"] = "sponsorship" }),
                    Relation("border", "/2004", null, "2024~"),
                    Relation("border-of-2024", "/2004", null, "2024"),
                    Relation("president", "1994-11-19", null, "2024-09"),
                    Relation("ban", null, "2021~/2024~", null),
                    SampleRecord.With(Relation("by-its-source", null, null, null, "of-2024-09"),
                        new JsonObject { ["type"] = "perception" }),
                    Relation("by-nature", "..", "..", null),
                    SampleRecord.With(Relation("without-beginning", "..", null, null), new JsonObject { ["type"] = "aid" }),
                    SampleRecord.With(Relation("without-time", null, null, null), new JsonObject { ["type"] = "aid" }),
                ])
            {
                await Editor.AddAsync("/v1/relations", relation);
            }

            await Editor.AddAsync("/v1/events", SampleRecords.Event("fortnight", "2024-08-16/2024-08-31", "alpha"));
            await Editor.AddAsync("/v1/events", SampleRecords.Event("until-august", "/2024-08-31", "alpha"));
            foreach (var (id, from, to, source) in ((string, string, string?, string)[])
                [("lasted", "2002", "2010", "undated"), ("going-on", "2002", null, "of-2024-09")])
            {
                var lasted = SampleRecords.Event(id, "2002", "alpha");
                lasted.Remove("date");
                (lasted["from"], lasted["to"], lasted["citations"]) = (from, to, SampleRecords.Citations(source));
                await Editor.AddAsync("/v1/events", lasted);
            }

            var actor = SampleRecords.Actor("had-status");
            actor["statuses"] = JsonNode.Parse(
                """[{ "status": "active", "from": "2021", "to": "2021" }, { "status": "inactive", "from": "2015", "to": "2020-06" }]""");
            await Editor.AddAsync("/v1/actors", actor);
            await Editor.AddAsync("/v1/trade", SampleRecords.Trade("alpha", "beta", "2024-S1", 1));
        }
    }
}
