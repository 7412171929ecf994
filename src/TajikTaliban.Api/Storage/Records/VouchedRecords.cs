using Npgsql;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>Finds the records for whose time a source vouches by its date of publication.</summary>
public static class VouchedRecords
{
    private const string ByDate = "c.source_id = $1 and c.vouched_for is null and c.supports = '{}'";

    /// <summary>The records by table and id, at most so many: what lasts, has no end, and cites the source as a whole.</summary>
    public static async Task<IReadOnlyList<Referrer>> FindAsync(
        NpgsqlConnection connection, string source, int limit, CancellationToken cancellation)
    {
        var (relation, happening, actor) = (Tables.RelationCitations, Tables.EventCitations, Tables.ActorCitations);
        await using var command = new NpgsqlCommand(
            $"""
            select owner, id from (
                select '{Tables.Relations}' as owner, r.id from {Tables.Relations} r join {relation.Name} c on c.{relation.Owner} = r.id
                    where r.valid_to is null and {ByDate}
                union select '{Tables.Events}', r.id from {Tables.Events} r join {happening.Name} c on c.{happening.Owner} = r.id
                    where r.date is null and r.valid_to is null and {ByDate}
                union select '{Tables.Actors}', c.{actor.Owner} from {actor.Name} c join {Tables.ActorStatuses.Name} s
                    on s.{Tables.ActorStatuses.Owner} = c.{actor.Owner} where s.valid_to is null and {ByDate}
            ) v order by 1, 2 limit {limit}
            """, connection);
        command.Parameters.Add(new NpgsqlParameter { Value = source });
        var records = new List<Referrer>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            records.Add(new Referrer(reader.GetString(0), reader.GetString(1)));
        return records;
    }
}
