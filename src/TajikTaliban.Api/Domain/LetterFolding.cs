using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace TajikTaliban.Api.Domain;

/// <summary>
/// Letters without case and diacritics, and letters that are one letter in two encodings made one. Ids and searches are both built on it.
/// </summary>
/// <remarks>
/// <para>The runtime's <c>string.Normalize</c> would be the natural base, but the service runs with invariant globalization, where it
/// returns any text unchanged and says nothing. Hence a table: the canonical decompositions of Latin, Greek and Cyrillic letters and the
/// presentation forms of Arabic ones are from the Unicode Character Database; Unicode never changes a decomposition, so the table cannot
/// go stale. Letters of other scripts go through as they are, but for their case.</para>
/// <para>Beyond Unicode the table equates what people write for each other: Latin letters with a stroke (<c>đ ł ø</c>), the dotless
/// <c>ı</c>, the Tajik letters with what a Russian keyboard has for them (<c>ғ қ ҳ ҷ</c> with <c>г к х ч</c>), and the forms of
/// <c>ا ه ک گ ی</c> that Arabic, Persian, Pashto and Urdu keyboards write.</para>
/// <para>Who changes a row raises <see cref="SearchText.Edition"/>: stored texts are then made anew.</para>
/// </remarks>
internal static class LetterFolding
{
    // Each row: the plain letter, then the letters that become it.
    private static readonly string[] Rows =
    [
        "aàáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặⱥªᵃ",
        "bḃḅḇƀ",
        "cçćĉċčḉȼ",
        "dďḋḍḏḑḓđ",
        "eèéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệɇə",
        "fḟ",
        "gĝğġģǧǵḡǥ",
        "hĥȟḣḥḧḩḫẖħ",
        "iìíîïĩīĭįİǐȉȋḭḯỉịıɨ",
        "jĵǰɉ",
        "kķǩḱḳḵ",
        "lĺļľḷḹḻḽłƚ",
        "mḿṁṃ",
        "nñńņňǹṅṇṉṋⁿ",
        "oòóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợøǿɵº",
        "pṕṗᵽ",
        "rŕŗřȑȓṙṛṝṟɍ",
        "sśŝşšșṡṣṥṧṩſẛ",
        "tţťțṫṭṯṱẗŧⱦ",
        "uùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữựʉ",
        "vṽṿ",
        "wŵẁẃẅẇẉẘ",
        "xẋẍ",
        "yýÿŷȳẏẙỳỵỷỹɏ",
        "zźżžẑẓẕƶ",
        "ʒǯ",
        "αάἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ",
        "βϐ",
        "εέἐἑἒἓἔἕὲέϵ",
        "ηήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ",
        "θϑ",
        "ιΐίϊἰἱἲἳἴἵἶἷὶίιῐῑῒΐῖῗ",
        "κϰ",
        "μµ",
        "οόὀὁὂὃὄὅὸό",
        "πϖ",
        "ρῤῥϱ",
        "σςϲ",
        "υΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧϒϓϔ",
        "φϕ",
        "ωώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ",
        "аӑӓ",
        "гѓғ",
        "еѐёӗ",
        "жӂӝ",
        "зӟ",
        "ийѝӣӥ",
        "кќқ",
        "оӧ",
        "уўӯӱӳ",
        "хҳ",
        "чӵҷ",
        "ыӹ",
        "эӭ",
        "ії",
        "ѵѷ",
        "әӛ",
        "өӫ",
        "اآأإٱﭐﭑﺁﺂﺃﺄﺇﺈﺍﺎ",
        "بﺏﺐﺑﺒ",
        "تﺕﺖﺗﺘ",
        "ثﺙﺚﺛﺜ",
        "جﺝﺞﺟﺠ",
        "حﺡﺢﺣﺤ",
        "خﺥﺦﺧﺨ",
        "دﺩﺪ",
        "ذﺫﺬ",
        "رﺭﺮ",
        "زﺯﺰ",
        "سﺱﺲﺳﺴ",
        "شﺵﺶﺷﺸ",
        "صﺹﺺﺻﺼ",
        "ضﺽﺾﺿﻀ",
        "طﻁﻂﻃﻄ",
        "ظﻅﻆﻇﻈ",
        "عﻉﻊﻋﻌ",
        "غﻍﻎﻏﻐ",
        "فﻑﻒﻓﻔ",
        "قﻕﻖﻗﻘ",
        "لﻝﻞﻟﻠ",
        "مﻡﻢﻣﻤ",
        "نﻥﻦﻧﻨ",
        "هةۀەہۂۃھﮤﮥﮦﮧﮨﮩﮪﮫﮬﮭﺓﺔﻩﻪﻫﻬ",
        "وؤﺅﺆﻭﻮ",
        "ٹﭦﭧﭨﭩ",
        "ٺﭞﭟﭠﭡ",
        "ٻﭒﭓﭔﭕ",
        "پﭖﭗﭘﭙ",
        "ٿﭢﭣﭤﭥ",
        "ڀﭚﭛﭜﭝ",
        "ڃﭶﭷﭸﭹ",
        "ڄﭲﭳﭴﭵ",
        "چﭺﭻﭼﭽ",
        "ڇﭾﭿﮀﮁ",
        "ڈﮈﮉ",
        "ڌﮄﮅ",
        "ڍﮂﮃ",
        "ڎﮆﮇ",
        "ڑﮌﮍ",
        "ژﮊﮋ",
        "ڤﭪﭫﭬﭭ",
        "ڦﭮﭯﭰﭱ",
        "کكڪﮎﮏﮐﮑﻙﻚﻛﻜ",
        "ڭﯓﯔﯕﯖ",
        "گګﮒﮓﮔﮕ",
        "ڱﮚﮛﮜﮝ",
        "ڳﮖﮗﮘﮙ",
        "ںﮞﮟ",
        "ڻﮠﮡﮢﮣ",
        "ۅﯠﯡ",
        "ۆﯙﯚ",
        "ۇﯗﯘ",
        "ۈﯛﯜ",
        "ۉﯢﯣ",
        "ۋﯞﯟ",
        "یيىئېۍےۓﮮﮯﮰﮱﯤﯥﯦﯧﯨﯩﯼﯽﯾﯿﺉﺊﺋﺌﻯﻰﻱﻲﻳﻴ",
    ];

