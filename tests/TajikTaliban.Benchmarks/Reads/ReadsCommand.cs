using System.CommandLine;
using System.Globalization;
using System.Text;
using Npgsql;
using TajikTaliban.Benchmarks.Load;

namespace TajikTaliban.Benchmarks.Reads;

/// <summary><c>reads</c>.</summary>
internal static class ReadsCommand
{
    private const int Depth = 900_000;
    private const int Compared = 200;

    /// <summary>The addresses that are asked for again and again, so that their answers are in memory.</summary>
    private const int Again = 200;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds")
        {
            Description = "How often each server is measured in each case.",
            DefaultValueFactory = _ => 7,
        };
        var seconds = new Option<double>("--seconds") { Description = "How long each time.", DefaultValueFactory = _ => 3 };
        var warmUp = new Option<int>("--warm-up")
        {
            Description = "How often each server runs before it is measured.",
            DefaultValueFactory = _ => 8,
        };
        var connections = new Option<int>("--connections")
        {
            Description = "How many requests are under way at once.",
            DefaultValueFactory = _ => 32,
        };
        var small =
            new Option<int>("--small")
            {
                Description = "Events of the small database, which is made beside the other if it is not there.",
                DefaultValueFactory = _ => 10_000,
            };
        var only = new Option<string?>("--case") { Description = "Only cases with this in their name." };
        var command = new Command("reads", "Measure the service beside the ceiling, in turns, over what `load` has written.")
        {
            rounds, seconds, warmUp, connections, small, only, BenchmarkDatabase.ConnectionOption, BenchmarkDatabase.DataOption,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var database = await BenchmarkDatabase.OpenAsync(arguments, cancellation);
            var events = arguments.GetValue(small);
            if (await database.CreateAsync(events, cancellation))
            {
                Console.WriteLine($"A database of {events} events is made beside the other, once.");
                await LoadCommand.FillAsync(database.ConnectionString(events),
                    new PlausibleRecords(500, events, PlausibleRecords.SeriesLength * 1000), cancellation);
            }

            foreach (var connection in (string[])[database.ConnectionString(), database.ConnectionString(events)])
            {
                await using (var source = Api.Storage.Database.Open(connection))
                    await Api.Hosting.Commands.CommandDatabase.MigrateAsync(source, cancellation);
            }

            var how = new Plan(arguments.GetValue(rounds), TimeSpan.FromSeconds(arguments.GetValue(seconds)), arguments.GetValue(warmUp),
                arguments.GetValue(connections), arguments.GetValue(only));
            await RunAsync(database.ConnectionString(), database.ConnectionString(events), how, cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(string largeDatabase, string smallDatabase, Plan how, CancellationToken cancellation)
    {
        await using var largeSource = NpgsqlDataSource.Create(largeDatabase);
        await using var smallSource = NpgsqlDataSource.Create(smallDatabase);
        var (inLarge, inSmall) = (new Requests(largeSource), new Requests(smallSource));
        using var service = await ServerProcess.UncachedServiceAsync(largeDatabase, cancellation);
        using var remembering = await ServerProcess.ServiceAsync(largeDatabase, cancellation);
        using var ceiling = await ServerProcess.CeilingAsync(largeDatabase, false, cancellation);
        using var memory = await ServerProcess.CeilingAsync(largeDatabase, true, cancellation);
        using var serviceOfSmall = await ServerProcess.UncachedServiceAsync(smallDatabase, cancellation);

        var records = await inLarge.RecordsAsync(cancellation);
        var pages = await inLarge.PagesAsync(cancellation);
        var first = Requests.FirstPage();
        var deep = await inLarge.DeepPageAsync(Depth, cancellation);
        var series = await inLarge.SeriesAsync(cancellation);
        if (records.Length == 0 || pages.Length == 0 || series.Length == 0)
            throw new BenchmarkException("The database is empty; `load` fills it.");

        var report = new StringBuilder();
        await using var version =
            largeSource.CreateCommand(
                "select current_setting('server_version') || ', ' || current_setting('shared_buffers') || ' of shared buffers, '"
                + " || (select count(*) from events) || ' events, ' || (select count(*) from trade_flows) || ' figures of trade'");
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{Environment.ProcessorCount} cores, which servers, database and client share; "
            + $".NET {Environment.Version}; PostgreSQL {await version.ExecuteScalarAsync(cancellation)}");
        report.AppendLine(CultureInfo.InvariantCulture,
            $"{how.Connections} connections; {how.Rounds} rounds of {how.Duration.TotalSeconds} s each, in turns; requests/s are medians "
            + $"(least–most), latencies of the median round,");
        report.AppendLine("µs the processor time of the server's process for a request");
        report.AppendLine();
        report.AppendLine("| case | service, requests/s | p50, p99 ms | µs | beside it, requests/s | p50, p99 ms | µs | ratio |");
        report.Append("| --- | --- | --- | --- | --- | --- | --- | --- |");
        Console.WriteLine(report);

        Measure("a record by id", "ceiling", (service, records), (ceiling, records));
        Measure("a page of 50 by actor and date", "ceiling", (service, pages), (ceiling, pages));
        Measure("first page of the busiest actor", "ceiling", (service, first), (ceiling, first));
        if (deep is not null)
        {
            Measure($"the same at depth {Depth:N0}", "ceiling", (service, deep), (ceiling, deep));
            Measure($"depth {Depth:N0} to first page", "first page", (service, deep), (service, first));
        }

        Measure("a trade series of 40 points", "ceiling", (service, series), (ceiling, series));
        Measure("a record by id, all events to few", "few events", (service, records),
            (serviceOfSmall, await inSmall.RecordsAsync(cancellation)));
        Measure("a record by id, again", "Kestrel", (remembering, records[..Again]), (memory, records[..Again]));
        Measure("a page of 50, again", "Kestrel", (remembering, pages[..Again]), (memory, pages[..Again]));
        Measure("a page of 50, again and anew", "ceiling", (remembering, pages[..Again]), (ceiling, pages));
        // an actor's pages are shorter where there are fewer events: only full ones are the same work
        var full = Requests.FullPages();
        Measure("a full page of 50, all events to few", "few events", (service, full), (serviceOfSmall, full));

        void Measure(string name, string other, (ServerProcess Server, byte[][] Requests) a, (ServerProcess Server, byte[][] Requests) b)
        {
            cancellation.ThrowIfCancellationRequested();
            if (how.Only is not null && !name.Contains(how.Only, StringComparison.OrdinalIgnoreCase))
                return;
            if (a.Requests == b.Requests && (b.Server == ceiling || b.Server == memory))
                ThrowIfDifferent(name, a.Server, b.Server, a.Requests);
            var (roundsOfA, roundsOfB) = (new List<Round>(), new List<Round>());
            // until both are compiled for speed
            for (var i = 0; i < how.WarmUp; i++)
            {
                Run(a, i);
                Run(b, i);
            }

            for (var i = 1; i <= how.Rounds; i++)
            {
                // each goes first as often as the other
                if (i % 2 == 1)
                    roundsOfA.Add(Run(a, i));
                roundsOfB.Add(Run(b, i));
                if (i % 2 == 0)
                    roundsOfA.Add(Run(a, i));
            }

            var (medianOfA, medianOfB) = (Median(roundsOfA), Median(roundsOfB));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {name} | {Rate(roundsOfA)} | {Latency(medianOfA)} | {Cost(roundsOfA)} | "
                + $"{other}: {Rate(roundsOfB)} | {Latency(medianOfB)} | {Cost(roundsOfB)} | "
                + $"{medianOfA.PerSecond / medianOfB.PerSecond:0.00} |"));
        }

