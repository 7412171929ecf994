using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// What a request of a route costs, as metadata of the route. Routes without it are look-ups: one point, in the lane of reads.
/// </summary>
/// <param name="Lane">The connections that it uses.</param>
/// <param name="Points">Its cost in points; a look-up by id is one.</param>
public sealed record WorkOf(Lane Lane, int Points)
{
    /// <summary>From this cost on a request waits for its turn.</summary>
    public const int Bulk = 20;

    public static WorkOf Lookup { get; } = new(Lane.Reads, 1);

    /// <summary>Everything that there is, in many pages.</summary>
    public static WorkOf Everything { get; } = new(Lane.Feed, Bulk);
}
