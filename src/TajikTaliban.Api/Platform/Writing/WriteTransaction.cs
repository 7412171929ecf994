using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>Runs writes in a transaction. Decision 0034.</summary>
public sealed partial class WriteTransaction(
    ConnectionPools pools, RecordEditors editors, LastChanges last, ILogger<WriteTransaction> log)
{
    /// <summary>For how many records a source may vouch whose date changes.</summary>
    private const int MaxVouched = 10_000;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan MaxPause = TimeSpan.FromMilliseconds(640);
    private static readonly TimeSpan OutcomeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ClockLogInterval = TimeSpan.FromMinutes(1);
    private long _clockLoggedAt;

    /// <summary>
    /// Commits the writes of <paramref name="work"/>, or none of them; returns the commit, null if no record changed. Transient errors of
    /// the database are tried again within the limits.
    /// </summary>
    /// <param name="author">The author of the changes.</param>
    /// <param name="work">The writes. They may run more than once, each time in a new transaction.</param>
    /// <param name="cancellation">Cancels the attempts; a commit that has begun is not cancelled.</param>
    /// <param name="limits">How long to try; null: as for requests.</param>
    /// <param name="isRepeatable">Whether the work finds out by itself that it is committed already (an idempotency key).</param>
    /// <param name="isKept">False to try the writes and roll them back, after all checks of a commit.</param>
    /// <exception cref="ProblemException">409 or 503 with the time after which to retry; <see cref="ProblemType.OutcomeUnknown"/> if the
    /// connection was lost during the commit and nothing tells whether it was made, or no standby is known to have it.</exception>
    public async Task<(T Result, Commit? Commit)> RunAsync<T>(
        Author author, Func<RecordSession, Task<T>> work, CancellationToken cancellation, WriteLimits? limits = null,
        bool isRepeatable = false, bool isKept = true)
    {
        limits ??= WriteLimits.OfRequests;
        var began = Stopwatch.GetTimestamp();
        long? lost = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var written = await AttemptAsync(author, work, (limits.Lock, isRepeatable, isKept), cancellation);
                if (written.Commit is { IsKept: true } commit)
                {
                    last.Expect(commit.Position);
                    LogClock(commit);
                }

                return written;
            }
            catch (Exception e) when (IsRetried(e, cancellation, out var fault))
            {
                var pause = Pause(attempt);
                // a write that waited before the database was lost has the whole time of an outage
                var (since, limit) = fault == DatabaseFault.Lost
                    ? (lost ??= Stopwatch.GetTimestamp(), limits.Outage) : (began, limits.Conflict);
                if (Stopwatch.GetElapsedTime(since) + pause > limit)
                {
                    if (Refusal(fault) is { } refusal)
                        throw refusal;
                    throw;
                }

                LogRetry(log, attempt, fault, DatabaseFaults.StateOrNull(e));
                // all idle connections of before may be lost
                if (fault == DatabaseFault.Lost)
                    pools[Lane.Writes].Clear();
                await Task.Delay(pause, cancellation);
            }
        }
    }

    private static bool IsRetried(Exception error, CancellationToken cancellation, out DatabaseFault fault)
    {
        fault = error switch
        {
            RacedException => DatabaseFault.Conflict,
            ProblemException => DatabaseFault.None,
            _ => DatabaseFaults.Of(error),
        };
        return DatabaseFaults.IsTransient(fault) && !cancellation.IsCancellationRequested;
    }

    /// <summary>The problem of a write that met others until its time was over; null if the error itself is one of the database.</summary>
    private static ProblemException? Refusal(DatabaseFault fault) => fault switch
    {
        DatabaseFault.Conflict => new(ProblemType.Conflict, "The transaction conflicted with concurrent writes; retry.") { RetryAfter = 1 },
        DatabaseFault.Locked => new(ProblemType.Unavailable, "Other writes hold a record that this one changes; retry.") { RetryAfter = 2 },
        _ => null,
    };

    /// <summary>Doubles with each attempt, at random so that those who met do not meet again.</summary>
    private static TimeSpan Pause(int attempt)
    {
        var longest = attempt < 6 ? FirstPause * (1 << attempt) : MaxPause;
        return longest * (0.5 + (Random.Shared.NextDouble() / 2));
    }

    private async Task<(T Result, Commit? Commit)> AttemptAsync<T>(
        Author author, Func<RecordSession, Task<T>> work, (TimeSpan Lock, bool IsRepeatable, bool IsKept) how,
        CancellationToken cancellation)
    {
        T result;
        LedgerMark mark;
        var isCommitted = false;
        await using (var context = Database.Context(pools[Lane.Writes]))
        {
            await context.Database.OpenConnectionAsync(cancellation);
            await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
            var session = new RecordSession(context, author);
            mark = await LedgerSession.BeginAsync(session.Connection, author, how.Lock, cancellation);
            result = await work(session);
            await RedateAsync(session, cancellation);
            try
            {
                return (result, how.IsKept
                    ? await LedgerSession.CommitAsync(session.Connection, CancellationToken.None)
                    : await LedgerSession.TryAsync(session.Connection, cancellation));
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
            {
                throw ConstraintViolations.DeletedReference();
            }
            catch (Exception e) when (how.IsKept && IsLostInCommit(e))
            {
                isCommitted = e is NotReplicatedException;
                LogLostCommit(log, e, mark.Number);
            }
        }

        return (result, await FindOutAsync(mark, isCommitted, how.IsRepeatable, cancellation));
    }

    /// <summary>Whether the error leaves open what became of the commit. An error that the server states itself rolled it back.</summary>
    private static bool IsLostInCommit(Exception error) => error is NotReplicatedException || DatabaseFaults.Of(error) switch
    {
        DatabaseFault.Lost => true,
        DatabaseFault.TimedOut => DatabaseFaults.StateOrNull(error) is null,
        _ => false,
    };

    /// <summary>What became of a commit whose connection was lost. It is tried again only if it was surely not made.</summary>
    private async Task<Commit?> FindOutAsync(LedgerMark mark, bool isCommitted, bool isRepeatable, CancellationToken cancellation)
    {
        pools[Lane.Writes].Clear();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        ends.CancelAfter(OutcomeTimeout);
        for (var attempt = 1; !ends.IsCancellationRequested; attempt++)
        {
            try
            {
                await using var connection = await pools[Lane.Writes].OpenConnectionAsync(ends.Token);
                var (outcome, commit) = await LedgerSession.OutcomeAsync(connection, mark, ends.Token);
                if (outcome == CommitOutcome.Committed || (isCommitted && outcome == CommitOutcome.Unknown))
                {
                    await ReplicationWait.RunAsync(connection, ends.Token);
                    return commit;
                }

                if (outcome == CommitOutcome.NotCommitted || isRepeatable)
                    throw new RacedException("The transaction was not committed.");
                break;
            }
            catch (Exception e) when (e is OperationCanceledException or NotReplicatedException
                || DatabaseFaults.Of(e) is DatabaseFault.Lost or DatabaseFault.TimedOut)
            {
                await Task.Delay(Pause(attempt), ends.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        // also when the time of the request is over: that problem says that nothing was written
        throw new ProblemException(ProblemType.OutcomeUnknown, ProblemType.OutcomeUnknown.Meaning) { RetryAfter = 5 };
    }

    private void LogClock(Commit commit)
    {
        if (commit.AheadOfClock <= ClockTolerance)
            return;
        var (now, last) = (Stopwatch.GetTimestamp(), Interlocked.Read(ref _clockLoggedAt));
        if ((last == 0 || Stopwatch.GetElapsedTime(last, now) > ClockLogInterval)
            && Interlocked.CompareExchange(ref _clockLoggedAt, now, last) == last)
        {
            LogAheadOfClock(log, commit.Position.ToString(), commit.AheadOfClock);
        }
    }

    /// <summary>
    /// Makes the next version of each record for which a source vouches by its date, where the date has changed: the time in which the
    /// record holds has moved.
    /// </summary>
    private async Task RedateAsync(RecordSession session, CancellationToken cancellation)
    {
        foreach (var source in session.Context.RedatedSources)
        {
            var vouched = await VouchedRecords.FindAsync(session.Connection, source, MaxVouched + 1, cancellation);
            if (vouched.Count > MaxVouched)
            {
                throw new ProblemException(ProblemType.Conflict, "/published", new Fault(FaultCode.TooMany,
                    $"'{source}' vouches for the time of more than {MaxVouched} records by this date; set `vouchedFor` in their citations "
                    + "first, by batches.", ("max", MaxVouched)));
            }

            foreach (var record in vouched)
                await editors.OfTable(record.Table).RedateAsync(session, record.Id, cancellation);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Write attempt {Attempt} failed ({Fault}, SQLSTATE {State}); retrying")]
    private static partial void LogRetry(ILogger log, int attempt, DatabaseFault fault, string? state);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection was lost during the commit of transaction {Number}; asking for it")]
    private static partial void LogLostCommit(ILogger log, Exception error, long number);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "The stamp of position {Position} is {Ahead} ahead of the database's clock, which was set back; stamps stay in order")]
    private static partial void LogAheadOfClock(ILogger log, string position, TimeSpan ahead);
}

/// <summary>The work met a concurrent transaction and was rolled back; from its beginning it finds the state that the other one
/// left.</summary>
internal sealed class RacedException(string message, Exception? inner = null) : Exception(message, inner);
