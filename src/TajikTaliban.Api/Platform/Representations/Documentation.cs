using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>The XML documentation of properties, from the file that the compiler puts beside the assembly.</summary>
internal static partial class Documentation
{
    private static readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, XElement>> Files = new();

    /// <summary>The <c>summary</c> of a property, or its <c>param</c> of a record type; empty without either.</summary>
    public static string Of(PropertyInfo property)
    {
        var type = property.DeclaringType!.FullName!.Replace('+', '.');
        var members = Files.GetOrAdd(property.Module.Assembly, Read);
        var text = members.TryGetValue($"P:{type}.{property.Name}", out var own) ? own.Element("summary")
            : members.TryGetValue($"T:{type}", out var record) ? record.Elements("param")
            .FirstOrDefault(p => (string?)p.Attribute("name") == property.Name)
            : null;
        return text is null ? "" : Spaces().Replace(text.Value, " ").Trim();
    }

    private static IReadOnlyDictionary<string, XElement> Read(Assembly assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{assembly.GetName().Name}.xml");
        return XDocument.Load(path).Descendants("member").GroupBy(m => (string)m.Attribute("name")!)
            .ToDictionary(g => g.Key, g => g.First());
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
