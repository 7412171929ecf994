using System.Security.Cryptography;
using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>A new webhook endpoint.</summary>
public sealed record CreateWebhookRequest
{
    /// <summary>The receiver: an https address of a public host.</summary>
    public required string Url { get; init; }

    /// <summary>Resources whose changes are sent (default: all).</summary>
    public IReadOnlyList<string>? Resources { get; init; }

    /// <summary>The purpose of the endpoint.</summary>
    public string? Description { get; init; }

    /// <summary>Send the changes after this position, such as that of a snapshot (default: the current position).</summary>
    public string? After { get; init; }
}

/// <summary>A new webhook endpoint with its signing secret.</summary>
public sealed record CreatedWebhookResponse
{
    /// <summary>The webhook endpoint.</summary>
    public required WebhookResponse Webhook { get; init; }

    /// <summary>The secret that signs its messages. It is shown only once.</summary>
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

    public static Task Handle(
        WebhookEndpoints endpoints, CreateWebhookValidator validator, PositionReader positions, WriteCommand command, HttpContext http,
        CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        return command.RunAsync(http, WriteRequest.Valid(validator) with { Seal = endpoints.Seal.OfResponses }, async (session, request) =>
        {
            var (own, ledger) = (endpoints.Within(session), positions.Within(session.Connection));
            var position = request.After is null
                ? await ledger.NewestAsync(cancellation)
                : await Positions.ReadKnownAsync(request.After, "/after", ledger, cancellation);
            var (id, secret) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(IdBytes)), SecretSeal.New());
            var webhook = new Webhook(id, request.Url, request.Resources, request.Description, WebhookState.Active, position, 0, null, null,
                0, endpoints.Now.UtcDateTime, http.User.Identity?.Name, null);
            var max = endpoints.Options.MaxEndpoints;
            if (!await own.Store.AddAsync(webhook, endpoints.Seal.Close(id, secret), max, cancellation))
            {
                throw new ProblemException(ProblemType.Conflict, "", new Fault(FaultCode.LimitReached,
                    $"The limit of {max} webhook endpoints is reached; delete one, or raise Webhooks__MaxEndpoints.", ("max", max)));
            }

            var response = WebhookResponse.Of(await own.FindAsync(id, cancellation));
            return own.Waking(WebhookHttp.Written(201, new CreatedWebhookResponse { Webhook = response, Secret = SecretSeal.Show(secret) },
                $"/v1/webhooks/{id}"));
        }, cancellation);
    }
}
