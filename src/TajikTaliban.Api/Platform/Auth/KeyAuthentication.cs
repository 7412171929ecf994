using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.Platform.Auth;

/// <summary>
/// <c>Authorization: Bearer KEY</c>. Each request looks the key up, so that a revocation takes effect at once. A key that is not accepted
/// is refused everywhere, also where none is needed: its holder learns of it.
/// </summary>
public sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeyReader keys, TimeProvider time)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";
    private const string Form = "Send `Authorization: Bearer KEY`.";
    private static readonly object RefusedKey = new();

    /// <summary>The name of the key of a request, also of one that was refused because it is expired or revoked.</summary>
    public static string? NameOrNull(HttpContext http) =>
        http.User.Identity?.Name ?? (http.Items.TryGetValue(RefusedKey, out var name) ? (string?)name : null);

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0)
            return AuthenticateResult.NoResult();
        var text = header.ToString();
        if (!text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || !KeyText.LooksLikeKey(text[7..].Trim()))
            return AuthenticateResult.Fail("The header is not `Bearer KEY`, or the key is not one of this service.");

        if (await keys.FindOrNullAsync(KeyText.Hash(text[7..].Trim()), Context.RequestAborted) is not { } holder)
            return AuthenticateResult.Fail("The key is unknown.");
        if (WhatIsWrong(holder, time.GetUtcNow()) is { } wrong)
        {
            Context.Items[RefusedKey] = holder.Name;
            return AuthenticateResult.Fail(wrong);
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, holder.Name), new Claim(ClaimTypes.Role, holder.Role)], SchemeName);
        if (holder.EndsAt is { } end)
            identity.AddClaim(new Claim(ClaimTypes.Expiration, end.ToString("O", CultureInfo.InvariantCulture)));
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties) =>
        throw new ProblemException(ProblemType.Unauthorized, "/header/Authorization",
            (await HandleAuthenticateOnceSafeAsync()).Failure is { } failure
                ? new Fault(FaultCode.KeyNotAccepted,
                    $"{failure.Message} Send an accepted key, or no `Authorization` header to read without one.")
                : new Fault(FaultCode.KeyRequired, Form));

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        throw new ProblemException(ProblemType.Forbidden, "/header/Authorization", new Fault(FaultCode.RoleNotAllowed,
            $"The key '{Context.User.Identity?.Name}' has the role '{Context.User.FindFirstValue(ClaimTypes.Role)}', "
            + (Context.User.IsInRole(Roles.Editor)
                ? "which does not allow this operation; use a key with the role 'admin'." : "which does not allow writing."),
            ("role", Context.User.FindFirstValue(ClaimTypes.Role))));

    /// <summary>Only who sends the key is told.</summary>
    private static string? WhatIsWrong(KeyHolder holder, DateTimeOffset now)
    {
        if (holder.RevokedAt is not null)
            return "The key is revoked.";
        if (holder.EndsAt is not { } end || end > now)
            return null;
        var at = end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return holder.IsPrevious ? $"The key was replaced by a new one and was accepted until {at}." : $"The key expired at {at}.";
    }
}

public static class KeyAuthenticationSetup
{
    // WebApplication adds its own authentication and authorization in front of the pipeline unless these are set
    private const string Handled = "__AuthenticationMiddlewareSet";
    private const string Authorized = "__AuthorizationMiddlewareSet";

    public static void AddKeyAuthentication(this IServiceCollection services)
    {
        // the core only: AddAuthentication adds data protection, which nothing here uses
        services.AddAuthenticationCore(authentication =>
        {
            authentication.AddScheme<KeyAuthentication>(KeyAuthentication.SchemeName, null);
            authentication.DefaultScheme = KeyAuthentication.SchemeName;
        });
        services.AddTransient<KeyAuthentication>();
        LeaveMediaTypesToOperations(services);
        services.AddSingleton<KeyNames>();
        services.AddSingleton(UrlEncoder.Default);
        services.AddAuthorization(authorization =>
        {
            foreach (var role in Roles.All)
            {
                authorization.AddPolicy(role, policy => policy.RequireAssertion(context =>
                    context.User.FindFirstValue(ClaimTypes.Role) is { } has && Roles.Includes(has, role)));
            }
        });
    }

    /// <summary>
    /// Routing compares media types before keys are checked, and tells those without a key what it accepts. The operations compare them
    /// themselves.
    /// </summary>
    private static void LeaveMediaTypesToOperations(IServiceCollection services)
    {
        var policy = services.Single(s => s.ServiceType == typeof(MatcherPolicy) && s.ImplementationType?.Name == "AcceptsMatcherPolicy");
        services.Remove(policy);
    }

    private static async Task AuthenticatedAsync(HttpContext http, RequestDelegate next)
    {
        var result = await http.AuthenticateAsync();
        if (result.Principal is { } principal)
            http.User = principal;
        else
            await http.ChallengeAsync();
        await next(http);
    }

    private static async Task WithSecretsAsync(HttpContext http, RequestDelegate next, ServiceSecrets secrets)
    {
        await secrets.LoadAsync(http.RequestAborted);
        await next(http);
    }

    /// <summary>Requires the role of the endpoint, if it has one.</summary>
    public static void UseRoles(this WebApplication app)
    {
        ((IApplicationBuilder)app).Properties[Authorized] = true;
        app.UseWhen(static http => http.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null,
            static guarded => guarded.UseAuthorization());
    }

    /// <summary>Authenticates requests with a key; others skip the lookup. Refuses keys that are not accepted, on every address.</summary>
    public static void UseKeyAuthentication(this WebApplication app)
    {
        ((IApplicationBuilder)app).Properties[Handled] = true;
        app.Use((http, next) => http.Request.Headers.Authorization.Count == 0 ? next(http) : AuthenticatedAsync(http, next));
        // once: pages and probes do without
        var secrets = app.Services.GetRequiredService<ServiceSecrets>();
        app.Use((http, next) => secrets.AreLoaded || !http.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
            ? next(http) : WithSecretsAsync(http, next, secrets));
    }
}
