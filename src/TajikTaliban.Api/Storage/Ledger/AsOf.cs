using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>
/// A moment of the past: what was committed up to a position. A row belongs to it when the transaction that made it does and the one that
/// replaced it does not. Transactions have their numbers before they commit, so these are the numbers up to the horizon but for the few that
/// were late. Which those are, each statement asks of what it sees itself: one may commit between two statements.
/// </summary>
/// <param name="Position">The position.</param>
/// <param name="CommittedAt">When it was committed; null before the first.</param>
/// <param name="Horizon">The greatest number of a transaction that had been committed.</param>
public sealed record AsOf(Position Position, DateTime? CommittedAt, long Horizon)
{
    /// <summary>One object each for all tables of a statement, which are then sent once.</summary>
    private readonly object _horizon = Horizon;
    private readonly object _position = Position.Number;

    /// <summary>A table as it was, to be read in the place of the table.</summary>
    public string Of(string table, SqlParameters sql)
    {
        var horizon = sql.Add(_horizon, NpgsqlDbType.Bigint);
        var late = $"(select o.id from ledger_transactions o where o.late_from is not null and int8range(o.late_from, o.position) @> {sql.Add(_position, NpgsqlDbType.Bigint)})";
        return $"(select * from {table}_versions where transaction_id <= {horizon} and transaction_id not in {late} "
            + $"and (until_transaction is null or until_transaction > {horizon} or until_transaction in {late}))";
    }
}
