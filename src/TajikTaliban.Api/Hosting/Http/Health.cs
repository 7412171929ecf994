using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>Whether the service can do its work.</summary>
/// <param name="Status">`healthy` or `unhealthy`, as the worst of the checks.</param>
/// <param name="Checks">What was checked, by name.</param>
public sealed record HealthResponse(string Status, IReadOnlyDictionary<string, HealthCheckResponse> Checks);

/// <summary>One check.</summary>
/// <param name="Status">`healthy` or `unhealthy`.</param>
/// <param name="Description">What is wrong; null when nothing is.</param>
public sealed record HealthCheckResponse(string Status, string? Description);

/// <summary><c>/health/live</c>: the process answers. <c>/health/ready</c>: so does the database, with the schema of this version.</summary>
internal static class Health
{
    private const string Ready = "ready";

    public static void AddServiceHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<DatabaseCheck>("database", tags: [Ready], timeout: TimeSpan.FromSeconds(5));

    public static void MapServiceHealth(this WebApplication app)
    {
        var health = app.MapGroup("/health").WithTags("Health");
        Describe(health.MapGet("/live", (HealthCheckService checks, HttpContext http) => AnswerAsync(checks, _ => false, http)))
            .WithName("getLiveness").WithSummary("Says that the process answers.")
            .WithDescription("Asks nothing of the database: a service that does not answer here is to be restarted.");
        Describe(health.MapGet("/ready", (HealthCheckService checks, HttpContext http) => AnswerAsync(checks, check => check.Tags.Contains(Ready), http)))
            .WithName("getReadiness").WithSummary("Says whether requests can be served.")
            .WithDescription("Asks the database, which has to answer and to have the schema of this version. While it does not, send the requests elsewhere.")
            .Produces<HealthResponse>(503);
        static RouteHandlerBuilder Describe(RouteHandlerBuilder route) => route.Produces<HealthResponse>();
    }

    private static async Task AnswerAsync(HealthCheckService checks, Func<HealthCheckRegistration, bool> which, HttpContext http)
    {
        var report = await checks.CheckHealthAsync(which, http.RequestAborted);
        static string Text(HealthStatus status) => status == HealthStatus.Unhealthy ? "unhealthy" : "healthy";
        var answer = new HealthResponse(Text(report.Status), report.Entries.ToDictionary(e => e.Key, e => new HealthCheckResponse(Text(e.Value.Status), e.Value.Description)));
        http.Response.StatusCode = report.Status == HealthStatus.Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(answer, ApiJson.Options), http.RequestAborted);
    }

    private sealed class DatabaseCheck(SchemaReader schema) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                return await schema.IsCurrentAsync(cancellationToken)
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
