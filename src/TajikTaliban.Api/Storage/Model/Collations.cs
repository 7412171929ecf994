namespace TajikTaliban.Api.Storage.Model;

/// <summary>The orders of texts.</summary>
public static class Collations
{
    /// <summary>
    /// The root order of the Unicode Collation Algorithm (ICU locale <c>und</c>): by letters, then by accents, then by case. Names of all
    /// scripts sort by it.
    /// </summary>
    public const string Names = "names";
}
