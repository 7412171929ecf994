using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;
using static TajikTaliban.Api.IntegrationTests.Contract.Examples;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>The responses of a service to which the example records were sent are those of the contract.</summary>
public sealed class RecordExampleTests(ExampleApiFixture api) : IClassFixture<ExampleApiFixture>
{
    /// <summary>The instant of the commit, of which each database has its own.</summary>
    private const string Instant = "recordedAt";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEnumerable<Resource> Resources => api.Services.GetRequiredService<ResourceCatalogue>().All;

    /// <summary>Positions and commits differ between databases; all else is as in the examples.</summary>
    [Fact]
    public async Task Changes_and_histories_are_as_their_examples()
    {
        var contract = await ContractAsync();
        foreach (var resource in Resources)
        {
            var path = api.Path(resource);
            var history = Example(contract["paths"]![$"/v1{resource.Route}/{{id}}/history"]!["get"]!["responses"]!["200"]!);
            var served = (await api.Reader.GetJsonAsync($"{path}/{resource.Example.Id}/history")).Body!;

            AssertSame(Unplaced(history["items"]![0]!), Unplaced(served["items"]![0]!), Instant);
            AssertSame(Emptied(history), Emptied(served));
        }

        var changes = contract["paths"]!["/v1/changes"]!["get"]!["responses"]!["200"]!;
        var example = Example(changes);
        var resources = (string)example["items"]![0]!["resource"]!;
        var page = (await api.Reader.GetJsonAsync($"/v1/changes?resource={resources}")).Body!;
        var change = page["items"]!.AsArray().Single(c => (string?)c!["id"] == (string?)example["items"]![0]!["id"])!;
        AssertSame(Unplaced(example["items"]![0]!), Unplaced(change), Instant);
        Assert.Equal(example.AsObject().Select(m => m.Key), page.AsObject().Select(m => m.Key));
        Assert.Equal($"/v1/changes?after={example["position"]}", (string?)example["next"]);

        AssertSameLines(changes, "application/x-ndjson", await LinesAsync($"/v1/changes?resource={resources}"), (string)change["id"]!);
        AssertSameLines(contract["paths"]!["/v1/snapshot"]!["get"]!["responses"]!["200"]!, "application/x-ndjson",
            await LinesAsync($"/v1/snapshot?resource={resources}"), (string)change["id"]!);

        static JsonNode Unplaced(JsonNode node)
        {
            var copy = node.DeepClone().AsObject();
            foreach (var own in new[] { "position", "transaction", "committedAt" })
            {
                if (copy.ContainsKey(own))
                    copy[own] = "own";
            }

            return copy;
        }

        static JsonNode Emptied(JsonNode node)
        {
            var copy = node.DeepClone().AsObject();
            copy["items"] = new JsonArray();
            return copy;
        }

        async Task<List<JsonNode>> LinesAsync(string path)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation("Accept", "application/x-ndjson");
            var answer = await api.Reader.SendAsync(request, Cancellation);
            Assert.Equal("application/x-ndjson", answer.Content.Headers.ContentType!.MediaType);
            return [.. (await answer.Content.ReadAsStringAsync(Cancellation)).TrimEnd('\n').Split('\n').Select(l => JsonNode.Parse(l)!)];
        }

