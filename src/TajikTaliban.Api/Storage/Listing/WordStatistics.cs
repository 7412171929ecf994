using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>Which words very many records have, as the statistics of the indexes know them.</summary>
public sealed class WordStatistics(TimeProvider time)
{
    /// <summary>Records with a word beyond which it is frequent, as the statistics of the index estimate them.</summary>
    private const int MaxMatches = 30_000;

    /// <summary>How long the statistics of the indexes are kept; they change when PostgreSQL analyzes a table.</summary>
    private static readonly TimeSpan KeepStatistics = TimeSpan.FromMinutes(1);

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

    /// <summary>The tables where every word of the search is frequent: one that is not keeps the list of matches short.</summary>
    public async Task<IReadOnlySet<string>> FrequentAsync(
        NpgsqlConnection connection, SearchWords search, IReadOnlyList<string> tables, SearchPlace place, CancellationToken cancellation)
    {
        var rows = await StatisticsAsync(connection, cancellation);
        if (rows.Count == 0)
            return new HashSet<string>();
        var lexemes = new Dictionary<string, List<string>>();
        await using (var command = new NpgsqlCommand(ReadLexemes, connection))
        {
            var words = search.Words.SelectMany(w => w.Others.Prepend(w.Word)).Distinct().ToArray();
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
        return tables.Where(t =>
            search.Words.All(w => IsFrequent($"ix_{t}_search_{(place == SearchPlace.Names ? "names" : "words")}", w))).ToHashSet();
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

    /// <summary>The indexes and the words that more than <see cref="MaxMatches"/> of their records have.</summary>
    private sealed record Statistics(long ReadAt, HashSet<(string Index, string Lexeme)> Frequent);
}
