using System.Text.RegularExpressions;
using TajikTaliban.Api.IntegrationTests.Contract;

namespace TajikTaliban.Api.IntegrationTests.Clients;

/// <summary>
/// The npm package, built and packed by its documented command in a copy of its folder, and installed in an empty one. Its tools are those
/// of <c>Contract/clients</c>, whose lock file has the same versions.
/// </summary>
public sealed partial class TypeScriptPackage : IDisposable
{
    public const string Name = "tajik-taliban-client";

    /// <summary>The address of the service in the example of the README.</summary>
    private const string Address = "http://localhost:8080";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("typescript-package");
    private readonly Lazy<Task> _made;

    public TypeScriptPackage() => _made = new(MakeAsync);

    public static string Source => Path.Combine(Repository.Root, "src", "client-typescript");

    /// <summary>Where the package is installed, with the programs that use it.</summary>
    public string Consumer => Path.Combine(_root.FullName, "consumer");

    public string Installed => Path.Combine(Consumer, "node_modules", Name);

    public Task MadeAsync() => _made.Value;

    /// <summary>Runs a program that uses the package.</summary>
    public async Task<(int Exit, string Output, string Errors)> RunAsync(string script, params string[] arguments)
    {
        await MadeAsync();
        return await NodeTools.RunInAsync(Consumer, "node", [$"{script}.js", .. arguments]);
    }

    public void Dispose() => _root.Delete(true);

    /// <summary>The example of the README; the address of the service and the key are arguments.</summary>
    private static string Example()
    {
        var block = Block().Match(File.ReadAllText(Path.Combine(Source, "README.md"))).Groups[1].Value;
        Assert.Contains($"\"{Address}\"", block, StringComparison.Ordinal);
        Assert.Contains("process.env.KEY", block, StringComparison.Ordinal);
        return block.Replace($"\"{Address}\"", "process.argv[2]!", StringComparison.Ordinal)
            .Replace("process.env.KEY", "process.argv[3]", StringComparison.Ordinal);
    }

    private static async Task<string> NpmAsync(string folder, params string[] arguments)
    {
        var (exit, output, errors) = await NodeTools.RunInAsync(folder, "npm", arguments);
        Assert.True(exit == 0, $"npm {arguments[0]} ended with {exit}.\n{output}\n{errors}");
        return output;
    }

    private static void Copy(string from, string to, string pattern)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from, pattern))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private async Task MakeAsync()
    {
        var built = Path.Combine(_root.FullName, "src", "client-typescript");
        Copy(Source, built, "*.json");
        Copy(Source, built, "README.md");
        Copy(Path.Combine(Source, "src"), Path.Combine(built, "src"), "*.ts");
        File.Delete(Path.Combine(built, "src", "contract.ts"));
        Copy(Path.GetDirectoryName(Repository.CommittedContract)!, Path.Combine(_root.FullName, "openapi"), "v1.json");
        Directory.CreateSymbolicLink(Path.Combine(built, "node_modules"), Path.Combine(Repository.Clients, "node_modules"));
        await NpmAsync(built, "run", "package");

        Copy(Path.Combine(Repository.Clients, "package"), Consumer, "*");
        await File.WriteAllTextAsync(Path.Combine(Consumer, "package.json"), """{ "private": true, "type": "module" }""");
        await File.WriteAllTextAsync(Path.Combine(Consumer, "example.ts"), Example());
        var packed = Assert.Single(Directory.GetFiles(built, "*.tgz"));
        await NpmAsync(Consumer, "install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", packed);
        var modules = Path.Combine(Repository.Clients, "node_modules");
        await NodeTools.RunAsync(
            Path.Combine(modules, "typescript", "bin", "tsc"), "--project", Consumer, "--typeRoots", Path.Combine(modules, "@types"));
    }

    [GeneratedRegex("```ts\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
