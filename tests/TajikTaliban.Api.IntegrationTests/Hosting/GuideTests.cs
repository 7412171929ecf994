using System.Net;
using System.Text.RegularExpressions;
using TajikTaliban.Api.IntegrationTests.Contract;
using TajikTaliban.Api.IntegrationTests.Platform;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>The guide as HTML: each file of <c>openapi/guide</c> is a page, and all links resolve.</summary>
public sealed partial class GuideTests(PackedApiFixture api) : IClassFixture<PackedApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Pages { get; } = new(
        Directory.GetFiles(Path.Combine(Repository.Root, "openapi", "guide"), "*.md").Select(file => (Address(file), file)));

    [Fact]
    public void The_guide_has_an_index_and_a_page_for_each_kind_of_user() =>
        Assert.Equal(
            ["/docs/guide", "/docs/guide/front-end", "/docs/guide/journalists", "/docs/guide/services"],
            Pages.Select(p => p.Data.Item1).Order());

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_HTML_with_the_heading_of_its_file(string path, string file)
    {
        var heading = (await File.ReadAllLinesAsync(file, Cancellation))[0]["# ".Length..];

        var response = await api.Reader.GetAsync(path, Cancellation);
        var html = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
        Assert.Contains($"<h1>{heading}</h1>", html, StringComparison.Ordinal);
        Assert.Single(H1().Matches(html));
        Assert.Contains("name=\"viewport\"", html, StringComparison.Ordinal);
        Assert.Contains("color-scheme:light dark", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_link_of_a_page_resolves(string path, string file)
    {
        var html = await api.Reader.GetStringAsync(path, Cancellation);
        var links = Links().Matches(html).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))
            .Where(l => !l.StartsWith("https://", StringComparison.Ordinal)).ToList();

        Assert.True(links.Count > 0, file);
        foreach (var link in links)
        {
            var parts = link.Split('#', 2);
            var target = parts[0].Length == 0 ? path : parts[0];
            Assert.StartsWith("/", target, StringComparison.Ordinal);
            var response = await api.Reader.GetAsync(target, Cancellation);
            Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.MovedPermanently, $"{link}: {response.StatusCode}");
            if (parts.Length == 2)
            {
                Assert.Contains($"id=\"{parts[1]}\"", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("/docs/guide/nothing")]
    [InlineData("/docs/guide/README")]
    [InlineData("/docs/guide/front-end.md")]
    public async Task An_unknown_page_is_a_problem(string path) =>
        HttpTests.AssertProblem(await api.Reader.GetJsonAsync(path), ProblemType.NotFound);

    private static string Address(string file) =>
        Path.GetFileNameWithoutExtension(file) is var name && name == "README" ? "/docs/guide" : $"/docs/guide/{name}";

    [GeneratedRegex("<h1>")]
    private static partial Regex H1();

    [GeneratedRegex("href=\"([^\"]*)\"")]
    private static partial Regex Links();
}
