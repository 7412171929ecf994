using System.Net;
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
            $"<p>The errors of the service, as RFC 9457 problem details.</p><ul>{string.Concat(types)}</ul>");
        app.MapGet("/problems", () => index).ExcludeFromDescription();
        foreach (var type in ProblemType.All)
        {
            var page = HtmlPage.Of($"{type.Title} ({type.Status})", $"<p>{HtmlPage.Encode(type.Meaning)}</p>");
            app.MapGet(type.Path, () => page).ExcludeFromDescription();
        }
    }
}
