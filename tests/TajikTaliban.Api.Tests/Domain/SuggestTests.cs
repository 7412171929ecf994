using CsCheck;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Tests.Domain;

public sealed class SuggestTests
{
    private static readonly string[] Parameters =
    [
        "actor", "type", "from", "to", "validAt", "limit", "cursor", "sort", "fields", "expand", "updatedAfter",
        "value.gte", "value.lte", "q",
    ];

    [Theory]
    [InlineData("acter", "actor")]
    [InlineData("actors", "actor")]
    [InlineData("atcor", "actor")] // two neighbours swapped count once
    [InlineData("ACTOR", "actor")]
    [InlineData("valid_at", "validAt")]
    [InlineData("valid-at", "validAt")]
    [InlineData("validat", "validAt")]
    [InlineData("value_gte", "value.gte")]
    [InlineData("value.get", "value.gte")]
    [InlineData("updateAfter", "updatedAfter")]
    [InlineData("updated_affter", "updatedAfter")]
    [InlineData("limits", "limit")]
    [InlineData("curser", "cursor")]
    [InlineData("form", "from")]
    public void Slip_finds_the_name_that_was_meant(string given, string nearest) =>
        Assert.Equal(nearest, Suggest.Nearest(given, Parameters));

    [Theory]
    [InlineData("population")]
    [InlineData("xyz")]
    [InlineData("z")] // one letter is not near "q" because both are short
    [InlineData("")]
    [InlineData("-")]
    [InlineData("actorandmanyothers")]
    public void Nothing_near_gives_nothing(string given) => Assert.Null(Suggest.Nearest(given, Parameters));

    [Fact]
    public void Of_equally_near_names_the_first_wins()
    {
        Assert.Equal("cat", Suggest.Nearest("bat", ["cat", "rat"]));
        Assert.Equal("rat", Suggest.Nearest("bat", ["rat", "cat"]));
    }

    [Fact]
    public void Swapped_neighbours_are_nearer_than_two_changed_characters() =>
        Assert.Equal("from", Suggest.Nearest("form", ["foal", "from"]));

    [Fact]
    public void Nothing_known_gives_nothing() => Assert.Null(Suggest.Nearest("actor", []));

    [Fact]
    public void Known_name_finds_itself() =>
        Gen.OneOf(Parameters).Sample(name => Assert.Equal(name, Suggest.Nearest(name, Parameters)));

    [Fact]
    public void One_slip_in_a_name_is_always_near() =>
        Gen.Select(Gen.Char['a', 'z'].Array[3, 30], Gen.Int[0, 29], Gen.Char['a', 'z'], Gen.Int[0, 3]).Sample((letters, at, letter, slip) =>
        {
            var name = new string(letters);
            at %= name.Length;
            var given = slip switch
            {
                0 => name.Remove(at, 1),
                1 => name.Insert(at, $"{letter}"),
                2 => name.Remove(at, 1).Insert(at, $"{letter}"),
                _ => at == 0 ? name : name.Remove(at, 1).Insert(at - 1, $"{name[at]}"),
            };

            Assert.Equal(name, Suggest.Nearest(given, [name]));
        });

    [Fact]
    public void Any_text_gives_a_known_name_or_nothing() =>
        Texts.Strange.Sample(
            given => Assert.True(Suggest.Nearest(given, Parameters) is not { } name || Parameters.Contains(name)),
            iter: Texts.Many);
}
