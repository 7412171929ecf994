using CsCheck;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Tests.Domain;

public sealed class SearchTextTests
{
    [Theory]
    [InlineData("Taliban", "taliban")]
    [InlineData("  Islamic \t Emirate\r\n", "islamic emirate")]
    [InlineData("Badakhshān", "badakhshan")]
    [InlineData("Badakhsha\u0304n", "badakhshan")]
    [InlineData("Anṣārullāh", "ansarullah")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("Straße", "strasse")]
    [InlineData("ﬁnance", "finance")]
    [InlineData("Ａ４", "a4")]
    [InlineData("\u212a", "k")] // Kelvin sign
    [InlineData("Νίκος", "νικοσ")]
    [InlineData("soft\u00adhyphen", "softhyphen")]
    [InlineData("a\u00a0b\u3000c", "a b c")]
    [InlineData("a\0b", "a b")]
    [InlineData("\ud801\udc00x", "\ud801\udc28x")] // Deseret, beyond the basic plane
    [InlineData("“Tajik’s” — 1–2", "tajik s 1 2")]
    [InlineData("Jamaʿat", "jamaat")]
    public void Latin_and_signs_are_folded(string text, string folded) => Assert.Equal(folded, SearchText.Normalize(text));

    [Theory]
    [InlineData("Ёлка", "елка")]
    [InlineData("Е\u0308лка", "елка")] // ё as two characters
    [InlineData("Рахмон Эмомалӣ", "рахмон эмомали")]
    [InlineData("йод", "иод")]
    [InlineData("и\u0306од", "иод")] // й as two characters
    [InlineData("Тоҷикистон", "точикистон")]
    [InlineData("Кӯлоб", "кулоб")]
    [InlineData("Ғарм, Қӯрғонтеппа, Ҳисор", "гарм кургонтеппа хисор")]
    public void Tajik_is_found_from_a_Russian_keyboard(string text, string folded) => Assert.Equal(folded, SearchText.Normalize(text));

    [Theory]
    [InlineData("طالبان", "طالبان")]
    [InlineData("طَالِبَان", "طالبان")] // vowel signs
    [InlineData("طـالـبـان", "طالبان")] // tatweel
    [InlineData("ﻃﺎﻟﺒﺎﻥ", "طالبان")] // presentation forms, as from a PDF
    [InlineData("اسلامي", "اسلامی")] // Arabic ya, Persian ya
    [InlineData("كابل", "کابل")] // Arabic kaf, Persian kaf
    [InlineData("آسيا", "اسیا")]
    [InlineData("ا\u0653سيا", "اسیا")] // madda as a character of its own
    [InlineData("أحمد", "احمد")]
    [InlineData("إسلام", "اسلام")]
    [InlineData("مؤمن", "مومن")]
    [InlineData("رئيس", "رییس")]
    [InlineData("علاءالدین", "علاالدین")]
    [InlineData("مدرسة", "مدرسه")]
    [InlineData("ژبې", "ژبی")] // Pashto
    [InlineData("كندوز، ګردېز", "کندوز گردیز")]
    [InlineData("می\u200cخواهد", "می خواهد")] // zero-width non-joiner, or a space
    [InlineData("٢٠٢١ ۲۰۲۱", "2021 2021")]
    [InlineData("ﻻ", "لا")]
    public void Arabic_script_is_found_from_any_keyboard(string text, string folded) => Assert.Equal(folded, SearchText.Normalize(text));

