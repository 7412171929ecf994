using TajikTaliban.Api.Platform.Editions;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// The headers of every response. Browsers: no guessing of types, no referrer, nothing loaded from elsewhere. Caches: <c>Vary</c> names
/// the request headers that the response depends on, also without compression and for 304.
/// </summary>
internal static class CommonHeaders
{
    private const string Documentation =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors "
        + "'none'";

    private const string Data = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    /// <summary>The headers of responses that scripts of other origins may read.</summary>
    public static readonly IReadOnlyList<string> Exposed =
        ["ETag", "Last-Modified", "Link", "Location", "Content-Location", "Retry-After", "Position", "Idempotency-Replayed",
            "Dry-Run", "Allow", "WWW-Authenticate", "Content-Disposition", "Redacted", Edition.Header, "RateLimit",
            "RateLimit-Policy", "Cache-Status"];

    private static readonly string ExposedText = string.Join(',', Exposed);
    private static readonly object Accept = new();

    public static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.Vary = http.Items.ContainsKey(Accept) ? "Accept-Encoding, Accept" : "Accept-Encoding";
        headers[Edition.Header] = Edition.Of(http).Text;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        // whether the request names an origin or not: a shared cache serves the response of the one to the other
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = ExposedText;
        headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal) ? Documentation : Data;
    }

    /// <summary>The response depends on the key of the request, or on that there is none.</summary>
    public static void VaryByKey(HttpContext http) => http.Response.Headers.Vary = $"{http.Response.Headers.Vary}, Authorization";

    /// <summary>The response to a preflight depends on the origin.</summary>
    public static void VaryByOrigin(HttpContext http) => http.Response.Headers.Vary = $"{http.Response.Headers.Vary}, Origin";

    /// <summary>The response depends on <c>Accept</c>; a problem in its place does too.</summary>
    public static void VaryByAccept(HttpContext http)
    {
        http.Items[Accept] = true;
        http.Response.Headers.Vary = "Accept-Encoding, Accept";
    }
}
