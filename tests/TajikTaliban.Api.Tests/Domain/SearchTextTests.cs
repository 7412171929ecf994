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
    [InlineData("“Tajik’s” — 1–2", "\"tajik's\" - 1-2")]
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
    [InlineData("Ғарм, Қӯрғонтеппа, Ҳисор", "гарм, кургонтеппа, хисор")]
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
    [InlineData("كندوز، ګردېز", "کندوز، گردیز")]
    [InlineData("می\u200cخواهد", "می خواهد")] // zero-width non-joiner, or a space
    [InlineData("٢٠٢١ ۲۰۲۱", "2021 2021")]
    [InlineData("ﻻ", "لا")]
    public void Arabic_script_is_found_from_any_keyboard(string text, string folded) => Assert.Equal(folded, SearchText.Normalize(text));

    [Fact]
    public void Parts_are_joined_without_the_empty_ones()
    {
        Assert.Equal("taliban طالبان", SearchText.Normalize("Taliban", null, "", " ", "طالبان"));
        Assert.Equal("", SearchText.Normalize());
        Assert.Equal("", SearchText.Normalize((string?)null));
        Assert.Equal("a b", SearchText.Normalize(new List<string?> { "A", "B" }));
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

    // Facts rather than rows: an attribute keeps its texts as UTF-8, which cannot hold these.
    [Fact]
    public void Lone_surrogates_are_a_space()
    {
        Assert.Equal("a b", SearchText.Normalize("a\ud800b\udc00"));
        Assert.Equal("a b", SearchText.Normalize("a\udc00\ud800b"));
    }

    [Fact]
    public void Normalizing_again_changes_nothing() =>
        Texts.Strange.Array[0, 4].Sample(
            parts =>
            {
                var folded = SearchText.Normalize(parts);
                Assert.Equal(folded, SearchText.Normalize(folded));
            },
            iter: Texts.Many);

    [Fact]
    public void Normalized_text_can_be_stored_and_has_single_spaces() =>
        Texts.Strange.Sample(
            text =>
            {
                var folded = SearchText.Normalize(text);
                Assert.True(Texts.IsStorable(folded));
                Assert.Equal(folded.Trim(), folded);
                Assert.DoesNotContain("  ", folded, StringComparison.Ordinal);
                Assert.DoesNotContain(folded, char.IsControl);
            },
            iter: Texts.Many);

    [Fact]
    public void Parts_are_found_in_the_whole() =>
        Gen.Select(Texts.Strange, Texts.Strange).Sample((a, b) =>
        {
            var whole = SearchText.Normalize(a, b);
            Assert.StartsWith(SearchText.Normalize(a), whole, StringComparison.Ordinal);
            Assert.EndsWith(SearchText.Normalize(b), whole, StringComparison.Ordinal);
        });
}
