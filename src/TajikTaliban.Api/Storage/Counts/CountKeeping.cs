using System.Data;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Counts;

/// <summary>
/// Brings kept counts to the newest position: of the records that were changed since, takes away what they counted for at the old position
/// and adds what they count for at the new one. Both states are read from the ledger, so that writers keep no counts and never wait for
/// each other because of them.
/// </summary>
public static class CountKeeping
{
    /// <summary>Below this number of records, counting them all costs as little as keeping counts.</summary>
    public const int LeastRecords = TableSizes.Large;

    /// <summary>Changes beyond which all records are counted anew.</summary>
    private const int MaxChanges = 100_000;

    /// <summary>The lock of those who keep counts: one at a time.</summary>
    private const string Lock = "select pg_try_advisory_xact_lock(72, 2) and not pg_is_in_recovery()";

    /// <summary>Brings the counts of some resources to the newest position. Does nothing while another process does.</summary>
    /// <param name="database">The database.</param>
    /// <param name="lists">The resources.</param>
    /// <param name="leastRecords">The number of records from which counts are kept.</param>
    /// <param name="cancellation">Cancels the work.</param>
    public static async Task RunAsync(
        NpgsqlDataSource database, IEnumerable<ListDefinition> lists, int leastRecords, CancellationToken cancellation)
    {
        foreach (var list in lists)
        {
            try
            {
                await RunAsync(database, list, leastRecords, cancellation);
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.SerializationFailure)
            {
                // another process was faster
            }
        }
    }

    private static async Task RunAsync(
        NpgsqlDataSource database, ListDefinition list, int leastRecords, CancellationToken cancellation)
    {
        // one view of the data for all statements: the tables are as of the newest position in it
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
        if (await ScalarAsync(connection, Lock, [], cancellation) is not true)
            return;
        await ExecuteAsync(connection, "select set_config('statement_timeout', '0', true), set_config('work_mem', '128MB', true)", [],
            cancellation);
        var newest = await StateAsync(connection,
            "select position, token, horizon from ledger_transactions where position is not null order by position desc limit 1", [],
            cancellation);
        // the position of the counts is of this history
        var kept = await StateAsync(connection,
            """
            select s.position, s.token, s.horizon from count_states s
            join ledger_transactions t on t.position = s.position and t.token = s.token where s.resource = $1 and s.counted = $2
            """, [Text(list.Table), Text(ValueCountSql.Counted(list))], cancellation);
        if (newest is null || kept?.Position == newest.Position)
            return;
        if (kept is null)
        {
            var enough = await ScalarAsync(connection,
                $"select count(*) >= {leastRecords} from (select from {list.Table} limit {leastRecords}) r", [], cancellation);
            if (enough is not true)
                return;
        }

        var changed = kept is null ? null : await ChangedOrNullAsync(connection, list, kept, newest, cancellation);
        if (changed is null)
            await CountAsync(connection, list, cancellation);
        else if (changed.Length > 0)
            await AddAsync(connection, list, kept!, changed, cancellation);
        await ExecuteAsync(connection,
            """
            insert into count_states (resource, position, token, horizon, counted) values ($1, $2, $3, $4, $5)
            on conflict (resource) do update set position = excluded.position, token = excluded.token, horizon = excluded.horizon,
                counted = excluded.counted
            """,
            [
                Text(list.Table), Number(newest.Position.Number), Text(newest.Position.Token), Number(newest.Horizon),
                Text(ValueCountSql.Counted(list)),
            ], cancellation);
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>The records that were changed between two positions; null if they are too many.</summary>
    private static async Task<string[]?> ChangedOrNullAsync(
        NpgsqlConnection connection, ListDefinition list, AsOf from, AsOf to, CancellationToken cancellation)
    {
        var changes = (string[])(await ScalarAsync(connection,
            $"""
            select array(select c.id from ledger_transactions t
                cross join lateral ({LedgerRows.ChangesOfTransaction("t.id", "$1", "0", MaxChanges + 1)}) c
                where t.position > $2 and t.position <= $3 limit {MaxChanges + 1})
            """, [Text(list.Table), Number(from.Position.Number), Number(to.Position.Number)], cancellation))!;
        return changes.Length > MaxChanges ? null : [.. changes.Distinct()];
    }

    private static async Task CountAsync(NpgsqlConnection connection, ListDefinition list, CancellationToken cancellation)
    {
        await ExecuteAsync(connection, "delete from record_counts where resource = $1", [Text(list.Table)], cancellation);
        foreach (var facet in ValueCountSql.FacetsOf(list))
        {
            var sql = new SqlParameters();
            var resource = sql.Add(list.Table);
            var counts = new ValueCountSql(list, sql).Write(facet, null, null, null);
            await ExecuteAsync(connection,
                $"insert into record_counts (resource, scope, facet, value, records) select {resource}, c.* from ({counts}) c", sql,
                cancellation);
        }

        await ExecuteAsync(connection, "analyze record_counts", [], cancellation);
    }

    private static async Task AddAsync(
        NpgsqlConnection connection, ListDefinition list, AsOf from, string[] changed, CancellationToken cancellation)
    {
        foreach (var facet in ValueCountSql.FacetsOf(list))
        {
            var sql = new SqlParameters();
            var (resource, ids) = (sql.Add(list.Table), sql.Add(changed));
            var counts = new ValueCountSql(list, sql);
            await ExecuteAsync(connection,
                $"""
                insert into record_counts as k (resource, scope, facet, value, records)
                select {resource}, d.scope, d.facet, d.value, sum(d.records) from (
                    {counts.Write(facet, null, ids, null)}
                    union all select o.scope, o.facet, o.value, -o.records from ({counts.Write(facet, from, ids, null)}) o) d
                group by d.scope, d.facet, d.value having sum(d.records) <> 0
                on conflict (resource, scope, facet, value) do update set records = k.records + excluded.records
                """, sql, cancellation);
        }

        await ExecuteAsync(connection, "delete from record_counts where resource = $1 and records = 0", [Text(list.Table)], cancellation);
    }

    private static async Task<AsOf?> StateAsync(
        NpgsqlConnection connection, string statement, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new AsOf(new Position(reader.GetInt64(0), null, reader.GetString(1)), null, reader.GetInt64(2)) : null;
    }

    private static async Task<object?> ScalarAsync(
        NpgsqlConnection connection, string statement, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        return await command.ExecuteScalarAsync(cancellation);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string statement, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static async Task ExecuteAsync(
        NpgsqlConnection connection, string statement, SqlParameters sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        sql.CopyTo(command.Parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private static NpgsqlParameter Number(long value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint };
}
