using System.Globalization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.Swagger;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>The contract: made from the code by Swashbuckle, served at <c>/openapi/v1.json</c>, committed in <c>openapi/</c>.</summary>
internal static class Contract
{
    public const string Document = "v1";

    public static void AddContract(this IServiceCollection services)
    {
        services.AddEndpointsApiExplorer();
        services.AddSwaggerGen(ContractOptions.Configure);
    }

    public static void MapContract(this WebApplication app)
    {
        app.MapSwagger("/openapi/{documentName}.json", swagger => swagger.OpenApiVersion = OpenApiSpecVersion.OpenApi3_0);
        app.UseSwaggerUI(ui =>
        {
            ui.RoutePrefix = "docs";
            ui.DocumentTitle = "Tajikistan and the Taliban: API";
            ui.SwaggerEndpoint("/openapi/v1.json", "v1");
            ui.DefaultModelsExpandDepth(0);
            ui.EnableTryItOutByDefault();
            ui.DisplayRequestDuration();
        });
        app.MapGet("/", () => Results.Redirect("/docs")).ExcludeFromDescription();
    }

    /// <summary>The contract as the service writes it.</summary>
    public static async Task<string> WriteAsync(IServiceProvider services)
    {
        var provider = services.GetRequiredService<IAsyncSwaggerProvider>();
        var document = await provider.GetSwaggerAsync(Document);
        await using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        document.SerializeAsV3(new OpenApiJsonWriter(text));
        return text + "\n";
    }
}
