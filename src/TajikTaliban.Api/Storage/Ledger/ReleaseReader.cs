using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>A named position. It never changes.</summary>
public sealed record Release(string Id, Position Position, DateTime CommittedAt, string Title, string? Notes, DateTime CreatedAt);

/// <summary>A release that is to be added.</summary>
/// <param name="Id">The id.</param>
/// <param name="Position">The number of the position that it names.</param>
/// <param name="Title">The title.</param>
/// <param name="Notes">Notes for users.</param>
/// <param name="Key">The name of the key that adds it.</param>
/// <param name="CreatedAt">The instant of the request.</param>
public sealed record NewRelease(string Id, long Position, string Title, string? Notes, string? Key, DateTimeOffset CreatedAt);

/// <summary>Reads and makes releases.</summary>
public sealed class ReleaseReader(ConnectionPools database)
{
    private const string Select =
        "select r.id, t.position, t.token, t.committed_at, r.title, r.notes, r.created_at "
        + "from releases r join ledger_transactions t on t.position = r.position";

    public async Task<Release?> FindOrNullAsync(string id, CancellationToken cancellation) =>
        (await ReadAsync($"{Select} where r.id = $1", [Text(id)], cancellation)) is [var found] ? found : null;

    /// <summary>The release of the newest position. A later release may have an older one.</summary>
    public async Task<Release?> LatestOrNullAsync(CancellationToken cancellation) =>
        (await ReadAsync($"{Select} order by r.position desc, r.created_at desc, r.id desc limit 1", [], cancellation)) is [var found]
            ? found : null;

    /// <summary>All of them, newest first; there are few.</summary>
    public Task<List<Release>> AllAsync(CancellationToken cancellation) =>
        ReadAsync($"{Select} order by r.created_at desc, r.id desc limit 1000", [], cancellation);

    /// <summary>Names a position; false if the name is taken.</summary>
    public static async Task<bool> AddAsync(NpgsqlConnection connection, NewRelease release, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into releases (id, position, title, notes, key_name, created_at) values ($1, $2, $3, $4, $5, $6)
            on conflict do nothing
            """, connection);
        command.Parameters.Add(Text(release.Id));
        command.Parameters.Add(new NpgsqlParameter { Value = release.Position, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(Text(release.Title));
        command.Parameters.Add(Text(release.Notes));
        command.Parameters.Add(Text(release.Key));
        command.Parameters.Add(new NpgsqlParameter { Value = release.CreatedAt.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private async Task<List<Release>> ReadAsync(string statement, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(statement);
        command.Parameters.AddRange(parameters);
        var releases = new List<Release>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            releases.Add(new Release(
                reader.GetString(0), new Position(reader.GetInt64(1), null, reader.GetString(2)),
                await reader.GetFieldValueAsync<DateTime>(3, cancellation), reader.GetString(4),
                await reader.IsDBNullAsync(5, cancellation) ? null : reader.GetString(5),
                await reader.GetFieldValueAsync<DateTime>(6, cancellation)));
        }

        return releases;
    }

    private static NpgsqlParameter Text(string? value) =>
        new() { Value = (object?)value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
