using System.Text.RegularExpressions;
using TajikTaliban.Api.Domain;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Tests.Domain.CodeLists;

public sealed class TradeCodeTests
{
    public static TheoryData<string> Classifications => [.. Lists.CommodityClassifications.Values];

    [Theory]
    [InlineData("HS", "TOTAL")]
    [InlineData("HS", "27")]
    [InlineData("H0", "0101")]
    [InlineData("H6", "271600")]
    [InlineData("H5", "99")]
    [InlineData("S1", "0")]
    [InlineData("S3", "35")]
    [InlineData("S4", "35100")]
    [InlineData("BEC", "TOTAL")]
    [InlineData("BEC", "1")]
    [InlineData("BEC", "112")]
    [InlineData("B5", "111010")]
    [InlineData("SS", "931")]
    [InlineData("HS", "9999AA")]
    [InlineData("H6", "76")]
    [InlineData("H6", "78")]
    [InlineData("EB02", "200")]
    [InlineData("EB02", "TOTAL")]
    [InlineData("EB10", "S")]
    [InlineData("EB10", "3.1.1")]
    [InlineData("EB10S", "SC11")]
    [InlineData("EB", "205")]
    [InlineData("EB", "SD")]
    public void A_code_of_the_classification_is_accepted(string classification, string code)
    {
        Assert.True(CommodityCode.TryValidate(classification, code, out var error));
        Assert.Null(error);
    }

    [Theory]
    [InlineData("HS", "")]
    [InlineData("HS", "total")]
    [InlineData("HS", "1")]
    [InlineData("HS", "101")]
    [InlineData("HS", "01012")]
    [InlineData("HS", "01012100")]
    [InlineData("HS", "0001")]
    [InlineData("HS", "01.01")]
    [InlineData("HS", "AG2")]
    [InlineData("HS", "٢٧")]
    [InlineData("H7", "27")]
    [InlineData("hs", "27")]
    [InlineData("S2", "123456")]
    [InlineData("S2", "3A")]
    [InlineData("B4", "1234")]
    [InlineData("BEC", "1234567")]
    [InlineData("HS", "77")]
    [InlineData("H5", "7701")]
    [InlineData("HS", "9999BB")]
    [InlineData("HS", "27\n")]
    [InlineData("EB02", "27")]
    [InlineData("EB02", "2716")]
    [InlineData("EB10", "271600")]
    [InlineData("EB10", "3.")]
    [InlineData("EB10", "27.10")]
    [InlineData("EB10S", "XC")]
    [InlineData("BEC", "")]
    [InlineData("", "TOTAL")]
    public void Another_code_is_refused_with_a_reason(string classification, string code)
    {
        Assert.False(CommodityCode.TryValidate(classification, code, out var error));
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_refused_too()
    {
        Assert.False(CommodityCode.TryValidate(null, "TOTAL", out _));
        Assert.False(CommodityCode.TryValidate("HS", null, out _));
    }

    [Theory]
    [MemberData(nameof(Classifications))]
    public void The_served_pattern_agrees_with_the_check(string classification)
    {
        var pattern = new Regex(Lists.CommodityClassifications.FindOrNull(classification)!.Mappings["pattern"]);
        string[] samples =
        [
            "TOTAL", "total", "", "0", "00", "01", "1", "9", "27", "99", "010", "101", "0001", "0101", "2716", "27160", "271600", "999999",
            "123456", "1234567", "AG2", "3A", "27 ", " 27", "77", "7701", "9999AA", "205", "S", "SC", "3.1", "S1",
            "27.10", "12.1", "13.1", "3.10",
        ];

        Assert.All(samples, code => Assert.Equal(pattern.IsMatch(code), CommodityCode.TryValidate(classification, code, out _)));
    }

    [Theory]
    [InlineData("USD", true, true)]
    [InlineData("TJS", true, true)]
    [InlineData("AFN", true, true)]
    [InlineData("EUR", true, true)]
    [InlineData("PKR", true, true)]
    [InlineData("TJR", true, false)]
    [InlineData("AFA", true, false)]
    [InlineData("usd", false, false)]
    [InlineData("XXX", false, false)]
    [InlineData("XTS", false, false)]
    [InlineData("ABC", false, false)]
    [InlineData("", false, false)]
    [InlineData(null, false, false)]
    public void A_currency_is_known_and_active(string? code, bool known, bool active)
    {
        Assert.Equal(known, Lists.Currencies.Contains(code));
        Assert.Equal(active, known && Lists.Currencies.FindOrNull(code)!.MappingOrNull("withdrawn") is null);
    }

    [Fact]
    public void Currency_codes_have_three_letters_and_a_number()
    {
        Assert.All(Lists.Currencies.Codes, currency =>
        {
            Assert.Matches("^[A-Z]{3}$", currency.Value);
            Assert.Matches("^[0-9]{3}$", currency.Mappings["numeric"]);
        });
    }
}