        Round Run((ServerProcess Server, byte[][] Requests) what, int round)
        {
            var before = what.Server.ProcessorTime;
            var measured = LoadGenerator.Run(what.Server.Address, what.Requests, how.Connections, how.Duration, round * 1000);
            return measured with { ProcessorTime = what.Server.ProcessorTime - before };
        }
    }

    /// <summary>A comparison is worth nothing unless both do the same.</summary>
    private static void ThrowIfDifferent(string name, ServerProcess service, ServerProcess ceiling, byte[][] requests)
    {
        foreach (var request in requests.Take(Compared))
        {
            var (expected, actual) = (LoadGenerator.Get(service.Address, request), LoadGenerator.Get(ceiling.Address, request));
            var common = expected.AsSpan().CommonPrefixLength(actual);
            if (common < expected.Length || common < actual.Length)
            {
                throw new BenchmarkException(
                    $"{name}: the ceiling gives other bytes than the service to\n{Encoding.ASCII.GetString(request)}"
                    + $"service: {Around(expected)}\nceiling: {Around(actual)}");
            }

            string Around(byte[] body) => Encoding.UTF8.GetString(body[Math.Max(0, common - 100)..Math.Min(body.Length, common + 300)]);
        }
    }

    private static Round Median(List<Round> rounds) => rounds.OrderBy(r => r.PerSecond).ElementAt(rounds.Count / 2);

    private static string Rate(List<Round> rounds) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Median(rounds).PerSecond:N0} ({rounds.Min(r => r.PerSecond):N0}–{rounds.Max(r => r.PerSecond):N0})");

    /// <summary>Processor time of the server for a request: what differs between the two beside what they share.</summary>
    private static string Cost(List<Round> rounds) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{rounds.Select(r => r.ProcessorTime.TotalMicroseconds / r.Requests).Order().ElementAt(rounds.Count / 2):0}");

    private static string Latency(Round round) =>
        string.Create(CultureInfo.InvariantCulture, $"{round.Percentile(0.5) / 1000:0.0}, {round.Percentile(0.99) / 1000:0.0}");

    private sealed record Plan(int Rounds, TimeSpan Duration, int WarmUp, int Connections, string? Only);
}
