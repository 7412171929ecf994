using System.Net;
using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>
/// Clients of several generators, each with its defaults: all are compiled strictly, and each makes the same 25 calls
/// (<c>clients/calls.ts</c>, in C# <c>UseKiotaClient.cs</c> and <c>UseNSwagClient.cs</c>) to the service, and again through a proxy that
/// adds an unknown field to every object of its responses.
/// </summary>
public sealed class GeneratedClientTests(GeneratedClients clients, SeededApiFixture api)
    : IClassFixture<GeneratedClients>, IClassFixture<SeededApiFixture>
{
    public static TheoryData<string, bool> Clients { get; } = new(
        from client in GeneratedClients.Names from more in new[] { false, true } select (client, more));

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_generated_client_makes_25_calls(string client, bool throughProxy)
    {
        await clients.CompileAsync();
        await CallAsync(client, throughProxy, async (address, key, own) =>
        {
            var output = await NodeTools.RunAsync(Path.Combine("generated", "js", $"{client}.js"), address, key, own);
            return JsonNode.Parse(output)!.AsArray().Select(line => (string)line!);
        });
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_of_Kiota_makes_the_same_calls(bool throughProxy)
    {
        var use = (await clients.KiotaAsync()).GetType("Generated.Kiota.UseKiotaClient")!.GetMethod("RunAsync")!;
        await CallAsync("kiota", throughProxy, async (address, key, own) =>
            await (Task<IReadOnlyList<string>>)use.Invoke(null, [address, key, own])!);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_of_NSwag_makes_the_same_calls(bool throughProxy)
    {
        var use = (await clients.NSwagAsync()).GetType("Generated.UseNSwagClient")!.GetMethod("RunAsync")!;
        await CallAsync("nswag", throughProxy, async (address, key, own) =>
            await (Task<IReadOnlyList<string>>)use.Invoke(null, [address, key, own])!);
    }

    private async Task CallAsync(string client, bool throughProxy, Func<string, string, string, Task<IEnumerable<string>>> callsAsync)
    {
        var own = $"{client}{(throughProxy ? "-proxy" : "")}";
        var key = await api.CreateKeyAsync(own, Roles.Editor);
        var service = api.Reader.BaseAddress!.ToString().TrimEnd('/');
        await using var proxy = throughProxy ? await AddingProxy.StartAsync(service) : null;

        var found = await callsAsync(proxy?.Address ?? service, key, own);

        var relations = await api.Reader.WalkAsync("/v1/relations?type=border,hostility&actor=tajikistan,taliban");
        var ofTypes = await api.Reader.WalkAsync("/v1/relations?type=border,hostility");
        var actors = await api.Reader.WalkAsync("/v1/actors?limit=1000");
        Assert.NotEmpty(relations);
        Assert.Equal(
            [
                string.Join(',', relations.Select(r => (string)r!["id"]!).Order(StringComparer.Ordinal)),
                $"{ofTypes.Count} " + string.Join(',', ofTypes.GroupBy(r => (string)r!["type"]!).Select(g => $"{g.Key}:{g.Count()}")
                    .Order(StringComparer.Ordinal)),
                $"{actors.Count} {(actors.Count + 39) / 40}",
                "true true Kabul",
                "Prosecutor General (Taliban)",
                "201 1 true true",
                "A report true",
                "200 2 A press Гузориш",
                "200 true",
                "412 precondition-failed",
                "409 conflict",
                "404 not-found 404",
                "422 invalid-record /citations/0/source:unknown-reference,/name:blank",
                "201 law",
                "200 2 book",
                "200 1 1 created,deleted",
                "updated:2,updated:3,created:1,updated:2,created:1,deleted:3 Аз бойгонӣ true",
                "3,2,1 /publisher",
                "A press",
                "A report",
                "true",
                "204",
                "410 gone 4",
            ],
            found);
    }
}

/// <summary>The clients, generated from the committed contract and compiled once.</summary>
public sealed class GeneratedClients
{
    private static readonly string[] Bundled = ["kubb", "orval-react-query", "orval-zod", "rtk-query"];
    private readonly Lazy<Task> _compiled = new(MakeAsync);
    private readonly Lazy<Task<Assembly>> _kiota = new(MakeKiotaAsync);

    private readonly Lazy<Task<Assembly>> _nswag = new(MakeNSwagAsync);

    public static IReadOnlyList<string> Names { get; } = ["openapi-fetch", "hey-api", "orval", "swagger-typescript-api", .. Bundled];

    public Task CompileAsync() => _compiled.Value;

    public Task<Assembly> KiotaAsync() => _kiota.Value;

    public Task<Assembly> NSwagAsync() => _nswag.Value;

    private static async Task MakeAsync()
    {
        await Task.WhenAll(
            RunAsync("@hey-api/openapi-ts/bin/index.cjs", "--input", Repository.CommittedContract, "--output", Folder("hey-api"),
                "--client", "@hey-api/client-fetch", "--silent"),
            MakeOthersAsync());
        await Task.WhenAll(
            RunAsync("typescript/bin/tsc", "--project", "tsconfig.clients.json"),
            RunAsync("typescript/bin/tsc", "--project", "tsconfig.bundled.json"));
        // these import files without an extension, or as `.ts`, as programs of the browser do: a bundler makes them run
        await RunAsync("esbuild/bin/esbuild", [.. Bundled.Select(client => $"{client}.ts"), "--bundle", "--packages=external",
            "--platform=node", "--format=esm", "--log-level=warning", $"--outdir={Folder("js")}"]);
    }

    private static async Task MakeOthersAsync()
    {
        await RunAsync("openapi-typescript/bin/cli.js", Repository.CommittedContract, "--output",
            Path.Combine(Folder("openapi-fetch"), "api.d.ts"));
        foreach (var (client, folder) in new[] { ("fetch", "orval"), ("react-query", "orval-react-query"), ("zod", "orval-zod") })
        {
            await RunAsync("orval/dist/bin/orval.js", "--input", Repository.CommittedContract, "--output",
                Path.Combine(Folder(folder), "api.ts"), "--client", client);
        }

        await RunAsync("swagger-typescript-api/dist/cli.js", "generate", "--path", Repository.CommittedContract,
            "--output", Folder("swagger-typescript-api"), "--silent");
        Directory.CreateDirectory(Path.Combine(Repository.Clients, Folder("rtk-query")));
        await RunAsync("@rtk-query/codegen-openapi/lib/bin/cli.mjs", "rtk-query.json");
        await RunAsync("@kubb/cli/bin/kubb.cjs", "generate", "--config", "kubb.config.ts");
    }

    private static async Task<Assembly> MakeKiotaAsync()
    {
        // not beside the sources, whose text other tests read
        var folder = Path.Combine(AppContext.BaseDirectory, "generated", "kiota");
        await StartAsync("tool", "restore");
        await StartAsync("tool", "run", "kiota", "generate", "--language", "CSharp", "--openapi", Repository.CommittedContract,
            "--class-name", "ApiClient", "--namespace-name", "Generated.Kiota", "--output", folder, "--clean-output");
        var files = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);
        return GeneratedAssembly.Compile(
            await Task.WhenAll(files.Append(Path.Combine(Repository.Clients, "UseKiotaClient.cs")).Select(f => File.ReadAllTextAsync(f))));

        static async Task StartAsync(params string[] arguments)
        {
            var (exit, output, errors) = await NodeTools.StartAsync("dotnet", arguments);
            Assert.True(exit == 0, $"dotnet {arguments[0]} ended with {exit}.\n{output}\n{errors}");
        }
    }

    private static async Task<Assembly> MakeNSwagAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        return GeneratedAssembly.Compile(await CSharpClientTests.GenerateAsync(cancellation),
            await File.ReadAllTextAsync(Path.Combine(Repository.Clients, "UseNSwagClient.cs"), cancellation));
    }

    private static string Folder(string client) => Path.Combine("generated", client);

    private static Task<string> RunAsync(string package, params string[] arguments) =>
        NodeTools.RunAsync($"node_modules/{package}", arguments);
}

