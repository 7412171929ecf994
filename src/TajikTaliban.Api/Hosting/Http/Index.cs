using System.Text.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing.Patterns;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>The index of the service.</summary>
/// <param name="Name">The name of the service.</param>
/// <param name="Resources">The resources, with their addresses.</param>
/// <param name="Operations">Every operation of the service, ordered by address and method.</param>
/// <param name="Pages">Every other address: the guide, the meanings of problems, the contract in OpenAPI 3.1.</param>
/// <param name="Codelists">Where the code lists are.</param>
/// <param name="Contract">Where the OpenAPI contract is.</param>
/// <param name="Documentation">Where the documentation is.</param>
public sealed record IndexResponse(
    string Name, IReadOnlyList<ResourceResponse> Resources, IReadOnlyList<OperationResponse> Operations, IReadOnlyList<string> Pages,
    string Codelists, string Contract, string Documentation);

/// <summary>A resource.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">The content of its records.</param>
/// <param name="Href">Its address; `{…}` stands for an id.</param>
/// <param name="Availability">The address of its coverage.</param>
public sealed record ResourceResponse(string Name, string Description, string Href, string Availability);

/// <summary>An operation.</summary>
/// <param name="Name">Its name, as in the contract.</param>
/// <param name="Summary">Its purpose.</param>
/// <param name="Method">The HTTP method.</param>
/// <param name="Href">The address; `{…}` stands for an id.</param>
/// <param name="Formats">The values of `format`, the first of which is the default; empty where the response has one form.</param>
/// <param name="Role">The role that a key needs; null if no key is needed.</param>
public sealed record OperationResponse(
    string Name, string Summary, string Method, string Href, IReadOnlyList<string> Formats, string? Role);

internal static class Index
{
    public static void MapIndex(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/", Handle).WithName("getIndex").WithTags("Index").WithSummary("List everything that the service has")
            .WithDescription(
                "The resources, every operation with its formats, the pages of the documentation, the code lists and the contract.")
            .WithMetadata(new Representable([Format.Json]), new TagText("Index", "The start of the API."),
                new ResponseText(200, "The resources, operations and pages, with their addresses."),
                new ResponseExample(200, examples =>
                    ExampleJson.Of(Of(examples.Catalogue, v1.ServiceProvider.GetRequiredService<EndpointDataSource>()))))
            .Produces<IndexResponse>().Produces(304).ProducesProblem(400).ProducesProblem(406);

    private static Task Handle(ResourceCatalogue catalogue, EndpointDataSource routes, HttpContext http, CancellationToken cancellation)
    {
        QueryText.RefuseAny(http.Request);
        var body = JsonSerializer.SerializeToUtf8Bytes(Of(catalogue, routes), ApiJson.Options);
        return JsonResponse.SendAsync(http, body, RecordETag.OfBytes(body), null, cancellation);
    }

    private static IndexResponse Of(ResourceCatalogue catalogue, EndpointDataSource routes)
    {
        var endpoints = routes.Endpoints.OfType<RouteEndpoint>().ToList();
        return new(
            "Tajikistan and the Taliban: actors, relations, events and figures, each with its evidence",
            [.. catalogue.All.Select(r => new ResourceResponse(r.Name, r.Description, $"/v1{r.Route}", $"/v1{r.Route}/availability"))],
            [.. endpoints.SelectMany(OperationsOf)
                .OrderBy(o => o.Href, StringComparer.Ordinal).ThenBy(o => o.Method, StringComparer.Ordinal)],
            [.. endpoints.Where(IsPage).Select(AddressOf).Where(a => a is not ("/" or OpenApi.Contract.Path))
                .Order(StringComparer.Ordinal)],
            "/v1/codelists", OpenApi.Contract.Path, "/docs");
    }

    /// <summary>The operations of a route: those that the contract describes, each with a name.</summary>
    private static IEnumerable<OperationResponse> OperationsOf(RouteEndpoint route)
    {
        var metadata = route.Metadata;
        if (IsPage(route) || metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName is not { } name)
            return [];
        var formats = metadata.GetMetadata<Representable>()?.Formats.Select(f => f.Name).ToList() ?? [];
        return (metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []).Select(method => new OperationResponse(
            name, metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary ?? name, method, AddressOf(route),
            formats.Count > 1 ? formats : [], metadata.GetMetadata<IAuthorizeData>()?.Policy));
    }

    private static bool IsPage(RouteEndpoint route) => route.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is not null;

    /// <summary>The address of a route: without the constraints of its parameters and without a slash at its end.</summary>
    private static string AddressOf(RouteEndpoint route) =>
        "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
        {
            RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
            RoutePatternLiteralPart literal => literal.Content,
            RoutePatternSeparatorPart separator => separator.Content,
            _ => "",
        }))));
}
