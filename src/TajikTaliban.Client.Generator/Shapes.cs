using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace TajikTaliban.Client.Generator;

/// <summary>What the hand-written part needs to know of the contract: its version, which responses are pages, which records can be
/// edited, and which addresses take <c>asOf</c>.</summary>
internal static class Shapes
{
    public static string Write(JsonNode contract)
    {
        var code = new StringBuilder(Source.Head);
        WriteContract(code, contract);
        WritePages(code, contract);
        WriteRecords(code, contract);
        return code.ToString();
    }

    private static void WriteContract(StringBuilder code, JsonNode contract)
    {
        var addresses = Operations.All(contract)
            .Where(o => o.Method == "get" && o.Parameters.Any(p => (string?)p["name"] == "asOf"))
            .Select(o => $"\"{o.Path}\"");
        code.Append(CultureInfo.InvariantCulture, $$"""

            internal static class Contract
            {
                public const string Version = "{{contract["info"]!["version"]}}";

                public static readonly string[] AddressesWithAsOf = [{{string.Join(", ", addresses)}}];
            }

            """);
    }

    private static void WritePages(StringBuilder code, JsonNode contract)
    {
        foreach (var (name, schema) in contract["components"]!["schemas"]!.AsObject())
        {
            if (schema!["properties"]?["items"]?["items"]?["$ref"] is not { } item || schema["properties"]!["next"] is null)
                continue;
            var next = schema["properties"]!["complete"] is null ? "Next" : "Complete ? null : Next";
            code.Append(CultureInfo.InvariantCulture, $$"""

                public partial class {{name}} : IPage<{{Operations.Name(item)}}>
                {
                    string? IPage.Following => {{next}};
                }

                """);
        }
    }

    private static void WriteRecords(StringBuilder code, JsonNode contract)
    {
        foreach (var change in Operations.All(contract))
        {
            if (change.Method != "patch" || !change.Parameters.Any(p => (string?)p["name"] == "If-Match"))
                continue;
            var patch = Operations.Name(change.Node["requestBody"]!["content"]!["application/json"]!["schema"]!["$ref"]!);
            var record = Operations.Name(change.Node["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["$ref"]!);
            code.Append(CultureInfo.InvariantCulture, $$"""

                public partial class {{record}} : IEditable<{{patch}}>
                {
                    static string IEditable.Address => "{{change.Path}}";
                }

                """);
        }
    }
}
