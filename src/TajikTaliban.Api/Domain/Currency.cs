namespace TajikTaliban.Api.Domain;

/// <summary>Currencies by their ISO 4217 alphabetic code.</summary>
public static class Currency
{
    /// <summary>
    /// Whether values may be stated in the currency: the code is active, or is one of the withdrawn codes that the list
    /// <c>currencies</c> keeps for figures of earlier years. Case counts.
    /// </summary>
    public static bool IsKnown(string? code) => CodeLists.CodeLists.Currencies.Contains(code);

    /// <summary>Whether the code is in use: known and not withdrawn.</summary>
    public static bool IsActive(string? code) =>
        CodeLists.CodeLists.Currencies.FindOrNull(code) is { } currency && currency.MappingOrNull("withdrawn") is null;
}
