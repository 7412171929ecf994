using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Counts;

/// <summary>Counts from those that are kept.</summary>
/// <param name="Values">The number of records by facet and value; the facet of the records themselves has one value.</param>
/// <param name="IsExact">False where too many records were changed since the counts were brought up to date.</param>
internal sealed record KeptValues(IReadOnlyDictionary<string, Dictionary<string, long>> Values, bool IsExact);

/// <summary>Reads kept counts, and adds what was changed since.</summary>
public sealed class KeptCounts(ConnectionPools database)
{
    /// <summary>How long adding may take.</summary>
    internal TimeSpan Budget { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Changes since, and their transactions, up to which they are added.</summary>
    private const int MaxChanges = 1000;

    /// <summary>One statement, and so one state: where the counts are, the changes since, and the counts.</summary>
    internal static readonly string Read =
        $"""
        with s as materialized (
            select k.position, k.token, k.horizon from count_states k
            join ledger_transactions t on t.position = k.position and t.token = k.token
            where k.resource = $1 and k.counted = $5),
        n as materialized (
            select t.id from s, ledger_transactions t
            where t.position > least(s.position, $2) and t.position <= greatest(s.position, $2) order by t.position limit {MaxChanges + 1}),
        c as materialized (
            select c.id from n cross join lateral ({LedgerRows.ChangesOfTransaction("n.id", "$1", "0", MaxChanges + 1)}) c
            limit {MaxChanges + 1})
        select null::text, null::text, null::bigint, s.position, s.token, s.horizon,
            (select count(*) from n), array(select id from c) from s
        union all
        select k.facet, k.value, k.records, null, null, null, null, null from s
        join record_counts k on k.resource = $1 and k.scope = $3 and k.facet = any($4)
        """;

    /// <summary>The counts of a list; null where none are kept of it.</summary>
    internal async Task<KeptValues?> ReadOrNullAsync(ListQuery query, IReadOnlyList<string> facets, CancellationToken cancellation)
    {
        if (ScopeOrNull(query) is not { } scope)
            return null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var values = facets.ToDictionary(f => f, _ => new Dictionary<string, long>(StringComparer.Ordinal));
        AsOf? state = null;
        var isNear = false;
        string[] changed = [];
        await using (var command = new NpgsqlCommand(Read, connection))
        {
            command.Parameters.Add(Text(query.Definition.Table));
            command.Parameters.Add(new NpgsqlParameter
            {
                Value = query.AsOf?.Position.Number ?? long.MaxValue,
                NpgsqlDbType = NpgsqlDbType.Bigint,
            });
            command.Parameters.Add(Text(scope));
            command.Parameters.Add(new NpgsqlParameter { Value = facets.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            command.Parameters.Add(Text(ValueCountSql.Counted(query.Definition)));
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                if (!await reader.IsDBNullAsync(0, cancellation))
                {
                    values[reader.GetString(0)][reader.GetString(1)] = reader.GetInt64(2);
                    continue;
                }

                state = new AsOf(new Position(reader.GetInt64(3), null, reader.GetString(4)), null, reader.GetInt64(5));
                changed = await reader.GetFieldValueAsync<string[]>(7, cancellation);
                isNear = reader.GetInt64(6) <= MaxChanges && changed.Length <= MaxChanges;
            }
        }

        if (state is null)
            return null;
        if (isNear && (changed.Length == 0
            || await AddAsync(connection, query, facets, scope, state, [.. changed.Distinct()], values, cancellation)))
        {
            return new KeptValues(values, true);
        }

        // of another state, and so no estimate of this one
        return query.AsOf is null ? new KeptValues(values, false) : null;
    }

    /// <summary>The scope whose counts are those of a list; null where no counts are kept of it.</summary>
    private static string? ScopeOrNull(ListQuery query)
    {
        if (query.Search is not null || query.Time is not null)
            return null;
        if (query.Definition.Scope is not null)
            return query.Conditions.Count == 0 ? query.Scope : null;
        return query.Conditions switch
        {
            [] => ValueCountSql.WholeScope,
            [{ Value: string[] and [var one] } only] when query.Definition.KeptBy is { } by
                && (only.Filter.Name == by.Name || only.Filter.Name == $"{by.Name}.all") => one,
            _ => null,
        };
    }

    /// <summary>Adds what the changed records count for and takes away what they counted for; false if that takes too long.</summary>
    private async Task<bool> AddAsync(
        NpgsqlConnection connection, ListQuery query, IReadOnlyList<string> facets, string scope, AsOf from, string[] changed,
        Dictionary<string, Dictionary<string, long>> values, CancellationToken cancellation)
    {
        var sql = new SqlParameters();
        var ids = sql.Add(changed);
        var only = scope == ValueCountSql.WholeScope ? "''" : sql.Add(scope);
        var counts = new ValueCountSql(query.Definition, sql);
        var statement = string.Join(" union all ", facets.SelectMany(f => new[]
        {
            $"select n.facet, n.value, n.records from ({counts.Write(f, query.AsOf, ids, only)}) n",
            $"select o.facet, o.value, -o.records from ({counts.Write(f, from, ids, only)}) o",
        }));
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ListSql.WithBudget(ListSql.PlanForValues, Budget)));
        var command = new NpgsqlBatchCommand(statement);
        sql.CopyTo(command.Parameters);
        batch.BatchCommands.Add(command);
        try
        {
            await using var reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.NextResultAsync(cancellation);
            var added = new List<(string Facet, string Value, long Records)>();
            while (await reader.ReadAsync(cancellation))
                added.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
            foreach (var (facet, value, records) in added)
                values[facet][value] = values[facet].GetValueOrDefault(value) + records;
            return true;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            connection.ForgetPrepared();
            return false;
        }
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };
}
