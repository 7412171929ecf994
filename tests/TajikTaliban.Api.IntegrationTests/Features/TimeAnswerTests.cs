using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>Whole answers that depend on time: GeoJSON, coverage, and lists as of an earlier position.</summary>
public sealed class TimeAnswerTests(TimeAnswerTests.Fixture api) : IClassFixture<TimeAnswerTests.Fixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("from=2024-08-20&to=2024-08-25", "fortnight possible, going-on certain")]
    [InlineData("from=2024-08&to=2024-08", "fortnight certain, going-on certain, until-august possible")]
    [InlineData("from=2024-08&to=2024-08&dateMatch=within", "fortnight certain")]
    [InlineData("validAt=1991&holds=unknown", "until-august unknown")]
    [InlineData("validAt=1991&holds=certain,possible", "")]
    [InlineData("validAt=2025&holds=unknown,certain&fields=id,title", "going-on unknown")]
    public async Task Geojson_has_the_features_of_the_time_and_says_how_surely(string query, string found)
    {
        using var response = await api.Reader.GetAsync($"/v1/events.geojson?{query}&sort=id", Cancellation);
        var collection = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;

        var features = new JsonArray();
        foreach (var (id, holds) in found.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(f => (f.Split(' ')[0], f.Split(' ')[1]))
            .OrderBy(f => f.Item1, StringComparer.Ordinal))
        {
            var record = (await api.Reader.GetJsonAsync($"/v1/events/{id}")).Body!.AsObject();
            if (query.Contains("fields", StringComparison.Ordinal))
                record = new JsonObject { ["id"] = id, ["title"] = record["title"]!.DeepClone() };
            record["holds"] = holds;
            features.Add(new JsonObject { ["type"] = "Feature", ["id"] = id, ["geometry"] = null, ["properties"] = record });
        }

        var expected = new JsonObject
        {
            ["type"] = "FeatureCollection",
            ["features"] = features,
            ["records"] = features.Count,
            ["position"] = response.Headers.GetValues("Position").Single(),
        };
        Assert.Equal(expected.ToJsonString(), collection.ToJsonString());
    }

    [Fact]
    public async Task The_coverage_has_the_days_that_are_known_and_those_of_then_as_of_then()
    {
        const string Before =
            """
            {"resource":"relations","coverage":{"records":3,"earliest":"1996-12-31","latest":"2024-09-30"},"facets":{
            "type":[{"value":"agreement","label":"Agreement","count":3}],"stance":[],
            "subject":[{"value":"alpha","label":"Name of alpha","count":3}],
            "object":[{"value":"beta","label":"Name of beta","count":3}],
            "actor":[{"value":"alpha","label":"Name of alpha","count":3},{"value":"beta","label":"Name of beta","count":3}],
            "certainty":[{"value":"stated","label":"Stated","count":3}],"claimant":[]},"kind":"exact"}
            """;
        Assert.Equal(JsonNode.Parse(Before)!.ToJsonString(), await CoverageAsync($"relations/availability?asOf={api.Before}"));
        // the source has another date now, and vouches for what has no end in another year
        Assert.Equal(JsonNode.Parse(Before.Replace("2024-09-30", "2023-12-31", StringComparison.Ordinal))!.ToJsonString(),
            await CoverageAsync("relations/availability"));
        Assert.Equal("""{"records":3,"earliest":"2002-01-01","latest":"2024-08-31"}""",
            JsonNode.Parse(await CoverageAsync("events/availability"))!["coverage"]!.ToJsonString());
    }

    [Theory]
    [InlineData("validAt=2024-09", "open certain, undated unknown", "open unknown, undated unknown")]
    [InlineData("validAt=2016-05", "ended certain, open unknown, undated unknown", "ended certain, open possible, undated unknown")]
    [InlineData("validAt=2016", "ended certain, open unknown, undated unknown", "ended certain, open certain, undated unknown")]
    [InlineData("validAt=1997", "ended certain, open unknown, undated unknown", "ended certain, open unknown, undated unknown")]
    [InlineData("from=2023&to=2023", "ended possible, open unknown, undated unknown", "ended possible, open unknown, undated unknown")]
    public async Task A_list_as_of_then_holds_as_its_records_did(string query, string then, string now)
    {
        foreach (var (asOf, found) in new[] { ($"&asOf={api.Before}", then), ("", now) })
        {
            foreach (var holds in (string[])["certain", "possible", "unknown", "certain,possible", "certain,possible,unknown"])
            {
                foreach (var sort in (string[])["earliest", "-latest", "id"])
                {
                    var address = $"/v1/relations?{query}&holds={holds}&sort={sort}&limit=1{asOf}";
                    var items = (await api.Reader.WalkAsync(address)).OrderBy(r => (string)r["id"]!, StringComparer.Ordinal).ToList();

                    var expected = found.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(f => f.Split(' '))
                        .Where(f => holds.Split(',').Contains(f[1])).ToList();
                    var records = new JsonArray();
                    foreach (var one in expected.OrderBy(e => e[0], StringComparer.Ordinal))
                    {
                        var record = (await api.Reader.GetJsonAsync($"/v1/relations/{one[0]}?{asOf.TrimStart('&')}")).Body!;
                        record["holds"] = one[1];
                        records.Add(record);
                    }

                    Assert.True(records.ToJsonString() == new JsonArray([.. items.Select(i => i.DeepClone())]).ToJsonString(),
                        $"{address}: {string.Join(", ", items.Select(i => $"{i["id"]} {i["holds"]}"))}");
                }
            }
        }
    }

    private async Task<string> CoverageAsync(string path) => (await api.Reader.GetJsonAsync($"/v1/{path}")).Body!.ToJsonString();

    /// <summary>Three relations and three events; then their source is dated anew.</summary>
    public sealed class Fixture(PostgresServer server) : ApiFixture(server)
    {
        /// <summary>The position before the source is dated anew.</summary>
        public string Before { get; private set; } = "";

        protected override async ValueTask FillAsync()
        {
            await Editor.AddAsync("/v1/sources", SampleRecord.With(SampleRecords.Source("source"), Json("""{ "published": null }""")));
            await Editor.AddAsync("/v1/sources", SampleRecord.With(SampleRecords.Source("dated"), Json("""{ "published": "2024-09" }""")));
            foreach (var id in (string[])["alpha", "beta"])
                await Editor.AddAsync("/v1/actors", SampleRecords.Actor(id));
            foreach (var (id, time) in new[]
            {
                ("ended", """{ "from": "/1996", "to": "2021~/2023" }"""),
                ("open", """{ "citations": [{ "source": "dated", "certainty": "stated" }] }"""),
                ("undated", "{}"),
            })
            {
                await Editor.AddAsync("/v1/relations", SampleRecord.With(
                    SampleRecord.With(SampleRecords.Relation(id, "alpha", "beta"), Json("""{ "from": null, "to": null }""")), Json(time)));
            }

            await Editor.AddAsync("/v1/events", SampleRecords.Event("fortnight", "2024-08-16/2024-08-31", "alpha"));
            await Editor.AddAsync("/v1/events", SampleRecords.Event("until-august", "/2024-08-31", "alpha"));
            var going = SampleRecords.Event("going-on", "2002", "alpha");
            going.Remove("date");
            await Editor.AddAsync("/v1/events", SampleRecord.With(going, Json(
                """{ "from": "2002", "citations": [{ "source": "source", "certainty": "stated", "vouchedFor": "2024-08-31" }] }""")));
            Before = (await Reader.GetAsync("/v1/changes?after=now", Cancellation)).Headers.GetValues("Position").Single();
            var dated = await Editor.SendJsonAsync(HttpMethod.Patch, "/v1/sources/dated", Json("""{ "published": "2016" }"""), "*",
                mediaType: "application/merge-patch+json");
            Assert.Equal(HttpStatusCode.OK, dated.Status);
        }

        private static JsonObject Json(string text) => JsonNode.Parse(text)!.AsObject();
    }
}
