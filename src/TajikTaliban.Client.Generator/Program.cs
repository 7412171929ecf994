using System.Text.Json.Nodes;
using TajikTaliban.Client.Generator;

if (args is not [var contractFile, var folder])
{
    await Console.Error.WriteLineAsync("Usage: TajikTaliban.Client.Generator CONTRACT FOLDER");
    return 2;
}

var contract = Reduction.Of(JsonNode.Parse(await File.ReadAllTextAsync(contractFile))!);
Directory.CreateDirectory(folder);
await WriteAsync("Codes.g.cs", Codes.Write(contract));
await WriteAsync("Shapes.g.cs", Shapes.Write(contract));
await WriteAsync("Operations.g.cs", await Operations.WriteAsync(contract));
return 0;

Task WriteAsync(string name, string code) => File.WriteAllTextAsync(Path.Combine(folder, name), code.ReplaceLineEndings("\n"));
