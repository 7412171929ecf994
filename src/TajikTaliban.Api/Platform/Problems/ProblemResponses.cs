using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Platform.Problems;

/// <summary>Makes every error a problem: thrown by us, by the framework, by the database, or answered by routing with a bare status.</summary>
public static partial class ProblemResponses
{
    private const string OfStandby = "This service reads a standby of the database, which takes no changes. Send them to the service on the primary.";
    private const string Challenge = "Bearer realm=\"tajik-taliban-api\"";

    public static IApplicationBuilder UseProblemResponses(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = http => WriteAsync(http, http.Features.Get<IExceptionHandlerFeature>()!.Error, app.Logger),
            // what there is to say of it is logged here
            SuppressDiagnosticsCallback = _ => true,
        });
        return app.UseStatusCodePages(context => WriteStatusAsync(context.HttpContext));
    }

    /// <summary>The service's own address as the client sees it, for links that have to be absolute.</summary>
    public static string Origin(HttpRequest request) => $"{request.Scheme}://{request.Host}";

    /// <summary>The client's own trace (W3C Trace Context) if it sent one, or one made for this request; only an error needs it.</summary>
    private static string TraceIdOf(HttpContext http)
    {
        if (http.Items.TryGetValue(nameof(TraceIdOf), out var known))
            return (string)known!;
        var trace = Activity.Current?.TraceId
            ?? (ActivityContext.TryParse(http.Request.Headers.TraceParent, null, out var sent) ? sent.TraceId : ActivityTraceId.CreateRandom());
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
                return WriteAsync(http, ProblemType.Internal, "The service failed to answer. The trace id finds the cause in its logs.", null);
        }
    }

    /// <summary>Whether the database was away or too slow; Entity Framework wraps what says so in exceptions of its own.</summary>
    private static bool IsUnavailable(Exception error) => error switch
    {
        PostgresException postgres => postgres.SqlState is PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections
            // while it is renamed or closed for a restore; what a standby ends so as not to fall behind
            or PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.DatabaseDropped
            or PostgresErrorCodes.SerializationFailure,
        NpgsqlException { InnerException: TimeoutException or SocketException or IOException } or TimeoutException => true,
        _ => error.InnerException is { } inner && IsUnavailable(inner),
    };

    /// <summary>Whether a standby was to change something; it may become the primary, and then does.</summary>
    private static bool IsOfStandby(Exception error) =>
        error is PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } || (error.InnerException is { } inner && IsOfStandby(inner));

    private static Task WriteStatusAsync(HttpContext http)
    {
        var status = http.Response.StatusCode;
        // routing names what is mapped; what every address takes besides, it does not know
        if (status == 405)
            http.Response.Headers.Allow = $"{http.Response.Headers.Allow}, HEAD, OPTIONS";
        // routing knows which methods an address takes: OPTIONS answers with them rather than with an error
        if (status == 405 && HttpMethods.IsOptions(http.Request.Method))
        {
            http.Response.StatusCode = 204;
            return Task.CompletedTask;
        }

        var detail = status switch
        {
            404 => $"Nothing is at {http.Request.Path}. The resources are listed at /v1 and described at /docs.",
            405 => $"{http.Request.Method} is not taken here; {http.Response.Headers.Allow} are.",
            _ => ProblemType.OfStatus(status).Meaning,
        };
        // routing compares media types before anything else sees the request
        var where = status == 415 ? new ProblemException(ProblemType.UnsupportedMediaType, "/header/Content-Type", detail) : null;
        return WriteAsync(http, ProblemType.OfStatus(status), detail, where);
    }

    private static Task WriteAsync(HttpContext http, ProblemType type, string detail, ProblemException? problem)
    {
        var body = new Problem
        {
            Type = Origin(http.Request) + type.Path,
            Title = type.Title,
            Status = type.Status,
            Detail = detail,
            Instance = http.Request.Path,
            Errors = problem?.Errors,
            ReferencedBy = problem?.ReferencedBy,
            Tombstone = problem?.Tombstone,
            Restart = problem?.Restart is { } restart ? Origin(http.Request) + restart : null,
            TraceId = TraceIdOf(http),
        };
        // the exception handler has wiped the headers
        CommonHeaders.Set(http);
        if (type == ProblemType.Unauthorized)
            http.Response.Headers.WWWAuthenticate = Challenge;
        // what is only awaited comes sooner than what is mended
        if (type == ProblemType.Unavailable)
            http.Response.Headers.RetryAfter = problem is null ? "5" : "1";
        if (problem?.Location is { } location)
            http.Response.Headers.Location = location;
        http.Response.StatusCode = type.Status;
        http.Response.ContentType = "application/problem+json";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(body, ApiJson.Options), http.RequestAborted).AsTask();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed to answer {Path}, trace {TraceId}")]
    private static partial void LogFailure(ILogger log, Exception error, PathString path, string traceId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Database unavailable while answering {Path}, trace {TraceId}")]
    private static partial void LogUnavailable(ILogger log, Exception error, PathString path, string traceId);
}
