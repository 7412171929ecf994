using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.CodeLists;

/// <summary>The code lists, served as data.</summary>
public static class CodeListRoutes
{
    private const string Tag = "CodeLists";

    private static readonly PathParameter Name = new("name", "The name of the code list.",
        ParameterShape.One("CodeListName", "The name of a code list.", Lists.All.Select(l => l.Name)), Lists.ActorTypes.Name);

    public static void MapCodeLists(this IEndpointRouteBuilder v1)
    {
        var lists = v1.MapGroup("/codelists").WithTags(Tag)
            .WithMetadata(new Representable([Format.Json]),
                new TagText(Tag, "All codes of the records, with labels, definitions and origins."));
        lists.MapGet("/", ListCodeLists.Handle).WithName("listCodeLists").WithSummary("List the code lists")
            .WithDescription("Every code of a record is in one of these lists, with its label, definition and origin.")
            .WithMetadata(new ResponseText(200, "The code lists, without their codes."),
                new ResponseExample(200, _ => ExampleJson.Of(ListCodeLists.All())))
            .Produces<CodeListIndexResponse>().Produces(304).ProducesProblem(400).ProducesProblem(406);
        lists.MapGet("/all", GetAllCodeLists.Handle).WithName("getAllCodeLists").WithSummary("Get all code lists")
            .WithDescription("All lists with all codes in one response: labels and definitions for every code of the records.")
            .WithMetadata(new ResponseText(200, "The code lists with their codes."),
                new ResponseExample(200, _ => ExampleJson.Of(new CodeListsResponse([GetCodeList.Of(Lists.Flows)]))))
            .Produces<CodeListsResponse>().Produces(304).ProducesProblem(400).ProducesProblem(406);
        lists.MapGet("/{name}", GetCodeList.Handle).WithName("getCodeList").WithSummary("Get a code list")
            .WithDescription("All codes of the list, in the order of the standard, with their mappings to other vocabularies.")
            .WithMetadata(Name, new ResponseText(200, "The code list with its codes."),
                new ResponseExample(200, _ => ExampleJson.Of(GetCodeList.Of(Lists.ActorTypes))))
            .Produces<CodeListResponse>().Produces(304).ProducesProblem(400).ProducesProblem(404).ProducesProblem(406);
    }
}

/// <summary>The code lists.</summary>
/// <param name="Items">Each list, without its codes.</param>
public sealed record CodeListIndexResponse(IReadOnlyList<CodeListSummaryResponse> Items);

/// <summary>A code list, without its codes.</summary>
/// <param name="Name">The name, as in the address.</param>
/// <param name="Title">The title.</param>
/// <param name="Description">The meaning of the codes, and our additions to the standard.</param>
/// <param name="Codes">Number of codes.</param>
/// <param name="Href">The address.</param>
public sealed record CodeListSummaryResponse(string Name, string Title, string Description, int Codes, string Href);

/// <summary>The code lists with their codes.</summary>
/// <param name="Items">Each list.</param>
public sealed record CodeListsResponse(IReadOnlyList<CodeListResponse> Items);

/// <summary>A code list.</summary>
/// <param name="Name">The name.</param>
/// <param name="Title">The title.</param>
/// <param name="Description">The meaning of the codes, and our additions to the standard.</param>
/// <param name="Source">The standard.</param>
/// <param name="SourceUrl">The address of the standard.</param>
/// <param name="Licence">The licence of the standard.</param>
/// <param name="Codes">The codes.</param>
public sealed record CodeListResponse(
    string Name, string Title, string Description, string Source, string? SourceUrl, string? Licence, IReadOnlyList<CodeResponse> Codes);

/// <summary>A code.</summary>
/// <param name="Code">The code, as in records.</param>
/// <param name="Label">The label.</param>
/// <param name="Definition">The definition.</param>
/// <param name="Parent">The broader code.</param>
/// <param name="Mappings">The corresponding terms in other vocabularies.</param>
public sealed record CodeResponse(
    string Code, string Label, string? Definition, string? Parent, IReadOnlyDictionary<string, string> Mappings);

/// <summary>GET of all code lists.</summary>
public static class ListCodeLists
{
    private static readonly byte[] Body = JsonSerializer.SerializeToUtf8Bytes(All(), ApiJson.Options);

    public static Task Handle(HttpContext http, CancellationToken cancellation)
    {
        QueryText.RefuseAny(http.Request);
        return JsonResponse.SendAsync(http, Body, RecordETag.OfBytes(Body), null, cancellation);
    }

    internal static CodeListIndexResponse All() =>
        new([.. Lists.All.Select(
            l => new CodeListSummaryResponse(l.Name, l.Title, l.Description, l.Codes.Count, $"/v1/codelists/{l.Name}"))]);
}

/// <summary>GET of all code lists with their codes.</summary>
public static class GetAllCodeLists
{
    private static readonly byte[] Body =
        JsonSerializer.SerializeToUtf8Bytes(new CodeListsResponse([.. Lists.All.Select(GetCodeList.Of)]), ApiJson.Options);

    public static Task Handle(HttpContext http, CancellationToken cancellation)
    {
        QueryText.RefuseAny(http.Request);
        return JsonResponse.SendAsync(http, Body, RecordETag.OfBytes(Body), null, cancellation);
    }
}

/// <summary>GET of one code list.</summary>
public static class GetCodeList
{
    public static Task Handle(string name, HttpContext http, CancellationToken cancellation)
    {
        QueryText.RefuseAny(http.Request);
        if (Lists.FindOrNull(name) is not { } list)
        {
            var near = Suggest.Nearest(name, Lists.All.Select(l => l.Name));
            throw new ProblemException(ProblemType.NotFound, "/path/name", new Fault(FaultCode.NotFound,
                $"No code list has this name.{Fault.Hint(near)}", ("kind", "code list"), ("value", name), ("nearest", near)));
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(Of(list), ApiJson.Options);
        return JsonResponse.SendAsync(http, body, RecordETag.OfBytes(body), null, cancellation);
    }

    internal static CodeListResponse Of(CodeList list) => new(
        list.Name, list.Title, list.Description, list.SourceName, list.SourceUrl, list.Licence,
        [.. list.Codes.Select(c => new CodeResponse(c.Value, c.Label, c.Definition, c.Parent, c.Mappings))]);
}
