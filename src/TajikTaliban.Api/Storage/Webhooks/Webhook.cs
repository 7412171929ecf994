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
/// <param name="Url">Where changes are sent.</param>
/// <param name="Resources">The resources that are asked for; null is all.</param>
/// <param name="Description">What it is for.</param>
/// <param name="State">One of <see cref="WebhookState"/>.</param>
/// <param name="Position">All changes up to here have been delivered.</param>
/// <param name="Failures">Attempts that failed for the change after it.</param>
/// <param name="NextAttemptAt">When that change is tried again.</param>
/// <param name="PreviousUntil">Until when the secret before this one signs too.</param>
/// <param name="DeadLetters">Changes that could not be delivered.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="CreatedBy">The key that made it.</param>
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

/// <summary>Where messages go and what signs them; the secrets are sealed as they are stored.</summary>
public sealed record WebhookTarget(string Id, string Url, byte[] Secret, byte[]? PreviousSecret);

/// <summary>A webhook endpoint that this process alone delivers until the lease ends.</summary>
public sealed record WebhookLease(
    WebhookTarget Target, Guid Owner, long Revision, IReadOnlyList<string>? Resources, Position Position, int Failures);

/// <summary>One attempt to deliver a message.</summary>
/// <param name="Number">Counts the attempts of the endpoint.</param>
/// <param name="MessageId">The message, the same over all its attempts.</param>
/// <param name="Type">What it said, such as <c>actors.updated</c>.</param>
/// <param name="Position">The position of the change; null for a test.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Status">The status of the response; null without a response.</param>
/// <param name="Error">Why it failed; null if it was taken.</param>
/// <param name="Answer">The beginning of the response's body.</param>
public sealed record WebhookAttempt(
    long Number, string MessageId, string Type, string? Position, DateTime StartedAt, int Milliseconds, int? Status, string? Error,
    string? Answer);

/// <summary>What an attempt makes of the endpoint.</summary>
/// <param name="State">The state it is in.</param>
/// <param name="Position">How far it has come.</param>
/// <param name="Failures">Attempts that failed for the next change.</param>
/// <param name="NextAttemptAt">When it is tried again; null is at once.</param>
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
