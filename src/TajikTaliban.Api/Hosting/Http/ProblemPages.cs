using System.Net;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>The pages at the <c>type</c> addresses of problems.</summary>
internal static class ProblemPages
{
    public static void MapProblemPages(this WebApplication app)
    {
        var types = ProblemType.All.Select(t =>
            $"<li><a href=\"{t.Path}\">{t.Slug}</a> ({t.Status}): {WebUtility.HtmlEncode(t.Title)}</li>");
        var index = HtmlPage.Of("Problems",
            "<p>The errors of the service, as RFC 9457 problem details. The name of a problem is its <code>code</code>.</p>"
            + $"<ul>{string.Concat(types)}</ul><h2 id=\"errors\">Codes of errors</h2>"
            + "<p>Each error in <code>errors</code> has one of these codes, and the parameters of its message in <code>data</code> where "
            + "they are known. More codes may come.</p>"
            + $"<dl>{string.Concat(FaultCode.All.Select(Entry))}</dl>");
        app.MapGet("/problems", () => index).ExcludeFromDescription();
        foreach (var type in ProblemType.All)
        {
            var page = HtmlPage.Of($"{type.Title} ({type.Status})", $"<p>{HtmlPage.Encode(type.Meaning)}</p>");
            app.MapGet(type.Path, () => page).ExcludeFromDescription();
        }
    }

    private static string Entry(FaultCode code)
    {
        var data = string.Join(", ", code.Data.Select(d => $"<code>{d}</code>"));
        return $"<dt><code>{code.Value}</code></dt><dd>{HtmlPage.Encode(code.Meaning)}{(data.Length > 0 ? $" Data: {data}." : "")}</dd>";
    }
}
