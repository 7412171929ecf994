using System.Net;

namespace TajikTaliban.Client;

/// <summary>One run of <c>FollowAsync</c>. Errors of reading are tried again, those of the callback and of the store are not.</summary>
internal sealed class Follower(TajikTalibanClient client, IPositionStore store, Func<FollowStep, CancellationToken, Task> apply,
    FollowOptions options, TimeProvider time)
{
    private const string Now = "now";
    private int _failures;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var position = await store.ReadAsync(cancellationToken).ConfigureAwait(false);
        var snapshot = position is null && options.Start == FollowStart.Snapshot;
        if (options.Start == FollowStart.Now)
            position ??= Now;
        while (true)
        {
            if (snapshot)
            {
                position = await TakeSnapshotAsync(cancellationToken).ConfigureAwait(false);
                snapshot = position is null;
                continue;
            }

            try
            {
                var page = await ReadAsync(() => PageAsync(position, cancellationToken), cancellationToken).ConfigureAwait(false);
                if (page is null)
                    continue;
                position = await ApplyAsync(page, position, cancellationToken).ConfigureAwait(false);
                if (page.Complete && options.StopAtEnd)
                    return;
            }
            catch (PositionGoneException gone) when (options.SnapshotWhenGone)
            {
                options.Retrying?.Invoke(gone.Problem, TimeSpan.Zero);
                snapshot = true;
            }
            catch (PositionGoneException gone)
            {
                throw gone.Problem;
            }
        }
    }

    /// <summary>Gives the position of the snapshot; null if it was cut off.</summary>
    private async Task<string?> TakeSnapshotAsync(CancellationToken cancellationToken)
    {
        var steps = client.SnapshotAsync(options.Resources, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (steps.ConfigureAwait(false))
        {
            while (await ReadAsync(NextAsync, cancellationToken).ConfigureAwait(false) is { } step)
            {
                await apply(step, cancellationToken).ConfigureAwait(false);
                if (step is not SnapshotCompleted)
                    continue;
                await store.WriteAsync(step.Position, CancellationToken.None).ConfigureAwait(false);
                return step.Position;
            }
        }

        return null;

        async Task<FollowStep?> NextAsync() => await steps.MoveNextAsync().ConfigureAwait(false) ? steps.Current : null;
    }

    private async Task<string> ApplyAsync(Changes page, string? position, CancellationToken cancellationToken)
    {
        foreach (var change in page.Items)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await apply(new ChangeReceived(change), cancellationToken).ConfigureAwait(false);
            // the change was applied: its position is stored even if the follower is cancelled meanwhile
            await store.WriteAsync(change.Position, CancellationToken.None).ConfigureAwait(false);
        }

        if (page.Position != position)
            await store.WriteAsync(page.Position, CancellationToken.None).ConfigureAwait(false);
        return page.Position;
    }

    private async Task<Changes?> PageAsync(string? position, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ListChangesAsync(after: position, limit: options.PageSize,
                resource: options.Resources.Count == 0 ? null : options.Resources,
                // at the start it does not wait, so that the position from which it does is stored
                wait: options.StopAtEnd || position == Now ? null : options.WaitSeconds, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
        }
        catch (ProblemException e) when (e.Code is "position-gone" or "archived")
        {
            throw new PositionGoneException(e);
        }
    }

    /// <summary>Reads; or waits and gives null, if the service is away.</summary>
    private async Task<T?> ReadAsync<T>(Func<Task<T?>> read, CancellationToken cancellationToken) where T : class
    {
        try
        {
            var result = await read().ConfigureAwait(false);
            _failures = 0;
            return result;
        }
        catch (Exception e) when (IsTransient(e) && !cancellationToken.IsCancellationRequested)
        {
            var delay = (e as ProblemException)?.RetryAfter ?? Backoff.After(_failures++);
            options.Retrying?.Invoke(e, delay);
            await Task.Delay(delay, time, cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    private static bool IsTransient(Exception error) => error switch
    {
        ProblemException problem => (int)problem.Status >= 500
            || problem.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout,
        // a page that was cut off is no JSON; what was cancelled, but not by the caller, is a timeout of the HttpClient
        ApiException or HttpRequestException or IOException or OperationCanceledException => true,
        _ => false,
    };

    private sealed class PositionGoneException(ProblemException problem) : Exception
    {
        public ProblemException Problem { get; } = problem;
    }
}
