using System.Text.Json;
using FluentValidation;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>What changes in a subscription; fields that are left out stay.</summary>
public sealed record ChangeWebhookRequest
{
    /// <summary>Where changes are sent.</summary>
    public string? Url { get; init; }

    /// <summary>The resources whose changes are sent; null for all.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>What it is for; null for nothing.</summary>
    public string? Description { get; init; }

    /// <summary>False pauses it; true lets it go on from where it stopped, whatever stopped it.</summary>
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

/// <summary>PATCH of one subscription: a merge patch (RFC 7396).</summary>
internal static class ChangeWebhook
{
    public const string MergePatch = "application/merge-patch+json";
    private static readonly string[] MediaTypes = [MergePatch, "application/json"];
    private static readonly string[] NotNull = ["url", "active"];

    public static async Task Handle(
        string id, WebhookStore store, ChangeWebhookValidator validator, Dispatcher dispatcher, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        JsonAnswer.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        var webhook = await WebhookHttp.FindAsync(id, store, time, cancellation);
        using var body = await BodyReader.ReadJsonAsync(http.Request, MediaTypes, true, cancellation);
        var patch = body.RootElement;
        var request = await ValidBody.ReadAsync(patch, validator, errors =>
        {
            foreach (var name in NotNull)
            {
                if (patch.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Null)
                    errors.Add($"/{name}", "The field may not be null.");
            }
        }, cancellation);
        if (!await store.ChangeAsync(id, request.Url ?? webhook.Url, patch.TryGetProperty("resources", out _) ? request.Resources : webhook.Resources,
                patch.TryGetProperty("description", out _) ? request.Description : webhook.Description, request.Active, cancellation))
        {
            throw WebhookHttp.NotFound(id);
        }

        dispatcher.Wake();
        await WebhookHttp.SendAsync(http, 200, WebhookResponse.Of(await WebhookHttp.FindAsync(id, store, time, cancellation)), cancellation);
    }
}
