using System.Net;
using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Representations;

public sealed class GeoJsonTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Events_are_features_with_their_point_or_null_and_the_record_as_properties()
    {
        await api.Editor.AddBasicsAsync();
        var sample = SampleRecords.Of("events");
        var placed = await api.Editor.AddAsync("/v1/events", sample.Body);
        var unplaced = await api.Editor.AddAsync("/v1/events", SampleRecords.Event("no-place", "2025", "alpha"));

        using var response = await api.Reader.GetAsync("/v1/events.geojson", TestContext.Current.CancellationToken);
        var collection = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject();
        var one = JsonNode.Parse(
            await api.Reader.GetStringAsync("/v1/events/full-event?format=geojson", TestContext.Current.CancellationToken));
        var few = (await api.Reader.GetJsonAsync("/v1/events?format=geojson&fields=id,title&datePrecision=2")).Body!;
        var none = JsonNode.Parse(await api.Reader.GetStringAsync("/v1/events.geojson?type=AID", TestContext.Current.CancellationToken));
        var other = await api.Reader.GetJsonAsync("/v1/actors?format=geojson");

        Assert.Equal("application/geo+json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var feature = $$"""
            {"type":"Feature","id":"full-event","geometry":{"type":"Point","coordinates":[69.17,34.530]},
            "properties":{{placed.ToJsonString()}}}
            """;
        var expected = $$"""
            {"type":"FeatureCollection","features":[{{feature.Trim()}},{"type":"Feature","id":"no-place","geometry":null,
            "properties":{{unplaced.ToJsonString()}}}],"records":2,"position":"{{collection["position"]}}"}
            """;
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), collection.ToJsonString());
        Assert.Equal(JsonNode.Parse(feature)!.ToJsonString(), one!["features"]!.AsArray().Single()!.ToJsonString());
        Assert.Equal("""{"id":"full-event","title":"Full event"}""", few["features"]!.AsArray().Single()!["properties"]!.ToJsonString());
        Assert.Equal((0, 0), (none!["features"]!.AsArray().Count, (int)none["records"]!));
        Assert.Equal((HttpStatusCode.BadRequest, "/query/format"), (other.Status, other.Pointers.Single()));
    }
}
