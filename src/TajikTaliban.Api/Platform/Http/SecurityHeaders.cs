namespace TajikTaliban.Api.Platform.Http;

/// <summary>What every answer tells a browser: not to guess types, not to pass addresses on, to load nothing from elsewhere.</summary>
internal static class SecurityHeaders
{
    private const string Documentation =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

    private const string Data = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

    public static void Set(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        headers.ContentSecurityPolicy = http.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal) ? Documentation : Data;
    }
}
