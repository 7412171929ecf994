using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using TajikTaliban.Api.Domain.CodeLists;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>
/// How a code list shows in a schema. What is sent is an enumeration: a client that knows fewer codes than the service does sends none
/// that are refused. What is answered is an enumeration only where the list cannot grow; elsewhere it is a text with the codes of today as
/// <c>x-extensible-enum</c>, since a generated client stops at a member that its enumeration does not have.
/// </summary>
internal static class CodeSchemas
{
    /// <summary>Longer lists are named and given by their form: an enumeration of 313 codes helps nobody.</summary>
    private const int MostInEnum = 50;

    /// <summary>Lists that cannot grow without changing what the service is: given by a standard's structure, or built into ours.</summary>
    private static readonly CodeList[] Closed =
    [
        Lists.EventTypes, Lists.QuadClasses, Lists.ParticipantRoles, Lists.PlacePrecisions, Lists.DatePrecisions, Lists.ViolenceTypes,
        Lists.Frequencies, Lists.Valuations, Lists.TradeTypes, Lists.Certainties,
    ];

    public static void Sent(OpenApiSchema schema, CodeList codes)
    {
        if (codes.Codes.Count > MostInEnum)
            schema.Pattern = Form(codes);
        else
            schema.Enum = Values(codes);
    }

    public static void Answered(OpenApiSchema schema, CodeList codes)
    {
        if (codes.Codes.Count > MostInEnum)
            schema.Pattern = Form(codes);
        else if (Closed.Contains(codes))
            schema.Enum = Values(codes);
        else
            schema.Extensions = new Dictionary<string, IOpenApiExtension> { ["x-extensible-enum"] = new JsonNodeExtension(new JsonArray([.. Values(codes)])) };
    }

    public static string Describe(CodeList codes, bool answered) =>
        $"Code list [{codes.Name}](/v1/codelists/{codes.Name}){(answered && !Closed.Contains(codes) ? ", which may grow" : "")}.";

    private static List<JsonNode> Values(CodeList codes) => [.. codes.Values.Select(v => (JsonNode)JsonValue.Create(v))];

    /// <summary>The codes' lengths and characters.</summary>
    private static string Form(CodeList codes)
    {
        var characters = codes.Values.All(v => v.All(char.IsAsciiDigit)) ? "[0-9]" : "[A-Z]";
        var (shortest, longest) = (codes.Values.Min(v => v.Length), codes.Values.Max(v => v.Length));
        return shortest == longest ? $"^{characters}{{{shortest}}}$" : $"^{characters}{{{shortest},{longest}}}$";
    }
}
