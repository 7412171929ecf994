using System.Text.Json;
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
/// <param name="Codelists">Where the code lists are.</param>
/// <param name="Contract">Where the OpenAPI contract is.</param>
/// <param name="Documentation">Where the documentation is.</param>
public sealed record IndexResponse(
    string Name, IReadOnlyList<ResourceResponse> Resources, string Codelists, string Contract, string Documentation);

/// <summary>A resource.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">The content of its records.</param>
/// <param name="Href">Its address; `{…}` stands for an id.</param>
/// <param name="Availability">The address of its coverage.</param>
public sealed record ResourceResponse(string Name, string Description, string Href, string Availability);

internal static class Index
{
    public static void MapIndex(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/", Handle).WithName("getIndex").WithTags("Index").WithSummary("List the resources")
            .WithDescription("The resources, the code lists and the contract, with their addresses.")
            .WithMetadata(new Representable([Format.Json]), new TagText("Index", "The start of the API."),
                new ResponseText(200, "The resources and their addresses."),
                new ResponseExample(200, examples => ExampleJson.Of(Of(examples.Catalogue))))
            .Produces<IndexResponse>().Produces(304).ProducesProblem(400).ProducesProblem(406);

    private static Task Handle(ResourceCatalogue catalogue, HttpContext http, CancellationToken cancellation)
    {
        QueryText.RefuseAny(http.Request);
        var body = JsonSerializer.SerializeToUtf8Bytes(Of(catalogue), ApiJson.Options);
        return JsonResponse.SendAsync(http, body, RecordETag.OfBytes(body), null, cancellation);
    }

    public static IndexResponse Of(ResourceCatalogue catalogue) => new(
        "Tajikistan and the Taliban: actors, relations, events and figures, each with its evidence",
        [.. catalogue.All.Select(r => new ResourceResponse(r.Name, r.Description, $"/v1{r.Route}", $"/v1{r.Route}/availability"))],
        "/v1/codelists", "/openapi/v1.json", "/docs");
}
