using Npgsql;
using NpgsqlTypes;
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
public sealed class SearchReader(ConnectionPools database, Documents documents, TimeProvider time)
{
    /// <summary>Records that a table gives at most.</summary>
    private const int MaxCandidates = 40;

    /// <summary>Records with a word beyond which only the newest are searched, as the statistics of the index estimate them.</summary>
    private const int MaxMatches = 30_000;

    /// <summary>The newest records whose names are searched for frequent words.</summary>
    private const int MaxNewestNames = 100;

    /// <summary>The newest records whose texts are searched for frequent words: they are longer.</summary>
    private const int MaxNewestTexts = 50;

    /// <summary>How long the statistics of the indexes are kept; they change when PostgreSQL analyzes a table.</summary>
    private static readonly TimeSpan KeepStatistics = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A bitmap of rows, from the index of words, is read only as far as the candidates; a plan that reads the table instead would search
    /// all of it for words that only the last rows have.
    /// </summary>
    private const string Planning = $"{ListSql.PlanForWords}, set_config('enable_seqscan', 'off', true)";

    private const string ReadStatistics =
        """
        select i.relname::text, f.lexeme, (f.share * i.reltuples)::float8
        from pg_class i join pg_stats s on s.schemaname = current_schema() and s.tablename = i.relname
        cross join lateral unnest(s.most_common_elems::text::text[], s.most_common_elem_freqs) f (lexeme, share)
        where i.relname ~ '^ix_[a-z_]+_search_(names|words)$' and i.relkind = 'i'
            and i.relnamespace = current_schema()::regnamespace and f.lexeme is not null and f.share * i.reltuples > $1
        """;

    private const string ReadLexemes =
        """
        select distinct w.word, l.lexeme from unnest($1) w (word)
        cross join unnest(array[w.word] || tsvector_to_array(to_tsvector('pg_catalog.english', w.word))) l (lexeme)
        """;

    private Statistics? _statistics;

    /// <summary>Some records that have all words in a place.</summary>
    public async Task<IReadOnlyList<FoundRecord>> FindAsync(TableSearch search, SearchPlace place, CancellationToken cancellation)
    {
        if (search.Tables.Count == 0)
            return [];
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var frequent = await FrequentAsync(connection, search, place, cancellation);
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

    /// <summary>The tables where every word of the search is frequent: one that is not keeps the list of matches short.</summary>
    private async Task<HashSet<string>> FrequentAsync(
        NpgsqlConnection connection, TableSearch search, SearchPlace place, CancellationToken cancellation)
    {
        var rows = await StatisticsAsync(connection, cancellation);
        if (rows.Count == 0)
            return [];
        var lexemes = new Dictionary<string, List<string>>();
        await using (var command = new NpgsqlCommand(ReadLexemes, connection))
        {
            var words = search.Words.Words.SelectMany(w => w.Others.Prepend(w.Word)).Distinct().ToArray();
            command.Parameters.Add(new NpgsqlParameter { Value = words, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                if (!lexemes.TryGetValue(reader.GetString(0), out var of))
                    lexemes.Add(reader.GetString(0), of = []);
                of.Add(reader.GetString(1));
            }
        }

        bool IsFrequent(string index, WordForms word) => word.Others.Prepend(word.Word).SelectMany(w => lexemes[w])
            .Any(lexeme => rows.Contains((index, lexeme)));
        return [.. search.Tables.Where(t =>
            search.Words.Words.All(w => IsFrequent($"ix_{t}_search_{(place == SearchPlace.Names ? "names" : "words")}", w)))];
    }

    /// <summary>The indexes and their frequent words, as PostgreSQL last analyzed them.</summary>
    private async Task<HashSet<(string Index, string Lexeme)>> StatisticsAsync(
        NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (_statistics is { } kept && time.GetElapsedTime(kept.ReadAt) < KeepStatistics)
            return kept.Frequent;
        var frequent = new HashSet<(string, string)>();
        await using var command = new NpgsqlCommand(ReadStatistics, connection)
        {
            Parameters = { new NpgsqlParameter { Value = MaxMatches, NpgsqlDbType = NpgsqlDbType.Integer } },
        };
        var readAt = time.GetTimestamp();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            frequent.Add((reader.GetString(0), reader.GetString(1)));
        _statistics = new Statistics(readAt, frequent);
        return frequent;
    }

    /// <summary>The expressions of the indexes <c>ix_…_search_names</c> and <c>ix_…_search_words</c>.</summary>
    private static string Vector(SearchPlace place) =>
        place == SearchPlace.Names ? """search_words(split_part(r.search_text, E'\n', 1))""" : "search_words(r.search_text)";

    /// <summary>The indexes and the words that more than <see cref="MaxMatches"/> of their records have.</summary>
    private sealed record Statistics(long ReadAt, HashSet<(string Index, string Lexeme)> Frequent);
}
