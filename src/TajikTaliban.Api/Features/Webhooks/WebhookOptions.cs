using System.Net;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>How webhooks are delivered. <see cref="WebhookSettings"/> reads it from the configuration.</summary>
public sealed record WebhookOptions
{
    /// <summary>The time by which a lease outlasts the attempt that it was taken for.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    /// <summary>Whether receivers may be reached without TLS.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Networks (CIDR) to deliver to although they are not public.</summary>
    public IReadOnlyList<IPNetwork> AllowedNetworks { get; init; } = [];

    /// <summary>The key that seals signing secrets in the database: 32 bytes. Without it they are stored unsealed.</summary>
    public byte[]? SecretKey { get; init; }

    /// <summary>Attempts per change before the endpoint stops.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>The longest pause after the first failure.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The factor by which the longest pause grows with each further failure.</summary>
    public double DelayFactor { get; init; } = 5;

    /// <summary>The upper bound of all pauses.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromHours(12);

    /// <summary>The timeout of an attempt.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Endpoints that are delivered to at the same time.</summary>
    public int Parallel { get; init; } = 16;

    /// <summary>Attempts kept in the log of an endpoint.</summary>
    public int KeptAttempts { get; init; } = 1000;

    /// <summary>The largest number of webhook endpoints.</summary>
    public int MaxEndpoints { get; init; } = 500;

    public TimeSpan LeaseLength => Timeout + Slack;

    /// <summary>The pause after a number of failures: random below a bound that grows, so that receivers that failed together are retried
    /// apart.</summary>
    public TimeSpan Delay(int failures, double chance) =>
        TimeSpan.FromSeconds(chance * Math.Min(MaxDelay.TotalSeconds, FirstDelay.TotalSeconds * Math.Pow(DelayFactor, failures - 1)));
}
