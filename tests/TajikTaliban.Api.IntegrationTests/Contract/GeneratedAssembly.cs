using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>A generated client in C# and a program that uses it, compiled together.</summary>
internal static class GeneratedAssembly
{
    private static readonly string[] References = ["System.", "Microsoft.Kiota."];

    public static Assembly Compile(params IEnumerable<string> sources)
    {
        var options = new CSharpParseOptions(LanguageVersion.Latest);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create("GeneratedClient",
            sources.Select(s => CSharpSyntaxTree.ParseText(s, options)),
            platform.Where(p => References.Any(r => Path.GetFileName(p).StartsWith(r, StringComparison.Ordinal)))
                .Select(p => MetadataReference.CreateFromFile(p)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
        using var bytes = new MemoryStream();
        var result = compilation.Emit(bytes);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        bytes.Position = 0;
        return new AssemblyLoadContext("GeneratedClient").LoadFromStream(bytes);
    }
}
