using Microsoft.Playwright;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>The Chromium of this machine. It reaches this machine alone. Tests are skipped where it is not installed.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string? Program = Programs.FindOrNull("chromium");

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async ValueTask InitializeAsync()
    {
        if (Program is null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = Arguments, Headless = true });
    }

    /// <summary>A page in a profile of its own; disposing of its context closes it.</summary>
    public async Task<IPage> OpenAsync(string address, ColorScheme colours = ColorScheme.Light, int width = 1280)
    {
        Assert.SkipWhen(_browser is null, "chromium is not installed");
        var context = await _browser.NewContextAsync(
            new() { ColorScheme = colours, ViewportSize = new() { Width = width, Height = 900 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Load });
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
    }
}
