using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Model;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>Reads when sources were published, in the transaction of a connection.</summary>
public static class PublicationDates
{
    /// <summary>
    /// The dates of those of the sources that have one. A source is locked until the transaction ends: a change of its date waits, and then
    /// finds the records that cite it.
    /// </summary>
    public static async Task<Dictionary<string, PartialDate>> LockAsync(
        NpgsqlConnection connection, IReadOnlyCollection<string> sources, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"select id, published from {Tables.Sources} where id = any($1) order by id for share", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = sources.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        var published = new Dictionary<string, PartialDate>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            if (!await reader.IsDBNullAsync(1, cancellation))
                published.Add(reader.GetString(0), PartialDate.Parse(reader.GetString(1)));
        }

        return published;
    }
}
