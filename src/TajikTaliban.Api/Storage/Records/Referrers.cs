using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>A record that refers to another.</summary>
public sealed record Referrer(string Table, string Id);

/// <summary>Finds the records that refer to a record, by the foreign keys of the model.</summary>
public static class Referrers
{
    /// <summary>The records that refer to this one, by table and id; references of the record to itself do not count.</summary>
    public static async Task<IReadOnlyList<Referrer>> FindAsync<T>(
        ApiDbContext context, string id, int limit, CancellationToken cancellation)
        where T : Record
    {
        var target = context.Model.FindEntityType(typeof(T))!;
        var selects = target.GetReferencingForeignKeys().Where(f => !f.IsOwnership).Select(f => Select(f, target, limit)).ToList();
        if (selects.Count == 0)
            return [];
        await using var command = new NpgsqlCommand(
            $"select owner, id from ({string.Join(" union ", selects)}) r order by 1, 2 limit {limit}",
            (NpgsqlConnection)context.Database.GetDbConnection());
        command.Parameters.Add(new NpgsqlParameter { Value = id, NpgsqlDbType = NpgsqlDbType.Text });
        var referrers = new List<Referrer>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            referrers.Add(new Referrer(reader.GetString(0), reader.GetString(1)));
        return referrers;
    }

    private static string Select(IForeignKey reference, IEntityType target, int limit)
    {
        var table = reference.DeclaringEntityType.GetTableName()!;
        var ownership = reference.DeclaringEntityType.FindOwnership();
        var owner = ownership is null ? table : ownership.PrincipalEntityType.GetTableName()!;
        var key = ownership is null ? "id" : ownership.Properties[0].GetColumnName();
        var others = owner == target.GetTableName() ? $" and {key} <> $1" : "";
        return $"(select '{owner}' as owner, {key} as id "
            + $"from {table} where {reference.Properties[0].GetColumnName()} = $1{others} limit {limit})";
    }
}
