using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;

namespace TajikTaliban.Client.Generator;

/// <summary>The methods and types that NSwag makes of the contract.</summary>
internal static partial class Operations
{
    public static async Task<string> WriteAsync(JsonNode contract)
    {
        var document = await OpenApiDocument.FromJsonAsync(contract.ToJsonString());
        var code = new CSharpClientGenerator(document, Settings([.. Codes.Names(contract)])).GenerateFile();
        // a code has its converter on its type; a client is made with an HttpClient
        return EnumConverter().Replace(code, "")
            .Replace("public TajikTalibanClient()", "private TajikTalibanClient()", StringComparison.Ordinal);
    }

    /// <summary>All operations, with their parameters resolved.</summary>
    public static IEnumerable<(string Path, string Method, JsonNode Node, IReadOnlyList<JsonNode> Parameters)> All(JsonNode contract) =>
        from path in contract["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (path.Key, operation.Key, operation.Value!,
            (IReadOnlyList<JsonNode>)[.. (operation.Value!["parameters"]?.AsArray() ?? []).Select(p => Resolve(contract, p!))]);

    /// <summary>The name of the schema that is referred to.</summary>
    public static string Name(JsonNode reference) => ((string)reference!).Split('/')[^1];

    private static JsonNode Resolve(JsonNode contract, JsonNode node) =>
        node["$ref"] is { } reference ? contract["components"]!["parameters"]![Name(reference)]! : node;

    private static CSharpClientGeneratorSettings Settings(string[] codes) => new()
    {
        ClassName = "TajikTalibanClient",
        OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
        GenerateOptionalParameters = true,
        InjectHttpClient = false,
        DisposeHttpClient = false,
        UseHttpClientCreationMethod = true,
        HttpClientType = "ServiceConnection",
        UseBaseUrl = false,
        ParameterDateTimeFormat = "O",
        GenerateExceptionClasses = false,
        ExceptionClass = "ApiException",
        ParameterArrayType = "System.Collections.Generic.IEnumerable",
        ResponseArrayType = "System.Collections.Generic.IReadOnlyList",
        CSharpGeneratorSettings =
        {
            Namespace = Source.Namespace,
            JsonLibrary = CSharpJsonLibrary.SystemTextJson,
            JsonLibraryVersion = 10.0m,
            GenerateNullableReferenceTypes = true,
            GenerateOptionalPropertiesAsNullable = true,
            GenerateDataAnnotations = false,
            ExcludedTypeNames = codes,
            AnyType = "System.Text.Json.JsonElement",
            DateType = "System.DateOnly",
            ArrayType = "System.Collections.Generic.IReadOnlyList",
            ArrayBaseType = "System.Collections.Generic.List",
            ArrayInstanceType = "System.Collections.Generic.List",
            DictionaryType = "System.Collections.Generic.IReadOnlyDictionary",
        },
    };

    [GeneratedRegex(@"^.*\.JsonConverter\(typeof\(System\.Text\.Json\.Serialization\.JsonStringEnumConverter.*\n", RegexOptions.Multiline)]
    private static partial Regex EnumConverter();
}
