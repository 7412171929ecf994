using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>The response to a write. It is made in the transaction of the write, which can store it under an idempotency key.</summary>
public sealed record WriteResponse(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>What was written, for the audit log; null if the address says it. It is not stored with the response.</summary>
    public string? Detail { get; init; }

    /// <summary>The address of what was created; otherwise that of the request.</summary>
    public string TargetOr(string requested) => Headers.TryGetValue("Location", out var created) ? created : requested;

    /// <summary>Called after the commit, but not for a repetition; null for nothing.</summary>
    public Action? OnCommitted { get; init; }

    /// <summary>201 or 200 with the record.</summary>
    public static WriteResponse Of(Resource resource, Written written, Edition edition)
    {
        var path = resource.PathOf(written.Id, written.Json);
        var headers = new Dictionary<string, string>
        {
            ["ETag"] = RecordETag.Of(written.Id, written.Version, edition),
            ["Content-Location"] = path,
        };
        if (written.Outcome == WriteOutcome.Created)
            headers["Location"] = path;
        return new WriteResponse(written.Outcome == WriteOutcome.Created ? 201 : 200, headers, written.Json)
        {
            Detail = DetailOf(written.Outcome, written.Version),
        };
    }

    /// <summary>204.</summary>
    public static WriteResponse Deleted(Resource resource, Deletion deletion) =>
        new(StatusCodes.Status204NoContent, new Dictionary<string, string>(), [])
        {
            Detail = DetailOf(WriteOutcome.Deleted, deletion.Version),
        };

    private static string DetailOf(WriteOutcome outcome, int version) => $"{outcome.ToString().ToLowerInvariant()}, version {version}";

    /// <summary>Sends the response; a record in it gets the instant of the commit.</summary>
    public async Task SendAsync(HttpContext http, Commit? commit, CancellationToken cancellation)
    {
        var response = http.Response;
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
        {
            // the version of a dry run is nobody's: another write may get its tag
            if (name != "ETag" || commit is not { IsKept: false })
                response.Headers[name] = value;
        }

        if (commit is { IsKept: true })
            response.Headers[Positions.Header] = commit.Position.ToString();
        if (Status == StatusCodes.Status204NoContent)
            return;
        response.Headers.CacheControl = "no-store";
        // a response that was redacted since is stored as a problem
        response.ContentType = Status < 400 ? "application/json; charset=utf-8" : "application/problem+json";
        var body = commit is null ? Body : RecordingInstant.SetIfUnset(Body, commit.At);
        response.ContentLength = body.Length;
        await response.BodyWriter.WriteAsync(body, cancellation);
    }
}
