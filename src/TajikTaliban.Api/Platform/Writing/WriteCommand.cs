using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Storage.Access;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>
/// A request to write, from its headers to its response: reads and checks the request, runs the operation in one transaction, once for each
/// idempotency key, and sends the response with the committed position.
/// </summary>
public sealed partial class WriteCommand(IdempotentWrite writes, TimeProvider time, ILoggerFactory loggers)
{
    private readonly ILogger _log = loggers.CreateLogger("TajikTaliban.Api.Audit");

    /// <param name="http">The request and its response.</param>
    /// <param name="request">How the request is read.</param>
    /// <param name="work">The operation. It may run more than once, each time in a new transaction.</param>
    /// <param name="cancellation">Cancels the request.</param>
    public async Task RunAsync<T>(
        HttpContext http, WriteRequest<T> request, Func<RecordSession, T, Task<WriteResponse>> work, CancellationToken cancellation)
    {
        var isDryRun = DryRun.IsAsked(http);
        var author = Positions.AuthorOf(http, time.GetUtcNow());
        author = author with { Cause = author.Cause ?? request.DefaultCause, Audit = request.IsAudited ? AuditOf(http, author) : null };
        var key = IdempotentWrite.KeyOrNull(http.Request);
        using var body = await request.ReadAsync(http, cancellation);
        var (response, commit, isReplayed) = isDryRun
            ? await writes.TryAsync(author, request.Limits, session => work(session, body.Value), cancellation)
            : await writes.RunAsync(
                author, key is null ? null : new IdempotencyKey(author.Key ?? "", key, body.Digest()), (request.Seal, request.Limits),
                session => work(session, body.Value), cancellation);
        if (isDryRun)
        {
            http.Response.Headers[DryRun.Header] = "true";
            LogWrite(_log, author.Audit, response with { Detail = $"dry run: {response.Detail}" }, null);
        }
        else if (isReplayed)
        {
            http.Response.Headers[IdempotentWrite.ReplayedHeader] = "true";
        }
        else
        {
            LogWrite(_log, author.Audit, response, commit);
            response.OnCommitted?.Invoke();
        }

        await response.SendAsync(http, commit, cancellation);
    }

    /// <summary>What the request is in the audit log: by the name of its operation in the contract.</summary>
    private static AuditEntry AuditOf(HttpContext http, Author author) =>
        new(http.GetEndpoint()?.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? http.Request.Method, http.Request.Path)
        {
            Key = author.Key,
            Address = ClientAddress.OrNull(http)?.ToString(),
            Request = http.TraceIdentifier,
        };

    private static void LogWrite(ILogger log, AuditEntry? audit, WriteResponse response, Commit? commit)
    {
        if (audit is null)
            return;
        LogWrite(log, audit.Action, response.TargetOr(audit.Target), audit.Key, audit.Address, response.Status, response.Detail,
            commit?.Position.ToString(), audit.Request);
    }

    [LoggerMessage(Level = LogLevel.Information,
        Message = "{Action} {Target} by key {Key} from {Address}: {Status} {Detail}, position {Position}, request {Request}")]
    private static partial void LogWrite(
        ILogger log, string action, string target, string? key, string? address, int status, string? detail, string? position,
        string? request);
}
