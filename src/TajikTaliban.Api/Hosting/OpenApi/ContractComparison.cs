using System.Text.Json.Nodes;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>A difference between two contracts.</summary>
/// <param name="IsBreaking">Whether a client that was right by the first contract can be wrong by the second.</param>
/// <param name="Text">Where it is, and what it is.</param>
internal sealed record ContractChange(bool IsBreaking, string Text);

/// <summary>
/// What changed from one contract to the next. What clients send may only grow, and so may what they get: a field, a parameter or a code
/// that is taken away breaks them; one that is added does not, unless it is a new value of an enumeration that they get: code lists that
/// may grow are not enumerations there. A field of a response that may now be null or absent breaks them, too. Texts and examples are not
/// compared.
/// </summary>
internal sealed class ContractComparison
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch", "head", "options"];
    private static readonly string[] Lower = ["minimum", "minLength", "minItems"];
    private static readonly string[] Upper = ["maximum", "maxLength", "maxItems"];
    private static readonly string[] Exact = ["type", "format", "pattern", "uniqueItems", "style", "explode"];

    private readonly JsonNode _old;
    private readonly JsonNode _new;
    private readonly List<ContractChange> _changes = [];
    private readonly HashSet<string> _compared = [];

    private ContractComparison(JsonNode old, JsonNode @new) => (_old, _new) = (old, @new);

    /// <summary>The changes: breaking ones first, each kind in the order of the texts.</summary>
    public static IReadOnlyList<ContractChange> Of(JsonNode old, JsonNode @new)
    {
        var comparison = new ContractComparison(old, @new);
        comparison.Members(old["paths"], @new["paths"], "", comparison.Path);
        return [.. comparison._changes.Distinct().OrderByDescending(c => c.IsBreaking).ThenBy(c => c.Text, StringComparer.Ordinal)];
    }

    private void Path(string at, JsonNode old, JsonNode @new) =>
        Members(Only(old, Methods), Only(@new, Methods), at, (name, was, now) => Operation(name, was, now));

    private void Operation(string at, JsonNode old, JsonNode @new)
    {
        if ((string?)old["operationId"] != (string?)@new["operationId"])
            Break(at, $"operationId is {(string?)@new["operationId"]}, was {(string?)old["operationId"]}");
        if (NeedsKey(@new) && !NeedsKey(old))
            Break(at, "a key is required");
        Parameters(at, old, @new);
        RequestBody(at, Resolve(_old, old["requestBody"]), Resolve(_new, @new["requestBody"]));
        Members(old["responses"], @new["responses"], at, (name, was, now) => Response(name, Resolve(_old, was)!, Resolve(_new, now)!),
            isNewBreaking: IsSuccess, isGoneBreaking: IsSuccess);
    }

    /// <summary>Clients know what to do with any error, and with a success only if it is the one that they expect.</summary>
    private static bool IsSuccess(string status) => status[0] is '2' or '3';

    private static bool NeedsKey(JsonNode operation) => operation["security"] is JsonArray { Count: > 0 };

    private void Parameters(string at, JsonNode old, JsonNode @new)
    {
        var (before, after) = (ParametersOf(_old, old), ParametersOf(_new, @new));
        foreach (var (name, was) in before)
        {
            if (!after.TryGetValue(name, out var now))
            {
                Break(at, $"parameter {name} is gone");
                continue;
            }

            if (IsRequired(now) && !IsRequired(was))
                Break(at, $"parameter {name} is required");
            Schema($"{at} parameter {name}", was, now, isSent: true);
            Schema($"{at} parameter {name}", was["schema"], now["schema"], isSent: true);
        }

        foreach (var (name, now) in after.Where(p => !before.ContainsKey(p.Key)))
            Add(IsRequired(now), at, $"parameter {name} is new{(IsRequired(now) ? " and required" : "")}");
    }

    private static Dictionary<string, JsonNode> ParametersOf(JsonNode contract, JsonNode operation) =>
        (operation["parameters"] as JsonArray ?? []).Select(p => Resolve(contract, p)!)
            .ToDictionary(p => $"{(string)p["in"]!} {(string)p["name"]!}");

    private static bool IsRequired(JsonNode part) => (bool?)part["required"] == true;

    private void RequestBody(string at, JsonNode? old, JsonNode? @new)
    {
        if (old is null && @new is null)
            return;
        if (old is null || @new is null)
        {
            Add(old is not null || IsRequired(@new!), at, old is null ? "body is new" : "body is gone");
            return;
        }

        if (IsRequired(@new) && !IsRequired(old))
            Break(at, "body is required");
        Contents($"{at} body", old, @new, isSent: true);
    }

    private void Response(string at, JsonNode old, JsonNode @new)
    {
        Members(old["headers"], @new["headers"], $"{at} header", (_, _, _) => { });
        Contents(at, old, @new, isSent: false);
    }

    private void Contents(string at, JsonNode old, JsonNode @new, bool isSent)
    {
        Members(old["content"], @new["content"], at, (name, was, now) => Schema(name, was["schema"], now["schema"], isSent));
        Members(old[RouteParameters.OtherContent], @new[RouteParameters.OtherContent], at, (_, _, _) => { });
    }

    /// <param name="at">Where the schema is.</param>
    /// <param name="old">The schema of before; null if anything was allowed.</param>
    /// <param name="new">The schema of now.</param>
    /// <param name="isSent">Whether clients send it, or get it.</param>
    private void Schema(string at, JsonNode? old, JsonNode? @new, bool isSent)
    {
        if ((string?)old?["$ref"] is { } schemaBefore && (string?)@new?["$ref"] is { } schemaNow)
        {
            // schemas that refer to themselves end here
            if (!_compared.Add($"{schemaBefore} {schemaNow} {isSent}"))
                return;
            if (schemaBefore != schemaNow)
                Break(at, $"schema is {schemaNow}, was {schemaBefore}");
        }

        (old, @new) = (Resolve(_old, old), Resolve(_new, @new));
        if (old is null || @new is null)
        {
            if (old is not null || @new is not null)
                Add((old is null) == isSent, at, old is null ? "is described now" : "is described no more");
            return;
        }

        foreach (var name in Exact.Where(n => Text(old[n]) != Text(@new[n])))
        {
            Add(isSent ? @new[name] is not null : name is "type" or "format" or "uniqueItems", at,
                $"{name} is {Text(@new[name])}, was {Text(old[name])}");
        }

        if (isSent && old["default"] is { } initial && @new["default"] is { } other && Text(initial) != Text(other))
            Break(at, $"default is {Text(other)}, was {Text(initial)}");
        foreach (var name in Lower)
            Bound(at, name, old, @new, isSent, (was, now) => now > was);
        foreach (var name in Upper)
            Bound(at, name, old, @new, isSent, (was, now) => now < was);
        var (wasNull, isNull) = ((bool?)old["nullable"] == true, (bool?)@new["nullable"] == true);
        if (wasNull != isNull)
            Add(isSent == wasNull, at, isNull ? "may be null" : "may no longer be null");
        Codes(at, old["enum"] as JsonArray, @new["enum"] as JsonArray, isSent);
        Properties(at, old, @new, isSent);
        if (old["items"] is not null || @new["items"] is not null)
            Schema($"{at}/*", old["items"], @new["items"], isSent);
        if (old["additionalProperties"] is JsonObject was && @new["additionalProperties"] is JsonObject now)
            Schema($"{at}/{{name}}", was, now, isSent);
        foreach (var several in (string[])["allOf", "oneOf", "anyOf"])
            Several(at, several, old[several] as JsonArray ?? [], @new[several] as JsonArray ?? [], isSent);
    }

    private void Properties(string at, JsonNode old, JsonNode @new, bool isSent)
    {
        var (required, requiredBefore) = (Names(@new["required"]), Names(old["required"]));
        Members(old["properties"], @new["properties"], at, (name, was, now) => Schema(name, was, now, isSent), "/",
            isNewBreaking: name => isSent && required.Contains(name));
        var both = (old["properties"] as JsonObject ?? []).Select(p => p.Key).Where(n => @new["properties"]?[n] is not null);
        foreach (var name in both.Where(n => required.Contains(n) != requiredBefore.Contains(n)))
            Add(required.Contains(name) == isSent, $"{at}/{name}", required.Contains(name) ? "is required" : "is no longer required");
    }

    /// <summary>Members are compared in their order. Where clients send it, one more may be chosen, and one less has to hold.</summary>
    private void Several(string at, string name, JsonArray old, JsonArray @new, bool isSent)
    {
        for (var i = 0; i < Math.Min(old.Count, @new.Count); i++)
            Schema(at, old[i], @new[i], isSent);
        var isLess = @new.Count < old.Count;
        if (old.Count != @new.Count)
            Add(isSent == ((name == "allOf") != isLess), at, $"{name} has {@new.Count} schemas, had {old.Count}");
    }

    private void Codes(string at, JsonArray? old, JsonArray? @new, bool isSent)
    {
        if (old is null || @new is null)
        {
            if (old is not null || @new is not null)
                Add((@new is not null) == isSent, at, old is null ? "has a list of values" : "has no list of values");
            return;
        }

        var (before, after) = (old.Select(Text).ToHashSet(), @new.Select(Text).ToHashSet());
        foreach (var value in before.Except(after))
            Add(isSent, at, $"value {value} is gone");
        foreach (var value in after.Except(before))
            Add(!isSent, at, $"value {value} is new");
    }

    private void Bound(string at, string name, JsonNode old, JsonNode @new, bool isSent, Func<decimal, decimal, bool> isTighter)
    {
        var (was, now) = ((decimal?)old[name], (decimal?)@new[name]);
        if (was == now)
            return;
        var tighter = was is null || (now is not null && isTighter(was.Value, now.Value));
        Add(tighter && isSent, at, $"{name} is {Text(@new[name])}, was {Text(old[name])}");
    }

    private void Members(JsonNode? old, JsonNode? @new, string at, Action<string, JsonNode, JsonNode> compare, string between = " ",
        Func<string, bool>? isNewBreaking = null, Func<string, bool>? isGoneBreaking = null)
    {
        var (before, after) = (old as JsonObject ?? [], @new as JsonObject ?? []);
        string PlaceOf(string name) => at.Length == 0 ? name : $"{at}{between}{name}";
        foreach (var (name, was) in before)
        {
            if (after[name] is { } now)
                compare(PlaceOf(name), was!, now);
            else
                Add(isGoneBreaking?.Invoke(name) ?? true, PlaceOf(name), "is gone");
        }

        foreach (var (name, _) in after.Where(m => !before.ContainsKey(m.Key)))
            Add(isNewBreaking?.Invoke(name) == true, PlaceOf(name), "is new");
    }

    private void Break(string at, string text) => Add(true, at, text);

    private void Add(bool isBreaking, string at, string text) => _changes.Add(new ContractChange(isBreaking, $"{at}: {text}"));

    private static JsonObject Only(JsonNode path, string[] names) =>
        new((path as JsonObject ?? []).Where(m => names.Contains(m.Key)).Select(m => KeyValuePair.Create(m.Key, m.Value?.DeepClone())));

    private static HashSet<string> Names(JsonNode? names) => [.. (names as JsonArray ?? []).Select(n => (string)n!)];

    private static string Text(JsonNode? value) => value?.ToJsonString() ?? "absent";

    private static JsonNode? Resolve(JsonNode contract, JsonNode? part)
    {
        while ((string?)(part as JsonObject)?["$ref"] is { } reference)
        {
            part = contract;
            foreach (var name in reference[2..].Split('/'))
                part = part?[name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)];
        }

        return part;
    }
}