/// <summary>A proxy in front of the service that adds a field that the contract does not name to every object of JSON.</summary>
internal sealed class AddingProxy : IAsyncDisposable
{
    private readonly WebApplication _app;

    private AddingProxy(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public static async Task<AddingProxy> StartAsync(string service)
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        app.Urls.Add("http://127.0.0.1:0");
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(service) };
        app.Run(http => SendAsync(client, http));
        await app.StartAsync();
        return new AddingProxy(app);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task SendAsync(HttpClient client, HttpContext http)
    {
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Request.Path + http.Request.QueryString);
        if (http.Request.ContentLength > 0 || http.Request.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(http.Request.Body);
        foreach (var (name, value) in http.Request.Headers.Where(h => h.Key is not ("Host" or "Accept-Encoding" or "Connection")))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)value!))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)value!);
        }

        using var response = await client.SendAsync(request, http.RequestAborted);
        http.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, value) in response.Headers.Concat(response.Content.Headers)
            .Where(h => h.Key is not ("Transfer-Encoding" or "Content-Length")))
        {
            http.Response.Headers[name] = value.ToArray();
        }

        var body = await response.Content.ReadAsStringAsync(http.RequestAborted);
        if (response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) == true && body.Length > 0)
        {
            var json = JsonNode.Parse(body)!;
            Add(json);
            body = json.ToJsonString();
        }

        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
            await http.Response.WriteAsync(body, http.RequestAborted);
    }

    /// <summary>Maps by name, whose members are no fields, are left as they are: the errors of a problem, facets, records by id.</summary>
    private static void Add(JsonNode? node, string name = "", string parent = "")
    {
        if (node is JsonArray array)
        {
            foreach (var member in array)
                Add(member, "", name);
        }
        else if (node is JsonObject fields)
        {
            foreach (var (field, value) in fields.ToList())
                Add(value, field, name);
            if (parent != "expanded" && name is not ("errors" or "facets" or "query" or "data"))
                fields["unknownField"] = new JsonObject { ["some"] = 1 };
        }
    }
}
