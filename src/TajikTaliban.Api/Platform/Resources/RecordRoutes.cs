using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;

namespace TajikTaliban.Api.Platform.Resources;

public enum RecordOperation
{
    List,
    Availability,
    Get,
    History,
    Create,
    Replace,
    Change,
    Delete,
}

/// <summary>The resource and operation of a route; the contract derives parameters, headers and examples from them.</summary>
public sealed record RecordRoute(Resource Resource, RecordOperation Operation);

/// <summary>The routes of all resources.</summary>
public static class RecordRoutes
{
    private const string MergePatch = "application/merge-patch+json";

    /// <summary>Maps the routes of every resource of the catalogue.</summary>
    public static void MapRecords(this IEndpointRouteBuilder v1)
    {
        var catalogue = v1.ServiceProvider.GetRequiredService<ResourceCatalogue>();
        foreach (var resource in catalogue.All)
            Map(v1, resource, catalogue);
    }

    private static void Map(IEndpointRouteBuilder v1, Resource resource, ResourceCatalogue catalogue)
    {
        var (one, many, record, records) = (resource.Singular, resource.Plural, resource.Noun, resource.Nouns);
        var group = v1.MapGroup(resource.Route).WithTags(resource.Tag);

        Described(
            group.MapGet("/", (ListRecords list, HttpContext http, CancellationToken cancellation) =>
                list.HandleAsync(resource, http, cancellation)),
                RecordOperation.List, $"list{many}", $"List {records}",
                $"{resource.Description}\n\nFollow `next` until it is null (`complete` is then true); a page costs the same at any depth. "
                + "Unknown parameters are errors; "
                + "an empty list states why it is empty. Formats other than JSON contain all matching records as of one position, unless "
                + "`limit` is sent; the trailers "
                + "`Record-Count`, `Position` and `Repr-Digest` (SHA-256 of the bytes before compression) follow the last record, and with "
                + "`q` also `Matched-Words`, the number of records with its words. An incomplete response has no last chunk.")
            .WithMetadata(InFormats(resource))
            .Produces(200, typeof(ListResponse<>).MakeGenericType(resource.ResponseType), "application/json").Produces(304);
        Described(
            group.MapGet($"/{Resource.AvailabilitySegment}",
                (GetAvailability get, HttpContext http, CancellationToken cancellation) => get.HandleAsync(resource, http, cancellation)),
                RecordOperation.Availability, $"get{many}Availability", $"Get the coverage of {records}",
                "Number of records, first and last day, and the most frequent values of each facet.")
            .WithMetadata(new Representable([Format.Json])).Produces<AvailabilityResponse>().Produces(304);
        Described(
            group.MapGet("/{id}", (string id, GetRecord get, HttpContext http, CancellationToken cancellation) =>
                get.HandleAsync(id, resource, http, cancellation)),
                RecordOperation.Get, $"get{one}", $"Get {Article(record)} {record}",
                "The current record with its citations. For a deleted record: 410 with its tombstone.")
            .WithMetadata(InFormats(resource)).Produces(200, resource.ResponseType, "application/json").Produces(304).ProducesProblem(404);

        Described(
            group.MapGet("/{id}/history", (string id, GetHistory get, HttpContext http, CancellationToken cancellation) =>
                get.HandleAsync(id, resource, http, cancellation)),
                RecordOperation.History, $"get{one}History", $"Get the history of {Article(record)} {record}",
                "All versions, newest first, each with its changes field by field, and their time, reason and author. Deleted records "
                + "keep their history.")
            .WithMetadata(
                new Representable([Format.Json]),
                new QueryParameter("limit", "Versions per page.", ParameterShape.Number(1, ListRequest.MaxLimit, ListRequest.DefaultLimit)),
                new QueryParameter("cursor", "Start of the page. Take it from `next` unchanged.",
                    ParameterShape.Text(QueryText.MaxValueLength)))
            .Produces<HistoryResponse>().Produces(304).ProducesProblem(404);

        Writes(
            group.MapPost("/", (CreateRecord create, HttpContext http, CancellationToken cancellation) =>
                create.HandleAsync(resource, http, cancellation)), RecordOperation.Create, $"create{one}",
                $"Create {Article(record)} {record}",
                "The response contains the created record. For an invalid body, `errors` lists all errors, each with its JSON Pointer.")
            .Accepts(resource.RequestType, "application/json")
            .Produces(201, resource.ResponseType, "application/json").ProducesProblem(409).ProducesProblem(413).ProducesProblem(415)
            .ProducesProblem(422);
        Conditional(
            Writes(
                group.MapPut("/{id}", (string id, ReplaceRecord replace, HttpContext http, CancellationToken cancellation) =>
                    replace.HandleAsync(id, resource, http, cancellation)), RecordOperation.Replace, $"replace{one}",
                    $"Replace {Article(record)} {record}, or create one with this id",
                "To replace, send `If-Match` with the record's `ETag`; to create only, send `If-None-Match: *`. The body may contain the "
                + "fields that the service sets (version, derived fields), unchanged. A replacement without a difference creates no new "
                + "version."))
            .Accepts(resource.RequestType, "application/json")
            .Produces(200, resource.ResponseType, "application/json").Produces(201, resource.ResponseType, "application/json")
            .ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        Conditional(
            Writes(
                group.MapPatch("/{id}", (string id, ChangeRecord change, HttpContext http, CancellationToken cancellation) =>
                    change.HandleAsync(id, resource, http, cancellation)), RecordOperation.Change, $"change{one}",
                    $"Change {Article(record)} {record}",
                "A merge patch (RFC 7396): each field in the body replaces the field of the record, null removes it, and an array replaces "
                + "the whole array. Requires `If-Match`."))
            .Accepts(resource.RequestType, MergePatch, "application/json")
            .Produces(200, resource.ResponseType, "application/json")
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        var delete = Conditional(
            Writes(
                group.MapDelete("/{id}", (string id, DeleteRecord operation, HttpContext http, CancellationToken cancellation) =>
                    operation.HandleAsync(id, resource, http, cancellation)), RecordOperation.Delete, $"delete{one}",
                    $"Delete {Article(record)} {record}",
                "Later requests for the id return 410 with a tombstone, and the id is never reused. If other records refer to the record, "
                + "the response is 409 with a list of them. Requires `If-Match`."))
            .Produces(204).ProducesProblem(404);
        if (catalogue.All.Any(r => r.List.Scope?.Table == resource.Table || r.List.Expands.Any(e => e.Table == resource.Table)))
            delete.ProducesProblem(409);

        RouteHandlerBuilder Described(RouteHandlerBuilder route, RecordOperation operation, string name, string summary, string description)
        {
            // the parent may be missing
            if (resource.List.Scope is not null)
                route.ProducesProblem(404);
            if (resource.IsMergeable && operation == RecordOperation.Get)
                route.ProducesProblem(308);
            return route.WithName(name).WithSummary(summary).WithDescription(description).WithMetadata(new RecordRoute(resource, operation))
                .ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
        }

        RouteHandlerBuilder Writes(RouteHandlerBuilder route, RecordOperation operation, string name, string summary, string description)
        {
            // the parent may be missing
            if (resource.List.Scope is not null)
                route.ProducesProblem(404);
            return route.WithName(name).WithSummary(summary).WithDescription(description).WithMetadata(new RecordRoute(resource, operation))
                .WithMetadata([SharedParameter.IdempotencyKey, .. SharedParameter.Reasons, SharedParameter.DryRun])
                .RequireAuthorization(Roles.Editor).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(410)
                .ProducesProblem(503);
        }

        static RouteHandlerBuilder Conditional(RouteHandlerBuilder route) => route.ProducesProblem(412).ProducesProblem(428);
    }

    /// <summary>The formats of a resource's lists and records, with their descriptions in the contract.</summary>
    private static object[] InFormats(Resource resource) =>
    [
        new Representable(RecordFormats.Of(resource)),
        .. RecordFormats.ParametersOf(resource),
        .. RecordFormats.Of(resource).OfType<RecordFormat>()
            .SelectMany(f => (object[])
            [
                new NonJsonContent(200, f.MediaType, $"As `{f.MediaType}` (`format={f.Name}`, suffix `.{f.Name}`)."),
                new ResponseExample(200, examples => examples.Record(resource, f), f.MediaType),
            ]),
    ];

    private static string Article(string word) => "aeiou".Contains(word[0], StringComparison.Ordinal) ? "an" : "a";
}
