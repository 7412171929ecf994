using TajikTaliban.Api.Storage.Webhooks;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>A webhook endpoint.</summary>
public record WebhookResponse
{
    /// <summary>The id.</summary>
    public required string Id { get; init; }

    /// <summary>The receiver.</summary>
    public required string Url { get; init; }

    /// <summary>Resources whose changes are sent; null for all.</summary>
    public required IReadOnlyList<string>? Resources { get; init; }

    /// <summary>The purpose of the endpoint.</summary>
    public required string? Description { get; init; }

    /// <summary>`active`; `paused` by a request; `gone` after a 410 response of the receiver; `dead-letter` after all attempts of a change
    /// failed.</summary>
    public required string State { get; init; }

    /// <summary>All changes up to this position have been delivered.</summary>
    public required string Position { get; init; }

    /// <summary>Failed attempts of the next change.</summary>
    public required int Failures { get; init; }

    /// <summary>The instant of its next attempt (UTC); null if none is scheduled.</summary>
    public required DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>Number of dead letters: changes that could not be delivered.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>The end of the time in which the previous secret signs too (UTC); null if only one secret signs.</summary>
    public required DateTimeOffset? PreviousSecretUntil { get; init; }

    /// <summary>The instant of its creation (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name of the key that created it.</summary>
    public required string? CreatedBy { get; init; }

    /// <summary>The last attempt; null before the first one.</summary>
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

/// <summary>An attempt to deliver a message.</summary>
public sealed record WebhookAttemptResponse
{
    /// <summary>The number of the attempt, counted per endpoint.</summary>
    public required long Number { get; init; }

    /// <summary>The id of the message (`webhook-id`), the same in all attempts of a delivery.</summary>
    public required string MessageId { get; init; }

    /// <summary>The type of the message, such as `actors.updated`, or `ping`.</summary>
    public required string Type { get; init; }

    /// <summary>The position of the change; null for a test.</summary>
    public required string? Position { get; init; }

    /// <summary>The start of the attempt (UTC).</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The duration in milliseconds.</summary>
    public required int Milliseconds { get; init; }

    /// <summary>The status of the response; null without a response.</summary>
    public required int? Status { get; init; }

    /// <summary>The error; null after a 2xx response.</summary>
    public required string? Error { get; init; }

    /// <summary>The first 4 KiB of the response body.</summary>
    public required string? ResponseBody { get; init; }

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
        ResponseBody = attempt.ResponseBody,
    };
}
