using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Storage.Records;
using static TajikTaliban.Api.Storage.Ledger.LedgerRows;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>Reads the versions of records, those of deleted ones too.</summary>
public sealed class VersionReader(NpgsqlDataSource database, Documents documents)
{
    /// <summary>The versions of a record that are older than one, newest first.</summary>
    public async Task<IReadOnlyList<Change>> OlderAsync(string table, string id, int below, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            select {ChangeColumns} from ledger_changes c join ledger_transactions t on t.id = c.transaction_id
            where c.resource = $1 and c.id = $2 and c.version < $3 and c.version > 0 order by c.version desc limit {limit}
            """);
        command.Parameters.Add(Text(table));
        command.Parameters.Add(Text(id));
        command.Parameters.Add(new NpgsqlParameter { Value = below, NpgsqlDbType = NpgsqlDbType.Integer });
        var versions = new List<Change>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            versions.Add(LedgerRows.Change(reader, documents));
        return versions;
    }

    /// <summary>One version of a record.</summary>
    public async Task<Change?> FindOrNullAsync(string table, string id, int version, CancellationToken cancellation) =>
        version == int.MaxValue ? null
        : (await OlderAsync(table, id, version + 1, 1, cancellation)) is [var found] && found.Version == version ? found : null;
}
