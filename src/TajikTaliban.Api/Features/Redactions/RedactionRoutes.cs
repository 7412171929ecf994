using System.Text.Json.Nodes;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Redactions;

/// <summary>Removing the content of versions that may not be public. Decision 0039.</summary>
internal static class RedactionRoutes
{
    private const string Tag = "Redactions";
    private const string Reason = "A private address was published by mistake.";

    public static void AddRedactions(this IServiceCollection services) => services.AddSingleton<CreateRedactionValidator>();

    public static void MapRedactions(this IEndpointRouteBuilder v1)
    {
        var group = v1.MapGroup("/redactions").WithTags(Tag)
            .WithMetadata(new TagText(Tag, "Versions whose content was removed because it may not be public."));
        group.MapGet("/", ListRedactions.Handle).WithName("listRedactions")
            .WithSummary("List versions whose content was removed, the last removed first")
            .WithDescription(
                "Positions, versions and ids stay. In the history and the feed such a version has `redacted: true` and no content; read by "
                + "its version or as of its time it is 410; lists as of its time leave it out and state how many records they leave out "
                + "(`redacted`, and the header `Redacted` in every format).")
            .WithMetadata(
                new Representable([Format.Json]),
                new QueryParameter("limit", "Versions per page.",
                    ParameterShape.Number(1, ListRequest.MaxLimit, ListRequest.DefaultLimit)),
                new QueryParameter("cursor", "Start of the page. Take it from `next` unchanged.",
                    ParameterShape.Text(QueryText.MaxValueLength)),
                new ResponseText(200, "The versions."), new ResponseExample(200, Page))
            .Produces<RedactionsResponse>().Produces(304).ProducesProblem(400).ProducesProblem(406).ProducesProblem(410)
            .ProducesProblem(503);
        group.MapPost("/", CreateRedaction.Handle).WithName("createRedaction").WithSummary("Remove the content of versions of a record")
            .WithDescription(
                "Removes document and note of the versions from the ledger and the past, for good; followers of the feed get a change with "
                + "the operation `redacted` for each of them. The current version is refused: change or delete the record first. Ids are "
                + "not removed. Purge the addresses in `purge`, and those as of positions, in shared caches; backups keep the content "
                + "until they are replaced.")
            .WithMetadata(
                SharedParameter.IdempotencyKey, SharedParameter.ChangeCause, SharedParameter.ChangeNote, SharedParameter.EncodedChangeNote,
                SharedParameter.DryRun, new ResponseText(200, "The redacted versions."), new RequestExample(Request),
                new ResponseExample(200, Created))
            .RequireAuthorization(Roles.Admin).Accepts<CreateRedactionRequest>("application/json")
            .Produces<CreatedRedactionResponse>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404)
            .ProducesProblem(406).ProducesProblem(409).ProducesProblem(410).ProducesProblem(413).ProducesProblem(415).ProducesProblem(422)
            .ProducesProblem(503);
    }

    private static CreateRedactionRequest RequestOf(RecordExamples examples) => new()
    {
        Resource = examples.Changed.Name,
        Id = examples.Corrected().Id,
        Versions = [1],
        Reason = Reason,
    };

    private static JsonNode Request(RecordExamples examples) => ExampleJson.OfRequest(RequestOf(examples));

    private static JsonNode Created(RecordExamples examples) =>
        ExampleJson.Of(CreateRedaction.Response(examples.Changed, RequestOf(examples), [1], examples.Catalogue.Edition));

    private static JsonNode Page(RecordExamples examples)
    {
        var corrected = examples.Corrected();
        return ExampleJson.Of(new RedactionsResponse(
            [ListRedactions.ResponseOf(
                new Redaction(1, corrected.Table, corrected.Id, 1, corrected.Position.Whole, corrected.CommittedAt, Reason, null),
                examples.Catalogue)], null));
    }
}
