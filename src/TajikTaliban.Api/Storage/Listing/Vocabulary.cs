using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>The words of all records and versions, where those of similar spelling are looked for.</summary>
public sealed class Vocabulary(ConnectionPools database)
{
    /// <summary>Words that are compared with each word of a search.</summary>
    private const int MaxCompared = 200;

    /// <summary>Words that stand for the beginning of one.</summary>
    private const int MaxBegun = 50;

    private const string ReadSimilar =
        """
        select w.word, v.word from unnest($1) w (word) cross join lateral (
            (select distinct v.word, similarity(v.word, w.word) as near from search_vocabulary v where v.word % w.word
                order by 2 desc, 1 limit $2)
            union (select v.word, 0 from (select distinct v.word from search_vocabulary v
                where v.word collate "C" >= w.word and v.word collate "C" < w.word || U&'\+10FFFF'
                order by v.word limit $3) v)) v
        """;

    private const string ReadBegun =
        """
        select word from (select distinct word from search_vocabulary
            where word collate "C" >= $1 and word collate "C" < $1 || U&'\+10FFFF' and word <> $1) w
        order by length(word), word collate "C" limit $2
        """;

    /// <summary>The search with the words of similar spelling that records have; null if there is none.</summary>
    public async Task<SearchWords?> WithSimilarOrNullAsync(SearchWords words, CancellationToken cancellation)
    {
        var compared = words.Words.Select(w => w.Word).Where(SearchWords.HasSpelling).Distinct().ToArray();
        if (compared.Length == 0)
            return null;
        var similar = compared.ToDictionary(w => w, _ => (IReadOnlyList<string>)new List<string>());
        await using var command = database.CreateCommand(ReadSimilar);
        command.Parameters.Add(new NpgsqlParameter { Value = compared, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        command.Parameters.Add(Number(MaxCompared));
        command.Parameters.Add(Number(MaxBegun));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            var (word, other) = (reader.GetString(0), reader.GetString(1));
            if (SearchWords.IsSimilar(word, other))
                ((List<string>)similar[word]).Add(other);
        }

        return words.WithSimilarOrNull(similar);
    }

    /// <summary>Words that begin with a text, the shortest first.</summary>
    public async Task<IReadOnlyList<string>> BegunByAsync(string beginning, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(ReadBegun);
        command.Parameters.Add(new NpgsqlParameter { Value = beginning, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(Number(MaxBegun));
        var found = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add(reader.GetString(0));
        return found;
    }

    private static NpgsqlParameter Number(int value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Integer };
}
