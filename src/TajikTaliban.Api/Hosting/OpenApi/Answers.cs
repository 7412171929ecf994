using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>What holds for every operation: its problems by name, 304, and whether it needs a key.</summary>
internal sealed class Answers(CodeSchemas codes) : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var metadata = context.ApiDescription.ActionDescriptor.EndpointMetadata;
        operation.Security = metadata.OfType<IAuthorizeData>().Any()
            ? [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(KeyAuthentication.SchemeName, context.Document)] = [] }]
            : [];

        var responses = operation.Responses!;
        var hasBody = operation.RequestBody is not null;
        var method = context.ApiDescription.HttpMethod;
        var isOfRecord = context.ApiDescription.RelativePath!.Contains('{', StringComparison.Ordinal);
        foreach (var (status, response) in responses.ToList())
        {
            if (response.Content?.ContainsKey(ProblemAnswers.MediaType) == true)
                responses[status] = new OpenApiResponseReference(ProblemAnswers.NameOf(status, method, hasBody, isOfRecord), context.Document);
            else if (status == "304")
                responses[status] = new OpenApiResponseReference(ProblemAnswers.NotModified, context.Document);
            else if (Descriptions.TryGetValue((operation.OperationId!, status), out var description))
                response.Description = description;
            else if (status == "204")
                response.Description = "The record was deleted.";
        }

        foreach (var (status, response) in responses)
        {
            if (response is OpenApiResponse given)
            {
                given.Headers ??= new Dictionary<string, IOpenApiHeader>();
                given.Headers[Positions.Header] = new OpenApiHeaderReference(Positions.Header, context.Document);
                if (status == "307")
                    given.Headers["Location"] = new OpenApiHeaderReference("Location", context.Document);
                if (metadata.Contains(SharedParameter.IdempotencyKey) && status[0] == '2')
                    given.Headers[Replayed] = new OpenApiHeaderReference(Replayed, context.Document);
            }
        }

        responses["default"] = new OpenApiResponseReference(ProblemAnswers.Any, context.Document);

        if (responses.ContainsKey("304") && !metadata.OfType<RecordRoute>().Any())
        {
            operation.Parameters = [.. (operation.Parameters ?? []).Select(Describe), new OpenApiParameterReference("If-None-Match", context.Document)];
            ((OpenApiResponse)responses["200"]).Headers!["ETag"] = new OpenApiHeaderReference("ETag", context.Document);
        }
    }

    private const string Replayed = "Idempotency-Replayed";

    private static readonly Dictionary<(string, string), string> Descriptions = new()
    {
        [("getIndex", "200")] = "The resources and where they are.",
        [("listCodeLists", "200")] = "The code lists, without their codes.",
        [("getCodeList", "200")] = "The code list with its codes.",
        [("getLiveness", "200")] = "The process answers.",
        [("getReadiness", "200")] = "Requests can be served.",
        [("getReadiness", "503")] = "Requests cannot be served just now; `checks` says why.",
    };

    private IOpenApiParameter Describe(IOpenApiParameter parameter)
    {
        if (parameter is OpenApiParameter { Name: "name", In: ParameterLocation.Path } name)
        {
            name.Description = "The name of the code list.";
            name.Schema = codes.Enumeration("CodeListName", "The name of a code list.", CodeLists.All.Select(l => l.Name));
            name.Example = JsonValue.Create(CodeLists.ActorTypes.Name);
        }

        return parameter;
    }
}