    [Theory]
    [InlineData("Badakhshan/Gorno", "badakhshan gorno")]
    [InlineData("Kunduz.Takhar", "kunduz takhar")]
    [InlineData("Ma'sud ma’sud ma`sud ma‘sud", "ma sud ma sud ma sud ma sud")]
    [InlineData("Maʿsud Maʾsud Maʻsud", "masud masud masud")]
    [InlineData("al-Islam al‐Islam al‑Islam al–Islam al—Islam", "al islam al islam al islam al islam al islam")]
    [InlineData("a_b, c; d: e (f) [g] {h} #i @j &k *l +m", "a b c d e f g h i j k l m")]
    [InlineData("=n ~o ^p |q \\r \"s\" !t ?u %v $w €x <y> …z", "n o p q r s t u v w x y z")]
    [InlineData("塔吉克斯坦", "塔 吉 克 斯 坦")]
    [InlineData("कश्मीर", "कश्मीर")] // vowel signs belong to the word
    [InlineData(". — 🇹🇯 ' \u0301", "")]
    [InlineData("½ ² Ⅳ", "½ ² ⅳ")]
    public void Every_sign_separates_words(string text, string words) => Assert.Equal(words, SearchText.Normalize(text));

    [Fact]
    public void Names_come_before_other_texts_and_runs_of_words_are_one_word_too()
    {
        Assert.Equal("taliban طالبان\na movement", SearchText.Of(["Taliban", null, "", " ", "طالبان"], ["A movement"]));
        Assert.Equal("", SearchText.Of([], []));
        Assert.Equal("a", SearchText.Of(["A"], [null]));
        Assert.Equal("\nb", SearchText.Of([], ["B"]));
        Assert.Equal("u s a tehrik e taliban x y usa tehriketaliban", SearchText.Of(["U.S.A. Tehrik-e-Taliban x-y"], []));
        Assert.Equal("a b c d abc bcd abcd", SearchText.Of(["a-b-c-d"], []));
        Assert.Equal("می خواسته اند میخواستهاند", SearchText.Of(["می\u200cخواسته\u200cاند"], []));
    }

    [Fact]
    public void A_word_longer_than_an_index_entry_is_cut()
    {
        Assert.Equal(new string('a', SearchText.MaxWordLength), SearchText.Normalize(new string('a', 5000)));
        Assert.All(SearchText.Split(string.Concat(Enumerable.Repeat("😀𐐨a", 200))), w => Assert.True(w.Text.Length <= 65));
    }

    [Fact]
    public void Every_character_is_folded_once_and_for_all() =>
        Assert.All(Enumerable.Range(0, char.MaxValue + 1).Select(code => $"a{(char)code}b"), text =>
        {
            var folded = SearchText.Normalize(text);
            Assert.Equal(folded, SearchText.Normalize(folded));
        });

    [Fact]
    public void Case_does_not_count_for_any_letter_that_has_two() =>
        Assert.All(
            Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(char.IsLower),
            lower =>
            {
                var upper = char.ToUpperInvariant(lower);
                if (char.ToLowerInvariant(upper) == lower)
                {
                    Assert.Equal(SearchText.Normalize($"{lower}"), SearchText.Normalize($"{upper}"));
                }
            });

    // A fact rather than rows: an attribute keeps its texts as UTF-8, which cannot hold these.
    [Fact]
    public void Lone_surrogates_separate_words()
    {
        Assert.Equal("a b", SearchText.Normalize("a\ud800b\udc00"));
        Assert.Equal("a b", SearchText.Normalize("a\udc00\ud800b"));
    }

    [Fact]
    public void Normalizing_again_changes_nothing() =>
        Texts.Strange.Sample(
            text =>
            {
                var folded = SearchText.Normalize(text);
                Assert.Equal(folded, SearchText.Normalize(folded));
            },
            iter: Texts.Many);

    [Fact]
    public void Search_texts_can_be_stored_and_have_single_spaces() =>
        Texts.Strange.Array[0, 4].Sample(
            parts =>
            {
                var text = SearchText.Of(parts, parts);
                Assert.True(Texts.IsStorable(text));
                Assert.Equal(text.Trim(' '), text);
                Assert.DoesNotContain("  ", text, StringComparison.Ordinal);
                Assert.DoesNotContain(text.Replace("\n", "", StringComparison.Ordinal), char.IsControl);
            },
            iter: Texts.Many);
}
