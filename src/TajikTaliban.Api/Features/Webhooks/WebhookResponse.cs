using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>A subscription to the changes.</summary>
public record WebhookResponse
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>Where changes are sent.</summary>
    public required string Url { get; init; }

    /// <summary>The resources whose changes are sent; null for all.</summary>
    public required IReadOnlyList<string>? Resources { get; init; }

    /// <summary>What it is for.</summary>
    public required string? Description { get; init; }

    /// <summary>`active`; `paused` by hand; `gone` since the receiver answered 410; `dead-letter` since a change failed in all its attempts.</summary>
    public required string State { get; init; }

    /// <summary>All changes up to here have been delivered.</summary>
    public required string Position { get; init; }

    /// <summary>How often the next change has failed.</summary>
    public required int Failures { get; init; }

    /// <summary>When it is tried again (UTC); null if nothing waits.</summary>
    public required DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>How many changes could not be delivered.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Until when the secret before the present one signs too (UTC).</summary>
    public required DateTimeOffset? PreviousSecretUntil { get; init; }

    /// <summary>When it was made (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name of the key that made it.</summary>
    public required string? CreatedBy { get; init; }

    /// <summary>The last attempt of a delivery.</summary>
    public required WebhookAttemptResponse? LastAttempt { get; init; }

    internal static WebhookResponse Of(Webhook webhook) => new()
    {
        Id = webhook.Id,
        Url = webhook.Url,
        Resources = webhook.Resources,
        Description = webhook.Description,
        State = webhook.State,
        Position = webhook.Position.ToString(),
        Failures = webhook.Failures,
        NextAttemptAt = webhook.NextAttemptAt,
        DeadLetters = webhook.DeadLetters,
        PreviousSecretUntil = webhook.PreviousUntil,
        CreatedAt = webhook.CreatedAt,
        CreatedBy = webhook.CreatedBy,
        LastAttempt = webhook.LastAttempt is null ? null : WebhookAttemptResponse.Of(webhook.LastAttempt),
    };
}

/// <summary>An attempt of a delivery.</summary>
public sealed record WebhookAttemptResponse
{
    /// <summary>Counts the attempts of the subscription.</summary>
    public required long Number { get; init; }

    /// <summary>The message (`webhook-id`), the same over all its attempts.</summary>
    public required string MessageId { get; init; }

    /// <summary>What it said, such as `actors.updated`, or `ping`.</summary>
    public required string Type { get; init; }

    /// <summary>The position of the change; null for a test.</summary>
    public required string? Position { get; init; }

    /// <summary>When it began (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long it took.</summary>
    public required int Milliseconds { get; init; }

    /// <summary>The status that was answered; null if there was no answer.</summary>
    public required int? Status { get; init; }

    /// <summary>Why it failed; null if the receiver took it.</summary>
    public required string? Error { get; init; }

    /// <summary>The beginning of the answer's body, 4 KiB at most.</summary>
    public required string? Answer { get; init; }

    internal static WebhookAttemptResponse Of(WebhookAttempt attempt) => new()
    {
        Number = attempt.Number,
        MessageId = attempt.MessageId,
        Type = attempt.Type,
        Position = attempt.Position,
        StartedAt = attempt.StartedAt,
        Milliseconds = attempt.Milliseconds,
        Status = attempt.Status,
        Error = attempt.Error,
        Answer = attempt.Answer,
    };
}
