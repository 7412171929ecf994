using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Features.Sources;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Benchmarks.Reads;

namespace TajikTaliban.Benchmarks.Ledger;

/// <summary><c>ledger</c>: what the ledger costs, each beside the same without it.</summary>
internal static class LedgerCommand
{
    private const int Revisions = 100_000;
    private const int FeedRows = 200_000;

    /// <summary>Revisions that are transactions of their own.</summary>
    private const int Singly = 20_000;
    private const int Listeners = 1000;

    private static readonly RecordEditor<SourceRequest, Source, SourceResponse> Sources = new(new SourceResource(), new SourceMapping());

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each is measured.", DefaultValueFactory = _ => 5 };
        var seconds = new Option<double>("--seconds") { Description = "How long each time.", DefaultValueFactory = _ => 3 };
        var only = new Option<string?>("--case")
        {
            Description = "Only cases with this in their name: as-of, feed, delivery, writes, counts.",
        };
        var command = new Command("ledger",
            "Measure lists as of the past, the feed, its delivery and writes, over what `load` has written.")
        {
            rounds, seconds, only, BenchmarkDatabase.ConnectionOption, BenchmarkDatabase.DataOption,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var database = await BenchmarkDatabase.OpenAsync(arguments, cancellation);
            var (times, length, name) = (arguments.GetValue(rounds), TimeSpan.FromSeconds(arguments.GetValue(seconds)),
                arguments.GetValue(only));
            bool Wanted(string what) => name is null || what.Contains(name, StringComparison.OrdinalIgnoreCase);
            await using var source =
                Database.Open(new NpgsqlConnectionStringBuilder(database.ConnectionString()) { CommandTimeout = 0 }.ConnectionString);
            await CommandDatabase.MigrateAsync(source, cancellation);
            if (Wanted("as-of") || Wanted("feed") || Wanted("delivery"))
            {
                var before = await ReviseAsync(source, cancellation);
                using var service = await ServerProcess.UncachedServiceAsync(database.ConnectionString(), cancellation);
                if (Wanted("as-of"))
                    await AsOfAsync(source, service, before, times, length, cancellation);
                if (Wanted("feed"))
                    await FeedAsync(source, service, times, cancellation);
                if (Wanted("delivery"))
                    await DeliveryAsync(source, service, cancellation);
            }

            if (Wanted("writes"))
                await Writes.LedgerAsync(database, times, length, cancellation);
            if (Wanted("counts"))
                await Writes.CountsAsync(database, times, length, cancellation);
            return 0;
        });
        return command;
    }

    /// <summary>Makes a new version of every tenth event, parts and all, unless that was done before; gives the position of
    /// before.</summary>
    private static async Task<string> ReviseAsync(NpgsqlDataSource source, CancellationToken cancellation)
    {
        await using (var known = source.CreateCommand("select min(position) from ledger_transactions t where key_name = 'benchmark'"))
        {
            if (await known.ExecuteScalarAsync(cancellation) is long first)
                return await PositionAsync(source, first - 1, cancellation);
        }

        await using var connection = await source.OpenConnectionAsync(cancellation);
        long newest;
        await using (var position = new NpgsqlCommand("select max(position) from ledger_transactions", connection))
            newest = (long)(await position.ExecuteScalarAsync(cancellation))!;
        var watch = Stopwatch.StartNew();
        await RunAsync(connection,
            "create temp table chosen as select id, row_number() over (order by hashtext(id)) as place from events order by hashtext(id) "
            + $"limit {Revisions}");
        await RunAsync(connection, "create unique index on chosen (place); analyze chosen");
        for (var from = 0; from < Revisions; from += 1000)
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellation);
            await LedgerSession.BeginAsync(connection,
                new Author(TimeProvider.System.GetUtcNow(), "benchmark", "source-revised", "A revision"), cancellation);
            await RunAsync(connection,
                $"create temp table now on commit drop as select id from chosen where place > {from} and place <= {from + 1000}");
            await RunAsync(connection,
                "create temp table parts on commit drop as select p.* from event_participants p join now on now.id = p.event_id");
            await RunAsync(connection, "delete from event_participants where event_id in (select id from now)");
            await RunAsync(connection,
                """
                update events e set version = version + 1, title = title || ' (revised)', document = replace(regexp_replace(document::text,
                    '"version":(\d+),"recordedAt"', '"version":' || (version + 1) || ',"recordedAt"'),
                    to_json(title)::text, to_json(title || ' (revised)')::text)::json
                from now where e.id = now.id
                """);
            await RunAsync(connection, "alter table parts drop column transaction_id");
            await RunAsync(connection,
                "insert into event_participants "
                + $"({await ColumnsAsync("event_participants")}) select {await ColumnsAsync("event_participants")} from parts");
            await transaction.CommitAsync(cancellation);
        }

        // that each waits for the disk is the same with a ledger and without one
        await RunAsync(connection, "set synchronous_commit = off");
        await RunAsync(connection,
            $"""
            do $$
            declare chosen text[] := array(select id from chosen where place <= {Singly});
                one text;
            begin
                foreach one in array chosen loop
                    perform set_config('ledger.key', 'benchmark', true);
                    update events set version = version + 1, document = regexp_replace(document::text,
                        '"version":(\d+),"recordedAt"', '"version":' || (version + 1) || ',"recordedAt"')::json where id = one;
                    commit;
                end loop;
            end $$
            """);
        await RunAsync(connection,
            "vacuum (analyze) events, event_participants, events_past, event_participants_past, ledger_changes, "
            + "ledger_documents, ledger_transactions");
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"{Revisions:N0} revisions of events by the thousand, with their participants, and {Singly:N0} singly, "
                + $"in {watch.Elapsed.TotalSeconds:N0} s"));
        return await PositionAsync(source, newest, cancellation);

        async Task<string> ColumnsAsync(string table)
        {
            await using var columns = new NpgsqlCommand(
                $"select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute where attrelid = '{table}'::regclass and "
                + "attnum > 0 and not attisdropped and attname <> 'transaction_id'", connection);
            return (string)(await columns.ExecuteScalarAsync(cancellation))!;
        }
    }

    private static async Task AsOfAsync(
        NpgsqlDataSource source, ServerProcess service, string before, int rounds, TimeSpan length, CancellationToken cancellation)
    {
        Console.WriteLine(
            "| list | live, requests/s | as of before 100,000 revisions | live to as-of (at most 3) |\n| --- | --- | --- | --- |");
        var requests = new Requests(source);
        foreach (var (name, live) in new[]
        {
            ("a record by id", await requests.RecordsAsync(cancellation)),
            ("a page of 50 by actor and date", await requests.PagesAsync(cancellation)),
            ("first page of the busiest actor", Requests.FirstPage()),
            ("full pages of the busiest actor by date", Requests.FullPages()),
        })
        {
            byte[][] past =
                [.. live.Select(r => Encoding.ASCII.GetBytes(Encoding.ASCII.GetString(r).Replace(" HTTP/"
                    + "1.1", Query(r, before), StringComparison.Ordinal)))];
            var (a, b) = (new List<double>(), new List<double>());
            for (var i = 0; i <= rounds; i++)
            {
                var first = LoadGenerator.Run(service.Address, live, 32, length, i).PerSecond;
                var second = LoadGenerator.Run(service.Address, past, 32, length, i).PerSecond;
                if (i > 0)
                    (a, b) = ([.. a, first], [.. b, second]);
            }

            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"| {name} | {Median(a):N0} | {Median(b):N0} | {Median(a) / Median(b):0.00} |"));
        }

        static string Query(byte[] request, string before) =>
            $"{(Encoding.ASCII.GetString(request).Contains('?', StringComparison.Ordinal) ? '&' : '?')}asOf={before} HTTP/1.1";
    }

    /// <summary>The feed in pages of 1000, and as lines, against the same rows read off the tables by the same driver.</summary>
    private static async Task FeedAsync(NpgsqlDataSource source, ServerProcess service, int rounds, CancellationToken cancellation)
    {
        Console.WriteLine(
            "| feed | pages of 1000, changes/s | lines | bare SQL read | pages to bare (at least 0.6) | lines to bare |\n| --- | --- | --- "
            + "| --- | --- | --- |");
        await FeedAsync("changes of one large transaction", 0, FeedRows, source, service, rounds, cancellation);
        await using var newest = source.CreateCommand("select max(position) from ledger_transactions");
        await FeedAsync("a transaction for each change", (long)(await newest.ExecuteScalarAsync(cancellation))! - Singly, Singly, source,
            service, rounds, cancellation);
    }

    private static async Task FeedAsync(
        string name, long from, int count, NpgsqlDataSource source, ServerProcess service, int rounds, CancellationToken cancellation)
    {
        var after = from == 0 ? "0-00000000" : await PositionAsync(source, from, cancellation);
        using var client = new HttpClient { BaseAddress = service.Address };
        var (feed, lines, bare) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i <= rounds; i++)
        {
            var watch = Stopwatch.StartNew();
            var rows = 0;
            for (var (path, done) = ($"/v1/changes?limit=1000&after={after}", false); rows < count && !done; rows += 1000)
            {
                var page = await client.GetByteArrayAsync(path, cancellation);
                (path, done) = End(page);
            }

            var pages = rows / watch.Elapsed.TotalSeconds;
            watch.Restart();
            using (var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/changes?after={after}"))
            {
                request.Headers.Add("Accept", "application/x-ndjson");
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
                await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
                var buffer = new byte[256 * 1024];
                rows = 0;
                for (int read; rows < count && (read = await body.ReadAsync(buffer, cancellation)) > 0;)
                    rows += buffer.AsSpan(0, read).Count((byte)'\n');
            }

            var streamed = rows / watch.Elapsed.TotalSeconds;
            watch.Restart();
            rows = 0;
            await using (var connection = await source.OpenConnectionAsync(cancellation))
            {
                await using var first = new NpgsqlCommand(
                    "select coalesce(max(c.seq), 0) from ledger_changes c join ledger_transactions t on t.id = c.transaction_id where "
                    + "t.position = $1", connection)
                { Parameters = { new() { Value = from } } };
                var seq = (long)(await first.ExecuteScalarAsync(cancellation))!;
                watch.Restart();
                while (rows < count)
                {
                    await using var command = new NpgsqlCommand(
                        """
                        select t.position, t.token, c.seq, c.resource, c.id, c.version, c.operation, c.cause, c.note, c.merged_into,
                            t.key_name, t.committed_at, d.document
                        from ledger_changes c join ledger_transactions t on t.id = c.transaction_id
                            left join ledger_documents d on d.seq = c.seq
                        where c.seq > $1 order by c.seq limit 1000
                        """, connection)
                    { Parameters = { new() { Value = seq } } };
                    await using var reader = await command.ExecuteReaderAsync(cancellation);
                    var got = 0;
                    for (; await reader.ReadAsync(cancellation); got++)
                    {
                        seq = reader.GetInt64(2);
                        for (var column = 0; column < 12; column++)
                            _ = reader.GetValue(column);
                        _ = await reader.IsDBNullAsync(12, cancellation) ? null : await reader.GetFieldValueAsync<byte[]>(12, cancellation);
                    }

                    rows += got;
                    if (got < 1000)
                        break;
                }
            }

            if (i > 0)
                (feed, lines, bare) = ([.. feed, pages], [.. lines, streamed], [.. bare, rows / watch.Elapsed.TotalSeconds]);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {Median(feed):N0} | {Median(lines):N0} | {Median(bare):N0} | {Median(feed) / Median(bare):0.00} | "
            + $"{Median(lines) / Median(bare):0.00} |"));

        static (string Next, bool Done) End(byte[] page)
        {
            // the page ends with these: parsing all of it would be the client's cost
            var tail = Encoding.UTF8.GetString(page.AsSpan(Math.Max(0, page.Length - 300)));
            var start = tail.IndexOf("\"next\":\"", StringComparison.Ordinal) + 8;
            return (tail[start..tail.IndexOf('"', start)], tail.Contains("\"complete\":true", StringComparison.Ordinal));
        }
    }

    private static async Task DeliveryAsync(NpgsqlDataSource source, ServerProcess service, CancellationToken cancellation)
    {
        const int Commits = 200;
        // ids are never used again, by another run either
        var prefix = $"delivered-{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}-";
        var mark = Encoding.ASCII.GetBytes(prefix);
        var sent = new ConcurrentDictionary<string, long>();
        var delays = new ConcurrentBag<double>();
        var sockets = new List<Socket>();
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var connected = new CountdownEvent(Listeners);
        var readers = new List<Task>();
        for (var i = 0; i < Listeners; i++)
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, service.Address.Port, cancellation);
            await socket.SendAsync(
                Encoding.ASCII.GetBytes(
                    "GET /v1/changes?after=now&resource=sources HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n"),
                        cancellation);
            sockets.Add(socket);
            readers.Add(Task.Run(async () =>
            {
                var buffer = new byte[16 * 1024];
                var isConnected = false;
                try
                {
                    for (int read; (read = await socket.ReceiveAsync(buffer, ends.Token)) > 0;)
                    {
                        var now = Stopwatch.GetTimestamp();
                        var text = buffer.AsMemory(0, read);
                        if (!isConnected && text.Span.IndexOf(": connected"u8) >= 0)
                        {
                            isConnected = true;
                            connected.Signal();
                        }

                        for (int at; (at = text.Span.IndexOf(mark)) >= 0; text = text[(at + mark.Length)..])
                        {
                            var id = Encoding.ASCII.GetString(text.Span.Slice(at, Math.Min(mark.Length + 4, text.Length - at)));
                            if (text.Span[..at].EndsWith("\"resource\":\"sources\",\"id\":\""u8) && sent.TryGetValue(id, out var before))
                                delays.Add(Stopwatch.GetElapsedTime(before, now).TotalMilliseconds);
                        }
                    }
                }
                catch (OperationCanceledException)
                {
                    // the measurement is over
                }
            }, cancellation));
        }

        connected.Wait(TimeSpan.FromSeconds(30), cancellation);
        var resource = Sources;
        for (var i = -20; i < Commits; i++)
        {
            var id = i < 0 ? $"warm-{prefix}{i + 20}" : $"{prefix}{i:0000}";
            await using var context = Database.Context(source);
            await context.Database.OpenConnectionAsync(cancellation);
            await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
            var session = new RecordSession(context, new Author(TimeProvider.System.GetUtcNow()));
            await LedgerSession.BeginAsync(session.Connection, session.Author, cancellation);
            var body = JsonSerializer.SerializeToElement(new { id, kind = "report", title = "Delivered" });
            await resource.PutAsync(session, new RecordTarget(id, WriteCondition.Any), body, cancellation);
            sent[id] = Stopwatch.GetTimestamp();
            await transaction.CommitAsync(cancellation);
            await Task.Delay(50, cancellation);
        }

        await Task.Delay(1000, cancellation);
        await ends.CancelAsync();
        await Task.WhenAll(readers);
        sockets.ForEach(s => s.Dispose());
        var sorted = delays.Order().ToList();
        if (sorted.Count == 0)
            throw new BenchmarkException("Nothing was delivered.");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"commit to delivery to {Listeners} listeners, {Commits} commits: {sorted.Count:N0} of {Commits * Listeners:N0} delivered; ms "
            + $"p50 {At(0.5):0.0}, p90 {At(0.9):0.0}, p99 {At(0.99):0.0} (at most 50), greatest {sorted[^1]:0.0}"));
        double At(double part) => sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * part))];
    }

    private static async Task<string> PositionAsync(NpgsqlDataSource source, long position, CancellationToken cancellation)
    {
        await using var command = source.CreateCommand("select position || '-' || token from ledger_transactions where position = $1");
        command.Parameters.Add(new NpgsqlParameter { Value = position });
        return (string?)await command.ExecuteScalarAsync(cancellation)
            ?? throw new BenchmarkException("The database is empty; `load` fills it.");
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
