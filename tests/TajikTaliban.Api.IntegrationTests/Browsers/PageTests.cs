using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.IntegrationTests.Browsers;

/// <summary>The pages for people: what they say, that they ask nothing of others, and that everybody can use them.</summary>
public sealed class PageTests(SeededApiFixture api, Chromium chromium) : IClassFixture<SeededApiFixture>, IClassFixture<Chromium>
{
    private const int Wide = 1280;
    private const int Narrow = 375;

    public static TheoryData<string> Pages { get; } =
        ["/", "/search?q=tajik", "/search?q=talibann", "/search?q=--", "/docs/guide", "/problems", "/problems/gone"];

    private string Service => api.Reader.BaseAddress!.GetLeftPart(UriPartial.Authority);

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_accessible_in_light_and_dark_wide_and_narrow(string path)
    {
        foreach (var (colours, width) in ((ColorScheme, int)[])
            [(ColorScheme.Light, Wide), (ColorScheme.Dark, Wide), (ColorScheme.Light, Narrow), (ColorScheme.Dark, Narrow)])
        {
            var page = await chromium.OpenAsync(Service + path, colours, width);
            await using var _ = page.Context;

            await AssertAccessibleAsync(page, $"{colours} {width}");
            Assert.False(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"),
                $"{path} is wider than {width} pixels");
        }
    }

    [Fact]
    public async Task The_page_of_each_problem_is_accessible()
    {
        var page = await chromium.OpenAsync(Service);
        await using var _ = page.Context;
        foreach (var type in ProblemType.All)
        {
            await page.GotoAsync(Service + type.Path);
            await AssertAccessibleAsync(page, type.Slug);
        }
    }

    /// <summary>In one mode each: the page is large, and axe takes its time.</summary>
    [Theory]
    [InlineData("/docs/index.html", ColorScheme.Light, Narrow)]
    [InlineData("/docs/index.html#/Health/getLiveness", ColorScheme.Dark, Wide)]
    public async Task The_reference_is_accessible_folded_and_unfolded(string path, ColorScheme colours, int width)
    {
        var page = await chromium.OpenAsync(Service + path, colours, width);
        await using var _ = page.Context;
        await ReadyAsync(page);

        await AssertAccessibleAsync(page, $"{colours} {width}");
        Assert.False(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"));
    }

    [Fact]
    public async Task The_reference_is_folded_and_has_a_filter()
    {
        var page = await chromium.OpenAsync($"{Service}/docs/index.html", width: Narrow);
        await using var _ = page.Context;
        await ReadyAsync(page);
        Assert.Equal(0, await page.Locator(".opblock").CountAsync());
        Assert.Equal(1, await page.Locator(".operation-filter-input").CountAsync());
    }

    /// <summary>What each operation has in the same words is behind a button; a call that was sent leaves its response open.</summary>
    [Fact]
    public async Task The_reference_folds_the_errors_of_an_operation()
    {
        var page = await chromium.OpenAsync($"{Service}/docs/index.html#/CodeLists/getCodeList");
        await using var _ = page.Context;
        await ReadyAsync(page);
        var shown = page.Locator(".responses-table tr.response:visible .response-col_status");
        var button = page.Locator(".btn.errors");
        await button.WaitForAsync();

        Assert.Equal(["200", "304"], (await shown.AllInnerTextsAsync()).Select(t => t.Trim()));
        await button.ClickAsync();
        Assert.Equal("true", await button.GetAttributeAsync("aria-expanded"));
        Assert.Equal($"Errors ({await shown.CountAsync() - 2})", await button.InnerTextAsync());
        await button.ClickAsync();
        await page.Locator(".btn.execute").ClickAsync();
        await page.Locator(".live-responses-table .highlight-code").First.WaitForAsync();
        Assert.Equal(["200", "200", "304"], (await shown.AllInnerTextsAsync()).Select(t => t.Trim()));
        await AssertAccessibleAsync(page, "after a call");
    }

    /// <summary>Nothing is asked of other hosts, and nothing that a page does is against its own policy.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("/search?q=tajik")]
    [InlineData("/docs/index.html")]
    [InlineData("/docs/guide/front-end")]
    public async Task A_page_asks_nothing_of_others(string path)
    {
        var page = await chromium.OpenAsync("about:blank");
        await using var _ = page.Context;
        var (requests, messages) = (new List<string>(), new List<string>());
        page.Request += (_, request) => requests.Add(request.Url);
        page.Console += (_, message) => messages.Add(message.Text);
        await page.GotoAsync(Service + path, new() { WaitUntil = WaitUntilState.NetworkIdle });

        Assert.NotEmpty(requests);
        Assert.All(requests.Where(r => !r.StartsWith("data:", StringComparison.Ordinal)),
            r => Assert.StartsWith(Service, r, StringComparison.Ordinal));
        Assert.DoesNotContain(messages, m => m.Contains("Content Security Policy", StringComparison.OrdinalIgnoreCase));
    }

    private static async Task ReadyAsync(IPage page)
    {
        await page.Locator(".opblock-tag-section").Last.WaitForAsync();
        if (page.Url.Contains('#', StringComparison.Ordinal))
            await page.Locator(".opblock-body").WaitForAsync();
    }

    private static async Task AssertAccessibleAsync(IPage page, string shown)
    {
        var result = await page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        Assert.True(result.Violations.Length == 0, $"{page.Url} {shown}:\n" + string.Join('\n', result.Violations.Select(v =>
            $"{v.Id} ({v.Impact}): {string.Join(" | ", v.Nodes.Take(4).Select(n => n.Html))}")));
    }

    [Fact]
    public async Task The_start_leads_a_person_to_records()
    {
        var page = await chromium.OpenAsync(Service, width: Narrow);
        await using var _ = page.Context;

        await page.GetByRole(AriaRole.Searchbox).FillAsync("rahmon <b>");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        Assert.Equal("Records for “rahmon <b>”", await page.Locator("h1").InnerTextAsync());
        var found = page.Locator("ol.found a").First;
        Assert.Contains("Rahmon", await found.InnerTextAsync(), StringComparison.Ordinal);
        Assert.StartsWith("/v1/actors/", await found.GetAttributeAsync("href"), StringComparison.Ordinal);
    }
}
