using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Auth;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>Generated with openapi-typescript, compiled by <c>tsc --strict</c>, run by Node.js against the service.</summary>
public sealed class TypeScriptClientTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    [Fact]
    public async Task A_generated_client_reads_pages_writes_and_understands_problems()
    {
        await NodeTools.RunAsync("node_modules/openapi-typescript/bin/cli.js", Repository.CommittedContract, "--output",
            Path.Combine("generated", "api.d.ts"));
        await NodeTools.RunAsync("node_modules/typescript/bin/tsc", "--project", "tsconfig.json");
        var key = await api.CreateKeyAsync("typescript", Roles.Editor);
        var output = await NodeTools.RunAsync(Path.Combine("generated", "js", "use-client.js"), api.Reader.BaseAddress!.ToString()
            .TrimEnd('/'), key);

        var found = JsonNode.Parse(output)!;
        var actors = await api.Reader.WalkAsync("/v1/actors?limit=1000");
        var expected = new JsonObject
        {
            ["value"] = 46000000,
            ["frequency"] = "S",
            ["actors"] = actors.Count,
            ["ordered"] = true,
            ["place"] = "Kabul",
            ["met"] = "Prosecutor General (Taliban)",
            ["added"] = 201,
            ["version"] = 2,
            ["publisher"] = "A press",
            ["deleted"] = 204,
            ["operations"] = new JsonArray("updated", "deleted"),
            ["firstPointer"] = "/publisher",
            ["past"] = 1,
            ["snapshot"] = true,
            ["problem"] = "Not found",
        };
        Assert.Equal(expected.ToJsonString(), found.ToJsonString());
    }
}
