using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>What a list or a record shows beside its rows: fields, expansions, counts, facets, and why there is nothing.</summary>
[Collection(nameof(GeneratedRecords))]
public sealed class ListShapeTests(GeneratedRecords records) : IAsyncLifetime
{
    private IReadOnlyDictionary<string, Oracle> _oracles = null!;

    /// <summary>What a facet counts of a record that matches the filters.</summary>
    private delegate IEnumerable<JsonNode?> FacetValues(JsonNode record, IReadOnlyList<(OracleFilter Filter, string Value)> filters);

    public async ValueTask InitializeAsync() => _oracles = await Oracle.ForAsync(records);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task A_response_always_has_the_same_members()
    {
        string[] members = ["items", "next", "complete", "query", "matched", "count", "facets", "facetsKind", "empty", "mayAlsoHold",
            "expanded",
            "position"];

        foreach (var query in new[] { "", "?limit=1&count=exact&facets=type&expand=citations.source", "?type=PROTEST" })
            Assert.Equal(members, (await records.Api.Reader.GetJsonAsync($"/v1/events{query}")).Body!.AsObject().Select(m => m.Key));
    }

    [Fact]
    public async Task Fields_returns_only_those_fields_in_the_order_of_the_record()
    {
        foreach (var oracle in _oracles.Values)
        {
            var fields = oracle.Records[0].AsObject().Select(f => f.Key).ToList();
            var whole = await TextAsync($"{oracle.Path}?limit=20&sort=id");
            var documents = Documents(whole);
            await Gen.Int[0, fields.Count - 1].Array[1, 6].SampleAsync(async picked =>
            {
                var asked = picked.Select(i => fields[i]).ToList();
                var expected = documents.Select(d => Only(d, asked)).ToList();

                Assert.Equal(expected, Documents(await TextAsync($"{oracle.Path}?limit=20&sort=id&fields={string.Join(',', asked)}")));
                var id = (string)JsonNode.Parse(documents[0])!["id"]!;
                Assert.Equal(expected[0], await TextAsync($"{oracle.Path}/{id}?fields={string.Join(',', asked)}"));
            }, iter: 5, threads: 1);
        }
    }

