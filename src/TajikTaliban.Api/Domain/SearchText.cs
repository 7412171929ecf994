using System.Text;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// The normal form of texts for searches. Stored texts and search words are normalized alike, so that a name is found in all its
/// spellings: <c>Badakhshān</c> as <c>badakhshan</c>, <c>Тоҷикистон</c> as <c>точикистон</c>, <c>طالبان</c> with or
/// without vowel signs, <c>امارت اسلامی</c> with an Arabic or a Persian <c>ی</c>.
/// </summary>
public static class SearchText
{
    /// <summary>
    /// Joins the parts with a space and folds them: lower case, no diacritics, one form for the letters that Arabic, Persian and Pashto
    /// keyboards write differently, Persian and Arabic digits as ASCII ones, one space for any white space, control character or lone
    /// surrogate, and none at the ends. Normalizing is idempotent. Null parts are omitted; the result is never null.
    /// </summary>
    public static string Normalize(params IEnumerable<string?> parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var folded = new StringBuilder();
        foreach (var part in parts)
        {
            if (!string.IsNullOrEmpty(part))
            {
                LetterFolding.AppendFolded(folded.Append(' '), part);
            }
        }

        var text = new StringBuilder(folded.Length);
        foreach (var chunk in folded.GetChunks())
        {
            foreach (var c in chunk.Span)
            {
                if (c != ' ' || (text.Length > 0 && text[^1] != ' '))
                {
                    _ = text.Append(c);
                }
            }
        }

        return text.Length > 0 && text[^1] == ' ' ? text.ToString(0, text.Length - 1) : text.ToString();
    }
}
