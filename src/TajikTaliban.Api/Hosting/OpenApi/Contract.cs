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

    public static void AddContract(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen();
        services.AddOptions<SwaggerGenOptions>().Configure<ResourceCatalogue, RecordEditors>(ContractOptions.Configure);
    }

    public static void MapContract(this WebApplication app)
    {
        // made once: the code does not change while the service runs
        var made = new Lazy<Task<byte[]>>(async () => Encoding.UTF8.GetBytes(await WriteAsync(app)));
        app.MapGet(Path, async (HttpContext http, CancellationToken cancellation) =>
        {
            var contract = await made.Value;
            await JsonResponse.SendAsync(http, contract, RecordETag.OfBytes(contract), null, cancellation);
        }).ExcludeFromDescription();
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
    public static async Task<string> WriteAsync(WebApplication app)
    {
        // before its start a service has not registered its routes for description; after it this has no effect
        app.UseEndpoints(_ => { });
        var document = await app.Services.GetRequiredService<IAsyncSwaggerProvider>().GetSwaggerAsync(Document);
        await using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        document.SerializeAsV3(new OpenApiJsonWriter(text));
        return text + "\n";
    }
}
