using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Platform.Problems;

/// <summary>Responds with a problem to every error: exceptions of the service, the framework and the database, and bare statuses of
/// routing.</summary>
public static partial class ProblemResponses
{
    private const string ReadOnly =
        "The database accepts no changes: it is a standby or set to read-only. Send changes to the service of the primary, or retry later.";

    private const string Exhausted =
        "The database has no disk space, memory or connections left; operators are told by the log. Nothing was written; retry later.";

    private const int RetryAfterDeadline = 30;
    private const string Challenge = "Bearer realm=\"tajik-taliban-api\"";

    public static IApplicationBuilder UseProblemResponses(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = http => WriteAsync(http, http.Features.Get<IExceptionHandlerFeature>()!.Error, app.Logger),
            // logged here
            SuppressDiagnosticsCallback = _ => true,
        });
        MalformedRequests.RespondWithProblems(app);
        return app.UseStatusCodePages(context => WriteStatusAsync(context.HttpContext));
    }

    /// <summary>The trace id that the client sent (W3C Trace Context), or a new one.</summary>
    private static string TraceIdOf(HttpContext http)
    {
        if (http.Items.TryGetValue(nameof(TraceIdOf), out var known))
            return (string)known!;
        var trace = Activity.Current?.TraceId
            ?? (ActivityContext.TryParse(http.Request.Headers.TraceParent, null, out var sent)
                ? sent.TraceId : ActivityTraceId.CreateRandom());
        var text = trace.ToString();
        http.Items[nameof(TraceIdOf)] = text;
        return text;
    }

    private static Task WriteAsync(HttpContext http, Exception error, ILogger log)
    {
        switch (error)
        {
            case ProblemException problem:
                return WriteAsync(http, problem.Type, problem.Message, problem);
            case TooBusyException busy:
                return WriteAsync(http, ProblemType.Busy, busy.Message,
                    new ProblemException(ProblemType.Busy, busy.Message) { RetryAfter = busy.RetryAfterSeconds });
            case BadHttpRequestException bad:
                return WriteAsync(http, ProblemType.OfStatus(bad.StatusCode), bad.Message, null);
            case OperationCanceledException when http.RequestAborted.IsCancellationRequested:
                http.Response.StatusCode = 499;
                return Task.CompletedTask;
            default:
                return WriteFaultAsync(http, error, log);
        }
    }

    /// <summary>The problem of an error of the database, in whatever exceptions it is wrapped; 500 for all others.</summary>
    private static Task WriteFaultAsync(HttpContext http, Exception error, ILogger log)
    {
        var fault = DatabaseFaults.Of(error);
        switch (fault)
        {
            case DatabaseFault.None:
                LogFailure(log, error, http.Request.Path, TraceIdOf(http));
                return WriteAsync(http, ProblemType.Internal, ProblemType.Internal.Meaning, null);
            case DatabaseFault.TimedOut when DatabaseFaults.StateOrNull(error) == PostgresErrorCodes.QueryCanceled:
                return WriteAsync(http, ProblemType.Deadline, ProblemType.Deadline.Meaning, null);
            case DatabaseFault.InvalidText:
                return WriteAsync(http, ProblemType.InvalidParameter, "The request has a character that no text may have (U+0000).", null);
            case DatabaseFault.ReadOnly:
                LogReadOnly(log, http.Request.Path, TraceIdOf(http));
                return WriteAsync(http, ProblemType.Unavailable, ReadOnly, null);
            case DatabaseFault.Exhausted:
                LogExhausted(log, error, DatabaseFaults.StateOrNull(error), http.Request.Path, TraceIdOf(http));
                return WriteAsync(http, ProblemType.Unavailable, Exhausted, null);
            default:
                LogUnavailable(log, error, fault, http.Request.Path, TraceIdOf(http));
                return WriteAsync(http, ProblemType.Unavailable, ProblemType.Unavailable.Meaning, null);
        }
    }

    private static Task WriteStatusAsync(HttpContext http)
    {
        var status = http.Response.StatusCode;
        // routing names the mapped methods only
        if (status == 405)
            http.Response.Headers.Allow = $"{http.Response.Headers.Allow}, HEAD, OPTIONS";
        // respond to OPTIONS with the methods of the address
        if (status == 405 && HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.StatusCode = 204;
            return Task.CompletedTask;
        }

        var detail = status switch
        {
            404 => $"No page or resource is at {http.Request.Path}. See /v1 for the resources and /docs for the documentation.",
            405 => $"{http.Request.Method} is not allowed here; use {http.Response.Headers.Allow}.",
            _ => ProblemType.OfStatus(status).Meaning,
        };
        // routing compares media types before the handler runs
        var where = status == 415 ? new ProblemException(ProblemType.UnsupportedMediaType, "/header/Content-Type",
            new Fault(FaultCode.UnsupportedMediaType, detail)) : null;
        return WriteAsync(http, ProblemType.OfStatus(status), detail, where);
    }

    private static Task WriteAsync(HttpContext http, ProblemType type, string detail, ProblemException? problem)
    {
        var body = Problem.Of(type) with
        {
            Detail = detail,
            Instance = http.Request.Path,
            Errors = problem?.Errors is { } faults ? Problem.ErrorsOf(faults) : null,
            ReferencedBy = problem?.ReferencedBy,
            ReferencedByTotal = problem?.ReferencedByTotal,
            MergedInto = problem?.MergedInto,
            Tombstone = problem?.Tombstone,
            Restart = problem?.Restart,
            Archive = problem?.Archive,
            TraceId = TraceIdOf(http),
        };
        // the exception handler has cleared the headers
        CommonHeaders.Set(http);
        if (type == ProblemType.Unauthorized)
            http.Response.Headers.WWWAuthenticate = Challenge;
        // a wait ends sooner than an outage
        var retryAfter = problem?.RetryAfter ?? (type == ProblemType.Deadline ? RetryAfterDeadline
            : type != ProblemType.Unavailable ? null : problem is null ? 5 : 1);
        if (retryAfter is { } seconds)
            http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (problem?.Location is { } location)
            http.Response.Headers.Location = location;
        http.Response.StatusCode = type.Status;
        http.Response.ContentType = "application/problem+json";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options), http.RequestAborted).AsTask();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request to {Path} failed, trace {TraceId}")]
    private static partial void LogFailure(ILogger log, Exception error, PathString path, string traceId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Database unavailable ({Fault}) in a request to {Path}, trace {TraceId}")]
    private static partial void LogUnavailable(ILogger log, Exception error, DatabaseFault fault, PathString path, string traceId);

    [LoggerMessage(Level = LogLevel.Error,
        Message = "The database is out of disk space, memory or connections (SQLSTATE {State}) in a request to {Path}, trace {TraceId}")]
    private static partial void LogExhausted(ILogger log, Exception error, string? state, PathString path, string traceId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The database accepts no changes; refused a request to {Path}, trace {TraceId}")]
    private static partial void LogReadOnly(ILogger log, PathString path, string traceId);
}
