using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>An empty page of another origin than the service's, and the files of a folder beside it.</summary>
public sealed class OtherOrigin : IAsyncDisposable
{
    private readonly WebApplication _app;

    private OtherOrigin(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public static async Task<OtherOrigin> StartAsync(int port = 0, string? folder = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        if (folder is not null)
            app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder) });
        app.MapGet("/", () => Results.Content("<!doctype html><title>Another origin</title>", "text/html"));
        await app.StartAsync();
        return new OtherOrigin(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
