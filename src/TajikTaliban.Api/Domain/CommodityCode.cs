using System.Diagnostics.CodeAnalysis;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// Commodity codes as UN Comtrade writes them: digits without points, leading zeros kept, or <c>TOTAL</c> for all commodities.
/// </summary>
public static class CommodityCode
{
    /// <summary>All commodities, in every classification.</summary>
    public const string Total = "TOTAL";

    /// <summary>
    /// Whether the code has the shape of a code of the classification. Harmonized System: a chapter from 01, a heading or a subheading
    /// (2, 4 or 6 digits); SITC: 1 to 5 digits; BEC: 1 to 3 digits. Whether the edition has that code is not looked up.
    /// </summary>
    public static bool TryValidate(string? classification, string? code, [NotNullWhen(false)] out string? error)
    {
        error = classification switch
        {
            null => "A classification is required.",
            _ when !CodeLists.CodeLists.CommodityClassifications.Contains(classification) =>
                $"'{classification}' is not a commodity classification. Known are: " +
                $"{string.Join(", ", CodeLists.CodeLists.CommodityClassifications.Values)}.",
            _ when code is Total => null,
            _ when string.IsNullOrEmpty(code) => "A commodity code is required; TOTAL is all commodities.",
            "BEC" => IsDigits(code, 1, 3) ? null : "A BEC code is TOTAL or has 1 to 3 digits.",
            "S1" or "S2" or "S3" or "S4" => IsDigits(code, 1, 5) ? null : "An SITC code is TOTAL or has 1 to 5 digits, without a point.",
            _ when !IsDigits(code, 2, 6) || code.Length % 2 != 0 =>
                "A Harmonized System code is TOTAL or has 2, 4 or 6 digits, without points.",
            _ => code.StartsWith("00", StringComparison.Ordinal) ? "Chapters of the Harmonized System begin at 01." : null,
        };
        return error is null;
    }

    private static bool IsDigits(string code, int least, int most) =>
        code.Length >= least && code.Length <= most && code.All(char.IsAsciiDigit);
}
