using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;

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
            var oracle = _oracles[$"/v1{resource.Route.Replace("{indicator}", "indicator-0", StringComparison.Ordinal)}"];
            Assert.Equal(resource.List.Filters.Select(f => f.Name).Append("updatedAfter").Order(),
                oracle.Filters.Select(f => f.Name).Order());
            Assert.Equal(resource.List.AllSortKeys.Select(k => k.Name).Order(), oracle.Sorts.Select(s => s.Name).Order());
            Assert.Equal(resource.List.Filters.Where(f => f.Repeatable).Select(f => f.Name),
                oracle.Filters.Where(f => f.Repeatable).Select(f => f.Name));
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task Each_filter_returns_exactly_the_matching_records(string path)
    {
        var oracle = _oracles[path];
        foreach (var filter in oracle.Filters)
        {
            var values = filter.Texts.ToList();
            if (filter.Several)
            {
                values.AddRange([$"{filter.Texts[0]},{filter.Texts[1]}", string.Join(',', filter.Texts),
                    $"{filter.Texts[0]},{filter.Texts[0]}"]);
            }

            foreach (var value in values)
                await AssertAnswerAsync(oracle, new OracleQuery([(filter, value)], null, 1000));

            // a filter that let everything or nothing through would agree with an oracle that did the same
            var counts = values.Select(v => oracle.Matching([(filter, v)]).Count()).ToList();
            Assert.True(counts.Exists(c => c > 0) && counts.Exists(c => c < oracle.Records.Count),
                $"{filter.Name} selects {string.Join(' ', counts)}");
        }
    }

    [Theory]
    [MemberData(nameof(Lists))]
    public async Task A_repeated_filter_asks_for_all_of_its_values(string path)
    {
        var oracle = _oracles[path];
        foreach (var filter in oracle.Filters.Where(f => f.Repeatable))
        {
            var found = 0;
            foreach (var first in filter.Texts.Take(5))
            {
                foreach (var second in filter.Texts)
                {
                    var query = new OracleQuery([(filter, first), (filter, second)], null, 1000);
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
    [InlineData("/v1/events", "type=AID&type=CONSULT", "/query/type", "twice")]
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
        Assert.Contains(hint, (string)answer.Body!["errors"]![pointer]![0]!, StringComparison.Ordinal);
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
        Assert.Contains(hint, (string)answer.Body!["errors"]![pointer]![0]!, StringComparison.Ordinal);
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
                ["sort"] = new JsonArray("-value,-id"),
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
        Assert.True(JsonNode.DeepEquals(answer.Body["items"], new JsonArray([.. expected.Select(e => e.DeepClone())])), address);
        Assert.Equal(ids.Count == 0, answer.Body["empty"] is not null);
    }
}
