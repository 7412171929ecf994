using System.CommandLine;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using TajikTaliban.Benchmarks;
using TajikTaliban.Benchmarks.Crowd;
using TajikTaliban.Benchmarks.Exports;
using TajikTaliban.Benchmarks.Ledger;
using TajikTaliban.Benchmarks.Load;
using TajikTaliban.Benchmarks.Reads;
using TajikTaliban.Benchmarks.Searches;
using TajikTaliban.Benchmarks.Strangers;

var root = new RootCommand("What the service costs, side by side with the least that the same bytes can cost on this machine.")
{
    LoadCommand.Create(),
    ReadsCommand.Create(),
    LedgerCommand.Create(),
    ExportsCommand.Create(),
    SearchCommand.Create(),
    CrowdCommand.Create(),
    StrangersCommand.Create(),
    Ceiling.CreateCommand(),
};
try
{
    // Ctrl-C is awaited however long PostgreSQL takes to stop
    var invocation = new InvocationConfiguration
    {
        ProcessTerminationTimeout = TimeSpan.FromMinutes(2),
        EnableDefaultExceptionHandler = false,
    };
    return await root.Parse(args).InvokeAsync(invocation);
}
catch (Exception e) when (e is BenchmarkException or EmbeddedPostgresException)
{
    await Console.Error.WriteLineAsync(e.Message);
    return 1;
}
