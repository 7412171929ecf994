using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Reports;

namespace TajikTaliban.Api.Features.Reports;

/// <summary>Reports of errors, newest first.</summary>
/// <param name="Items">The reports.</param>
/// <param name="Next">The address of the next page, with older reports; null on the last page.</param>
public sealed record ReportsResponse(IReadOnlyList<ReportResponse> Items, string? Next);

/// <summary>GET of <c>/v1/reports</c>.</summary>
internal static class ListReports
{
    public const string Record = "record";
    private static readonly string[] Known = ["state", Record, "limit", "cursor"];

    public static async Task Handle(ReportDesk desk, ReferenceReader references, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        var errors = new Errors();
        var text = QueryText.Read(http.Request, Known, [], errors);
        var limit = text.Limit(errors) ?? ListRequest.DefaultLimit;
        if (text["state"] is { } state && !ReportState.All.Contains(state))
            errors.Add("/query/state", Fault.NotOneOf(state, ReportState.All));
        var named = text[Record] is { } name ? ReadRecord(name, desk.Catalogue, errors) : null;
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        var (query, secrets) = ($"reports/{text["state"]}/{text[Record]}", Cursor.SecretsOf(http));
        var below = text["cursor"] is not { } cursor ? long.MaxValue
            : long.TryParse(
                Cursor.Read(cursor, 1, query, secrets)[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number : throw Cursor.Refused();
        var filter = new ReportFilter(text["state"], named is var (resource, id)
            ? (resource.Table, await ResolveAsync(references, resource, id, cancellation)) : null);
        var found = await desk.Store.ListAsync(filter, below, limit + 1, cancellation);
        var next = found.Count <= limit ? null
            : Next(http.Request, Cursor.Write([found[limit - 1].Number.ToString(CultureInfo.InvariantCulture)], query, secrets));
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new ReportsResponse([.. found.Take(limit).Select(r => ReportResponse.Of(r, desk.Catalogue, ofEditors: true))], next),
            ApiJson.Options);
        await JsonResponse.SendPrivateAsync(http, body, cancellation);
    }

    /// <summary>The resource and the id, or identifier, of <c>events/ID</c>.</summary>
    private static (Resource Resource, string Id)? ReadRecord(string text, ResourceCatalogue catalogue, Errors errors)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (name, id) = slash < 0 ? (text, "") : (text[..slash], text[(slash + 1)..]);
        if (catalogue.All.FirstOrDefault(r => r.Name == name) is not { } resource)
            errors.Add($"/query/{Record}", catalogue.UnknownName(name));
        else if (!resource.TakesAsIdentifier(id) && !RecordId.IsValid(id))
            errors.Add($"/query/{Record}", Fault.NotAnId(id));
        else
            return (resource, id);
        return null;
    }

    private static async Task<string> ResolveAsync(
        ReferenceReader references, Resource resource, string id, CancellationToken cancellation)
    {
        if (!resource.TakesAsIdentifier(id))
            return id;
        var found = await references.ResolveAsync([(resource.Target!, id)], null, cancellation);
        return found.TryGetValue((resource.Target!, id), out var known) ? known
            : throw ProblemException.Query(Record, Fault.UnknownIdentifier(resource.Noun, id));
    }

    private static string Next(HttpRequest request, string cursor)
    {
        var parameters = QueryHelpers.ParseQuery(request.QueryString.Value);
        parameters["cursor"] = cursor;
        return QueryHelpers.AddQueryString(request.Path.ToUriComponent(), parameters);
    }
}
