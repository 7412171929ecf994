using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using CsCheck;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>What a list should answer, worked out from all records in memory, without a line of the service's own.</summary>
public sealed partial class Oracle
{
    private readonly ConcurrentDictionary<(OracleSort Key, bool Descending), Dictionary<JsonNode, int>> _ranks = [];

    public required string Path { get; init; }

    public required IReadOnlyList<JsonNode> Records { get; init; }

    public required IReadOnlyList<OracleFilter> Filters { get; init; }

    public required IReadOnlyList<OracleSort> Sorts { get; init; }

    public required string DefaultSort { get; init; }

    /// <summary>The time of the records; null where they have none.</summary>
    public OracleTime? Time { get; init; }

    /// <summary>The name of the parts that last, where it is not the records themselves.</summary>
    public string? LastingParts { get; init; }

    public static OracleSort Id { get; } = new("id", (a, b) => string.CompareOrdinal((string)a["id"]!, (string)b["id"]!));

    public OracleSort Sort(string name) => Sorts.First(s => s.Name == name);

    public OracleFilter Filter(string name) => Filters.First(f => f.Name == name);

    public IEnumerable<JsonNode> Matching(IEnumerable<(OracleFilter Filter, string Value)> filters)
    {
        var asked = filters.Where(f => OracleTime.IsOf(f.Filter)).ToList();
        var others = filters.Where(f => !OracleTime.IsOf(f.Filter)).ToList();
        return Records.Where(r => others.Where(f => f.Filter.Parts is null).All(f => f.Filter.Matches(r, f.Value))
            && others.Where(f => f.Filter.Parts is { Name: var name } && !(name == LastingParts && asked.Count > 0))
                .GroupBy(f => f.Filter.Parts!.Value.Name)
                .All(g => g.First().Filter.Parts!.Value.Of(r).Any(part => g.All(f => f.Filter.Matches(part, f.Value))))
            && (asked.Count == 0 || HoldsOrNull(r, asked, others) is not null));
    }

    /// <summary>How surely a record is of the time that is asked for, by the surest of its parts that match; null if it is not.</summary>
    public string? HoldsOrNull(JsonNode record, IEnumerable<(OracleFilter Filter, string Value)> filters) =>
        HoldsOrNull(record, [.. filters.Where(f => OracleTime.IsOf(f.Filter))], [.. filters.Where(f => !OracleTime.IsOf(f.Filter))])
            is { } holds ? OracleTime.CodeOf(holds) : null;

    /// <summary>Whether records say how surely they are of a time.</summary>
    public bool SaysHolds(OracleQuery query) => Time is { HasCourses: true } && query.Filters.Any(f => OracleTime.IsOf(f.Filter));

    private Holds? HoldsOrNull(
        JsonNode record, List<(OracleFilter Filter, string Value)> asked, List<(OracleFilter Filter, string Value)> others)
    {
        if (LastingParts is null)
            return Time!.MatchOrNull(record, asked);
        var ofPart = others.Where(f => f.Filter.Parts?.Name == LastingParts).ToList();
        return Filter("validAt").Parts!.Value.Of(record).Where(part => ofPart.All(f => f.Filter.Matches(part, f.Value)))
            .Min(part => Time!.MatchOrNull(part, asked));
    }

    /// <summary>Those of a record's parts that meet the filters on parts of this name.</summary>
    public static IEnumerable<JsonNode> Meeting(
        IEnumerable<JsonNode> parts, string name, IEnumerable<(OracleFilter Filter, string Value)> filters) =>
        parts.Where(p => filters.Where(f => f.Filter.Parts?.Name == name).All(f => f.Filter.Matches(p, f.Value)));

    /// <summary>The ids of the answer, in its order.</summary>
    public List<string> Ids(OracleQuery query) => [.. Ordered(Matching(query.Filters), query.Sort).Select(r => (string)r["id"]!)];

