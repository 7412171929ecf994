using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Platform.Problems;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Records;

namespace TajikTaliban.Api.Platform.Writing;

/// <summary>Runs writes in a transaction.</summary>
public sealed class WriteTransaction(NpgsqlDataSource database, RecordEditors editors)
{
    private const int MaxAttempts = 3;

    /// <summary>For how many records a source may vouch whose date changes.</summary>
    private const int MaxVouched = 10_000;

    /// <summary>
    /// Commits the writes of <paramref name="work"/>, or none of them; returns the commit, null if no record changed. On a
    /// deadlock the work is retried, at most three times.
    /// </summary>
    public async Task<(T Result, Commit? Commit)> RunAsync<T>(
        Author author, Func<RecordSession, Task<T>> work, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await AttemptAsync(author, work, cancellation);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.DeadlockDetected)
            {
                if (attempt == MaxAttempts)
                    throw new ProblemException(ProblemType.Conflict, "The transaction conflicted with concurrent writes; retry.");
            }
        }
    }

    private async Task<(T Result, Commit? Commit)> AttemptAsync<T>(
        Author author, Func<RecordSession, Task<T>> work, CancellationToken cancellation)
    {
        await using var context = Database.Context(database);
        // kept open after the commit: the connection holds its position
        await context.Database.OpenConnectionAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var session = new RecordSession(context, author);
        await LedgerSession.BeginAsync(session.Connection, author, cancellation);
        var result = await work(session);
        await RedateAsync(session, cancellation);
        try
        {
            await transaction.CommitAsync(cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            throw ConstraintViolations.DeletedReference();
        }

        return (result, await LedgerSession.CommitAsync(session.Connection, cancellation));
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
                throw new ProblemException(ProblemType.Conflict, "/published",
                    $"'{source}' vouches for the time of more than {MaxVouched} records by this date; set `vouchedFor` in their citations "
                    + "first, "
                    + "by batches.");
            }

            foreach (var record in vouched)
                await editors.OfTable(record.Table).RedateAsync(session, record.Id, cancellation);
        }
    }
}
