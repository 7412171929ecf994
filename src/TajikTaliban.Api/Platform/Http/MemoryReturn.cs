namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// Gives memory back to the system after a crowd: a service that has little to do afterwards collects no garbage, and would keep the
/// memory of its busiest minute.
/// </summary>
internal sealed class MemoryReturn(BodyMemory memory) : BackgroundService
{
    /// <summary>Bytes of responses at once that make a crowd.</summary>
    private const long CrowdBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (peak, wasIdle) = (0L, false);
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                peak = Math.Max(peak, memory.TakePeak());
                // twice, so that it does not fall between two responses of the crowd
                if (memory.IsIdle && wasIdle && peak >= CrowdBytes)
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                    peak = 0;
                }

                wasIdle = memory.IsIdle;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // the service stops
        }
    }
}
