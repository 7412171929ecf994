using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Platform.Http;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>What routes say themselves of what they take and give, as their metadata.</summary>
internal sealed class RouteParameters(CodeSchemas codes, RouteExamples examples) : IOperationFilter
{
    private const string Json = "application/json";
    private const int MostValues = 50;

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        var parameters = operation.Parameters?.ToList() ?? [];
        foreach (var parameter in metadata.OfType<RouteParameter>())
        {
            // those of the path are there already, without words
            parameters.RemoveAll(p => parameter is PathParameter && p.Name == parameter.Name);
            parameters.Insert(parameter is PathParameter ? 0 : parameters.Count, Describe(parameter));
        }

        parameters.AddRange(metadata.OfType<SharedParameter>().Select(s => new OpenApiParameterReference(s.Component, context.Document)));
        // whoever asks the database can ask for a copy of it that has come so far
        if (operation.Responses!.TryGetValue("503", out var unavailable) && unavailable.Content?.ContainsKey(ProblemAnswers.MediaType) == true)
            parameters.Add(new OpenApiParameterReference(SharedParts.MinPosition, context.Document));
        operation.Parameters = parameters;

        foreach (var text in metadata.OfType<AnswerText>())
        {
            if (operation.Responses.TryGetValue(Text(text.Status), out var answer))
                answer.Description = text.Description;
        }

        foreach (var content in metadata.OfType<OtherContent>())
            Add(content, operation);
        foreach (var response in operation.Responses.Where(r => r.Key[0] == '2').Select(r => r.Value).OfType<OpenApiResponse>())
        {
            if (response.Content?.TryGetValue(Json, out var media) == true && examples.AnswerOrNull(operation.OperationId!, Json) is { } example)
                ((OpenApiMediaType)media).Example = example;
        }

        foreach (var media in operation.RequestBody?.Content?.Values.OfType<OpenApiMediaType>() ?? [])
            Set(media, examples.Requests(operation.OperationId!));
    }

    private static void Set(OpenApiMediaType media, IReadOnlyList<RequestExample> examples)
    {
        if (examples is [var only])
            media.Example = only.Body.DeepClone();
        else if (examples.Count > 1)
            media.Examples = examples.ToDictionary(e => e.Name, e => (IOpenApiExample)new OpenApiExample { Summary = e.Summary, Value = e.Body.DeepClone() });
    }

    private void Add(OtherContent other, OpenApiOperation operation)
    {
        var status = Text(other.Status);
        if (!operation.Responses!.TryGetValue(status, out var answer) || answer is not OpenApiResponse response)
            operation.Responses[status] = response = new OpenApiResponse { Description = other.Description };
        else
            response.Description = $"{response.Description?.Trim()} {other.Description}".Trim();
        response.Content ??= new Dictionary<string, IOpenApiMediaType>();
        response.Content[other.MediaType] = new OpenApiMediaType
        {
            // generated clients give it as a stream or a text, rather than read it as one JSON document
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
            Example = examples.AnswerOrNull(operation.OperationId!, other.MediaType),
        };
    }

    private OpenApiParameter Describe(RouteParameter parameter) => new()
    {
        Name = parameter.Name,
        In = parameter switch { PathParameter => ParameterLocation.Path, HeaderParameter => ParameterLocation.Header, _ => ParameterLocation.Query },
        Required = parameter is PathParameter,
        Description = parameter.Description,
        Schema = SchemaOf(parameter.Shape),
        Example = parameter is PathParameter { Example: var example } ? JsonValue.Create(example) : null,
        Style = parameter.Shape.IsList ? ParameterStyle.Form : null,
        Explode = false,
    };

    private IOpenApiSchema SchemaOf(ParameterShape shape)
    {
        if (shape.Names is { } names)
        {
            var one = codes.Enumeration(names.Name, names.Description, names.Values);
            return shape.IsList ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = one, MinItems = 1, MaxItems = MostValues } : one;
        }

        return shape.IsNumber
            ? new OpenApiSchema
            {
                Type = JsonSchemaType.Integer,
                Format = "int32",
                Minimum = shape.Least is { } least ? Text(least) : null,
                Maximum = shape.Most is { } most ? Text(most) : null,
                Default = shape.Default is { } number ? JsonValue.Create(number) : null,
            }
            : new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Format = shape.Format,
                Pattern = shape.Pattern,
                MinLength = shape.Pattern is null && shape.Format is null ? 1 : null,
                MaxLength = shape.Most,
            };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
