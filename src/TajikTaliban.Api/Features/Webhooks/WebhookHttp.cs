using System.Globalization;
using System.Text.Json;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>Bodies and pages of the operations on webhook endpoints.</summary>
internal static class WebhookHttp
{
    /// <summary>The requests of operations that take no body.</summary>
    public static WriteRequest<JsonElement> WithoutBody { get; } = new(async (http, cancellation) =>
    {
        await RefuseBodyAsync(http.Request, cancellation);
        return await WriteRequest.WithoutBody.ReadAsync(http, cancellation);
    });

    /// <summary>A response to a write.</summary>
    public static WriteResponse Written<T>(int status, T value, string? location = null) => new(
        status, location is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Location"] = location },
        JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options));

    private static async Task RefuseBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > 0 || (request.ContentLength is null && await request.Body.ReadAsync(new byte[1], cancellation) > 0))
        {
            throw new ProblemException(
                ProblemType.InvalidBody, "", new Fault(FaultCode.BodyNotAllowed, "This operation accepts no body."));
        }
    }

    /// <summary>The limit of a page, and the number after which it starts; null for the first page.</summary>
    /// <exception cref="ProblemException">400: a parameter is not valid, or the cursor is damaged.</exception>
    public static (int Limit, long? From) ReadPage(HttpRequest request, string query)
    {
        var errors = new Errors();
        var text = QueryText.Read(request, ["limit", "cursor"], [], errors);
        var limit = text.Limit(errors) ?? ListRequest.DefaultLimit;
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        if (text["cursor"] is not { } cursor)
            return (limit, null);
        var key = Cursor.Read(cursor, 1, query, Cursor.SecretsOf(request.HttpContext))[0];
        return long.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (limit, number)
            : throw Cursor.Refused();
    }

    /// <summary>The page, and the address of the next one, from one entry more than the limit.</summary>
    public static (IReadOnlyList<T> Items, string? Next) Page<T>(
        List<T> read, int limit, string path, Func<T, long> number, ServiceSecrets secrets) =>
        read.Count <= limit ? (read, null)
        : (read[..limit], string.Create(CultureInfo.InvariantCulture,
            $"{path}?limit={limit}"
            + $"&cursor={Cursor.Write([number(read[limit - 1]).ToString(CultureInfo.InvariantCulture)], path, secrets)}"));

    public static Task SendAsync<T>(HttpContext http, int status, T value, CancellationToken cancellation)
    {
        http.Response.StatusCode = status;
        return JsonResponse.SendPrivateAsync(http, JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options), cancellation);
    }
}
