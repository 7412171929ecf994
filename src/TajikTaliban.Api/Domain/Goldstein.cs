using System.Collections.Frozen;
using System.Globalization;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// The Goldstein scale: how far an event tends towards conflict (-10.0) or cooperation (10.0), as a property of its CAMEO code. Where
/// published tables differ, the score is the one that GDELT delivers.
/// </summary>
public static class Goldstein
{
    private static readonly FrozenDictionary<string, decimal> Scores = CodeLists.CodeLists.Cameo.Codes.ToFrozenDictionary(
        code => code.Value,
        code => decimal.Parse(code.Mappings["goldstein"], NumberStyles.Number, CultureInfo.InvariantCulture),
        StringComparer.Ordinal);

    /// <summary>The score of a CAMEO code of two, three or four digits, or null where there is no such code.</summary>
    public static decimal? ScoreOrNull(string? cameo) => cameo is not null && Scores.TryGetValue(cameo, out var score) ? score : null;
}
