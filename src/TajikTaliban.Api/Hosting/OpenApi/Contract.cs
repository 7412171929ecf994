using System.Globalization;
using System.Text;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>The contract: made by Swashbuckle from the code, served at <c>/openapi/v1.json</c>, committed in <c>openapi/</c>.</summary>
internal static class Contract
{
    public const string Document = "v1";
    public const string Path = "/openapi/v1.json";

    /// <summary>The same as OpenAPI 3.1, with the webhooks.</summary>
    public const string Path31 = "/openapi/3.1/v1.json";

    public static void AddContract(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen();
        services.AddOptions<SwaggerGenOptions>().Configure<ResourceCatalogue, RecordEditors, IServiceProvider>(ContractOptions.Configure);
    }

    public static void MapContract(this WebApplication app)
    {
        Map(app, Path, () => WriteAsync(app));
        Map(app, Path31, () => Write31Async(app));
        // only below its path: it matches every request against a regular expression
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/docs", StringComparison.OrdinalIgnoreCase),
            docs => docs.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "docs";
            ui.DocumentTitle = "Tajikistan and the Taliban: API";
            ui.SwaggerEndpoint(Path, Document);
            ui.DefaultModelsExpandDepth(0);
            ui.EnableTryItOutByDefault();
            ui.DisplayRequestDuration();
            ui.EnableDeepLinking();
            ui.EnableFilter();
            // a phone that unfolds everything at once stops for seconds
            ui.DocExpansion(Swashbuckle.AspNetCore.SwaggerUI.DocExpansion.None);
            ui.HeadContent = ReferencePage.Head;
        }));
    }

    /// <summary>The contract as served.</summary>
    public static Task<string> WriteAsync(WebApplication app) => WriteAsync(app, OpenApiSpecVersion.OpenApi3_0);

    /// <summary>The contract as OpenAPI 3.1.</summary>
    public static async Task<string> Write31Async(WebApplication app) =>
        Contract31.Of(await WriteAsync(app, OpenApiSpecVersion.OpenApi3_1));

    private static void Map(WebApplication app, string path, Func<Task<string>> write)
    {
        // made once: the code does not change while the service runs
        var made = new Lazy<Task<byte[]>>(async () => Encoding.UTF8.GetBytes(await write()));
        app.MapGet(path, async (HttpContext http, CancellationToken cancellation) =>
        {
            var contract = await made.Value;
            await JsonResponse.SendAsync(http, contract, RecordETag.OfBytes(contract), null, cancellation);
        }).ExcludeFromDescription();
    }

    private static async Task<string> WriteAsync(WebApplication app, OpenApiSpecVersion version)
    {
        // before its start a service has not registered its routes for description; after it this has no effect
        app.UseEndpoints(_ => { });
        var document = await app.Services.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync(Document);
        await using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        document.SerializeAs(version, new OpenApiJsonWriter(text));
        return text + "\n";
    }
}
