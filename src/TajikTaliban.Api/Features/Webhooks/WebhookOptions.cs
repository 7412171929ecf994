using System.Globalization;
using System.Net;

namespace TajikTaliban.Api.Features.Webhooks;

/// <summary>The settings <c>Webhooks:…</c>. What cannot be read stops the service when it starts.</summary>
public sealed record WebhookOptions
{
    /// <summary>How long a lease outlasts the attempt that it was taken for.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(10);

    /// <summary>Whether receivers may be reached without TLS.</summary>
    public bool AllowHttp { get; init; }

    /// <summary>Networks (CIDR) that are delivered to although they are not public.</summary>
    public IReadOnlyList<IPNetwork> AllowedNetworks { get; init; } = [];

    /// <summary>The key that seals signing secrets in the database: 32 bytes in base64. Without one they are stored as they are.</summary>
    public byte[]? SecretKey { get; init; }

    /// <summary>How often a change is tried before the subscription stops.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>The longest pause after the first failure.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How much longer it may be after each further one.</summary>
    public double DelayFactor { get; init; } = 5;

    /// <summary>The longest pause there is.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long a receiver may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Subscriptions that are delivered at the same time.</summary>
    public int Parallel { get; init; } = 16;

    /// <summary>Attempts that the log of a subscription keeps.</summary>
    public int KeptAttempts { get; init; } = 1000;

    /// <summary>Subscriptions that there may be.</summary>
    public int MostSubscriptions { get; init; } = 500;

    public TimeSpan LeaseLength => Timeout + Slack;

    public static WebhookOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection("Webhooks");
        var defaults = new WebhookOptions();
        return new WebhookOptions
        {
            AllowHttp = section["AllowHttp"] is { } allow && bool.Parse(allow),
            AllowedNetworks = [.. (section.GetSection("AllowedNetworks").Get<string[]>() ?? section["AllowedNetworks"]?.Split(',') ?? []).Select(Network)],
            SecretKey = section["SecretKey"] is { Length: > 0 } key ? Key(key) : null,
            Attempts = Whole(section, "Attempts", 100) ?? defaults.Attempts,
            FirstDelay = Span(section, "FirstDelay") ?? defaults.FirstDelay,
            DelayFactor = section["DelayFactor"] is { } factor ? double.Parse(factor, CultureInfo.InvariantCulture) : defaults.DelayFactor,
            MaxDelay = Span(section, "MaxDelay") ?? defaults.MaxDelay,
            Timeout = Span(section, "Timeout") ?? defaults.Timeout,
            Parallel = Whole(section, "Parallel", 1000) ?? defaults.Parallel,
            KeptAttempts = Whole(section, "KeptAttempts", 100_000) ?? defaults.KeptAttempts,
            MostSubscriptions = Whole(section, "MostSubscriptions", 100_000) ?? defaults.MostSubscriptions,
        };
    }

    /// <summary>The pause after so many failures: anything up to a bound that grows with each, so that receivers which failed together are not tried together.</summary>
    public TimeSpan Delay(int failures, double chance) =>
        TimeSpan.FromSeconds(chance * Math.Min(MaxDelay.TotalSeconds, FirstDelay.TotalSeconds * Math.Pow(DelayFactor, failures - 1)));

    private static IPNetwork Network(string text) => IPNetwork.TryParse(text.Trim(), out var network) ? network
        : throw new InvalidOperationException($"Webhooks:AllowedNetworks has '{text}', which is no network such as 10.1.0.0/16 or fd00:1::/32.");

    private static byte[] Key(string text)
    {
        var key = new byte[SecretSeal.KeyBytes + 1];
        return Convert.TryFromBase64String(text, key, out var length) && length == SecretSeal.KeyBytes ? key[..length]
            : throw new InvalidOperationException($"Webhooks:SecretKey has to be {SecretSeal.KeyBytes} random bytes in base64.");
    }

    private static TimeSpan? Span(IConfigurationSection section, string name) =>
        section[name] is not { } text ? null
        : TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero && span <= TimeSpan.FromDays(7) ? span
        : throw new InvalidOperationException($"Webhooks:{name} has to be a time such as 00:00:15, up to 7 days.");

    private static int? Whole(IConfigurationSection section, string name, int most) =>
        section[name] is not { } text ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most ? number
        : throw new InvalidOperationException($"Webhooks:{name} has to be a whole number from 1 to {most}.");
}
