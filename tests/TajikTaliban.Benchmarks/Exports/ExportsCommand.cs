using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Npgsql;
using TajikTaliban.Benchmarks.Reads;

namespace TajikTaliban.Benchmarks.Exports;

/// <summary><c>exports</c>: all events as CSV, beside psql.</summary>
internal static class ExportsCommand
{
    private const string Path = "/v1/events.csv?labels=id";
    private const double Megabyte = 1024 * 1024;

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each is measured.", DefaultValueFactory = _ => 5 };
        var command = new Command("exports", "Measure the export of all events as CSV beside psql, in turns, over what `load` has written.")
        {
            rounds, BenchmarkDatabase.ConnectionOption, BenchmarkDatabase.DataOption,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var database = await BenchmarkDatabase.OpenAsync(arguments, cancellation);
            await RunAsync(database.ConnectionString(), arguments.GetValue(rounds), cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(string connection, int rounds, CancellationToken cancellation)
    {
        var select = string.Join(' ',
            (await File.ReadAllLinesAsync(System.IO.Path.Combine(AppContext.BaseDirectory, "Exports", "events.sql"), cancellation))
            .Where(l => !l.StartsWith("--", StringComparison.Ordinal)));
        using var service = await ServerProcess.ServiceAsync(connection, cancellation);
        using var client = new HttpClient { BaseAddress = service.Address, Timeout = TimeSpan.FromMinutes(30) };
        using (await client.GetAsync(new Uri("/v1/events.csv?limit=1000", UriKind.Relative), cancellation))
        {
            // what the service keeps from its first request on is no growth
        }

        var before = service.Memory;
        var (ofService, ofPsql, firstBytes, most) = (new List<double>(), new List<double>(), new List<double>(), before);
        for (var i = 0; i <= rounds; i++)
        {
            var export = await ExportAsync(client, () => most = Math.Max(most, service.Memory), cancellation);
            var psql = await CopyAsync(connection, select, cancellation);
            if (export.Records != psql.Records)
                throw new BenchmarkException($"The service exports {export.Records} events, psql {psql.Records}.");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{(i == 0 ? "warm-up" : $"round {i}")}: service {export.Seconds:0.00} s, first byte {export.FirstByte * 1000:0} ms; "
                + $"psql {psql.Seconds:0.00} s; {export.Records:N0} events"));
            if (i == 0)
                continue;
            ofService.Add(export.Seconds);
            ofPsql.Add(psql.Seconds);
            firstBytes.Add(export.FirstByte);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"medians: service {Median(ofService):0.00} s, psql {Median(ofPsql):0.00} s; ratio of "
            + $"speed {Median(ofPsql) / Median(ofService):0.00} (at least 0.5); "
            + $"first byte {Median(firstBytes) * 1000:0} ms (at most 100); memory grew by {(most - before) / Megabyte:0} MB (at most "
            + $"100)"));
    }

    private static async Task<(double Seconds, double FirstByte, long Records)> ExportAsync(
        HttpClient client, Action sample, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        using var response = await client.GetAsync(new Uri(Path, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
        response.EnsureSuccessStatusCode();
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[256 * 1024];
        var (first, last) = (0.0, TimeSpan.Zero);
        while (await body.ReadAsync(buffer, cancellation) > 0)
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            if (first == 0)
                first = elapsed.TotalSeconds;
            if (elapsed - last > TimeSpan.FromMilliseconds(200))
            {
                last = elapsed;
                sample();
            }
        }

        return (Stopwatch.GetElapsedTime(start).TotalSeconds, first,
            long.Parse(response.TrailingHeaders.GetValues("Record-Count").Single(), CultureInfo.InvariantCulture));
    }

    private static async Task<(double Seconds, long Records)> CopyAsync(string connection, string select, CancellationToken cancellation)
    {
        var settings = new NpgsqlConnectionStringBuilder(connection);
        var start = new ProcessStartInfo("psql",
            ["--no-psqlrc", "--command", $"\\copy ({select}) to '/dev/null' with (format csv, header)"])
        { RedirectStandardOutput = true };
        // by the environment: an argument could be read by all users of the machine
        foreach (var (name, value) in new[]
        {
            ("PGHOST", settings.Host), ("PGPORT", settings.Port.ToString(CultureInfo.InvariantCulture)), ("PGUSER", settings.Username),
            ("PGPASSWORD", settings.Password),
            ("PGDATABASE", settings.Database),
        })
        {
            start.Environment[name] = value;
        }

        try
        {
            var began = Stopwatch.GetTimestamp();
            using var psql = Process.Start(start)!;
            var output = await psql.StandardOutput.ReadToEndAsync(cancellation);
            await psql.WaitForExitAsync(cancellation);
            return psql.ExitCode == 0
                ? (Stopwatch.GetElapsedTime(began).TotalSeconds,
                    long.Parse(output.AsSpan("COPY ".Length).Trim(), CultureInfo.InvariantCulture))
                : throw new BenchmarkException("psql failed.");
        }
        catch (Win32Exception)
        {
            throw new BenchmarkException("psql is not in the PATH.");
        }
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
