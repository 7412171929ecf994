using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Resources;
using static TajikTaliban.Api.IntegrationTests.Contract.Examples;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>
/// Every body has a valid example. The example requests are sent, and the responses compared with the examples; those that only read the
/// example records: <see cref="RecordExampleTests"/>.
/// </summary>
public sealed class ExampleTests(ExampleApiFixture api) : IClassFixture<ExampleApiFixture>
{
    private static readonly string[] Instants = ["position", "committedAt", "createdAt", "recordedAt"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_body_has_an_example()
    {
        var contract = await ServedContract.LoadAsync(api.Reader);
        var bodies = contract.Bodies().ToList();

        Assert.True(bodies.Count > 100);
        AssertNone(bodies.Where(b => b.Examples.Count == 0).Select(b => $"{b.Name} without an example"));
    }

    [Fact]
    public async Task Every_example_matches_its_schema()
    {
        var contract = await ServedContract.LoadAsync(api.Reader);

        AssertNone(contract.Bodies().SelectMany(b => b.Examples.SelectMany(b.Faults).Select(f => $"{b.Name}: {f}")));
    }

    [Fact]
    public async Task An_example_that_breaks_its_schema_is_detected()
    {
        var contract = await ServedContract.LoadAsync(api.Reader);
        var lines = contract.Bodies().Single(b => b.Name == "getSnapshot answers 200 application/x-ndjson");
        var release = contract.Bodies().Single(b => b.Name == "createRelease takes application/json");

        Assert.Equal(["does not end with the end of a line", "does not end with a position: {}"], lines.Faults(JsonValue.Create("{}\n{}")));
        Assert.Equal(["#/id: PropertyRequired", "#/more: NoAdditionalPropertiesAllowed"],
            release.Faults(new JsonObject { ["title"] = "Without an id", ["more"] = 1 }).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/v1", "/v1")]
    [InlineData("/v1/codelists", "/v1/codelists")]
    [InlineData("/v1/codelists/{name}", "/v1/codelists/actor-types")]
    [InlineData("/health/live", "/health/live")]
    [InlineData("/health/ready", "/health/ready")]
    public async Task Operations_without_records_match_their_examples(string path, string address) =>
        AssertSame(Answer(await OperationAsync("get", path)), (await api.Reader.GetJsonAsync(address)).Body);

    [Fact]
    public async Task The_example_of_a_batch_matches_the_response()
    {
        var batch = await OperationAsync("post", "/v1/batch");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/batch")
        {
            Content = new StringContent(Example(batch["requestBody"]!).ToJsonString(), Encoding.UTF8, "application/json"),
        };

        AssertSame(Answer(batch), (await api.Editor.SendJsonAsync(request)).Body);
    }

    [Fact]
    public async Task The_response_to_a_merge_matches_its_example()
    {
        var merge = await OperationAsync("post", "/v1/actors/{id}/merge");
        var merged = (string)merge["parameters"]!.AsArray().Single(p => (string?)p!["name"] == "id")!["example"]!;
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor(merged));
        await api.Editor.AddAsync("/v1/relations", SampleRecords.Relation("of-the-merged", merged, "tajikistan"));

        AssertSame(Answer(merge),
            (await api.Editor.SendJsonAsync(HttpMethod.Post, $"/v1/actors/{merged}/merge", Example(merge["requestBody"]!)
                .DeepClone())).Body, Instants);
    }

    /// <summary>A release, a correction, and a release after it.</summary>
    [Fact]
    public async Task Responses_of_corrections_and_releases_match_their_examples()
    {
        var create = await OperationAsync("post", "/v1/releases");
        var releases = Answer(await OperationAsync("get", "/v1/releases"))["items"]!;
        var corrections = await OperationAsync("get", "/v1/corrections");
        var correction = Answer(corrections)["items"]![0]!;
        var (later, earlier) = ((string)releases[0]!["id"]!, (string)releases[1]!["id"]!);

        var made = await api.Editor.SendJsonAsync(HttpMethod.Post, "/v1/releases", Example(create["requestBody"]!).DeepClone());
        AssertSame(Example(create["responses"]!["201"]!), made.Body, Instants);
        using var correct = new HttpRequestMessage(HttpMethod.Patch, $"/v1/{correction["resource"]}/{correction["id"]}")
        {
            Content =
                new StringContent(new JsonObject { ["description"] = correction["differences"]![0]!["after"]!.DeepClone() }.ToJsonString(),
                    Encoding.UTF8, "application/json"),
        };
        correct.Headers.TryAddWithoutValidation("If-Match", "*");
        correct.Headers.TryAddWithoutValidation("Change-Cause", (string?)correction["cause"]);
        correct.Headers.TryAddWithoutValidation("Change-Note", (string?)correction["note"]);
        Assert.Equal(HttpStatusCode.OK, (await api.Editor.SendJsonAsync(correct)).Status);
        await api.Editor.AddAsync("/v1/releases", new JsonObject { ["id"] = later, ["title"] = releases[0]!["title"]!.DeepClone() });

        // other tests correct other records
        var query = $"resource={correction["resource"]}";
        AssertSame(releases, (await api.Reader.GetJsonAsync("/v1/releases")).Body!["items"], Instants);
        AssertSame(Answer(await OperationAsync("get", "/v1/releases/{id}")),
            (await api.Reader.GetJsonAsync($"/v1/releases/{earlier}")).Body, Instants);
        AssertSame(Answer(await OperationAsync("get", "/v1/releases/{id}/changes")),
            (await api.Reader.GetJsonAsync($"/v1/releases/{earlier}/changes?to={later}")).Body, Instants);
        AssertSame(Answer(corrections), (await api.Reader.GetJsonAsync($"/v1/corrections?{query}")).Body, [.. Instants, "transaction"]);
        var feed = Unplaced(Text(corrections["responses"]!["200"]!, "application/atom+xml"),
            RecordExamples.Origin);
        var served = Unplaced(await api.Reader.GetStringAsync($"/v1/corrections.atom?{query}", Cancellation), api.Reader.BaseAddress!
            .GetLeftPart(UriPartial.Authority));
        Assert.Equal(feed, served);
    }

    /// <summary>What its receiver answers is for other tests to see: nothing is sent to the address of the example.</summary>
    [Fact]
    public async Task Responses_of_webhooks_match_their_examples()
    {
        const string Path = "/v1/webhooks";
        const string One = "/v1/webhooks/{id}";
        using var admin = api.Client(await api.CreateKeyAsync("operator", Roles.Admin));
        var create = await OperationAsync("post", Path);
        var example = Example(create["responses"]!["201"]!);

        var made = await admin.SendJsonAsync(HttpMethod.Post, Path, Example(create["requestBody"]!).DeepClone());
        AssertSame(example, made.Body, ["id", "secret", .. Instants]);
        Assert.Equal(((string)example["secret"]!).Length, ((string)made.Body!["secret"]!).Length);
        var address = $"{Path}/{made.Body["webhook"]!["id"]}";
        var change = await OperationAsync("patch", One);
        var changed = await admin.SendJsonAsync(HttpMethod.Patch, address, Example(change["requestBody"]!).DeepClone());
        AssertSame(Answer(change), changed.Body, ["id", "lastAttempt", .. Instants]);
        AssertSame(Answer(await OperationAsync("get", One)), (await admin.GetJsonAsync(address)).Body,
            ["id", "state", "lastAttempt", .. Instants]);
        AssertSame(Answer(await OperationAsync("get", Path)), (await admin.GetJsonAsync(Path)).Body,
            ["id", "state", "lastAttempt", .. Instants]);
        foreach (var log in new[] { "attempts", "dead-letters" })
            AssertSame(Answer(await OperationAsync("get", $"{One}/{log}")), (await admin.GetJsonAsync($"{address}/{log}")).Body, "items");

        var replay = await OperationAsync("post", $"{One}/replay");
        var requests = All(replay["requestBody"]!["content"]!["application/json"]!);
        Assert.Equal(HttpStatusCode.Conflict,
            (await admin.SendJsonAsync(HttpMethod.Post, $"{address}/replay", requests[0].DeepClone())).Status);
        var replayed = await admin.SendJsonAsync(HttpMethod.Post, $"{address}/replay",
            new JsonObject { [requests[1].AsObject().Single().Key] = changed.Body!["position"]!.DeepClone() });
        AssertSame(Answer(replay), replayed.Body, ["id", "deadLetters", "lastAttempt", .. Instants]);
        var rotate = Answer(await OperationAsync("post", $"{One}/rotate-secret"));
        AssertSame(rotate, (await admin.SendJsonAsync(HttpMethod.Post, $"{address}/rotate-secret")).Body, "secret", "previousSecretUntil");
        Assert.Equal(HttpStatusCode.NoContent, (await admin.SendJsonAsync(HttpMethod.Delete, address)).Status);
    }

    [Fact]
    public async Task Responses_of_reports_match_their_examples()
    {
        const string Path = "/v1/reports";
        var create = await OperationAsync("post", Path);
        var made = await api.Reader.SendJsonAsync(HttpMethod.Post, Path, Example(create["requestBody"]!).DeepClone());
        var example = Example(create["responses"]!["201"]!);
        AssertSame(example, made.Body, ["id", .. Instants]);
        Assert.Equal(((string)example["id"]!).Length, ((string)made.Body!["id"]!).Length);
        AssertSame(Answer(await OperationAsync("get", Path)), (await api.Editor.GetJsonAsync(Path)).Body, ["id", .. Instants]);
        var (address, change) = ($"{Path}/{made.Body["id"]}", await OperationAsync("patch", $"{Path}/{{id}}"));
        AssertSame(Answer(change),
            (await api.Editor.SendJsonAsync(HttpMethod.Patch, address, Example(change["requestBody"]!).DeepClone())).Body,
            ["id", "closedAt", .. Instants]);
        AssertSame(Answer(await OperationAsync("get", $"{Path}/{{id}}")), (await api.Reader.GetJsonAsync(address)).Body,
            ["id", "closedAt", .. Instants]);
    }

    private static void AssertNone(IEnumerable<string> faults) => Assert.True(!faults.Any(), string.Join("\n", faults));

    private async Task<JsonNode> OperationAsync(string method, string path) =>
        JsonNode.Parse(await api.Reader.GetStringAsync("/openapi/v1.json", Cancellation))!["paths"]![path]![method]!;

    private static JsonNode Answer(JsonNode operation) => Example(operation["responses"]!["200"]!);

    /// <summary>A feed without what each service has its own of: its address, its positions and its instants.</summary>
    private static string Unplaced(string feed, string origin)
    {
        var atom = XElement.Parse(feed.Replace(origin, "", StringComparison.Ordinal));
        foreach (var own in atom.Descendants().Where(e => e.Name.LocalName is "updated" || (e.Name.LocalName is "id" && e.Parent != atom)))
            own.Value = "own";
        return atom.ToString();
    }
}
