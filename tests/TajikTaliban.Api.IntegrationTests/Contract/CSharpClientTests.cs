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
        var client = await GenerateAsync(cancellation);
        var program = await File.ReadAllTextAsync(Path.Combine(Repository.Clients, "UseClient.cs"), cancellation);

        var use = GeneratedAssembly.Compile(client, program).GetType("Generated.UseClient")!.GetMethod("RunAsync")!;
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

    /// <summary>The source of the client of the committed contract.</summary>
    internal static async Task<string> GenerateAsync(CancellationToken cancellation) =>
        new CSharpClientGenerator(await OpenApiDocument.FromFileAsync(Repository.CommittedContract, cancellation), Settings())
            .GenerateFile();

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
}
