using System.Buffers;
using System.Text.Json;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>Part of a ready document: the fields that were asked for, in the order of the record, byte for byte.</summary>
internal static class Projection
{
    public static void Write(ReadOnlySpan<byte> document, IReadOnlyList<string> fields, IBufferWriter<byte> output)
    {
        var reader = new Utf8JsonReader(document);
        output.Write("{"u8);
        var first = true;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var start = (int)reader.TokenStartIndex;
            var wanted = false;
            foreach (var field in fields)
                wanted |= reader.ValueTextEquals(field);
            reader.Read();
            reader.Skip();
            if (!wanted)
                continue;
            if (!first)
                output.Write(","u8);
            first = false;
            output.Write(document[start..(int)reader.BytesConsumed]);
        }

        output.Write("}"u8);
    }
}
