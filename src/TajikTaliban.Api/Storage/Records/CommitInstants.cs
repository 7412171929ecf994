using Npgsql;
using NpgsqlTypes;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>
/// The instants of commits, in memory by transaction. They never change, and looking one up for each row takes a quarter of the time that
/// the database needs for a page of small records. The memory is bounded: each transaction has one place, which the next one of that place
/// takes. Where records are of more transactions than there are places, most reads leave the instants to the database.
/// Decision 0060.
/// </summary>
public sealed class CommitInstants
{
    private const int Places = 64 * 1024;

    /// <summary>Transactions that are looked up with a missing one: what was written before and after it is often read with it.</summary>
    private const int Block = 64;

    /// <summary>
    /// Reads that leave the instants to the database after one that did not know all of its own. Twice as many each time, until one does.
    /// </summary>
    private const int ShortestPause = 1;

    private const int LongestPause = 256;

    private Known? _known;
    private int _nextPause = ShortestPause;
    private int _pause;

    /// <summary>
    /// What is known, for a read that begins; null in a pause and while this is closed: then the database looks them up.
    /// </summary>
    internal Known? BeginOrNull() =>
        Volatile.Read(ref _pause) > 0 && Interlocked.Decrement(ref _pause) >= 0 ? null : Volatile.Read(ref _known);

    /// <summary>
    /// Nobody follows the ledger: a database with another history, whose transactions are others under the same numbers, may take its
    /// place.
    /// </summary>
    internal void Close() => Volatile.Write(ref _known, null);

    /// <summary>The ledger is followed; what is known is forgotten where its history may be another.</summary>
    internal void Open(bool mayBeAnother)
    {
        if (mayBeAnother || Volatile.Read(ref _known) is null)
            Volatile.Write(ref _known, new Known());
    }

    /// <summary>A read knew all instants of its rows.</summary>
    internal void KnewAll()
    {
        if (Volatile.Read(ref _nextPause) != ShortestPause)
            Volatile.Write(ref _nextPause, ShortestPause);
    }

    /// <summary>Reads instants that are not known, over the connection of the rows that have them.</summary>
    internal async Task<IReadOnlyDictionary<long, DateTime>> ReadAsync(
        Known known, IReadOnlyCollection<long> transactions, NpgsqlCommand command, CancellationToken cancellation)
    {
        var pause = Volatile.Read(ref _nextPause);
        Volatile.Write(ref _pause, pause);
        Volatile.Write(ref _nextPause, Math.Min(pause * 2, LongestPause));
        command.CommandText =
            $"select t.id, t.committed_at from unnest($1) b cross join lateral (select i.id, i.committed_at from ledger_transactions i "
            + $"where i.id >= b and i.id < b + {Block} and i.position is not null) t";
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = transactions.Select(t => t / Block * Block).Distinct().ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        });
        var instants = new Dictionary<long, DateTime>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (transaction, instant) = (reader.GetInt64(0), reader.GetDateTime(1));
            instants[transaction] = instant;
            known.Add(transaction, instant);
        }

        return instants;
    }

    /// <summary>The instants of one history. A read adds to the one that it began with: what it finds never gets into another.</summary>
    internal sealed class Known
    {
        private readonly Commit?[] _commits = new Commit?[Places];

        public bool TryGet(long transaction, out DateTime instant)
        {
            var commit = Volatile.Read(ref _commits[transaction % Places]);
            instant = commit?.Instant ?? default;
            return commit?.Transaction == transaction;
        }

        public void Add(long transaction, DateTime instant) =>
            Volatile.Write(ref _commits[transaction % Places], new Commit(transaction, instant));

        private sealed record Commit(long Transaction, DateTime Instant);
    }
}
