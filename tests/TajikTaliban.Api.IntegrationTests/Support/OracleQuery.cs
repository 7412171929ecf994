using System.Text.Json.Nodes;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>A filter as the tests understand it: texts to send, and what a text selects.</summary>
public sealed record OracleFilter(string Name, IReadOnlyList<string> Texts, Func<JsonNode, string, bool> Selects)
{
    /// <summary>The parameter takes a list: any of its values, or all of them where its name ends so.</summary>
    public bool Several { get; init; }

    /// <summary>The parts that the filter selects by; filters with parts of one name hold for one and the same part.</summary>
    public (string Name, Func<JsonNode, IEnumerable<JsonNode>> Of)? Parts { get; init; }

    public bool IsAllOf => Name.EndsWith(".all", StringComparison.Ordinal);

    /// <summary>The texts as the value of a parameter: commas between them, a backslash before commas and backslashes in them.</summary>
    public string Write(params IEnumerable<string> texts) => Several
        ? string.Join(',',
            texts.Select(t => t.Replace(@"\", @"\\", StringComparison.Ordinal).Replace(",", @"\,", StringComparison.Ordinal)))
        : texts.Single();

    /// <summary>The texts in a value that was written so.</summary>
    public IReadOnlyList<string> Read(string value) => !Several ? [value] :
        [.. value.Replace(@"\\", "\u0001", StringComparison.Ordinal).Replace(@"\,", "\u0002", StringComparison.Ordinal).Split(',')
            .Select(t => t.Replace('\u0001', '\\').Replace('\u0002', ','))];

    /// <summary>Whether the filter alone selects a record or, for a filter of parts, one of them.</summary>
    public bool Matches(JsonNode recordOrPart, string value) => IsAllOf
        ? Read(value).All(v => Selects(recordOrPart, v)) : Read(value).Any(v => Selects(recordOrPart, v));
}

/// <summary>A sort key as the tests understand it. Records that lack it come last in both directions.</summary>
public sealed record OracleSort(string Name, Comparison<JsonNode> Compare)
{
    public Func<JsonNode, bool> Lacks { get; init; } = _ => false;

    public int InOrder(JsonNode a, JsonNode b, bool descending) =>
        Lacks(a) != Lacks(b) ? Lacks(a).CompareTo(Lacks(b)) : descending != Lacks(a) ? -Compare(a, b) : Compare(a, b);
}

/// <summary>A list request: filters with their values, order, page size.</summary>
public sealed record OracleQuery(
    IReadOnlyList<(OracleFilter Filter, string Value)> Filters, IReadOnlyList<(OracleSort Key, bool Descending)>? Sort, int Limit)
{
    /// <summary>Whether a list is sent as one parameter for each value.</summary>
    public bool Repeats { get; init; }

    public string Parameters => string.Join('&', Filters
        .SelectMany(f => (Repeats ? f.Filter.Read(f.Value).Select(v => f.Filter.Write(v)) : [f.Value])
            .Select(v => $"{f.Filter.Name}={Uri.EscapeDataString(v)}"))
        .Concat(Sort is null ? [] : [$"sort={string.Join(',', Sort.Select(s => (s.Descending ? "-" : "") + s.Key.Name))}"])
        .Append($"limit={Limit}"));
}
