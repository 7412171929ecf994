using Microsoft.AspNetCore.WebUtilities;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>A list that is ready to be read.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Request">The request, with its identifiers resolved and its moment set.</param>
/// <param name="Position">The ledger position that the response reflects at least; with <c>asOf</c>, exactly.</param>
/// <param name="IsOfPast">Whether <c>asOf</c> was sent.</param>
/// <param name="IsImmutable">Whether the response can never change.</param>
public sealed record ListResult(Resource Resource, ListRequest Request, string Position, bool IsOfPast, bool IsImmutable)
{
    /// <summary>The address of the next page.</summary>
    public string NextPath(HttpRequest request, IReadOnlyList<string> last, SearchMode mode)
    {
        var parameters = QueryHelpers.ParseQuery(request.QueryString.Value);
        parameters["cursor"] = Cursor.Write(last, mode, Request.Canonical);
        // whatever an instant or `latest` means later, all pages are of one position
        if (IsOfPast)
            parameters[AsOfParameter.Name] = Position;
        return QueryHelpers.AddQueryString(request.Path.ToUriComponent(), parameters);
    }
}
