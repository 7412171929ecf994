using System.Text.Json;

namespace TajikTaliban.Api.Platform.Json;

/// <summary>
/// The keys of members of lists: the values of some of their fields, as far as they are given, joined by colons. Pointers and differences
/// name members by them.
/// </summary>
internal static class MemberKeys
{
    private static readonly string[][] All =
        [["actor", "role"], ["scheme", "value"], ["status", "by", "from"], ["source", "locator"], ["text"]];

    /// <summary>The fields that make the key of a member; null for members that have none.</summary>
    public static IReadOnlyList<string>? FieldsOrNull(JsonElement member) => Array.Find(All, k => member.TryGetProperty(k[0], out _));

    /// <summary>The values of fields of a member, as far as they are given, joined by colons.</summary>
    public static string Join(JsonElement member, IEnumerable<string> fields) => string.Join(':', fields
        .Select(f => member.TryGetProperty(f, out var value) && value.ValueKind != JsonValueKind.Null ? value.ToString() : null)
        .OfType<string>());

    /// <summary>The key of a member: of a text the text itself. Null for members that have none.</summary>
    public static string? KeyOrNull(JsonElement member) => member.ValueKind switch
    {
        JsonValueKind.String => member.GetString(),
        JsonValueKind.Object when FieldsOrNull(member) is { } fields => Join(member, fields),
        _ => null,
    };
}
