using System.IO.Hashing;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>
/// The edition of documents of a type: a digest of its fields and of all code lists. A document of another edition lacks a field, or may
/// have a label that has changed.
/// </summary>
internal static class DocumentEdition<TResponse>
{
    public static int Current { get; } = Digest();

    private static int Digest()
    {
        var text = new StringBuilder();
        AddFields(typeof(TResponse), text);
        CodeLabels.AddTo(text);
        // 0 is of no edition
        return (int)(XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(text.ToString())) & int.MaxValue) | 1;
    }

    private static void AddFields(Type type, StringBuilder text)
    {
        var info = ApiJson.Options.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        if (info.Kind == JsonTypeInfoKind.Enumerable)
            AddFields(info.ElementType!, text);
        foreach (var field in info.Properties)
        {
            text.Append(field.Name).Append('{');
            AddFields(field.PropertyType, text);
            text.Append('}');
        }
    }
}
