using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Model;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>The record that an identifier names.</summary>
/// <param name="Id">Its id.</param>
/// <param name="CameByMerge">Whether a record that was merged into this one had the identifier.</param>
public sealed record IdentifierHolder(string Id, bool CameByMerge);

/// <summary>
/// Resolves references: ids, merged ids (they mean the survivor), and identifiers such as <c>iso3:TJK</c> where the target has them.
/// </summary>
public sealed class ReferenceReader(ConnectionPools database)
{
    /// <summary>The id of each text that refers to something; the result lacks the others.</summary>
    public async Task<Dictionary<(ReferenceTarget Target, string Text), string>> ResolveAsync(
        IReadOnlyCollection<(ReferenceTarget Target, string Text)> references, AsOf? asOf, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await ResolveAsync(connection, references, asOf, cancellation);
    }

    /// <summary>
    /// The same, as the transaction of the connection sees it. Where ids have no index of trigrams, only the same id is near.
    /// </summary>
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
        await reader.CloseAsync();
        await AddMergedAsync(connection, references, found, asOf, cancellation);
        return found;
    }

    /// <summary>The records that identifiers name, by identifier; the result lacks those that name none.</summary>
    public static async Task<Dictionary<string, IdentifierHolder>> HoldersAsync(
        NpgsqlConnection connection, ReferenceTarget target, IReadOnlyCollection<string> identifiers, CancellationToken cancellation)
    {
        var holders = new Dictionary<string, IdentifierHolder>(StringComparer.Ordinal);
        if (target.Identifiers is not { } table || identifiers.Count == 0)
            return holders;
        var sql = new SqlParameters();
        // the parts of a merged record were replaced by the transaction of the merge
        var cameByMerge = !target.IsMergeable ? "false"
            : $"""
              exists (select from {table.Name}_past p
              join ledger_changes c on c.resource = '{target.Table}' and c.id = p.{table.Owner} and c.transaction_id = p.until_transaction
              where p.scheme = i.scheme and p.value = i.value and c.operation = 'merged'
                  and p.{table.Owner} = any(array(select unnest(r.referents) from {target.Table} r where r.id = i.{table.Owner})))
              """;
        await using var command = new NpgsqlCommand(
            $"select scheme || ':' || value, {table.Owner}, {cameByMerge} from {table.Name} i where {IsOneOf(identifiers, sql)}",
            connection);
        sql.CopyTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            holders[reader.GetString(0)] = new IdentifierHolder(reader.GetString(1), reader.GetBoolean(2));
        return holders;
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
            target.HasNearest ? $"select id from {target.Table} where $1 <% search_text order by similarity(id, $1) desc, id limit 1"
                : $"select id from {target.Table} where id = $1", connection)
        {
            Parameters =
            {
                new NpgsqlParameter { Value = target.HasNearest ? SearchText.Normalize(text) : text, NpgsqlDbType = NpgsqlDbType.Text },
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
        yield return $"select {number}, scheme || ':' || value, {table.Owner} from {sql.Table(table.Name)} r where {IsOneOf(texts, sql)}";
    }

    /// <summary>The condition that a row has one of the identifiers among the texts.</summary>
    private static string IsOneOf(IEnumerable<string> texts, SqlParameters sql)
    {
        var identifiers = texts.Where(ActorIdentifier.LooksLikeIdentifier)
            .Select(t => ActorIdentifier.TryParse(t, out var id, out _) ? id : default)
            .Where(id => id.Scheme.Length > 0).Distinct().ToList();
        var (schemes, values) = (sql.Add(identifiers.Select(i => i.Scheme).ToArray()), sql.Add(identifiers.Select(i => i.Value).ToArray()));
        return $"(scheme, value) in (select * from unnest({schemes}::text[], {values}::text[]))";
    }

    /// <summary>Adds the survivors of those ids that were merged. Only ids that no record has cost a query.</summary>
    private static async Task AddMergedAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(ReferenceTarget Target, string Text)> references,
        Dictionary<(ReferenceTarget Target, string Text), string> found, AsOf? asOf, CancellationToken cancellation)
    {
        var missing = references.Where(r => r.Target.IsMergeable && RecordId.IsValid(r.Text) && !found.ContainsKey(r))
            .ToLookup(r => r.Target, r => r.Text);
        foreach (var texts in missing)
        {
            foreach (var (merged, id) in await TombstoneRows.SurvivorsAsync(connection, texts.Key.Table, [.. texts.Distinct()], asOf,
                cancellation))
            {
                found[(texts.Key, merged)] = id;
            }
        }
    }
}
