using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Features.Search;

/// <summary>
/// Searches all resources: names first, then all texts, then similar spellings, each only while the answer is not full. Within these, a
/// name that is the text of the search comes before one that begins with it, and records that others refer to come before the others.
/// </summary>
public sealed class RecordSearch(SearchReader reader, Vocabulary vocabulary, ResourceCatalogue catalogue, RecordEditors editors)
{
    /// <summary>Letters from which a last word is completed in the texts of all resources, and not in the names of registries
    /// alone.</summary>
    private const int MinCompleted = 2;

    private readonly HashSet<string> _registries = [.. catalogue.All.Where(r => r.Target is not null).Select(r => r.Table)];

    /// <summary>The most relevant records.</summary>
    /// <param name="words">The words of the search.</param>
    /// <param name="isComplete">Whether the last word is complete, and not the beginning of one.</param>
    /// <param name="tables">The tables of the resources to search; null for all.</param>
    /// <param name="limit">The number of records.</param>
    /// <param name="cancellation">Cancels the search.</param>
    public async Task<IReadOnlyList<SearchItem>> FindAsync(
        SearchWords words, bool isComplete, IReadOnlyList<string>? tables, int limit, CancellationToken cancellation)
    {
        tables ??= [.. catalogue.All.Select(r => r.Table)];
        var beginning = isComplete ? null : words.Words[^1].Word;
        var completed = beginning?.Length >= MinCompleted
            ? words.WithLast(await vocabulary.BegunByAsync(beginning, cancellation)) : words;
        var search = new TableSearch(completed, beginning, [.. tables.Where(Tables.Named.Contains)], _registries);
        var found = new Dictionary<(string, string), Ranked>();
        Add(await reader.FindAsync(search, SearchPlace.Names, cancellation), SearchItem.NameMatch);
        search = search with { Tables = tables };
        if (found.Count < limit)
            Add(await reader.FindAsync(search, SearchPlace.Text, cancellation), SearchItem.WordsMatch);
        if (found.Count < limit && await vocabulary.WithSimilarOrNullAsync(words, cancellation) is { } similar)
            Add(await reader.FindAsync(search with { Words = similar }, SearchPlace.Text, cancellation), SearchItem.SpellingMatch);
        return [.. found.Values.OrderBy(r => r.Rank).ThenBy(r => r.Item.Label.Length).ThenBy(r => r.Item.Resource, StringComparer.Ordinal)
            .ThenBy(r => r.Item.Id, StringComparer.Ordinal).Take(limit).Select(r => r.Item)];

        void Add(IReadOnlyList<FoundRecord> records, string matched)
        {
            foreach (var record in records)
            {
                if (!found.ContainsKey((record.Table, record.Id)))
                    found.Add((record.Table, record.Id), Rank(record, words, matched));
            }
        }
    }

    private Ranked Rank(FoundRecord record, SearchWords words, string matched)
    {
        var resource = catalogue.OfTable(record.Table);
        var (summary, names) = editors.Of(resource).Summarize(record.Document);
        var folded = names.Select(SearchText.Normalize).ToList();
        var item = new SearchItem
        {
            Resource = resource.Name,
            Id = record.Id,
            Label = summary.Label,
            Type = summary.Type,
            TypeLabel = summary.TypeLabel,
            Href = resource.PathOf(record.Id, record.Document),
            Matched = matched,
        };
        var byMatch = matched switch
        {
            SearchItem.NameMatch => 0,
            SearchItem.WordsMatch => 1,
            _ => 2,
        };
        var byName = folded.Contains(words.Text) || record.Id == RecordId.Slug(words.Text) ? 0
            : folded.Exists(n => n.StartsWith(words.Text, StringComparison.Ordinal)) ? 1
            : 2;
        return new Ranked((byMatch, byName, _registries.Contains(record.Table) ? 0 : 1), item);
    }

    /// <summary>A record with its place in the order.</summary>
    private sealed record Ranked((int, int, int) Rank, SearchItem Item);
}
