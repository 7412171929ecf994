using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using TajikTaliban.Api.Domain.CodeLists;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>
/// Code lists and other sets of names in the contract. A request has an enumeration: an older client knows fewer codes, all of them valid.
/// A response has an enumeration only if the list cannot grow; others have text with the present codes as <c>x-extensible-enum</c>, since
/// generated clients fail on unknown members of an enumeration. Enumerations are components, so that generated clients have one named type
/// of each.
/// </summary>
internal sealed class CodeSchemas
{
    /// <summary>Longer lists have a pattern: an enumeration of 313 codes helps no reader.</summary>
    private const int MaxInEnum = 50;

    /// <summary>Lists that cannot grow, by the structure of a standard or of this service.</summary>
    private static readonly CodeList[] Closed =
    [
        Lists.EventTypes, Lists.QuadClasses, Lists.ParticipantRoles, Lists.PlacePrecisions, Lists.DatePrecisions, Lists.ViolenceTypes,
        Lists.Frequencies, Lists.Valuations, Lists.TradeTypes, Lists.Certainties, Lists.Holds, Lists.DateMatches,
    ];

    /// <summary>The enumerations of the contract by name.</summary>
    public Dictionary<string, OpenApiSchema> Components { get; } = [];

    /// <summary>A value of the list in a request.</summary>
    public IOpenApiSchema Sent(CodeList codes) => codes.Codes.Count > MaxInEnum
        ? new OpenApiSchema { Type = JsonSchemaType.String, Pattern = Form(codes) }
        : Enumeration(NameOf(codes), $"{codes.Title}. {Describe(codes, false)}", codes.Values);

    /// <summary>A value of the list in a response.</summary>
    public IOpenApiSchema Received(CodeList codes) => codes.Codes.Count > MaxInEnum || Closed.Contains(codes)
        ? Sent(codes)
        : new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Extensions = new Dictionary<string, IOpenApiExtension>
            {
                ["x-extensible-enum"] = new JsonNodeExtension(new JsonArray([.. Values(codes.Values)])),
            },
        };

    public OpenApiSchemaReference Enumeration(string name, string description, IEnumerable<string> values)
    {
        if (!Components.ContainsKey(name))
            Components[name] = new OpenApiSchema { Type = JsonSchemaType.String, Description = description, Enum = Values(values) };
        return new OpenApiSchemaReference(name);
    }

    /// <summary>
    /// The enumeration with null, a component too: no keyword beside a reference makes null valid in OpenAPI 3.0, and an enumeration with
    /// null in each field becomes a type of each field.
    /// </summary>
    public OpenApiSchemaReference OrNull(string name)
    {
        var component = name + "OrNull";
        if (!Components.ContainsKey(component))
        {
            var whole = Components[name];
            Components[component] = new OpenApiSchema
            {
                Type = JsonSchemaType.String | JsonSchemaType.Null,
                Description = $"{whole.Description} Or null.",
                Enum = [.. whole.Enum!, JsonNullSentinel.JsonNull],
            };
        }

        return new OpenApiSchemaReference(component);
    }

    public static string Describe(CodeList codes, bool received) =>
        $"Code list [{codes.Name}](/v1/codelists/{codes.Name}){(received && !Closed.Contains(codes) ? " (may grow)" : "")}.";

    private static List<JsonNode> Values(IEnumerable<string> values) => [.. values.Select(v => (JsonNode)JsonValue.Create(v))];

    /// <summary><c>actor-statuses</c> is <c>ActorStatusCode</c>.</summary>
    private static string NameOf(CodeList codes)
    {
        var words = string.Concat(codes.Name.Split('-').Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
        var singular = words.EndsWith("ies", StringComparison.Ordinal) ? words[..^3] + "y"
            : ((string[])["sses", "tuses", "ches"]).Any(e => words.EndsWith(e, StringComparison.Ordinal)) ? words[..^2]
            : words[..^1];
        return $"{singular}Code";
    }

    /// <summary>A pattern of the codes' lengths and characters.</summary>
    private static string Form(CodeList codes)
    {
        var characters = codes.Values.All(v => v.All(char.IsAsciiDigit)) ? "[0-9]" : "[A-Z]";
        var (shortest, longest) = (codes.Values.Min(v => v.Length), codes.Values.Max(v => v.Length));
        return shortest == longest ? $"^{characters}{{{shortest}}}$" : $"^{characters}{{{shortest},{longest}}}$";
    }
}
