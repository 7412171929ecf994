using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>The committed contract is what the service serves, and says what the service does.</summary>
public sealed class CommittedContractTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    /// <summary>Pages for people, and the contract itself.</summary>
    private static readonly string[] Pages = ["/", "/openapi/3.1/v1.json", "/openapi/v1.json", "/problems", "/search"];

    /// <summary>An operator's settings, which are read with his key too.</summary>
    private static readonly string[] ReadWithKey =
        ["/v1/audit", "/v1/reports", "/v1/webhooks", "/v1/webhooks/{id}", "/v1/webhooks/{id}/attempts", "/v1/webhooks/{id}/dead-letters"];

    /// <summary>What readers without a key send.</summary>
    private static readonly string[] WrittenWithoutKey = ["post /v1/reports"];

    /// <summary>Writes of settings: they change no record, so that the history has no reasons of theirs.</summary>
    private static readonly string[] WritesOfSettings =
    [
        "post /v1/reports", "patch /v1/reports/{id}",
        "post /v1/webhooks", "patch /v1/webhooks/{id}", "delete /v1/webhooks/{id}", "post /v1/webhooks/{id}/replay",
            "post /v1/webhooks/{id}/rotate-secret",
        "post /v1/webhooks/{id}/test",
    ];

    private static readonly string[] Methods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IEnumerable<Resource> Resources => api.Services.GetRequiredService<ResourceCatalogue>().All;

    [Fact]
    public async Task The_committed_contract_is_the_one_that_is_served()
    {
        var served = await api.Reader.GetStringAsync("/openapi/v1.json", Cancellation);
        var committed = await File.ReadAllTextAsync(Repository.CommittedContract, Cancellation);

        Assert.True(served == committed,
            "openapi/v1.json is not what the code makes. Update it: dotnet run --project src/TajikTaliban.Api -- openapi --output openapi/"
            + "v1.json");
    }

    [Fact]
    public async Task Every_route_is_in_the_contract_and_nothing_else_is()
    {
        var routes = api.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>() is not null)
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(m => $"{m} {Path(e)}"))
            .Where(r => !Pages.Contains(r.Split(' ')[1]) && !r.Contains(" /problems/", StringComparison.Ordinal)
                && !r.Contains(" /docs/guide", StringComparison.Ordinal)).Order().ToList();
        var contract = await ContractAsync();

        var described = contract["paths"]!.AsObject()
            .SelectMany(p => p.Value!.AsObject().Where(o => Methods.Contains(o.Key.ToUpperInvariant()))
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
        Assert.All(contract["components"]!["schemas"]!.AsObject(),
            s => Assert.False(string.IsNullOrWhiteSpace((string?)s.Value!["description"]), s.Key));
    }

    [Fact]
    public async Task Only_writing_and_settings_need_a_key()
    {
        var contract = await ContractAsync();
        var paths = contract["paths"]!.AsObject();

        Assert.Superset(ReadWithKey.ToHashSet(), paths.Where(p => p.Value!["get"] is not null).Select(p => p.Key).ToHashSet());
        foreach (var (path, operations) in paths)
        {
            foreach (var (method, operation) in operations!.AsObject())
            {
                Assert.True((operation!["security"]!.AsArray().Count > 0) == ((method != "get" || ReadWithKey.Contains(path))
                    && !WrittenWithoutKey.Contains($"{method} {path}")), $"{method} {path}");
            }
        }
    }

    /// <summary>A parameter that nobody knows is refused with those that are known.</summary>
    [Fact]
    public async Task The_contract_declares_exactly_the_accepted_query_parameters()
    {
        const string Known = "Unknown parameter; use ";
        var contract = await ContractAsync();
        var nothingToExpand = Resources.Where(r => r.List.Expands.Count == 0)
            .SelectMany(r => new[] { $"/v1{r.Route}", $"/v1{r.Route}/{{id}}" }).ToHashSet();
        var withParameters = new List<string>();
        using var admin = api.Client(await api.CreateKeyAsync("parameters", Roles.Admin));
        foreach (var (path, operations) in contract["paths"]!.AsObject().Where(p => p.Key.StartsWith("/v1", StringComparison.Ordinal)))
        {
            var address = path.Replace("{indicator}", "border-length", StringComparison.Ordinal)
                .Replace("{id}", "some-id", StringComparison.Ordinal).Replace("{name}", "flows", StringComparison.Ordinal);
            var refused = await (ReadWithKey.Contains(path) ? admin : api.Reader).GetJsonAsync($"{address}?zzzzzzzzzzzz=1");
            if (operations!["get"] is not { } get)
                continue;
            var message = (string)refused.Body!["errors"]!["/query/zzzzzzzzzzzz"]![0]!["message"]!;
            Assert.StartsWith(Known, message, StringComparison.Ordinal);
            // where there is nothing to expand, the parameter can only be refused
            var understood = message[Known.Length..^1].Split(", ", StringSplitOptions.RemoveEmptyEntries)
                .Where(p => p != "expand" || !nothingToExpand.Contains(path));
            var described = Parameters(contract, get).Where(p => (string)p["in"]! == "query").Select(p => (string)p["name"]!).ToList();

            Assert.True(understood.Order().SequenceEqual(described.Order()),
                $"{path} understands {message[Known.Length..]}, the contract has {string.Join(", ", described)}");
            if (described.Count > 0)
                withParameters.Add(path);
        }

        foreach (var resource in Resources)
        {
            Assert.Superset(
                new HashSet<string>(
                    [$"/v1{resource.Route}", $"/v1{resource.Route}/availability", $"/v1{resource.Route}/{{id}}",
                        $"/v1{resource.Route}/{{id}}/history"]),
                withParameters.ToHashSet());
        }

        Assert.Superset(new HashSet<string>(["/v1/changes", "/v1/snapshot"]), withParameters.ToHashSet());
    }

    [Fact]
    public async Task Writes_declare_an_idempotency_key_cause_and_note()
    {
        var contract = await ContractAsync();
        var settings = 0;
        foreach (var (path, operations) in contract["paths"]!.AsObject())
        {
            foreach (var (method, operation) in operations!.AsObject().Where(o => o.Key != "get"))
            {
                var headers = Parameters(contract, operation!).Where(p => (string)p["in"]! == "header")
                    .ToDictionary(p => (string)p["name"]!);

                if (WritesOfSettings.Contains($"{method} {path}"))
                {
                    Assert.Equal(["Idempotency-Key"],
                        headers.Keys.Intersect(["Idempotency-Key", "Change-Note", "Change-Note-Encoded", "Change-Cause"]));
                    settings++;
                    continue;
                }

                foreach (var header in (string[])["Idempotency-Key", "Change-Note", "Change-Note-Encoded"])
                    Assert.True(headers.ContainsKey(header), $"{method} {path} {header}");
                Assert.Equal("#/components/schemas/ChangeCauseCode", (string?)headers["Change-Cause"]["schema"]!["$ref"]);
            }
        }

        Assert.Equal(WritesOfSettings.Length, settings);
        Assert.Equal(CodeLists.ChangeCauses.Values, contract["components"]!["schemas"]!["ChangeCauseCode"]!["enum"]!.AsArray()
            .Select(v => (string)v!));
    }

    [Fact]
    public async Task The_rules_of_bodies_show()
    {
        var schemas = (await ContractAsync())["components"]!["schemas"]!;
        JsonNode Field(string schema, string field) => schemas[schema]!["properties"]![field]!;
        IEnumerable<string?> Enum(JsonNode node) => node["enum"]!.AsArray().Select(v => (string?)v);
        string Without(JsonNode node, string field)
        {
            var copy = node.DeepClone().AsObject();
            copy.Remove(field);
            return copy.ToJsonString();
        }

        Assert.Equal(CodeLists.ActorTypes.Values, Enum(schemas["ActorTypeCode"]!));
        Assert.Equal("#/components/schemas/ActorTypeCode", (string?)Field("ActorRequest", "type")["allOf"]![0]!["$ref"]);
        Assert.Equal("#/components/schemas/SectorCode", (string?)Field("ActorRequest", "sectors")["items"]!["$ref"]);
        Assert.Equal(CodeLists.Stances.Values, Enum(schemas["StanceCode"]!));
        Assert.Equal("""{"allOf":[{"$ref":"#/components/schemas/StanceCodeOrNull"}]}""",
            Without(Field("RelationRequest", "stance"), "description"));
        Assert.Equal(CodeLists.Stances.Values.Append(null), Enum(schemas["StanceCodeOrNull"]!));
        // null is absent, where a field may be absent
        Assert.Equal("""{"type":"boolean","nullable":true}""", Without(Field("TradeFigureRequest", "approximate"), "description"));
        Assert.Contains("Default: `false`", (string)Field("TradeFigureRequest", "approximate")["description"]!, StringComparison.Ordinal);
        Assert.Equal(RecordId.Pattern, (string?)Field("ActorRequest", "id")["pattern"]);
        Assert.Equal(300, (int)Field("ActorRequest", "name")["maxLength"]!);
        Assert.Equal(1, (int)Field("ActorRequest", "citations")["minItems"]!);
        Assert.Equal(1, (int)Field("RelationRequest", "subject")["minLength"]!);
        // only a derived part has to say what it supports
        Assert.Null(Field("CitationRequest", "supports")["minItems"]);
        Assert.Equal(50, (int)Field("CitationRequest", "supports")["maxItems"]!);
        // bodies that are not records have rules, too
        Assert.Equal(500, (int)Field("CreateReleaseRequest", "title")["maxLength"]!);
        Assert.Equal(5000, (int)Field("CreateRedactionRequest", "reason")["maxLength"]!);
        Assert.Equal(5000, (int)Field("CreateWebhookRequest", "description")["maxLength"]!);
        // every list that is sent has an end
        var lists = schemas.AsObject().Where(s => (bool?)s.Value!["additionalProperties"] == false)
            .SelectMany(s => s.Value!["properties"]!.AsObject(), (s, field) => (Name: $"{s.Key}/{field.Key}", Schema: field.Value!))
            .Where(f => (string?)f.Schema["type"] == "array").ToList();
        Assert.True(lists.Count > 20);
        Assert.All(lists, f => Assert.True((int?)f.Schema["maxItems"] is 50 or 200, f.Name));
        Assert.Equal((-90, 90),
            ((int)Field("EventPlaceRequest", "latitude")["minimum"]!, (int)Field("EventPlaceRequest", "latitude")["maximum"]!));
        Assert.Equal(0, (int)Field("TradeFigureRequest", "value")["minimum"]!);
        Assert.Equal("^[0-9]{2,4}$", (string?)Field("EventRequest", "cameo")["pattern"]);
        Assert.Equal(["citations", "name", "type"], schemas["ActorRequest"]!["required"]!.AsArray().Select(r => (string?)r));
        Assert.Null(schemas["ActorPatch"]!["required"]);
        // what is sent has no other fields; what is received may get more
        Assert.All(schemas.AsObject().Where(s => s.Value!["properties"] is not null), s => Assert.Equal(
            s.Key.EndsWith("Request", StringComparison.Ordinal) || s.Key.EndsWith("Patch", StringComparison.Ordinal) ? false : null,
            (bool?)s.Value!["additionalProperties"]));
        Assert.Equal("#/components/schemas/ChangeCauseCodeOrNull", (string?)Field("BatchLineRequest", "cause")["allOf"]![0]!["$ref"]);
        Assert.Equal("#/components/schemas/ResourceName", (string?)Field("BatchLineRequest", "resource")["allOf"]![0]!["$ref"]);
        Assert.DoesNotContain("\"double\"", schemas.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_that_may_grow_are_open_in_responses()
    {
        var schemas = (await ContractAsync())["components"]!["schemas"]!;
        var kind = schemas["Source"]!["properties"]!["kind"]!;

        Assert.Null(kind["enum"]);
        Assert.Equal(CodeLists.SourceKinds.Values, kind["x-extensible-enum"]!.AsArray().Select(v => (string)v!));
        Assert.Equal("#/components/schemas/FrequencyCode",
            (string?)schemas["TradeFigure"]!["properties"]!["frequency"]!["allOf"]![0]!["$ref"]);
    }

    [Fact]
    public async Task The_documentation_page_is_served()
    {
        var page = await api.Reader.GetAsync("/docs/index.html", Cancellation);

        Assert.True(page.IsSuccessStatusCode);
        Assert.Contains("swagger-ui", await page.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sample_calls_return_the_stated_status()
    {
        var files = Directory.GetFiles(System.IO.Path.Combine(Repository.Root, "openapi"), "*.http");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            foreach (var (title, status, withKey, request) in await HttpFile.ReadAsync(file))
            {
                using var answer = await (withKey ? api.Editor : api.Reader).SendAsync(request, Cancellation);
                var body = await answer.Content.ReadAsStringAsync(Cancellation);
                Assert.True((int)answer.StatusCode == status,
                    $"{System.IO.Path.GetFileName(file)}, {title}: {(int)answer.StatusCode} {body}");
            }
        }
    }

    private async Task<JsonNode> ContractAsync() => JsonNode.Parse(await api.Reader.GetStringAsync("/openapi/v1.json", Cancellation))!;

    private static IEnumerable<JsonNode> Parameters(JsonNode contract, JsonNode operation) => (operation["parameters"] as JsonArray ?? [])
        .Select(p => (string?)p!["$ref"] is { } reference
            ? contract["components"]!["parameters"]![reference[(reference.LastIndexOf('/') + 1)..]]! : p);
}
