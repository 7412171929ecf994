using System.Text.Json;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Answers;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Search;

/// <summary>GET of <c>/v1/search</c>.</summary>
internal static class SearchRoutes
{
    private const string Tag = "Search";
    private const int DefaultLimit = 10;
    private const int MaxLimit = 40;

    public static void AddSearch(this IServiceCollection services) => services.AddSingleton<RecordSearch>();

    public static void MapSearch(this IEndpointRouteBuilder v1)
    {
        var resources = v1.ServiceProvider.GetRequiredService<ResourceCatalogue>().OneOrMore;
        v1.MapGet("/search", HandleAsync).WithTags(Tag).WithName("search").WithSummary("Search all resources")
            .WithDescription(
                "The most relevant records of all resources, fast enough to be called at every letter: records whose names have the words, "
                + "the one of exactly that name first; then those whose texts have them; then those with words of similar spelling. "
                + "The last word of `q` may be the beginning of one, unless a space follows it. The answer shows a few records of many; "
                + "`q` on the list of a resource finds all. It reads the present: `asOf` is for lists.")
            .WithMetadata(new WorkOf(Lane.Reads, 3), new Representable([Format.Json]),
                new TagText(Tag, "Records of all resources by their words."),
                new QueryParameter("q", "Words to find, as for the lists.", ParameterShape.Text(ListRequest.MaxSearch)),
                new QueryParameter("resource", "Resources to include (default: all).", resources),
                new QueryParameter("limit", "Number of records.", ParameterShape.Number(1, MaxLimit, DefaultLimit)),
                new ResponseText(200, "The records, the most relevant first."), new ResponseExample(200, Example))
            .Produces<SearchResponse>().Produces(304).ProducesProblem(400).ProducesProblem(406).ProducesProblem(410).ProducesProblem(503);
    }

    private static async Task HandleAsync(
        RecordSearch search, LedgerTail tail, ResourceCatalogue catalogue, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Errors();
        var text = QueryText.Read(http.Request, ["q", "resource", "limit"], ["resource"], errors);
        if (http.Request.Query.ContainsKey(AsOfParameter.Name))
        {
            errors.Add($"/query/{AsOfParameter.Name}", new Fault(
                FaultCode.NotAllowedHere, "The search reads the present; use `q` with `asOf` on the list of a resource."));
        }

        var tables = catalogue.ReadResources(text.List("resource"), errors);
        var limit = text.Limit(errors) ?? DefaultLimit;
        if (limit > MaxLimit)
            errors.Add("/query/limit", Fault.NotFrom(1, MaxLimit, DefaultLimit));
        var words = ListRequest.ReadWords(text["q"] ?? "", errors);
        errors.ThrowIfAny(ProblemType.InvalidParameter);

        // before reading: the records can only be newer
        var position = tail.Newest.EndText;
        var isComplete = char.IsWhiteSpace(text["q"]![^1]);
        var items = await search.FindAsync(words!, isComplete, tables, limit, cancellation);
        Positions.Set(http, position);
        var body = JsonSerializer.SerializeToUtf8Bytes(new SearchResponse(items, words!.Text, position), ApiJson.Options);
        AnswerSlot.Reads(http, () => null);
        await JsonResponse.SendAsync(http, body, RecordETag.OfBytes(body), null, cancellation);
    }

    /// <summary>The record of the example of actors, found by the beginning of its name.</summary>
    private static JsonNode Example(RecordExamples examples)
    {
        var actors = examples.Catalogue.All.First(r => r.HasIdentifiers);
        var record = examples.Record(actors);
        return ExampleJson.Of(new SearchResponse(
        [
            new SearchItem
            {
                Resource = actors.Name,
                Id = (string)record["id"]!,
                Label = (string)record["name"]!,
                Type = (string)record["type"]!,
                TypeLabel = (string)record["typeLabel"]!,
                Href = actors.PathOf((string)record["id"]!, []),
                Matched = SearchItem.NameMatch,
            },
        ], SearchText.Normalize((string)record["name"]!), RecordExamples.Position));
    }
}
