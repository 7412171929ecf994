using System.Globalization;
using System.Text.Json.Nodes;
using TajikTaliban.Benchmarks.Load;

namespace TajikTaliban.Benchmarks.Strangers;

/// <summary>Random addresses of the GETs of a contract: any parameters, most with values that are valid, some odd ones.</summary>
internal sealed class RandomAddresses
{
    /// <summary>Values that no parameter expects.</summary>
    private static readonly string[] Odd =
        ["", ".", "\"", "!", "%", "'", "\\", ",", "a,,b", "-1", "0", "1e9", "99999999999999999999", "NaN", "null", "\u0000", "😀", "ا", "的",
            "true", "..", "../..", "*", "a b", "2024-13", "9999", "/", "iso3:TJK", "x:y:z", "  "];

    private static readonly string[] Dates =
        ["2024", "2024-08", "2024-08-16", "1997", "2021~", "2023-01-01", "2020/2022", "../2004", "2024-08-26/..", "201X", "0001", "9998"];

    private static readonly string[] Searches =
        ["zzqqxx", "the", "of the", "a", "1", "event 1", "border", "tajikistan", "tajikstan", "TJ", "кобул", "طالبان", "的",
            "border talks zzqqxx",
            "actor 0100", "iso3:TJK", "u.s.a.", "x y z", "2024", "event-000001"];

    private readonly Random _random;
    private readonly Dictionary<string, List<string>> _ids = [];
    private readonly List<(string Path, List<JsonNode> Parameters)> _operations = [];
    private readonly JsonNode _contract;

    private RandomAddresses(JsonNode contract, int seed) => (_contract, _random) = (contract, new Random(seed));

    public static async Task<RandomAddresses> CreateAsync(JsonNode contract, HttpClient client, int seed, CancellationToken cancellation)
    {
        var addresses = new RandomAddresses(contract, seed);
        foreach (var (path, methods) in contract["paths"]!.AsObject())
        {
            if (methods!["get"] is not { } get || get["security"] is JsonArray { Count: > 0 })
                continue;
            List<JsonNode> parameters =
                [.. (methods["parameters"]?.AsArray() ?? []).Concat(get["parameters"]?.AsArray() ?? []).Select(p => addresses.Resolve(p!))];
            addresses._operations.Add((path, parameters));
        }

        foreach (var resource in (string[])["actors", "events", "relations", "sources", "trade", "indicators"])
        {
            var page = JsonNode.Parse(await client.GetStringAsync(
                new Uri($"/v1/{resource}?limit=100&fields=id", UriKind.Relative), cancellation))!;
            addresses._ids[resource] = [.. page["items"]!.AsArray().Select(i => (string)i!["id"]!)];
        }

        return addresses;
    }

    /// <summary>The path and query of a request.</summary>
    public string Next()
    {
        // lists are most of what is asked for
        var (path, parameters) = _random.Next(3) == 0 ? Pick(_operations)
            : Pick([.. _operations.Where(o => o.Parameters.Exists(p => (string)p["name"]! == "limit"))]);
        foreach (var parameter in parameters.Where(p => (string)p["in"]! == "path"))
        {
            var name = (string)parameter["name"]!;
            path = path.Replace($"{{{name}}}", Uri.EscapeDataString(OfPath(path, name)), StringComparison.Ordinal);
        }

        var query = new List<string>();
        var sent = parameters.Where(p => (string)p["in"]! == "query" && (string)p["name"]! is not ("wait" or "cursor")).ToList();
        foreach (var parameter in sent.OrderBy(_ => _random.Next()).Take(_random.Next(5)))
        {
            var name = (string)parameter["name"]!;
            foreach (var value in Values(name, parameter["schema"]!))
                query.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        if (_random.Next(100) == 0)
            query.Add($"cursor={Uri.EscapeDataString(Pick(Odd))}");
        return query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
    }

    private string OfPath(string path, string name)
    {
        if (_random.Next(20) == 0)
            return Pick(Odd) is var odd && odd.Trim('.', '/', '\u0000').Length > 0 ? odd : "nobody";
        var resource = name == "indicator" ? "indicators" : path.Split('/')[2];
        return _ids.TryGetValue(resource, out var ids) && ids.Count > 0 ? Pick(ids) : Pick(_ids["actors"]);
    }

    private List<string> Values(string name, JsonNode schema)
    {
        schema = Resolve(schema);
        if (_random.Next(40) == 0)
            return [Pick(Odd)];
        if ((string?)schema["type"] != "array")
            return [Value(name, schema)];
        if (name == "bbox")
            return [Pick(["60,29,75,41", "-180,-90,180,90", "68,38,68.1,38.1", "0,0,0,0"])];
        // repeats and commas, now and then too many
        var times = _random.Next(30) switch { 0 => 80, 1 => 20, < 8 => 3, < 14 => 2, _ => 1 };
        var values = Enumerable.Range(0, times).Select(_ => Value(name, schema["items"]!)).ToList();
        return _random.Next(2) == 0 ? values : [string.Join(',', values)];
    }

    private string Value(string name, JsonNode schema)
    {
        schema = Resolve(schema);
        if (schema["enum"] is JsonArray { Count: > 0 } codes)
            return Pick([.. codes])!.ToString();
        if (schema["anyOf"] is JsonArray { Count: > 0 } any)
            return Value(name, any[_random.Next(any.Count)]!);
        if (name == "q")
            return _random.Next(2) == 0 ? Pick(Searches) : string.Join(' ', Enumerable.Range(0, _random.Next(1, 6)).Select(_ => Word()));
        if (name is "from" or "to" or "validAt")
            return Pick(Dates);
        if (name == "asOf")
            return Pick(["latest", "now", "2026-11-20T00:00:00Z", "2020-01-01T00:00:00Z", "2026-12-31T00:00:00Z"]);
        return (string?)schema["type"] switch
        {
            "integer" => _random.Next(1, Math.Min(1000, (int?)schema["maximum"] ?? 1000) + 1).ToString(CultureInfo.InvariantCulture),
            "number" => Pick(["0", "1", "12.5", "1000000", "-1"]),
            "boolean" => Pick(["true", "false"]),
            _ when (string?)schema["format"] == "date-time" => Pick(["2020-01-01T00:00:00Z", "2026-11-28T00:00:00Z"]),
            _ when name is "source" => Pick(_ids["sources"]),
            _ when name is "period" => Pick(["2020", "2023-M08", "2024-S1", "2015"]),
            _ when name is "supports" => Pick(["/date", "/participants", "/place"]),
            _ when schema["pattern"] is not null => _random.Next(10) == 0 ? "nobody" : Pick(_ids["actors"]),
            _ => Word(),
        };
    }

    private string Word() => _random.Next(8) switch
    {
        0 => "zz" + _random.Next(1000).ToString(CultureInfo.InvariantCulture),
        1 => Pick(_ids["actors"]),
        2 => Pick(_ids["events"]),
        3 => ((char)('a' + _random.Next(26))).ToString(),
        _ => PlausibleRecords.Words[_random.Next(PlausibleRecords.Words.Count)],
    };

    private JsonNode Resolve(JsonNode node)
    {
        while ((string?)node["$ref"] is { } reference)
        {
            node = _contract;
            foreach (var part in reference.TrimStart('#', '/').Split('/'))
                node = node[part]!;
        }

        return node;
    }

    private T Pick<T>(IReadOnlyList<T> of) => of[_random.Next(of.Count)];
}
