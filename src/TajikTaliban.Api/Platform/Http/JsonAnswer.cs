using System.Globalization;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>Answers with ready JSON and what HTTP wants around it: tag, 304, length, caching.</summary>
internal static class JsonAnswer
{
    /// <summary>A copy may be kept, but is asked about each time: 304 costs little, and no figure changes without notice.</summary>
    private const string Revalidate = "public, no-cache";

    /// <summary>What a release, a position or a version says never changes.</summary>
    private const string Immutable = "public, max-age=31536000, immutable";

    public static async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> body, string etag, DateTime? modified, CancellationToken cancellation, bool isImmutable = false,
        string contentType = "application/json; charset=utf-8")
    {
        var response = http.Response;
        response.Headers.ETag = etag;
        response.Headers.CacheControl = isImmutable ? Immutable : Revalidate;
        if (modified is { } instant)
            response.Headers.LastModified = instant.ToString("R", CultureInfo.InvariantCulture);
        if (RecordETag.IsCurrent(http.Request, etag, modified))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        await response.BodyWriter.WriteAsync(body, cancellation);
    }

    /// <summary>Refuses what accepts no JSON. (Most clients say <c>*/*</c> or nothing.)</summary>
    public static void RequireJson(HttpRequest request)
    {
        var accept = request.Headers.Accept;
        if (accept.Count == 0)
            return;
        foreach (var value in accept)
        {
            if (value is null || value.Length == 0 || value.Contains("*/*", StringComparison.Ordinal) || value.Contains("json", StringComparison.OrdinalIgnoreCase)
                || value.Contains("application/*", StringComparison.OrdinalIgnoreCase))
            {
                return;
            }
        }

        throw new ProblemException(ProblemType.NotAcceptable, "/header/Accept", "This address gives application/json.");
    }
}
