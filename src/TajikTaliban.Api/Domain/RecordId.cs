using System.Security.Cryptography;
using System.Text;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// The rule for a record's id: a slug of lower-case ASCII letters, digits and hyphens that does not begin with a hyphen. It needs no
/// escaping in a path, a query, a file name or a spreadsheet.
/// </summary>
public static class RecordId
{
    /// <summary>The rule as a regular expression that means the same in ECMAScript, .NET and PostgreSQL.</summary>
    public const string Pattern = "^[a-z0-9][a-z0-9-]{0,127}$";

    /// <summary>The maximum number of characters an id may have.</summary>
    public const int MaxLength = 128;

    private const int HashLength = 12;

    /// <summary>
    /// Whether the text is an id: 1 to 128 characters out of <c>a-z</c>, <c>0-9</c> and <c>-</c>, the first of them not <c>-</c>.
    /// </summary>
    public static bool IsValid(string? text)
    {
        if (text is not { Length: >= 1 and <= MaxLength } || text[0] == '-')
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-')
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// Makes an id from any texts, such as a record's name or the parts of its natural key: the same texts always give the same id, and an
    /// id made here gives itself. Letters become plain Latin ones, apostrophes nothing, anything else a single hyphen.
    /// </summary>
    /// <remarks>
    /// An id ends in a hash of the texts where it would otherwise not tell two of them apart: when letters had no Latin counterpart
    /// (Cyrillic, Arabic …) and when the text was too long and has been cut. When no Latin letter or digit is left at all, the hash follows
    /// the word <c>record</c>. The hash is the beginning of a SHA-256, so that it does not depend on process, platform or version.
    /// </remarks>
    public static string Slug(params ReadOnlySpan<string?> parts)
    {
        var folded = new StringBuilder();
        foreach (var part in parts)
        {
            if (!string.IsNullOrEmpty(part))
            {
                LetterFolding.AppendFolded(folded.Append(' '), part);
            }
        }

        // Both are built alike, except that only the first keeps letters without a Latin counterpart. The hash thus ignores the same
        // differences (case, accents, punctuation) as the id.
        var whole = new StringBuilder();
        var slug = new StringBuilder();
        foreach (var c in folded.ToString().EnumerateRunes())
        {
            if (c.IsAscii && Rune.IsLetterOrDigit(c))
            {
                _ = whole.Append((char)c.Value);
                _ = slug.Append((char)c.Value);
            }
            else if (c.Value != '\'')
            {
                if (Rune.IsLetterOrDigit(c))
                {
                    _ = whole.Append(c.ToString());
                }
                else
                {
                    AppendHyphen(whole);
                }

                AppendHyphen(slug);
            }
        }

        var text = Trimmed(slug);
        var full = Trimmed(whole);
        if (text.Length == 0)
        {
            return $"record-{Hash(full.Length > 0 ? full : folded.ToString())}";
        }

        if (text.Length <= MaxLength && string.Equals(text, full, StringComparison.Ordinal))
        {
            return text;
        }

        var room = MaxLength - HashLength - 1;
        return $"{(text.Length > room ? text[..room].TrimEnd('-') : text)}-{Hash(full)}";
    }

    private static void AppendHyphen(StringBuilder text)
    {
        if (text.Length > 0 && text[^1] != '-')
        {
            _ = text.Append('-');
        }
    }

    private static string Trimmed(StringBuilder text) => text.ToString().TrimEnd('-');

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashLength];
}
