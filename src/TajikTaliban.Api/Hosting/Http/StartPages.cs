using System.Net;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using TajikTaliban.Api.Features.Search;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>The pages for people who come without an address: the start at <c>/</c>, and what its search finds.</summary>
internal static class StartPages
{
    private const string Title = "Tajikistan and the Taliban";
    private const string SearchPath = "/search";
    private const string Words = "q";
    private const int MaxFound = 40;

    public static void MapStartPages(this WebApplication app)
    {
        app.MapGet("/", Start).ExcludeFromDescription();
        app.MapGet(SearchPath, SearchAsync).WithMetadata(new WorkOf(Lane.Reads, 3)).ExcludeFromDescription();
    }

    private static IResult Start(ResourceCatalogue catalogue, LedgerTail tail, HttpContext http)
    {
        CommonHeaders.VaryByAccept(http);
        http.Response.Headers.CacheControl = "no-cache";
        if (PrefersJson(http.Request))
            return Results.Redirect("/v1");
        var resources = catalogue.All.Where(r => r.List.Scope is null).Select(r =>
            $"<li><a href=\"/v1{r.Route}\">{Text(Capital(r.Nouns))}</a> "
            + $"(<a href=\"/v1{r.Route}.csv\">{Text(r.Nouns)} as a table, CSV</a>): {HtmlPage.Encode(r.Description)}</li>");
        return HtmlPage.Of(Title,
            $"""
            <p>A public data service on the relationship of Tajikistan and the Taliban’s Afghanistan: actors, relations between them,
            events, trade and other figures. Every record says who says so, where, and with what certainty; a claim is marked as the claim
            of its source. Reading is open to all and needs no key.</p>
            {Form("")}
            <h2>Where to begin</h2>
            <ul class="doors">
            <li><h3><a href="/docs/guide/front-end">Front-end developers</a></h3>
            <p>JSON for pages of any origin, with a contract for typed clients.</p>
            <p><a href="/v1/events?sort=-earliest&amp;limit=10">The ten latest events</a></p></li>
            <li><h3><a href="/docs/guide/journalists">Data journalists</a></h3>
            <p>Tables for spreadsheets, each row with its sources.</p>
            <p><a href="/v1/trade.csv">All trade figures as a table (CSV)</a></p></li>
            <li><h3><a href="/docs/guide/services">Other services</a></h3>
            <p>A copy that follows every change, by pages, streams or webhooks.</p>
            <p><a href="/v1/changes?limit=10">The first ten changes</a></p></li>
            </ul>
            <h2>What there is</h2>
            <ul>{string.Concat(resources)}</ul>
            <p>The newest position of the ledger, which counts all changes, is <code>{Text(tail.Newest.EndText)}</code>.
            <a href="/v1/corrections">Corrections</a> and <a href="/v1/releases">releases</a> are listed. Is something wrong?
            <a href="/docs/guide/journalists#report-an-error">Report an error</a>; no key is needed.</p>
            <h2>Documentation</h2>
            <ul>
            <li><a href="/docs">Reference</a>: every address, with calls to try</li>
            <li><a href="/docs/guide">Guide</a>: how to use the service, by example</li>
            <li><a href="/openapi/v1.json">Contract</a> (OpenAPI), from which clients are generated</li>
            <li><a href="/v1">Index</a> of all operations, as JSON</li>
            <li><a href="/problems">Problems</a>: what each error means and what to do</li>
            </ul>
            """);
    }

    private static async Task<IResult> SearchAsync(
        RecordSearch search, ResourceCatalogue catalogue, HttpContext http, CancellationToken cancellation)
    {
        var errors = new Errors();
        var sent = QueryText.Read(http.Request, [Words], [], errors)[Words]?.Trim() ?? "";
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        http.Response.Headers.CacheControl = "no-cache";
        if (sent.Length == 0)
            return HtmlPage.Of("Search", Form(""));
        if (ListRequest.ReadWords(sent, errors) is not { } words)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return HtmlPage.Of("Search",
                Form(sent) + "<p role=\"alert\">Search for a word of letters or digits, in at most "
                + $"{ListRequest.MaxSearch} characters.</p>");
        }

        var found = await search.FindAsync(words, isComplete: false, null, MaxFound, cancellation);
        var body = new StringBuilder(Form(sent));
        if (found.Count == 0)
            return HtmlPage.Of($"No records for “{sent}”", body.Append("<p>Try fewer words, or another spelling.</p>").ToString());
        body.Append("<ol class=\"found\">");
        foreach (var item in found)
        {
            var resource = catalogue.All.Single(r => r.Name == item.Resource);
            body.Append("<li><a href=\"").Append(Text(item.Href)).Append("\">").Append(Text(item.Label)).Append("</a><br>")
                .Append("<span class=\"note\">").Append(Text(Capital(resource.Noun)));
            if (item.TypeLabel is not null)
                body.Append(", ").Append(Text(item.TypeLabel));
            if (item.Matched == SearchItem.SpellingMatch)
                body.Append(", by a similar spelling");
            body.Append("</span></li>");
        }

        var tables = catalogue.All.Where(r => r.List.Scope is null && found.Any(f => f.Resource == r.Name)).Select(r =>
            $"<a href=\"{Text(QueryHelpers.AddQueryString($"/v1{r.Route}.csv", Words, sent))}\">{Text(r.Nouns)}</a>").ToList();
        body.Append("</ol>");
        if (found.Count == MaxFound)
            body.Append("<p>These are the ").Append(MaxFound).Append(" most relevant records; there may be more.</p>");
        body.Append("<p>A record opens as JSON, with its citations.");
        if (tables.Count > 0)
            body.Append(" All records with these words as a table (CSV): ").AppendJoin(", ", tables).Append('.');
        return HtmlPage.Of($"Records for “{sent}”", body.Append("</p>").ToString());
    }

    private static string Form(string words) =>
        $"<form role=\"search\" action=\"{SearchPath}\"><label for=\"q\">Search names, titles and texts of all records</label>"
        + $"<input id=\"q\" type=\"search\" name=\"{Words}\" value=\"{Text(words)}\" maxlength=\"{ListRequest.MaxSearch}\" required>"
        + "<button>Search</button></form>";

    /// <summary>Whether the request is of a program: it names JSON, and not HTML before it.</summary>
    private static bool PrefersJson(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
            return false;
        double QualityOf(string type) => accepted.Where(a => a.MediaType == type).Select(a => a.Quality ?? 1).DefaultIfEmpty(0).Max();
        return QualityOf("application/json") > QualityOf("text/html");
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
