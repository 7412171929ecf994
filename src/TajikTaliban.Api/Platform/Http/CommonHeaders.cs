namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// What every answer says: to a browser, not to guess types, not to pass addresses on, to load nothing from elsewhere; to a cache, that
/// there are compressed ones (also where this one is not, or is a 304: it would give the one for the other).
/// </summary>
internal static class CommonHeaders
{
    private const string Documentation =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

    private const string Data = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    public static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.Vary = "Accept-Encoding";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal) ? Documentation : Data;
    }
}
