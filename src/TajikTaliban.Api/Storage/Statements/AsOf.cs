using NpgsqlTypes;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Statements;

/// <summary>
/// The state of the database as of a position. A row version belongs to it when the transaction that made it is in it and the one that
/// replaced it is not. Transactions get their numbers before they commit, so these are the numbers up to the horizon except the few late
/// ones. Each statement finds the late ones in its own view of the data: one may commit between two statements.
/// </summary>
/// <param name="Position">The position.</param>
/// <param name="CommittedAt">When it was committed; null before the first.</param>
/// <param name="Horizon">The greatest number of a committed transaction.</param>
public sealed record AsOf(Position Position, DateTime? CommittedAt, long Horizon)
{
    /// <summary>One object each for all tables of a statement, which are then sent once.</summary>
    private readonly object _horizon = Horizon;
    private readonly object _position = Position.Number;

    /// <summary>The state before the first transaction.</summary>
    public static AsOf Start { get; } = new(Position.Start, null, 0);

    /// <summary>A sub-select that replaces the table in an as-of query.</summary>
    public string Of(string table, SqlParameters sql)
    {
        // no row is of a time before the first transaction: the database would look at each to find that out
        if (Horizon == 0)
            return $"(select * from {table}_versions where false)";
        var horizon = sql.Add(_horizon, NpgsqlDbType.Bigint);
        var position = sql.Add(_position, NpgsqlDbType.Bigint);
        var late = "(select o.id from ledger_transactions o "
            + $"where o.late_from is not null and int8range(o.late_from, o.position) @> {position})";
        return $"(select * from {table}_versions where transaction_id <= {horizon} and transaction_id not in {late} "
            + $"and (until_transaction is null or until_transaction > {horizon} or until_transaction in {late}))";
    }
}
