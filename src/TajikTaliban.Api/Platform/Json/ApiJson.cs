using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace TajikTaliban.Api.Platform.Json;

/// <summary>The JSON settings of the service: camelCase, all fields present (null if without a value), native scripts as they
/// are (safe in JSON that is not embedded in HTML), instants in UTC with <c>Z</c>.</summary>
public static class ApiJson
{
    public static JsonSerializerOptions Options { get; } = Make(lenient: false);

    /// <summary>For JSON that is written by hand from parts that are valid.</summary>
    public static JsonWriterOptions Writing { get; } = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>For bodies whose errors are already collected: missing fields stay null instead of an exception.</summary>
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
