using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>
/// The frame of the HTML pages for people: head, style, navigation and heading. No script, and nothing is loaded from elsewhere: the policy
/// of the page allows its own style and its own form alone.
/// </summary>
internal static class HtmlPage
{
    private const string Style =
        """
        :root{color-scheme:light dark;--shade:light-dark(#f0f0f0,#2a2a2a);--line:light-dark(#ccc,#555);--muted:light-dark(#595959,#b0b0b0)}
        body{font:16px/1.55 system-ui,sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem;overflow-wrap:break-word}
        html{background:light-dark(#fff,#161616);color:light-dark(#1b1b1b,#e6e6e6)}
        a{color:light-dark(#0b57b0,#8ab8ff)}
        a:visited{color:light-dark(#6a3b9c,#c9a6ff)}
        h1,h2,h3{line-height:1.25}
        h2{margin-top:2rem}
        a:focus-visible,input:focus-visible,button:focus-visible{outline:3px solid;outline-offset:2px}
        code,pre{background:var(--shade);border-radius:4px;font-size:.9em}
        code{padding:.1em .25em}
        pre{padding:.75rem;overflow-x:auto}
        pre code{padding:0;background:none;font-size:1em}
        table{display:block;overflow-x:auto;border-collapse:collapse}
        th,td{border:1px solid var(--line);padding:.3rem .6rem;text-align:left;vertical-align:top;overflow-wrap:normal}
        nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;padding:0;margin:0}
        form{display:flex;flex-wrap:wrap;gap:.5rem;align-items:end}
        form label{flex:1 1 100%;font-weight:600}
        input,button{font:inherit;padding:.5rem .75rem;border:1px solid var(--muted);border-radius:4px}
        input{flex:1 1 14rem;min-width:0}
        .doors{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:1rem;padding:0;list-style:none}
        .doors li{border:1px solid var(--line);border-radius:6px;padding:1rem}
        .doors h3{margin:0 0 .5rem}
        .doors p{margin:.5rem 0 0}
        .found li{margin:.75rem 0}
        .note{color:var(--muted)}
        """;

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private const string Navigation =
        "<nav aria-label=\"Site\"><ul><li><a href=\"/\">Start</a></li><li><a href=\"/docs/guide\">Guide</a></li>"
        + "<li><a href=\"/docs\">Reference</a></li><li><a href=\"/problems\">Problems</a></li></ul></nav>";

    /// <param name="title">Plain text: the title of the page and its only <c>h1</c>.</param>
    /// <param name="body">HTML below the heading, already encoded.</param>
    public static IResult Of(string title, string body)
    {
        var heading = WebUtility.HtmlEncode(title);
        return new Page(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">"
            + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
            + $"<title>{heading}</title><style>{Style}</style></head><body><header>{Navigation}</header>"
            + $"<main><h1>{heading}</h1>{body}</main></body></html>");
    }

    /// <summary>Text with <c>`code`</c> as HTML.</summary>
    public static string Encode(string text)
    {
        var parts = WebUtility.HtmlEncode(text).Split('`');
        return string.Concat(parts.Select((p, i) => i % 2 == 1 ? $"<code>{p}</code>" : p));
    }

    private sealed class Page(string html) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.ContentSecurityPolicy = Policy;
            return Results.Content(html, "text/html; charset=utf-8", Encoding.UTF8).ExecuteAsync(httpContext);
        }
    }
}
