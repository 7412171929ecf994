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

    [Fact]
    public async Task Spectral_has_findings_of_the_table_alone()
    {
        var output = await NodeTools.FindingsAsync("node_modules/@stoplight/spectral-cli/dist/index.js", "lint",
            Repository.CommittedContract, "--ruleset", Path.Combine(Repository.Root, "openapi", "spectral.yaml"), "--format=json");

        var findings = JsonNode.Parse(output[output.IndexOf('[', StringComparison.Ordinal)..(output.LastIndexOf(']') + 1)])!.AsArray();
        Assert.Equal(RulesOfTable("Spectral"), RulesOf(findings, "code"));
    }

    [Fact]
    public async Task The_validator_of_IBM_has_findings_of_the_table_alone()
    {
        var file = Path.Combine(Repository.Clients, "generated", "v1-ibm.json");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        // its reader refuses empty keys, and an example has the JSON Pointer of a whole body
        var contract = await File.ReadAllTextAsync(Repository.CommittedContract, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, contract.Replace("\"\": [", "\"/\": [", StringComparison.Ordinal),
            TestContext.Current.CancellationToken);

        var output = await NodeTools.FindingsAsync(
            "node_modules/ibm-openapi-validator/src/cli-validator/index.js", "--json", file);

        var report = JsonNode.Parse(output)!;
        Assert.Equal(RulesOfTable("IBM"),
            RulesOf(new[] { "error", "warning", "info", "hint" }.SelectMany(s => report[s]!["results"]!.AsArray()), "rule"));
    }

    private static IEnumerable<string> RulesOf(IEnumerable<JsonNode?> findings, string name) =>
        findings.Select(f => (string)f![name]!).Distinct().Order(StringComparer.Ordinal);

    private static IEnumerable<string> RulesOfTable(string linter) =>
        File.ReadAllLines(Path.Combine(Repository.Root, "openapi", "linters.md")).Select(row => row.Split('|'))
            .Where(cells => cells.Length == 6 && cells[1].Trim() == linter).Select(cells => cells[2].Trim(' ', '`'))
            .Order(StringComparer.Ordinal);

    private static async Task LintAsync(string contract)
    {
        var output = await NodeTools.RunAsync("node_modules/@redocly/cli/bin/cli.js", "lint", contract,
            "--config", Path.Combine(Repository.Root, "openapi", "redocly.yaml"), "--format=json");

        var report = JsonNode.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..(output.LastIndexOf('}') + 1)])!;
        Assert.Empty(report["problems"]!.AsArray());
        Assert.Equal((0, 0), ((int)report["totals"]!["errors"]!, (int)report["totals"]!["warnings"]!));
    }
}
