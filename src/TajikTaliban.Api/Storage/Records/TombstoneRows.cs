using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>The tombstone of a deleted record.</summary>
/// <param name="Version">The version of the deletion.</param>
/// <param name="DeletedAt">The instant of the deletion.</param>
/// <param name="MergedInto">The id of the record that it was merged into; null for a deletion.</param>
/// <param name="Survivor">The id that stands for it now: that of the same record, or of the one that this was merged into since.</param>
public sealed record StoredTombstone(int Version, DateTime DeletedAt, string? MergedInto, string? Survivor);

/// <summary>How tombstones are selected and read: those of now or, in an as-of query, those of the position.</summary>
internal static class TombstoneRows
{
    /// <summary>The instant of the commit; before it, that of the deletion.</summary>
    private const string DeletedAt =
        """
        coalesce((
            select t.committed_at from ledger_changes c join ledger_transactions t on t.id = c.transaction_id
            where c.resource = d.resource and c.id = d.id and c.version = d.version), d.deleted_at)
        """;

    /// <summary>The tombstone of a record; null if the record was not deleted.</summary>
    public static async Task<StoredTombstone?> FindOrNullAsync(
        NpgsqlConnection connection, string table, string id, AsOf? asOf, CancellationToken cancellation)
    {
        var sql = new SqlParameters(asOf);
        var (resource, deletions) = (sql.Add(table), Deletions(asOf, sql));
        await using var command = new NpgsqlCommand(
            $"""
            select d.version, {DeletedAt}, d.merged_into, (
                with recursive survivors(id, step) as (
                    select d.merged_into, 1
                    union all
                    select n.merged_into, s.step + 1 from survivors s
                    join {deletions} n on n.resource = {resource} and n.id = s.id and n.merged_into is not null)
                select id from survivors order by step desc limit 1)
            from {deletions} d where d.resource = {resource} and d.id = {sql.Add(id)}
            """, connection);
        sql.CopyTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        return new StoredTombstone(reader.GetInt32(0), await reader.GetFieldValueAsync<DateTime>(1, cancellation), TextOrNull(2),
            TextOrNull(3));
    }

    /// <summary>The existing records that merged ids stand for, as (merged id, id).</summary>
    public static async Task<IReadOnlyList<(string Merged, string Id)>> SurvivorsAsync(
        NpgsqlConnection connection, string table, IReadOnlyCollection<string> ids, AsOf? asOf, CancellationToken cancellation)
    {
        var sql = new SqlParameters(asOf);
        var (resource, deletions) = (sql.Add(table), Deletions(asOf, sql));
        await using var command = new NpgsqlCommand(
            $"""
            with recursive survivors(merged, id) as (
                select d.id, d.merged_into from {deletions} d
                where d.resource = {resource} and d.id = any({sql.Add(ids.ToArray())}) and d.merged_into is not null
                union all
                select s.merged, n.merged_into from survivors s
                join {deletions} n on n.resource = {resource} and n.id = s.id and n.merged_into is not null)
            select merged, id from survivors s where exists (select from {sql.Table(table)} r where r.id = s.id)
            """, connection);
        sql.CopyTo(command.Parameters);
        var found = new List<(string, string)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add((reader.GetString(0), reader.GetString(1)));
        return found;
    }

    private static string Deletions(AsOf? asOf, SqlParameters sql) => asOf is null
        ? "tombstones"
        : $"""
          (select c.resource, c.id, c.version, t.committed_at as deleted_at, c.merged_into
          from ledger_changes c join ledger_transactions t on t.id = c.transaction_id
          where c.operation in ('deleted', 'merged') and t.position <= {sql.Add(asOf.Position.Number, NpgsqlDbType.Bigint)})
          """;
}
