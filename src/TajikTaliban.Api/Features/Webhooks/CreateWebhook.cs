using System.Security.Cryptography;
using FluentValidation;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>A new subscription.</summary>
public sealed record CreateWebhookRequest
{
    /// <summary>Where changes are sent: an https address of a public host.</summary>
    public required string Url { get; init; }

    /// <summary>The resources whose changes are sent; all if left out.</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>The position after which it begins, such as that of a snapshot; the present one if left out.</summary>
    public string? After { get; init; }
}

/// <summary>A new subscription, with the secret that signs its messages.</summary>
public sealed record CreatedWebhookResponse
{
    /// <summary>The subscription.</summary>
    public required WebhookResponse Webhook { get; init; }

    /// <summary>The secret that its messages are signed with. It is shown this once.</summary>
    public required string Secret { get; init; }
}

internal sealed class CreateWebhookValidator : AbstractValidator<CreateWebhookRequest>
{
    public CreateWebhookValidator(WebhookOptions options, ResourceCatalogue catalogue)
    {
        RuleFor(r => r.Url).Target(options);
        RuleFor(r => r.Resources).ResourceNames(catalogue);
        RuleFor(r => r.Description).Line(Limits.Description);
        RuleFor(r => r.After).PositionText();
    }
}

/// <summary>POST of <c>/v1/webhooks</c>.</summary>
internal static class CreateWebhook
{
    private const int IdBytes = 10;
    private static readonly string[] MediaTypes = ["application/json"];

    public static async Task Handle(
        WebhookStore store, CreateWebhookValidator validator, PositionReader positions, SecretSeal seal, WebhookOptions options, Dispatcher dispatcher, TimeProvider time,
        HttpContext http, CancellationToken cancellation)
    {
        JsonAnswer.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        using var body = await BodyReader.ReadJsonAsync(http.Request, MediaTypes, true, cancellation);
        var request = await ValidBody.ReadAsync(body.RootElement, validator, null, cancellation);
        var position = request.After is null ? await positions.NewestAsync(cancellation) : await Positions.ReadKnownAsync(request.After, "/after", positions, cancellation);
        var (id, secret) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), SecretSeal.New());
        var webhook = new Webhook(id, request.Url, request.Resources, request.Description, WebhookState.Active, position, 0, null, null, 0, time.GetUtcNow().UtcDateTime,
            http.User.Identity?.Name, null);
        if (!await store.AddAsync(webhook, seal.Close(id, secret), options.MostSubscriptions, cancellation))
        {
            throw new ProblemException(ProblemType.Conflict,
                $"There are {options.MostSubscriptions} webhooks already; delete one, or have the operator raise Webhooks:MostSubscriptions.");
        }

        dispatcher.Wake();
        http.Response.Headers.Location = $"/v1/webhooks/{id}";
        var response = WebhookResponse.Of(await WebhookHttp.FindAsync(id, store, time, cancellation));
        await WebhookHttp.SendAsync(http, 201, new CreatedWebhookResponse { Webhook = response, Secret = SecretSeal.Show(secret) }, cancellation);
    }
}
