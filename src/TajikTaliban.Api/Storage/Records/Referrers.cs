using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>A record that refers to another.</summary>
public sealed record Referrer(string Table, string Id);

/// <summary>Records that refer to a record.</summary>
/// <param name="First">The first of them, by table and id.</param>
/// <param name="Total">The number of all of them.</param>
public sealed record FoundReferrers(IReadOnlyList<Referrer> First, long Total);

/// <summary>Finds the records that refer to a record, by the foreign keys of the model.</summary>
public static class Referrers
{
    /// <summary>The records that refer to this one; references of the record to itself do not count.</summary>
    /// <param name="context">The context of the transaction.</param>
    /// <param name="id">The id of the record.</param>
    /// <param name="leaving">Records of the same table that do not count, by id.</param>
    /// <param name="limit">How many are listed.</param>
    /// <param name="cancellation">Cancels the query.</param>
    public static async Task<FoundReferrers> FindAsync<T>(
        ApiDbContext context, string id, IReadOnlyCollection<string> leaving, int limit, CancellationToken cancellation)
        where T : Record
    {
        var target = context.Model.FindEntityType(typeof(T))!;
        var references = target.GetReferencingForeignKeys().Where(f => !f.IsOwnership).ToList();
        if (references.Count == 0)
            return new FoundReferrers([], 0);
        // one more than is listed shows whether they have to be counted
        var limited = "select owner, id from ("
            + string.Join(" union ", references.Select(f => $"({Select(f, target)} limit {limit + 1})"))
            + $") r order by 1, 2 limit {limit + 1}";
        Task<List<Referrer>> FirstAsync(IReadOnlyCollection<string> others) =>
            ReadAsync(context, target, (id, others), limited, row => new Referrer(row.GetString(0), row.GetString(1)), cancellation);
        var first = await FirstAsync([]);
        // they can be many, and seldom is one of them among the referrers
        if (leaving.Count > 0 && first.Exists(r => r.Table == target.GetTableName()))
            first = await FirstAsync(leaving);
        if (first.Count <= limit)
            return new FoundReferrers(first, first.Count);
        var total = await ReadAsync(context, target, (id, leaving),
            $"select count(*) from ({string.Join(" union ", references.Select(f => Select(f, target)))}) r", row => row.GetInt64(0),
            cancellation);
        return new FoundReferrers(first[..limit], total[0]);
    }

    private static async Task<List<TRow>> ReadAsync<TRow>(
        ApiDbContext context, IEntityType target, (string Id, IReadOnlyCollection<string> Others) record, string statement,
        Func<NpgsqlDataReader, TRow> read, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, (NpgsqlConnection)context.Database.GetDbConnection());
        command.Parameters.Add(new NpgsqlParameter { Value = record.Id, NpgsqlDbType = NpgsqlDbType.Text });
        if (target.GetReferencingForeignKeys().Any(f => !f.IsOwnership && OwnerOf(f).Table == target.GetTableName()))
        {
            command.Parameters.Add(
                new NpgsqlParameter
                {
                    Value = record.Others.Append(record.Id).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text,
                });
        }

        var rows = new List<TRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(read(reader));
        return rows;
    }

    private static string Select(IForeignKey reference, IEntityType target)
    {
        var (owner, key) = OwnerOf(reference);
        var others = owner == target.GetTableName() ? $" and {key} <> all($2)" : "";
        return $"select distinct '{owner}' as owner, {key} as id "
            + $"from {reference.DeclaringEntityType.GetTableName()} where {reference.Properties[0].GetColumnName()} = $1{others}";
    }

    /// <summary>The table of the records that have the reference, and the column with their id.</summary>
    private static (string Table, string Key) OwnerOf(IForeignKey reference) =>
        reference.DeclaringEntityType.FindOwnership() is { } ownership
            ? (ownership.PrincipalEntityType.GetTableName()!, ownership.Properties[0].GetColumnName())
            : (reference.DeclaringEntityType.GetTableName()!, "id");
}
