using Microsoft.Net.Http.Headers;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// Runs a read again that failed before anything was sent because its connection to the database was lost, or because it and a migration
/// waited for each other. After a restart of the server, or of a pooler in front of it, each idle connection would otherwise fail one
/// request.
/// </summary>
internal static partial class RepeatedReads
{
    private const int MaxAttempts = 3;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Headers of responses that an attempt may have set; the next one sets its own.</summary>
    private static readonly string[] OfAttempt =
    [
        HeaderNames.ContentType, HeaderNames.ContentLength, HeaderNames.ETag, HeaderNames.LastModified, HeaderNames.Location,
        HeaderNames.Link, HeaderNames.ContentDisposition, HeaderNames.ContentLocation,
    ];

    /// <summary>Stands last: what comes before it is done once.</summary>
    public static void UseRepeatedReads(this WebApplication app)
    {
        var database = app.Services.GetRequiredService<ConnectionPools>();
        app.Use((http, next) => HttpMethods.IsGet(http.Request.Method) ? RunAsync(http, next, database, app.Logger) : next(http));
    }

    /// <summary>Removes what an attempt has set, for the next one.</summary>
    public static void Forget(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status200OK;
        foreach (var name in OfAttempt)
            http.Response.Headers.Remove(name);
    }

    private static async Task RunAsync(HttpContext http, RequestDelegate next, ConnectionPools database, ILogger log)
    {
        for (var attempt = 1; ; attempt++)
        {
            DatabaseFault fault;
            try
            {
                await next(http);
                return;
            }
            catch (Exception e) when (attempt < MaxAttempts && ConnectionPools.Route is null
                && !http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested
                && DatabaseFaults.Of(e) is DatabaseFault.Lost or DatabaseFault.Conflict)
            {
                fault = DatabaseFaults.Of(e);
                LogRepeated(log, attempt, http.Request.Path, e.Message);
            }

            if (fault == DatabaseFault.Lost)
                database.Clear();
            Forget(http);
            await Task.Delay(Pause * (attempt * attempt), http.RequestAborted);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Attempt {Attempt} to read {Path} failed; retrying: {Problem}")]
    private static partial void LogRepeated(ILogger log, int attempt, PathString path, string problem);
}
