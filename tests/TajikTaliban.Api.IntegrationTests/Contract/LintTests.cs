using System.Text.Json.Nodes;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Contract;

public sealed class LintTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public Task The_contract_passes_Redocly() => LintAsync(Repository.CommittedContract);

    [Fact]
    public async Task The_contract_as_OpenAPI_3_1_passes_it_too_and_has_the_webhook()
    {
        var contract = await api.Reader.GetStringAsync("/openapi/3.1/v1.json", TestContext.Current.CancellationToken);
        var file = Path.Combine(Repository.Clients, "generated", "v1-3.1.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, contract, TestContext.Current.CancellationToken);

        await LintAsync(file);
        var json = JsonNode.Parse(contract)!;
        Assert.StartsWith("3.1.", (string)json["openapi"]!, StringComparison.Ordinal);
        Assert.Equal("#/components/schemas/Change",
            (string)json["webhooks"]!["changed"]!["post"]!["requestBody"]!["content"]!["application/json"]!["schema"]!["properties"]!
                ["data"]!["$ref"]!);
        Assert.DoesNotContain("\"nullable\"", contract, StringComparison.Ordinal);
    }

    private static async Task LintAsync(string contract)
    {
        var output = await NodeTools.RunAsync("node_modules/@redocly/cli/bin/cli.js", "lint", contract,
            "--config", Path.Combine(Repository.Root, "openapi", "redocly.yaml"), "--format=json");

        var report = JsonNode.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..(output.LastIndexOf('}') + 1)])!;
        Assert.Empty(report["problems"]!.AsArray());
        Assert.Equal((0, 0), ((int)report["totals"]!["errors"]!, (int)report["totals"]!["warnings"]!));
    }
}
