using TajikTaliban.Api.Platform.Http;

namespace TajikTaliban.Api.Platform.Fairness;

/// <summary>How requests queue and how many a client may send. <see cref="FairnessSettings"/> reads it from the configuration.</summary>
public sealed record FairnessOptions
{
    /// <summary>Seconds of the window of the rate limits.</summary>
    public const int Window = 60;

    /// <summary>The smallest rate limit: a single request may cost more than any smaller one.</summary>
    public const int MinPoints = 200;

    /// <summary>Points a minute of a network without a key; 0 is no limit.</summary>
    public int NetworkPoints { get; init; } = 6_000;

    /// <summary>Points a minute of a key; 0 is no limit.</summary>
    public int KeyPoints { get; init; } = 30_000;

    /// <summary>Heavy requests that may wait for their turn.</summary>
    public int MaxHeavyQueue { get; init; } = 32;

    /// <summary>Exports and snapshots that may wait for their turn: each waits for its first page only.</summary>
    public int MaxBulkQueue { get; init; } = 512;

    /// <summary>Bytes of all responses that wait for their clients, apart from small ones.</summary>
    public long BodyBytes { get; init; } = BodyMemory.DefaultBytes;

    /// <summary>Exports, snapshots and lines of the feed that are sent at the same time.</summary>
    public int MaxStreams { get; init; } = BodyMemory.DefaultStreams;

    /// <summary>The longest wait for a turn.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(8);
}
