using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>Parts of the whole document: shared components, merge patches, expansions, tags, order.</summary>
internal sealed class ContractDocument(
    ResourceCatalogue resources, RecordExamples examples, SchemaShapes shapes, CodeSchemas codes, QueryParameters query)
    : IDocumentFilter
{
    private const string RecordExpansion = "RecordExpansion";

    public void Apply(OpenApiDocument document, DocumentFilterContext context)
    {
        var components = document.Components ??= new OpenApiComponents();
        context.SchemaGenerator.GenerateSchema(typeof(Problem), context.SchemaRepository);
        var schemas = context.SchemaRepository.Schemas.Where(s => s.Key != nameof(ProblemDetails))
            .ToDictionary(s => s.Key, s => (OpenApiSchema)s.Value);
        components.Parameters = SharedParts.Parameters(query, codes);
        AddEnumerations(schemas);
        SetExpansions(schemas, document);
        foreach (var resource in resources.All)
        {
            AddPatch(schemas, resource.Singular + "Request", document);
            // the id and the parent of a record never change
            schemas[SchemaNames.PatchOf(resource.Singular)].Properties!.Remove("id");
            if (resource.List.Scope is { } scope)
                schemas[SchemaNames.PatchOf(resource.Singular)].Properties!.Remove(scope.RouteValue);
        }

        // patches may add enumerations with null
        AddEnumerations(schemas);
        SetNullable(schemas);
        components.Schemas = new SortedDictionary<string, IOpenApiSchema>(schemas.ToDictionary(s => s.Key, s => (IOpenApiSchema)s.Value),
            StringComparer.Ordinal);
        components.Headers = SharedParts.Headers();
        components.Responses = ContractProblems.All(document, examples.Part());
        foreach (var operation in document.Paths.Values.SelectMany(p => p.Operations!.Values))
            Sort(operation.Responses!);
        document.Tags = Tags(context).DistinctBy(t => t.Name).Select(t => new OpenApiTag { Name = t.Name, Description = t.Description })
            .ToHashSet();
        RemoveUnused(document);
        document.RegisterComponents();
    }

    /// <summary>Removes enumerations that only fields with null would have.</summary>
    private void RemoveUnused(OpenApiDocument document)
    {
        var used = new UsedSchemas();
        new OpenApiWalker(used).Walk(document);
        foreach (var name in codes.Components.Keys.Except(used.Names))
            document.Components!.Schemas!.Remove(name);
    }

    private sealed class UsedSchemas : OpenApiVisitorBase
    {
        public HashSet<string> Names { get; } = [];

        public override void Visit(IOpenApiReferenceHolder referenceHolder)
        {
            if (referenceHolder is OpenApiSchemaReference { Reference.Id: { } name })
                Names.Add(name);
        }
    }

    /// <summary>The tags of the resources, then those of other routes.</summary>
    private IEnumerable<TagText> Tags(DocumentFilterContext context) =>
        resources.All.Where(r => r.TagDescription is not null).Select(r => new TagText(r.Tag, r.TagDescription!))
            .Concat(context.ApiDescriptions.SelectMany(a => a.ActionDescriptor.EndpointMetadata.OfType<TagText>()));

    /// <summary>
    /// A member for each resource that any list expands to. A page has <c>expanded</c> always, and null without <c>expand</c>; a single
    /// record has it only with <c>expand</c>, and never as null.
    /// </summary>
    private void SetExpansions(Dictionary<string, OpenApiSchema> schemas, OpenApiDocument document)
    {
        var tables = resources.All.SelectMany(r => r.List.Expands).Select(e => e.Table).ToHashSet();
        var expanded = schemas[nameof(ExpandedRecords)];
        expanded.AdditionalPropertiesAllowed = true;
        expanded.Properties = resources.All.Where(r => tables.Contains(r.Table))
            .ToDictionary(r => r.Name, r => (IOpenApiSchema)new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = $"{r.Plural} by id, as `/v1{r.Route}/{{id}}` returns them.",
                AdditionalProperties = new OpenApiSchemaReference(SchemaNames.Of(r), document),
            });
        schemas[RecordExpansion] = (OpenApiSchema)expanded.CreateShallowCopy();
        foreach (var resource in resources.All.Where(r => r.List.Expands.Count > 0))
        {
            // a type of its own: with `expanded` in the record itself, types refer to each other in a circle, which generators cannot type
            schemas[SchemaNames.ExpandableOf(resource)] = new OpenApiSchema
            {
                Description = $"{resource.Singular} as an address of one record returns it: with `expand` it has `expanded`.",
                AllOf =
                [
                    new OpenApiSchemaReference(SchemaNames.Of(resource), document),
                    new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["expanded"] = new OpenApiSchema
                            {
                                Description = "The records that `expand` names.",
                                AllOf = [new OpenApiSchemaReference(RecordExpansion, document)],
                            },
                        },
                    },
                ],
            };
        }
    }

    /// <summary>Sorts by status, with the default last.</summary>
    private static void Sort(OpenApiResponses responses)
    {
        var sorted = responses.OrderBy(r => r.Key, StringComparer.Ordinal).ToList();
        responses.Clear();
        foreach (var (status, response) in sorted)
            responses[status] = response;
    }

    /// <summary>
    /// The merge patch of a body: no field is required, null removes an optional field, objects are merged, arrays are replaced.
    /// </summary>
    private string AddPatch(Dictionary<string, OpenApiSchema> schemas, string request, OpenApiDocument document)
    {
        var name = SchemaNames.PatchOf(request);
        if (schemas.ContainsKey(name))
            return name;
        var whole = schemas[request];
        var patch = (OpenApiSchema)whole.CreateShallowCopy();
        patch.Description = $"{whole.Description} A merge patch (RFC 7396): absent fields keep their values.";
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
                else if (removable && !values.Contains(JsonNullSentinel.JsonNull))
                {
                    change.AllOf = [codes.OrNull(part)];
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

    private void AddEnumerations(Dictionary<string, OpenApiSchema> schemas)
    {
        foreach (var (name, schema) in codes.Components)
            schemas[name] = schema;
    }

    private void SetNullable(Dictionary<string, OpenApiSchema> schemas)
    {
        foreach (var name in shapes.NullableComponents)
        {
            // a component that may be null in one place only would need two schemas
            if (shapes.OtherComponents.Contains(name))
                throw new InvalidOperationException($"{name} may be null in one place and not in another; use two types.");
            schemas[name].Type |= JsonSchemaType.Null;
        }
    }
}
