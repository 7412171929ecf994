using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using TajikTaliban.Api.Domain.CodeLists;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>
/// How code lists and other sets of names show in the contract. What is sent is an enumeration: a client that knows fewer codes than the
/// service does sends none that are refused. What is answered is an enumeration only where the list cannot grow; elsewhere it is a text with
/// the codes of today as <c>x-extensible-enum</c>, since a generated client fails on a member that its enumeration does not have.
/// Enumerations are components, so that generated clients have one type of each, with a name.
/// </summary>
internal sealed class CodeSchemas
{
    /// <summary>Longer lists are given by the form of their codes: an enumeration of 313 helps nobody.</summary>
    private const int MostInEnum = 50;

    /// <summary>Lists that cannot grow without changing what the service is: given by a standard's structure, or built into ours.</summary>
    private static readonly CodeList[] Closed =
    [
        Lists.EventTypes, Lists.QuadClasses, Lists.ParticipantRoles, Lists.PlacePrecisions, Lists.DatePrecisions, Lists.ViolenceTypes,
        Lists.Frequencies, Lists.Valuations, Lists.TradeTypes, Lists.Certainties,
    ];

    /// <summary>The enumerations that the contract refers to, by name.</summary>
    public Dictionary<string, OpenApiSchema> Components { get; } = [];

    /// <summary>A value of the list as it is sent.</summary>
    public IOpenApiSchema Sent(CodeList codes) => codes.Codes.Count > MostInEnum
        ? new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Form(codes) }
        : Enumeration(NameOf(codes), $"{codes.Title}. {Describe(codes, false)}", codes.Values);

    /// <summary>A value of the list as it is answered.</summary>
    public IOpenApiSchema Answered(CodeList codes) => codes.Codes.Count > MostInEnum || Closed.Contains(codes)
        ? Sent(codes)
        : new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Extensions = new Dictionary<string, IOpenApiExtension> { ["x-extensible-enum"] = new JsonNodeExtension(new JsonArray([.. Values(codes.Values)])) },
        };

    public OpenApiSchemaReference Enumeration(string name, string description, IEnumerable<string> values)
    {
        if (!Components.ContainsKey(name))
            Components[name] = new OpenApiSchema { Type = JsonSchemaType.String, Description = description, Enum = Values(values) };
        return new OpenApiSchemaReference(name);
    }

    public static string Describe(CodeList codes, bool answered) =>
        $"Code list [{codes.Name}](/v1/codelists/{codes.Name}){(answered && !Closed.Contains(codes) ? ", which may grow" : "")}.";

    private static List<JsonNode> Values(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)JsonValue.Create(v))];

    /// <summary><c>actor-statuses</c> is <c>ActorStatusCode</c>.</summary>
    private static string NameOf(CodeList codes)
    {
        var words = string.Concat(codes.Name.Split('-').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
        var singular = words.EndsWith("ies", StringComparison.Ordinal) ? words[..^3] + "y"
            : words.EndsWith("sses", StringComparison.Ordinal) || words.EndsWith("tuses", StringComparison.Ordinal) ? words[..^2]
            : words[..^1];
        return $"{singular}Code";
    }

    /// <summary>The codes' lengths and characters.</summary>
    private static string Form(CodeList codes)
    {
        var characters = codes.Values.All(v => v.All(char.IsAsciiDigit)) ? "[0-9]" : "[A-Z]";
        var (shortest, longest) = (codes.Values.Min(v => v.Length), codes.Values.Max(v => v.Length));
        return shortest == longest ? $"^{characters}{{{shortest}}}$" : $"^{characters}{{{shortest},{longest}}}$";
    }
}
