using System.Buffers;
using Npgsql;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>Brings stored documents of an older shape or edition up to date.</summary>
public interface IDocumentUpgrade
{
    /// <summary>Whether a document can be served as it is stored.</summary>
    bool IsCurrent(string table, short shape, int edition);

    /// <summary>The document in the current shape and edition.</summary>
    byte[] Upgrade(string table, short shape, ReadOnlyMemory<byte> document);
}

/// <summary>
/// Reads the documents of rows. All of them have one shape, however old they are: a document is upgraded when it is read, unless it is
/// current already.
/// </summary>
public sealed class Documents(IDocumentUpgrade upgrade)
{
    /// <summary>The number of columns of a document.</summary>
    public const int ColumnCount = 4;

    /// <summary>
    /// The columns of a document in a row with this alias. The last is the instant of the commit, null in the transaction itself.
    /// </summary>
    public static string Columns(string alias) =>
        $"{alias}.document, {alias}.shape, {alias}.edition, {CommittedAt(alias)}";

    /// <summary>The same, where the transactions of a few rows are joined to them as another alias: one look at each.</summary>
    public static string JoinedColumns(string alias, string transaction) =>
        $"{alias}.document, {alias}.shape, {alias}.edition, {transaction}.committed_at";

    /// <summary>
    /// The columns that a sub-select has to return for <see cref="Columns"/> of its rows; and those of a document whose reader knows the
    /// instants of transactions.
    /// </summary>
    public static string StoredColumns(string alias) => $"{alias}.document, {alias}.shape, {alias}.edition, {alias}.transaction_id";

    /// <summary>The instant of the commit that made a row.</summary>
    public static string CommittedAt(string alias) =>
        $"(select i.committed_at from ledger_transactions i where i.id = {alias}.transaction_id)";

    /// <summary>The document in four columns from <paramref name="column"/> on; null if the row has none.</summary>
    public byte[]? ReadOrNull(NpgsqlDataReader row, int column, string table) => row.IsDBNull(column) ? null : Read(row, column, table);

    /// <summary>The document in four columns from <paramref name="column"/> on.</summary>
    public byte[] Read(NpgsqlDataReader row, int column, string table) =>
        RecordingInstant.Set(ReadUndated(row, column, table), row.GetDateTime(column + 3));

    /// <summary>The document in three columns from <paramref name="column"/> on, as it is before its commit: without the instant.</summary>
    public byte[] ReadUndated(NpgsqlDataReader row, int column, string table)
    {
        var stored = row.GetFieldValue<byte[]>(column);
        var (shape, edition) = (row.GetInt16(column + 1), row.GetInt32(column + 2));
        return upgrade.IsCurrent(table, shape, edition) ? stored : upgrade.Upgrade(table, shape, stored);
    }

    /// <summary>The same in a rented buffer, which is replaced by a larger one where necessary. It is valid until the next call.</summary>
    public ReadOnlyMemory<byte> Lend(NpgsqlDataReader row, int column, string table, ref byte[] buffer) =>
        Lend(row, column, table, row.GetDateTime(column + 3), ref buffer);

    /// <summary>The same of three columns, where the instant is known.</summary>
    public ReadOnlyMemory<byte> Lend(NpgsqlDataReader row, int column, string table, DateTime instant, ref byte[] buffer)
    {
        var length = (int)row.GetBytes(column, 0, null, 0, 0);
        if (length + RecordingInstant.MaxLength > buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(length + RecordingInstant.MaxLength);
        }

        row.GetBytes(column, 0, buffer, 0, length);
        var (shape, edition) = (row.GetInt16(column + 1), row.GetInt32(column + 2));
        return upgrade.IsCurrent(table, shape, edition)
            ? buffer.AsMemory(0, RecordingInstant.Set(buffer, length, instant))
            : RecordingInstant.Set(upgrade.Upgrade(table, shape, buffer.AsMemory(0, length)), instant);
    }
}
