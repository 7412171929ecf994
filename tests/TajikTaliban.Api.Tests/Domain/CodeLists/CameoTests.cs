using System.Globalization;
using TajikTaliban.Api.Domain;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Tests.Domain.CodeLists;

public sealed class CameoTests
{
    [Fact]
    public void The_list_has_twenty_roots_and_293_codes_below_them()
    {
        var roots = Lists.Cameo.Codes.Where(code => code.Parent is null).Select(code => code.Value);

        Assert.Equal(Enumerable.Range(1, 20).Select(root => root.ToString("00", CultureInfo.InvariantCulture)), roots);
        Assert.Equal(313, Lists.Cameo.Codes.Count);
        Assert.Equal(Lists.Cameo.Values.Order(StringComparer.Ordinal), Lists.Cameo.Values);
    }

    [Fact]
    public void A_code_is_its_parent_and_one_digit()
    {
        Assert.All(Lists.Cameo.Codes, code =>
        {
            Assert.Matches("^[0-9]{2,4}$", code.Value);
            Assert.Equal(code.Value.Length == 2 ? null : code.Value[..^1], code.Parent);
        });
    }

    [Fact]
    public void Every_code_has_an_event_type_but_public_statements()
    {
        Assert.All(Lists.Cameo.Codes, code =>
        {
            var plover = code.MappingOrNull("plover");
            if (code.Value.StartsWith("01", StringComparison.Ordinal)) Assert.Null(plover);
            else Assert.True(Lists.EventTypes.Contains(plover), code.Value);
        });
    }

    [Fact]
    public void Quad_class_is_that_of_the_event_type()
    {
        Assert.All(Lists.Cameo.Codes, code => Assert.Equal(
            Lists.EventTypes.FindOrNull(code.MappingOrNull("plover"))?.Mappings["quadClass"] ?? "1",
            code.Mappings["quadClass"]));
    }

    [Fact]
    public void The_quad_class_of_GDELT_follows_the_root()
    {
        Assert.All(Lists.Cameo.Codes, code => Assert.Equal(
            int.Parse(code.Value[..2], CultureInfo.InvariantCulture) switch { <= 5 => "1", <= 9 => "2", <= 14 => "3", _ => "4" },
            code.Mappings["gdeltQuadClass"]));
    }

    [Fact]
    public void Goldstein_is_a_decimal_with_one_place_from_minus_ten_to_ten()
    {
        Assert.All(Lists.Cameo.Codes, code =>
        {
            Assert.Matches(@"^-?(10|[0-9])\.[0-9]$", code.Mappings["goldstein"]);
            Assert.InRange(Goldstein.ScoreOrNull(code.Value)!.Value, -10m, 10m);
            if (code.Mappings["goldsteinFrom"] == "parent")
                Assert.Equal(Goldstein.ScoreOrNull(code.Parent), Goldstein.ScoreOrNull(code.Value));
        });
        Assert.Equal(["gdelt", "parent", "table"], Lists.Cameo.Codes.Select(code => code.Mappings["goldsteinFrom"]).Distinct().Order());
    }

    /// <summary>Spot checks, those among them where tables or quad classes differ (016, 022, 08x, 09x, 163, 191, 1712).</summary>
    [Theory]
    [InlineData("010", null, "1", "0.0")]
    [InlineData("016", null, "1", "-2.0")]
    [InlineData("022", "REQUEST", "3", "3.2")]
    [InlineData("042", "CONSULT", "1", "1.9")]
    [InlineData("054", "SUPPORT", "1", "6.0")]
    [InlineData("057", "SUPPORT", "1", "8.0")]
    [InlineData("0331", "AGREE", "1", "5.2")]
    [InlineData("075", "AID", "2", "7.0")]
    [InlineData("080", "CONCEDE", "1", "5.0")]
    [InlineData("0813", "RETREAT", "2", "5.0")]
    [InlineData("0874", "RETREAT", "2", "10.0")]
    [InlineData("090", "ACCUSE", "3", "-2.0")]
    [InlineData("1053", "REQUEST", "3", "-5.0")]
    [InlineData("1213", "REJECT", "3", "-4.0")]
    [InlineData("145", "PROTEST", "4", "-7.5")]
    [InlineData("163", "COERCE", "4", "-8.0")]
    [InlineData("1712", "ASSAULT", "4", "-9.2")]
    [InlineData("175", "ASSAULT", "4", "-9.0")]
    [InlineData("191", "COERCE", "4", "-9.5")]
    [InlineData("2042", "ASSAULT", "4", "-10.0")]
    public void A_code_has_the_mappings_of_the_published_tables(string cameo, string? plover, string quadClass, string goldstein)
    {
        var code = Lists.Cameo.FindOrNull(cameo)!;

        Assert.Equal(plover, code.MappingOrNull("plover"));
        Assert.Equal(quadClass, code.Mappings["quadClass"]);
        Assert.Equal(goldstein, code.Mappings["goldstein"]);
        Assert.Equal(decimal.Parse(goldstein, CultureInfo.InvariantCulture), Goldstein.ScoreOrNull(cameo));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("42")]
    [InlineData("021 ")]
    [InlineData("0999")]
    [InlineData("CONSULT")]
    public void Goldstein_of_an_unknown_code_is_null(string? cameo) => Assert.Null(Goldstein.ScoreOrNull(cameo));
}
