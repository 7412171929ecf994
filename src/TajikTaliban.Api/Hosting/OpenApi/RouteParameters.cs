using System.Globalization;
using System.Net.Mime;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>The metadata of routes: parameters, descriptions of responses, media types, examples.</summary>
internal sealed class RouteParameters(CodeSchemas codes, RecordExamples examples) : IOperationFilter
{
    /// <summary>
    /// The extension with other media types that a body may be sent in, or a response is sent in on request. Generated clients have one
    /// type each: with others in `content` it becomes a union, or that of whichever stands last.
    /// </summary>
    public const string OtherContent = "x-other-content";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var parameters = operation.Parameters?.ToList() ?? [];
        foreach (var parameter in metadata.OfType<RouteParameter>())
        {
            // parameters of the path are already there, without descriptions
            parameters.RemoveAll(p => parameter is PathParameter && p.Name == parameter.Name);
            parameters.Insert(parameter is PathParameter ? 0 : parameters.Count, Describe(parameter));
        }

        parameters.AddRange(metadata.OfType<SharedParameter>().Select(s => new OpenApiParameterReference(s.Component, context.Document)));
        // operations on the database can require a position of it
        if (operation.Responses!.TryGetValue("503", out var unavailable)
            && unavailable.Content?.ContainsKey(ContractProblems.MediaType) == true)
        {
            parameters.Add(new OpenApiParameterReference(SharedParts.MinPosition, context.Document));
        }

        operation.Parameters = parameters;

        foreach (var text in metadata.OfType<ResponseText>())
        {
            if (operation.Responses.TryGetValue(Text(text.Status), out var result))
                result.Description = text.Description;
        }

        foreach (var content in metadata.OfType<NonJsonContent>())
            Add(content, operation);
        foreach (var example in metadata.OfType<ResponseExample>())
        {
            var response = operation.Responses[Text(example.Status)];
            if (response.Content?.TryGetValue(example.MediaType, out var content) == true)
                ((OpenApiMediaType)content).Example = example.Make(examples);
            else if (response.Extensions?.TryGetValue(OtherContent, out var others) == true)
                ((JsonNodeExtension)others).Node[example.MediaType]!["example"] = example.Make(examples);
        }

        if (operation.RequestBody is OpenApiRequestBody { Content: { Count: > 1 } bodies } body
            && bodies.ContainsKey(MediaTypeNames.Application.Json))
        {
            foreach (var type in bodies.Keys.Where(t => t != MediaTypeNames.Application.Json).ToList())
            {
                bodies.Remove(type);
                AddOther(body.Extensions ??= new Dictionary<string, IOpenApiExtension>(), type);
            }
        }

        IReadOnlyList<RequestExample> requests = [.. metadata.OfType<RequestExample>()];
        foreach (var content in operation.RequestBody?.Content?.Values.OfType<OpenApiMediaType>() ?? [])
            Set(content, requests);
    }

    private void Set(OpenApiMediaType media, IReadOnlyList<RequestExample> requests)
    {
        if (requests is [var only])
        {
            media.Example = only.Make(examples);
        }
        else if (requests.Count > 1)
        {
            media.Examples = requests.ToDictionary(e => e.Name,
                e => (IOpenApiExample)new OpenApiExample { Summary = e.Summary, Value = e.Make(examples) });
        }
    }

    private static void Add(NonJsonContent other, OpenApiOperation operation)
    {
        var status = Text(other.Status);
        if (!operation.Responses!.TryGetValue(status, out var result) || result is not OpenApiResponse response)
            operation.Responses[status] = response = new OpenApiResponse { Description = other.Description };
        else
            response.Description = $"{response.Description?.Trim()} {other.Description}".Trim();
        if (response.Content?.ContainsKey(MediaTypeNames.Application.Json) == true)
        {
            AddOther(response.Extensions ??= new Dictionary<string, IOpenApiExtension>(), other.MediaType);
            return;
        }

        response.Content ??= new Dictionary<string, IOpenApiMediaType>();
        response.Content[other.MediaType] = new OpenApiMediaType
        {
            // generated clients return a stream or a text, and do not parse it as one JSON document
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
        };
    }

    /// <summary>Notes another media type of a body or response.</summary>
    public static void AddOther(IDictionary<string, IOpenApiExtension> extensions, string mediaType)
    {
        if (!extensions.TryGetValue(OtherContent, out var others))
            extensions[OtherContent] = others = new JsonNodeExtension(new JsonObject());
        ((JsonNodeExtension)others).Node[mediaType] = new JsonObject();
    }

    private OpenApiParameter Describe(RouteParameter parameter) => new()
    {
        Name = parameter.Name,
        In = parameter switch
        {
            PathParameter => ParameterLocation.Path,
            HeaderParameter => ParameterLocation.Header,
            _ => ParameterLocation.Query,
        },
        Required = parameter is PathParameter,
        Description = parameter.Description,
        Schema = SchemaOf(parameter.Shape),
        Example = parameter is PathParameter { Example: var example } ? JsonValue.Create(example) : null,
        Style = parameter.Shape.IsList ? ParameterStyle.Form : null,
        Explode = parameter.Shape.IsList,
    };

    private IOpenApiSchema SchemaOf(ParameterShape shape)
    {
        if (shape.Names is { } names)
        {
            var one = codes.Enumeration(names.Name, names.Description, names.Values);
            return shape.IsList
                ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one, MinItems = 1, MaxItems = ValueList.MaxValues } : one;
        }

        return shape.IsNumber
            ? new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Minimum = shape.Min is { } min ? Text(min) : null,
                Maximum = shape.Max is { } max ? Text(max) : null,
                Default = shape.Default is { } number ? JsonValue.Create(number) : null,
            }
            : new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = shape.Format,
                Pattern = shape.Pattern,
                MinLength = shape.Pattern is null && shape.Format is null ? 1 : null,
                MaxLength = shape.Max,
            };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
