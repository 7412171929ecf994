using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>The codes of problems and of their errors: texts with the present codes, since new ones may come (see
/// <see cref="CodeSchemas"/>).</summary>
internal sealed class ErrorCodes : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (context.MemberInfo is not null || schema is not OpenApiSchema { Properties: { } properties })
            return;
        if (context.Type == typeof(Problem))
            Set((OpenApiSchema)properties["code"], ProblemType.All.Select(t => (t.Slug, t.Title)));
        else if (context.Type == typeof(FieldError))
            Set((OpenApiSchema)properties["code"], FaultCode.All.Select(c => (c.Value, c.Meaning)));
    }

    private static void Set(OpenApiSchema property, IEnumerable<(string Code, string Meaning)> codes)
    {
        property.Description += " More codes may come: treat an unknown one by the status. What each means: [problems](/problems).";
        property.Extensions = new Dictionary<string, IOpenApiExtension>
        {
            ["x-extensible-enum"] = new JsonNodeExtension(new JsonArray([.. codes.Select(c => (JsonNode)JsonValue.Create(c.Code))])),
            ["x-enum-descriptions"] = new JsonNodeExtension(new JsonArray([.. codes.Select(c => (JsonNode)JsonValue.Create(c.Meaning))])),
        };
    }
}
