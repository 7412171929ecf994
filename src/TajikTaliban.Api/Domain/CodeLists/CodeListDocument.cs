using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace TajikTaliban.Api.Domain.CodeLists;

/// <summary>A code list as it is written in its JSON document. A member that the document has and this type has not is an error.</summary>
internal sealed record CodeListDocument(
    string Name,
    string Title,
    string Description,
    string SourceName,
    IReadOnlyList<CodeDocument> Codes,
    string? SourceUrl = null,
    string? Licence = null)
{
    public CodeList ToCodeList() => new(Name, Title, Description, SourceName, SourceUrl, Licence, [.. Codes.Select(code => code.ToCode())]);
}

/// <summary>A code as it is written in the JSON document of its list.</summary>
internal sealed record CodeDocument(
    string Value,
    string Label,
    string? Definition = null,
    string? Parent = null,
    IReadOnlyDictionary<string, string>? Mappings = null)
{
    public Code ToCode() => new(
        Value,
        Label,
        Definition,
        Parent,
        Mappings?.ToFrozenDictionary(StringComparer.Ordinal) ?? FrozenDictionary<string, string>.Empty);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CodeListDocument))]
internal sealed partial class CodeListJsonContext : JsonSerializerContext;
