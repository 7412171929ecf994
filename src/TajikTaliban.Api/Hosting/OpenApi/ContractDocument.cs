using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>What no single type or route knows: parts that many share, patches, what expands to what, the order of things.</summary>
internal sealed class ContractDocument(ResourceCatalogue resources, SchemaShapes shapes, CodeSchemas codes, QueryParameters query) : IDocumentFilter
{
    private const string RecordExpansion = "RecordExpansion";

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        var components = document.Components ??= new OpenApiComponents();
        context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        var schemas = context.SchemaRepository.Schemas.Where(s => s.Key != nameof(ProblemDetails)).ToDictionary(s => s.Key, s => (OpenApiSchema)s.Value);
        components.Parameters = SharedParts.Parameters(query, codes);
        foreach (var (name, schema) in codes.Components)
            schemas[name] = schema;
        SetExpansions(schemas, document);
        foreach (var resource in resources.All)
        {
            AddPatch(schemas, resource.Singular + "Request", document);
            // a record keeps its id and its parent
            schemas[SchemaNames.PatchOf(resource.Singular)].Properties!.Remove("id");
            if (resource.List.Scope is { } scope)
                schemas[SchemaNames.PatchOf(resource.Singular)].Properties!.Remove(scope.RouteValue);
        }

        SetNullable(schemas);
        components.Schemas = new SortedDictionary<string, IOpenApiSchema>(schemas.ToDictionary(s => s.Key, s => (IOpenApiSchema)s.Value), StringComparer.Ordinal);
        components.Headers = SharedParts.Headers();
        components.Responses = ProblemAnswers.All(document);
        foreach (var operation in document.Paths.Values.SelectMany(p => p.Operations!.Values))
            Sort(operation.Responses!);
        document.Tags = ContractText.Tags.Select(t => new OpenApiTag { Name = t.Key, Description = t.Value }).ToHashSet();
        document.RegisterComponents();
    }

    /// <summary>The records that come along are those of their own resources. A single record carries them itself, and never as null.</summary>
    private void SetExpansions(Dictionary<string, OpenApiSchema> schemas, OpenApiDocument document)
    {
        var expanded = schemas[nameof(ExpandedRecords)];
        foreach (var (name, member) in expanded.Properties!)
            ((OpenApiSchema)member).AdditionalProperties = new OpenApiSchemaReference(resources.All.First(r => r.Name == name).Singular, document);
        schemas[RecordExpansion] = (OpenApiSchema)expanded.CreateShallowCopy();
        foreach (var resource in resources.All.Where(r => r.List.Expands.Count > 0))
        {
            schemas[resource.Singular].Properties!["expanded"] = new OpenApiSchema
            {
                Description = "The records that `expand` asks for; only a single record has it, and only then.",
                AllOf = [new OpenApiSchemaReference(RecordExpansion, document)],
            };
        }
    }

    /// <summary>By status, and what is left for any other at the end.</summary>
    private static void Sort(OpenApiResponses responses)
    {
        var sorted = responses.OrderBy(r => r.Key, StringComparer.Ordinal).ToList();
        responses.Clear();
        foreach (var (status, response) in sorted)
            responses[status] = response;
    }

    /// <summary>
    /// The merge patch of a body: nothing is required, and null takes away what the body does not require. Objects within are merged in
    /// their turn, arrays are replaced.
    /// </summary>
    private string AddPatch(Dictionary<string, OpenApiSchema> schemas, string request, OpenApiDocument document)
    {
        var name = SchemaNames.PatchOf(request);
        if (schemas.ContainsKey(name))
            return name;
        var whole = schemas[request];
        var patch = (OpenApiSchema)whole.CreateShallowCopy();
        patch.Description = $"{whole.Description} A merge patch (RFC 7396): what is not there stays as it is.";
        patch.Required = null;
        patch.Properties = new Dictionary<string, IOpenApiSchema>();
        schemas[name] = patch;
        foreach (var (field, schema) in whole.Properties!)
        {
            var removable = whole.Required?.Contains(field) != true;
            var change = (OpenApiSchema)schema.CreateShallowCopy();
            if (change.AllOf is [OpenApiSchemaReference { Reference.Id: { } part }])
            {
                if (schemas[part].Enum is not { Count: > 0 } values)
                {
                    var partPatch = AddPatch(schemas, part, document);
                    (removable ? shapes.NullableComponents : shapes.OtherComponents).Add(partPatch);
                    change.AllOf = [new OpenApiSchemaReference(partPatch, document)];
                }
                else if (removable)
                {
                    (change.AllOf, change.Type, change.Enum) = (null, JsonSchemaType.String | JsonSchemaType.Null, [.. values, JsonNullSentinel.JsonNull]);
                }
            }
            else if (removable)
            {
                change.Type |= JsonSchemaType.Null;
            }

            patch.Properties[field] = change;
        }

        return name;
    }

    private void SetNullable(Dictionary<string, OpenApiSchema> schemas)
    {
        foreach (var name in shapes.NullableComponents)
        {
            // a component that is null here and never there would need two schemas
            if (shapes.OtherComponents.Contains(name))
                throw new InvalidOperationException($"The contract cannot say that {name} may be null in one place and not in another; give one of them a type of its own.");
            schemas[name].Type |= JsonSchemaType.Null;
        }
    }
}
