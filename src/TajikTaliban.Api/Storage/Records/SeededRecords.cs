using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>The state of a pack of seeds in a database.</summary>
public enum SeededPack
{
    Seeded,
    Removed,
}

/// <summary>The seeds that were written last, record by record, their packs, and the digest of all of them together.</summary>
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
            insert into seeded_records (resource, id, digest, version, pack)
            select * from unnest($1, $2, $3, $4, $5)
            on conflict (resource, id)
                do update set digest = excluded.digest, version = excluded.version, pack = excluded.pack
            """, connection);
        command.Parameters.Add(Array(rows.Select(r => r.Resource), NpgsqlDbType.Text));
        command.Parameters.Add(Array(rows.Select(r => r.Id), NpgsqlDbType.Text));
        command.Parameters.Add(Array(rows.Select(r => r.Digest), NpgsqlDbType.Bytea));
        command.Parameters.Add(Array(rows.Select(r => r.Version), NpgsqlDbType.Integer));
        command.Parameters.Add(Array(rows.Select(r => r.Pack), NpgsqlDbType.Text));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Stores which packs are there, and which were removed with their records.</summary>
    public static async Task StorePacksAsync(
        NpgsqlConnection connection, IReadOnlyCollection<string> seeded, IReadOnlyCollection<string> removed,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            with gone as (delete from seeded_records where pack = any ($2))
            insert into seeded_packs (name, is_removed)
            select name, name = any ($2) from unnest($1 || $2) name
            on conflict (name) do update set is_removed = excluded.is_removed
            """, connection);
        command.Parameters.Add(Array(seeded, NpgsqlDbType.Text));
        command.Parameters.Add(Array(removed, NpgsqlDbType.Text));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>The packs that were seeded or removed.</summary>
    public async Task<IReadOnlyDictionary<string, SeededPack>> PacksAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select name, is_removed from seeded_packs");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var packs = new Dictionary<string, SeededPack>();
        while (await reader.ReadAsync(cancellation))
            packs.Add(reader.GetString(0), reader.GetBoolean(1) ? SeededPack.Removed : SeededPack.Seeded);
        return packs;
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
