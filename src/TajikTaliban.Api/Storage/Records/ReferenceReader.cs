using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>Resolves references: ids, and identifiers such as <c>iso3:TJK</c> where the target has them.</summary>
public sealed class ReferenceReader(NpgsqlDataSource database)
{
    /// <summary>The id of each text that refers to something; the result lacks the others.</summary>
    public async Task<Dictionary<(ReferenceTarget Target, string Text), string>> ResolveAsync(
        IReadOnlyCollection<(ReferenceTarget Target, string Text)> references, AsOf? asOf, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await ResolveAsync(connection, references, asOf, cancellation);
    }

    /// <summary>The same, as the transaction of the connection sees it.</summary>
    public static async Task<Dictionary<(ReferenceTarget Target, string Text), string>> ResolveAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(ReferenceTarget Target, string Text)> references, AsOf? asOf,
        CancellationToken cancellation)
    {
        var found = new Dictionary<(ReferenceTarget Target, string Text), string>();
        if (references.Count == 0)
            return found;
        var targets = references.Select(r => r.Target).Distinct().ToList();
        var sql = new SqlParameters(asOf);
        string[] TextsOf(ReferenceTarget target) => [.. references.Where(r => r.Target == target).Select(r => r.Text).Distinct()];
        var selects = targets.SelectMany((target, i) => Selects(target, i, TextsOf(target), sql));
        await using var command = new NpgsqlCommand(string.Join(" union all ", selects), connection);
        sql.CopyTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found[(targets[reader.GetInt32(0)], reader.GetString(1))] = reader.GetString(2);
        return found;
    }

    /// <summary>The id most like a text that refers to nothing, by trigrams of ids and names.</summary>
    public async Task<string?> NearestOrNullAsync(ReferenceTarget target, string text, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await NearestOrNullAsync(connection, target, text, cancellation);
    }

    /// <summary>The same, as the transaction of the connection sees it.</summary>
    public static async Task<string?> NearestOrNullAsync(
        NpgsqlConnection connection, ReferenceTarget target, string text, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select id from {target.Table} where $1 <% search_text order by similarity(id, $1) desc, id limit 1", connection)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = SearchText.Normalize([text.Replace('-', ' ')]), NpgsqlDbType = NpgsqlDbType.Text },
            },
        };
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Rows of (number of the target, text, id).</summary>
    private static IEnumerable<string> Selects(ReferenceTarget target, int number, string[] texts, SqlParameters sql)
    {
        yield return $"select {number}, id, id from {sql.Table(target.Table)} r "
            + $"where id = any({sql.Add(texts.Where(RecordId.IsValid).ToArray())})";
        if (target.Identifiers is not { } table)
            yield break;
        var identifiers = texts.Where(ActorIdentifier.LooksLikeIdentifier)
            .Select(t => ActorIdentifier.TryParse(t, out var id, out _) ? id : default)
            .Where(id => id.Scheme.Length > 0).Distinct().ToList();
        var (schemes, values) = (sql.Add(identifiers.Select(i => i.Scheme).ToArray()), sql.Add(identifiers.Select(i => i.Value).ToArray()));
        yield return $"select {number}, scheme || ':' || value, {table.Owner} from {sql.Table(table.Name)} r "
            + $"where (scheme, value) in (select * from unnest({schemes}::text[], {values}::text[]))";
    }
}
