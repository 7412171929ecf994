using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Problems;

namespace TajikTaliban.Api.Hosting.Http;

/// <summary>
/// Requests of pages of other origins: all may read without a key; those of configured origins may also send keys, and write where no
/// key is needed. Every response has <c>Access-Control-Allow-Origin: *</c> (<see cref="CommonHeaders"/>), so that a shared cache can serve
/// one origin's response to another. Decision 0054.
/// </summary>
internal sealed class CrossOrigins(IOptions<CorsSettings> settings) : ICorsPolicyProvider
{
    private static readonly TimeSpan PreflightMaxAge = TimeSpan.FromHours(24);
    private static readonly CorsPolicy Reading = Policy(p => p.WithMethods("GET", "HEAD", "OPTIONS"));
    private static readonly CorsPolicy Everything = Policy(p => p.AllowAnyMethod());
    private readonly IReadOnlySet<string> _origins = settings.Value.ToOrigins();

    public Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName) =>
        Task.FromResult<CorsPolicy?>(IsTrusted(context.Request) ? Everything : Reading);

    /// <summary>Refuses a key that a page of an unknown origin sends, and a write without one.</summary>
    public Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var request = http.Request;
        var hasKey = request.Headers.Authorization.Count > 0;
        if ((!hasKey && !WritesWithoutKey(http)) || IsTrusted(request))
            return next(http);
        var page = $"Pages of {Shown(request.Headers.Origin.ToString())} may not";
        const string Setting = $"{CorsSettings.Section}__{nameof(CorsSettings.Origins)}";
        throw new ProblemException(ProblemType.OriginNotAllowed, "/header/Origin", new Fault(FaultCode.OriginNotAllowed, hasKey
            ? $"{page} send keys to this service. Read without `Authorization`, or ask its operator to add the origin to {Setting}."
            : $"{page} write to this service. Send the request from your own server, or ask its operator to add the origin to {Setting}."));
    }

    /// <summary>An operation that writes and needs no key: a page could have each of its visitors send it.</summary>
    private static bool WritesWithoutKey(HttpContext http) =>
        !HttpMethods.IsGet(http.Request.Method) && http.GetEndpoint()?.Metadata is { } metadata
        && metadata.GetMetadata<IEndpointNameMetadata>() is not null && metadata.GetMetadata<IAuthorizeData>() is null;

    /// <summary>The header may be any text.</summary>
    private static string Shown(string origin) =>
        origin == "null" ? "an opaque origin (`null`: a file, or a frame in a sandbox)"
            : Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Host != "" ? uri.GetLeftPart(UriPartial.Authority)
            : "this origin";

    private static CorsPolicy Policy(Action<CorsPolicyBuilder> methods)
    {
        var policy = new CorsPolicyBuilder().AllowAnyOrigin().AllowAnyHeader().WithExposedHeaders([.. CommonHeaders.Exposed])
            .SetPreflightMaxAge(PreflightMaxAge);
        methods(policy);
        return policy.Build();
    }

    /// <summary>No page, or one of the service or of a configured origin.</summary>
    private bool IsTrusted(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        if (origin.Count == 0)
            return true;
        // no script can set it, and it is right behind a proxy that says nothing of the scheme
        return request.Headers["Sec-Fetch-Site"] is ["same-origin"]
            || string.Equals(origin, $"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase)
            || _origins.Contains(origin.ToString());
    }
}

internal static class CrossOriginSetup
{
    public static void AddCrossOrigins(this IServiceCollection services)
    {
        services.AddOptions<CorsSettings>().BindConfiguration(CorsSettings.Section)
            // the binder reads an array only from several settings
            .Configure<IConfiguration>((settings, configuration) => settings.Origins ??=
                configuration[$"{CorsSettings.Section}:{nameof(CorsSettings.Origins)}"] is { } text ? [text] : null)
            .ValidateOnStart();
        services.AddSingleton<IValidateOptions<CorsSettings>, CorsSettings>();
        services.AddCors();
        services.AddSingleton<CrossOrigins>();
        services.AddSingleton<ICorsPolicyProvider>(provider => provider.GetRequiredService<CrossOrigins>());
    }

    public static void UseCrossOrigins(this WebApplication app)
    {
        app.Use((http, next) =>
        {
            if (HttpMethods.IsOptions(http.Request.Method))
                CommonHeaders.VaryByOrigin(http);
            return next(http);
        });
        app.UseCors();
    }

    /// <summary>After the problems, before keys are looked up.</summary>
    public static void UseCrossOriginKeys(this WebApplication app)
    {
        var origins = app.Services.GetRequiredService<CrossOrigins>();
        app.Use(origins.RunAsync);
    }
}
