namespace TajikTaliban.Api.Storage.Statements;

/// <summary>Writes the changes of a transaction of the ledger.</summary>
internal static class TransactionChanges
{
    /// <summary>
    /// The changes of one transaction, oldest first, of one table or all. The conditions are comparisons of rows, which the index of the
    /// transactions alone can answer. Equations leave the database the choice of a walk over the ledger: it takes it for short where the
    /// newest statistics know of few transactions, as after a bulk load, and then looks at each change that there is.
    /// </summary>
    public static string Of(string transaction, string? table, string after, int limit)
    {
        // of the comparisons of a table, the second makes its index the cheaper one even where nearly all changes are of it
        var ofTable = table is null ? ""
            : $"c.resource = {table} and (c.resource, c.transaction_id) >= ({table}, {transaction}) and ";
        return $"select c.* from ledger_changes c where {ofTable}(c.transaction_id, c.seq) > ({transaction}, {after}) "
            + $"and c.transaction_id <= {transaction} order by c.transaction_id, c.seq limit {limit}";
    }
}
