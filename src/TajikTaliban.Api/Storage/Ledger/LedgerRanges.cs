using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using static TajikTaliban.Api.Storage.Ledger.LedgerRows;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>A range of changes whose documents are in a table of their own, or in a file.</summary>
/// <param name="Number">1, 2, 3 …</param>
/// <param name="First">The first change.</param>
/// <param name="Next">The first change after it.</param>
/// <param name="Bytes">The size of the table; null for a file.</param>
/// <param name="Archive">The file; null for a table.</param>
public sealed record LedgerRange(int Number, long First, long Next, long? Bytes, Archive? Archive);

/// <summary>A file with the documents of a range.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Digest">Its SHA-256.</param>
/// <param name="Changes">How many changes it has.</param>
/// <param name="FirstPosition">The first position.</param>
/// <param name="LastPosition">The last position.</param>
/// <param name="At">Since when.</param>
public sealed record Archive(string Name, byte[] Digest, long Changes, long FirstPosition, long LastPosition, DateTime At);

/// <summary>A range cannot be detached or brought back.</summary>
public sealed class RangeException(string message) : Exception(message);

/// <summary>
/// Detaches old ranges of documents of the ledger into files, and brings them back. What records said and say, and who changed what and
/// when, stays in the database: only the feed needs the documents. Decision 0052.
/// </summary>
public sealed class LedgerRanges(DirectDatabase database)
{
    /// <summary>All ranges, oldest first.</summary>
    public async Task<IReadOnlyList<LedgerRange>> ListAsync(CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            """
            select number, first_change, next_change, pg_total_relation_size(to_regclass('ledger_documents_' || number)),
                archive, digest, changes, first_position, last_position, detached_at
            from ledger_ranges order by number
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var ranges = new List<LedgerRange>();
        while (await reader.ReadAsync(cancellation))
        {
            ranges.Add(new LedgerRange(
                reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2),
                await reader.IsDBNullAsync(3, cancellation) ? null : reader.GetInt64(3),
                await reader.IsDBNullAsync(4, cancellation) ? null : new Archive(
                    reader.GetString(4), await reader.GetFieldValueAsync<byte[]>(5, cancellation), reader.GetInt64(6), reader.GetInt64(7),
                    reader.GetInt64(8), reader.GetDateTime(9))));
        }

        return ranges;
    }

    /// <summary>
    /// Writes the changes of the oldest range that is not detached to a new file in a folder, reads the file again, and removes the
    /// documents from the database. Until the last step, which takes an instant, nothing has changed; a file that was left by a failure is
    /// replaced.
    /// </summary>
    /// <exception cref="RangeException">No range is old enough.</exception>
    public async Task<LedgerRange> DetachAsync(string folder, CancellationToken cancellation)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        var range = (await ListAsync(cancellation)).FirstOrDefault(r => r.Archive is null)
            ?? throw new RangeException("There is no range.");
        var newest = await ScalarAsync<long>(connection, "select last_value from ledger_changes_seq_seq", [], cancellation);
        // a transaction that writes may have taken numbers of the range before the last one
        if (newest < range.Next + (range.Next - range.First))
        {
            throw new RangeException(
                $"The oldest range has the changes {range.First} to {range.Next - 1}, the newest change is {newest}: a range can be "
                + $"detached when the one after it is full ({(2 * range.Next) - range.First}).");
        }

        // the writers of before, whatever they wrote
        await RunAsync(connection, $"begin; lock table {TableOf(range)} in share mode; commit", [], cancellation);
        var (first, last) = await PositionsAsync(connection, range, cancellation);
        var name = string.Create(CultureInfo.InvariantCulture, $"ledger-{range.Number}-{first}-{last}.parquet");
        var path = Path.Combine(folder, name);
        var temporary = path + ".part";
        var written = new Tally();
        await using (var file = new FileStream(temporary, FileMode.Create, FileAccess.ReadWrite))
        {
            await ArchiveFile.WriteAsync(file, written.CountAsync(ReadAsync(connection, range, cancellation)), cancellation);
            await file.FlushAsync(cancellation);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
        }

        var digest = await DigestAsync(temporary, cancellation);
        var read = new Tally();
        await using (var file = File.OpenRead(temporary))
        {
            await foreach (var _ in read.CountAsync(ArchiveFile.ReadAsync(file, cancellation)))
            {
            }
        }

        if (read.Text != written.Text)
            throw new RangeException($"The file {temporary} does not say what was written to it. Nothing was detached.");
        File.Move(temporary, path, overwrite: true);

        var archive = new Archive(name, digest, written.Changes, first, last, default);
        await RemoveAsync(connection, range, archive, written.Documents, cancellation);
        return (await ListAsync(cancellation)).Single(r => r.Number == range.Number);
    }

    /// <summary>Brings the documents of a file back. Of versions that were redacted since, the file's content is left out.</summary>
    /// <exception cref="RangeException">It is not the file that was made.</exception>
    public async Task<LedgerRange> AttachAsync(string path, CancellationToken cancellation)
    {
        var name = Path.GetFileName(path);
        var range = (await ListAsync(cancellation)).FirstOrDefault(r => r.Archive?.Name == name)
            ?? throw new RangeException($"No range is in a file of the name {name}. `ledger list` names the files.");
        if (!(await DigestAsync(path, cancellation)).SequenceEqual(range.Archive!.Digest))
            throw new RangeException($"The file {name} is not the one that was made: its SHA-256 is another.");
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        // no redaction comes in between
        await RunAsync(connection,
            "lock table ledger_redactions in share row exclusive mode; create temporary table brought "
            + "(seq bigint, document json, shape smallint, edition integer) on commit drop", [], cancellation);
        await using (var file = File.OpenRead(path))
        await using (var copy = await connection.BeginBinaryImportAsync("copy brought from stdin (format binary)", cancellation))
        {
            await foreach (var change in ArchiveFile.ReadAsync(file, cancellation))
            {
                if (change.Document is not { } document)
                    continue;
                await copy.StartRowAsync(cancellation);
                await copy.WriteAsync(change.Position.Change!.Value, NpgsqlDbType.Bigint, cancellation);
                await copy.WriteAsync(document.Text, NpgsqlDbType.Json, cancellation);
                await copy.WriteAsync(document.Shape, NpgsqlDbType.Smallint, cancellation);
                await copy.WriteAsync(document.Edition, NpgsqlDbType.Integer, cancellation);
            }

            await copy.CompleteAsync(cancellation);
        }

        await RunAsync(connection,
            $"""
            select ledger_range_table({range.Number});
            insert into {TableOf(range)} (seq, document, shape, edition)
                select b.seq, b.document, b.shape, b.edition from brought b join ledger_changes c on c.seq = b.seq
                where not c.redacted order by b.seq;
            set local lock_timeout = '5s';
            select ledger_range_attach({range.Number});
            update ledger_ranges set archive = null, digest = null, changes = null, first_position = null, last_position = null,
                detached_at = null where number = {range.Number}
            """, [], cancellation);
        await transaction.CommitAsync(cancellation);
        return (await ListAsync(cancellation)).Single(r => r.Number == range.Number);
    }

    /// <summary>The files that have a version of a record, redacted or not.</summary>
    public async Task<IReadOnlyList<string>> ArchivesOfAsync(
        string table, string id, IReadOnlyCollection<int> versions, CancellationToken cancellation)
    {
        await using var command = database.Source.CreateCommand(
            """
            select distinct r.archive from ledger_changes c join ledger_ranges r on c.seq >= r.first_change and c.seq < r.next_change
            where c.resource = $1 and c.id = $2 and c.version = any($3) and r.archive is not null order by r.archive
            """);
        command.Parameters.Add(Text(table));
        command.Parameters.Add(Text(id));
        command.Parameters.Add(
            new NpgsqlParameter { Value = versions.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Integer });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var names = new List<string>();
        while (await reader.ReadAsync(cancellation))
            names.Add(reader.GetString(0));
        return names;
    }

    private static async Task RemoveAsync(
        NpgsqlConnection connection, LedgerRange range, Archive archive, long documents, CancellationToken cancellation)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var left = await ScalarAsync<long>(connection, $"select count(*) from {TableOf(range)}", [], cancellation);
        if (left != documents)
            throw new RangeException("Documents of the range were redacted meanwhile. Nothing was detached; run the command again.");
        await RunAsync(connection,
            $"""
            set local lock_timeout = '5s';
            alter table ledger_documents detach partition {TableOf(range)};
            drop table {TableOf(range)}
            """, [], cancellation);
        await RunAsync(connection,
            """
            update ledger_ranges set archive = $2, digest = $3, changes = $4, first_position = $5, last_position = $6,
                detached_at = clock_timestamp()
            where number = $1
            """,
            [Number(range.Number), Text(archive.Name), new NpgsqlParameter { Value = archive.Digest, NpgsqlDbType = NpgsqlDbType.Bytea },
                Number(archive.Changes), Number(archive.FirstPosition), Number(archive.LastPosition)], cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static string TableOf(LedgerRange range) => string.Create(CultureInfo.InvariantCulture, $"ledger_documents_{range.Number}");

    private static async Task<(long First, long Last)> PositionsAsync(
        NpgsqlConnection connection, LedgerRange range, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            """
            select min(t.position), max(t.position) from (
                select distinct transaction_id as id from ledger_changes where seq >= $1 and seq < $2) c
            join ledger_transactions t using (id)
            """, connection)
        { Parameters = { Number(range.First), Number(range.Next) } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private static async IAsyncEnumerable<ArchivedChange> ReadAsync(
        NpgsqlConnection connection, LedgerRange range, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            $"""
            select t.position, t.token, c.seq, t.committed_at, c.resource, c.id, c.version, c.operation, c.cause, c.note, c.merged_into,
                c.redacted, d.document, d.shape, d.edition
            from ledger_changes c join ledger_transactions t on t.id = c.transaction_id left join {TableOf(range)} d on d.seq = c.seq
            where c.seq >= $1 and c.seq < $2 order by c.seq
            """, connection)
        { Parameters = { Number(range.First), Number(range.Next) }, CommandTimeout = 0 };
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
        {
            string? TextOrNull(int column) => row.IsDBNull(column) ? null : row.GetString(column);
            yield return new ArchivedChange(
                new Position(row.GetInt64(0), row.GetInt64(2), row.GetString(1)), row.GetDateTime(3), row.GetString(4), row.GetString(5),
                row.GetInt32(6), row.GetString(7), TextOrNull(8), TextOrNull(9), TextOrNull(10), row.GetBoolean(11),
                TextOrNull(12) is { } document ? new ArchivedDocument(document, row.GetInt16(13), row.GetInt32(14)) : null);
        }
    }

    private static async Task<byte[]> DigestAsync(string path, CancellationToken cancellation)
    {
        await using var file = File.OpenRead(path);
        return await SHA256.HashDataAsync(file, cancellation);
    }

    private static async Task<T> ScalarAsync<T>(
        NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        return (T)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private static async Task RunAsync(
        NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>What a file says, to compare what was written with what is read.</summary>
    private sealed class Tally
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        private string? _text;

        public long Changes { get; private set; }

        public long Documents { get; private set; }

        public string Text => _text ??= Convert.ToHexStringLower(_hash.GetHashAndReset());

        public async IAsyncEnumerable<ArchivedChange> CountAsync(IAsyncEnumerable<ArchivedChange> changes)
        {
            await foreach (var change in changes)
            {
                Changes++;
                Documents += change.Document is null ? 0 : 1;
                _hash.AppendData(Encoding.UTF8.GetBytes($"{change.CommittedAt.Ticks} {change}"));
                yield return change;
            }
        }
    }
}
