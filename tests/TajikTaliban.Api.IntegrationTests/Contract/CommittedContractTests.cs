using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Hosting.OpenApi;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Paging;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>The committed contract is what the service serves, and says what the service does.</summary>
public sealed class CommittedContractTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    /// <summary>Pages for people, and the contract itself.</summary>
    private static readonly string[] Pages = ["/", "/openapi/v1.json", "/problems"];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEnumerable<Resource> Resources => api.Services.GetRequiredService<ResourceCatalogue>().All;

    [Fact]
    public async Task The_committed_contract_is_the_one_that_is_served()
    {
        var served = await api.Reader.GetStringAsync("/openapi/v1.json", Cancellation);
        var committed = await File.ReadAllTextAsync(Repository.CommittedContract, Cancellation);

        Assert.True(served == committed,
            "openapi/v1.json is not what the code makes. Update it: dotnet run --project src/TajikTaliban.Api -- openapi --output openapi/v1.json");
    }

    [Fact]
    public async Task Every_route_is_in_the_contract_and_nothing_else_is()
    {
        var routes = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>() is not null)
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {Path(e)}"))
            .Where(r => !Pages.Contains(r.Split(' ')[1]) && !r.Contains(" /problems/", StringComparison.Ordinal)).Order().ToList();
        var contract = await ContractAsync();

        var described = contract["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Where(o => Methods.Contains(o.Key.ToUpperInvariant()))
            .Select(o => $"{o.Key.ToUpperInvariant()} {p.Key}")).Order().ToList();
        Assert.NotEmpty(routes);
        Assert.Equal(routes, described);

        static string Path(RouteEndpoint endpoint) => "/" + endpoint.RoutePattern.RawText!.Trim('/');
    }

    [Fact]
    public async Task Every_operation_says_what_it_is()
    {
        var contract = await ContractAsync();
        var operations = contract["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!).ToList();

        var ids = operations.Select(o => (string?)o["operationId"]).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
        Assert.All(operations, operation =>
        {
            Assert.False(string.IsNullOrWhiteSpace((string?)operation["operationId"]));
            Assert.False(string.IsNullOrWhiteSpace((string?)operation["summary"]));
            Assert.False(string.IsNullOrWhiteSpace((string?)operation["description"]));
            Assert.NotEmpty(operation["tags"]!.AsArray());
        });
        Assert.All(contract["components"]!["schemas"]!.AsObject(), s => Assert.False(string.IsNullOrWhiteSpace((string?)s.Value!["description"]), s.Key));
    }

    [Fact]
    public async Task Only_writing_needs_a_key()
    {
        var contract = await ContractAsync();

        foreach (var (path, operations) in contract["paths"]!.AsObject())
            foreach (var (method, operation) in operations!.AsObject())
                Assert.True((operation!["security"]!.AsArray().Count > 0) == (method != "get"), $"{method} {path}");
    }

    [Fact]
    public async Task The_contract_has_the_query_parameters_that_are_understood()
    {
        var contract = await ContractAsync();
        foreach (var resource in Resources)
        {
            var list = contract["paths"]![$"/v1{resource.Route}"]!["get"]!;
            var described = Parameters(contract, list).Where(p => (string)p["in"]! == "query").Select(p => (string)p["name"]!);
            // where there is nothing to expand, the parameter can only be refused
            var understood = ListRequest.Known(resource.List).Where(p => p != "expand" || resource.List.Expands.Count > 0);

            Assert.Equal(understood.Order(), described.Order());
        }
    }

    [Fact]
    public async Task The_rules_of_bodies_show()
    {
        var schemas = (await ContractAsync())["components"]!["schemas"]!;
        JsonNode Field(string schema, string field) => schemas[schema]!["properties"]![field]!;
        IEnumerable<string?> Enum(JsonNode node) => node["enum"]!.AsArray().Select(v => (string?)v);

        Assert.Equal(CodeLists.ActorTypes.Values, Enum(schemas["ActorTypeCode"]!));
        Assert.Equal("#/components/schemas/ActorTypeCode", (string?)Field("ActorRequest", "type")["allOf"]![0]!["$ref"]);
        Assert.Equal("#/components/schemas/SectorCode", (string?)Field("ActorRequest", "sectors")["items"]!["$ref"]);
        Assert.Equal(CodeLists.Stances.Values.Append(null), Enum(Field("RelationRequest", "stance")));
        Assert.Contains("`false` if left out", (string)Field("TradeFigureRequest", "approximate")["description"]!, StringComparison.Ordinal);
        Assert.Equal(RecordId.Pattern, (string?)Field("ActorRequest", "id")["pattern"]);
        Assert.Equal(300, (int)Field("ActorRequest", "name")["maxLength"]!);
        Assert.Equal(1, (int)Field("ActorRequest", "citations")["minItems"]!);
        Assert.Equal(1, (int)Field("RelationRequest", "subject")["minLength"]!);
        Assert.Equal((-90, 90), ((int)Field("EventPlaceRequest", "latitude")["minimum"]!, (int)Field("EventPlaceRequest", "latitude")["maximum"]!));
        Assert.Equal(0, (int)Field("TradeFigureRequest", "value")["minimum"]!);
        Assert.Equal("^[0-9]{2,4}$", (string?)Field("EventRequest", "cameo")["pattern"]);
        Assert.Equal(["citations", "name", "type"], schemas["ActorRequest"]!["required"]!.AsArray().Select(r => (string?)r));
        Assert.Null(schemas["ActorPatch"]!["required"]);
        Assert.All(schemas.AsObject().Where(s => s.Value!["properties"] is not null), s => Assert.False((bool)s.Value!["additionalProperties"]!, s.Key));
        Assert.DoesNotContain("\"double\"", schemas.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_that_may_grow_are_open_in_answers()
    {
        var schemas = (await ContractAsync())["components"]!["schemas"]!;
        var kind = schemas["Source"]!["properties"]!["kind"]!;

        Assert.Null(kind["enum"]);
        Assert.Equal(CodeLists.SourceKinds.Values, kind["x-extensible-enum"]!.AsArray().Select(v => (string)v!));
        Assert.Equal("#/components/schemas/FrequencyCode", (string?)schemas["TradeFigure"]!["properties"]!["frequency"]!["allOf"]![0]!["$ref"]);
    }

    [Fact]
    public async Task The_examples_are_what_the_service_answers()
    {
        var contract = await ContractAsync();
        foreach (var resource in Resources)
        {
            var path = $"/v1{resource.Route}".Replace("{indicator}", "border-length", StringComparison.Ordinal);
            var list = contract["paths"]![$"/v1{resource.Route}"]!;
            var one = contract["paths"]![$"/v1{resource.Route}/{{id}}"]!;
            var record = Example(one["get"]!["responses"]!["200"]!);
            var id = (string)record["id"]!;

            var listed = await api.Reader.GetJsonAsync($"{path}?{RecordExamples.Query(resource)}");
            var page = Example(list["get"]!["responses"]!["200"]!);
            // each database has a history of its own, and with it positions of its own
            Assert.True(Position.TryParse((string?)page["position"], out _));
            Assert.Equal(listed.Response.Headers.GetValues("Position").Single(), (string?)listed.Body!["position"]);
            page["position"] = (string?)listed.Body["position"];
            AssertSame(page, listed.Body);
            AssertSame(record, (await api.Reader.GetJsonAsync($"{path}/{id}")).Body);

            // what is written already changes nothing
            var replaced = await api.Editor.SendJsonAsync(HttpMethod.Put, $"{path}/{id}", Example(one["put"]!["requestBody"]!).DeepClone(), ifMatch: "*");
            AssertSame(Example(one["put"]!["responses"]!["200"]!), replaced.Body);
            var changed = await api.Editor.SendJsonAsync(HttpMethod.Patch, $"{path}/{id}",
                one["patch"]!["requestBody"]!["content"]!["application/merge-patch+json"]!["example"]!.DeepClone(), ifMatch: "\"1\"", mediaType: "application/merge-patch+json");
            AssertSame(Example(one["patch"]!["responses"]!["200"]!), changed.Body);
        }
    }

    [Fact]
    public async Task The_documentation_page_is_served()
    {
        var page = await api.Reader.GetAsync("/docs/index.html", Cancellation);

        Assert.True(page.IsSuccessStatusCode);
        Assert.Contains("swagger-ui", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_calls_to_try_answer_as_they_say()
    {
        var files = Directory.GetFiles(System.IO.Path.Combine(Repository.Root, "openapi"), "*.http");
        Assert.NotEmpty(files);
        foreach (var file in files)
            foreach (var (title, status, withKey, request) in await HttpFile.ReadAsync(file))
            {
                using var answer = await (withKey ? api.Editor : api.Reader).SendAsync(request, Cancellation);
                Assert.True((int)answer.StatusCode == status,
                    $"{System.IO.Path.GetFileName(file)}, {title}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancellation)}");
            }
    }

    private async Task<JsonNode> ContractAsync() => JsonNode.Parse(await api.Reader.GetStringAsync("/openapi/v1.json", Cancellation))!;

    private static IEnumerable<JsonNode> Parameters(JsonNode contract, JsonNode operation) => operation["parameters"]!.AsArray().Select(p =>
        (string?)p!["$ref"] is { } reference ? contract["components"]!["parameters"]![reference[(reference.LastIndexOf('/') + 1)..]]! : p);

    private static JsonNode Example(JsonNode answer) => answer["content"]!["application/json"]!["example"]!;

    private static void AssertSame(JsonNode expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"Expected {expected.ToJsonString()}\nbut got {actual?.ToJsonString()}");
}
