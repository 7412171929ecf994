using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>The JSON type of a column's values.</summary>
public enum ColumnType
{
    Text,
    Number,
    Boolean,
}

/// <summary>A leaf of a response as a column of a table.</summary>
/// <param name="Path">The names down to it, joined by dots: <c>place.latitude</c>.</param>
/// <param name="Type">The type of the value, or of the members of the list.</param>
/// <param name="Lists">How many lists it lies within; 0 is a single value.</param>
/// <param name="Unit">The unit, where <see cref="UnitAttribute"/> declares one.</param>
/// <param name="Description">The meaning of the field, from its XML documentation.</param>
public sealed record Column(string Path, ColumnType Type, int Lists, string? Unit, string Description)
{
    /// <summary>The field of the response that it belongs to.</summary>
    public string Field => Path.Split('.')[0];
}

/// <summary>The unit of a number in a response.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UnitAttribute(string unit) : Attribute
{
    public string Unit { get; } = unit;
}

/// <summary>The columns of a response type, in the order of its fields.</summary>
public static class Columns
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<Column>> Known = new();

    public static IReadOnlyList<Column> Of(Type response) => Known.GetOrAdd(response, static type => [.. Below(type, "", 0)]);

    private static IEnumerable<Column> Below(Type type, string path, int lists)
    {
        foreach (var property in ApiJson.Options.GetTypeInfo(type).Properties)
        {
            var member = (PropertyInfo)property.AttributeProvider!;
            foreach (var column in OfValue(property.PropertyType, path + property.Name, lists, member))
                yield return column;
        }
    }

    private static IEnumerable<Column> OfValue(Type type, string path, int lists, PropertyInfo member)
    {
        var value = Nullable.GetUnderlyingType(type) ?? type;
        var info = ApiJson.Options.GetTypeInfo(value);
        return info.Kind switch
        {
            JsonTypeInfoKind.Enumerable => OfValue(info.ElementType!, path, lists + 1, member),
            JsonTypeInfoKind.Object => Below(value, path + ".", lists),
            _ => [new Column(path, TypeOf(value), lists, member.GetCustomAttribute<UnitAttribute>()?.Unit, Documentation.Of(member))],
        };
    }

    private static ColumnType TypeOf(Type value) =>
        value == typeof(bool) ? ColumnType.Boolean
        : value == typeof(int) || value == typeof(long) || value == typeof(decimal) ? ColumnType.Number
        : ColumnType.Text;
}
