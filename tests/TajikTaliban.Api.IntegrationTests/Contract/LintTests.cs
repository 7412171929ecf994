using System.Text.Json.Nodes;

namespace TajikTaliban.Api.IntegrationTests.Contract;

public sealed class LintTests
{
    [Fact]
    public async Task The_contract_passes_Redocly()
    {
        var output = await NodeTools.RunAsync("node_modules/@redocly/cli/bin/cli.js", "lint", Repository.CommittedContract,
            "--config", Path.Combine(Repository.Root, "openapi", "redocly.yaml"), "--format=json");

        var report = JsonNode.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..(output.LastIndexOf('}') + 1)])!;
        Assert.Empty(report["problems"]!.AsArray());
        Assert.Equal((0, 0), ((int)report["totals"]!["errors"]!, (int)report["totals"]!["warnings"]!));
    }
}
