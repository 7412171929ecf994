using System.Buffers;
using System.Text.Json;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>JSON Merge Patch (RFC 7396).</summary>
internal static class MergePatch
{
    /// <summary>The record with the patch applied. Fields that the service sets are removed from the record, not from the patch,
    /// so that a patch of such a field is detected; numbers keep their digits.</summary>
    public static JsonDocument Apply(string record, JsonElement patch, IReadOnlySet<string> readOnly)
    {
        using var target = JsonDocument.Parse(record);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var field in target.RootElement.EnumerateObject())
            {
                if (!readOnly.Contains(field.Name))
                    Member(writer, field.Name, field.Value, patch);
            }

            Added(writer, target.RootElement, patch, name => !readOnly.Contains(name));
            writer.WriteEndObject();
        }

        return JsonDocument.Parse(buffer.WrittenMemory);
    }

    private static void Member(Utf8JsonWriter writer, string name, JsonElement value, JsonElement patch)
    {
        if (!patch.TryGetProperty(name, out var change))
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
        else if (change.ValueKind != JsonValueKind.Null)
        {
            writer.WritePropertyName(name);
            Merge(writer, value, change);
        }
    }

    private static void Merge(Utf8JsonWriter writer, JsonElement? target, JsonElement patch)
    {
        if (patch.ValueKind != JsonValueKind.Object)
        {
            patch.WriteTo(writer);
            return;
        }

        var members = target is { ValueKind: JsonValueKind.Object } ? target : null;
        writer.WriteStartObject();
        if (members is { } known)
        {
            foreach (var field in known.EnumerateObject())
                Member(writer, field.Name, field.Value, patch);
        }

        Added(writer, members, patch, _ => true);
        writer.WriteEndObject();
    }

    private static void Added(Utf8JsonWriter writer, JsonElement? target, JsonElement patch, Func<string, bool> isKnown)
    {
        foreach (var change in patch.EnumerateObject())
        {
            // a null for an absent field stays: the body reader reports unknown fields
            if (!(isKnown(change.Name) && target is { } t && t.TryGetProperty(change.Name, out _)))
            {
                writer.WritePropertyName(change.Name);
                Merge(writer, null, change.Value);
            }
        }
    }
}
