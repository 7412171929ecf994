using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>What a position is to this database.</summary>
public enum PositionState
{
    Known,

    /// <summary>It belongs to another history: this database was restored from a backup that is older than the position.</summary>
    Gone,

    /// <summary>This is a standby that has not come so far.</summary>
    NotYet,
}

/// <summary>The position that was read up to is not of the history that the database now has: it was put back.</summary>
public sealed class PositionGoneException(Position position) : Exception($"The position {position} is not of this history.")
{
    public Position Position { get; } = position;
}

/// <summary>Reads the ledger: the feed in commit order, the versions of a record, the moments of the past.</summary>
/// <param name="database">For what is looked up.</param>
/// <param name="feed">For what others read page by page.</param>
public sealed class LedgerReader(NpgsqlDataSource database, NpgsqlDataSource feed)
{
    /// <summary>Transactions that one page looks through: many may hold nothing of the resource that is asked for.</summary>
    internal const int MostTransactions = 20_000;

    /// <summary>Two columns that say what the position $1 is to this database.</summary>
    private const string Known = "(select token from ledger_transactions where position = $1), pg_is_in_recovery()";

    internal const int DocumentColumn = 12;

    private const string Columns =
        "t.position, t.token, c.seq, c.resource, c.id, c.version, c.operation, c.cause, c.note, c.merged_into, t.key_name, t.committed_at, c.document";

