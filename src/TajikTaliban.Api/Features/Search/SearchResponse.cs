using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Features.Search;

/// <summary>Records of all resources that match a search, the most relevant first.</summary>
/// <param name="Items">The records.</param>
/// <param name="Words">The words of `q` as understood: folded, with a space between them.</param>
/// <param name="Position">Minimum ledger position that the response reflects. Also in the `Position` header.</param>
public sealed record SearchResponse(IReadOnlyList<SearchItem> Items, string Words, string Position);

/// <summary>A record that matches a search.</summary>
public sealed record SearchItem
{
    public const string NameMatch = "name";
    public const string WordsMatch = "words";
    public const string SpellingMatch = "similar-spelling";

    /// <summary>The resource.</summary>
    [ResourceName]
    public required string Resource { get; init; }

    /// <summary>The id of the record.</summary>
    public required string Id { get; init; }

    /// <summary>The name or title of the record, or what it says where it has none.</summary>
    public required string Label { get; init; }

    /// <summary>The code of the type, kind or flow; null where the resource has none.</summary>
    public required string? Type { get; init; }

    /// <summary>The label of the type.</summary>
    public required string? TypeLabel { get; init; }

    /// <summary>The address of the record.</summary>
    public required string Href { get; init; }

    /// <summary>How the record matches.</summary>
    [Values("FoundBy", "How a record matches: `name`: its names have all words, the last one perhaps as a beginning; `words`: its texts "
        + "have them; `similar-spelling`: its texts have words of similar spelling instead of some.", NameMatch, WordsMatch, SpellingMatch)]
    public required string Matched { get; init; }
}