    private static readonly FrozenDictionary<char, string> Table = Build();

    /// <summary>
    /// Appends the folded text: lower case; no combining marks, tatweel, hamza on its own or invisible format characters; ASCII digits,
    /// apostrophes, hyphens and double quotes for their typographic forms; a space for each white space, control character, zero-width
    /// non-joiner (which Persian typists replace by a space) and lone surrogate, so that the result is well-formed and free of NUL, as
    /// PostgreSQL's text has to be. Spaces are not collapsed.
    /// </summary>
    public static void AppendFolded(StringBuilder target, ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAscii(c))
            {
                _ = target.Append(c is <= ' ' or '\x7f' ? ' ' : c == '`' ? '\'' : char.ToLowerInvariant(c));
            }
            else if (!char.IsSurrogate(c))
            {
                AppendFolded(target, c);
            }
            else if (Rune.TryCreate(c, i + 1 < text.Length ? text[i + 1] : '\0', out var rune))
            {
                _ = target.Append(Rune.ToLowerInvariant(rune).ToString());
                i++;
            }
            else
            {
                _ = target.Append(' ');
            }
        }
    }

    private static void AppendFolded(StringBuilder target, char c)
    {
        // Halfwidth and fullwidth forms repeat ASCII's printable characters in its order.
        if (char.IsBetween(c, '\uff01', '\uff5e'))
        {
            AppendFolded(target, [(char)(c - '\uff01' + '!')]);
            return;
        }

        var lower = char.ToLowerInvariant(c);
        if (Table.TryGetValue(lower, out var plain))
        {
            _ = target.Append(plain);
        }
        else if (char.IsWhiteSpace(c) || char.IsControl(c) || c == '\u200c')
        {
            _ = target.Append(' ');
        }
        else if (char.IsDigit(c))
        {
            _ = target.Append((char)('0' + (int)char.GetNumericValue(c)));
        }
        else if (!IsDropped(c))
        {
            _ = target.Append(lower);
        }
    }

    private static bool IsDropped(char c) =>
        c is '\u0621' or '\u0640' // Arabic hamza on its own, which names are written with and without; tatweel, which only stretches a word
            or (>= '\u02b9' and <= '\u02bf') or '\u02c8' or '\u0374' // the apostrophes of transliteration: ʿayn, hamza, soft sign
            or (>= '\u0300' and <= '\u036f') or (>= '\u0483' and <= '\u0489') // combining marks of Latin, Greek and Cyrillic
            or (>= '\u0610' and <= '\u061a') or (>= '\u064b' and <= '\u065f') or '\u0670' // vowel signs and marks of Arabic
            or (>= '\u06d6' and <= '\u06ed' and not ('\u06e5' or '\u06e6')) or (>= '\u08d3' and <= '\u08ff')
            or (>= '\u1ab0' and <= '\u1aff') or (>= '\u1dc0' and <= '\u1dff') or (>= '\u20d0' and <= '\u20ff')
            or (>= '\ufe00' and <= '\ufe0f') or (>= '\ufe20' and <= '\ufe2f') or (>= '\ufe70' and <= '\ufe80')
        || char.GetUnicodeCategory(c) == UnicodeCategory.Format;

    private static FrozenDictionary<char, string> Build()
    {
        var table = new Dictionary<char, string>();
        foreach (var row in Rows)
        {
            foreach (var c in row.AsSpan(1))
            {
                table.Add(c, row[..1]);
            }
        }

        ReadOnlySpan<(string Letters, string Plain)> several =
        [
            ("æǣǽ", "ae"), ("œ", "oe"), ("ß", "ss"), ("þ", "th"), ("ð", "d"), ("ŋ", "ng"), ("ĳ", "ij"), ("ŉ", "n"), ("ĸ", "k"),
            ("ﬀ", "ff"), ("ﬁ", "fi"), ("ﬂ", "fl"), ("ﬃ", "ffi"), ("ﬄ", "ffl"), ("ﬅﬆ", "st"), ("№", "no"),
            ("ﻵﻶﻷﻸﻹﻺﻻﻼ", "لا"), ("ﷲ", "الله"),
            ("‘’‚‛′´", "'"), ("“”„‟″«»", "\""), ("‐‑‒–—―−", "-"),
        ];
        foreach (var (letters, plain) in several)
        {
            foreach (var c in letters)
            {
                table.Add(c, plain);
            }
        }

        return table.ToFrozenDictionary();
    }
}
