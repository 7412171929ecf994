using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>How rows of the ledger are selected and read.</summary>
internal static class LedgerRows
{
    /// <summary>The columns of a change <c>c</c> of a transaction <c>t</c>, with its document <c>d</c>.</summary>
    public const string ChangeColumns =
        "t.position, t.token, c.seq, c.resource, c.id, c.version, c.operation, c.cause, c.note, c.merged_into, t.key_name, t.committed_at, "
        + "c.redacted, d.document, d.shape, d.edition, t.committed_at";

    public const int DocumentColumn = 13;

    /// <summary>The first column of the document before, where it is read.</summary>
    public const int BeforeColumn = DocumentColumn + Documents.ColumnCount;

    /// <summary>The document <c>d</c> of a change <c>c</c>, where its range is not detached.</summary>
    public const string Document =
        "left join lateral (select f.document, f.shape, f.edition from ledger_documents f where f.seq = c.seq offset 0) d on true";

    /// <summary>
    /// The version <c>p</c> before a change <c>c</c>: looked up for each change on its own (a join could read changes in another order).
    /// </summary>
    public static readonly string VersionBefore =
        $"left join lateral (select {Documents.StoredColumns("d")} from ledger_changes b {DocumentOf("b", "d")} "
        + "where b.resource = c.resource and b.id = c.id and b.version = c.version - 1 offset 0) p on true";

    /// <summary>Two columns that tell the state of the position $1.</summary>
    public const string StateColumns = "(select token from ledger_transactions where position = $1), pg_is_in_recovery()";

    /// <summary>
    /// The document of a change, wherever it is: of a range that is detached, the tables of the records have it. The second look is taken
    /// only where the first finds nothing.
    /// </summary>
    public static string DocumentOf(string change, string alias) =>
        $"""
        left join lateral (
            (select f.document, f.shape, f.edition, {change}.transaction_id from ledger_documents f where f.seq = {change}.seq)
            union all (
                select k.document, k.shape, k.edition, {change}.transaction_id
                from ledger_kept({change}.resource, {change}.id, {change}.version) k
                where {change}.operation in ('created', 'updated') and not {change}.redacted)
            limit 1) {alias} on true
        """;

    /// <summary>
    /// The changes of a transaction <c>t</c> after one of them, oldest first, of some tables ($3, $4 …) or all. The changes of each table
    /// are read from an index range of their own: one condition for all tables would read the changes of the others too.
    /// </summary>
    public static string ChangesOfTransaction(string after, int limit, IReadOnlyList<string>? tables) =>
        tables is null ? ChangesOfTransaction("t.id", null, after, limit)
        : OfTables([.. tables.Select((_, i) => ChangesOfTransaction("t.id", $"${i + 3}", after, limit))], "seq", limit);

    /// <inheritdoc cref="TransactionChanges.Of"/>
    public static string ChangesOfTransaction(string transaction, string? table, string after, int limit) =>
        TransactionChanges.Of(transaction, table, after, limit);

    /// <summary>The corrections of a transaction <c>t</c>, newest first, by some condition, of some tables ($3, $4 …) or all.</summary>
    public static string CorrectionsOfTransaction(string condition, int limit, IReadOnlyList<string>? tables)
    {
        // a range of one transaction, for the reason above
        string Of(string table) => "select c.* from ledger_changes c where c.transaction_id between t.id and t.id "
            + "and c.cause in ('source-revised', 'our-error', 'source-withdrawn') "
            + $"and {condition}{table} order by c.transaction_id desc, c.seq desc limit {limit}";
        return tables is null ? Of("")
            : OfTables([.. tables.Select((_, i) => Of($" and c.resource = ${i + 3}"))], "seq desc", limit);
    }

    private static string OfTables(IReadOnlyList<string> parts, string order, int limit) =>
        parts.Count == 1 ? parts[0] : string.Join(" union all ", parts.Select(p => $"({p})")) + $" order by {order} limit {limit}";

    public static void AddTables(NpgsqlParameterCollection parameters, IReadOnlyList<string>? tables)
    {
        foreach (var table in tables ?? [])
            parameters.Add(Text(table));
    }

    public static Change Change(NpgsqlDataReader row, Documents documents) =>
        Change(row, null, documents.ReadOrNull(row, DocumentColumn, row.GetString(3)));

    /// <param name="row">The row.</param>
    /// <param name="before">The change that was read before it. Values of the same transaction are taken from it.</param>
    /// <param name="document">Its document.</param>
    public static Change Change(NpgsqlDataReader row, Change? before, byte[]? document)
    {
        string? TextOrNull(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        KeyName? KeyOrNull(int column) => TextOrNull(column) is { } name ? new KeyName(name) : null;
        var number = row.GetInt64(0);
        if (before is not null && before.Position.Number != number)
            before = null;
        return new Change(
            new Position(number, row.GetInt64(2), before?.Position.Token ?? row.GetString(1)), row.GetString(3), row.GetString(4),
            Math.Abs(row.GetInt32(5)), row.GetString(6),
            TextOrNull(7), TextOrNull(8), TextOrNull(9), before is null ? KeyOrNull(10) : before.Key,
            before?.CommittedAt ?? row.GetDateTime(11), document)
        {
            IsRedacted = row.GetBoolean(12),
        };
    }

    /// <summary>The state of a position, from a row that begins with <see cref="StateColumns"/>.</summary>
    public static PositionState StateOf(NpgsqlDataReader row, Position position)
    {
        var token = position.Number == 0 ? Position.Start.Token : row.IsDBNull(0) ? null : row.GetString(0);
        return token == position.Token ? PositionState.Known
            : token is null && row.GetBoolean(1) ? PositionState.NotYet : PositionState.Gone;
    }

    public static void ThrowIfGone(NpgsqlDataReader row, Position position)
    {
        if (StateOf(row, position) == PositionState.Gone)
            throw new PositionGoneException(position);
    }

    public static NpgsqlParameter Number(long value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };
}
