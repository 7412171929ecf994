namespace TajikTaliban.Client;

public partial class TajikTalibanClient
{
    /// <summary>
    /// Follows the records: a snapshot first, then every change in the order of commits. Continues from the stored position after a
    /// restart, and retries while the service is away.
    /// </summary>
    /// <remarks>
    /// The position is stored after the callback has returned. If the process is killed in between, this one change is repeated at the
    /// next start (after a power failure possibly several), and none is lost. To apply each change exactly once, commit
    /// <see cref="FollowStep.Position"/> together with the change: then skip a change that is repeated, or let the store read the position
    /// that was committed. A snapshot that was not completed starts anew, with <see cref="SnapshotStarted"/>.
    /// </remarks>
    /// <param name="store">Keeps the position, one for each copy.</param>
    /// <param name="apply">Applies a step. Its exceptions end the follower, and the position of the step is not stored.</param>
    /// <param name="options">What to follow, and from where.</param>
    /// <param name="cancellationToken">Ends the follower. The position of an applied step is stored in any case.</param>
    /// <exception cref="ProblemException">The service refuses the request, and a retry would not help.</exception>
    public Task FollowAsync(IPositionStore store, Func<FollowStep, CancellationToken, Task> apply, FollowOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(apply);
        options ??= new();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.WaitSeconds, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.WaitSeconds, 60);
        return new Follower(this, store, apply, options, _options.Time).RunAsync(cancellationToken);
    }
}
