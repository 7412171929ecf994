using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing.Patterns;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// Decodes <c>%2F</c> in parameters of a path. The server leaves it encoded, since it would divide segments; in an identifier such as
/// <c>other:a/b</c> it is a part of the value.
/// </summary>
public static class EncodedPath
{
    private const string Slash = "%2F";

    /// <summary>Comes after the routing.</summary>
    public static void UseEncodedPath(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.Request.Path.Value!.Contains(Slash, StringComparison.OrdinalIgnoreCase) && http.GetEndpoint() is RouteEndpoint route)
            Decode(http, route.RoutePattern);
        return next(http);
    });

    private static void Decode(HttpContext http, RoutePattern pattern)
    {
        // the path that the client sent: in the decoded one, %252F cannot be told from %2F
        var sent = SegmentsOf(http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        if (sent.Length != pattern.PathSegments.Count)
            return;
        for (var i = 0; i < sent.Length; i++)
        {
            if (pattern.PathSegments[i] is { IsSimple: true, Parts: [RoutePatternParameterPart parameter] })
                http.Request.RouteValues[parameter.Name] = Uri.UnescapeDataString(sent[i]);
        }
    }

    private static string[] SegmentsOf(string target)
    {
        // the absolute form (RFC 9112, 3.2.2) has the origin before the path
        var origin = target.StartsWith('/') ? 0 : target.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var path = target.IndexOf('/', origin);
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return path < 0 ? [] : target[path..(query < 0 ? target.Length : query)].Split('/', StringSplitOptions.RemoveEmptyEntries);
    }
}
