using Npgsql;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>What is in the database, so that a test can say that nothing was written.</summary>
public static class Tables
{
    /// <summary>The document of a row as it is served, as <c>jsonb</c>: with the instant of its commit.</summary>
    public static string Served(string alias) =>
        $"""
        {alias}.document::jsonb || (
            select jsonb_build_object('recordedAt', to_char(t.committed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS')
                || rtrim(rtrim(to_char(t.committed_at, '.US'), '0'), '.') || 'Z')
            from ledger_transactions t where t.id = {alias}.transaction_id)
        """;

    /// <summary>The number of rows of every table and a digest of them, as lines of text that compare and read well.</summary>
    public static async Task<string> StateAsync(NpgsqlDataSource database)
    {
        var names = new List<string>();
        const string Names = "select quote_ident(tablename) from pg_tables where schemaname = 'public' order by 1";
        await using (var tables = database.CreateCommand(Names))
        await using (var reader = await tables.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                names.Add(reader.GetString(0));
        }

        Assert.True(names.Count > 15, "The tables of the schema are not where they were looked for.");
        await using var counts = database.CreateCommand(string.Join(" union all ",
            names.Select(n =>
                $"select '{n} ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {Rows(n)} t")));
        await using var rows = await counts.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await rows.ReadAsync())
            lines.Add(rows.GetString(0));
        return string.Join('\n', lines);
    }

    /// <summary>The rows of a table; not those of refusals, which are written some time after the request.</summary>
    private static string Rows(string table) =>
        table == "audit_log" ? "(select * from audit_log where action <> 'refused')" : table;
}
