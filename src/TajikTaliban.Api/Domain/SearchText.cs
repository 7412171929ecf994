using System.Globalization;
using System.Text;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// The words of texts for searches. Stored texts and <c>q</c> are split and folded by the same functions, so that a name is found in all
/// its spellings: <c>Badakhshān</c> as <c>badakhshan</c>, <c>Тоҷикистон</c> as <c>точикистон</c>, <c>طالبان</c> with or without vowel
/// signs, <c>امارت اسلامی</c> with an Arabic or a Persian <c>ی</c>.
/// </summary>
public static class SearchText
{
    /// <summary>
    /// The edition of stored search texts. A change to the folding, to the splitting, or to the texts of a resource needs the next number:
    /// <c>migrate</c> then makes the search texts of all records and versions again.
    /// </summary>
    public const int Edition = 1;

    /// <summary>Between the words that name a record and its other words.</summary>
    public const char NamesEnd = '\n';

    /// <summary>Characters of a word that count. A longer word is cut: an index entry has a maximum length.</summary>
    public const int MaxWordLength = 64;

    /// <summary>Words without a space between them that are found as one word: <c>U.S.A.</c> as <c>usa</c>.</summary>
    public const int MaxRun = 6;

    /// <summary>
    /// The search text of a record: the words of its names, then, after <see cref="NamesEnd"/>, those of its other texts, with single
    /// spaces between them. Null texts are omitted. Three to six words that signs alone separate are added as one word, too; two neighbours
    /// are joined by the index itself (SQL function <c>search_words</c>).
    /// </summary>
    public static string Of(IEnumerable<string?> names, IEnumerable<string?> others)
    {
        var text = new StringBuilder();
        Append(text, names);
        var end = text.Length;
        text.Append(NamesEnd);
        Append(text, others);
        return text.Length == end + 1 ? text.ToString(0, end) : text.ToString();
    }

    /// <summary>The words of a text with a space between them.</summary>
    public static string Normalize(string text) => string.Join(' ', Split(text).Select(w => w.Text));

    /// <summary>
    /// The words of a text, folded (<see cref="LetterFolding"/>): letters, digits and the marks on them. Every other character separates
    /// words. An ideograph is a word of its own, since Chinese has no spaces.
    /// </summary>
    public static IReadOnlyList<SearchWord> Split(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var folded = new StringBuilder(text.Length);
        // folding makes a space of the zero-width non-joiner, which joins the parts of one word
        LetterFolding.AppendFolded(folded, text.Replace('\u200c', '-'));
        var words = new List<SearchWord>();
        var word = new StringBuilder();
        var run = 0;
        void End()
        {
            if (word.Length > 0)
                words.Add(new SearchWord(word.ToString(), run, false));
            word.Clear();
        }

        foreach (var rune in folded.ToString().EnumerateRunes())
        {
            if (IsIdeograph(rune.Value))
            {
                End();
                words.Add(new SearchWord(rune.ToString(), run, true));
            }
            else if (Rune.IsLetter(rune) || Rune.IsNumber(rune) || (word.Length > 0 && IsMark(rune)))
            {
                if (word.Length < MaxWordLength)
                    word.Append(rune.ToString());
            }
            else
            {
                End();
                if (Rune.IsWhiteSpace(rune) || (words.Count > 0 && words[^1].IsIdeograph))
                    run++;
            }
        }

        End();
        return words;
    }

    private static void Append(StringBuilder text, IEnumerable<string?> parts)
    {
        var joined = new List<string>();
        foreach (var part in parts)
        {
            if (string.IsNullOrEmpty(part))
                continue;
            var words = Split(part);
            foreach (var word in words)
                AppendWord(text, word.Text);
            foreach (var run in words.GroupBy(w => w.Run).Where(r => !r.Any(w => w.IsIdeograph)).Select(r => r.ToList()))
                joined.AddRange(Joined(run));
        }

        foreach (var word in joined)
            AppendWord(text, word);
    }

    private static void AppendWord(StringBuilder text, string word)
    {
        if (text.Length > 0 && text[^1] != NamesEnd)
            text.Append(' ');
        text.Append(word);
    }

    /// <summary>Each three and more neighbours of a run as one word; none of a run that is no single word to anybody.</summary>
    private static IEnumerable<string> Joined(List<SearchWord> run)
    {
        if (run.Count > MaxRun)
            yield break;
        for (var length = 3; length <= run.Count; length++)
        {
            for (var start = 0; start + length <= run.Count; start++)
            {
                var word = string.Concat(run.GetRange(start, length).Select(w => w.Text));
                if (word.Length <= MaxWordLength)
                    yield return word;
            }
        }
    }

    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private static bool IsIdeograph(int code) =>
        code is (>= 0x3040 and <= 0x30ff) or (>= 0x3400 and <= 0x4dbf) or (>= 0x4e00 and <= 0x9fff) or (>= 0xf900 and <= 0xfaff)
            or (>= 0x20000 and <= 0x323af);
}

/// <summary>A word of a text.</summary>
/// <param name="Text">The folded letters and digits.</param>
/// <param name="Run">The same number for words that no space separates, and for ideographs that nothing separates.</param>
/// <param name="IsIdeograph">Whether it is a single character of a script without spaces.</param>
public readonly record struct SearchWord(string Text, int Run, bool IsIdeograph);
