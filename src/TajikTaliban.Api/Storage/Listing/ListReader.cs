using System.Buffers;
using System.Collections.Concurrent;
using System.Data;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Api.Storage.Statements;

namespace TajikTaliban.Api.Storage.Listing;

public sealed record FacetCount(string Value, long Records);

/// <summary>What is known of a page besides its documents.</summary>
/// <param name="Records">How many documents were written.</param>
/// <param name="Last">The sort keys of the last one, when more follow.</param>
/// <param name="Position">The position whose state a live page shows exactly; null for a page without records or as of a position.</param>
/// <param name="Beyond">The records that hold beyond what is known, up to a maximum; null if they were not counted.</param>
public sealed record Page(
    int Records, IReadOnlyList<string>? Last, Position? Position, long? Beyond)
{
    /// <summary>
    /// Whether it ends because looking for more would take too long: it may have no records, and <see cref="Last"/> may be of a record that
    /// does not match. It was read in several steps.
    /// </summary>
    public bool IsPart { get; init; }
}

/// <summary>Reads pages of ready documents.</summary>
public sealed partial class ListReader(
    ConnectionPools database, Documents documents, WordStatistics statistics, CommitInstants instants)
{
    private const int MaxEstimate = 2000;

    /// <summary>Records in the order of a list in which words are looked for that very many records have.</summary>
    private const int MaxLookedAt = 2000;

    /// <summary>Records of the first step through a list whose conditions have no index.</summary>
    private const int FirstLookedAt = 100;

    /// <summary>The share of the records of a step for words: the text of each is split.</summary>
    private const int TextsOfStep = 4;

    /// <summary>From so many rows on that hold beyond what is known, a page does not count those of its list.</summary>
    private const int ManyBeyond = 5000;

    /// <summary>The same for a search, which splits the text of each into words.</summary>
    private const int ManyBeyondForWords = 500;

    /// <summary>For how long it is known how many a table has, in milliseconds.</summary>
    private const int BeyondAge = 30_000;

    /// <summary>The time of a page whose conditions may have no index, and then again of looking through its records.</summary>
    internal TimeSpan Budget { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Records of a list that are looked through in one step at most, where its conditions have no index.</summary>
    internal int MostLookedAt { get; set; } = 800;

    /// <summary>Records with one value of the first sort key from which on they are a list of their own. Fewer are sorted.</summary>
    internal int LargeTie { get; set; } = 2000;

    /// <summary>The column of the instant of a row, or of its transaction.</summary>
    private const int InstantAt = Documents.ColumnCount - 1;

    private readonly ConcurrentDictionary<string, (long Rows, long Until)> _beyond = new();

    /// <summary>
    /// Hands each document of the page to <paramref name="document"/> as UTF-8 JSON, in order. It returns whether the page is full: then
    /// the page ends before its limit. A page is read in one round trip. Where its conditions have no index and the database does not come
    /// to its end in a time, the records are looked through in order, for a time too, and the page has what was found.
    /// </summary>
    public async Task<Page> ReadAsync(ListQuery query, Func<ReadOnlyMemory<byte>, bool> document, CancellationToken cancellation)
    {
        query = query with { CountsBeyond = await CountsBeyondAsync(query, cancellation) };
        return await TieOrNullAsync(query, cancellation) is { } tie ? await ReadTiesAsync(query, tie, document, cancellation)
            : await ReadUntiedAsync(query, document, cancellation);
    }

    private async Task<Page> ReadUntiedAsync(ListQuery query, Func<ReadOnlyMemory<byte>, bool> document, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        if (!MayLookFar(query))
            return await ReadAsync(query, connection, new Reading(document, false), cancellation);
        var reading = new Reading(document, true);
        try
        {
            if (Budget > TimeSpan.Zero)
                return await ReadAsync(query, connection, reading, cancellation);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.QueryCanceled && !cancellation.IsCancellationRequested)
        {
            connection.ForgetPrepared();
            if (reading.Last is not null)
                return new Page(reading.Records, reading.Last, reading.Position, reading.Beyond) { IsPart = true };
        }

        return await LookAsync(query, connection, document, cancellation);
    }

    /// <summary>
    /// Whether the conditions of a list may leave the database to look through many records in vain. In the order of beginnings, a column
    /// that names another record has an index, and so have participants, for all times; in any other order, nothing is sure.
    /// </summary>
    private static bool MayLookFar(ListQuery query)
    {
        var driving = query.Conditions.Count(c => c.Filter.DrivingIndex is not null);
        return query.AsOf is not null || query.Search is not null || driving > 1 || query.Time is { IsMore: true }
            || (!IsByBeginning(query) && (query.Time is not null || query.Conditions.Count > 0))
            || (query.Time is not null && driving == 0)
            || (query.Conditions.Any(c => c.Filter.Time is null && c.Filter.DrivingIndex is null)
                && !query.Conditions.Any(c => c.Filter is { Target: not null, DrivingIndex: null } && c.Predicate is not HasPart));
    }

    /// <summary>Whether the order is that of beginnings, either way, and then of ids.</summary>
    private static bool IsByBeginning(ListQuery query) =>
        query.Order is [var first, _] && first.Key.Column == ListDefinition.Earliest.Column;

    /// <summary>Looks through the next records of a list until the page is full, the list ends, or the time is over.</summary>
    private async Task<Page> LookAsync(
        ListQuery query, NpgsqlConnection connection, Func<ReadOnlyMemory<byte>, bool> document, CancellationToken cancellation)
    {
        var (begun, found, next) = (Stopwatch.GetTimestamp(), new List<string>(), query);
        var most = query.Search is null ? MostLookedAt : Math.Max(1, MostLookedAt / TextsOfStep);
        var size = Math.Min(FirstLookedAt, most);
        IReadOnlyList<string>? last;
        TimeSpan left;
        do
        {
            var before = Stopwatch.GetElapsedTime(begun);
            (last, var ids) = await LookAsync(next, connection, size, cancellation);
            found.AddRange(ids);
            next = query with { After = last, Limit = Math.Max(1, query.Limit - found.Count) };
            var taken = Stopwatch.GetElapsedTime(begun);
            left = Budget - taken;
            // what is not in memory takes a hundred times as long: a step grows by what the one before took
            while (size * 2 <= most && (taken - before) * 4 < left)
            {
                size *= 2;
                before = taken - ((taken - before) * 2);
            }
        }
        while (last is not null && found.Count <= query.Limit && left > TimeSpan.Zero);

        query = query with { Found = [.. found.Take(query.Limit + 1)] };
        if (found.Count == 0)
            return new Page(0, last, null, null) { IsPart = true };
        var page = await ReadAsync(query, connection, new Reading(document, false), cancellation);
        return page with { Last = page.Last ?? (found.Count > query.Limit ? null : last), IsPart = true };
    }

    private static async Task<(IReadOnlyList<string>? Last, string[] Ids)> LookAsync(
        ListQuery query, NpgsqlConnection connection, int most, CancellationToken cancellation)
    {
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(ListSql.PlanForStep));
        Add(batch, query, parameters => new PageSql(query, parameters).WriteIdsAmongNext(most));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var ids = await reader.GetFieldValueAsync<string[]>(0, cancellation);
        return (await reader.IsDBNullAsync(query.Order.Count, cancellation) ? null : Keys(reader, query, 1), ids);
    }

    private async Task<Page> ReadAsync(
        ListQuery query, NpgsqlConnection connection, Reading reading, CancellationToken cancellation)
    {
        if (query.Found is null)
        {
            query = query.Search is null ? await ShortestDrivingIndexFirstAsync(query, connection, cancellation)
                : query with { Found = await FindAsync(query, connection, cancellation) };
        }

        await using var batch = connection.CreateBatch();
        var planning = PlanningOrNull(query);
        if (reading.IsLimited && query.Found is null)
            planning = ListSql.WithBudget(planning ?? ListSql.PlanAsUsual, Budget);
        if (planning is not null)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(planning));
        var known = instants.BeginOrNull();
        Add(batch, query, parameters => ListSql.Page(query, parameters, isDated: known is null));

        var undated = new UndatedRows();
        bool more;
        await using (var reader = await batch.ExecuteReaderAsync(CommandBehavior.Default, cancellation))
        {
            if (planning is not null)
                await reader.NextResultAsync(cancellation);
            more = await ReadRowsAsync(reader, query, reading, known, undated, cancellation);
        }

        if (undated.Count > 0)
        {
            await using var command = connection.CreateCommand();
            var found = await instants.ReadAsync(known!, undated.Transactions, command, cancellation);
            more |= AddUndated(undated, found, reading);
        }
        else if (known is not null)
        {
            instants.KnewAll();
        }

        return new Page(reading.Records, more ? reading.Last : null, reading.Position, reading.Beyond);
    }

    /// <summary>
    /// Reads the rows of a page up to its end, and whether more follow. From the first whose instant is not known on, they are added to
    /// <paramref name="undated"/>, so that their order stays.
    /// </summary>
    private async Task<bool> ReadRowsAsync(NpgsqlDataReader reader, ListQuery query, Reading reading, CommitInstants.Known? known,
        UndatedRows undated, CancellationToken cancellation)
    {
        var isFull = false;
        var holdsAt = reader.FieldCount - (query.CountsBeyond ? 2 : 1);
        var hasHolds = query.Time is { Model.HasCourses: true };
        var buffer = ArrayPool<byte>.Shared.Rent(4096);
        var withHolds = ArrayPool<byte>.Shared.Rent(hasHolds ? 4096 : 0);
        try
        {
            for (var row = 0; reading.Records + undated.Count < query.Limit && !isFull && await reader.ReadAsync(cancellation); row++)
            {
                if (row == 0)
                {
                    reading.Position = query.AsOf is null ? PositionOf(reader, query) : null;
                    reading.Beyond = query.CountsBeyond ? reader.GetInt64(reader.FieldCount - 1) : null;
                }

                var holds = hasHolds ? reader.GetString(holdsAt) : null;
                var instant = default(DateTime);
                if (known is not null && (undated.Count > 0 || !known.TryGet(reader.GetInt64(InstantAt), out instant)))
                {
                    isFull = undated.Add(documents.ReadUndated(reader, 0, query.Definition.Table), reader.GetInt64(InstantAt), holds,
                        Keys(reader, query, Documents.ColumnCount));
                    continue;
                }

                var lent = known is null ? documents.Lend(reader, 0, query.Definition.Table, ref buffer)
                    : documents.Lend(reader, 0, query.Definition.Table, instant, ref buffer);
                isFull = reading.Document(holds is null ? lent : WithHolds(lent, holds, ref withHolds));
                if (++reading.Records == query.Limit || isFull || reading.IsLimited)
                    reading.Last = Keys(reader, query, Documents.ColumnCount);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            ArrayPool<byte>.Shared.Return(withHolds);
        }

        // a row beyond the page: more follow
        return (reading.Records + undated.Count == query.Limit || isFull) && await reader.ReadAsync(cancellation);
    }

    /// <summary>Adds rows to the page, now that their instants are known; returns whether it is full before their end.</summary>
    private static bool AddUndated(UndatedRows undated, IReadOnlyDictionary<long, DateTime> instants, Reading reading)
    {
        var withHolds = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            foreach (var (row, (document, transaction, holds, keys)) in undated.Rows.Index())
            {
                var dated = RecordingInstant.Set(document, instants[transaction]);
                var isFull = reading.Document(holds is null ? dated : WithHolds(dated, holds, ref withHolds));
                reading.Records++;
                reading.Last = keys;
                if (isFull)
                    return row < undated.Count - 1;
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(withHolds);
        }
    }

    /// <summary>
    /// How the database plans the list, for as long as the batch lasts; null leaves it the choice. A condition that matches few or many
    /// records is planned for its value: a general plan reads the list in its order and expects matches, which for a word that no record
    /// has takes minutes. Any other query as of a position or for a time is planned once, since planning it costs more than reading it:
    /// left to itself, the database plans the latter anew for each page, because it overestimates the count of what holds beyond.
    /// </summary>
    private static string? PlanningOrNull(ListQuery query) =>
        query.Found is not null ? query.CountsBeyond ? ListSql.PlanForWords : null
        : query.Conditions.Any(c => c.Filter.Kind is FilterKind.Number or FilterKind.Instant or FilterKind.Box
            || (c.Filter.DrivingIndex is null && c.Predicate is HasPart)) ? ListSql.PlanForValues
        : query.AsOf is not null || query.CountsBeyond ? ListSql.PlanOnce
        : null;

    /// <summary>
    /// The ids of a page of a search and the one after it. Words that very many records have are looked for in the next records of the
    /// list; if these are not enough, and for all other words, the matches are those of the index of words.
    /// </summary>
    private async Task<string[]> FindAsync(ListQuery query, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var words = query.SearchMode == SearchMode.Similar ? query.Similar ?? query.Search! : query.Search!;
        var frequent = await statistics.FrequentAsync(connection, words, [query.Definition.Table], SearchPlace.Text, cancellation);
        // a word that most records have is found in a few, with little looked at in vain
        IEnumerable<int> steps = frequent.Count == 0 ? []
            : new[] { (query.Limit + 1) * 4, MaxLookedAt }.Where(s => s <= MaxLookedAt).Distinct();
        foreach (var most in steps)
        {
            var (found, lookedAt) = await ReadAsync(connection, query, p => p.WriteIdsOfNext(most), async (reader, ids) =>
            {
                await reader.ReadAsync(cancellation);
                ids.AddRange(await reader.GetFieldValueAsync<string[]>(0, cancellation));
                return reader.GetInt64(1);
            }, cancellation);
            if (found.Length > query.Limit || lookedAt < most)
                return found;
        }

        return (await ReadAsync(connection, query, p => p.WriteIdsOfAll(), async (reader, ids) =>
        {
            while (await reader.ReadAsync(cancellation))
                ids.Add(reader.GetString(0));
            return 0;
        }, cancellation)).Found;
    }

    private async Task<(string[] Found, long LookedAt)> ReadAsync(NpgsqlConnection connection, ListQuery query,
        Func<PageSql, string> statement, Func<NpgsqlDataReader, List<string>, Task<long>> read, CancellationToken cancellation)
    {
        var parameters = new SqlParameters(query.AsOf);
        var command = new NpgsqlBatchCommand(statement(new PageSql(query, parameters)));
        parameters.CopyTo(command.Parameters);
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new NpgsqlBatchCommand(ListSql.WithBudget(ListSql.PlanForWords, Budget)), command },
        };
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        var ids = new List<string>();
        var lookedAt = await read(reader, ids);
        return ([.. ids], lookedAt);
    }

    /// <summary>
    /// Of several possible driving indexes, puts the one with the fewest rows first: each row is then looked up in the others. Beyond a
    /// maximum the difference is not worth counting. The rows are the current ones, in an as-of query too: only the plan depends on them.
    /// </summary>
    private static async Task<ListQuery> ShortestDrivingIndexFirstAsync(
        ListQuery query, NpgsqlConnection connection, CancellationToken cancellation)
    {
        var candidates = query.Conditions.Where(c => c.Filter.DrivingIndex is not null).ToList();
        if (candidates.Count < 2)
            return query;
        var parameters = new SqlParameters();
        var estimates = candidates.Select(c => ListSql.DrivingEstimate(c, MaxEstimate, parameters));
        await using var command = new NpgsqlCommand($"select {string.Join(", ", estimates)}", connection);
        parameters.CopyTo(command.Parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var shortest = candidates.Select((c, i) => (Condition: c, Estimate: reader.GetInt64(i))).MinBy(c => c.Estimate).Condition;
        return query with { Conditions = [shortest, .. query.Conditions.Where(c => c != shortest)] };
    }

    /// <summary>The records that hold beyond what is known, up to a maximum, for a page that has no row to tell it.</summary>
    public async Task<long?> CountBeyondAsync(ListQuery query, CancellationToken cancellation)
    {
        if (!await CountsBeyondAsync(query, cancellation))
            return null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var batch = connection.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(PlanningOrNull(query) ?? ListSql.PlanOnce));
        Add(batch, query, parameters => ListSql.CountBeyond(query, parameters));
        await using var reader = await batch.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return reader.GetInt64(0);
    }

    /// <summary>
    /// Whether a page counts the records that hold beyond what is known: it looks through all of them. How many there are is read anew now
    /// and then; only whether they are counted depends on it.
    /// </summary>
    private async ValueTask<bool> CountsBeyondAsync(ListQuery query, CancellationToken cancellation)
    {
        if (!query.CountsBeyond)
            return false;
        var (table, now) = (query.Time!.Model.Part?.Name ?? query.Definition.Table, Environment.TickCount64);
        if (!_beyond.TryGetValue(table, out var known) || now > known.Until)
        {
            await using var command = database.CreateCommand(ListSql.CountAllBeyond(table, ManyBeyond));
            known = ((long)(await command.ExecuteScalarAsync(cancellation))!, now + BeyondAge);
            _beyond[table] = known;
        }

        return known.Rows < (query.Search is null ? ManyBeyond : ManyBeyondForWords);
    }

    /// <summary>A document with how surely it holds as its last field, in a rented buffer.</summary>
    private static ReadOnlyMemory<byte> WithHolds(ReadOnlyMemory<byte> document, string holds, ref byte[] buffer)
    {
        var name = ",\"holds\":\""u8;
        var length = document.Length - 1 + name.Length + Encoding.UTF8.GetByteCount(holds) + 2;
        if (length > buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = ArrayPool<byte>.Shared.Rent(length);
        }

        document.Span[..^1].CopyTo(buffer);
        name.CopyTo(buffer.AsSpan(document.Length - 1));
        Encoding.UTF8.GetBytes(holds, buffer.AsSpan(document.Length - 1 + name.Length));
        "\"}"u8.CopyTo(buffer.AsSpan(length - 2));
        return buffer.AsMemory(0, length);
    }

    private static void Add(NpgsqlBatch batch, ListQuery query, Func<SqlParameters, string> statement)
    {
        var parameters = new SqlParameters(query.AsOf);
        var command = new NpgsqlBatchCommand(statement(parameters));
        parameters.CopyTo(command.Parameters);
        batch.BatchCommands.Add(command);
    }

    private static Position PositionOf(NpgsqlDataReader reader, ListQuery query) =>
        reader.IsDBNull(Documents.ColumnCount + query.Order.Count) ? Position.Start
        : Position.TryParse(reader.GetString(Documents.ColumnCount + query.Order.Count), out var position) ? position
        : throw new InvalidOperationException("The ledger has a position of an unknown form.");

    private static List<string> Keys(NpgsqlDataReader reader, ListQuery query, int first) =>
        [.. query.Order.Select((o, i) => o.Key.Type switch
        {
            FieldType.Date => reader.GetFieldValue<DateOnly>(i + first)
                .ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            FieldType.Instant => reader.GetFieldValue<DateTime>(i + first).Ticks.ToString(CultureInfo.InvariantCulture),
            _ => reader.GetString(i + first),
        })];

    /// <summary>The rows of a page from the first on whose instant is not known, up to the size at which a page is full.</summary>
    private sealed class UndatedRows
    {
        private const int MaxBytes = 4 * 1024 * 1024;
        private readonly List<(byte[] Document, long Transaction, string? Holds, List<string> Keys)> _rows = [];
        private long _bytes;

        public int Count => _rows.Count;

        public IReadOnlyList<(byte[] Document, long Transaction, string? Holds, List<string> Keys)> Rows => _rows;

        public IReadOnlyCollection<long> Transactions => _rows.Select(r => r.Transaction).ToHashSet();

        /// <summary>Adds a row; returns whether no more are taken.</summary>
        public bool Add(byte[] document, long transaction, string? holds, List<string> keys)
        {
            _rows.Add((document, transaction, holds, keys));
            _bytes += document.Length;
            return _bytes >= MaxBytes;
        }
    }

    /// <summary>A page while it is read.</summary>
    private sealed class Reading(Func<ReadOnlyMemory<byte>, bool> document, bool isLimited)
    {
        public Func<ReadOnlyMemory<byte>, bool> Document { get; } = document;

        /// <summary>Whether the database has a limit of time: the reading may end with any record.</summary>
        public bool IsLimited { get; } = isLimited;

        public int Records { get; set; }

        public IReadOnlyList<string>? Last { get; set; }

        public Position? Position { get; set; }

        public long? Beyond { get; set; }
    }
}
