using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>
/// A request to write, from its headers to its response: reads and checks the request, runs the operation in one transaction, once for each
/// idempotency key, and sends the response with the committed position.
/// </summary>
public sealed partial class WriteCommand(IdempotentWrite writes, TimeProvider time, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("TajikTaliban.Api.Writes");

    /// <param name="http">The request and its response.</param>
    /// <param name="request">How the request is read.</param>
    /// <param name="work">The operation. It may run more than once, each time in a new transaction.</param>
    /// <param name="cancellation">Cancels the request.</param>
    public async Task RunAsync<T>(
        HttpContext http, WriteRequest<T> request, Func<RecordSession, T, Task<WriteResponse>> work, CancellationToken cancellation)
    {
        QueryText.RefuseAny(http.Request);
        var author = Positions.AuthorOf(http, time.GetUtcNow());
        author = author with { Cause = author.Cause ?? request.DefaultCause };
        var key = IdempotentWrite.KeyOrNull(http.Request);
        using var body = await request.ReadAsync(http, cancellation);
        var (response, commit, isReplayed) = await writes.RunAsync(
            author, key is null ? null : new IdempotencyKey(author.Key ?? "", key, body.Digest()), (request.Seal, request.Limits),
            session => work(session, body.Value), cancellation);
        if (isReplayed)
            http.Response.Headers[IdempotentWrite.ReplayedHeader] = "true";
        else if (response.LogEntry is { } entry)
            LogWrite(_log, entry.Outcome, entry.Resource, entry.Id, entry.Version, author.Key);
        if (!isReplayed)
            response.OnCommitted?.Invoke();
        await response.SendAsync(http, commit, cancellation);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Outcome} {Resource}/{Id} version {Version} by key {Key}")]
    private static partial void LogWrite(ILogger log, WriteOutcome outcome, string resource, string id, int version, string? key);
}
