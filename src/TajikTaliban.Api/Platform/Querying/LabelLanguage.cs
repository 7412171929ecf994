using System.Text.Json;
using System.Text.RegularExpressions;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Validation;

namespace TajikTaliban.Api.Platform.Querying;

/// <summary>The language of labels (<c>lang</c>). Only the address names it: the same address has the same labels for everybody.</summary>
internal static partial class LabelLanguage
{
    public const string Parameter = "lang";

    public const string Description =
        "Language of labels (BCP 47, such as `tg`, `fa-AF`, `ps`): of the values of `facets`, and in CSV of the columns with names of "
        + "other records. An actor that has a name in this language is labelled with it, one that has none with its English name, as "
        + "are codes and the titles of sources. `fa` finds `fa-AF`, and `tg-TJ` finds `tg`.";

    /// <summary>The kinds of names that are labels, the best one first; an acronym or a former name is none.</summary>
    private static readonly string[] Kinds = ["native", "alias", "transliteration"];

    /// <summary>The language that is asked for; null for none, for English, which the names are in, and after an error.</summary>
    public static string? ReadOrNull(QueryText text, Errors errors)
    {
        if (text[Parameter] is not { } language)
            return null;
        if (language.Length > Limits.Language || !Form().IsMatch(language))
        {
            errors.Add($"/query/{Parameter}", Rules.LanguageForm);
            return null;
        }

        return Covers("en", language) ? null : language;
    }

    /// <summary>
    /// Of the names of an actor the one in a language, or in what is left of its tag without the last parts; null if there is none. Of
    /// several it is the one of the best kind, and the first of these.
    /// </summary>
    public static string? NameOrNull(JsonElement names, string language)
    {
        for (var range = language; range.Length > 0; range = range[..Math.Max(0, range.LastIndexOf('-'))])
        {
            var named = names.EnumerateArray()
                .Where(n => n.GetProperty("lang").GetString() is { } tag && Covers(range, tag))
                .Select(n => (Rank: Array.IndexOf(Kinds, n.GetProperty("kind").GetString()), Text: n.GetProperty("text").GetString()))
                .Where(n => n.Rank >= 0).OrderBy(n => n.Rank).FirstOrDefault();
            if (named.Text is not null)
                return named.Text;
        }

        return null;
    }

    /// <summary>Whether a tag is a range or begins with it (RFC 4647, basic filtering).</summary>
    private static bool Covers(string range, string tag) => tag.StartsWith(range, StringComparison.OrdinalIgnoreCase)
        && (tag.Length == range.Length || tag[range.Length] == '-');

    [GeneratedRegex(Rules.LanguagePattern, RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