        static void AssertSameLines(JsonNode declared, string type, List<JsonNode> lines, string id)
        {
            var expected = Text(declared, type).TrimEnd('\n').Split('\n').Select(l => JsonNode.Parse(l)!)
                .ToList();
            AssertSame(Unplaced(expected.Single(l => (string?)l["id"] == id)), Unplaced(lines.Single(l => (string?)l["id"] == id)),
                Instant);
            foreach (var (own, served) in new[] { (expected[0], lines[0]), (expected[^1], lines[^1]) })
                Assert.Equal(own.AsObject().Select(m => m.Key), served.AsObject().Select(m => m.Key));
        }
    }

    [Fact]
    public async Task Records_and_lists_are_as_their_examples()
    {
        var contract = await ContractAsync();
        foreach (var resource in Resources)
        {
            var path = api.Path(resource);
            var list = contract["paths"]![$"/v1{resource.Route}"]!;
            var one = contract["paths"]![$"/v1{resource.Route}/{{id}}"]!;
            var record = Example(one["get"]!["responses"]!["200"]!);
            var id = (string)record["id"]!;

            var listed = await api.Reader.GetJsonAsync($"{path}?{resource.Example.Query}");
            var page = Example(list["get"]!["responses"]!["200"]!);
            // positions differ between databases
            Assert.True(Position.TryParse((string?)page["position"], out _));
            Assert.Equal(listed.Response.Headers.GetValues("Position").Single(), (string?)listed.Body!["position"]);
            page["position"] = (string?)listed.Body["position"];
            AssertSame(page, listed.Body, Instant);
            AssertSame(record, (await api.Reader.GetJsonAsync($"{path}/{id}")).Body, Instant);
            await AssertFormatsAsync(list["get"]!, $"{path}?{resource.Example.Query}");
            await AssertFormatsAsync(one["get"]!, $"{path}/{id}?");

            // a change to the same values makes no version
            var replaced = await api.Editor.SendJsonAsync(HttpMethod.Put, $"{path}/{id}", Example(one["put"]!["requestBody"]!).DeepClone(),
                ifMatch: "*");
            AssertSame(Example(one["put"]!["responses"]!["200"]!), replaced.Body, Instant);
            var changed = await api.Editor.SendJsonAsync(HttpMethod.Patch, $"{path}/{id}",
                Example(one["patch"]!["requestBody"]!).DeepClone(), ifMatch: "\"1\"",
                mediaType: "application/merge-patch+json");
            AssertSame(Example(one["patch"]!["responses"]!["200"]!), changed.Body, Instant);
        }
    }

    /// <summary>In the CSV of the example, other actors have no name: no example record gives it.</summary>
    private async Task AssertFormatsAsync(JsonNode operation, string address)
    {
        string Example(string type) => Undated(Text(operation["responses"]!["200"]!, type));
        Assert.Equal(Example("application/x-ndjson"), Undated(await api.Reader.GetStringAsync($"{address}&format=ndjson", Cancellation)));

        var csv = Undated(await api.Reader.GetStringAsync($"{address}&format=csv", Cancellation));
        Assert.Equal(Example("text/csv"), Regex.Replace(csv, "Name of [a-z-]+", ""));
    }

    /// <summary>Without the instants of commits, of which each database has its own.</summary>
    private static string Undated(string text) => Regex.Replace(text, "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "");

    /// <summary>The facets of a list with the example record alone are those of the example.</summary>
    [Fact]
    public async Task Availability_is_as_its_example()
    {
        var contract = await ContractAsync();
        foreach (var resource in Resources)
        {
            var example = Example(contract["paths"]![$"/v1{resource.Route}/availability"]!["get"]!["responses"]!["200"]!);
            var path = api.Path(resource);
            var listed = (await api.Reader.GetJsonAsync(
                $"{path}?{resource.Example.Query}&facets={string.Join(',', resource.List.Facets.Select(f => f.Name))}")).Body!;

            var record = Assert.Single(listed["items"]!.AsArray())!;
            // other actors have no label in the example: no example record gives their names
            AssertSame(example["facets"]!, JsonNode.Parse(Regex.Replace(listed["facets"]!.ToJsonString(), "\"Name of [a-z-]+\"", "null")));
            AssertSame(example["coverage"]!,
                new JsonObject
                {
                    ["records"] = 1,
                    ["earliest"] = record["earliest"]?.DeepClone(),
                    ["latest"] = record["latest"]?.DeepClone(),
                });
            AssertSame(example, (await api.Reader.GetJsonAsync($"{path}/availability")).Body, ["coverage", "facets"]);
        }
    }

    private async Task<JsonNode> ContractAsync() => JsonNode.Parse(await api.Reader.GetStringAsync("/openapi/v1.json", Cancellation))!;
}
