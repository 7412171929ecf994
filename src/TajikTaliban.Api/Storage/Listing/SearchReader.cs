using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>Where a search looks for its words.</summary>
public enum SearchPlace
{
    /// <summary>In the names of records.</summary>
    Names,

    /// <summary>In all of their search text.</summary>
    Text,
}

/// <summary>A search over several tables.</summary>
/// <param name="Words">The words.</param>
/// <param name="Beginning">The last word, where it may be the beginning of one; it is completed in the names of registries.</param>
/// <param name="Tables">The tables.</param>
/// <param name="Registries">Those whose records others refer to: they have few records for each name.</param>
public sealed record TableSearch(
    SearchWords Words, string? Beginning, IReadOnlyList<string> Tables, IReadOnlySet<string> Registries);

/// <summary>A record that a search found.</summary>
public sealed record FoundRecord(string Table, string Id, byte[] Document);

/// <summary>
/// Finds records of all tables by words, in a time that does not depend on how many match. A table gives a few of its records, in no
/// order. A word that very many of its records have is looked for in the newest of them only: the list of all takes longer to read than a
/// reader waits for the next letter.
/// </summary>
public sealed class SearchReader(ConnectionPools database, Documents documents, WordStatistics statistics)
{
    /// <summary>Records that a table gives at most.</summary>
    private const int MaxCandidates = 40;

    /// <summary>The newest records whose names are searched for frequent words.</summary>
    private const int MaxNewestNames = 100;

    /// <summary>The newest records whose texts are searched for frequent words: they are longer.</summary>
    private const int MaxNewestTexts = 50;

    /// <summary>
    /// A bitmap of rows, from the index of words, is read only as far as the candidates; a plan that reads the table instead would search
    /// all of it for words that only the last rows have.
    /// </summary>
    private const string Planning = $"{ListSql.PlanForWords}, set_config('enable_seqscan', 'off', true)";

    /// <summary>Some records that have all words in a place.</summary>
    public async Task<IReadOnlyList<FoundRecord>> FindAsync(TableSearch search, SearchPlace place, CancellationToken cancellation)
    {
        if (search.Tables.Count == 0)
            return [];
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var frequent = await statistics.FrequentAsync(connection, search.Words, search.Tables, place, cancellation);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Planning));
        foreach (var table in search.Tables)
        {
            var sql = new SqlParameters();
            var completes = place == SearchPlace.Names && search.Registries.Contains(table);
            var words = sql.WordsQuery(search.Words, completes ? search.Beginning : null);
            var newest = place == SearchPlace.Names ? MaxNewestNames : MaxNewestTexts;
            var from = frequent.Contains(table)
                ? $"(select * from {table} order by recorded_at desc, id desc limit {newest})" : table;
            var command = new NpgsqlBatchCommand(
                $"select r.id, {Documents.Columns("r")} from {from} r where {Vector(place)} @@ {words} limit {MaxCandidates}");
            sql.CopyTo(command.Parameters);
            batch.BatchCommands.Add(command);
        }

        var found = new List<FoundRecord>();
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        foreach (var table in search.Tables)
        {
            await reader.NextResultAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
                found.Add(new FoundRecord(table, reader.GetString(0), documents.Read(reader, 1, table)));
        }

        return found;
    }

    /// <summary>The expressions of the indexes <c>ix_…_search_names</c> and <c>ix_…_search_words</c>.</summary>
    private static string Vector(SearchPlace place) =>
        place == SearchPlace.Names ? """search_words(split_part(r.search_text, E'\n', 1))""" : "search_words(r.search_text)";
}
