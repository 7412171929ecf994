using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>A version whose content was removed.</summary>
/// <param name="Seq">Its place in the order of redactions.</param>
/// <param name="Table">The table of the record.</param>
/// <param name="Id">The record.</param>
/// <param name="Version">The version.</param>
/// <param name="Position">The position of the removal.</param>
/// <param name="At">When it was committed.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Digest">SHA-256 of the removed document; null for a deletion, which had none.</param>
public sealed record Redaction(
    long Seq, string Table, string Id, int Version, Position Position, DateTime At, string Reason, byte[]? Digest);

/// <summary>Removes the content of versions, and finds what was removed.</summary>
public sealed class Redactions(ConnectionPools database)
{
    /// <summary>The view of redacted versions, for as-of queries.</summary>
    private const string Versions = "redacted";

    private volatile Checked? _checked;

    /// <summary>
    /// Removes the content of versions of a record, none of which is current, in the transaction of a connection; returns those that were
    /// found and not redacted before.
    /// </summary>
    /// <param name="connection">The connection, with the author of the change.</param>
    /// <param name="record">The table and the id.</param>
    /// <param name="versions">The versions.</param>
    /// <param name="reason">Why, in words.</param>
    /// <param name="gone">What is stored in place of responses with the content.</param>
    /// <param name="cancellation">Cancels the removal.</param>
    public static async Task<IReadOnlyList<int>> RedactAsync(
        NpgsqlConnection connection, (string Table, string Id) record, IReadOnlyCollection<int> versions, string reason, byte[] gone,
        CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select * from ledger_redact($1, $2, $3, $4, $5)", connection);
        command.Parameters.Add(Text(record.Table));
        command.Parameters.Add(Text(record.Id));
        command.Parameters.Add(
            new NpgsqlParameter { Value = versions.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        command.Parameters.Add(Text(reason));
        command.Parameters.Add(new NpgsqlParameter { Value = gone, NpgsqlDbType = NpgsqlDbType.Bytea });
        var redacted = new List<int>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            redacted.Add(reader.GetInt32(0));
        return redacted;
    }

    /// <summary>The newest version of a record and whether it is a deletion, in the transaction of a connection; null if there is
    /// none.</summary>
    public static async Task<(int Version, bool IsDeletion)?> NewestOrNullAsync(
        NpgsqlConnection connection, (string Table, string Id) record, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select version, operation in ('deleted', 'merged') from ledger_changes "
            + "where resource = $1 and id = $2 and version > 0 order by version desc limit 1", connection);
        command.Parameters.Add(Text(record.Table));
        command.Parameters.Add(Text(record.Id));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? (reader.GetInt32(0), reader.GetBoolean(1)) : null;
    }

    /// <summary>
    /// Removes what was redacted from a table's dead rows and from the statistics of the planner, which the database would do later.
    /// </summary>
    public async Task VacuumAsync(string table, CancellationToken cancellation)
    {
        await using var vacuum = database.CreateCommand(
            $"vacuum (analyze) {table}, {table}_past, ledger_changes, search_vocabulary, idempotency_keys");
        vacuum.CommandTimeout = 0;
        await vacuum.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>How many records of a table that were there as of a position are redacted in the version of then.</summary>
    public async Task<int> CountAsync(AsOf asOf, string table, Position newest, CancellationToken cancellation)
    {
        if (await IsWithoutAsync(newest, cancellation))
            return 0;
        var sql = new SqlParameters(asOf);
        await using var command = database.CreateCommand(
            $"select count(*)::integer from {sql.Table(Versions)} r where resource = {sql.Add(table)}");
        sql.CopyTo(command.Parameters);
        return (int)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The version of a record as of a position, if it is redacted.</summary>
    public async Task<int?> VersionOrNullAsync(AsOf asOf, string table, string id, CancellationToken cancellation)
    {
        var sql = new SqlParameters(asOf);
        await using var command = database.CreateCommand(
            $"select version from {sql.Table(Versions)} r where resource = {sql.Add(table)} and id = {sql.Add(id)}");
        sql.CopyTo(command.Parameters);
        return await command.ExecuteScalarAsync(cancellation) as int?;
    }

    /// <summary>Redactions before one (null: all), newest first.</summary>
    public async Task<IReadOnlyList<Redaction>> ReadAsync(long? before, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select r.seq, r.resource, r.id, r.version, t.position, t.token, t.committed_at, r.reason, r.digest
            from ledger_redactions r join ledger_transactions t on t.id = r.redacted_in
            where r.seq < $1 order by r.seq desc limit $2
            """);
        command.Parameters.Add(new NpgsqlParameter { Value = before ?? long.MaxValue, NpgsqlDbType = NpgsqlDbType.Bigint });
        command.Parameters.Add(new NpgsqlParameter { Value = limit, NpgsqlDbType = NpgsqlDbType.Integer });
        var redactions = new List<Redaction>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            redactions.Add(new Redaction(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3),
                new Position(reader.GetInt64(4), null, reader.GetString(5)), reader.GetDateTime(6), reader.GetString(7),
                await reader.IsDBNullAsync(8, cancellation) ? null : await reader.GetFieldValueAsync<byte[]>(8, cancellation)));
        }

        return redactions;
    }

    /// <summary>Whether nothing was redacted, which is asked for once for each position: nearly always it is so.</summary>
    private async Task<bool> IsWithoutAsync(Position newest, CancellationToken cancellation)
    {
        if (_checked is { } known && (known.HasAny || known.At == newest))
            return !known.HasAny;
        await using var command = database.CreateCommand("select exists (select from ledger_redactions)");
        var hasAny = (bool)(await command.ExecuteScalarAsync(cancellation))!;
        _checked = new Checked(newest, hasAny);
        return !hasAny;
    }

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    private sealed record Checked(Position At, bool HasAny);
}
