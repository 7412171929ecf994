using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Tests.Domain;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <content>The lists of the service as the tests understand them.</content>
public sealed partial class Oracle
{
    private static readonly ConditionalWeakTable<RandomRecords, Lazy<Task<IReadOnlyDictionary<string, Oracle>>>> OfRecords = [];

    /// <summary>The oracles of all lists over the generated records, made once.</summary>
    public static Task<IReadOnlyDictionary<string, Oracle>> ForAsync(RandomRecords records) =>
        OfRecords.GetValue(records, r => new(() => MakeAsync(r))).Value;

    private static async Task<IReadOnlyDictionary<string, Oracle>> MakeAsync(RandomRecords records)
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

        var published = records.Stored["sources"].ToDictionary(s => (string)s["id"]!, s => (string?)s["published"]);
        // a status is vouched for by its own citations, or by those of its actor
        var spans = actors.SelectMany(a => Statuses(a).Select(s =>
                (Of: s, Span: CourseOf(s, s["citations"] is JsonArray { Count: > 0 } own ? own : a["citations"]!.AsArray(), published))))
            .Concat(records.Stored["relations"].Select(r => (Of: r, Span: CourseOf(r, r["citations"]!.AsArray(), published))))
            .Concat(records.Stored["events"].Select(e => (Of: e, Span: e["date"] is { } date
                ? new OracleSpan(null, Day((string)date!)) : CourseOf(e, e["citations"]!.AsArray(), published))))
            .ToDictionary(s => s.Of, s => s.Span);
        OracleTime events = new(e => spans[e], true, true);
        OracleTime relations = new(r => spans[r], true, false);
        var dated = new ConcurrentDictionary<JsonNode, OracleSpan>();
        OracleTime figures = new(f => dated.GetOrAdd(f, of => new OracleSpan(null, DateOf(of))), false, true);
        OracleFilter[] Time(OracleTime time, Func<JsonNode, IEnumerable<JsonNode>>? parts = null)
        {
            OracleFilter One(string name) =>
                Filtered(name, (r, v) => time.MatchOrNull(r, [(Filtered(name, (_, _) => true), v)]) is not null);
            OracleFilter Filtered(string name, Func<JsonNode, string, bool> selects) => new(name, Texts(), selects)
            {
                Parts = parts is null ? null : ("status", parts),
            };
            return [One("validAt"), One("from"), One("to")];
        }