    public List<JsonNode> Ordered(IEnumerable<JsonNode> records, IReadOnlyList<(OracleSort Key, bool Descending)>? sort)
    {
        var keys = (sort ?? [(Sort(DefaultSort), false)]).ToList();
        // the order is made full by the id, which runs the way of the last key
        keys.Add((Id, keys[^1].Descending));
        var ordered = records.ToList();
        var ranks = keys.Select(k => _ranks.GetOrAdd((k.Key, k.Descending), RankAll)).ToList();
        ordered.Sort((a, b) => ranks.Select(r => r[a].CompareTo(r[b])).FirstOrDefault(c => c != 0));
        return ordered;
    }

    /// <summary>The place of each record in an order; records that are equal in it have the same.</summary>
    private Dictionary<JsonNode, int> RankAll((OracleSort Key, bool Descending) order)
    {
        var sorted = Records.ToList();
        sorted.Sort((a, b) => order.Key.InOrder(a, b, order.Descending));
        var ranks = new Dictionary<JsonNode, int>();
        for (var i = 0; i < sorted.Count; i++)
        {
            var isEqual = i > 0 && order.Key.InOrder(sorted[i - 1], sorted[i], order.Descending) == 0;
            ranks[sorted[i]] = isEqual ? ranks[sorted[i - 1]] : i;
        }

        return ranks;
    }

    /// <summary>Any filters, in any combination that the service takes, any order, any page size.</summary>
    /// <param name="mostFilters">The maximum number of filters.</param>
    /// <param name="isTimed">Whether most requests ask for a time, and how surely or how records have to match.</param>
    public Gen<OracleQuery> Queries(int mostFilters, bool isTimed = false)
    {
        OracleFilter[] all = isTimed && Time is not null
            ? [.. Filters, .. Enumerable.Repeat(Filters.Where(OracleTime.IsOf).Concat(Time.Modes), 3).SelectMany(f => f)] : [.. Filters];
        var one = Gen.Int[0, all.Length - 1].SelectMany(i => Value(all[i]).Select(v => (Filter: all[i], Value: v)));
        var filters = one.Array[0, mostFilters].Select(chosen =>
        {
            var kept = chosen.DistinctBy(c => c.Filter.Name).ToList();
            // combinations that are refused: a code that the classifications do not have, and a span that ends before it begins
            var code = kept.FindIndex(k => k.Filter.Name == "commodity.code");
            if (code >= 0 && kept.Exists(k => k.Filter.Name is "type" or "commodity.classification"))
                kept[code] = (kept[code].Filter, "TOTAL");
            if (kept.Find(k => k.Filter.Name == "from").Value is { } from && kept.Find(k => k.Filter.Name == "to").Value is { } to
                && Day(from).First > Day(to).Last)
            {
                kept.RemoveAll(k => k.Filter.Name == "to");
            }

            // and a mode without a time
            var ofTime = kept.Where(k => OracleTime.IsOf(k.Filter)).ToList();
            if (ofTime.Count > 0 && ofTime.TrueForAll(k => OracleTime.IsMode(k.Filter)))
                kept.Add((Filter("validAt"), Filter("validAt").Texts[kept.Count * 5]));
            return kept;
        });
        var keys = Gen.Select(Gen.Int[0, Sorts.Count - 1], Gen.Bool).Array[0, 3].Select(chosen =>
            chosen.Length == 0 ? null : chosen.DistinctBy(c => c.Item1).Select(c => (Sorts[c.Item1], c.Item2)).ToList());
        var limits = Gen.OneOf(Gen.Int[1, 3], Gen.Int[4, 60], Gen.Int[1, 1000]);
        return Gen.Select(filters, keys, limits, Gen.Bool).Select((f, s, l, r) => new OracleQuery(f, s, l) { Repeats = r });
    }

    public static Gen<string> Value(OracleFilter filter)
    {
        var one = Gen.Int[0, filter.Texts.Count - 1].Select(i => filter.Texts[i]);
        return filter.Several ? one.Array[1, 3].Select(v => filter.Write(v)) : one;
    }

    public static Dated Day(string text) => Dated.All.First(d => d.Text == text);

    /// <summary>The first and last day of a record; of a source, those of its publication.</summary>
    public (DateOnly First, DateOnly Last) Span(JsonNode record) => Time!.SpanOf(record) is var span ? (span.First, span.Last) : default;
}
