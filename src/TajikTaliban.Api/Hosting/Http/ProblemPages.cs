using System.Net;
using System.Text;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>The pages that the <c>type</c> of problems leads to.</summary>
internal static class ProblemPages
{
    public static void MapProblemPages(this WebApplication app)
    {
        app.MapGet("/problems", () => Page("Problems",
            $"<p>What the service answers when it cannot do as asked, as RFC 9457 problem details.</p><ul>{string.Concat(ProblemType.All.Select(t =>
                $"<li><a href=\"{t.Path}\">{t.Slug}</a> ({t.Status}): {WebUtility.HtmlEncode(t.Title)}</li>"))}</ul>")).ExcludeFromDescription();
        foreach (var type in ProblemType.All)
        {
            app.MapGet(type.Path, () => Page($"{type.Title} ({type.Status})",
                $"<p>{Text(type.Meaning)}</p><p><a href=\"/problems\">All problems</a> · <a href=\"/docs\">Documentation</a></p>")).ExcludeFromDescription();
        }
    }

    private static IResult Page(string title, string body) => Results.Content(
        $"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{WebUtility.HtmlEncode(title)}</title>"
        + "<style>body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:3rem auto;padding:0 1rem}code{background:#eee;padding:0 .2em}</style>"
        + $"<h1>{WebUtility.HtmlEncode(title)}</h1>{body}</html>", "text/html; charset=utf-8", Encoding.UTF8);

    private static string Text(string text)
    {
        var parts = WebUtility.HtmlEncode(text).Split('`');
        return string.Concat(parts.Select((p, i) => i % 2 == 1 ? $"<code>{p}</code>" : p));
    }
}
