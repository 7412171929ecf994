using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Querying;

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

/// <summary>What a route does with which resource: the contract reads parameters, headers and examples from it.</summary>
public sealed record RecordRoute(Resource Resource, RecordOperation Operation);

/// <summary>The routes that every resource has.</summary>
public static class RecordRoutes
{
    private const string MergePatch = "application/merge-patch+json";

    public static void MapRecords<TResource>(this IEndpointRouteBuilder v1)
        where TResource : Resource
    {
        var resource = v1.ServiceProvider.GetRequiredService<TResource>();
        var (one, many) = (resource.Singular, resource.Plural);
        var (record, records) = (Words(one), Words(many));
        var group = v1.MapGroup(resource.Route).WithTags(resource.Route.Contains("observations", StringComparison.Ordinal) ? "Indicators" : Tag(resource));

        Describe(group.MapGet("/", ListRecords.Handle<TResource>), RecordOperation.List, $"list{many}", $"Lists {records}.",
                $"{resource.Description}\n\nPages follow `next` until it is null (`complete` is then true); a page costs the same at any depth. "
                + "An unknown parameter is refused, an empty list says why it is empty.")
            .Produces(200, typeof(ListResponse<>).MakeGenericType(resource.ResponseType), "application/json").Produces(304);
        Describe(group.MapGet($"/{Resource.AvailabilitySegment}", GetAvailability.Handle<TResource>), RecordOperation.Availability, $"get{many}Availability",
                $"Says what {records} there are.", "How many, which days they cover, and the most frequent values of what they can be counted by.")
            .Produces<AvailabilityResponse>().Produces(304);
        Describe(group.MapGet("/{id}", GetRecord.Handle<TResource>), RecordOperation.Get, $"get{one}", $"Gives one {record}.",
                "The record as it is now, with its citations. A deleted record answers 410 with its tombstone.")
            .Produces(200, resource.ResponseType, "application/json").Produces(304).ProducesProblem(404);

        Describe(group.MapGet("/{id}/history", GetHistory.Handle<TResource>), RecordOperation.History, $"get{one}History", $"Gives the versions of {Article(record)} {record}.",
                "Newest first, each with what it changed field by field, when, why and by whom. A deleted record has its history still.")
            .WithMetadata(
                new QueryParameter("limit", "How many versions a page has.", ParameterShape.Number(1, ListRequest.MaxLimit, ListRequest.DefaultLimit)),
                new QueryParameter("before", "A version, of which those before are given. Take it from `next`.", ParameterShape.Number(2)))
            .Produces<HistoryResponse>().Produces(304).ProducesProblem(404);

        Writes(group.MapPost("/", (CreateRecord create, HttpContext http, CancellationToken cancellation) => create.HandleAsync(resource, http, cancellation)), RecordOperation.Create, $"create{one}", $"Adds {Article(record)} {record}.",
                "All that is wrong with the body is told at once, each fault at its JSON Pointer. The answer has the record as it is served.")
            .Accepts(resource.RequestType, "application/json").WithMetadata(SharedParameter.IdempotencyKey)
            .Produces(201, resource.ResponseType, "application/json").ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        Conditional(Writes(group.MapPut("/{id}", (string id, ReplaceRecord replace, HttpContext http, CancellationToken cancellation) => replace.HandleAsync(id, resource, http, cancellation)), RecordOperation.Replace, $"replace{one}", $"Replaces {Article(record)} {record}, or adds one at this id.",
                "Replacing needs `If-Match` with the record's `ETag`; `If-None-Match: *` makes sure that it only adds. What the service sets itself (version, derived fields) "
                + "may be sent back as it was read. A replacement that changes nothing makes no new version."))
            .Accepts(resource.RequestType, "application/json")
            .Produces(200, resource.ResponseType, "application/json").Produces(201, resource.ResponseType, "application/json")
            .ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        Conditional(Writes(group.MapPatch("/{id}", (string id, ChangeRecord change, HttpContext http, CancellationToken cancellation) => change.HandleAsync(id, resource, http, cancellation)), RecordOperation.Change, $"change{one}", $"Changes {Article(record)} {record}.",
                "A merge patch (RFC 7396): fields that are given replace the record's, null removes, an array is replaced whole. Needs `If-Match`."))
            .Accepts(resource.RequestType, MergePatch, "application/json")
            .Produces(200, resource.ResponseType, "application/json")
            .ProducesProblem(404).ProducesProblem(409).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422);
        var delete = Conditional(Writes(group.MapDelete("/{id}", (string id, DeleteRecord operation, HttpContext http, CancellationToken cancellation) => operation.HandleAsync(id, resource, http, cancellation)), RecordOperation.Delete, $"delete{one}", $"Deletes {Article(record)} {record}.",
                "Leaves a tombstone: the id answers 410 and is never used again. While other records refer to it, it is refused with the list of them. Needs `If-Match`."))
            .Produces(204).ProducesProblem(404);
        if (v1.ServiceProvider.GetRequiredService<ResourceCatalogue>().All.Any(r => r.List.Scope?.Table == resource.Table || r.List.Expands.Any(e => e.Table == resource.Table)))
            delete.ProducesProblem(409);

        RouteHandlerBuilder Describe(RouteHandlerBuilder route, RecordOperation operation, string name, string summary, string description)
        {
            // the parent may be missing
            if (resource.List.Scope is not null)
                route.ProducesProblem(404);
            if (CanBeMerged(operation))
                route.ProducesProblem(308);
            return route.WithName(name).WithSummary(summary).WithDescription(description).WithMetadata(new RecordRoute(resource, operation))
                .ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
        }

        RouteHandlerBuilder Writes(RouteHandlerBuilder route, RecordOperation operation, string name, string summary, string description)
        {
            // the parent may be missing
            if (resource.List.Scope is not null)
                route.ProducesProblem(404);
            if (CanBeMerged(operation))
                route.ProducesProblem(308);
            return route.WithName(name).WithSummary(summary).WithDescription(description).WithMetadata(new RecordRoute(resource, operation)).WithMetadata([.. SharedParameter.Reasons])
                .RequireAuthorization(Roles.Editor).ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(410).ProducesProblem(503);
        }

        bool CanBeMerged(RecordOperation operation) => resource.IsMergeable
            && operation is (RecordOperation.Get or RecordOperation.Replace or RecordOperation.Change or RecordOperation.Delete);

        static RouteHandlerBuilder Conditional(RouteHandlerBuilder route) => route.ProducesProblem(412).ProducesProblem(428);
    }

    private static string Tag(Resource resource) => char.ToUpperInvariant(resource.Name[0]) + resource.Name[1..];

    private static string Article(string word) => "aeiou".Contains(word[0], StringComparison.Ordinal) ? "an" : "a";

    /// <summary>TradeFigure is "trade figure".</summary>
    private static string Words(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : " ") + char.ToLowerInvariant(c) : c.ToString()));
}
