using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Sql;

namespace TajikTaliban.Api.Storage;

/// <summary>Makes the search text of a stored document.</summary>
public interface ISearchTexts
{
    /// <summary>The tables of records.</summary>
    IEnumerable<string> Tables { get; }

    /// <summary>The search text of a record.</summary>
    string SearchTextOf(string table, string id, short shape, ReadOnlyMemory<byte> document);
}

/// <summary>
/// Makes the search texts of all records and of their old versions again, where the program makes others than the database holds. They are
/// made from the documents, so that no version is made and the ledger has nothing of it.
/// </summary>
internal static class SearchTextUpgrade
{
    private const int PageSize = 1000;

    /// <summary>Makes all search texts, or none of them. Concurrent runs wait for each other.</summary>
    public static async Task RunAsync(NpgsqlDataSource database, ISearchTexts texts, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        Task ExecuteAsync(string statement) => SearchTextUpgrade.ExecuteAsync(connection, statement, cancellation);
        await ExecuteAsync("lock table search_state in exclusive mode");
        await using (var edition = new NpgsqlCommand("select edition from search_state", connection))
        {
            if (await edition.ExecuteScalarAsync(cancellation) is SearchText.Edition)
                return;
        }

        // no record may be written with a search text of the old edition meanwhile
        await ExecuteAsync($"lock table {string.Join(", ", texts.Tables)} in share row exclusive mode");
        await ExecuteAsync("set local ledger.reshape = 'on'");
        foreach (var table in texts.Tables)
        {
            var past = $"{table}_past";
            await ExecuteAsync(string.Join(";\n",
                from of in (string[])[table, past]
                from kind in (string[])["words", "names"]
                select $"drop index if exists ix_{table}_search_{kind}{(of == past ? "_past" : "")}"));
            await ExecuteAsync($"alter table {past} disable trigger ledger_refuse");
            foreach (var of in (string[])[table, past])
            {
                var last = (Id: "", Version: 0);
                while (await RewriteAsync(connection, of, table, last, texts, cancellation) is { } reached)
                    last = reached;
            }

            await ExecuteAsync($"alter table {past} enable always trigger ledger_refuse");
        }

        await ExecuteAsync(SqlFile.Read("search-indexes"));
        await ExecuteAsync($"update search_state set edition = {SearchText.Edition}");
        await transaction.CommitAsync(cancellation);
    }

    /// <summary>Rewrites the rows after an id and version; returns the last ones of the page, null at the end.</summary>
    private static async Task<(string Id, int Version)?> RewriteAsync(
        NpgsqlConnection connection, string table, string records, (string Id, int Version) last, ISearchTexts texts,
        CancellationToken cancellation)
    {
        var (ids, versions, made) = (new List<string>(PageSize), new List<int>(PageSize), new List<string>(PageSize));
        await using (var read = new NpgsqlCommand(
            $"select id, version, shape, document from {table} where (id, version) > ($1, $2) order by id, version limit {PageSize}",
            connection)
        {
            Parameters = { Text(last.Id), new NpgsqlParameter { Value = last.Version, NpgsqlDbType = NpgsqlDbType.Integer } },
            CommandTimeout = 0,
        })
        {
            await using var reader = await read.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                ids.Add(reader.GetString(0));
                versions.Add(reader.GetInt32(1));
                made.Add(texts.SearchTextOf(records, ids[^1], reader.GetInt16(2),
                    await reader.GetFieldValueAsync<byte[]>(3, cancellation)));
            }
        }

        if (ids.Count == 0)
            return null;
        await using var write = new NpgsqlCommand(
            $"update {table} r set search_text = n.made from unnest($1, $2, $3) n (id, version, made) "
            + "where r.id = n.id and r.version = n.version", connection)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = ids.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new NpgsqlParameter { Value = versions.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer },
                new NpgsqlParameter { Value = made.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            },
            CommandTimeout = 0,
        };
        await write.ExecuteNonQueryAsync(cancellation);
        return (ids[^1], versions[^1]);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };
}
