using System.Globalization;
using TajikTaliban.Api.Platform.Answers;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;

namespace TajikTaliban.Api.Platform.Representations;

/// <summary>Sends a body that is ready, with its ETag, length and caching; 304 where the client has it.</summary>
internal static class JsonResponse
{
    /// <summary>Caches may store the response but revalidate it each time; a 304 costs little.</summary>
    public const string Revalidate = "public, no-cache";

    /// <summary>For responses that show more to the key of the request than to others.</summary>
    public const string PrivateRevalidate = "private, no-cache";

    /// <summary>For responses of a release, a position or a version in an edition, which never change.</summary>
    public const string Immutable = "public, max-age=31536000, immutable";

    /// <summary>How caches may keep a response.</summary>
    /// <param name="http">The request and its response.</param>
    /// <param name="isFixed">Whether the records in it never change. Its bytes never do if the address names the edition too.</param>
    public static string CachingOf(HttpContext http, bool isFixed) =>
        isFixed && Edition.Of(http).IsNamed(http.Request) ? Immutable : Revalidate;

    public static async Task SendAsync(HttpContext http, ReadOnlyMemory<byte> body, string etag, DateTime? modified,
        CancellationToken cancellation, bool isFixed = false, bool isPrivate = false,
        string contentType = "application/json; charset=utf-8")
    {
        var response = http.Response;
        response.Headers.ETag = etag;
        response.Headers.CacheControl = isPrivate ? PrivateRevalidate : CachingOf(http, isFixed);
        AnswerSlot.Keep(http, body, etag, modified, contentType);
        var date = modified is { } instant ? LastModified.DateOrNull(instant, LastModified.Now(http)) : null;
        if (date is { } second)
            response.Headers.LastModified = second.ToString("R", CultureInfo.InvariantCulture);
        if (RecordETag.IsCurrent(http.Request, etag, date))
        {
            response.Headers.ContentType = default;
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        if (body.Length <= BodyMemory.FreeBytes)
        {
            await response.BodyWriter.WriteAsync(body, cancellation);
            return;
        }

        using var memory = BodyMemory.Of(http).Open(http);
        await memory.ResizeAsync(body.Length);
        await Slices.SendAsync(response, body, memory, cancellation);
    }

    /// <summary>Sends a body that differs by the key of the request, and that no cache may store.</summary>
    public static async Task SendPrivateAsync(HttpContext http, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        if (!HeadRequest.Is(http))
            await http.Response.BodyWriter.WriteAsync(body, cancellation);
    }

    /// <inheritdoc cref="Negotiation.RequireJson"/>
    public static void RequireJson(HttpRequest request) => Negotiation.RequireJson(request);
}
