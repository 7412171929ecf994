using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using TajikTaliban.Api.Domain;

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

/// <summary>What a list should answer, worked out from all records in memory, without a line of the service's own.</summary>
public sealed class Oracle
{
    public required string Path { get; init; }

    public required IReadOnlyList<JsonNode> Records { get; init; }

    public required IReadOnlyList<OracleFilter> Filters { get; init; }

    public required IReadOnlyList<OracleSort> Sorts { get; init; }

    public required string DefaultSort { get; init; }

    public static OracleSort Id { get; } = new("id", (a, b) => string.CompareOrdinal((string)a["id"]!, (string)b["id"]!));

    public OracleSort Sort(string name) => Sorts.First(s => s.Name == name);

    public OracleFilter Filter(string name) => Filters.First(f => f.Name == name);

    public IEnumerable<JsonNode> Matching(IEnumerable<(OracleFilter Filter, string Value)> filters) =>
        Records.Where(r => filters.Where(f => f.Filter.Parts is null).All(f => f.Filter.Matches(r, f.Value))
            && filters.Where(f => f.Filter.Parts is not null).GroupBy(f => f.Filter.Parts!.Value.Name)
                .All(g => g.First().Filter.Parts!.Value.Of(r).Any(part => g.All(f => f.Filter.Matches(part, f.Value)))));

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
        ordered.Sort((a, b) => keys.Select(k => k.Key.InOrder(a, b, k.Descending)).FirstOrDefault(c => c != 0));
        return ordered;
    }

    /// <summary>Any filters, in any combination that the service takes, any order, any page size.</summary>
    public Gen<OracleQuery> Queries(int mostFilters)
    {
        var one = Gen.Int[0, Filters.Count - 1].SelectMany(i => Value(Filters[i]).Select(v => (Filter: Filters[i], Value: v)));
        var filters = one.Array[0, mostFilters].Select(chosen =>
        {
            var kept = chosen.Where((c, i) => Array.FindIndex(chosen, o => o.Filter == c.Filter) == i).ToList();
            // combinations that are refused: a code that the classifications do not have, and a span that ends before it begins
            var code = kept.FindIndex(k => k.Filter.Name == "commodity.code");
            if (code >= 0 && kept.Exists(k => k.Filter.Name is "type" or "commodity.classification"))
                kept[code] = (kept[code].Filter, "TOTAL");
            if (kept.Find(k => k.Filter.Name == "from").Value is { } from && kept.Find(k => k.Filter.Name == "to").Value is { } to
                && Day(from).First > Day(to).Last)
            {
                kept.RemoveAll(k => k.Filter.Name == "to");
            }

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

    /// <summary>The oracles of all lists over the generated records.</summary>
    public static async Task<IReadOnlyDictionary<string, Oracle>> ForAsync(RandomRecords records)
    {
        var actors = records.Stored["actors"];
        var identifiers = actors.SelectMany(a =>
            a["identifiers"]!.AsArray().Select(i => ($"{i!["scheme"]}:{i["value"]}", (string)a["id"]!)))
            .ToDictionary(i => i.Item1, i => i.Item2);
        // ids that records refer to, one that none does, and identifiers
        string[] actorTexts = [.. actors.Select(a => (string)a["id"]!).Where(id => id.Length == "actor-0".Length), "actor-39",
            .. identifiers.Keys.Where(k => !k.StartsWith("other", StringComparison.Ordinal)).Order().Take(8),
            // with a comma and a backslash
            .. identifiers.Keys.Where(k => k.StartsWith("other", StringComparison.Ordinal)).Take(1)];
        string[] sources = [.. Enumerable.Range(0, 7).Select(i => $"source-{i}")];
        string ActorOf(string text) => identifiers.GetValueOrDefault(text, text);

        var statusBounds = actors.SelectMany(a => Statuses(a).Select(s => (Status: s, Bounds: StatusBounds(records, a, s))))
            .ToDictionary(s => s.Status, s => s.Bounds);

        OracleFilter Actor(string name, Func<JsonNode, IEnumerable<string>> ids) =>
            new(name, actorTexts, (r, v) => ids(r).Contains(ActorOf(v))) { Several = true };

        OracleFilter[] Actors(string name, Func<JsonNode, IEnumerable<string>> ids) => [Actor(name, ids), Actor($"{name}.all", ids)];

        // every seventh: enough for a few in a request, too few for all
        OracleFilter Ids(string table) => new("id", [.. records.Stored[table].Where((_, i) => i % 7 == 0).Take(40)
            .Select(r => (string)r["id"]!)], (r, v) => (string)r["id"]! == v)
        { Several = true };

        OracleFilter[] every =
        [
            new("source", sources, (c, v) => (string)c["source"]! == v) { Several = true, Parts = ("citation", Citations) },
            new("certainty", ["stated", "reported", "claimed", "disputed"], (c, v) => (string)c["certainty"]! == v)
                { Several = true, Parts = ("citation", Citations) },
            Actor("claimant", c => c["claimant"] is { } claimant ? [(string)claimant!] : []) with { Parts = ("citation", Citations) },
            new("supports", ["/type", "/title", "/period", "/unit", "/date"], (c, v) => c["supports"] is JsonArray parts
                && parts.Any(p => (string)p! == v || ((string)p!).StartsWith($"{v}/", StringComparison.Ordinal)))
                { Several = true, Parts = ("citation", Citations) },
            UpdatedAfter(records),
        ];
        OracleSort[] dates =
        [
            new("earliest", (a, b) => First(a).CompareTo(First(b))) { Lacks = r => IsOpen(First(r)) },
            new("latest", (a, b) => Last(a).CompareTo(Last(b))) { Lacks = r => IsOpen(Last(r)) },
        ];
        OracleSort recorded = new("recordedAt", (a, b) => Recorded(a).CompareTo(Recorded(b)));
        async Task<OracleSort> TextAsync(string table, string field)
        {
            var ranks = await records.RanksAsync(table, field);
            return new(field, (a, b) => ranks[(string)a["id"]!].CompareTo(ranks[(string)b["id"]!]));
        }

        OracleSort value = new("value", (a, b) =>
            (a["value"] is { } x ? (decimal)x : 0).CompareTo(b["value"] is { } y ? (decimal)y : 0))
        { Lacks = r => r["value"] is null };

        var oracles = new Oracle[]
        {
            new()
            {
                Path = "/v1/sources",
                Records = records.Stored["sources"],
                DefaultSort = "id",
                Sorts = [await TextAsync("sources", "title"), .. Published(), recorded, Id],
                Filters =
                [
                    Ids("sources"),
                    Codes("kind", "article", "dataset", "report", "law"),
                    new("author", ["Asatryan, G.", "Rahmonova, Ş.", "Nobody"], (r, v) => r["authors"]!.AsArray().Any(a => (string)a! == v)),
                    new("publisher", ["Press", "Press, and Sons", "Нашр"], (r, v) => (string?)r["publisher"] == v),
                    new("validAt", Texts(), (r, v) => PublishedFirst(r) <= Day(v).Last && PublishedLast(r) >= Day(v).First
                        && PublishedFirst(r) < DateOnly.MaxValue),
                    new("from", Texts(), (r, v) => PublishedLast(r) >= Day(v).First && PublishedFirst(r) < DateOnly.MaxValue),
                    new("to", Texts(), (r, v) => PublishedFirst(r) <= Day(v).Last),
                    .. Missing(("authors", r => r["authors"]!.AsArray().Count == 0), ("publisher", r => r["publisher"] is null),
                        ("published", r => r["published"] is null), ("earliest", r => IsOpen(PublishedFirst(r))),
                        ("latest", r => IsOpen(PublishedLast(r)))),
                    UpdatedAfter(records),
                ],
            },
            new()
            {
                Path = "/v1/actors",
                Records = actors,
                DefaultSort = "id",
                Sorts = [await TextAsync("actors", "name"), await TextAsync("actors", "type"), recorded, Id],
                Filters =
                [
                    Actor("id", r => [(string)r["id"]!]),
                    Codes("type", "state", "armed-group", "person", "media"),
                    .. new[] { "sectors", "sectors.all" }.Select(name => new OracleFilter(name, ["GOV", "MIL", "REB", "LEG"], (r, v) =>
                        r["sectors"]!.AsArray().Any(s => (string)s! == v)) { Several = true }),
                    new("name", ["Alpha 1", "alpha 1", "طالبان 3", .. actors.Take(3).Select(a => (string)a["name"]!)], (r, v) =>
                        (string)r["name"]! == v),
                    new("status", ["armed-movement", "active", "banned-organisation", "dissolved-state"], (s, v) =>
                        (string)s["status"]! == v) { Several = true, Parts = ("status", Statuses) },
                    new("identifier.scheme", ["iso3", "m49", "cow"], (r, v) =>
                        r["identifiers"]!.AsArray().Any(i => (string)i!["scheme"]! == v)) { Several = true },
                    Actor("identifier", r => [(string)r["id"]!]),
                    new("validAt", Texts(), (s, v) => statusBounds[s].In(Day(v).First, Day(v).Last) is Holds.Certain or Holds.Possible)
                        { Parts = ("status", Statuses) },
                    new("from", Texts(), (s, v) => statusBounds[s].In(Day(v).First, DateOnly.MaxValue) is Holds.Certain or Holds.Possible)
                        { Parts = ("status", Statuses) },
                    new("to", Texts(), (s, v) => statusBounds[s].In(DateOnly.MinValue, Day(v).Last) is Holds.Certain or Holds.Possible)
                        { Parts = ("status", Statuses) },
                    .. Missing(("sectors", r => r["sectors"]!.AsArray().Count == 0), ("statuses", r => !Statuses(r).Any()),
                        ("identifiers", r => r["identifiers"]!.AsArray().Count == 0)),
                    .. every,
                ],
            },
            new()
            {
                Path = "/v1/relations",
                Records = records.Stored["relations"],
                DefaultSort = "earliest",
                Sorts = [.. dates, await TextAsync("relations", "type"), recorded, Id],
                Filters =
                [
                    Ids("relations"),
                    Codes("type", "border", "conflict", "agreement", "ban"),
                    Codes("stance", "wary", "hostile", "allied"),
                    .. Actors("actor", r => [(string)r["subject"]!, (string)r["object"]!]),
                    Actor("subject", r => [(string)r["subject"]!]),
                    Actor("object", r => [(string)r["object"]!]),
                    .. Missing([("stance", r => r["stance"] is null), ("from", r => r["from"] is null), ("to", r => r["to"] is null),
                        .. OpenBounds]),
                    ValidAt(), .. Span(), .. every,
                ],
            },
            new()
            {
                Path = "/v1/events",
                Records = records.Stored["events"],
                DefaultSort = "earliest",
                Sorts = [.. dates, recorded, Id],
                Filters =
                [
                    Ids("events"),
                    Codes("type", "CONSULT", "AID", "ASSAULT", "PROTEST"),
                    Codes("cameo", "042", "040", "190", "0812", "01"),
                    new("datePrecision", ["1", "2", "3", "4", "5"], (r, v) => $"{r["datePrecision"]}" == v) { Several = true },
                    new("quadClass", ["1", "2", "3", "4"], (r, v) => $"{r["quadClass"]}" == v) { Several = true },
                    Codes("status", "reported", "occurred", "planned", "cancelled"),
                    .. Actors("actor", Participants),
                    .. Missing(
                        [("type", r => r["type"] is null), ("cameo", r => r["cameo"] is null), .. OpenBounds,
                            ("place.latitude", r => r["place"]?["latitude"] is null),
                        ("place.precision", r => r["place"]?["precision"] is null), ("violenceType", r => r["violenceType"] is null),
                        ("deaths.best", r => r["deaths"]?["best"] is null)]),
                    .. new[] { "source", "target", "host", "mediator", "participant", "location" }.Select(role =>
                        Actor($"actor.{role}", r => InRole(r, role))),
                    ValidAt(), .. Span(),
                    new("place.precision", ["1", "2", "6", "7"], (r, v) => $"{r["place"]?["precision"]}" == v) { Several = true },
                    new("bbox", ["67,36,68.5,38", "60,29,75,41", "69,37,69,37", "-180,-90,180,90", "0,0,1,1"], (r, v) =>
                    {
                        var edges = v.Split(',').Select(e => decimal.Parse(e, CultureInfo.InvariantCulture)).ToList();
                        return r["place"]?["latitude"] is { } latitude && r["place"]!["longitude"] is { } longitude
                            && (decimal)longitude >= edges[0] && (decimal)longitude <= edges[2] && (decimal)latitude >= edges[1]
                                && (decimal)latitude <= edges[3];
                    }),
                    new("violenceType", ["1", "2", "3"], (r, v) => $"{r["violenceType"]}" == v) { Several = true },
                    .. Range("deaths.best", r => r["deaths"]?["best"], "0", "2", "2.5", "9"),
                    .. every,
                ],
            },
            new()
            {
                Path = "/v1/trade",
                Records = records.Stored["trade_flows"],
                DefaultSort = "earliest",
                Sorts = [.. dates, value, recorded, Id],
                Filters =
                [
                    Ids("trade_flows"),
                    Actor("reporter", r => [(string)r["reporter"]!]),
                    Actor("partner", r => [(string)r["partner"]!]),
                    .. Actors("actor", r => [(string)r["reporter"]!, (string)r["partner"]!]),
                    .. Missing(("value", r => r["value"] is null), ("valuation", r => r["valuation"] is null)),
                    Codes("flow", "M", "X", "T", "RX"),
                    Codes("period", "2023", "2024", "2024-S1", "2024-M08", "1999"),
                    Codes("frequency", "A", "S", "Q", "M"),
                    Codes("type", "C", "S"),
                    new("commodity.classification", ["HS", "H5", "S1", "BEC", "EB"], (r, v) =>
                        (string)r["commodity"]!["classification"]! == v) { Several = true },
                    new("commodity.code", ["TOTAL", "27", "2710", "334", "01", "205"], (r, v) =>
                        (string)r["commodity"]!["code"]! == v) { Several = true },
                    Codes("currency", "USD", "TJS", "EUR"),
                    Codes("valuation", "CIF", "FOB"),
                    Codes("obsStatus", "A", "E", "M", "F"),
                    Boolean("approximate"),
                    .. Range("value", r => r["value"], "0", "1", "1.00", "999.99", "1000", "46000000", "123456789012345678.12345679",
                        "123456789012345678.1234567895", "99999999999999999999999999999999999999999999999999"),
                    ValidAt(), .. Span(), .. every,
                ],
            },
            new()
            {
                Path = "/v1/indicators",
                Records = records.Stored["indicators"],
                DefaultSort = "id",
                Sorts = [await TextAsync("indicators", "name"), await TextAsync("indicators", "unit"), recorded, Id],
                Filters =
                [
                    Ids("indicators"),
                    new("name", [.. records.Stored["indicators"].Select(i => (string)i["name"]!)], (r, v) => (string)r["name"]! == v),
                    new("unit", ["km", "%", "kg"], (r, v) => (string)r["unit"]! == v),
                    Actor("actor", r => records.Stored["observations"].Where(o => (string)o["indicator"]! == (string)r["id"]!)
                        .SelectMany(o => o["subjects"]!.AsArray().Select(s => (string)s!))),
                    .. every,
                ],
            },
            new()
            {
                Path = "/v1/indicators/indicator-0/observations",
                Records = [.. records.Stored["observations"].Where(o => (string)o["indicator"]! == "indicator-0")],
                DefaultSort = "earliest",
                Sorts = [.. dates, value, recorded, Id],
                Filters =
                [
                    new("id", [.. records.Stored["observations"].Where(o => (string)o["indicator"]! == "indicator-0").Take(20)
                        .Select(r => (string)r["id"]!)], (r, v) => (string)r["id"]! == v) { Several = true },
                    .. Actors("subject", r => r["subjects"]!.AsArray().Select(s => (string)s!)),
                    .. Missing([("value", r => r["value"] is null), .. OpenBounds]),
                    Codes("obsStatus", "A", "E", "M", "F"),
                    Boolean("approximate"),
                    .. Range("value", r => r["value"], "-500", "-499.0", "500", "0", "-1"),
                    ValidAt(), .. Span(), .. every,
                ],
            },
        };
        return oracles.ToDictionary(o => o.Path);
    }

    /// <summary>The first and last day of a record; of a source, those of its publication.</summary>
    public static (DateOnly First, DateOnly Last) Span(JsonNode record) =>
        record.AsObject().ContainsKey("published") ? (PublishedFirst(record), PublishedLast(record)) : (First(record), Last(record));


    private static OracleSort[] Published() =>
    [
        new("earliest", (a, b) => PublishedFirst(a).CompareTo(PublishedFirst(b))) { Lacks = r => IsOpen(PublishedFirst(r)) },
        new("latest", (a, b) => PublishedLast(a).CompareTo(PublishedLast(b))) { Lacks = r => IsOpen(PublishedLast(r)) },
    ];

    private static (string, Func<JsonNode, bool>)[] OpenBounds { get; } =
        [("earliest", r => IsOpen(First(r))), ("latest", r => IsOpen(Last(r)))];

    private static bool IsOpen(DateOnly day) => day == DateOnly.MinValue || day == DateOnly.MaxValue;

    private static OracleFilter[] Missing(params (string Field, Func<JsonNode, bool> Lacks)[] fields)
    {
        OracleFilter Named(string name) => new(name, [.. fields.Select(f => f.Field)], (r, v) => fields.First(f => f.Field == v).Lacks(r))
        {
            Several = true,
        };
        return [Named("missing"), Named("missing.all")];
    }

    /// <summary>Instants between and at those of the records, and before all.</summary>
    private static OracleFilter UpdatedAfter(RandomRecords records)
    {
        var instants = records.Stored.Values.SelectMany(r => r).Select(r => (string)r["recordedAt"]!).Distinct()
            .Order(StringComparer.Ordinal).ToList();
        return new OracleFilter("updatedAfter",
            [instants[0], instants[instants.Count / 3], instants[instants.Count / 2].Replace("Z", "+00:00", StringComparison.Ordinal),
                instants[^2], "2020-01-01T00:00:00Z"],
            (r, v) => Recorded(r) > DateTimeOffset.Parse(v, CultureInfo.InvariantCulture));
    }

    private static OracleFilter Codes(string field, params string[] codes) =>
        new(field, codes, (r, v) => (string?)r[field] == v) { Several = true };

    private static OracleFilter Boolean(string field) => new(field, ["true", "false"], (r, v) => (bool)r[field]! == (v == "true"));

    private static OracleFilter ValidAt() => new("validAt", Texts(),
        (r, v) => First(r) <= Day(v).Last && Last(r) >= Day(v).First && First(r) < DateOnly.MaxValue);

    private static OracleFilter[] Span() =>
    [
        new("from", Texts(), (r, v) => Last(r) >= Day(v).First && First(r) < DateOnly.MaxValue),
        new("to", Texts(), (r, v) => First(r) <= Day(v).Last),
    ];

    private static OracleFilter[] Range(string name, Func<JsonNode, JsonNode?> field, params string[] texts)
    {
        OracleFilter One(string suffix, Func<string, string, bool> holds) => new($"{name}.{suffix}", texts,
            (r, v) => field(r) is { } number && holds(number.ToString(), v));
        return [One("gte", (a, b) => Compare(a, b) >= 0), One("lte", (a, b) => Compare(a, b) <= 0), One("gt", (a, b) => Compare(a, b) > 0),
            One("lt", (a, b) => Compare(a, b) < 0)];
    }

    /// <summary>Compares numbers by all of their digits.</summary>
    private static int Compare(string a, string b)
    {
        const int Decimals = 40;
        static System.Numerics.BigInteger Whole(string text)
        {
            var parts = text.Split('.');
            return System.Numerics.BigInteger.Parse(parts[0] + (parts.Length > 1 ? parts[1] : "").PadRight(Decimals, '0'),
                CultureInfo.InvariantCulture);
        }

        return Whole(a).CompareTo(Whole(b));
    }

    private static string[] Texts() => [.. Dated.All.Select(d => d.Text).Where((_, i) => i % 3 == 0 || i >= Dated.Days.Count)];

    private static IEnumerable<JsonNode> Citations(JsonNode record) => (record["citations"] as JsonArray ?? []).Concat(
        (record["statuses"] as JsonArray ?? []).SelectMany(s => s!["citations"]!.AsArray())).Select(c => c!);

    private static IEnumerable<JsonNode> Statuses(JsonNode record) => record["statuses"]!.AsArray().Select(s => s!);

    private static IEnumerable<string> Participants(JsonNode record) => record["participants"]!.AsArray().Select(p => (string)p!["actor"]!);

    private static IEnumerable<string> InRole(JsonNode record, string role) =>
        record["participants"]!.AsArray().Where(p => (string)p!["role"]! == role).Select(p => (string)p!["actor"]!);

    private static readonly Dictionary<string, DateTimeOffset> Instants = [];

    /// <summary>An order compares the same few instants many times.</summary>
    private static DateTimeOffset Recorded(JsonNode record)
    {
        var text = (string)record["recordedAt"]!;
        lock (Instants)
        {
            return Instants.TryGetValue(text, out var instant)
                ? instant : Instants[text] = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
        }
    }

    private static Dated? End(JsonNode? text) => text is null ? null : Day((string)text!);

    /// <summary>When a status held: the unit tests compare the rule with all courses enumerated.</summary>
    private static Bounds StatusBounds(RandomRecords records, JsonNode actor, JsonNode status)
    {
        var published = actor["citations"]!.AsArray().Where(c => c!["supports"] is null)
            .Select(c => (string?)records.Stored["sources"].First(s => (string)s["id"]! == (string)c!["source"]!)["published"]);
        var (from, to) = (CourseEnd.Beginning((string?)status["from"]), CourseEnd.End((string?)status["to"]));
        return Bounds.OfCourse(from, to, status["to"] is not null ? []
            : [.. published.OfType<string>().Select(PartialDate.Parse).Where(m => Bounds.Allow(from, to, CourseEnd.Of(m)))]);
    }

    private static DateOnly PublishedFirst(JsonNode source) => End(source["published"])?.KnownFirst ?? DateOnly.MaxValue;

    private static DateOnly PublishedLast(JsonNode source) => End(source["published"])?.KnownLast ?? DateOnly.MaxValue;

    /// <summary>A date may be open; of a relation without it nothing is known, and it comes after all others.</summary>
    private static DateOnly First(JsonNode record) =>
        Bound(record["earliest"]) ?? (record.AsObject().ContainsKey("subject") ? DateOnly.MaxValue : DateOnly.MinValue);

    private static DateOnly Last(JsonNode record) => Bound(record["latest"]) ?? DateOnly.MaxValue;

    private static DateOnly? Bound(JsonNode? day) =>
        day is null ? null : DateOnly.ParseExact((string)day!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
