using Microsoft.AspNetCore.Authorization;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.Hosting.OpenApi;

/// <summary>Properties of all operations: problems by name, 304, common headers, security.</summary>
internal sealed class CommonResponses : IOperationFilter
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
            if (response.Content?.ContainsKey(ContractProblems.MediaType) == true)
            {
                responses[status] = new OpenApiResponseReference(ContractProblems.NameOf(status, method, hasBody, isOfRecord),
                    context.Document);
            }
            else if (status == "304")
            {
                responses[status] = new OpenApiResponseReference(ContractProblems.NotModified, context.Document);
            }
        }

        foreach (var (status, response) in responses)
        {
            if (response is OpenApiResponse given)
            {
                given.Headers ??= new Dictionary<string, IOpenApiHeader>();
                given.Headers[Positions.Header] = new OpenApiHeaderReference(Positions.Header, context.Document);
                given.Headers[Edition.Header] = new OpenApiHeaderReference(Edition.Header, context.Document);
                if (status == "307")
                    given.Headers["Location"] = new OpenApiHeaderReference("Location", context.Document);
                if (metadata.Contains(SharedParameter.IdempotencyKey) && status[0] == '2')
                    given.Headers[Replayed] = new OpenApiHeaderReference(Replayed, context.Document);
                if (metadata.Contains(SharedParameter.DryRun) && status[0] == '2')
                    given.Headers[DryRun.Header] = new OpenApiHeaderReference(DryRun.Header, context.Document);
            }
        }

        if (metadata.OfType<WorkOf>().FirstOrDefault() is null or { Points: > 0 })
            responses["429"] = new OpenApiResponseReference(ContractProblems.TooManyRequests, context.Document);
        // a key and `Min-Position` are looked up in the database wherever they are sent
        if (context.ApiDescription.RelativePath.StartsWith("v1", StringComparison.Ordinal))
            responses["503"] = new OpenApiResponseReference(ContractProblems.NameOf("503", method, hasBody, isOfRecord), context.Document);
        responses["500"] = new OpenApiResponseReference(ContractProblems.InternalError, context.Document);
        responses["default"] = new OpenApiResponseReference(ContractProblems.Any, context.Document);

        if (responses.ContainsKey("304") && !metadata.OfType<RecordRoute>().Any())
        {
            operation.Parameters = [.. operation.Parameters ?? [], new OpenApiParameterReference("If-None-Match", context.Document)];
            ((OpenApiResponse)responses["200"]).Headers!["ETag"] = new OpenApiHeaderReference("ETag", context.Document);
        }
    }

    private const string Replayed = "Idempotency-Replayed";
}
