using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>The parts of the contract.</summary>
internal static class ContractOptions
{
    public static void Configure(SwaggerGenOptions swagger, ResourceCatalogue resources, RecordEditors editors, IServiceProvider services)
    {
        swagger.SwaggerDoc(Contract.Document,
            new OpenApiInfo { Title = "Tajikistan and the Taliban", Version = "1.0.0", Description = ContractText.Introduction });
        swagger.AddServer(new OpenApiServer { Url = "/", Description = "The service of this contract" });
        swagger.AddSecurityDefinition(KeyAuthentication.SchemeName, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description =
                "A key with the role `editor` or `admin`, for writing. Reading needs no key, except reports of errors, which need the role "
                + "`editor`, and webhooks, which need the role `admin`. An operator creates keys with the command `keys create`.",
        });
        swagger.IncludeXmlComments(Path.Combine(AppContext.BaseDirectory, $"{typeof(ContractOptions).Assembly.GetName().Name}.xml"));
        swagger.CustomSchemaIds(new SchemaNames(resources).Of);
        // reads before writes
        swagger.OrderActionsBy(action => $"{action.RelativePath}#{MethodOrder(action.HttpMethod)}");

        // references with descriptions of their own
        swagger.UseAllOfToExtendReferenceSchemas();

        var codes = new CodeSchemas();
        var query = new QueryParameters(codes, resources);
        var shapes = new SchemaShapes(new BodyRules(resources, editors, services), codes, resources);
        swagger.AddSchemaFilterInstance(shapes);
        swagger.AddSchemaFilterInstance(new ErrorCodes());
        var examples = new RecordExamples(resources, editors);
        swagger.AddOperationFilterInstance(new RecordOperations(examples, query, resources));
        swagger.AddOperationFilterInstance(new RouteParameters(codes, examples));
        swagger.AddOperationFilterInstance(new CommonResponses());
        swagger.AddDocumentFilterInstance(new ContractDocument(resources, examples, shapes, codes, query));
    }

    private static int MethodOrder(string? method) => Array.IndexOf(["GET", "POST", "PUT", "PATCH", "DELETE"], method);
}
