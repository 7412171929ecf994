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
public sealed record AsOf(Position Position, DateTime? CommittedAt, long Horizon, IReadOnlyList<long> Except)
{
    /// <summary>One object for all tables of a statement, which is then sent once.</summary>
    private readonly object _horizon = Horizon;

    /// <summary>A table as it was, to be read in the place of the table.</summary>
    public string Of(string table, SqlParameters sql)
    {
        var horizon = sql.Add(_horizon, NpgsqlDbType.Bigint);
        if (Except.Count == 0)
            return $"(select * from {table}_versions where transaction_id <= {horizon} and (until_transaction is null or until_transaction > {horizon}))";
        var except = string.Join(", ", Except.Select(e => e.ToString(CultureInfo.InvariantCulture)));
        return $"(select * from {table}_versions where transaction_id <= {horizon} and transaction_id not in ({except}) "
            + $"and (until_transaction is null or until_transaction > {horizon} or until_transaction in ({except})))";
    }
}
