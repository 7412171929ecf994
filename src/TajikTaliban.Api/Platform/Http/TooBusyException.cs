namespace TajikTaliban.Api.Platform.Http;

/// <summary>Ends a request that the service has no room for.</summary>
public sealed class TooBusyException(string message, int retryAfterSeconds) : Exception(message)
{
    public int RetryAfterSeconds { get; } = retryAfterSeconds;
}
