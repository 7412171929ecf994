using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>A change of a webhook endpoint; absent fields keep their values.</summary>
public sealed record ChangeWebhookRequest
{
    /// <summary>The receiver: an https address of a public host.</summary>
    public string? Url { get; init; }

    /// <summary>Resources whose changes are sent; null for all.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>The purpose of the endpoint; null removes it.</summary>
    public string? Description { get; init; }

    /// <summary>False pauses the endpoint; true resumes it at its position from any state.</summary>
    public bool? Active { get; init; }
}

internal sealed class ChangeWebhookValidator : AbstractValidator<ChangeWebhookRequest>
{
    public ChangeWebhookValidator(WebhookOptions options, ResourceCatalogue catalogue)
    {
        RuleFor(r => r.Url).Target(options);
        RuleFor(r => r.Resources).ResourceNames(catalogue);
        RuleFor(r => r.Description).Line(Limits.Description);
    }
}

/// <summary>PATCH of one webhook endpoint: a merge patch (RFC 7396).</summary>
internal static class ChangeWebhook
{
    public const string MergePatch = "application/merge-patch+json";
    private static readonly WriteRequest<JsonElement> Request = WriteRequest.Json([MergePatch, "application/json"], allowDoubled: true);
    private static readonly string[] NotNull = ["url", "active"];

    public static Task Handle(
        string id, WebhookEndpoints endpoints, ChangeWebhookValidator validator, WriteCommand command, HttpContext http,
        CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        return command.RunAsync(http, Request, async (session, patch) =>
        {
            var own = endpoints.Within(session);
            var webhook = await own.FindAsync(id, cancellation);
            var request = await ValidBody.ReadAsync(patch, validator, errors =>
            {
                foreach (var name in NotNull)
                {
                    if (patch.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Null)
                        errors.Add($"/{name}", Fault.NullNotAllowed);
                }
            }, cancellation);
            var resources = patch.TryGetProperty("resources", out JsonElement _) ? request.Resources : webhook.Resources;
            var description = patch.TryGetProperty("description", out JsonElement _) ? request.Description : webhook.Description;
            var changed = new ChangedWebhook(request.Url ?? webhook.Url, resources, description, request.Active);
            if (!await own.Store.ChangeAsync(id, changed, cancellation))
                throw WebhookEndpoints.NotFound(id);
            return own.Waking(WebhookHttp.Written(200, WebhookResponse.Of(await own.FindAsync(id, cancellation))));
        }, cancellation);
    }
}
