using System.Globalization;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Platform.Validation;

/// <summary>Addresses of the web that others are to follow: as they are shown, they lead where they say.</summary>
public static class HttpAddress
{
    public static readonly Fault NotOne =
        new(FaultCode.NotAnAddress, "Not an absolute http or https address without quotes, angle brackets and spaces.");

    /// <summary>Whether a text is meant as an address rather than as words.</summary>
    public static bool LooksLikeOne(string text) => !text.Any(char.IsWhiteSpace)
        && (text.StartsWith("http:", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https:", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether the text is an absolute http or https address.</summary>
    public static bool IsHttp(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Host.Length > 0
        && !url.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));

    /// <summary>Whether characters change how the text is shown and are not shown themselves: direction marks, joiners, soft
    /// hyphens.</summary>
    public static bool HasHiddenCharacters(string url) => url.EnumerateRunes().Any(r =>
        System.Text.Rune.GetUnicodeCategory(r) is UnicodeCategory.Format or UnicodeCategory.Control or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse);

    /// <summary>
    /// Whether there is a user name before the host. As written: the parser drops an empty one before the @, and others may not.
    /// </summary>
    public static bool HasCredentials(string url) => AuthorityOf(url).Contains('@');

    private static ReadOnlySpan<char> AuthorityOf(string url)
    {
        var rest = url.AsSpan(url.IndexOf(':', StringComparison.Ordinal) + 1).TrimStart("/\\");
        var end = rest.IndexOfAny("/\\?#");
        return end < 0 ? rest : rest[..end];
    }
}
