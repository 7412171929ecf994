using System.Globalization;
using System.Text.Json;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Webhooks;
using SortKey = TajikTaliban.Api.Storage.Listing.SortKey;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>What the operations on subscriptions have in common.</summary>
internal static class WebhookHttp
{
    private static readonly IReadOnlyList<OrderBy> ByNumber = [new(new SortKey("number", "number", FieldType.Number), true)];

    public static async Task RefuseBodyAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (request.ContentLength > 0 || (request.ContentLength is null && await request.Body.ReadAsync(new byte[1], cancellation) > 0))
            throw new ProblemException(ProblemType.InvalidBody, "", "This takes no body.");
    }

    public static async Task<Webhook> FindAsync(string id, WebhookStore store, TimeProvider time, CancellationToken cancellation) =>
        await store.FindOrNullAsync(id, time.GetUtcNow(), cancellation) ?? throw NotFound(id);

    public static ProblemException NotFound(string id) => new(ProblemType.NotFound, "/path/id", $"There is no webhook '{id}'.");

    /// <summary>Which page of a subscription's log is asked for: how many, and from which number on.</summary>
    public static (int Limit, long? From) ReadPage(HttpRequest request, string query)
    {
        var errors = new Errors();
        var text = QueryText.Read(request, ["limit", "cursor"], [], errors);
        var limit = text.Limit(errors) ?? ListRequest.DefaultLimit;
        errors.ThrowIfAny(ProblemType.InvalidParameter);
        return (limit, text["cursor"] is { } cursor ? long.Parse(Cursor.Read(cursor, ByNumber, query).Keys[0], CultureInfo.InvariantCulture) : null);
    }

    /// <summary>The page of one more than was asked for, and the address of the next one.</summary>
    public static (IReadOnlyList<T> Items, string? Next) Page<T>(List<T> read, int limit, string path, Func<T, long> number) =>
        read.Count <= limit ? (read, null)
        : (read[..limit], string.Create(CultureInfo.InvariantCulture,
            $"{path}?limit={limit}&cursor={Cursor.Write([number(read[limit - 1]).ToString(CultureInfo.InvariantCulture)], SearchMode.Words, path)}"));

    public static async Task SendAsync<T>(HttpContext http, int status, T value, CancellationToken cancellation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, ApiJson.Options);
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.BodyWriter.WriteAsync(body, cancellation);
    }
}
