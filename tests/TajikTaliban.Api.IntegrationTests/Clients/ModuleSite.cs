using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace TajikTaliban.Api.IntegrationTests.Clients;

/// <summary>An empty page, with the files of a folder beside it.</summary>
internal sealed class ModuleSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ModuleSite(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    public static async Task<ModuleSite> StartAsync(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(folder) });
        app.MapGet("/", () => Results.Content("<!doctype html><title>A page with modules</title>", "text/html"));
        await app.StartAsync();
        return new ModuleSite(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
