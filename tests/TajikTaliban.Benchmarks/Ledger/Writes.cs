using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Features.Actors;
using TajikTaliban.Api.Features.Events;
using TajikTaliban.Api.Features.Sources;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Platform.Ledger;
using TajikTaliban.Api.Platform.Writing;
using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Counts;
using TajikTaliban.Api.Storage.Records;
using TajikTaliban.Benchmarks.Load;

namespace TajikTaliban.Benchmarks.Ledger;

/// <summary>What writes cost beside the same writes without a part of the service.</summary>
internal static class Writes
{
    private const int Writers = 8;

    /// <summary>Events that are there already: enough for counts to be kept.</summary>
    private const int CountedEvents = 20_000;
    private const string What = "an event with two participants created, changed, changed, deleted";

    private static readonly RecordEditor<SourceRequest, Source, SourceResponse> Sources = new(new SourceResource(), new SourceMapping());
    private static readonly RecordEditor<ActorRequest, Actor, ActorResponse> Actors = new(new ActorResource(), new ActorMapping());
    private static readonly RecordEditor<EventRequest, Event, EventResponse> Events = new(new EventResource(), new EventMapping());

    /// <summary>The same writes into two databases beside each other, of which one has no ledger.</summary>
    public static async Task LedgerAsync(BenchmarkDatabase database, int rounds, TimeSpan length, CancellationToken cancellation)
    {
        var sources = new List<NpgsqlDataSource>();
        foreach (var (number, withLedger) in new[] { (1, true), (2, false) })
        {
            await database.CreateAsync(number, cancellation);
            var source = Database.Open(database.ConnectionString(number));
            sources.Add(source);
            await CommandDatabase.MigrateAsync(source, cancellation);
            await using var connection = await source.OpenConnectionAsync(cancellation);
            if (!withLedger)
            {
                await using var tables =
                    new NpgsqlCommand(
                        "select string_agg(distinct format('alter table %s disable trigger user;', tgrelid::regclass), '') from pg_trigger "
                        + "where tgname like 'ledger%' and tgrelid::regclass::text not like 'ledger%' and tgrelid::regclass::text <> "
                        + "'releases'", connection);
                await RunAsync(connection, (string)(await tables.ExecuteScalarAsync(cancellation))!);
                await using var defaults =
                    new NpgsqlCommand(
                        "select string_agg(format('alter table %I alter column transaction_id set default 0;', table_name), '') from "
                        + "information_schema.columns where column_name = 'transaction_id' and column_default is not null and table_schema "
                        + "= current_schema()", connection);
                await RunAsync(connection, (string)(await defaults.ExecuteScalarAsync(cancellation))!);
                await using var instants =
                    new NpgsqlCommand(
                        "select string_agg(format('alter table %I alter column recorded_at set default clock_timestamp();', table_name), "
                        + "'') "
                        + "from information_schema.columns where column_name = 'recorded_at' and column_default is not null "
                        + "and table_name <> 'ledger_transactions' and table_schema = current_schema()", connection);
                await RunAsync(connection, (string)(await instants.ExecuteScalarAsync(cancellation))!);
                await using var triggers =
                    new NpgsqlCommand(
                        "select string_agg(format('alter table %s disable trigger %I;', tgrelid::regclass, tgname), '') from pg_trigger "
                        + "where tgname like 'ledger%' and tgenabled = 'A' and tgrelid::regclass::text not like 'ledger%' and "
                        + "tgrelid::regclass::text <> 'releases'", connection);
                if (await triggers.ExecuteScalarAsync(cancellation) is string rest)
                    await RunAsync(connection, rest);
            }

            await BasicsAsync(source, withLedger, cancellation);
        }

        var (with, without) = await InTurnsAsync(rounds,
            () => WriteAsync(sources[0], true, length, cancellation), () => WriteAsync(sources[1], false, length, cancellation));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"writes by {Writers} at once ({What}), transactions/s: with the ledger {with:N0}, without {without:N0}; "
            + $"ratio {with / without:0.00} (at least 0.5)"));
        foreach (var source in sources)
            await source.DisposeAsync();
    }

    /// <summary>The same writes into two databases of some thousand events, of which one has its counts brought up to date meanwhile, as
    /// often as the service does it.</summary>
    public static async Task CountsAsync(BenchmarkDatabase database, int rounds, TimeSpan length, CancellationToken cancellation)
    {
        var sources = new List<NpgsqlDataSource>();
        foreach (var number in (int[])[CountedEvents, CountedEvents + 1])
        {
            if (await database.CreateAsync(number, cancellation))
                await LoadCommand.FillAsync(database.ConnectionString(number), new PlausibleRecords(500, number, 0), cancellation);
            var source = Database.Open(database.ConnectionString(number));
            sources.Add(source);
            await CommandDatabase.MigrateAsync(source, cancellation);
            await BasicsAsync(source, true, cancellation);
        }

        var kept = 0;
        var (with, without) = await InTurnsAsync(rounds, async () =>
        {
            using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var keeper = Task.Run(async () =>
            {
                for (; !ends.IsCancellationRequested; kept++)
                {
                    await CommandDatabase.KeepCountsAsync(sources[0], cancellation);
                    await Task.Delay(CountKeeper.Interval, ends.Token).ContinueWith(_ => { }, TaskScheduler.Default);
                }
            }, cancellation);
            var result = await WriteAsync(sources[0], true, length, cancellation);
            await ends.CancelAsync();
            await keeper;
            return result;
        }, () => WriteAsync(sources[1], true, length, cancellation));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"writes by {Writers} at once ({What}), transactions/s: with counts kept every {CountKeeper.Interval.TotalSeconds} s "
            + $"({kept} times) {with:N0}, without {without:N0}; ratio {with / without:0.00} (at least 0.85)"));
        foreach (var source in sources)
            await source.DisposeAsync();
    }

    /// <summary>Measures two things in turns, the first time to warm up, and gives the median of each.</summary>
    private static async Task<(double First, double Second)> InTurnsAsync(int rounds, Func<Task<double>> first, Func<Task<double>> second)
    {
        var (firsts, seconds) = (new List<double>(), new List<double>());
        for (var i = 0; i <= rounds; i++)
        {
            var (a, b) = (await first(), await second());
            if (i == 0)
                continue;
            firsts.Add(a);
            seconds.Add(b);
        }

        return (Median(firsts), Median(seconds));
    }

    private static async Task BasicsAsync(NpgsqlDataSource source, bool withLedger, CancellationToken cancellation)
    {
        await InTransactionAsync(source, withLedger, async session =>
        {
            await Sources.PutAsync(session, Any("source"),
                JsonSerializer.SerializeToElement(new { id = "source", kind = "report", title = "A report" }), cancellation);
            foreach (var id in (string[])["alpha", "beta"])
            {
                await Actors.PutAsync(session, Any(id),
                    JsonSerializer.SerializeToElement(
                        new { id, type = "state", name = id, citations = new[] { new { source = "source", certainty = "stated" } } }),
                    cancellation);
            }
        }, cancellation);
    }

    private static async Task<double> WriteAsync(NpgsqlDataSource source, bool withLedger, TimeSpan length, CancellationToken cancellation)
    {
        var resource = Events;
        var count = 0;
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; watch.Elapsed < length; i++)
            {
                var id = $"e-{Guid.NewGuid():n}";
                for (var version = 0; version < 4; version++)
                {
                    var number = version;
                    await InTransactionAsync(source, withLedger, async session =>
                    {
                        if (number == 3)
                        {
                            await resource.DeleteAsync(session, Any(id), cancellation);
                        }
                        else
                        {
                            await resource.PutAsync(session, Any(id), JsonSerializer.SerializeToElement(new
                            {
                                id,
                                type = "CONSULT",
                                title = $"Talks {number}",
                                date = "2024-08-16",
                                status = "occurred",
                                participants = new[] { new { actor = "alpha", role = "source" }, new { actor = "beta", role = "target" } },
                                citations = new[] { new { source = "source", certainty = "stated", locator = "page 1" } },
                            }), cancellation);
                        }
                    }, cancellation);
                    Interlocked.Increment(ref count);
                }
            }
        }, cancellation)));
        return count / watch.Elapsed.TotalSeconds;
    }

    private static RecordTarget Any(string id) => new(id, WriteCondition.Any);

    /// <summary>As the service does it; or without what is there for the ledger.</summary>
    private static async Task InTransactionAsync(
        NpgsqlDataSource source, bool withLedger, Func<RecordSession, Task> work, CancellationToken cancellation)
    {
        await using var context = Database.Context(source);
        await context.Database.OpenConnectionAsync(cancellation);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellation);
        var session = new RecordSession(context, new Author(TimeProvider.System.GetUtcNow(), "benchmark"));
        if (withLedger)
            await LedgerSession.BeginAsync(session.Connection, session.Author, cancellation);
        await work(session);
        if (withLedger)
            await LedgerSession.CommitAsync(session.Connection, cancellation);
        else
            await transaction.CommitAsync(cancellation);
    }

    private static async Task RunAsync(NpgsqlConnection connection, string statement)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