        OracleSort[] Dates(Func<JsonNode, OracleSpan> of) =>
        [
            new("earliest", (a, b) => of(a).First.CompareTo(of(b).First)) { Lacks = r => IsOpen(of(r).First) },
            new("latest", (a, b) => of(a).Last.CompareTo(of(b).Last)) { Lacks = r => IsOpen(of(r).Last) },
        ];
        (string, Func<JsonNode, bool>)[] Open(Func<JsonNode, OracleSpan> of) =>
            [("earliest", r => IsOpen(of(r).First)), ("latest", r => IsOpen(of(r).Last))];

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
                Time = figures,
                Records = records.Stored["sources"],
                DefaultSort = "id",
                Sorts = [await TextAsync("sources", "title"), .. Dates(figures.SpanOf), recorded, Id],
                Filters =
                [
                    Ids("sources"),
                    Codes("kind", "article", "dataset", "report", "law"),
                    new("author", ["Asatryan, G.", "Rahmonova, Ş.", "Nobody"], (r, v) => r["authors"]!.AsArray().Any(a => (string)a! == v)),
                    new("publisher", ["Press", "Press, and Sons", "Нашр"], (r, v) => (string?)r["publisher"] == v),
                    .. Time(figures),
                    .. Missing([("authors", r => r["authors"]!.AsArray().Count == 0), ("publisher", r => r["publisher"] is null),
                        ("published", r => r["published"] is null), .. Open(figures.SpanOf)]),
                    UpdatedAfter(records),
                ],
            },
            new()
            {
                Path = "/v1/actors",
                Time = relations,
                LastingParts = "status",
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
                    .. Time(relations, Statuses),
                    .. Missing(("sectors", r => r["sectors"]!.AsArray().Count == 0), ("statuses", r => !Statuses(r).Any()),
                        ("identifiers", r => r["identifiers"]!.AsArray().Count == 0)),
                    .. every,
                ],
            },
            new()
            {
                Path = "/v1/relations",
                Time = relations,
                Records = records.Stored["relations"],
                DefaultSort = "earliest",
                Sorts = [.. Dates(relations.SpanOf), await TextAsync("relations", "type"), recorded, Id],
                Filters =
                [
                    Ids("relations"),
                    Codes("type", "border", "conflict", "agreement", "ban"),
                    Codes("stance", "wary", "hostile", "allied"),
                    .. Actors("actor", r => [(string)r["subject"]!, (string)r["object"]!]),
                    Actor("subject", r => [(string)r["subject"]!]),
                    Actor("object", r => [(string)r["object"]!]),
                    .. Missing([("stance", r => r["stance"] is null), ("from", r => r["from"] is null), ("to", r => r["to"] is null),
                        .. Open(relations.SpanOf)]),
                    .. Time(relations), .. every,
                ],
            },
            new()
            {
                Path = "/v1/events",
                Time = events,
                Records = records.Stored["events"],
                DefaultSort = "earliest",
                Sorts = [.. Dates(events.SpanOf), recorded, Id],
                Filters =
                [
                    Ids("events"),
                    Codes("type", "CONSULT", "AID", "ASSAULT", "PROTEST"),
                    Codes("cameo", "042", "040", "190", "0812", "01"),
                    new("datePrecision", ["1", "2", "3", "4", "5", "day", "month", "year", "interval"],
                        (r, v) => spans[r].Days is var days && v switch
                        {
                            "1" or "day" => days == 1,
                            "2" => days is >= 2 and <= 6,
                            "3" => days == 7,
                            "4" => days is >= 8 and <= 31,
                            "5" => days is null or > 31,
                            "month" => days is >= 2 and <= 31,
                            "year" => days is >= 32 and <= 366,
                            _ => days is null or > 366,
                        }) { Several = true },
                    new("quadClass", ["1", "2", "3", "4"], (r, v) => $"{r["quadClass"]}" == v) { Several = true },
                    Codes("status", "reported", "occurred", "planned", "cancelled"),
                    .. Actors("actor", Participants),
                    .. Missing(
                        [("type", r => r["type"] is null), ("cameo", r => r["cameo"] is null), .. Open(events.SpanOf),
                            ("place.latitude", r => r["place"]?["latitude"] is null),
                        ("place.precision", r => r["place"]?["precision"] is null), ("violenceType", r => r["violenceType"] is null),
                        ("deaths.best", r => r["deaths"]?["best"] is null)]),
                    .. new[] { "source", "target", "host", "mediator", "participant", "location" }.Select(role =>
                        Actor($"actor.{role}", r => InRole(r, role))),
                    .. Time(events),
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
                Time = figures,
                Records = records.Stored["trade_flows"],
                DefaultSort = "earliest",
                Sorts = [.. Dates(figures.SpanOf), value, recorded, Id],
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
                    .. Time(figures), .. every,
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
                Time = figures,
                Records = [.. records.Stored["observations"].Where(o => (string)o["indicator"]! == "indicator-0")],
                DefaultSort = "earliest",
                Sorts = [.. Dates(figures.SpanOf), value, recorded, Id],
                Filters =
                [
                    new("id", [.. records.Stored["observations"].Where(o => (string)o["indicator"]! == "indicator-0").Take(20)
                        .Select(r => (string)r["id"]!)], (r, v) => (string)r["id"]! == v) { Several = true },
                    .. Actors("subject", r => r["subjects"]!.AsArray().Select(s => (string)s!)),
                    .. Missing([("value", r => r["value"] is null), .. Open(figures.SpanOf)]),
                    Codes("obsStatus", "A", "E", "M", "F"),
                    Boolean("approximate"),
                    .. Range("value", r => r["value"], "-500", "-499.0", "500", "0", "-1"),
                    .. Time(figures), .. every,
                ],
            },
        };
        return oracles.ToDictionary(o => o.Path);
    }

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

    private static OracleSpan CourseOf(JsonNode of, JsonArray citations, Dictionary<string, string?> published)
    {
        var (from, to) = (MomentOf((string?)of["from"]), MomentOf((string?)of["to"]));
        // without an end, sources of the whole that do not dispute it vouch by their date
        var moments = citations.Select(c => (Stated: (string?)c!["vouchedFor"],
                Published: of["to"] is null && c["supports"] is null && (string)c["certainty"]! is not ("disputed" or "derived")
                    ? published[(string)c["source"]!] : null))
            .Select(c => MomentOf(c.Stated ?? c.Published)).OfType<Moment>()
            .Where(m => !(m.Last < from?.First) && !(m.First > to?.Last)).ToList();
        return new OracleSpan(new EnumeratedCourses(from, to, moments), null);
    }

    private static Moment? MomentOf(string? text)
    {
        if (text is null or "..")
            return text is null ? null : Moment.None;
        var day = Day(text);
        return new Moment(day.First == DateOnly.MinValue ? null : day.First, day.Last == DateOnly.MaxValue ? null : day.Last);
    }

    /// <summary>The date of a figure or source.</summary>
    private static Dated? DateOf(JsonNode record)
    {
        if (record["period"] is not null)
            return new Dated((string)record["period"]!, Bound(record["earliest"]), Bound(record["latest"]));
        return (record["date"] ?? record["published"]) is { } text ? Day((string)text!) : null;
    }

    private static DateOnly Bound(JsonNode? day) => DateOnly.ParseExact((string)day!, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