    [Theory]
    [InlineData("/v1/events?fields=id,titel", "/query/fields", "'title'")]
    [InlineData("/v1/events?fields=id,", "/query/fields", "A value is empty.")]
    [InlineData("/v1/actors/actor-1?fields=nmae", "/query/fields", "'name'")]
    [InlineData("/v1/events?expand=participants", "/query/expand", "participants.actor")]
    [InlineData("/v1/trade?expand=reporters", "/query/expand", "'reporter'")]
    [InlineData("/v1/events?facets=tpye", "/query/facets", "'type'")]
    [InlineData("/v1/events?expand=participants.actor&fields.actors=nmae", "/query/fields.actors", "'name'")]
    [InlineData("/v1/events?expand=participants.actor&fields.actor=name", "/query/fields.actor", "fields.actors")]
    [InlineData("/v1/events?fields.actors=name", "/query/fields.actors", "Send `expand` as well")]
    [InlineData("/v1/events?expand=citations.source&fields.actors=name", "/query/fields.actors", "with a reference to actors")]
    [InlineData("/v1/relations/relation-1?fields.sources=title", "/query/fields.sources", "Send `expand` as well")]
    [InlineData("/v1/events?count=true", "/query/count", "exact")]
    [InlineData("/v1/actors/actor-1?limit=5", "/query/limit", "Unknown parameter")]
    [InlineData("/v1/actors/availability?type=state", "/query/type", "Unknown parameter")]
    [InlineData("/v1/codelists?page=2", "/query/page", "Unknown parameter")]
    [InlineData("/v1?page=2", "/query/page", "Unknown parameter")]
    public async Task An_unknown_name_is_refused_with_the_nearest_known(string address, string pointer, string hint)
    {
        var answer = await records.Api.Reader.GetJsonAsync(address);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal([pointer], answer.Pointers);
        Assert.Contains(hint, (string)answer.Body!["errors"]![pointer]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/relations", "subject", "actors")]
    [InlineData("/v1/relations", "object", "actors")]
    [InlineData("/v1/events", "participants.actor", "actors")]
    [InlineData("/v1/trade", "reporter", "actors")]
    [InlineData("/v1/trade", "partner", "actors")]
    [InlineData("/v1/actors", "statuses.by", "actors")]
    [InlineData("/v1/indicators/indicator-0/observations", "subjects", "actors")]
    [InlineData("/v1/indicators/indicator-0/observations", "indicator", "indicators")]
    [InlineData("/v1/events", "citations.source", "sources")]
    [InlineData("/v1/actors", "citations.source", "sources")]
    public async Task Expand_includes_each_referenced_record_once_as_served(string path, string expand, string resource)
    {
        var list = await records.Api.Reader.GetJsonAsync($"{path}?limit=30&expand={expand}");
        AssertExpanded(list.Body!["items"]!.AsArray().Select(i => i!), list.Body["expanded"]!);

        // also when the field that refers is not shown
        var id = (string)list.Body["items"]!.AsArray().First(i => Targets(i!, expand.Split('.')).Any())!["id"]!;
        var one = await records.Api.Reader.GetJsonAsync($"{path}/{id}?fields=id&expand={expand}");
        Assert.Equal(["id", "expanded"], one.Body!.AsObject().Select(m => m.Key));
        AssertExpanded(list.Body["items"]!.AsArray().Where(i => (string)i!["id"]! == id).Select(i => i!), one.Body["expanded"]!);

        void AssertExpanded(IEnumerable<JsonNode> items, JsonNode expanded)
        {
            var targets = items.SelectMany(i => Targets(i, expand.Split('.'))).Distinct().Order(StringComparer.Ordinal).ToList();
            Assert.Equal([resource], expanded.AsObject().Select(m => m.Key));
            Assert.Equal(targets, expanded[resource]!.AsObject().Select(m => m.Key));
            foreach (var (target, record) in expanded[resource]!.AsObject())
                Assert.True(JsonNode.DeepEquals(records.Stored[resource].First(r => (string)r["id"]! == target), record), target);
        }
    }

    [Fact]
    public async Task A_whole_record_can_carry_its_expansions()
    {
        var relation = records.Stored["relations"][0];

        var answer = await records.Api.Reader.GetJsonAsync($"/v1/relations/{relation["id"]}?expand=subject,object,citations.source");

        var expanded = answer.Body!["expanded"]!;
        Assert.Equal(["actors", "sources"], expanded.AsObject().Select(m => m.Key));
        Assert.Equal(new[] { (string)relation["subject"]!, (string)relation["object"]! }.Order(StringComparer.Ordinal),
            expanded["actors"]!.AsObject().Select(m => m.Key));
        answer.Body.AsObject().Remove("expanded");
        Assert.True(JsonNode.DeepEquals(relation, answer.Body));
    }

    [Theory]
    [InlineData("/v1/relations", "subject,object,citations.source", "fields.actors=type,name&fields.sources=title")]
    [InlineData("/v1/events", "participants.actor,citations.source", "fields.actors=type&fields.actors=name&fields.sources=title")]
    [InlineData("/v1/indicators/indicator-0/observations", "subjects,indicator,citations.source",
        "fields.actors=name,type&fields.sources=title&fields.indicators=unit")]
    public async Task Of_expanded_records_the_fields_of_their_resource_are_included(string path, string expand, string fields)
    {
        var whole = await records.Api.Reader.GetJsonAsync($"{path}?limit=30&expand={expand}");
        var part = await records.Api.Reader.GetJsonAsync($"{path}?limit=30&expand={expand}&{fields}");

        var expected = (JsonObject)whole.Body!["expanded"]!;
        foreach (var (resource, kept) in new[]
            { ("actors", (string[])["type", "name"]), ("sources", ["title"]), ("indicators", ["unit"]) })
        {
            foreach (var record in expected[resource]?.AsObject().Select(r => r.Value!.AsObject()) ?? [])
            {
                foreach (var name in record.Select(m => m.Key).Except(kept).ToList())
                    record.Remove(name);
                Assert.Equal(kept.Length, record.Count);
            }
        }

        Assert.True(JsonNode.DeepEquals(expected, part.Body!["expanded"]));
        Assert.True(JsonNode.DeepEquals(whole.Body["items"], part.Body["items"]));

        // the same of one record, in the order of its resource whatever the order of the request
        var id = (string)whole.Body["items"]![0]!["id"]!;
        var one = await records.Api.Reader.GetJsonAsync($"{path}/{id}?fields=id&expand={expand}&{fields}");
        Assert.NotEmpty(one.Body!["expanded"]!["sources"]!.AsObject());
        Assert.All(one.Body["expanded"]!.AsObject(), resource => Assert.All(resource.Value!.AsObject(), record =>
            Assert.Equal(expected[resource.Key]![record.Key]!.ToJsonString(), record.Value!.ToJsonString())));
    }

    [Fact]
    public async Task Counts_count_all_that_match_whatever_the_page()
    {
        foreach (var oracle in _oracles.Values)
        {
            await oracle.Queries(2).SampleAsync(async query =>
            {
                var expected = oracle.Ids(query).Count;
                var exact = await records.Api.Reader.GetJsonAsync($"{oracle.Path}?{query.Parameters}&count=exact");
                Assert.Equal($$"""{"value":{{expected}},"kind":"exact"}""", exact.Body!["count"]!.ToJsonString());

                var estimated = await records.Api.Reader.GetJsonAsync($"{oracle.Path}?{query.Parameters}&count=estimated");
                Assert.Equal("estimated", (string)estimated.Body!["count"]!["kind"]!);
                Assert.InRange((long)estimated.Body["count"]!["value"]!, 0, 10_000);
            }, iter: 6, threads: 1);
        }

        // with its statistics at hand, the planner knows how large a table is
        var all = await records.Api.Reader.GetJsonAsync("/v1/events?limit=1&count=estimated");
        Assert.Equal(records.Stored["events"].Count, (long)all.Body!["count"]!["value"]!);
        Assert.Null((await records.Api.Reader.GetJsonAsync("/v1/events?limit=1")).Body!["count"]);
    }

    [Fact]
    public async Task Facets_count_the_matching_records_by_value()
    {
        foreach (var (path, facets) in Facets())
        {
            var oracle = _oracles[path];
            await oracle.Queries(2).SampleAsync(async query =>
            {
                var answer = await records.Api.Reader.GetJsonAsync($"{path}?{query.Parameters}&facets={string.Join(',', facets.Keys)}");
                Assert.Equal(facets.Keys, answer.Body!["facets"]!.AsObject().Select(f => f.Key));
                AssertFacets(facets, query.Filters, [.. oracle.Matching(query.Filters)], answer.Body["facets"]!);
            }, iter: 6, threads: 1);
        }
    }

    [Fact]
    public async Task Availability_has_the_number_of_records_their_days_and_the_facets()
    {
        var resources = records.Api.Services.GetRequiredService<ResourceCatalogue>().All.ToDictionary(r =>
            $"/v1{r.Route.Replace("{indicator}", "indicator-0", StringComparison.Ordinal)}");
        foreach (var (path, facets) in Facets())
        {
            var oracle = _oracles[path];
            var answer = await records.Api.Reader.GetJsonAsync($"{path}/availability");
            Assert.Equal(["resource", "coverage", "facets", "kind"], answer.Body!.AsObject().Select(m => m.Key));
            Assert.Equal(resources[path].Name, (string)answer.Body["resource"]!);
            Assert.Equal("exact", (string)answer.Body["kind"]!);
            Assert.Equal(oracle.Records.Count, (int)answer.Body["coverage"]!["records"]!);
            Assert.Equal(resources[path].List.Facets.Select(f => f.Name).Order(), answer.Body["facets"]!.AsObject().Select(f => f.Key)
                .Order());
            Assert.Equal(facets.Keys.Order(), answer.Body["facets"]!.AsObject().Select(f => f.Key).Order());
            AssertFacets(facets, [], oracle.Records, answer.Body["facets"]!);

            // of records that are open on a side, that side says nothing
            static DateOnly? Known(DateOnly day) => day == DateOnly.MinValue || day == DateOnly.MaxValue ? null : day;
            var dated = oracle.Sorts.Any(s => s.Name == "earliest");
            Assert.Equal(dated ? $"{oracle.Records.Min(r => Known(oracle.Span(r).First)):yyyy-MM-dd}" : null,
                (string?)answer.Body["coverage"]!["earliest"]);
            Assert.Equal(dated ? $"{oracle.Records.Max(r => Known(oracle.Span(r).Last)):yyyy-MM-dd}" : null,
                (string?)answer.Body["coverage"]!["latest"]);
        }
    }

    [Theory]
    // nothing of the kind is held at all
    [InlineData("/v1/events?type=PROTEST", "not-covered", "`type=PROTEST`", "events")]
    [InlineData("/v1/trade?partner=actor-39&from=2024", "not-covered", "`partner=actor-39`", "trade_flows")]
    [InlineData("/v1/events?q=xylophone", "not-covered", "words", "events")]
    // it is held, but nothing for that time
    [InlineData("/v1/trade?from=1990&to=1991", "not-reported", "none of them for this time", "trade_flows")]
    [InlineData("/v1/trade?validAt=2030", "not-reported", "none of them for this time", "trade_flows")]
    [InlineData("/v1/events?updatedAfter=2030-01-01T00:00:00Z", "not-reported", "none of them for this time", "events")]
    // each is held, together they are not
    [InlineData("/v1/events?type=AID&cameo=190", "filtered-out", "without `type=AID`, or without `cameo=190`", "events")]
    [InlineData("/v1/trade?value.gte=47000000&value.lte=100000000", "filtered-out", "`value.gte=47000000`", "trade_flows")]
    public async Task An_empty_list_explains_why_it_is_empty(string address, string reason, string detail, string table)
    {
        var answer = await records.Api.Reader.GetJsonAsync(address);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("[]", answer.Body!["items"]!.ToJsonString());
        Assert.True((bool)answer.Body["complete"]!);
        Assert.Equal(reason, (string)answer.Body["empty"]!["reason"]!);
        Assert.Contains(detail, (string)answer.Body["empty"]!["detail"]!, StringComparison.Ordinal);
        Assert.Equal(records.Stored[table].Count, (int)answer.Body["empty"]!["coverage"]!["records"]!);
        Assert.Equal(["records", "earliest", "latest"], answer.Body["empty"]!["coverage"]!.AsObject().Select(m => m.Key));
    }

    [Fact]
    public async Task Observations_are_those_of_their_indicator_and_of_no_other()
    {
        var other = records.Stored["observations"].Where(o => (string)o["indicator"]! == "indicator-1").ToList();
        Assert.NotEmpty(other);

        var listed = await records.Api.Reader.WalkAsync("/v1/indicators/indicator-1/observations?limit=2");
        Assert.Equal(other.Select(o => (string)o["id"]!).Order(), listed.Select(o => (string)o["id"]!).Order());
        Assert.Equal(HttpStatusCode.NotFound,
            (await records.Api.Reader.GetJsonAsync($"/v1/indicators/indicator-0/observations/{other[0]["id"]}")).Status);
        foreach (var path in new[] { "observations", "observations/availability", "observations/any" })
            Assert.Equal(HttpStatusCode.NotFound, (await records.Api.Reader.GetJsonAsync($"/v1/indicators/indicator-99/{path}")).Status);
    }

    /// <summary>By list: what each facet takes of a record.</summary>
    private static Dictionary<string, Dictionary<string, FacetValues>> Facets()
    {
        static FacetValues Field(params string[] path) => (r, _) => Targets(r, path).Select(t => JsonValue.Create(t));
        // of the parts that meet the filters on them, and of no other
        static FacetValues PartsMeeting(string list, string field, string name) => (r, filters) =>
            Oracle.Meeting(r[list]!.AsArray().Select(p => p!), name, filters).Select(p => p[field]);
        return new()
        {
            ["/v1/sources"] = new() { ["kind"] = Field("kind") },
            ["/v1/actors"] = new()
            {
                ["type"] = Field("type"),
                ["sectors"] = Field("sectors"),
                ["status"] = PartsMeeting("statuses", "status", "status")
            },
            ["/v1/relations"] = new()
            {
                ["type"] = Field("type"),
                ["stance"] = Field("stance"),
                ["subject"] = Field("subject"),
                ["object"] = Field("object"),
                ["actor"] = (r, _) => [r["subject"], r["object"]],
                ["certainty"] = PartsMeeting("citations", "certainty", "citation"),
                ["claimant"] = PartsMeeting("citations", "claimant", "citation"),
            },
            ["/v1/events"] = new()
            {
                ["type"] = Field("type"),
                ["quadClass"] = Field("quadClass"),
                ["status"] = Field("status"),
                ["cameo"] = Field("cameo"),
                ["datePrecision"] = Field("datePrecision"),
                ["actor"] = Field("participants", "actor"),
                ["certainty"] = PartsMeeting("citations", "certainty", "citation"),
                ["claimant"] = PartsMeeting("citations", "claimant", "citation"),
            },
            ["/v1/trade"] = new()
            {
                ["reporter"] = Field("reporter"),
                ["partner"] = Field("partner"),
                ["flow"] = Field("flow"),
                ["period"] = Field("period"),
                ["frequency"] = Field("frequency"),
                ["commodity.classification"] = Field("commodity", "classification"),
                ["commodity.code"] = Field("commodity", "code"),
                ["currency"] = Field("currency"),
                ["obsStatus"] = Field("obsStatus"),
            },
            ["/v1/indicators"] = new() { ["unit"] = Field("unit") },
            ["/v1/indicators/indicator-0/observations"] = new() { ["subject"] = Field("subjects"), ["obsStatus"] = Field("obsStatus") },
        };
    }

    private static void AssertFacets(
        Dictionary<string, FacetValues> facets, IReadOnlyList<(OracleFilter Filter, string Value)> filters,
        IReadOnlyList<JsonNode> matching, JsonNode answer)
    {
        foreach (var (name, values) in facets)
        {
            var expected = matching.SelectMany(r => values(r, filters).Where(v => v is not null).Select(v => v!.ToString()).Distinct())
                .GroupBy(v => v)
                .Select(g => $"{g.Key} {g.Count()}").Order(StringComparer.Ordinal);
            var given = answer[name]!.AsArray().Select(v => v!).ToList();
            Assert.Equal(expected, given.Select(v => $"{v["value"]} {v["count"]}").Order(StringComparer.Ordinal));
            Assert.Equal(given.Select(v => (int)v["count"]!).OrderDescending(), given.Select(v => (int)v["count"]!));
        }
    }

    /// <summary>The texts at a path, through arrays.</summary>
    private static IEnumerable<string> Targets(JsonNode? value, string[] path) => value switch
    {
        null => [],
        JsonArray list => list.SelectMany(m => Targets(m, path)),
        _ when path.Length == 0 => [value.ToString()],
        _ => Targets(value[path[0]], path[1..]),
    };

    /// <summary>The records of a list as texts, exactly as they were sent.</summary>
    private static List<string> Documents(string list)
    {
        var reader = new System.Text.Json.Utf8JsonReader(Encoding.UTF8.GetBytes(list));
        var bytes = Encoding.UTF8.GetBytes(list);
        var documents = new List<string>();
        while (reader.Read() && !(reader.TokenType == System.Text.Json.JsonTokenType.PropertyName && reader.ValueTextEquals("items")))
        {
        }

        reader.Read();
        while (reader.Read() && reader.TokenType == System.Text.Json.JsonTokenType.StartObject)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            documents.Add(Encoding.UTF8.GetString(bytes[start..(int)reader.BytesConsumed]));
        }

        return documents;
    }

    /// <summary>A document cut down to some of its members, by its text: the members follow each other without a space between.</summary>
    private static string Only(string document, IReadOnlyList<string> fields)
    {
        var bytes = Encoding.UTF8.GetBytes(document);
        var reader = new System.Text.Json.Utf8JsonReader(bytes);
        var kept = new List<string>();
        reader.Read();
        while (reader.Read() && reader.TokenType == System.Text.Json.JsonTokenType.PropertyName)
        {
            var (start, name) = ((int)reader.TokenStartIndex, reader.GetString()!);
            reader.Read();
            reader.Skip();
            if (fields.Contains(name))
                kept.Add(Encoding.UTF8.GetString(bytes[start..(int)reader.BytesConsumed]));
        }

        return $"{{{string.Join(',', kept)}}}";
    }

    private async Task<string> TextAsync(string path)
    {
        var response = await records.Api.Reader.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
