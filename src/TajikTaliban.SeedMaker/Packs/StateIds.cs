namespace TajikTaliban.SeedMaker.Packs;

/// <summary>The ids of states by their ISO 3166-1 alpha-3 codes.</summary>
internal static class StateIds
{
    /// <summary>The states that the pack of the article has, with their names there.</summary>
    public static IReadOnlyDictionary<string, (string Id, string Name)> OfArticle { get; } = new Dictionary<string, (string, string)>
    {
        ["TJK"] = ("tajikistan", "Tajikistan"),
        ["AFG"] = ("afghanistan", "Afghanistan"),
        ["UZB"] = ("uzbekistan", "Uzbekistan"),
        ["TKM"] = ("turkmenistan", "Turkmenistan"),
        ["KGZ"] = ("kyrgyzstan", "Kyrgyzstan"),
        ["KAZ"] = ("kazakhstan", "Kazakhstan"),
        ["PAK"] = ("pakistan", "Pakistan"),
        ["IRN"] = ("iran", "Iran"),
        ["CHN"] = ("china", "China"),
        ["RUS"] = ("russia", "Russia"),
        ["IND"] = ("india", "India"),
        ["USA"] = ("united-states", "United States"),
    };

    /// <summary>The states that the pack <c>states</c> adds.</summary>
    public static IReadOnlyDictionary<string, string> Added { get; } = new Dictionary<string, string>
    {
        ["TUR"] = "turkiye",
        ["SAU"] = "saudi-arabia",
        ["ARE"] = "united-arab-emirates",
        ["QAT"] = "qatar",
        ["GBR"] = "united-kingdom",
        ["DEU"] = "germany",
    };

    public static string Of(string iso3) => OfArticle.TryGetValue(iso3, out var state) ? state.Id : Added[iso3];
}
