using System.Globalization;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>The answer to a write: made in its transaction, so that it can be kept with it and given again.</summary>
public sealed record WriteAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public static WriteAnswer Of(Resource resource, Written written)
    {
        var path = resource.PathOf(written.Id, written.Json);
        var headers = new Dictionary<string, string>
        {
            ["ETag"] = RecordETag.Of(written.Version),
            ["Last-Modified"] = written.RecordedAt.ToString("R", CultureInfo.InvariantCulture),
            ["Content-Location"] = path,
        };
        if (written.Outcome == WriteOutcome.Created)
            headers["Location"] = path;
        return new WriteAnswer(written.Outcome == WriteOutcome.Created ? 201 : 200, headers, written.Json);
    }

    public async Task SendAsync(HttpContext http, Position? position, CancellationToken cancellation)
    {
        var response = http.Response;
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
            response.Headers[name] = value;
        if (position is { } committed)
            response.Headers[Positions.Header] = committed.ToString();
        response.Headers.CacheControl = "no-store";
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = Body.Length;
        await response.BodyWriter.WriteAsync(Body, cancellation);
    }
}
