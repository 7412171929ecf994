using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Querying;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>From where a subscription goes on: one of the two.</summary>
public sealed record ReplayWebhookRequest
{
    /// <summary>The position after which changes are sent, again or for the first time; after a dead letter's own it is passed over.</summary>
    public string? After { get; init; }

    /// <summary>True goes on with the first change that could not be delivered.</summary>
    public bool? DeadLetters { get; init; }
}

internal sealed class ReplayWebhookValidator : AbstractValidator<ReplayWebhookRequest>
{
    public ReplayWebhookValidator()
    {
        RuleFor(r => r.After).PositionText();
        RuleFor(r => r.DeadLetters).Must(d => d is null or true).WithMessage("Is true, or left out.");
        RuleFor(r => r.After).Must((r, after) => after is null != r.DeadLetters is null).WithMessage("Give either `after` or `deadLetters`.");
    }
}

/// <summary>POST of <c>/replay</c>. What is sent again has the same <c>webhook-id</c> as before.</summary>
internal static class ReplayWebhook
{
    private static readonly ReplayWebhookValidator Validator = new();
    private static readonly string[] MediaTypes = ["application/json"];

    public static async Task Handle(
        string id, WebhookStore store, PositionReader positions, Dispatcher dispatcher, TimeProvider time, HttpContext http, CancellationToken cancellation)
    {
        JsonAnswer.RequireJson(http.Request);
        QueryText.RefuseAny(http.Request);
        await WebhookHttp.FindAsync(id, store, time, cancellation);
        using var body = await BodyReader.ReadJsonAsync(http.Request, MediaTypes, true, cancellation);
        var request = await ValidBody.ReadAsync(body.RootElement, Validator, null, cancellation);
        var after = request.After is not null
            ? await Positions.ReadKnownAsync(request.After, "/after", positions, cancellation)
            : await store.FirstDeadLetterOrNullAsync(id, cancellation) is { } letter
                ? Before(letter)
                : throw new ProblemException(ProblemType.Conflict, "/deadLetters", "Every change has been delivered; there are no dead letters.");
        if (!await store.ReplayAsync(id, after, cancellation))
            throw WebhookHttp.NotFound(id);
        dispatcher.Wake();
        await WebhookHttp.SendAsync(http, 200, WebhookResponse.Of(await WebhookHttp.FindAsync(id, store, time, cancellation)), cancellation);
    }

    private static Position Before(Position change) => change with { Change = change.Change - 1 };
}
