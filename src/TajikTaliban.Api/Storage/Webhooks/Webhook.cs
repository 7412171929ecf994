using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Webhooks;

/// <summary>The states of a webhook endpoint.</summary>
public static class WebhookState
{
    public const string Active = "active";

    /// <summary>Stopped by hand.</summary>
    public const string Paused = "paused";

    /// <summary>The receiver responded with 410.</summary>
    public const string Gone = "gone";

    /// <summary>A change could not be delivered in all its attempts; nothing after it is sent.</summary>
    public const string DeadLetter = "dead-letter";
}

/// <summary>A webhook endpoint as it is shown.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Url">The address of the receiver.</param>
/// <param name="Resources">The resources to include; null: all.</param>
/// <param name="Description">The purpose of the endpoint.</param>
/// <param name="State">One of <see cref="WebhookState"/>.</param>
/// <param name="Position">All changes up to here have been delivered.</param>
/// <param name="Failures">Failed attempts of the next change.</param>
/// <param name="NextAttemptAt">The time of the next attempt.</param>
/// <param name="PreviousUntil">The time until which the previous secret signs too.</param>
/// <param name="DeadLetters">Changes that could not be delivered.</param>
/// <param name="CreatedAt">The time of creation.</param>
/// <param name="CreatedBy">The name of the key that created it.</param>
/// <param name="LastAttempt">The last attempt of a delivery.</param>
public sealed record Webhook(
    string Id, string Url, IReadOnlyList<string>? Resources, string? Description, string State, Position Position, int Failures,
    DateTime? NextAttemptAt, DateTime? PreviousUntil, long DeadLetters, DateTime CreatedAt, string? CreatedBy, WebhookAttempt? LastAttempt);

/// <summary>The settings of a webhook endpoint that a request may change.</summary>
/// <param name="Url">The address of the receiver.</param>
/// <param name="Resources">The resources whose changes are sent; null is all.</param>
/// <param name="Description">The purpose of the endpoint.</param>
/// <param name="Active">True resumes, false pauses; null keeps the state.</param>
public sealed record ChangedWebhook(string Url, IReadOnlyList<string>? Resources, string? Description, bool? Active);

/// <summary>The address of messages and the signing secrets, sealed as stored.</summary>
public sealed record WebhookTarget(string Id, string Url, byte[] Secret, byte[]? PreviousSecret);

/// <summary>A webhook endpoint that only this process delivers to until the lease ends.</summary>
public sealed record WebhookLease(
    WebhookTarget Target, Guid Owner, long Revision, IReadOnlyList<string>? Resources, Position Position, int Failures);

/// <summary>One attempt to deliver a message.</summary>
/// <param name="Number">Counts the attempts of the endpoint.</param>
/// <param name="MessageId">The id of the message, the same in all attempts.</param>
/// <param name="Type">The type of the message, such as <c>actors.updated</c>.</param>
/// <param name="Position">The position of the change; null for a test.</param>
/// <param name="StartedAt">The start of the attempt.</param>
/// <param name="Milliseconds">The duration in milliseconds.</param>
/// <param name="Status">The status of the response; null without a response.</param>
/// <param name="Error">The error; null after a 2xx response.</param>
/// <param name="ResponseBody">The beginning of the response's body.</param>
public sealed record WebhookAttempt(
    long Number, string MessageId, string Type, string? Position, DateTime StartedAt, int Milliseconds, int? Status, string? Error,
    string? ResponseBody);

/// <summary>The state of the endpoint after an attempt.</summary>
/// <param name="State">The state.</param>
/// <param name="Position">The position of the deliveries.</param>
/// <param name="Failures">Failed attempts of the next change.</param>
/// <param name="NextAttemptAt">The time of the next attempt; null: at once.</param>
public sealed record WebhookProgress(string State, Position Position, int Failures, DateTime? NextAttemptAt);

/// <summary>The result of an attempt to deliver a change.</summary>
/// <param name="Attempt">The attempt, for the log.</param>
/// <param name="Progress">The endpoint after it.</param>
/// <param name="Letter">The change, if this was its last attempt; null otherwise.</param>
/// <param name="Delivered">The number of the change, if it was delivered; null otherwise.</param>
public sealed record WebhookResult(WebhookAttempt Attempt, WebhookProgress Progress, WebhookDeadLetter? Letter, long? Delivered);

/// <summary>A change that could not be delivered.</summary>
public sealed record WebhookDeadLetter(
    long Seq, string MessageId, string Type, string RecordId, int Version, Position Position, int Attempts, DateTime FailedAt, int? Status,
    string? Error);
