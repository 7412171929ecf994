using System.Text;
using System.Text.Json.Nodes;

namespace TajikTaliban.SeedMaker.Packs;

/// <summary>The JSON of seed records.</summary>
internal static class SeedJson
{
    /// <summary>An object of the members that have a value.</summary>
    public static JsonObject Of(params IEnumerable<(string Member, JsonNode? Value)> members)
    {
        var json = new JsonObject();
        foreach (var (member, value) in members.Where(m => m.Value is not null))
            json[member] = value!.Parent is null ? value : value.DeepClone();
        return json;
    }

    public static JsonArray List(params IEnumerable<JsonNode?> items) =>
        [.. items.OfType<JsonNode>().Select(i => i.Parent is null ? i : i.DeepClone())];

    public static JsonArray Texts(params IEnumerable<string> texts) => [.. texts.Select(t => (JsonNode)JsonValue.Create(t))];

    public static JsonObject Citation(
        string source, string locator, string certainty = "stated", string? claimant = null, IEnumerable<string>? supports = null,
        string? vouchedFor = null, string? note = null) => Of(
        ("source", source), ("locator", locator), ("certainty", certainty), ("claimant", claimant),
        ("supports", supports is null ? null : Texts(supports)), ("vouchedFor", vouchedFor), ("note", note));

    /// <summary>A source record; <paramref name="coverage"/> is made by <see cref="Coverage"/>.</summary>
    public static JsonObject Source(
        string id, string kind, string title, string? publisher, string? published, string? url, string? licence, string description,
        JsonObject coverage, params IEnumerable<string> authors) => new()
        {
            ["id"] = id,
            ["kind"] = kind,
            ["title"] = title,
            ["authors"] = Texts(authors),
            ["publisher"] = publisher,
            ["published"] = published,
            ["url"] = url,
            ["licence"] = licence,
            ["description"] = description,
            ["coverage"] = coverage,
        };

    public static JsonObject Coverage(string? period, string about, string? silentOn) => new()
    {
        ["period"] = period,
        ["about"] = about,
        ["silentOn"] = silentOn,
    };

    public static JsonObject Name(string text, string lang, string kind) => Of(("text", text), ("lang", lang), ("kind", kind));

    public static JsonObject Identifier(string scheme, string value) => Of(("scheme", scheme), ("value", value));

    /// <summary>A slug: small letters and digits, other characters as hyphens; apostrophes are left out.</summary>
    public static string Slug(string text)
    {
        var slug = new StringBuilder();
        foreach (var c in text.ToLowerInvariant().Where(c => c is not ('\'' or '’')))
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }

        return slug.ToString().Trim('-');
    }

    /// <summary>Numbers in runs without a gap.</summary>
    public static IEnumerable<IReadOnlyList<T>> Runs<T>(IEnumerable<T> items, Func<T, int> number)
    {
        var run = new List<T>();
        foreach (var item in items.OrderBy(number))
        {
            if (run.Count > 0 && number(item) != number(run[^1]) + 1)
            {
                yield return run;
                run = [];
            }

            run.Add(item);
        }

        if (run.Count > 0)
            yield return run;
    }
}