    public async Task<Position> NewestAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select position, token from ledger_transactions where position is not null order by position desc limit 1");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new Position(reader.GetInt64(0), null, reader.GetString(1)) : Position.Start;
    }

    /// <summary>The newest position, of the history that a known one belongs to.</summary>
    /// <exception cref="PositionGoneException">The database was put back.</exception>
    public async Task<Position> NewestAsync(Position known, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            select {Known}, n.position, n.token from (select 1) o
            left join (select position, token from ledger_transactions where position is not null order by position desc limit 1) n on true
            """);
        command.Parameters.Add(Number(known.Number));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        ThrowIfGone(reader, known);
        return await reader.IsDBNullAsync(2, cancellation) ? Position.Start : new Position(reader.GetInt64(2), null, reader.GetString(3));
    }

    public async Task<PositionState> FindAsync(Position position, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {Known}");
        command.Parameters.Add(Number(position.Number));
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return StateOf(reader, position);
    }

    /// <summary>The changes after a position, oldest first, and the place where the reading ended.</summary>
    /// <param name="after">Where to begin.</param>
    /// <param name="tables">The tables of the records that are asked for, or null for all.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="change">Takes each.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="PositionGoneException">The position is not of this history; nothing was read.</exception>
    public async Task<(Position End, bool More)> ReadAsync(
        Position after, IReadOnlyList<string>? tables, int limit, Action<Change> change, CancellationToken cancellation)
    {
        await using var page = await OpenAsync(database, after, tables, limit, cancellation);
        while (await page.ReadAsync(cancellation))
            change(page.Current with { Document = page.Document?.ToArray() });
        return (page.End, page.More);
    }

    /// <summary>The changes after a position, oldest first, to be read one by one.</summary>
    /// <inheritdoc cref="ReadAsync" path="/param"/>
    /// <exception cref="PositionGoneException">The position is not of this history.</exception>
    public Task<FeedPage> OpenPageAsync(Position after, IReadOnlyList<string>? tables, int limit, CancellationToken cancellation) =>
        OpenAsync(feed, after, tables, limit, cancellation);

    private static async Task<FeedPage> OpenAsync(
        NpgsqlDataSource source, Position after, IReadOnlyList<string>? tables, int limit, CancellationToken cancellation)
    {
        // All of it on one connection, and so of one database: one that was put back after the position was looked up does not pass for it.
        var ends = new NpgsqlBatchCommand(
            $"""
            select {Known}, b.position, b.token from (select 1) o
            left join (select position, token from ledger_transactions where position <= $1 + {MostTransactions} order by position desc limit 1) b on true
            """);
        ends.Parameters.Add(Number(after.Number));
        // In the order of the transactions and of their changes as it reads them one by one: a sort by both would hold all documents before it
        // gave the first.
        var changes = new NpgsqlBatchCommand(
            $"""
            select {Columns} from (select * from ledger_transactions where position >= $1 order by position limit {MostTransactions + 1}) t
            cross join lateral ({OfTransaction("c.seq > case when t.position > $1 then 0 else $2 end", "seq", limit + 1, tables)}) c
            order by t.position limit {Literal(limit + 1)}
            """);
        changes.Parameters.Add(Number(after.Number));
        changes.Parameters.Add(Number(after.Change ?? long.MaxValue));
        AddTables(changes.Parameters, tables);

        var connection = await source.OpenConnectionAsync(cancellation);
        var batch = new NpgsqlBatch(connection) { BatchCommands = { ends, changes } };
        NpgsqlDataReader? reader = null;
        try
        {
            reader = await batch.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            ThrowIfGone(reader, after);
            // on a standby that has not come so far there is nothing; else there is nothing after the position, and its transaction was read to its end
            var lookedTo = await reader.IsDBNullAsync(0, cancellation) && after.Number > 0 ? after
                : await reader.IsDBNullAsync(2, cancellation) || reader.GetInt64(2) <= after.Number ? after.Whole
                : new Position(reader.GetInt64(2), null, reader.GetString(3));
            await reader.NextResultAsync(cancellation);
            var page = new FeedPage(connection, batch, reader, after, lookedTo, limit);
            await page.BeginAsync(cancellation);
            return page;
        }
        catch
        {
            if (reader is not null)
                await reader.DisposeAsync();
            await batch.DisposeAsync();
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// The changes of a transaction t, of some tables ($3, $4 …) or all. Each table's are found in an index of their own: with a condition for
    /// all of them, the changes of all others are read and passed over.
    /// </summary>
    private static string OfTransaction(string condition, string order, int limit, IReadOnlyList<string>? tables)
    {
        string Of(string table) =>
            $"select * from ledger_changes c where c.transaction_id = t.id and {condition}{table} order by {order} limit {Literal(limit)}";
        return tables is null ? Of("")
            : tables.Count == 1 ? Of(" and c.resource = $3")
            : $"{string.Join(" union all ", tables.Select((_, i) => $"({Of($" and c.resource = ${Literal(i + 3)}")})"))} order by {order} limit {Literal(limit)}";
    }

    private static void AddTables(NpgsqlParameterCollection parameters, IReadOnlyList<string>? tables)
    {
        foreach (var table in tables ?? [])
            parameters.Add(Text(table));
    }

    private static string Literal(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The versions of a record below one, newest first.</summary>
    public async Task<IReadOnlyList<Change>> VersionsAsync(string table, string id, int below, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            select {Columns} from ledger_changes c join ledger_transactions t on t.id = c.transaction_id
            where c.resource = $1 and c.id = $2 and c.version < $3 order by c.version desc limit {limit.ToString(CultureInfo.InvariantCulture)}
            """);
        command.Parameters.Add(Text(table));
        command.Parameters.Add(Text(id));
        command.Parameters.Add(new NpgsqlParameter { Value = below, NpgsqlDbType = NpgsqlDbType.Integer });
        var versions = new List<Change>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            versions.Add(Read(reader));
        return versions;
    }

    /// <summary>One version of a record.</summary>
    public async Task<Change?> VersionOrNullAsync(string table, string id, int version, CancellationToken cancellation) =>
        version == int.MaxValue ? null
        : (await VersionsAsync(table, id, version + 1, 1, cancellation)) is [var found] && found.Version == version ? found : null;

    /// <summary>
    /// The records that are not at one position as they are at a later one, by table and id, after a place in that order: what they were and
    /// what they became. It costs what was changed in between; where that is much, the way from one record that was to the next.
    /// </summary>
    /// <param name="from">The earlier position.</param>
    /// <param name="to">The later one.</param>
    /// <param name="afterTable">The table of the place.</param>
    /// <param name="afterId">The id of the place.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="much">Changes in between that are too many to be put in order for each page.</param>
    public async Task<IReadOnlyList<RecordDifference>> DifferencesAsync(
        Position from, Position to, string afterTable, string afterId, int limit, CancellationToken cancellation, int much = 20_000)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var between = new NpgsqlCommand(
            $"""
            select count(*) from (
                select from (select id from ledger_transactions where position > $1 and position <= $2 order by position limit {Literal(much)}) t
                cross join lateral (select from ledger_changes c where c.transaction_id = t.id limit {Literal(much)}) c limit {Literal(much)}) c
            """, connection)
        { Parameters = { Number(from.Number), Number(to.Number) } };
        var isMuch = (long)(await between.ExecuteScalarAsync(cancellation))! >= much;
        var changes = isMuch
            ? """
              (select resource, id, version, transaction_id from ledger_changes where (resource, id) > ($3, $4) order by resource, id) c
              cross join lateral (select from ledger_transactions t where t.id = c.transaction_id and t.position > $1 and t.position <= $2 offset 0) t
              """
            : """
              ledger_transactions t join ledger_changes c on c.transaction_id = t.id
              where t.position > $1 and t.position <= $2 and (c.resource, c.id) > ($3, $4)
              """;
        var differences = new NpgsqlBatchCommand(
            $"""
            with touched as (
                select c.resource, c.id, min(c.version) - 1 as before, max(c.version) as after from {changes} group by c.resource, c.id order by c.resource, c.id)
            select d.resource, d.id, d.before, d.after, b.document, a.document
            from touched d left join ledger_changes b on b.resource = d.resource and b.id = d.id and b.version = d.before
            join ledger_changes a on a.resource = d.resource and a.id = d.id and a.version = d.after
            where b.document is not null or a.document is not null
            order by d.resource, d.id limit {Literal(limit)}
            """)
        { Parameters = { Number(from.Number), Number(to.Number), Text(afterTable), Text(afterId) } };
        await using var batch = new NpgsqlBatch(connection);
        if (isMuch)
        {
            // record by record over the index, of which a page reads little: its plans for all of them begin by reading and sorting all
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                "select set_config(name, 'off', true) from unnest(array['enable_sort', 'enable_hashagg', 'enable_hashjoin', 'enable_mergejoin']) name"));
        }

        batch.BatchCommands.Add(differences);
        var found = new List<RecordDifference>();
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        if (isMuch)
            await reader.NextResultAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(new RecordDifference(reader.GetString(0), reader.GetString(1), reader.GetInt32(2), reader.GetInt32(3),
                await reader.IsDBNullAsync(4, cancellation) ? null : await reader.GetFieldValueAsync<byte[]>(4, cancellation),
                await reader.IsDBNullAsync(5, cancellation) ? null : await reader.GetFieldValueAsync<byte[]>(5, cancellation)));
        }

        return found;
    }

    /// <summary>Changes whose cause is a correction, newest first, from before a position on, each with the document that it replaced.</summary>
    public async Task<IReadOnlyList<(Change Change, byte[]? Before)>> CorrectionsAsync(
        Position? before, IReadOnlyList<string>? tables, int limit, CancellationToken cancellation)
    {
        const string Of = "c.cause in ('source-revised', 'our-error', 'source-withdrawn') and (t.position < $1 or c.seq < $2)";
        await using var command = database.CreateCommand(
            $"""
            select {Columns}, p.document from ledger_transactions t cross join lateral ({OfTransaction(Of, "seq desc", limit, tables)}) c
            left join ledger_changes p on p.resource = c.resource and p.id = c.id and p.version = c.version - 1
            where t.corrects and t.position <= $1
            order by t.position desc, c.seq desc limit {limit.ToString(CultureInfo.InvariantCulture)}
            """);
        command.Parameters.Add(Number(before?.Number ?? long.MaxValue));
        command.Parameters.Add(Number(before?.Change ?? 0));
        AddTables(command.Parameters, tables);
        var found = new List<(Change, byte[]?)>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            found.Add((Read(reader), await reader.IsDBNullAsync(13, cancellation) ? null : await reader.GetFieldValueAsync<byte[]>(13, cancellation)));
        return found;
    }

    /// <summary>The moment of a position that is known; null if it is not.</summary>
    public Task<AsOf?> AsOfAsync(Position position, CancellationToken cancellation) =>
        position.Number == 0 ? Task.FromResult<AsOf?>(position.Token == Position.Start.Token ? Nothing : null)
        : MomentAsync("where t.position = $1 and t.token = $2", [Number(position.Number), Text(position.Token)], cancellation);

    /// <summary>The moment of the newest position.</summary>
    public async Task<AsOf> NewestMomentAsync(CancellationToken cancellation) =>
        await MomentAsync("where t.position is not null order by t.position desc limit 1", [], cancellation) ?? Nothing;

    /// <summary>The moment of an instant: what was committed then.</summary>
    public async Task<AsOf> AsOfAsync(DateTime instant, CancellationToken cancellation) =>
        await MomentAsync("where t.committed_at <= $1 and t.position is not null order by t.committed_at desc, t.position desc limit 1",
            [new NpgsqlParameter { Value = instant, NpgsqlDbType = NpgsqlDbType.TimestampTz }], cancellation) ?? Nothing;

    private static AsOf Nothing { get; } = new(Position.Start, null, 0);

    private async Task<AsOf?> MomentAsync(string where, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            select t.position, t.token, t.committed_at, t.horizon
            from ledger_transactions t {where}
            """);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new AsOf(new Position(reader.GetInt64(0), null, reader.GetString(1)), await reader.GetFieldValueAsync<DateTime>(2, cancellation), reader.GetInt64(3))
            : null;
    }

    /// <summary>The change of a row.</summary>
    internal static Change Read(NpgsqlDataReader row) => Read(row, null, row.IsDBNull(DocumentColumn) ? null : row.GetFieldValue<byte[]>(DocumentColumn));

    /// <param name="row">The row.</param>
    /// <param name="before">The change that was read before it: what the two share, of the same transaction, is not read again.</param>
    /// <param name="document">Its document.</param>
    internal static Change Read(NpgsqlDataReader row, Change? before, byte[]? document)
    {
        string? Text(int column) => row.IsDBNull(column) ? null : row.GetString(column);
        var number = row.GetInt64(0);
        if (before is not null && before.Position.Number != number)
            before = null;
        return new Change(
            new Position(number, row.GetInt64(2), before?.Position.Token ?? row.GetString(1)), row.GetString(3), row.GetString(4), row.GetInt32(5), row.GetString(6),
            Text(7), Text(8), Text(9), before is null ? Text(10) : before.Key, before?.CommittedAt ?? row.GetDateTime(11), document);
    }

    private static PositionState StateOf(NpgsqlDataReader row, Position position)
    {
        var token = position.Number == 0 ? Position.Start.Token : row.IsDBNull(0) ? null : row.GetString(0);
        return token == position.Token ? PositionState.Known
            : token is null && row.GetBoolean(1) ? PositionState.NotYet : PositionState.Gone;
    }

    private static void ThrowIfGone(NpgsqlDataReader row, Position position)
    {
        if (StateOf(row, position) == PositionState.Gone)
            throw new PositionGoneException(position);
    }

    private static NpgsqlParameter Number(long value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    private static NpgsqlParameter Text(string value) => new() { Value = value, NpgsqlDbType = NpgsqlDbType.Text };

    /// <summary>The records of a table at a moment, in the order of ids after one.</summary>
    /// <exception cref="PositionGoneException">The database was put back to before the moment, or is a standby that has not come so far.</exception>
    public async Task<IReadOnlyList<Document>> RecordsAsync(AsOf moment, string table, string afterId, int limit, CancellationToken cancellation)
    {
        var sql = new SqlParameters(moment);
        var records = new NpgsqlBatchCommand(
            $"select id, version, recorded_at, document from {sql.Table(table)} r where id > {sql.Add(afterId, NpgsqlDbType.Text)} order by id limit {Literal(limit)}");
        sql.CopyTo(records.Parameters);
        // on one connection, and so of one database
        await using var connection = await feed.OpenConnectionAsync(cancellation);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand($"select {Known}") { Parameters = { Number(moment.Position.Number) } }, records },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        // on a standby that is behind another one that answered before, rows would be missing without a word
        if (StateOf(reader, moment.Position) != PositionState.Known)
            throw new PositionGoneException(moment.Position);
        await reader.NextResultAsync(cancellation);
        var found = new List<Document>();
        while (await reader.ReadAsync(cancellation))
        {
            found.Add(new Document(reader.GetString(0), reader.GetInt32(1), await reader.GetFieldValueAsync<DateTime>(2, cancellation),
                await reader.GetFieldValueAsync<byte[]>(3, cancellation)));
        }

        return found;
    }
}
