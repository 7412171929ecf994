using System.Net;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>The start page without a browser.</summary>
public sealed class StartPageTests(PackedApiFixture api) : IClassFixture<PackedApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, false)]
    [InlineData("*/*", false)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", false)]
    [InlineData("text/html, application/json;q=0.9", false)]
    [InlineData("application/json", true)]
    [InlineData("application/json, text/plain, */*", true)]
    [InlineData("application/json, text/html;q=0.5", true)]
    public async Task The_root_is_a_page_for_people_and_the_index_for_programs(string? accept, bool isProgram)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        using var response = await api.Reader.SendAsync(request, Cancellation);

        Assert.Contains("Accept", response.Headers.Vary);
        Assert.Equal(isProgram ? (HttpStatusCode.Found, "/v1") : (HttpStatusCode.OK, null),
            (response.StatusCode, response.Headers.Location?.ToString()));
        Assert.Equal(isProgram ? null : "text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task The_page_has_the_newest_position_and_links_that_resolve()
    {
        using var response = await api.Reader.GetAsync("/", Cancellation);
        var html = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.Contains($"<code>{response.Headers.GetValues("Position").Single()}</code>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        var links = html.Split("href=\"").Skip(1).Select(l => WebUtility.HtmlDecode(l.Split('"')[0])).Distinct().ToList();
        foreach (var door in (string[])
            ["/docs", "/docs/guide", "/docs/guide/front-end", "/docs/guide/journalists", "/docs/guide/services", "/openapi/v1.json",
                "/problems", "/v1", "/v1/actors", "/v1/trade.csv"])
        {
            Assert.Contains(door, links);
        }

        foreach (var link in links)
        {
            using var target = await api.Reader.GetAsync(link, Cancellation);
            Assert.True(target.StatusCode is HttpStatusCode.OK or HttpStatusCode.MovedPermanently, $"{link}: {target.StatusCode}");
        }
    }

    [Theory]
    [InlineData("", 200, "<form")]
    [InlineData("?q=", 200, "<form")]
    [InlineData("?q=qqqqqqqq", 200, "No records for")]
    [InlineData("?q=--", 400, "role=\"alert\"")]
    [InlineData("?q=%3Cscript%3Erahmon", 200, "value=\"&lt;script&gt;rahmon\"")]
    public async Task A_search_always_ends_with_a_page(string query, int status, string text)
    {
        using var response = await api.Reader.GetAsync($"/search{query}", Cancellation);
        var html = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal((status, "text/html"), ((int)response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains(text, html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }
}
