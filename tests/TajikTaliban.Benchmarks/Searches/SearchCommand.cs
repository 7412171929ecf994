using System.CommandLine;
using System.Globalization;
using System.Text;
using TajikTaliban.Api.Storage;
using TajikTaliban.Benchmarks.Load;
using TajikTaliban.Benchmarks.Reads;

namespace TajikTaliban.Benchmarks.Searches;

/// <summary><c>search</c>: how long <c>/v1/search</c> takes, by kind of search.</summary>
internal static class SearchCommand
{
    private const int Seed = 19970627;
    private const int Most = 2000;

    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "How long each kind is measured.", DefaultValueFactory = _ => 5 };
        var connections = new Option<int>("--connections")
        {
            Description = "How many searches are under way at once.",
            DefaultValueFactory = _ => 2,
        };
        var command = new Command("search", "Measure the search of all resources over what `load` has written.")
        {
            seconds, connections, BenchmarkDatabase.ConnectionOption, BenchmarkDatabase.DataOption,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            await using var database = await BenchmarkDatabase.OpenAsync(arguments, cancellation);
            await using (var source = Database.Open(database.ConnectionString()))
                await Api.Hosting.Commands.CommandDatabase.MigrateAsync(source, cancellation);
            using var service = await ServerProcess.UncachedServiceAsync(database.ConnectionString(), cancellation);
            Console.WriteLine("| search | searches/s | p50 ms | p99 ms | slowest ms |");
            Console.WriteLine("| --- | --- | --- | --- | --- |");
            foreach (var (kind, texts) in Kinds())
            {
                var requests = texts.Take(Most).Select(text => Encoding.ASCII.GetBytes(
                    $"GET /v1/search?q={Uri.EscapeDataString(text)} HTTP/1.1\r\nHost: localhost\r\n\r\n")).ToArray();
                var (number, duration) = (arguments.GetValue(connections), TimeSpan.FromSeconds(arguments.GetValue(seconds)));
                LoadGenerator.Run(service.Address, requests, number, duration, 0);
                var round = LoadGenerator.Run(service.Address, requests, number, duration, 1000);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {kind} | {round.PerSecond:N0} | {round.Percentile(0.5) / 1000:0.0} | {round.Percentile(0.99) / 1000:0.0} | "
                    + $"{round.Latencies[^1] / 1000:0.0} |"));
            }

            return 0;
        });
        return command;
    }

    private static IEnumerable<(string Kind, IEnumerable<string> Texts)> Kinds()
    {
        var random = new Random(Seed);
        string Word() => PlausibleRecords.Words[random.Next(PlausibleRecords.Words.Count)];
        string Actor() => $"actor {random.Next(8, 500):0000}";
        IEnumerable<string> Many(Func<string> make) => Enumerable.Range(0, Most).Select(_ => make()).ToList();
        string Beginning(string text) => text[..random.Next(1, text.Length + 1)];
        string Misspelled(string text) => text.Remove(random.Next(1, text.Length - 1), 1);

        var kinds = new (string Kind, IEnumerable<string> Texts)[]
        {
            ("a word that very many records have", Many(Word)),
            ("two such words", Many(() => $"{Word()} {Word()}")),
            ("the beginning of such a word", Many(() => Beginning(Word()))),
            ("the name of an actor", Many(Actor)),
            ("letter by letter", Many(() => Beginning("tajikistan border talks"))),
            ("a misspelled word", Many(() => Misspelled("tajikistan"))),
            ("the id of an event", Many(() => $"event {random.Next(1, 1_000_000)}")),
            ("a word that no record has", Many(() => $"zz{random.Next()}")),
        };
        return [.. kinds, ("all of these", kinds.SelectMany(k => k.Texts.Take(Most / kinds.Length)))];
    }
}
