namespace TajikTaliban.Client;

/// <summary>Which requests the client tries again by itself.</summary>
public sealed class TajikTalibanClientOptions
{
    /// <summary>How often a safe request (GET, HEAD) that got 429 or 503 is sent again (default: 3; 0: never).</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>The longest <c>Retry-After</c> to wait for (default: 30 seconds). A longer one is an error at once, with its
    /// <see cref="ProblemException.RetryAfter"/>.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The clock of all delays.</summary>
    public TimeProvider Time { get; set; } = TimeProvider.System;
}
