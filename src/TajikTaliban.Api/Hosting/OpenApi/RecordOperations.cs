using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>The operations on records: parameters, headers, bodies, examples.</summary>
internal sealed class RecordOperations(RecordExamples examples, QueryParameters query, ResourceCatalogue resources) : IOperationFilter
{
    private const string Json = "application/json";
    private const string MergePatch = "application/merge-patch+json";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<RecordRoute>().SingleOrDefault() is not { } route)
            return;
        var resource = route.Resource;
        operation.Parameters = [.. Parameters(route, context.Document)];
        SetBody(operation, route, context.Document);
        foreach (var (status, response) in operation.Responses!)
        {
            if (status == "204")
                response.Description = "The record was deleted.";
            if (response is OpenApiResponse { Content.Count: > 0 } success && success.Content.TryGetValue(Json, out var media)
                && status[0] == '2')
            {
                ((OpenApiMediaType)media).Example = route.Operation switch
                {
                    RecordOperation.List => examples.Page(resource),
                    RecordOperation.Availability => examples.Availability(resource),
                    RecordOperation.History => examples.History(resource),
                    _ => examples.Record(resource),
                };
                if (route.Operation == RecordOperation.Get && resource.List.Expands.Count > 0)
                    ((OpenApiMediaType)media).Schema = new OpenApiSchemaReference(SchemaNames.ExpandableOf(resource), context.Document);
                success.Description = (route.Operation, status) switch
                {
                    (RecordOperation.List, _) => $"A page of records. Example: `?{resource.Example.Query}`.",
                    (RecordOperation.Availability, _) => "The coverage of the records; in the example, of one record.",
                    (RecordOperation.History, _) => "Versions of the record, newest first.",
                    (RecordOperation.Get, _) => "The record.",
                    (_, "201") => "The new record.",
                    _ => "The current record.",
                };
                success.Headers = Headers(route.Operation, status, resource, context.Document);
            }
        }
    }

    private IEnumerable<IOpenApiParameter> Parameters(RecordRoute route, OpenApiDocument document)
    {
        var resource = route.Resource;
        IOpenApiParameter Shared(string name) => new OpenApiParameterReference(name, document);
        if (resource.List.Scope is { } scope)
        {
            yield return Path(scope.RouteValue, $"The id of the {scope.RouteValue}.", RecordId.Pattern,
                resources.OfTable(scope.Table).Example.Id);
        }

        if (route.Operation is RecordOperation.Get or RecordOperation.History or RecordOperation.Replace or RecordOperation.Change
            or RecordOperation.Delete)
        {
            yield return PathId(route);
        }

        switch (route.Operation)
        {
            case RecordOperation.List:
                foreach (var parameter in query.OfList(resource, document))
                    yield return parameter;
                yield return Shared("If-None-Match");
                break;
            case RecordOperation.Availability:
                yield return Shared("Lang");
                yield return Shared("AsOf");
                yield return Shared("Edition");
                yield return Shared("If-None-Match");
                break;
            case RecordOperation.History:
                yield return Shared("If-None-Match");
                break;
            case RecordOperation.Get:
                foreach (var parameter in query.OfRecord(resource))
                    yield return parameter;
                yield return Shared("Lang");
                yield return Shared("AsOf");
                yield return Shared("Edition");
                yield return Shared("Version");
                yield return Shared("If-None-Match");
                yield return Shared("If-Modified-Since");
                break;
            case RecordOperation.Replace:
                yield return Shared("If-Match-To-Replace");
                yield return Shared("If-None-Match-To-Add");
                break;
            case RecordOperation.Change or RecordOperation.Delete:
                yield return Shared("If-Match");
                break;
        }
    }

    private static OpenApiParameter PathId(RecordRoute route)
    {
        var takesIdentifiers = route.Resource.HasIdentifiers;
        var text = route.Operation switch
        {
            _ when !takesIdentifiers => "The id.",
            RecordOperation.Get =>
                "The id, or an identifier in another system as `scheme:value`: `iso3:TJK`, `m49:762`, `wikidata:Q863`; a slash in it is "
                + "written `%2F`. With an identifier `Content-Location` has the id.",
            RecordOperation.History => "The id, or an identifier in another system as `scheme:value`. A merged id has its own history.",
            _ => "The id, or an identifier in another system as `scheme:value`. With an identifier, `If-Match` must be the whole `ETag`. A "
                + "merged id, and an identifier that came with a merge, are rejected (409).",
        };
        return Path("id", text, takesIdentifiers ? QueryParameters.ActorPattern : RecordId.Pattern, route.Resource.Example.Id);
    }

    private static OpenApiParameter Path(string name, string description, string pattern, string example) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = pattern },
        Example = JsonValue.Create(example),
    };

    private static void SetBody(OpenApiOperation operation, RecordRoute route, OpenApiDocument document)
    {
        if (operation.RequestBody is not OpenApiRequestBody { Content: { } content } body)
            return;
        body.Required = true;
        if (route.Operation != RecordOperation.Change)
        {
            body.Description = "The record. Fields that the service sets may be sent unchanged.";
            ((OpenApiMediaType)content[Json]).Example = RecordExamples.Request(route.Resource);
            return;
        }

        body.Description = "The change: absent fields stay as they are, null removes a field, arrays are replaced.";
        content.Clear();
        content[Json] = new OpenApiMediaType
        {
            Schema = new OpenApiSchemaReference(SchemaNames.PatchOf(route.Resource.Singular), document),
            Example = RecordExamples.Patch(route.Resource),
        };
        RouteParameters.AddOther(body.Extensions ??= new Dictionary<string, IOpenApiExtension>(), MergePatch);
    }

    private static Dictionary<string, IOpenApiHeader> Headers(
        RecordOperation operation, string status, Resource resource, OpenApiDocument document)
    {
        string[] names = (operation, status) switch
        {
            (RecordOperation.List, _) => ["ETag", "Link", "Redacted"],
            (RecordOperation.Availability or RecordOperation.History, _) => ["ETag"],
            (RecordOperation.Get, _) => resource.HasIdentifiers ? ["ETag", "Last-Modified", "Content-Location"] : ["ETag", "Last-Modified"],
            (_, "201") => ["ETag", "Last-Modified", "Location", "Content-Location"],
            _ => ["ETag", "Last-Modified", "Content-Location"],
        };
        return names.ToDictionary(n => n, n => (IOpenApiHeader)new OpenApiHeaderReference(n, document));
    }
}
