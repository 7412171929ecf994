using System.Net;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Features;

/// <summary>What the article says, as the service answers it.</summary>
public sealed class SeedTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    [Fact]
    public async Task Turnover_of_the_first_half_of_2024_is_about_46_million_dollars_cited_by_paragraph()
    {
        var answer = await api.Reader.GetJsonAsync("/v1/trade?reporter=tajikistan&partner=afghanistan");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var figure = Assert.Single(answer.Body!["items"]!.AsArray())!;
        Assert.Equal(46000000m, (decimal)figure["value"]!);
        Assert.Equal("2024-S1", (string)figure["period"]!);
        Assert.Equal("T", (string)figure["flow"]!);
        Assert.Equal("USD", (string)figure["currency"]!);
        Assert.True((bool)figure["approximate"]!);
        Assert.StartsWith("paragraph ", (string)figure["citations"]![0]!["locator"]!, StringComparison.Ordinal);
    }
}
