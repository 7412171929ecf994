using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using TajikTaliban.Api.Domain.CodeLists;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// Commodity codes as UN Comtrade writes them: digits without points, leading zeros kept, or <c>TOTAL</c> for all goods or all services.
/// </summary>
public static class CommodityCode
{
    /// <summary>All goods or all services, in every classification.</summary>
    public const string Total = "TOTAL";

    /// <summary>The type of trade in services.</summary>
    public const string Services = "S";

    private static readonly Dictionary<string, Regex> Patterns = Lists.CommodityClassifications.Codes.ToDictionary(
        c => c.Value, c => new Regex(c.Mappings["pattern"].Replace("$", @"\z", StringComparison.Ordinal), RegexOptions.CultureInvariant));

    /// <summary>The classification of a figure that names none: of goods the Harmonized System, of services EBOPS, both as
    /// reported.</summary>
    public static string ClassificationOf(string? type) => type == Services ? "EB" : "HS";

    /// <summary>Whether the classification is one of this type of trade: C goods, S services.</summary>
    public static bool Classifies(string classification, string type) =>
        Lists.CommodityClassifications.FindOrNull(classification)?.MappingOrNull("type") == type;

    /// <summary>Whether the code is all goods or all services, by whichever name the classification has for it.</summary>
    public static bool IsTotal(string classification, string code) =>
        code == Total || Lists.CommodityClassifications.FindOrNull(classification)?.MappingOrNull("total") == code;

    /// <summary>
    /// Whether the code has the shape of a code of the classification. Harmonized System: a chapter from 01 to 99 without 77, a heading or
    /// a subheading (2, 4 or 6 digits), or 9999AA (not specified); SITC: 1 to 5 digits; BEC: 1 to 3 digits, in Revision 5 to 6; EBOPS 2002:
    /// 3 digits; EBOPS 2010: numbers with points, the first from 1 to 12, or the letters of SDMX. Whether the edition has that code is not
    /// looked up.
    /// </summary>
    public static bool TryValidate(string? classification, string? code, [NotNullWhen(false)] out Fault? error)
    {
        error = classification is null ? new Fault(FaultCode.Required, "A classification is required.")
            : Lists.CommodityClassifications.FindOrNull(classification) is not { } known
                ? new Fault(FaultCode.UnknownCode, $"'{classification}' is not a commodity classification. Known are: "
                    + $"{string.Join(", ", Lists.CommodityClassifications.Values)}.",
                    ("value", classification), ("list", Lists.CommodityClassifications.Name))
            : string.IsNullOrEmpty(code) ? new Fault(FaultCode.Required, "A commodity code is required; TOTAL is all commodities.")
            : Patterns[classification].IsMatch(code) ? null
            : new Fault(FaultCode.NotACommodityCode, Form(known, code), ("value", code), ("classification", classification));
        return error is null;
    }

    private static string Form(Code classification, string code) => (classification.Parent ?? classification.Value) switch
    {
        "EB" => $"A code of {classification.Label} is TOTAL, "
            + (classification.Value switch
            {
                "EB02" => "or has 3 digits, such as 205.",
                "EB" => "has 3 digits (205), or is a number with points (3.1) or the letters of SDMX (SC).",
                _ => "or is a number with points (3.1) or the letters of SDMX (SC).",
            }),
        "BEC" => $"A code of {classification.Label} is TOTAL or has 1 to {(classification.Value == "B4" ? 3 : 6)} digits.",
        "SS" => "An SITC code is TOTAL or has 1 to 5 digits, without a point.",
        _ when code.StartsWith("77", StringComparison.Ordinal) => "Chapter 77 of the Harmonized System is reserved: no goods are in it.",
        _ when code.StartsWith("00", StringComparison.Ordinal) => "Chapters of the Harmonized System begin at 01.",
        _ => "A Harmonized System code is TOTAL or has 2, 4 or 6 digits, without points.",
    };
}
