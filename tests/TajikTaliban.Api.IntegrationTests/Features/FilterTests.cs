using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>Every filter of every resource against an oracle over the same records.</summary>
[Collection(nameof(GeneratedRecords))]
public sealed class FilterTests(GeneratedRecords records) : IAsyncLifetime
{
    private IReadOnlyDictionary<string, Oracle> _oracles = null!;

    public static TheoryData<string> Lists { get; } =
    [
        "/v1/sources", "/v1/actors", "/v1/relations", "/v1/events", "/v1/trade", "/v1/indicators",
        "/v1/indicators/indicator-0/observations",
    ];

    public async ValueTask InitializeAsync() => _oracles = await Oracle.ForAsync(records);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void The_oracle_knows_every_filter_and_sort_key_of_every_resource()
    {
        var resources = records.Api.Services.GetRequiredService<ResourceCatalogue>().All;

        Assert.Equal(resources.Count, _oracles.Count);
        foreach (var resource in resources)
        {
            // how surely records hold, and within what, is asked by RandomFilterTests
            var filters = resource.List.Filters.Where(f => f.Time is not (TimeRole.Holds or TimeRole.Match)).ToList();
            var oracle = _oracles[$"/v1{resource.Route.Replace("{indicator}", "indicator-0", StringComparison.Ordinal)}"];
            Assert.Equal(filters.Select(f => f.Name).Append("updatedAfter").Order(),
                oracle.Filters.Select(f => f.Name).Order());
            Assert.Equal(resource.List.AllSortKeys.Select(k => k.Name).Order(), oracle.Sorts.Select(s => s.Name).Order());
            Assert.Equal(filters.Where(f => f.IsList && f.Kind != FilterKind.Box).Select(f => f.Name).Order(),
                oracle.Filters.Where(f => f.Several).Select(f => f.Name).Order());
            Assert.Equal(filters.Where(f => f.SharesPart).Select(f => f.Name).Order(),
                oracle.Filters.Where(f => f.Parts is not null).Select(f => f.Name).Order());
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Each_filter_returns_exactly_the_matching_records(string path)
    {
        var oracle = _oracles[path];
        foreach (var filter in oracle.Filters)
        {
            IReadOnlyList<string> several = filter.IsAllOf ? [.. filter.Texts.Take(ValueList.MaxAllOf)] : filter.Texts;
            var values = filter.Texts.Select(t => filter.Write(t)).ToList();
            if (filter.Several)
            {
                values.AddRange([filter.Write(filter.Texts[0], filter.Texts[1]), filter.Write(several),
                    filter.Write(filter.Texts[0], filter.Texts[0])]);
            }

            foreach (var value in values)
                await AssertAnswerAsync(oracle, new OracleQuery([(filter, value)], null, 1000));
            if (filter.Several)
                await AssertAnswerAsync(oracle, new OracleQuery([(filter, filter.Write(several))], null, 1000) { Repeats = true });

            // a filter that let everything or nothing through would agree with an oracle that did the same
            var counts = values.Select(v => oracle.Matching([(filter, v)]).Count()).ToList();
            Assert.True(counts.Exists(c => c > 0) && counts.Exists(c => c < oracle.Records.Count),
                $"{filter.Name} selects {string.Join(' ', counts)}");
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task All_of_several_values_are_asked_for_by_a_name_of_its_own(string path)
    {
        var oracle = _oracles[path];
        foreach (var filter in oracle.Filters.Where(f => f.IsAllOf))
        {
            var found = 0;
            foreach (var first in filter.Texts.Take(5))
            {
                foreach (var second in filter.Texts)
                {
                    var query = new OracleQuery([(filter, filter.Write(first, second))], null, 1000) { Repeats = first == second };
                    found += oracle.Ids(query).Count;
                    await AssertAnswerAsync(oracle, query);
                }
            }

            Assert.True(found > 0, $"No two values of {filter.Name} meet in a record: the test shows nothing.");
        }
    }

    [Fact]
    public async Task Every_record_reads_as_it_was_written_with_the_bounds_that_its_dates_have()
    {
        var catalogue = records.Api.Services.GetRequiredService<ResourceCatalogue>();
        foreach (var group in records.Written.GroupBy(w => w.Resource))
        {
            var stored = records.Stored[catalogue.All.First(r => r.Name == group.Key).Table].ToDictionary(s => (string)s["id"]!);
            Assert.Equal(group.Count(), stored.Count);
            foreach (var written in group)
            {
                var record = stored[written.Id];
                SeedTests.AssertHolds(written.Body, record, written.Id);
                if (written.Body["date"] is { } date)
                {
                    var day = Oracle.Day((string)date!);
                    Assert.Equal(day.KnownFirst == DateOnly.MinValue ? null : $"{day.KnownFirst:yyyy-MM-dd}", (string?)record["earliest"]);
                    Assert.Equal(day.KnownLast == DateOnly.MaxValue ? null : $"{day.KnownLast:yyyy-MM-dd}", (string?)record["latest"]);
                }
            }
        }

        // one of each, by its address: the list and the record are the same document
        foreach (var path in Lists.Select(l => (string)l.Data))
        {
            var list = await records.Api.Reader.GetJsonAsync($"{path}?limit=1");
            var item = list.Body!["items"]![0]!;
            var one = await records.Api.Reader.GetJsonAsync($"{path}/{item["id"]}");
            Assert.True(JsonNode.DeepEquals(item, one.Body));
        }
    }

    [Fact]
    public async Task A_span_that_ends_before_it_begins_is_refused()
    {
        var answer = await records.Api.Reader.GetJsonAsync("/v1/events?from=2024&to=2004");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(["/query/from"], answer.Pointers);
    }

    [Theory]
    [InlineData("/v1/events", "type=CONSULTS", "/query/type", "'CONSULT'")]
    [InlineData("/v1/events", "cameo=42", "/query/cameo", "/v1/codelists/cameo")]
    [InlineData("/v1/events", "quadClass=5", "/query/quadClass", "quad-classes")]
    [InlineData("/v1/events", "from=2024-13", "/query/from", "13")]
    [InlineData("/v1/events", "to=yesterday", "/query/to", "EDTF")]
    [InlineData("/v1/events", "bbox=1,2,3", "/query/bbox", "west,south,east,north")]
    [InlineData("/v1/events", "bbox=75,29,60,41", "/query/bbox", "West")]
    [InlineData("/v1/events", "updatedAfter=2024", "/query/updatedAfter", "instant")]
    [InlineData("/v1/events", "actor=iso3:tjk", "/query/actor", "iso3")]
    [InlineData("/v1/events", "actor=iso3:XXX", "/query/actor", "iso3:XXX")]
    [InlineData("/v1/events", "actor=Actor%200", "/query/actor", "not an id")]
    [InlineData("/v1/events", "source=", "/query/source", "no value")]
    [InlineData("/v1/events", "type=AID&type=CONSULTS", "/query/type", "'CONSULT'")]
    [InlineData("/v1/events", "status=occurred,ocurred", "/query/status", "'occurred'")]
    [InlineData("/v1/events", "from=2024&from=2025", "/query/from", "takes one value")]
    [InlineData("/v1/events", @"type=AID\", "/query/type", "backslash")]
    [InlineData("/v1/events", "missing=cameos", "/query/missing", "'cameo'")]
    [InlineData("/v1/events", "bbox=-181,0,1,1", "/query/bbox", "Longitude must be from -180 to 180.")]
    [InlineData("/v1/sources", "publisher=%20", "/query/publisher", "Must not be blank.")]
    [InlineData("/v1/trade", "value.gte=1e6", "/query/value.gte", "number")]
    [InlineData("/v1/trade", "value.lt=lots", "/query/value.lt", "number")]
    [InlineData("/v1/trade", "approximate=yes", "/query/approximate", "true or false")]
    [InlineData("/v1/trade", "period=2024,", "/query/period", "empty")]
    [InlineData("/v1/trade", "valeu.gte=1", "/query/valeu.gte", "'value.gte'")]
    [InlineData("/v1/relations", "actr=actor-1", "/query/actr", "'actor'")]
    [InlineData("/v1/relations", "validat=2024", "/query/validat", "'validAt'")]
    [InlineData("/v1/actors", "sector=GOV", "/query/sector", "'sectors'")]
    public async Task An_invalid_filter_value_is_refused_with_a_hint_at_the_parameter(
        string path, string query, string pointer, string hint)
    {
        var answer = await records.Api.Reader.GetJsonAsync($"{path}?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
        Assert.Contains(hint, (string)answer.Body!["errors"]![pointer]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_faults_of_a_query_are_reported_at_once()
    {
        var answer = await records.Api.Reader.GetJsonAsync(
            "/v1/trade?flow=Z&value.gte=x&limit=0&sort=price&fields=prize&count=yes&colour=red");

        Assert.Equal(
            ["/query/colour", "/query/count", "/query/fields", "/query/flow", "/query/limit", "/query/sort", "/query/value.gte"],
            answer.Pointers.Order());
    }

    [Theory]
    [InlineData("/v1/events?actor=actor-00", "/query/actor", "'actor-0'")]
    [InlineData("/v1/relations?subject=actor-91", "/query/subject", "'actor-")]
    [InlineData("/v1/trade?source=source-00", "/query/source", "'source-0'")]
    public async Task A_reference_to_an_unknown_actor_or_source_suggests_the_nearest_one(string address, string pointer, string hint)
    {
        var answer = await records.Api.Reader.GetJsonAsync(address);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
        Assert.Contains(hint, (string)answer.Body!["errors"]![pointer]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/events?actor=actor-0,actor-00", "/query/actor", "Unknown actor 'actor-00'. Did you mean 'actor-0'?")]
    [InlineData("/v1/events?actor=actor-0&actor=actor-00", "/query/actor", "Unknown actor 'actor-00'. Did you mean 'actor-0'?")]
    [InlineData("/v1/events?actor.all=actor-0,actor-00", "/query/actor.all", "Unknown actor 'actor-00'. Did you mean 'actor-0'?")]
    [InlineData("/v1/trade?reporter=actor-0,actor-00", "/query/reporter", "Unknown actor 'actor-00'. Did you mean 'actor-0'?")]
    [InlineData("/v1/events?source=source-0,source-00", "/query/source", "Unknown source 'source-00'. Did you mean 'source-0'?")]
    [InlineData("/v1/actors?id=actor-0,iso3:QQQ", "/query/id", "No actor has the identifier 'iso3:QQQ'.")]
    [InlineData("/v1/indicators?id=indicator-0,indicator-00", "/query/id", "Unknown indicator 'indicator-00'. Did you mean 'indicator-0'?")]
    [InlineData("/v1/indicators?actor=actor-0,actor-00", "/query/actor", "Unknown actor 'actor-00'. Did you mean 'actor-0'?")]
    [InlineData("/v1/indicators/indicator-0/observations?subject=actor-0,actor-00", "/query/subject",
        "Unknown actor 'actor-00'. Did you mean 'actor-0'?")]
    public async Task One_unknown_value_of_several_is_refused_though_the_others_have_records(string address, string pointer, string message)
    {
        foreach (var form in (string[])["", ".ndjson"])
        {
            var at = address.IndexOf('?', StringComparison.Ordinal);
            var answer = await records.Api.Reader.GetJsonAsync($"{address[..at]}{form}{address[at..]}");

            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            Assert.Equal([pointer], answer.Pointers);
            Assert.Equal([message], answer.Body!["errors"]![pointer]!.AsArray().Select(m => (string)m!["message"]!));
        }
    }

    [Theory]
    [InlineData("period=2024-08",
        "A month is written with an M: 2024-M08. Write a year such as 2024, a half-year such as 2024-S1, a quarter such as 2024-Q1, or a "
        + "month such as 2024-M08.")]
    [InlineData("period=2024,2024-Q5",
        "A quarter is Q1, Q2, Q3 or Q4. Write a year such as 2024, a half-year such as 2024-S1, a quarter such as 2024-Q1, or a month "
        + "such as 2024-M08.")]
    [InlineData("period=garbage",
        "A period begins with a year of four digits, alone or followed by a hyphen. Write a year such as 2024, a half-year such as "
        + "2024-S1, a quarter such as 2024-Q1, or a month such as 2024-M08.")]
    [InlineData("commodity.code=27.10", "A Harmonized System code is TOTAL or has 2, 4 or 6 digits, without points.")]
    [InlineData("commodity.code=334,27.10", "A Harmonized System code is TOTAL or has 2, 4 or 6 digits, without points.")]
    [InlineData("commodity.code=27.10&commodity.classification=S1", "An SITC code is TOTAL or has 1 to 5 digits, without a point.")]
    [InlineData("commodity.code=334&commodity.classification=HS",
        "A Harmonized System code is TOTAL or has 2, 4 or 6 digits, without points.")]
    [InlineData("commodity.code=0001&commodity.classification=H5", "Chapters of the Harmonized System begin at 01.")]
    public async Task A_value_that_no_record_can_have_is_refused_with_the_sentence_of_a_body(string query, string message)
    {
        var answer = await records.Api.Reader.GetJsonAsync($"/v1/trade?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        var (name, value) = (query.Split('=')[0], query.Split('=', '&')[1].Split(',')[^1]);
        Assert.Equal([message], answer.Body!["errors"]![$"/query/{name}"]!.AsArray().Select(m => (string)m!["message"]!));

        // a body with the value is refused with the same sentence
        var body = (JsonObject)records.Written.First(w => w.Resource == "trade").Body.DeepClone();
        if (name == "period")
        {
            body["period"] = value;
        }
        else
        {
            body["commodity"] = new JsonObject
            {
                ["classification"] = query.Contains("classification=", StringComparison.Ordinal) ? query.Split('=')[^1] : "HS",
                ["code"] = value,
            };
        }

        var written = await records.Api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/trade", body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, written.Status);
        Assert.Equal([message], written.Body!["errors"]![$"/{name.Replace('.', '/')}"]!.AsArray().Select(m => (string)m!["message"]!));
    }

    [Fact]
    public async Task A_comma_within_a_value_is_escaped_and_free_text_is_never_split()
    {
        var actor = records.Stored["actors"].First(a => a["identifiers"]!.AsArray().Any(i => (string)i!["scheme"]! == "other"));
        var value = (string)actor["identifiers"]!.AsArray().First(i => (string)i!["scheme"]! == "other")!["value"]!;
        Assert.Contains(',', value);
        var escaped = value.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(",", @"\,", StringComparison.Ordinal);

        var found = await records.Api.Reader.GetJsonAsync($"/v1/actors?id=other:{Uri.EscapeDataString(escaped)},actor-0&sort=id&fields=id");
        Assert.Equal(new[] { "actor-0", (string)actor["id"]! }.Order(StringComparer.Ordinal),
            found.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!));

        var press = await records.Api.Reader.GetJsonAsync("/v1/sources?publisher=Press,%20and%20Sons&limit=1000");
        Assert.Equal(records.Stored["sources"].Count(s => (string?)s["publisher"] == "Press, and Sons"),
            press.Body!["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task Undated_and_missing_values_come_last_in_both_directions()
    {
        foreach (var (path, sort, lacks) in new (string, string, Func<JsonNode, bool>)[]
        {
            ("/v1/trade", "value", r => r["value"] is null),
            ("/v1/indicators/indicator-0/observations", "value", r => r["value"] is null),
            ("/v1/sources", "earliest", r => r["published"] is null),
            ("/v1/sources", "latest", r => r["published"] is null),
            ("/v1/events", "earliest", r => r["earliest"] is null),
            ("/v1/events", "latest", r => r["latest"] is null),
        })
        {
            foreach (var direction in (string[])["", "-"])
            {
                var items = (await records.Api.Reader.WalkAsync($"{path}?sort={direction}{sort}&limit=40")).ToList();
                var (first, last) = (items.FindIndex(i => lacks(i)), items.FindLastIndex(i => !lacks(i)));
                Assert.True(first > 0, $"{path} has no record without {sort}");
                // a source may be published `../2004`: it has no first day, but a date
                var inOrder = path == "/v1/sources" ? items[..(items.Count / 3)].TrueForAll(i => !lacks(i)) : last < first;
                Assert.True(inOrder, $"{path}?sort={direction}{sort}: row {first} lacks it, row {last} does not");
            }
        }
    }

    [Fact]
    public async Task A_blank_q_is_no_filter()
    {
        var all = await records.Api.Reader.GetJsonAsync("/v1/relations?limit=20");
        foreach (var q in (string[])["q=", "q=%20", "q=%E3%80%80&", "q"])
        {
            var blank = await records.Api.Reader.GetJsonAsync($"/v1/relations?limit=20&{q}");
            Assert.Equal(HttpStatusCode.OK, blank.Status);
            Assert.True(JsonNode.DeepEquals(all.Body!["items"], blank.Body!["items"]));
            Assert.Equal(all.Body["query"]!.ToJsonString(), blank.Body["query"]!.ToJsonString());
        }
    }

    [Fact]
    public async Task The_response_echoes_the_parsed_query()
    {
        var actors = records.Stored["actors"].First(a => a["identifiers"]!.AsArray().Any(i => (string)i!["scheme"]! == "iso3"));
        var code = (string)actors["identifiers"]!.AsArray().First(i => (string)i!["scheme"]! == "iso3")!["value"]!;

        var answer = await records.Api.Reader.GetJsonAsync(
            $"/v1/trade?actor=iso3:{code}&from=2021~&to=2024-08&sort=-value&limit=7&q=Тоҷикистон");

        Assert.Equal(
            new JsonObject
            {
                ["from"] = new JsonArray("2020-01-01"),
                ["to"] = new JsonArray("2024-08-31"),
                ["q"] = new JsonArray("точикистон"),
                ["sort"] = new JsonArray("-value", "-id"),
                ["limit"] = new JsonArray("7"),
                ["actor"] = new JsonArray((string)actors["id"]!),
                ["matched"] = new JsonArray(),
            }.ToJsonString(), answer.Body!["query"]!.ToJsonString());
    }

    private async Task AssertAnswerAsync(Oracle oracle, OracleQuery query)
    {
        var address = $"{oracle.Path}?{query.Parameters}";
        var answer = await records.Api.Reader.GetJsonAsync(address);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{address}: {answer.Status} {answer.Body?.ToJsonString()}");
        var expected = oracle.Ordered(oracle.Matching(query.Filters), query.Sort);
        var ids = answer.Body!["items"]!.AsArray().Select(i => (string)i!["id"]!).ToList();
        Assert.True(ids.SequenceEqual(expected.Select(e => (string)e["id"]!)),
            $"{address}\ngives {string.Join(' ', ids)}\nnot   {string.Join(' ', expected.Select(e => e["id"]))}");
        // beside the time that is asked for, each record says how surely
        foreach (var item in answer.Body["items"]!.AsArray())
            item!.AsObject().Remove("holds");
        Assert.True(JsonNode.DeepEquals(answer.Body["items"], new JsonArray([.. expected.Select(e => e.DeepClone())])), address);
        Assert.Equal(ids.Count == 0, answer.Body["empty"] is not null);
    }
}
