using System.Text.Json;
using System.Text.Json.Serialization;

namespace TajikTaliban.Client;

/// <summary>A code of a code list, around its text. Lists may grow: a code that this version does not know is kept as it is.</summary>
/// <typeparam name="TCode">The code itself.</typeparam>
public interface ICode<TCode> where TCode : ICode<TCode>
{
    /// <summary>The text, as the service has it.</summary>
    string Text { get; }

    /// <summary>The code with this text.</summary>
    static abstract TCode From(string text);
}

internal sealed class CodeConverter<TCode> : JsonConverter<TCode> where TCode : struct, ICode<TCode>
{
    public override TCode Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        TCode.From(reader.GetString()!);

    public override void Write(Utf8JsonWriter writer, TCode value, JsonSerializerOptions options) => writer.WriteStringValue(value.Text);
}
