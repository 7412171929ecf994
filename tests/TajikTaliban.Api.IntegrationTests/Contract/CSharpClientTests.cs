using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>Generated with NSwag, compiled by Roslyn together with a program that uses it, run against the service.</summary>
public sealed class CSharpClientTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    [Fact]
    public async Task A_generated_client_reads_writes_and_understands_problems()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var contract = await OpenApiDocument.FromFileAsync(Repository.CommittedContract, cancellation);
        var client = new CSharpClientGenerator(contract, Settings()).GenerateFile();
        var program = await File.ReadAllTextAsync(Path.Combine(Repository.Clients, "UseClient.cs"), cancellation);

        var use = Compile(client, program).GetType("Generated.UseClient")!.GetMethod("RunAsync")!;
        var found = await (Task<IReadOnlyList<string>>)use.Invoke(null, [api.Editor])!;

        var sources = await api.Reader.WalkAsync("/v1/sources?limit=1000");
        Assert.Equal(
            [
                "46000000 USD S 2024-01-01 True True",
                "0 FilteredOut",
                "CONSULT Kabul True True Prosecutor General (Taliban)",
                "report 2 A press",
                "Deleted Updated Created /publisher",
                "Updated Deleted True True",
                $"{sources.Count}",
                "True A report of the C# client",
                "410 Gone 3",
                "422 /citations/0/source /name",
            ], found);
    }

    private static CSharpClientGeneratorSettings Settings() => new()
    {
        ClassName = "Client",
        OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
        GenerateOptionalParameters = true,
        CSharpGeneratorSettings =
        {
            Namespace = "Generated",
            JsonLibrary = CSharpJsonLibrary.SystemTextJson,
            // from .NET 9 on it can write the names of enumeration members as the contract has them
            JsonLibraryVersion = 10.0m,
            GenerateNullableReferenceTypes = true,
            GenerateOptionalPropertiesAsNullable = true,
            DateType = "System.DateOnly",
        },
    };

    private static Assembly Compile(params string[] sources)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create("GeneratedClient",
            sources.Select(s => CSharpSyntaxTree.ParseText(s, options)),
            platform.Where(p => Path.GetFileName(p).StartsWith("System.", StringComparison.Ordinal))
                .Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var bytes = new MemoryStream();
        var result = compilation.Emit(bytes);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        bytes.Position = 0;
        return new AssemblyLoadContext("GeneratedClient").LoadFromStream(bytes);
    }
}
