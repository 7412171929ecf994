using System.Text.RegularExpressions;
using CsCheck;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Tests.Domain;

public sealed class ActorIdentifierTests
{
    [Theory]
    [InlineData("iso2:TJ", "iso2", "TJ")]
    [InlineData("iso3:TJK", "iso3", "TJK")]
    [InlineData("isonum:004", "isonum", "004")]
    [InlineData("m49:762", "m49", "762")]
    [InlineData("m49:143", "m49", "143")]
    [InlineData("cow:702", "cow", "702")]
    [InlineData("cow:2", "cow", "2")]
    [InlineData("gw:700", "gw", "700")]
    [InlineData("fips:TI", "fips", "TI")]
    [InlineData("wikidata:Q863", "wikidata", "Q863")]
    [InlineData("ucdp-actor:303", "ucdp-actor", "303")]
    [InlineData("cameo-actor:AFGREBTAL", "cameo-actor", "AFGREBTAL")]
    [InlineData("lei:506700GE1G29325QX363", "lei", "506700GE1G29325QX363")]
    [InlineData("other:un-sc:TAi.001", "other", "un-sc:TAi.001")] // the first colon divides
    public void Identifier_is_a_scheme_and_a_value(string text, string scheme, string value)
    {
        Assert.True(ActorIdentifier.TryParse(text, out var id, out var error), error?.Message);

        Assert.Equal((scheme, value), (id.Scheme, id.Value));
        Assert.Equal(text, id.ToString());
        Assert.True(ActorIdentifier.TryCreate(scheme, value, out var same, out _));
        Assert.Equal(id, same);
        Assert.True(ActorIdentifier.LooksLikeIdentifier(text));
        Assert.Null(error);
    }

    [Theory]
    [InlineData(null, "a scheme, a colon and a value")]
    [InlineData("", "a scheme, a colon and a value")]
    [InlineData("tajikistan", "a scheme, a colon and a value")]
    [InlineData(":TJK", "The scheme is empty")]
    [InlineData("iso3:", "The value is empty")]
    [InlineData("iso:TJK", "did you mean iso2?")]
    [InlineData("ISO3:TJK", "did you mean iso3?")]
    [InlineData("wikdata:Q863", "did you mean wikidata?")]
    [InlineData("something-else:1", "use one of iso2, iso3, isonum, m49, cow, gw, fips, wikidata, ucdp-actor, cameo-actor, lei, other.")]
    [InlineData("iso3:tjk", "did you mean iso3:TJK?")]
    [InlineData("iso3: TJK", "did you mean iso3:TJK?")]
    [InlineData("iso3:TJ", "three capital letters")]
    [InlineData("iso2:TJK", "two capital letters")]
    [InlineData("m49:4", "did you mean m49:004?")]
    [InlineData("isonum:04", "did you mean isonum:004?")]
    [InlineData("isonum:AFG", "three digits")]
    [InlineData("cow:0702", "did you mean cow:702?")]
    [InlineData("cow:0", "one to three digits")]
    [InlineData("cow:7020", "one to three digits")]
    [InlineData("wikidata:q863", "did you mean wikidata:Q863?")]
    [InlineData("wikidata:863", "Q and a number")]
    [InlineData("wikidata:Q0", "Q and a number")]
    [InlineData("wikidata:Q863\n", "did you mean wikidata:Q863?")]
    [InlineData("wikidata:Q٨٦٣", "Q and a number")]
    [InlineData("ucdp-actor:-1", "UCDP Actor Dataset")]
    [InlineData("cameo-actor:TJ", "three or more capital letters")]
    [InlineData("lei:506700GE1G29325QX36X", "two check digits")]
    [InlineData("other:a b", "visible ASCII characters")]
    public void Refusal_says_what_is_wrong_and_what_was_probably_meant(string? text, string because)
    {
        Assert.False(ActorIdentifier.TryParse(text, out var id, out var error));

        Assert.Equal(default, id);
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_has_at_most_64_characters()
    {
        Assert.True(ActorIdentifier.TryCreate("other", new string('a', 64), out _, out _));
        Assert.False(ActorIdentifier.TryCreate("other", new string('a', 65), out _, out var error));
        Assert.Contains("at most 64 characters; this one has 65", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tajikistan", false)]
    [InlineData("iso3:TJK", true)]
    [InlineData("nonsense:", true)]
    [InlineData(null, false)]
    public void Colon_tells_an_identifier_from_an_id(string? text, bool looksLikeOne) =>
        Assert.Equal(looksLikeOne, ActorIdentifier.LooksLikeIdentifier(text));

    [Fact]
    public void Default_is_empty_and_equals_no_identifier()
    {
        Assert.Equal("", default(ActorIdentifier).ToString());
        Assert.Equal(("", ""), (default(ActorIdentifier).Scheme, default(ActorIdentifier).Value));
        Assert.False(ActorIdentifier.TryParse(default(ActorIdentifier).ToString(), out _, out _));
    }

    [Fact]
    public void Identifier_comes_apart_into_scheme_and_value()
    {
        _ = ActorIdentifier.TryParse("cow:702", out var id, out _);
        var (scheme, value) = id;
        Assert.Equal(("cow", "702"), (scheme, value));
    }

    [Fact]
    public void Schemes_are_a_code_list()
    {
        Assert.Equal(
            ["iso2", "iso3", "isonum", "m49", "cow", "gw", "fips", "wikidata", "ucdp-actor", "cameo-actor", "lei", "other"],
            ActorIdentifier.Schemes.Select(scheme => scheme.Code));
        Assert.All(ActorIdentifier.Schemes, scheme =>
        {
            Assert.True(RecordId.IsValid(scheme.Code));
            Assert.Matches(@"^\^.+\$$", scheme.Pattern);
            Assert.EndsWith(".", scheme.Description, StringComparison.Ordinal);
            Assert.True(scheme.SourceUrl is null || Uri.IsWellFormedUriString(scheme.SourceUrl, UriKind.Absolute));
        });
    }

    [Fact]
    public void Value_is_accepted_when_the_published_pattern_matches() =>
        Gen.Select(Gen.OneOf(ActorIdentifier.Schemes.ToArray()), Gen.OneOf(Texts.Strange, Gen.Char["0123456789QATJKZ"].Array[1, 24]
            .Select(chars => new string(chars)))).Sample(
            (scheme, value) =>
            {
                var matches = value.Length <= 64 && !value.EndsWith('\n') && Regex.IsMatch(value, scheme.Pattern, RegexOptions.None);
                Assert.Equal(matches, ActorIdentifier.TryCreate(scheme.Code, value, out var id, out _));
                if (matches)
                {
                    Assert.True(ActorIdentifier.TryParse(id.ToString(), out var same, out _));
                    Assert.Equal(id, same);
                }
            },
            iter: Texts.Many);

    [Fact]
    public void Any_text_is_either_accepted_as_it_is_or_refused_with_a_sentence_that_can_be_shown() =>
        Gen.OneOf(
            Texts.Strange,
            Gen.Select(Gen.OneOf(ActorIdentifier.Schemes.ToArray()), Texts.Strange, (scheme, value) => $"{scheme.Code}:{value}")).Sample(
            text =>
            {
                if (ActorIdentifier.TryParse(text, out var id, out var error))
                {
                    Assert.Equal(text, id.ToString());
                }
                else
                {
                    Assert.True(Texts.IsStorable(error.Message));
                    Assert.DoesNotContain(error.Message, char.IsControl);
                }
            },
            iter: Texts.Many);
}
