using System.Globalization;
using System.Security;
using System.Text;
using System.Text.Json.Nodes;

namespace TajikTaliban.Client.Generator;

/// <summary>
/// A code is a struct around its text, not an enumeration: code lists may grow, and a code that this version does not know has to be
/// readable, and to be sent back as it was.
/// </summary>
internal static class Codes
{
    public static string Write(JsonNode contract)
    {
        var code = new StringBuilder(Source.Head);
        foreach (var name in Names(contract))
            Write(code, name, contract["components"]!["schemas"]![name]!);
        return code.ToString();
    }

    public static IEnumerable<string> Names(JsonNode contract) =>
        contract["components"]!["schemas"]!.AsObject().Where(s => s.Value!["enum"] is not null).Select(s => s.Key);

    private static void Write(StringBuilder code, string name, JsonNode schema)
    {
        code.Append(CultureInfo.InvariantCulture, $$"""

            {{Source.Summary(schema["description"], "")}}
            [System.Text.Json.Serialization.JsonConverter(typeof(CodeConverter<{{name}}>))]
            public readonly record struct {{name}}(string Text) : ICode<{{name}}>
            {

            """);
        var texts = schema["enum"]!.AsArray().Select(t => (string)t!).ToList();
        var descriptions = schema["x-enum-descriptions"]?.AsArray();
        foreach (var (text, index) in texts.Select((t, i) => (t, i)))
        {
            var description = descriptions?.Count > index ? descriptions[index] : null;
            code.Append(CultureInfo.InvariantCulture, $"""
                    {Source.Summary(description ?? JsonValue.Create($"`{text}`"), "    ")}
                    public static {name} {Member(text)} => new("{SecurityElement.Escape(text)}");

                """);
        }

        code.Append(CultureInfo.InvariantCulture, $$"""
                static {{name}} ICode<{{name}}>.From(string text) => new(text);

                /// <summary>The text of the code.</summary>
                public override string ToString() => Text ?? "";
            }

            """);
    }

    /// <summary><c>-earliest</c> is <c>EarliestDescending</c>, <c>citations.source</c> is <c>CitationsSource</c>.</summary>
    private static string Member(string text)
    {
        if (text[0] == '-')
            return Member(text[1..]) + "Descending";
        var words = text.Split(['-', '.', '_', ':', ' '], StringSplitOptions.RemoveEmptyEntries);
        var name = string.Concat(words.Select(w => char.ToUpperInvariant(w[0])
            + (w.Length > 2 && w.All(c => !char.IsLower(c)) ? w[1..].ToLowerInvariant() : w[1..])));
        return char.IsDigit(name[0]) ? "Value" + name : name;
    }
}
