using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>A list request at a position, ready to be executed.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Request">The request, with identifiers and the as-of point resolved.</param>
/// <param name="Position">The ledger position that the response reflects; of a live page, at least.</param>
/// <param name="IsAsOf">Whether <c>asOf</c> was sent.</param>
/// <param name="IsFixed">Whether the records in the response can never change.</param>
public sealed record ListResult(Resource Resource, ListRequest Request, Position Position, bool IsAsOf, bool IsFixed)
{
    /// <summary>How many records the list leaves out because their content as of its position was removed.</summary>
    public int Redacted { get; init; }

    /// <summary>The walk that the page belongs to; null where no position is promised, or <c>asOf</c> names it.</summary>
    public Walk? Walk { get; init; }

    /// <summary>The address of the same list beyond what is known.</summary>
    public string BeyondPath(HttpRequest request)
    {
        var parameters = QueryHelpers.ParseQuery(request.QueryString.Value);
        parameters["holds"] = "unknown";
        NameState(parameters, request);
        return QueryHelpers.AddQueryString(request.Path.ToUriComponent(), parameters);
    }

    /// <summary>The address of the next page.</summary>
    public string NextPath(HttpRequest request, IReadOnlyList<string> last, SearchMode mode)
    {
        var parameters = QueryHelpers.ParseQuery(request.QueryString.Value);
        parameters["cursor"] = Cursor.Write(
            last, mode, Walk is null ? null : Position, Request.Canonical, Cursor.SecretsOf(request.HttpContext));
        NameState(parameters, request);
        return QueryHelpers.AddQueryString(request.Path.ToUriComponent(), parameters);
    }
    /// <summary>As of a position in the current edition: an instant or <c>latest</c> may change its meaning.</summary>
    private void NameState(Dictionary<string, StringValues> parameters, HttpRequest request)
    {
        if (!IsAsOf)
            return;
        parameters[AsOfParameter.Name] = Position.ToString();
        parameters[Edition.Parameter] = Edition.Of(request.HttpContext).Text;
    }
}
