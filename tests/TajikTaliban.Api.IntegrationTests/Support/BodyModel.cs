using System.Text.Json.Serialization.Metadata;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>A place that a body can have: where, of which type, whether it has to be there, and whether it may be null.</summary>
public sealed record BodyPlace(string Pointer, Type Type, bool IsRequired, bool IsNullable)
{
    public bool IsMember => char.IsAsciiDigit(Pointer[^1]);

    public bool IsTopLevel => Pointer.LastIndexOf('/') == 0;

    public JsonTypeInfoKind Kind => ApiJson.Options.GetTypeInfo(Type).Kind;

    /// <summary>Every place of a request's type, objects and members of lists (the first one) included, read off the serializer's
    /// metadata.</summary>
    public static IEnumerable<BodyPlace> Of(Type request, string pointer = "")
    {
        foreach (var property in ApiJson.Options.GetTypeInfo(request).Properties)
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var place = new BodyPlace($"{pointer}/{property.Name}", type, property.IsRequired, property.IsSetNullable);
            yield return place;
            if (place.Kind == JsonTypeInfoKind.Object)
            {
                foreach (var inner in Of(type, place.Pointer))
                    yield return inner;
            }

            if (place.Kind != JsonTypeInfoKind.Enumerable)
                continue;
            var member = new BodyPlace($"{place.Pointer}/0", ApiJson.Options.GetTypeInfo(type).ElementType!, false, false);
            yield return member;
            if (member.Kind == JsonTypeInfoKind.Object)
            {
                foreach (var inner in Of(member.Type, member.Pointer))
                    yield return inner;
            }
        }
    }
}
