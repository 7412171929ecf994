using System.Diagnostics;
using Npgsql;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

public sealed partial class ListReader
{
    /// <summary>Reads a tie, and goes on after it while there is time.</summary>
    private async Task<Page> ReadTiesAsync(
        ListQuery query, string tie, Func<ReadOnlyMemory<byte>, bool> document, CancellationToken cancellation)
    {
        var (begun, read, isFull) = (Stopwatch.GetTimestamp(), 0, false);
        bool Hand(ReadOnlyMemory<byte> found) => isFull = document(found);
        Page? first = null;
        for (var next = query; ;)
        {
            var after = Tie.End(query, tie);
            // the page before may have ended with the tie
            var page = next.After is not null && next.After.SequenceEqual(after) ? null
                : await ReadAsync(Tie.Within(next, tie), Hand, cancellation);
            first ??= page;
            read += page?.Records ?? 0;
            if (page is not null && (page.Last is not null || isFull || read == query.Limit || Stopwatch.GetElapsedTime(begun) > Budget))
            {
                return page with
                {
                    Records = read,
                    Last = page.Last is null ? after : [tie, .. page.Last],
                    Position = first!.Position,
                    IsPart = true,
                };
            }

            next = query with { After = after, Limit = query.Limit - read };
            if (await TieOrNullAsync(Tie.Beyond(next, tie), cancellation) is { } other)
            {
                (tie, next) = (other, next with { After = null });
                continue;
            }

            page = await ReadUntiedAsync(next, Hand, cancellation);
            return page with { Records = read + page.Records, Position = first?.Position ?? page.Position, IsPart = true };
        }
    }

    /// <summary>The value of the first sort key from which the list goes on, if very many records have it.</summary>
    private async Task<string?> TieOrNullAsync(ListQuery query, CancellationToken cancellation)
    {
        if (!Tie.MayBeIn(query))
            return null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ListSql.WithBudget(ListSql.PlanAsUsual, Budget)));
        Add(batch, query, parameters => Tie.Write(query, LargeTie, parameters));
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            return await reader.ReadAsync(cancellation) && reader.GetBoolean(1)
                ? Keys(reader, query with { Order = [query.Order[0]] }, 0)[0] : null;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !cancellation.IsCancellationRequested)
        {
            connection.ForgetPrepared();
            return null;
        }
    }
}
