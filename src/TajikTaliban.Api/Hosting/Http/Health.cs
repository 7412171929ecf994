using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>The health of the service.</summary>
/// <param name="Status">`healthy` or `unhealthy`: the worst of the checks.</param>
/// <param name="Checks">The checks by name.</param>
public sealed record HealthResponse(
    [property: Values(HealthResponse.StatusName, HealthResponse.StatusText, HealthResponse.Healthy, HealthResponse.Unhealthy)]
    string Status,
    IReadOnlyDictionary<string, HealthCheckResponse> Checks)
{
    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";
    public const string StatusName = "HealthStatus";
    public const string StatusText = "The health of the service or of a check.";
}

/// <summary>A check.</summary>
/// <param name="Status">`healthy` or `unhealthy`.</param>
/// <param name="Description">The fault; null without one.</param>
public sealed record HealthCheckResponse(
    [property: Values(HealthResponse.StatusName, HealthResponse.StatusText, HealthResponse.Healthy, HealthResponse.Unhealthy)]
    string Status,
    string? Description);

/// <summary><c>/health/live</c>: the process responds. <c>/health/ready</c>: the database responds and has a schema that
/// this version can serve.</summary>
internal static class Health
{
    private const string Tag = "Health";
    private const string Ready = "ready";
    private const string DatabaseName = "database";

    private static readonly HealthResponse Live = new(HealthResponse.Healthy, new Dictionary<string, HealthCheckResponse>());

    public static void AddServiceHealth(this IServiceCollection services) =>
        services.AddHealthChecks().AddCheck<DatabaseCheck>(DatabaseName, tags: [Ready], timeout: TimeSpan.FromSeconds(5));

    public static void MapServiceHealth(this WebApplication app)
    {
        var health = app.MapGroup("/health").WithTags(Tag).WithMetadata(new WorkOf(Lane.Health, 0),
            new TagText(Tag, "For operators of the service."));
        health.MapGet("/live", (HealthCheckService checks, HttpContext http, CancellationToken cancellation) =>
            RespondAsync(checks, _ => false, http, cancellation))
            .WithName("getLiveness").WithSummary("Check that the process responds")
            .WithDescription("Does not use the database. Restart a service that does not respond.")
            .WithMetadata(new ResponseText(200, "The process responds."), new ResponseExample(200, _ => ExampleJson.Of(Live)))
            .Produces<HealthResponse>();
        health.MapGet("/ready", (HealthCheckService checks, HttpContext http, CancellationToken cancellation) =>
            RespondAsync(checks, check => check.Tags.Contains(Ready), http, cancellation))
            .WithName("getReadiness").WithSummary("Check that the service can serve requests")
            .WithDescription(
                "Checks that the database responds and has a schema that this version can serve. "
                + "Send no requests to a service that is not ready.")
            .WithMetadata(new ResponseText(200, "The service can serve requests."),
                new ResponseText(503, "The service cannot serve requests; `checks` states the reason."),
                new ResponseExample(200, _ => ExampleJson.Of(Live with
                {
                    Checks = new Dictionary<string, HealthCheckResponse> { [DatabaseName] = new(HealthResponse.Healthy, null) },
                })))
            .Produces<HealthResponse>().Produces<HealthResponse>(503);
    }

    private static async Task RespondAsync(
        HealthCheckService checks, Func<HealthCheckRegistration, bool> which, HttpContext http, CancellationToken cancellation)
    {
        var report = await checks.CheckHealthAsync(which, cancellation);
        static string Text(HealthStatus status) => status == HealthStatus.Unhealthy ? HealthResponse.Unhealthy : HealthResponse.Healthy;
        var checksByName = report.Entries.ToDictionary(e => e.Key, e => new HealthCheckResponse(Text(e.Value.Status), e.Value.Description));
        var response = new HealthResponse(Text(report.Status), checksByName);
        http.Response.StatusCode = report.Status == HealthStatus.Unhealthy
            ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(response, ApiJson.Options), cancellation);
    }

    private sealed class DatabaseCheck(SchemaReader schema) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            try
            {
                return await schema.FitAsync(cancellationToken) switch
                {
                    SchemaFit.Fits => HealthCheckResult.Healthy(),
                    SchemaFit.Older => HealthCheckResult.Unhealthy("The schema of the database is older than this version; run `migrate`."),
                    _ => HealthCheckResult.Unhealthy(
                        "The schema of the database is of a newer version, and this one cannot serve it; replace this instance."),
                };
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or OperationCanceledException)
            {
                // messages of the database may name hosts and users: they go to the log only
                return HealthCheckResult.Unhealthy("The database does not respond.", e);
            }
        }
    }
}
