using System.Diagnostics;
using System.IO.Compression;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TajikTaliban.Api.IntegrationTests.Contract;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Clients;

/// <summary>The package of the client, packed from this build, and programs that are compiled against what is in it.</summary>
public sealed class ClientPackage : IAsyncLifetime
{
    private const string Usings =
        """
        global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq;
        global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tajik-taliban-client-");

    public static string Project { get; } = Path.Combine(Repository.Root, "src", "TajikTaliban.Client");

    /// <summary>Where programs are that tests compile against the package.</summary>
    public static string Programs { get; } =
        Path.Combine(Repository.Root, "tests", "TajikTaliban.Api.IntegrationTests", "Clients", "programs");

    /// <summary>The folder that the package was packed into, a source of packages.</summary>
    public string Source => Path.Combine(_folder.FullName, "source");

    public string File => Directory.GetFiles(Source, "*.nupkg").Single();

    private string Library => Path.Combine(_folder.FullName, "content", "lib", "net10.0", "TajikTaliban.Client.dll");

    public async ValueTask InitializeAsync()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        await DotNetAsync(Repository.Root, "pack", Project, "--no-build", "--nologo", "--configuration", configuration, "--output", Source);
        await ZipFile.ExtractToDirectoryAsync(File, Path.Combine(_folder.FullName, "content"));
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    public DirectoryInfo NewFolder() => _folder.CreateSubdirectory(Guid.NewGuid().ToString("N"));

    /// <summary>Compiles a program with the library of the package, and gives its path.</summary>
    public string Compile(string name, string code)
    {
        var folder = NewFolder().FullName;
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(name,
            [CSharpSyntaxTree.ParseText(code, options), CSharpSyntaxTree.ParseText(Usings, options)],
            platform.Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal)).Append(Library)
                .Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        var program = Path.Combine(folder, $"{name}.dll");
        var result = compilation.Emit(program);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        System.IO.File.Copy(Library, Path.Combine(folder, Path.GetFileName(Library)));
        System.IO.File.WriteAllText(Path.Combine(folder, $"{name}.runtimeconfig.json"),
            $$"""{ "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "{{Environment.Version}}" } } }""");
        return program;
    }

    public static async Task<CommandResult> DotNetAsync(string folder, params string[] arguments)
    {
        var result = await RunAsync(folder, arguments);
        Assert.True(result.ExitCode == 0, result.All);
        return result;
    }

    public static async Task<CommandResult> RunAsync(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return new(process.ExitCode, await output, await error);
    }
}
