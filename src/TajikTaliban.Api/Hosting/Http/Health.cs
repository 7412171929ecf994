using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Npgsql;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Platform.Json;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: so does the database, with the schema of this version.</summary>
internal static class Health
{
    private const string Ready = "ready";

    public static void AddServiceHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: [Ready], timeout: TimeSpan.FromSeconds(5));

    public static void MapServiceHealth(this WebApplication app)
    {
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync });
    }

    private static Task WriteAsync(HttpContext http, HealthReport report)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        var answer = new
        {
            status = report.Status.ToString().ToLowerInvariant(),
            checks = report.Entries.ToDictionary(e => e.Key, e => new { status = e.Value.Status.ToString().ToLowerInvariant(), e.Value.Description }),
        };
        return http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, ApiJson.Options), http.RequestAborted).AsTask();
    }

    private sealed class DatabaseCheck(NpgsqlDataSource database) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                return await CommandDatabase.IsCurrentAsync(database, cancellationToken)
                    ? HealthCheckResult.Healthy()
                    : HealthCheckResult.Unhealthy("The database is not of this version; run `migrate`.");
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
            {
                // what the database says may name hosts and users: it goes to the log, not to the caller
                return HealthCheckResult.Unhealthy("The database does not answer.", e);
            }
        }
    }
}
