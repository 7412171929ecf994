using System.Globalization;
using System.Security.Claims;
using System.Text.Json;
using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Platform.Json;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Resources;

namespace TajikTaliban.Api.Features.Keys;

/// <summary>The key of the request.</summary>
public sealed record MeResponse
{
    /// <summary>The name of the key; null without a key.</summary>
    public required string? Key { get; init; }

    /// <summary>The pseudonym that others see of the key; null without a key.</summary>
    public required string? Pseudonym { get; init; }

    /// <summary>
    /// `reader` may read, as everybody may without a key; `editor` may also write records, name releases and close reports of errors;
    /// `admin` may also manage webhook endpoints, remove content (redactions) and read the audit log.
    /// </summary>
    [Values("KeyRole", "The role of a key; each includes the permissions of those before it.", Roles.Reader, Roles.Editor, Roles.Admin)]
    public required string Role { get; init; }

    /// <summary>From when on the key is refused (UTC): it expires, or was replaced by a new one; null for never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>GET of <c>/v1/me</c>: which key a client sends, and what it may do.</summary>
internal static class GetMe
{
    private const string Tag = "Keys";

    public static void MapMe(this IEndpointRouteBuilder v1) =>
        v1.MapGet("/me", HandleAsync).WithTags(Tag).WithName("getMe").WithSummary("Get the key of the request")
            .WithDescription("The name and the role of the key that the request has. A key that is not accepted is refused (401), as it is "
                + "everywhere. Without a key the role is `reader`.")
            .WithMetadata(new TagText(Tag, "The key of a request."), new ResponseText(200, "The key and its role."),
                new ResponseExample(200, _ => ExampleJson.Of(new MeResponse
                {
                    Key = "editor",
                    Pseudonym = KeyNames.PseudonymOf("editor", RecordExamples.Secret),
                    Role = Roles.Editor,
                    ExpiresAt = RecordExamples.RecordedAt.AddYears(1),
                })))
            .Produces<MeResponse>().ProducesProblem(400).ProducesProblem(401).ProducesProblem(406);

    private static async Task HandleAsync(KeyNames names, HttpContext http, CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        var name = http.User.Identity?.Name;
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new MeResponse
            {
                Key = name,
                Pseudonym = name is null ? null : names.PseudonymOf(name),
                Role = http.User.FindFirstValue(ClaimTypes.Role) ?? Roles.Reader,
                ExpiresAt = http.User.FindFirstValue(ClaimTypes.Expiration) is { } end
                    ? DateTimeOffset.Parse(end, CultureInfo.InvariantCulture) : null,
            }, ApiJson.Options);
        await JsonResponse.SendPrivateAsync(http, body, cancellation);
    }
}
