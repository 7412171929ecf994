using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using TajikTaliban.Api.Storage;
using TajikTaliban.Benchmarks.Reads;

namespace TajikTaliban.Benchmarks.Crowd;

/// <summary>
/// <c>crowd</c>: heavy requests and slow readers of the snapshot, all at once. Shows what others notice of them, and what memory they take.
/// </summary>
internal static class CrowdCommand
{
    private const double Megabyte = 1024 * 1024;

    /// <summary>Bytes that a slow reader takes each time, and the pause until the next.</summary>
    private const int SlowBytes = 275;

    private static readonly TimeSpan SlowPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan GiveBack = TimeSpan.FromMinutes(2);

    /// <summary>Each with a limit of its own, so that none is answered from memory.</summary>
    private static readonly string[] Heavy =
    [
        "/v1/events?q=border", "/v1/events?q=xyzzyq", "/v1/events?facets=type,actor,status&count=exact",
        "/v1/trade?facets=reporter,partner",
        "/v1/events?q=border&count=exact",
    ];

    private static int _heavySent;

    private static readonly string[] Cheap = ["/v1/actors?limit=1", "/v1/events?limit=1", "/v1/sources?limit=1"];

    public static Command Create()
    {
        var heavy = new Option<int>("--heavy") { Description = "Heavy requests at once.", DefaultValueFactory = _ => 45 };
        var slow = new Option<int>("--slow") { Description = "Slow readers at once.", DefaultValueFactory = _ => 500 };
        var path = new Option<string>("--slow-path") { Description = "What they read.", DefaultValueFactory = _ => "/v1/snapshot" };
        var seconds = new Option<int>("--seconds") { Description = "How long it lasts.", DefaultValueFactory = _ => 60 };
        var command = new Command("crowd", "Measure cheap reads, readiness and memory beside heavy requests and slow readers.")
        {
            heavy, slow, path, seconds, BenchmarkDatabase.ConnectionOption, BenchmarkDatabase.DataOption,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var database = await BenchmarkDatabase.OpenAsync(arguments, cancellation);
            await using (var source = Database.Open(database.ConnectionString()))
                await Api.Hosting.Commands.CommandDatabase.MigrateAsync(source, cancellation);
            using var service = await ServerProcess.ServiceAsync(database.ConnectionString(), cancellation);
            await RunAsync(service, new Crowd(
                arguments.GetValue(heavy), arguments.GetValue(slow), arguments.GetValue(path)!,
                TimeSpan.FromSeconds(arguments.GetValue(seconds))), cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(ServerProcess service, Crowd crowd, CancellationToken cancellation)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 200 })
        {
            BaseAddress = service.Address,
            Timeout = TimeSpan.FromSeconds(60),
        };
        // what the service keeps from its first requests on is no growth
        for (var i = 0; i < 20; i++)
        {
            foreach (var path in Cheap.Append("/health/ready"))
                await TimeAsync(client, path, cancellation);
        }

        foreach (var path in Heavy)
            await TimeAsync(client, path, cancellation);
        var before = service.Memory;
        Print("alone", await ProbeAsync(client, TimeSpan.FromSeconds(5), () => { }, cancellation));

        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var heavy = new ConcurrentBag<(int Status, double Milliseconds)>();
        var slow = new ConcurrentBag<string>();
        var work = Enumerable.Range(0, crowd.Heavy).Select(i => KeepAsync(client, Heavy[i % Heavy.Length], heavy, ends.Token))
            .Concat(Enumerable.Range(0, crowd.Slow).Select(_ => ReadSlowlyAsync(service.Address, crowd.Path, slow, ends.Token)))
            .ToList();
        var peak = before;
        Print("in the crowd", await ProbeAsync(client, crowd.Duration, () => peak = Math.Max(peak, service.Memory), cancellation));
        await ends.CancelAsync();
        await Task.WhenAll(work);

        foreach (var status in heavy.GroupBy(h => h.Status).OrderBy(g => g.Key))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"heavy: {status.Count()} responses {status.Key}, slowest {status.Max(h => h.Milliseconds):N0} ms"));
        }

        foreach (var status in slow.GroupBy(s => s).OrderBy(g => g.Key, StringComparer.Ordinal))
            Console.WriteLine($"slow: {status.Count()} readers: {status.Key}");
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began) < GiveBack && service.Memory - before > (peak - before) / 4)
        {
            await Task.Delay(1000, cancellation);
            await TimeAsync(client, Cheap[0], cancellation);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"memory: before {before / Megabyte:0} MB, peak {peak / Megabyte:0} MB (+{(peak - before) / Megabyte:0}, at most 250), "
            + $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0} s after {service.Memory / Megabyte:0} MB"));
    }

    private static void Print(string name, Probe probe) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name}: cheap reads {probe.Cheap.Count}, p50 {Percentile(probe.Cheap, 0.5):0.0} ms, p99 {Percentile(probe.Cheap, 0.99):0.0} ms, "
        + $"slowest {probe.Cheap.Max():0.0} ms, not 200: {probe.Failed}; readiness {probe.Ready.Count}, p99 "
        + $"{Percentile(probe.Ready, 0.99):0.0} ms, not 200: {probe.NotReady}"));

    private static double Percentile(List<double> values, double part) =>
        values.Order().ElementAt(Math.Min(values.Count - 1, (int)(values.Count * part)));

    private static async Task<Probe> ProbeAsync(HttpClient client, TimeSpan duration, Action sample, CancellationToken cancellation)
    {
        var probe = new Probe([], []);
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; Stopwatch.GetElapsedTime(began) < duration; i++)
        {
            var (status, milliseconds) = await TimeAsync(client, Cheap[i % Cheap.Length], cancellation);
            probe.Cheap.Add(milliseconds);
            probe.Failed += status == 200 ? 0 : 1;
            if (i % 5 == 0)
            {
                (status, milliseconds) = await TimeAsync(client, "/health/ready", cancellation);
                probe.Ready.Add(milliseconds);
                probe.NotReady += status == 200 ? 0 : 1;
                sample();
            }

            await Task.Delay(10, cancellation);
        }

        return probe;
    }

    private static async Task<(int Status, double Milliseconds)> TimeAsync(HttpClient client, string path, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            return ((int)response.StatusCode, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (Exception e) when (e is HttpRequestException || (e is TaskCanceledException && !cancellation.IsCancellationRequested))
        {
            return (0, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
    }

    /// <summary>Keeps one heavy request under way; one that is refused comes again after a second.</summary>
    private static async Task KeepAsync(
        HttpClient client, string path, ConcurrentBag<(int Status, double Milliseconds)> results, CancellationToken stop)
    {
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var limit = 1 + (Interlocked.Increment(ref _heavySent) % 1000);
                var (status, milliseconds) = await TimeAsync(client, $"{path}&limit={limit}", stop);
                results.Add((status, milliseconds));
                if (status != 200)
                    await Task.Delay(1000, stop);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>Reads some 550 bytes a second, and notes how the response began and whether it was cut.</summary>
    private static async Task ReadSlowlyAsync(Uri address, string path, ConcurrentBag<string> results, CancellationToken stop)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        var buffer = new byte[SlowBytes];
        var began = "no response";
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, stop);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"), stop);
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer, stop);
                if (read == 0)
                    break;
                if (began == "no response")
                    began = Encoding.ASCII.GetString(buffer, 9, 3);
                await Task.Delay(SlowPause, stop);
            }

            results.Add($"{began}, ended");
        }
        catch (OperationCanceledException)
        {
            results.Add($"{began}, reading to the end of the measurement");
        }
        catch (SocketException)
        {
            results.Add($"{began}, cut");
        }
    }

    private sealed record Crowd(int Heavy, int Slow, string Path, TimeSpan Duration);

    private sealed record Probe(List<double> Cheap, List<double> Ready)
    {
        public int Failed { get; set; }

        public int NotReady { get; set; }
    }
}
