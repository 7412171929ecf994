using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Storage;

public enum ReferenceTarget
{
    Actor,
    Source,
    Indicator,
}

/// <summary>Looks up what texts refer to: ids, and for actors identifiers such as <c>iso3:TJK</c>.</summary>
public static class References
{
    /// <summary>Gives the id for each text that refers to something; the others are not in the answer.</summary>
    public static async Task<Dictionary<(ReferenceTarget, string), string>> ResolveAsync(
        NpgsqlConnection connection, IReadOnlyCollection<(ReferenceTarget Target, string Text)> references, CancellationToken cancellation,
        AsOf? asOf = null)
    {
        var found = new Dictionary<(ReferenceTarget, string), string>();
        if (references.Count == 0)
            return found;
        string[] Ids(ReferenceTarget target) => [.. references.Where(r => r.Target == target && RecordId.IsValid(r.Text)).Select(r => r.Text).Distinct()];
        var identifiers = references.Where(r => r.Target == ReferenceTarget.Actor && ActorIdentifier.LooksLikeIdentifier(r.Text))
            .Select(r => ActorIdentifier.TryParse(r.Text, out var id, out _) ? id : default)
            .Where(id => id.Scheme.Length > 0).Distinct().ToList();

        var sql = new SqlParameters(asOf);
        string Texts(string[] values) => sql.Add(values, NpgsqlDbType.Array | NpgsqlDbType.Text);
        await using var command = new NpgsqlCommand(
            $"""
            select 0, id, id from {sql.Table("actors")} r where id = any({Texts(Ids(ReferenceTarget.Actor))})
            union all select 0, scheme || ':' || value, actor_id from {sql.Table("actor_identifiers")} r
                where (scheme, value) in (select * from unnest({Texts([.. identifiers.Select(i => i.Scheme)])}::text[], {Texts([.. identifiers.Select(i => i.Value)])}::text[]))
            union all select 1, id, id from {sql.Table("sources")} r where id = any({Texts(Ids(ReferenceTarget.Source))})
            union all select 2, id, id from {sql.Table("indicators")} r where id = any({Texts(Ids(ReferenceTarget.Indicator))})
            """, connection);
        sql.CopyTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found[((ReferenceTarget)reader.GetInt32(0), reader.GetString(1))] = reader.GetString(2);
        return found;
    }

    /// <summary>The id most like a text that refers to nothing, by trigrams of ids and names.</summary>
    public static async Task<string?> NearestAsync(NpgsqlConnection connection, ReferenceTarget target, string text, CancellationToken cancellation)
    {
        var table = target switch
        {
            ReferenceTarget.Actor => "actors",
            ReferenceTarget.Source => "sources",
            _ => "indicators",
        };
        await using var command = new NpgsqlCommand(
            $"select id from {table} where $1 <% search_text order by similarity(id, $1) desc, id limit 1", connection)
        {
            Parameters = { new NpgsqlParameter { Value = SearchText.Normalize([text.Replace('-', ' ')]), NpgsqlDbType = NpgsqlDbType.Text } },
        };
        return (string?)await command.ExecuteScalarAsync(cancellation);
    }
}
