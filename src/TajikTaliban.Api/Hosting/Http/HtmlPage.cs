using System.Net;
using System.Text;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>
/// The frame of the HTML pages of the problems and the guide: head, style and heading. No script, and nothing is loaded from elsewhere.
/// </summary>
internal static class HtmlPage
{
    private const string Style =
        """
        :root{color-scheme:light dark;--shade:light-dark(#f0f0f0,#2a2a2a);--line:light-dark(#ccc,#555)}
        body{font:16px/1.55 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;overflow-wrap:break-word}
        h1,h2,h3{line-height:1.25}
        code,pre{background:var(--shade);border-radius:4px;font-size:.9em}
        code{padding:.1em .25em}
        pre{padding:.75rem;overflow-x:auto}
        pre code{padding:0;background:none;font-size:1em}
        table{display:block;overflow-x:auto;border-collapse:collapse}
        th,td{border:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:normal}
        """;

    /// <param name="title">Plain text: the title of the page and its only <c>h1</c>.</param>
    /// <param name="body">HTML below the heading, already encoded.</param>
    public static IResult Of(string title, string body)
    {
        var heading = WebUtility.HtmlEncode(title);
        return Results.Content(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
            + $"<title>{heading}</title><style>{Style}</style></head><body><h1>{heading}</h1>{body}</body></html>",
            "text/html; charset=utf-8", Encoding.UTF8);
    }
}
