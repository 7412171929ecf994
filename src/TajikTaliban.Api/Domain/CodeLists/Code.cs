namespace TajikTaliban.Api.Domain.CodeLists;

/// <summary>One code of a <see cref="CodeList"/>.</summary>
/// <param name="Value">The code as the standard writes it: case, letters and leading zeros are kept.</param>
/// <param name="Label">The short English name.</param>
/// <param name="Definition">The meaning and use of the code; null if the label is sufficient.</param>
/// <param name="Parent">The broader code in the same list; null at the top of the list.</param>
/// <param name="Mappings">
/// The code in other vocabularies, and properties of it, by name: <c>followTheMoney</c>, <c>plover</c>, <c>quadClass</c>,
/// <c>goldstein</c>, <c>directed</c> …; empty where there are none. The list's description says which names it uses.
/// </param>
public sealed record Code(
    string Value,
    string Label,
    string? Definition,
    string? Parent,
    IReadOnlyDictionary<string, string> Mappings)
{
    /// <summary>The mapping of that name, or null.</summary>
    public string? MappingOrNull(string name) => Mappings.GetValueOrDefault(name);
}
