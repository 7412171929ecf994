using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.Platform.Auth;

/// <summary><c>Authorization: Bearer KEY</c>. Each request looks the key up, so that a revocation takes effect at once.</summary>
public sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, ApiKeyReader keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization;
        if (header.Count == 0)
            return AuthenticateResult.NoResult();
        var text = header.ToString();
        if (!text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) || !KeyText.LooksLikeKey(text[7..].Trim()))
            return AuthenticateResult.Fail("Send `Authorization: Bearer KEY`.");

        if (await keys.FindOrNullAsync(KeyText.Hash(text[7..].Trim()), Context.RequestAborted) is not { } holder)
            return AuthenticateResult.Fail("The key is unknown or revoked.");
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, holder.Name), new Claim(ClaimTypes.Role, holder.Role)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) =>
        throw new ProblemException(ProblemType.Unauthorized, "/header/Authorization",
            Request.Headers.Authorization.Count == 0
                ? "Send `Authorization: Bearer KEY`." : "The key is unknown or revoked, or the header is not `Bearer KEY`.");

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        throw new ProblemException(ProblemType.Forbidden, "/header/Authorization",
            $"The key '{Context.User.Identity?.Name}' has the role '{Context.User.FindFirstValue(ClaimTypes.Role)}', "
            + (Context.User.IsInRole(Roles.Editor)
                ? "which does not allow this operation; use a key with the role 'admin'." : "which does not allow writing."));
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
        if ((await http.AuthenticateAsync()).Principal is { } principal)
            http.User = principal;
        await next(http);
    }

    /// <summary>Requires the role of the endpoint, if it has one.</summary>
    public static void UseRoles(this WebApplication app)
    {
        ((IApplicationBuilder)app).Properties[Authorized] = true;
        app.UseWhen(static http => http.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is not null,
            static guarded => guarded.UseAuthorization());
    }

    /// <summary>Authenticates requests with a key; others skip the lookup.</summary>
    public static void UseKeyAuthentication(this WebApplication app)
    {
        ((IApplicationBuilder)app).Properties[Handled] = true;
        app.Use((http, next) => http.Request.Headers.Authorization.Count == 0 ? next(http) : AuthenticatedAsync(http, next));
    }
}
