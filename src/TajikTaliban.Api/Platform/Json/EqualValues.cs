using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TajikTaliban.Api.Platform.Json;

/// <summary>
/// JSON values that say the same in other characters: numbers by value (<c>46000000</c> and <c>46000000.00</c>), texts by Unicode's
/// canonical equivalence (NFC and NFD), instants by the instant (<c>Z</c> and <c>+00:00</c>), objects whatever the order of their members.
/// </summary>
internal static class EqualValues
{
    private const NumberStyles NumberForm = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Whether two values say the same.</summary>
    public static bool AreEqual(JsonElement a, JsonElement b)
    {
        if (a.ValueKind != b.ValueKind)
            return false;
        switch (a.ValueKind)
        {
            case JsonValueKind.Number:
                return AreEqualNumbers(a.GetRawText(), b.GetRawText());
            case JsonValueKind.String:
                var (one, other) = (a.GetString()!, b.GetString()!);
                return AreEqualTexts(one, other) || AreEqualInstants(a, b);
            case JsonValueKind.Array:
                return a.GetArrayLength() == b.GetArrayLength()
                    && a.EnumerateArray().Zip(b.EnumerateArray()).All(p => AreEqual(p.First, p.Second));
            case JsonValueKind.Object:
                return a.GetPropertyCount() == b.GetPropertyCount()
                    && a.EnumerateObject().All(m => b.TryGetProperty(m.Name, out var value) && AreEqual(m.Value, value));
            default:
                return true;
        }
    }

    /// <summary>
    /// The body with the characters of the stored record wherever both say the same at the same place; the body itself if there is no such
    /// place. So a record that is read, passed through a program with other habits, and sent back is unchanged.
    /// </summary>
    /// <param name="body">The body; returned as it is if it has broken text or a field twice, for its reader to refuse.</param>
    /// <param name="stored">The stored record.</param>
    public static JsonElement WithTextOf(JsonElement body, JsonElement stored) =>
        IsWellFormed(body) && NodeOrNull(body, stored) is { } changed ? JsonSerializer.SerializeToElement(changed, ApiJson.Options) : body;

    /// <summary>Whether all its texts are valid Unicode, so that they can be compared, and no object has a field twice.</summary>
    public static bool IsWellFormed(JsonElement value)
    {
        try
        {
            return value.ValueKind switch
            {
                JsonValueKind.String => value.GetString() is not null,
                JsonValueKind.Array => value.EnumerateArray().All(IsWellFormed),
                JsonValueKind.Object => value.EnumerateObject().Select(m => m.Name).Distinct(StringComparer.Ordinal).Count()
                    == value.GetPropertyCount() && value.EnumerateObject().All(m => IsWellFormed(m.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            // not valid Unicode
            return false;
        }
    }

    /// <summary>The value with stored characters; null if it has none to take over.</summary>
    private static JsonNode? NodeOrNull(JsonElement value, JsonElement stored)
    {
        if (value.ValueKind != stored.ValueKind)
            return null;
        switch (value.ValueKind)
        {
            case JsonValueKind.Number:
                return value.GetRawText() != stored.GetRawText() && AreEqual(value, stored) ? JsonValue.Create(stored.Clone()) : null;
            case JsonValueKind.String:
                return value.GetString() != stored.GetString() && AreEqualTexts(value.GetString()!, stored.GetString()!)
                    ? JsonValue.Create(stored.Clone()) : null;
            case JsonValueKind.Array:
                JsonArray? array = null;
                var i = 0;
                foreach (var (member, known) in value.EnumerateArray().Zip(stored.EnumerateArray()))
                {
                    if (NodeOrNull(member, known) is { } changed)
                        (array ??= JsonArray.Create(value.Clone())!)[i] = changed;
                    i++;
                }

                return array;
            case JsonValueKind.Object:
                JsonObject? result = null;
                foreach (var known in stored.EnumerateObject())
                {
                    if (value.TryGetProperty(known.Name, out var member) && NodeOrNull(member, known.Value) is { } changed)
                        (result ??= JsonObject.Create(value.Clone())!)[known.Name] = changed;
                }

                return result;
            default:
                return null;
        }
    }

    /// <summary>By value where a decimal holds both exactly; other numbers are never the service's own.</summary>
    private static bool AreEqualNumbers(string a, string b) =>
        a == b || (IsExact(a) && IsExact(b) && decimal.TryParse(a, NumberForm, CultureInfo.InvariantCulture, out var x)
            && decimal.TryParse(b, NumberForm, CultureInfo.InvariantCulture, out var y) && x == y);

    private static bool IsExact(string number) => number.Count(char.IsAsciiDigit) <= 28;

    private static bool AreEqualTexts(string a, string b) =>
        a == b || (a.Length > 0 && b.Length > 0 && !(Ascii.IsValid(a) && Ascii.IsValid(b)) && Composed(a) == Composed(b));

    private static string Composed(string text) => text.IsNormalized() ? text : text.Normalize();

    private static bool AreEqualInstants(JsonElement a, JsonElement b) =>
        a.TryGetDateTimeOffset(out var one) && b.TryGetDateTimeOffset(out var other) && one == other
        && IsInstant(a.GetString()!) && IsInstant(b.GetString()!);

    /// <summary>With a time and an offset: a date alone is a day, and not its first instant.</summary>
    private static bool IsInstant(string text) =>
        text.Length > 10 && (text[^1] is 'Z' or 'z' || (text.Length > 6 && text[^6] is '+' or '-'));
}
