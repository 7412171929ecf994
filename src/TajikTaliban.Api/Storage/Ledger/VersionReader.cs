using System.Runtime.CompilerServices;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;
using static TajikTaliban.Api.Storage.Ledger.LedgerRows;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>Reads the versions of records, those of deleted ones too.</summary>
public sealed class VersionReader
{
    private readonly StatementSource _statements;
    private readonly Documents _documents;

    public VersionReader(ConnectionPools database, Documents documents)
        : this(StatementSource.Of(database), documents)
    {
    }

    private VersionReader(StatementSource statements, Documents documents) => (_statements, _documents) = (statements, documents);

    /// <summary>The same reader on a connection that the request holds, in its transaction.</summary>
    public VersionReader Within(NpgsqlConnection connection) => new(StatementSource.Of(connection), _documents);

    /// <summary>
    /// The versions of a record that are older than one, newest first; and whether there are more. With large documents there are fewer
    /// than the limit, but at least two where there are two.
    /// </summary>
    public async Task<(IReadOnlyList<Change> Versions, bool More)> OlderAsync(
        string table, string id, int below, FeedLimits limits, CancellationToken cancellation)
    {
        var versions = new List<Change>();
        var left = limits.Bytes;
        await foreach (var version in ReadAsync(table, id, below, limits.Changes + 1, cancellation))
        {
            if (versions.Count == limits.Changes || (left <= 0 && versions.Count > 1))
                return (versions, true);
            versions.Add(version);
            left -= version.Document?.Length ?? 0;
        }

        return (versions, false);
    }

    /// <summary>One version of a record.</summary>
    public async Task<Change?> FindOrNullAsync(string table, string id, int version, CancellationToken cancellation)
    {
        if (version == int.MaxValue)
            return null;
        await foreach (var found in ReadAsync(table, id, version + 1, 1, cancellation))
            return found.Version == version ? found : null;
        return null;
    }

    private async IAsyncEnumerable<Change> ReadAsync(
        string table, string id, int below, int limit, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            $"""
            select {ChangeColumns} from ledger_changes c join ledger_transactions t on t.id = c.transaction_id
            {DocumentOf("c", "d")}
            where c.resource = $1 and c.id = $2 and c.version < $3 and c.version > 0 order by c.version desc limit {limit}
            """);
        command.Parameters.Add(Text(table));
        command.Parameters.Add(Text(id));
        command.Parameters.Add(new NpgsqlParameter { Value = below, NpgsqlDbType = NpgsqlDbType.Integer });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            yield return LedgerRows.Change(reader, _documents);
    }
}
