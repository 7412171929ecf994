using System.Text.RegularExpressions;
using CsCheck;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Tests.Domain;

public sealed class RecordIdTests
{
    [Theory]
    [InlineData("taliban", true)]
    [InlineData("tajikistan-taliban-2024-08", true)]
    [InlineData("9-11", true)]
    [InlineData("a", true)]
    [InlineData("a-", true)]
    [InlineData("a--b", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("Taliban", false)]
    [InlineData("a b", false)]
    [InlineData("a_b", false)]
    [InlineData("iso3:TJK", false)]
    [InlineData("a/b", false)]
    [InlineData("é", false)]
    [InlineData("a\n", false)]
    [InlineData("١", false)]
    public void Id_is_a_slug(string? text, bool valid) => Assert.Equal(valid, RecordId.IsValid(text));

    [Fact]
    public void Id_has_at_most_128_characters()
    {
        Assert.True(RecordId.IsValid(new string('a', RecordId.MaxLength)));
        Assert.False(RecordId.IsValid(new string('a', RecordId.MaxLength + 1)));
    }

    [Fact]
    public void Pattern_says_the_same_as_the_check() =>
        Gen.OneOf(Texts.Strange, Gen.Char["abz019-_A \n"].Array[0, 140].Select(chars => new string(chars))).Sample(
            text =>
            {
                // In .NET '$' also matches before a line feed at the end.
                var matches = Regex.IsMatch(text, RecordId.Pattern) && !text.EndsWith('\n');
                Assert.Equal(matches, RecordId.IsValid(text));
            },
            iter: Texts.Many);

    [Theory]
    [InlineData("Taliban", "taliban")]
    [InlineData("Islamic Emirate of Afghanistan", "islamic-emirate-of-afghanistan")]
    [InlineData("  A —  B … C!  ", "a-b-c")]
    [InlineData("Badakhshān", "badakhshan")]
    [InlineData("Badakhsha\u0304n", "badakhshan")]
    [InlineData("Jamāʿat Anṣārullāh", "jamaat-ansarullah")]
    [InlineData("Qurʼān", "quran")]
    [InlineData("Tajikistan's border", "tajikistans-border")]
    [InlineData("Tajikistan’s border", "tajikistans-border")]
    [InlineData("Groß", "gross")]
    [InlineData("GROẞ", "gross")]
    [InlineData("Ærø", "aero")]
    [InlineData("Łódź", "lodz")]
    [InlineData("Đorđe", "dorde")]
    [InlineData("İstanbul ılık", "istanbul-ilik")]
    [InlineData("ﬁle", "file")]
    [InlineData("ＴＪＫ７６２", "tjk762")]
    [InlineData("۱۴۰۰", "1400")]
    [InlineData("a_b.c/d:e", "a-b-c-d-e")]
    [InlineData("--a--", "a")]
    [InlineData("C++", "c")]
    [InlineData("\0a\u200db", "ab")]
    public void Slug_is_plain_Latin(string text, string slug) => Assert.Equal(slug, RecordId.Slug(text));

    [Fact]
    public void Lone_surrogate_in_a_slug_is_a_hyphen() => Assert.Equal("a-b", RecordId.Slug("a\ud800b"));

    [Fact]
    public void Slug_joins_parts_and_leaves_out_those_that_are_nothing()
    {
        Assert.Equal("tajikistan-afghanistan-2024-s1", RecordId.Slug("tajikistan", null, "afghanistan", "", "2024-S1", " "));
        Assert.Equal("a-b", RecordId.Slug("a", "b"));
    }

    // The hashes are written out: ids are made from natural keys again and again, and must come out the same in each version.
    [Theory]
    [InlineData("Талибан", "record-e5f09be48389")]
    [InlineData("ТАЛИБАН", "record-e5f09be48389")]
    [InlineData("Тоҷикистон", "record-d2cc866ebb7f")]
    [InlineData("طالبان", "record-9fe326837816")]
    [InlineData("!!!", "record-2795351dd607")]
    [InlineData("", "record-e3b0c44298fc")]
    [InlineData("Талибан 2021", "2021-0aa74f4ac9f6")]
    [InlineData("Таджикистан 2021", "2021-6ec187d9255a")]
    public void Slug_tells_texts_apart_that_have_letters_without_a_Latin_counterpart(string text, string slug) =>
        Assert.Equal(slug, RecordId.Slug(text));

    [Fact]
    public void Slug_tells_letters_beyond_the_basic_plane_apart_too_and_pictures_not()
    {
        Assert.NotEqual(RecordId.Slug("a \ud801\udc00"), RecordId.Slug("a \ud801\udc01")); // Deseret
        Assert.Equal("a", RecordId.Slug("a \ud83d\ude00"));
    }

    [Fact]
    public void Slug_of_nothing_is_an_id_too() => Assert.True(RecordId.IsValid(RecordId.Slug()));

    [Fact]
    public void Slug_that_is_too_long_is_cut_and_still_told_apart()
    {
        var words = string.Join(' ', Enumerable.Repeat("tajikistan", 12));
        var (one, other) = (RecordId.Slug(words, "one"), RecordId.Slug(words, "other"));

        Assert.NotEqual(one, other);
        Assert.StartsWith("tajikistan-tajikistan-", one, StringComparison.Ordinal);
        Assert.InRange(one.Length, 120, RecordId.MaxLength);
        Assert.Equal(one, RecordId.Slug(words.ToUpperInvariant(), "«One»"));
        Assert.Equal(new string('a', 128), RecordId.Slug(new string('a', 128)));
        Assert.Equal(128, RecordId.Slug(new string('a', 129)).Length);
        Assert.NotEqual(RecordId.Slug(new string('a', 129)), RecordId.Slug(new string('a', 130)));
    }

    [Fact]
    public void Slug_of_anything_is_an_id_and_gives_itself() =>
        Texts.Strange.Array[0, 4].Sample(
            parts =>
            {
                var slug = RecordId.Slug(parts);
                Assert.True(RecordId.IsValid(slug), slug);
                Assert.Equal(slug, RecordId.Slug(slug));
                Assert.DoesNotContain("--", slug, StringComparison.Ordinal);
            },
            iter: Texts.Many);
}
