using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Storage;
using TajikTaliban.Benchmarks.Reads;

namespace TajikTaliban.Benchmarks.Strangers;

/// <summary><c>strangers</c>: what random requests without a key cost, one at a time and eight at once.</summary>
internal static class StrangersCommand
{
    private const int AtOnce = 8;
    private const int Shown = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var count = new Option<int>("--requests") { Description = "How many requests.", DefaultValueFactory = _ => 10_000 };
        var seed = new Option<int>("--seed") { Description = "Another seed, other requests.", DefaultValueFactory = _ => 1 };
        var command = new Command("strangers",
            "Send random GETs with all parameters of the contract, repeats and odd values over what `load` has written; times are to the "
            + "first byte, of NDJSON to that of the headers: its body begins with the first record that matches.")
        {
            count, seed, BenchmarkDatabase.ConnectionOption, BenchmarkDatabase.DataOption,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var database = await BenchmarkDatabase.OpenAsync(arguments, cancellation);
            await using (var source = Database.Open(database.ConnectionString()))
                await CommandDatabase.MigrateAsync(source, cancellation);
            using var service = await ServerProcess.ServiceAsync(database.ConnectionString(), cancellation);
            using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
            {
                BaseAddress = service.Address,
                Timeout = Patience,
            };
            var contract = JsonNode.Parse(await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative), cancellation))!;
            var addresses = await RandomAddresses.CreateAsync(contract, client, arguments.GetValue(seed), cancellation);
            IReadOnlyList<string> requests = [.. Enumerable.Range(0, arguments.GetValue(count)).Select(_ => addresses.Next())];
            await RunAsync("one at a time", client, requests, 1, cancellation);
            await RunAsync("eight at once", client, requests, AtOnce, cancellation);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(
        string name, HttpClient client, IReadOnlyList<string> requests, int atOnce, CancellationToken cancellation)
    {
        var answers = new ConcurrentBag<Answer>();
        var watch = Stopwatch.StartNew();
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation },
            async (address, stop) => answers.Add(await SendAsync(client, address, stop)));
        var sorted = answers.OrderBy(a => a.Time).ToList();
        double Percentile(double share) => sorted[(int)Math.Min(sorted.Count - 1, sorted.Count * share)].Time.TotalMilliseconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: {sorted.Count:N0} requests in {watch.Elapsed.TotalSeconds:N0} s; p50 {Percentile(0.5):0} ms, "
            + $"p99 {Percentile(0.99):0} ms, slowest {sorted[^1].Time.TotalMilliseconds:0} ms; "
            + $"over 2 s: {sorted.Count(a => a.Time.TotalSeconds > 2)}"));
        Console.WriteLine("  statuses: " + string.Join(", ", answers.GroupBy(a => a.Status).OrderBy(g => g.Key)
            .Select(g => $"{g.Key}: {g.Count().ToString(CultureInfo.InvariantCulture)}")));
        Console.WriteLine($"  5xx without Retry-After: {answers.Count(a => a.Status >= 500 && !a.HasRetryAfter)}");
        foreach (var answer in sorted.AsEnumerable().Reverse().Take(Shown))
            Console.WriteLine($"  {Line(answer)}");
        foreach (var answer in answers.Where(a => a.Status is >= 500 or 0).Take(Shown))
            Console.WriteLine($"  failed: {Line(answer)}");
    }

    private static string Line(Answer answer) => string.Create(CultureInfo.InvariantCulture,
        $"{answer.Time.TotalMilliseconds,6:0} ms {answer.Status} "
        + $"{(answer.Address.Length > 400 ? answer.Address[..400] + "…" : answer.Address)}");

    private static async Task<Answer> SendAsync(HttpClient client, string address, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        try
        {
            using var answer = await client.GetAsync(
                new Uri(address, UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancellation);
            if (answer.Content.Headers.ContentType?.MediaType != "application/x-ndjson")
            {
                await using var body = await answer.Content.ReadAsStreamAsync(cancellation);
                _ = await body.ReadAsync(new byte[1], cancellation);
            }

            return new Answer(address, (int)answer.StatusCode, watch.Elapsed, answer.Headers.RetryAfter is not null);
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return new Answer(address, 0, watch.Elapsed, false);
        }
    }

    private sealed record Answer(string Address, int Status, TimeSpan Time, bool HasRetryAfter);
}
