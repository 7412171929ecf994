using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Tests.Domain;

public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("tajikistan - taliban", "tajikistan,tajikistantaliban taliban,tajikistantaliban")]
    [InlineData("— Taliban", "taliban")]
    [InlineData("\"islamic\" OR -emirate:*", "islamic,islamicor,islamicoremirate emirate,oremirate,islamicoremirate")]
    [InlineData("the Taliban", "taliban,thetaliban")]
    [InlineData("Taliban's", "taliban,talibans")]
    [InlineData("of the", "of,ofthe the,ofthe")]
    [InlineData("as-Sahab", "sahab,assahab")]
    [InlineData("U.S.A.", "u,us,usa s,us,sa,usa a,sa,usa")] // a run of letters is a name, though `s` and `a` are stop words
    [InlineData("塔吉克", "塔吉 吉克")]
    [InlineData("塔", "塔")]
    [InlineData("塔吉 border", "塔吉 border")]
    [InlineData("a a a", "a,aa,aaa")]
    public void A_record_has_to_have_each_word_in_one_of_its_forms(string q, string forms) =>
        Assert.Equal(forms, string.Join(' ', SearchWords.ReadOrNull(q)!.Words.Select(w => string.Join(',', w.Others.Prepend(w.Word)))));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("—")]
    [InlineData("-\"'|&!()<>*:\\")]
    [InlineData("\u0301")]
    [InlineData("🇹🇯")]
    public void A_text_without_a_letter_or_digit_has_no_words(string q) => Assert.Null(SearchWords.ReadOrNull(q));

    [Theory]
    [InlineData("tajikstan", "tajikistan", true)]
    [InlineData("tajikstna", "tajikistan", true)]
    [InlineData("dushambe", "dushanbe", true)]
    [InlineData("kabol", "kabul", true)]
    [InlineData("kabul", "kabul", false)] // the same word
    [InlineData("tajiki", "tajikistan", true)] // a beginning
    [InlineData("taj", "tajikistan", false)]
    [InlineData("kunduz", "kandahar", false)]
    [InlineData("2021", "2022", false)]
    public void Similar_spelling_is_a_difference_of_a_letter_or_a_beginning(string word, string other, bool similar) =>
        Assert.Equal(similar, SearchWords.HasSpelling(word) && SearchWords.IsSimilar(word, other));
}
