using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Domain.CodeLists;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using Lists = TajikTaliban.Api.Domain.CodeLists.CodeLists;

namespace TajikTaliban.Api.Features.CodeLists;

/// <summary>The code lists, served as data.</summary>
public static class CodeListRoutes
{
    public static void MapCodeLists(this IEndpointRouteBuilder v1)
    {
        var lists = v1.MapGroup("/codelists").WithTags("CodeLists").WithMetadata(new Representable([Format.Json]));
        lists.MapGet("/", ListCodeLists.Handle).WithName("listCodeLists").WithSummary("Lists the code lists.")
            .WithDescription("Every code that a record can hold is in one of these, with its label, its definition and where it comes from.")
            .Produces<CodeListIndexResponse>().Produces(304).ProducesProblem(400).ProducesProblem(406);
        lists.MapGet("/{name}", GetCodeList.Handle).WithName("getCodeList").WithSummary("Gives one code list.")
            .WithDescription("All codes of the list, in the order of the standard, with their mappings to other vocabularies.")
            .Produces<CodeListResponse>().Produces(304).ProducesProblem(400).ProducesProblem(404).ProducesProblem(406);
    }
}

/// <summary>The code lists.</summary>
/// <param name="Items">Each list, without its codes.</param>
public sealed record CodeListIndexResponse(IReadOnlyList<CodeListSummaryResponse> Items);

/// <summary>A code list, without its codes.</summary>
/// <param name="Name">Its name, as in its address.</param>
/// <param name="Title">Its title.</param>
/// <param name="Description">What the codes say, and what is ours in it.</param>
/// <param name="Codes">How many codes it has.</param>
/// <param name="Href">Its address.</param>
public sealed record CodeListSummaryResponse(string Name, string Title, string Description, int Codes, string Href);

/// <summary>A code list.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Title">Its title.</param>
/// <param name="Description">What the codes say, and what is ours in it.</param>
/// <param name="Source">The standard that it comes from.</param>
/// <param name="SourceUrl">Where the standard can be read.</param>
/// <param name="Licence">The licence of the standard.</param>
/// <param name="Codes">The codes.</param>
public sealed record CodeListResponse(
    string Name, string Title, string Description, string Source, string? SourceUrl, string? Licence, IReadOnlyList<CodeResponse> Codes);

/// <summary>A code.</summary>
/// <param name="Code">The code, as records hold it.</param>
/// <param name="Label">The code in words.</param>
/// <param name="Definition">What it means.</param>
/// <param name="Parent">The code that it is a kind of.</param>
/// <param name="Mappings">What it maps to in other vocabularies.</param>
public sealed record CodeResponse(string Code, string Label, string? Definition, string? Parent, IReadOnlyDictionary<string, string> Mappings);

/// <summary>GET of all code lists.</summary>
public static class ListCodeLists
{
    private static readonly byte[] Body = JsonSerializer.SerializeToUtf8Bytes(All(), ApiJson.Options);

    public static Task Handle(HttpContext http, CancellationToken cancellation)
    {
        QueryText.RefuseAny(http.Request);
        return JsonAnswer.SendAsync(http, Body, RecordETag.OfBytes(Body), null, cancellation);
    }

    internal static CodeListIndexResponse All() =>
        new([.. Lists.All.Select(l => new CodeListSummaryResponse(l.Name, l.Title, l.Description, l.Codes.Count, $"/v1/codelists/{l.Name}"))]);
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
            throw new ProblemException(ProblemType.NotFound, "/path/name", $"There is no code list of this name.{(near is null ? "" : $" Did you mean '{near}'?")}");
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(Of(list), ApiJson.Options);
        return JsonAnswer.SendAsync(http, body, RecordETag.OfBytes(body), null, cancellation);
    }

    internal static CodeListResponse Of(CodeList list) => new(
        list.Name, list.Title, list.Description, list.SourceName, list.SourceUrl, list.Licence,
        [.. list.Codes.Select(c => new CodeResponse(c.Value, c.Label, c.Definition, c.Parent, c.Mappings))]);
}
