using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Platform.Problems;

/// <summary>Responds with a problem to every error: exceptions of the service, the framework and the database, and bare statuses of
/// routing.</summary>
public static partial class ProblemResponses
{
    private const string OfStandby =
        "This service uses a standby of the database, which accepts no changes. Send changes to the service of the primary.";
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

    /// <summary>The origin of the service as the client sees it, for absolute links.</summary>
    public static string Origin(HttpRequest request) => $"{request.Scheme}://{request.Host}";

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
            case BadHttpRequestException bad:
                return WriteAsync(http, ProblemType.OfStatus(bad.StatusCode), bad.Message, null);
            case OperationCanceledException when http.RequestAborted.IsCancellationRequested:
                http.Response.StatusCode = 499;
                return Task.CompletedTask;
            case var _ when IsOfStandby(error):
                return WriteAsync(http, ProblemType.Unavailable, OfStandby, null);
            case var _ when IsUnavailable(error):
                LogUnavailable(log, error, http.Request.Path, TraceIdOf(http));
                return WriteAsync(http, ProblemType.Unavailable, ProblemType.Unavailable.Meaning, null);
            default:
                LogFailure(log, error, http.Request.Path, TraceIdOf(http));
                return WriteAsync(http, ProblemType.Internal, ProblemType.Internal.Meaning, null);
        }
    }

    /// <summary>Whether the database was unavailable or too slow, also within exceptions of Entity Framework.</summary>
    private static bool IsUnavailable(Exception error) => error switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            // during a rename or a restore; queries that a standby cancels to keep up
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.ObjectNotInPrerequisiteState
            or PostgresErrorCodes.DatabaseDropped
            or PostgresErrorCodes.SerializationFailure,
        NpgsqlException { InnerException: TimeoutException or SocketException or IOException } or TimeoutException => true,
        _ => error.InnerException is { } inner && IsUnavailable(inner),
    };

    /// <summary>Whether a standby refused a change.</summary>
    private static bool IsOfStandby(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }
            || (error.InnerException is { } inner && IsOfStandby(inner));

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
        var where = status == 415 ? new ProblemException(ProblemType.UnsupportedMediaType, "/header/Content-Type", detail) : null;
        return WriteAsync(http, ProblemType.OfStatus(status), detail, where);
    }

    private static Task WriteAsync(HttpContext http, ProblemType type, string detail, ProblemException? problem)
    {
        var body = new Problem
        {
            Type = type.Path,
            Title = type.Title,
            Status = type.Status,
            Detail = detail,
            Instance = http.Request.Path,
            Errors = problem?.Errors,
            ReferencedBy = problem?.ReferencedBy,
            ReferencedByTotal = problem?.ReferencedByTotal,
            MergedInto = problem?.MergedInto,
            Tombstone = problem?.Tombstone,
            Restart = problem?.Restart is { } restart ? Origin(http.Request) + restart : null,
            TraceId = TraceIdOf(http),
        };
        // the exception handler has cleared the headers
        CommonHeaders.Set(http);
        if (type == ProblemType.Unauthorized)
            http.Response.Headers.WWWAuthenticate = Challenge;
        // a wait ends sooner than an outage
        if (type == ProblemType.Unavailable)
            http.Response.Headers.RetryAfter = problem is null ? "5" : "1";
        if (problem?.Location is { } location)
            http.Response.Headers.Location = location;
        http.Response.StatusCode = type.Status;
        http.Response.ContentType = "application/problem+json";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options), http.RequestAborted).AsTask();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Request to {Path} failed, trace {TraceId}")]
    private static partial void LogFailure(ILogger log, Exception error, PathString path, string traceId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Database unavailable in a request to {Path}, trace {TraceId}")]
    private static partial void LogUnavailable(ILogger log, Exception error, PathString path, string traceId);
}
