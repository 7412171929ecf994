using FluentValidation;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Platform.Representations;
using TajikTaliban.Api.Platform.Validation;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>The start of a replay: one of the two fields.</summary>
public sealed record ReplayWebhookRequest
{
    /// <summary>Send the changes after this position. The position of a dead letter passes over that change.</summary>
    public string? After { get; init; }

    /// <summary>True: send from the first dead letter on.</summary>
    public bool? DeadLetters { get; init; }
}

internal sealed class ReplayWebhookValidator : AbstractValidator<ReplayWebhookRequest>
{
    public ReplayWebhookValidator()
    {
        RuleFor(r => r.After).PositionText();
        RuleFor(r => r.DeadLetters).Must(d => d is null or true).WithFault(new Fault(
            FaultCode.UnknownValue, "Set `true` or leave the field out.", ("allowed", (string[])["true"])));
        RuleFor(r => r.After).Must((r, after) => after is null != r.DeadLetters is null)
            .WithFault(Fault.Exclusive("Set either `after` or `deadLetters`.", "after", "deadLetters"));
    }
}

/// <summary>POST of <c>/replay</c>. Changes that are sent again have the same <c>webhook-id</c>.</summary>
internal static class ReplayWebhook
{
    private static readonly ReplayWebhookValidator Validator = new();

    public static Task Handle(
        string id, WebhookEndpoints endpoints, PositionReader positions, WriteCommand command, HttpContext http,
        CancellationToken cancellation)
    {
        JsonResponse.RequireJson(http.Request);
        return command.RunAsync(http, WriteRequest.Valid(Validator), async (session, request) =>
        {
            var own = endpoints.Within(session);
            await own.FindAsync(id, cancellation);
            var after = request.After is not null
                ? await Positions.ReadKnownAsync(request.After, "/after", positions.Within(session.Connection), cancellation)
                : await own.Store.FirstDeadLetterOrNullAsync(id, cancellation) is { } letter
                    ? Before(letter)
                    : throw new ProblemException(ProblemType.Conflict, "/deadLetters",
                        new Fault(FaultCode.NothingToDo, "The webhook endpoint has no dead letters."));
            if (!await own.Store.ReplayAsync(id, after, cancellation))
                throw WebhookEndpoints.NotFound(id);
            return own.Waking(WebhookHttp.Written(200, WebhookResponse.Of(await own.FindAsync(id, cancellation))));
        }, cancellation);
    }

    private static Position Before(Position change) => change with { Change = change.Change - 1 };
}
