using Npgsql;
using TajikTaliban.Api.Storage.Ledger;
using TajikTaliban.Api.Storage.Listing;

namespace TajikTaliban.Api.Storage.Counts;

/// <summary>Brings kept counts up to date while the service runs.</summary>
public sealed partial class CountKeeper(
    NpgsqlDataSource database, IReadOnlyList<ListDefinition> lists, LedgerTail tail, ILogger<CountKeeper> log) : BackgroundService
{
    /// <summary>How long it waits between two looks at the newest position.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await tail.Started.WaitAsync(stoppingToken);
            string? done = null;
            while (true)
            {
                var newest = tail.Newest.EndText;
                var pause = Interval;
                if (newest != done)
                {
                    try
                    {
                        await CountKeeping.RunAsync(database, lists, CountKeeping.LeastRecords, stoppingToken);
                        done = newest;
                    }
                    catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException
                        && !stoppingToken.IsCancellationRequested)
                    {
                        LogFailed(log, e.Message);
                        pause = RetryInterval;
                    }
                }

                await Task.Delay(pause, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the service stops
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kept counts were not brought up to date; trying again: {Problem}")]
    private static partial void LogFailed(ILogger log, string problem);
}
