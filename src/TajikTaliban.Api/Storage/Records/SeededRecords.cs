using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>The seeds that were written last, record by record, and the digest of all of them together.</summary>
public sealed class SeededRecords(ConnectionPools database)
{
    /// <summary>The row of all seeds together has this in place of a resource and an id.</summary>
    private const string AllRecords = "*";

    public static async Task<Dictionary<(string Resource, string Id), SeededRecord>> AllAsync(
        ApiDbContext context, CancellationToken cancellation) =>
        await context.SeededRecords.AsNoTracking().Where(s => s.Id != AllRecords).ToDictionaryAsync(s => (s.Resource, s.Id), cancellation);

    /// <summary>Stores each seeded record and the digest of all seeds.</summary>
    public static async Task StoreAsync(
        NpgsqlConnection connection, IEnumerable<SeededRecord> records, byte[] digest, CancellationToken cancellation)
    {
        SeededRecord[] rows = [.. records, new SeededRecord { Resource = AllRecords, Id = AllRecords, Digest = digest, Version = 1 }];
        await using var command = new NpgsqlCommand(
            """
            insert into seeded_records (resource, id, digest, version)
            select * from unnest($1, $2, $3, $4)
            on conflict (resource, id) do update set digest = excluded.digest, version = excluded.version
            """, connection);
        command.Parameters.Add(Array(rows.Select(r => r.Resource), NpgsqlDbType.Text));
        command.Parameters.Add(Array(rows.Select(r => r.Id), NpgsqlDbType.Text));
        command.Parameters.Add(Array(rows.Select(r => r.Digest), NpgsqlDbType.Bytea));
        command.Parameters.Add(Array(rows.Select(r => r.Version), NpgsqlDbType.Integer));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Whether seeds of this digest were written last.</summary>
    public async Task<bool> IsNewestAsync(byte[] digest, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "select exists (select 1 from seeded_records where resource = $1 and id = $1 and digest = $2)");
        command.Parameters.Add(new NpgsqlParameter { Value = AllRecords, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = digest, NpgsqlDbType = NpgsqlDbType.Bytea });
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static NpgsqlParameter Array<T>(IEnumerable<T> values, NpgsqlDbType type) =>
        new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    /// <summary>A version that follows from another record's is no edit: a record that was as it was seeded still is.</summary>
    public static async Task FollowAsync(
        NpgsqlConnection connection, string resource, string id, int version, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "update seeded_records set version = $3 where resource = $1 and id = $2 and version = $3 - 1", connection);
        command.Parameters.Add(new NpgsqlParameter { Value = resource });
        command.Parameters.Add(new NpgsqlParameter { Value = id });
        command.Parameters.Add(new NpgsqlParameter { Value = version });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
