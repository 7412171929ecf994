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

    /// <summary>
    /// The state as of a position that each statement looks up itself, so that reading a record takes one. It has no rows where the
    /// database does not have the position.
    /// </summary>
    public static AsOf LookedUp(Position position) => new(position, null, -1) { Token = position.Token };

    /// <summary>The token of the position, where the horizon is looked up.</summary>
    private string? Token { get; init; }

    /// <summary>Whether few records were changed since, so that few of the old versions belong to the state.</summary>
    public bool IsNew { get; init; }

    /// <summary>A sub-select that replaces the table in an as-of query.</summary>
    public string Of(string table, SqlParameters sql)
    {
        // no row is of a time before the first transaction: the database would look at each to find that out
        if (Horizon == 0)
            return $"(select * from {table}_versions where false)";
        return $"(select * from {table}_versions where {HadBegun(sql)} and (until_transaction is null or {Ended(sql)}))";
    }

    /// <summary>The rows of a table of records that are current now and were so then. Of old versions none is looked at.</summary>
    public string Standing(string table, SqlParameters sql) =>
        $"(select * from {table}_versions where until_transaction is null and {HadBegun(sql)})";

    /// <summary>
    /// The rows of a table of records that were current then and are not now. They are of the records that changed since, which the ledger
    /// names. Read in the order of an index, each page would look through all old versions that there are, for these few.
    /// </summary>
    public string Replaced(string table, SqlParameters sql)
    {
        var (resource, horizon) = ($"'{table}'", sql.Add(_horizon, NpgsqlDbType.Bigint));
        var changes = TransactionChanges.Of("o.id", resource, "0", int.MaxValue);
        return $"""
            (select * from {table}_versions where until_transaction is not null and id = any(array(
                (select c.id from ledger_changes c
                where c.resource = {resource} and (c.resource, c.transaction_id) >= ({resource}, {horizon})
                and c.transaction_id > {horizon} order by c.transaction_id, c.seq)
                union all
                select c.id from {Late(sql)} o cross join lateral ({changes}) c))
            and {HadBegun(sql)} and {Ended(sql)})
            """;
    }

    private string HadBegun(SqlParameters sql) =>
        $"transaction_id <= {HorizonIn(sql)} and transaction_id not in {Late(sql)}";

    private string Ended(SqlParameters sql) =>
        $"(until_transaction > {HorizonIn(sql)} or until_transaction in {Late(sql)})";

    private string HorizonIn(SqlParameters sql) => Token is null ? sql.Add(_horizon, NpgsqlDbType.Bigint)
        : "(select h.horizon from ledger_transactions h "
            + $"where h.position = {sql.Add(_position, NpgsqlDbType.Bigint)} and h.token = {sql.Add(Token)})";

    /// <summary>The transactions up to the horizon that had not committed.</summary>
    private string Late(SqlParameters sql) => "(select o.id from ledger_transactions o "
        + $"where o.late_from is not null and int8range(o.late_from, o.position) @> {sql.Add(_position, NpgsqlDbType.Bigint)})";
}
