using System.Text.Json;
using System.Text.Json.Serialization;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Platform.Ledger;

/// <summary>A place in which two versions of a record differ.</summary>
/// <param name="Pointer">
/// The place (JSON Pointer, RFC 6901). A member of a list has its key instead of its index: `/participants/taliban:target`,
/// `/sectors/GOV`, `/names/Taliban`; `#2` follows the key of a second member with the same. The list itself is the place of a change of
/// order, with the keys of the members that both versions have.
/// </param>
/// <param name="Before">The value before, any JSON; absent if there was none.</param>
/// <param name="After">The value after, any JSON; absent if there is none.</param>
public sealed record FieldDifference(
    string Pointer,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? Before,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] JsonElement? After);

/// <summary>
/// Two versions field by field: objects by name, lists by place, numbers by value. The version and its instant are left out, since they
/// always differ.
/// </summary>
internal static class Difference
{
    private static readonly HashSet<string> Bookkeeping = ["version", "recordedAt"];

    public static IReadOnlyList<FieldDifference> Of(byte[]? before, byte[]? after)
    {
        var differences = new List<FieldDifference>();
        Compare(Parse(before), Parse(after), "", differences);
        return differences;
    }

    /// <summary>
    /// What a version changed: all of the first one; nothing that can be told where the content of the version before was removed.
    /// </summary>
    public static IReadOnlyList<FieldDifference> OfVersion(byte[]? before, int version, byte[] after) =>
        before is null && version > 1 ? [] : Of(before ?? "{}"u8.ToArray(), after);

    public static void Write(Utf8JsonWriter json, string name, IReadOnlyList<FieldDifference> differences)
    {
        json.WriteStartArray(name);
        foreach (var difference in differences)
        {
            json.WriteStartObject();
            json.WriteString("pointer", difference.Pointer);
            if (difference.Before is { } before)
            {
                json.WritePropertyName("before");
                before.WriteTo(json);
            }

            if (difference.After is { } after)
            {
                json.WritePropertyName("after");
                after.WriteTo(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static JsonElement? Parse(byte[]? document)
    {
        if (document is null)
            return null;
        var reader = new Utf8JsonReader(document);
        return JsonElement.ParseValue(ref reader);
    }

    internal static void Compare(JsonElement? before, JsonElement? after, string pointer, List<FieldDifference> differences)
    {
        if (before is { ValueKind: JsonValueKind.Object } a && after is { ValueKind: JsonValueKind.Object } b)
        {
            foreach (var field in a.EnumerateObject())
            {
                if (pointer.Length > 0 || !Bookkeeping.Contains(field.Name))
                {
                    Compare(field.Value, b.TryGetProperty(field.Name, out var other) ? other : null, Below(pointer, field.Name),
                        differences);
                }
            }

            foreach (var field in b.EnumerateObject())
            {
                if ((pointer.Length > 0 || !Bookkeeping.Contains(field.Name)) && !a.TryGetProperty(field.Name, out _))
                    Compare(null, field.Value, Below(pointer, field.Name), differences);
            }
        }
        else if (before is { ValueKind: JsonValueKind.Array } c && after is { ValueKind: JsonValueKind.Array } d)
        {
            ListDifference.Add(c, d, pointer, differences);
        }
        else if (!IsSame(before, after))
        {
            differences.Add(new FieldDifference(pointer, before, after));
        }
    }

    private static bool IsSame(JsonElement? before, JsonElement? after) =>
        before is { } a && after is { } b ? EqualValues.AreEqual(a, b) : before is null && after is null;

    internal static string Below(string pointer, string name) => $"{pointer}/{JsonPointer.Escape(name)}";
}
