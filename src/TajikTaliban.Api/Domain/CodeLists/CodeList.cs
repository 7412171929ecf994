using System.Collections.Frozen;
using System.Globalization;

namespace TajikTaliban.Api.Domain.CodeLists;

/// <summary>
/// A closed list of codes: the allowed values of a field, with labels, definitions and the standard of the codes.
/// Comparison is ordinal: codes are case-sensitive, as in the standards.
/// </summary>
public sealed class CodeList
{
    private readonly FrozenDictionary<string, Code> _byValue;

    /// <exception cref="ArgumentException">A code is there twice, or a parent is not in the list.</exception>
    public CodeList(
        string name,
        string title,
        string description,
        string sourceName,
        string? sourceUrl,
        string? licence,
        IReadOnlyList<Code> codes)
    {
        ArgumentNullException.ThrowIfNull(codes);
        Name = name;
        Title = title;
        Description = description;
        SourceName = sourceName;
        SourceUrl = sourceUrl;
        Licence = licence;
        Codes = codes;
        Values = [.. codes.Select(code => code.Value)];
        _byValue = codes.ToFrozenDictionary(code => code.Value, StringComparer.Ordinal);
        if (codes.FirstOrDefault(code => code.Parent is not null && !_byValue.ContainsKey(code.Parent)) is { } orphan)
            throw new ArgumentException($"In code list {name}, {orphan.Value} names an unknown parent: {orphan.Parent}.", nameof(codes));
    }

    /// <summary>The name in a path: kebab-case, <c>actor-types</c>.</summary>
    public string Name { get; }

    /// <summary>The name for people.</summary>
    public string Title { get; }

    /// <summary>The purpose of the list, its origin (a standard or this service), and its mappings.</summary>
    public string Description { get; }

    /// <summary>The standard of the codes, or this service.</summary>
    public string SourceName { get; }

    /// <summary>Where the standard is published; null for lists of this service.</summary>
    public string? SourceUrl { get; }

    /// <summary>The licence of the standard where its publisher states one.</summary>
    public string? Licence { get; }

    /// <summary>The codes in the list's own order.</summary>
    public IReadOnlyList<Code> Codes { get; }

    /// <summary>The values of <see cref="Codes"/>, in the same order.</summary>
    public IReadOnlyList<string> Values { get; }

    public bool Contains(string? value) => value is not null && _byValue.ContainsKey(value);

    public Code? FindOrNull(string? value) => value is null ? null : _byValue.GetValueOrDefault(value);

    public string? LabelOf(string? value) => FindOrNull(value)?.Label;

    /// <summary>The label of a code that is a number.</summary>
    public string? LabelOf(int? value) => LabelOf(value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>The label of a code; the code itself if the list does not have it any more.</summary>
    public string LabelOrCode(string value) => LabelOf(value) ?? value;

    /// <inheritdoc cref="LabelOrCode(string)"/>
    public string LabelOrCode(int value) => LabelOrCode(value.ToString(CultureInfo.InvariantCulture));
}
