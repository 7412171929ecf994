namespace TajikTaliban.Api.Platform.Json;

/// <summary>The values of a field that is of no code list; the contract shows them as an enumeration of this name.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValuesAttribute(string name, string description, params string[] values) : Attribute
{
    public string Name => name;

    public string Description => description;

    public IReadOnlyList<string> Values => values;
}

/// <summary>The code list of a field that no rule of a request validates.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class CodesOfAttribute(string list) : Attribute
{
    /// <summary>The name of the code list, as in its address.</summary>
    public string List => list;
}

/// <summary>A field whose values are the names of resources.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ResourceNameAttribute : Attribute;
