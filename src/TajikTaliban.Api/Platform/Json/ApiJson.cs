using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace TajikTaliban.Api.Platform.Json;

/// <summary>How JSON is written and read everywhere: camelCase, every field present and null where there is nothing, native scripts as they
/// are (they are safe in JSON; nothing of ours is put into HTML), instants in UTC with <c>Z</c>.</summary>
public static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Make(lenient: false);

    /// <summary>For JSON that is written by hand from parts that are valid.</summary>
    public static JsonWriterOptions Writing { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>For bodies whose faults have been gathered already: what is missing stays null instead of stopping at the first
    /// fault.</summary>
    public static JsonSerializerOptions Lenient { get; } = Make(lenient: true);

    private static JsonSerializerOptions Make(bool lenient)
    {
        var resolver = new DefaultJsonTypeInfoResolver();
        if (lenient)
        {
            resolver.Modifiers.Add(type =>
            {
                foreach (var property in type.Properties)
                    property.IsRequired = false;
            });
        }

        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.Strict,
            PropertyNameCaseInsensitive = false,
            RespectNullableAnnotations = !lenient,
            TypeInfoResolver = resolver,
            Converters = { new UtcInstantConverter() },
        };
        options.MakeReadOnly();
        return options;
    }

    private sealed class UtcInstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture));
    }
}
