using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;

namespace TajikTaliban.Api.Storage.Records;

/// <summary>The author and reason of a write, for the ledger.</summary>
/// <param name="Now">The instant of the write.</param>
/// <param name="Key">The name of the API key; null for the service itself.</param>
/// <param name="Cause">A code of <c>change-causes</c>.</param>
/// <param name="Note">The reason in words.</param>
public sealed record Author(DateTimeOffset Now, string? Key = null, string? Cause = null, string? Note = null);

/// <summary>A committed transaction.</summary>
/// <param name="Position">Its position.</param>
/// <param name="At">The instant of the commit, which is the <c>recordedAt</c> of what it wrote.</param>
public sealed record Commit(Position Position, DateTime At);

/// <summary>The settings of a connection that the triggers of the ledger read and set.</summary>
public static class LedgerSession
{
    /// <summary>Sets the author until the transaction ends. The database refuses writes without one.</summary>
    public static Task BeginAsync(NpgsqlConnection connection, Author author, CancellationToken cancellation) =>
        SetAsync(connection,
            """
            select set_config('ledger.writer', 'on', true), set_config('ledger.last', '', false), set_config('ledger.now', $1, true),
                set_config('ledger.key', $2, true), set_config('ledger.cause', $3, true), set_config('ledger.note', $4, true)
            """,
            [author.Now.ToString("O"), author.Key, author.Cause, author.Note], cancellation);

    /// <summary>Sets the reason of the changes that follow in this transaction.</summary>
    public static Task SetReasonAsync(NpgsqlConnection connection, string? cause, string? note, CancellationToken cancellation) =>
        SetAsync(connection, "select set_config('ledger.cause', $1, true), set_config('ledger.note', $2, true)", [cause, note],
            cancellation);

    /// <summary>Sets the record into which those are merged that are deleted next; null: they are only deleted.</summary>
    public static Task SetSurvivorAsync(NpgsqlConnection connection, string? id, CancellationToken cancellation) =>
        SetAsync(connection, "select set_config('ledger.merged_into', $1, true)", [id], cancellation);

    /// <summary>The transaction that this connection has just committed; null if it changed no record.</summary>
    public static async Task<Commit?> CommitAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select current_setting('ledger.last', true), nullif(current_setting('ledger.last_at', true), '')::timestamptz", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return !await reader.IsDBNullAsync(0, cancellation) && Position.TryParse(reader.GetString(0), out var position)
            ? new Commit(position, reader.GetDateTime(1)) : null;
    }

    private static async Task SetAsync(NpgsqlConnection connection, string statement, string?[] values, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? "", NpgsqlDbType = NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
