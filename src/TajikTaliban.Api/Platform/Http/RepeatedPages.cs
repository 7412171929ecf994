using TajikTaliban.Api.Storage;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Platform.Http;

/// <summary>
/// Reads a page of a response that has begun: it can be read again, where <see cref="RepeatedReads"/> would have to begin anew. A restart
/// of the server, a failover or a statement that took too long would cut every export that is under way.
/// </summary>
internal static class RepeatedPages
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(1);

    /// <param name="response">The response that the page is a part of.</param>
    /// <param name="read">Reads the page. If it fails, it is called again, and goes on after what it has handed over.</param>
    /// <param name="cancellation">Ends the attempts.</param>
    public static async Task<T> ReadAsync<T>(HttpResponse response, Func<Task<T>> read, CancellationToken cancellation)
    {
        var began = Environment.TickCount64;
        for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
        {
            try
            {
                return await read();
            }
            catch (Exception e) when (response.HasStarted && !cancellation.IsCancellationRequested
                && DatabaseFaults.Of(e) is not (DatabaseFault.None or DatabaseFault.InvalidText)
                && Environment.TickCount64 - began < Longest.TotalMilliseconds)
            {
                ConnectionPools.Route?.Leave();
            }

            await Task.Delay(pause, cancellation);
        }
    }
}
