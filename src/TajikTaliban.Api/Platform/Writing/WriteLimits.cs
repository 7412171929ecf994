namespace TajikTaliban.Api.Platform.Writing;

/// <summary>How long a write waits for others, and for the database.</summary>
/// <param name="Lock">The longest wait for one lock. It ends the attempt: no connection is held while the next one is awaited.</param>
/// <param name="Conflict">Time in which attempts begin that met other writers.</param>
/// <param name="Outage">Time, from the first loss, in which attempts begin that lost the database: that of a restart, less than the
/// deadline of a write.</param>
public sealed record WriteLimits(TimeSpan Lock, TimeSpan Conflict, TimeSpan Outage)
{
    /// <summary>Of requests for one record.</summary>
    public static readonly WriteLimits OfRequests = new(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(12));

    /// <summary>Of batches, which are costly to repeat and wait for many records.</summary>
    public static readonly WriteLimits OfBatches = new(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(12));

    /// <summary>Of commands, which nobody waits for with a timeout.</summary>
    public static readonly WriteLimits OfCommands = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1));
}
