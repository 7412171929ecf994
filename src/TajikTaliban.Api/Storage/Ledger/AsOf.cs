using System.Globalization;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>
/// A moment of the past: what was committed up to a position. A row belongs to it when the transaction that made it does and the one that
/// replaced it does not. Transactions have their numbers before they commit, so these are the numbers up to the horizon but for the few
/// that were in flight and committed later.
/// </summary>
/// <param name="Position">The position.</param>
/// <param name="CommittedAt">When it was committed; null before the first.</param>
/// <param name="Horizon">The greatest number of a transaction that had been committed.</param>
/// <param name="Except">Smaller numbers that had not.</param>
/// <param name="Unseen">
/// Transactions of the database that were in flight then and still were when this was looked up: whether they have a number here is known to
/// the statement that sees them committed.
/// </param>
public sealed record AsOf(Position Position, DateTime? CommittedAt, long Horizon, IReadOnlyList<long> Except, IReadOnlyList<long> Unseen)
{
    /// <summary>One object each for all tables of a statement, which are then sent once.</summary>
    private readonly object _horizon = Horizon;
    private readonly object _unseen = Unseen.ToArray();
    private readonly object _position = Position.Number;

    /// <summary>A table as it was, to be read in the place of the table.</summary>
    public string Of(string table, SqlParameters sql)
    {
        var horizon = sql.Add(_horizon, NpgsqlDbType.Bigint);
        var later = new List<string>();
        if (Except.Count > 0)
            later.Add($"({string.Join(", ", Except.Select(e => e.ToString(CultureInfo.InvariantCulture)))})");
        if (Unseen.Count > 0)
            later.Add($"(select o.id from ledger_transactions o where o.xid = any({sql.Add(_unseen, NpgsqlDbType.Array | NpgsqlDbType.Bigint)}) "
                + $"and o.position > {sql.Add(_position, NpgsqlDbType.Bigint)})");
        return $"(select * from {table}_versions where transaction_id <= {horizon}{string.Concat(later.Select(l => $" and transaction_id not in {l}"))} "
            + $"and (until_transaction is null or until_transaction > {horizon}{string.Concat(later.Select(l => $" or until_transaction in {l}"))}))";
    }
}
