using System.Collections.Frozen;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// The words that a search looks for. A record has to have all of them, each in one of its forms: as written, in another form of the
/// English word, or joined with its neighbours (<c>al Islam</c> as <c>alislam</c>, <c>U.S.A.</c> as <c>usa</c>). No character of the text
/// has a meaning of its own.
/// </summary>
public sealed class SearchWords
{
    /// <summary>Words of a search beyond these do not narrow it further.</summary>
    private const int MaxWords = 32;

    /// <summary>Neighbours that a single word may stand for whatever separates them.</summary>
    private const int MaxNeighbours = 3;

    private const int MinSpelled = 3;
    private const int MinBeginning = 4;
    private const int MinTwoDifferences = 8;

    /// <summary>The stop words of PostgreSQL's English dictionary: the index of word forms does not have them.</summary>
    private static readonly FrozenSet<string> StopWords = (
        "i me my myself we our ours ourselves you your yours yourself yourselves he him his himself she her hers herself it its itself "
        + "they them their theirs themselves what which who whom this that these those am is are was were be been being have has had "
        + "having do does did doing a an the and but if or because as until while of at by for with about against between into through "
        + "during before after above below to from up down in out on off over under again further then once here there when where why "
        + "how all any both each few more most other some such no nor not only own same so than too very s t can will just don should "
        + "now").Split(' ').ToFrozenSet();

    private SearchWords(string text, IReadOnlyList<WordForms> words)
    {
        Text = text;
        Words = words;
    }

    /// <summary>The words as understood, with a space between them.</summary>
    public string Text { get; }

    /// <summary>The words that a record has to have, each with its forms.</summary>
    public IReadOnlyList<WordForms> Words { get; }

    /// <summary>The words of a text; null for a text without a letter or digit.</summary>
    /// <remarks>Words such as <c>the</c> and <c>of</c> are looked for only where the text has no others.</remarks>
    public static SearchWords? ReadOrNull(string text)
    {
        var words = SearchText.Split(text);
        if (words.Count > MaxWords)
            words = [.. words.Take(MaxWords)];
        if (words.Count == 0)
            return null;
        // `I.S.` is a name, unlike `is`
        var named = words.GroupBy(w => w.Run).Where(r => r.Count() > 1 && r.All(w => w.Text.Length == 1 || IsStopWord(w)))
            .Select(r => r.Key).ToHashSet();
        var onlyStopWords = words.All(IsStopWord);
        var forms = new List<WordForms>();
        for (var i = 0; i < words.Count; i++)
        {
            var counts = onlyStopWords || !IsStopWord(words[i]) || named.Contains(words[i].Run);
            var found = words[i].IsIdeograph ? IdeographsAt(words, i) : counts ? [new(words[i].Text, JoinedAt(words, i))] : [];
            foreach (var word in found)
            {
                if (!forms.Exists(f => f.Word == word.Word && f.Others.SequenceEqual(word.Others)))
                    forms.Add(word);
            }
        }

        return new SearchWords(string.Join(' ', words.Select(w => w.Text)), forms);
    }

    /// <summary>Whether a word is long enough to be compared by its spelling; a word with a digit is none.</summary>
    public static bool HasSpelling(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        return word.Length >= MinSpelled && !word.Any(char.IsAsciiDigit);
    }

    /// <summary>
    /// Whether two words have similar spelling: one letter is added, left out or changed, or two neighbours are swapped; in words of eight
    /// letters and more, two of these. From four letters on, a word is also similar to those that begin with it.
    /// </summary>
    public static bool IsSimilar(string word, string other)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(other);
        if (word == other || !HasSpelling(other))
            return false;
        if (word.Length >= MinBeginning && other.StartsWith(word, StringComparison.Ordinal))
            return true;
        var most = word.Length >= MinTwoDifferences ? 2 : 1;
        return Math.Abs(word.Length - other.Length) <= most && Suggest.Distance(word, other) <= most;
    }

    /// <summary>
    /// The same search, by words of similar spelling as well; null if it would find nothing more. Words too short to have a spelling count
    /// only where there are no others.
    /// </summary>
    /// <param name="similar">The words of similar spelling, by word.</param>
    public SearchWords? WithSimilarOrNull(IReadOnlyDictionary<string, IReadOnlyList<string>> similar)
    {
        ArgumentNullException.ThrowIfNull(similar);
        var spelled = Words.Where(w => HasSpelling(w.Word)).ToList();
        if (spelled.Count == Words.Count && similar.Values.All(s => s.Count == 0))
            return null;
        return new SearchWords(Text,
            [.. spelled.Select(w => similar.TryGetValue(w.Word, out var more) ? w with { Others = [.. w.Others, .. more] } : w)]);
    }

    /// <summary>The same search, where the last word is the beginning of one.</summary>
    /// <param name="words">The words that begin with it.</param>
    public SearchWords WithLast(IReadOnlyList<string> words) =>
        new(Text, [.. Words.SkipLast(1), Words[^1] with { Others = [.. Words[^1].Others, .. words] }]);

    private static bool IsStopWord(SearchWord word) => StopWords.Contains(word.Text);

    /// <summary>Two neighbouring ideographs have to be neighbours in the record, too.</summary>
    private static IEnumerable<WordForms> IdeographsAt(IReadOnlyList<SearchWord> words, int i)
    {
        bool IsNeighbour(int other) =>
            other >= 0 && other < words.Count && words[other].IsIdeograph && words[other].Run == words[i].Run;
        if (IsNeighbour(i + 1))
            yield return new WordForms(words[i].Text + words[i + 1].Text, []);
        else if (!IsNeighbour(i - 1))
            yield return new WordForms(words[i].Text, []);
    }

    /// <summary>The words that a word makes with its neighbours.</summary>
    private static List<string> JoinedAt(IReadOnlyList<SearchWord> words, int i)
    {
        var joined = new List<string>();
        for (var length = 2; length <= SearchText.MaxRun; length++)
        {
            for (var start = Math.Max(0, i - length + 1); start <= i && start + length <= words.Count; start++)
            {
                var (isRun, hasIdeograph, letters) = (true, false, 0);
                for (var j = start; j < start + length; j++)
                {
                    isRun &= words[j].Run == words[i].Run;
                    hasIdeograph |= words[j].IsIdeograph;
                    letters += words[j].Text.Length;
                }

                var word = string.Concat(words.Skip(start).Take(length).Select(w => w.Text));
                if (!hasIdeograph && letters <= SearchText.MaxWordLength && (isRun || length <= MaxNeighbours) && !joined.Contains(word))
                    joined.Add(word);
            }
        }

        return joined;
    }
}

/// <summary>A word of a search, and what else may stand for it.</summary>
/// <param name="Word">The word as written, folded. Its other English forms count as well.</param>
/// <param name="Others">Words that stand for it as they are.</param>
public sealed record WordForms(string Word, IReadOnlyList<string> Others);
