using TajikTaliban.Api.Platform.Auth;
using TajikTaliban.Api.Platform.Http;
using TajikTaliban.Api.Storage.Access;

namespace TajikTaliban.Api.Hosting.Telemetry;

/// <summary>
/// Refusals of keys (401, 403) in the log and in the audit log. A stranger can cause any number of them: they are counted by address, key
/// and status, and written together, a bounded number at a time.
/// </summary>
internal sealed partial class Refusals(AuditLog audit, TimeProvider time, ILoggerFactory loggers) : BackgroundService
{
    private const int MaxWritten = 20;
    private const int MaxPath = 300;
    private const int MaxRemoved = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);
    private static readonly TimeSpan BetweenRemovals = TimeSpan.FromHours(1);

    private readonly ILogger _log = loggers.CreateLogger("TajikTaliban.Api.Audit");
    private readonly Lock _gate = new();
    private Dictionary<(string Address, string? Key, int Status), AuditEntry> _gathered = [];

    /// <summary>Refusals that were counted since the start.</summary>
    public long Count { get; private set; }

    public void Add(HttpContext http)
    {
        var address = ClientAddress.OrNull(http)?.ToString() ?? "";
        var (key, status, path) = (KeyAuthentication.NameOrNull(http), http.Response.StatusCode, http.Request.Path.Value ?? "");
        lock (_gate)
        {
            Count++;
            var of = (address, key, status);
            if (!_gathered.TryGetValue(of, out var entry) && _gathered.Count >= MaxWritten - 1)
            {
                // one more entry for all that have no place
                of = ("", null, status);
                _gathered.TryGetValue(of, out entry);
                (address, key) = ("several", null);
            }

            _gathered[of] = entry is not null ? entry with { Count = entry.Count + 1 }
                : new AuditEntry(AuditEntry.Refused, path.Length <= MaxPath ? path : path[..MaxPath])
                {
                    Address = address,
                    Key = key,
                    Status = status,
                    Request = http.TraceIdentifier,
                    Detail = http.Request.Method,
                };
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var removed = DateTimeOffset.MinValue;
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await WriteAsync();
            if (time.GetUtcNow() - removed > BetweenRemovals && !stoppingToken.IsCancellationRequested)
            {
                removed = time.GetUtcNow();
                await TryAsync(() => audit.RemoveRefusalsAsync(removed - Kept, MaxRemoved, stoppingToken));
            }
        }
    }

    private async Task WriteAsync()
    {
        List<AuditEntry> entries;
        lock (_gate)
        {
            if (_gathered.Count == 0)
                return;
            entries = [.. _gathered.Values];
            _gathered = [];
        }

        foreach (var entry in entries)
            LogRefused(_log, entry.Status ?? 0, entry.Count, entry.Detail, entry.Target, entry.Address, entry.Key, entry.Request);
        await TryAsync(() => audit.AddAsync(entries, CancellationToken.None));
    }

    /// <summary>A database that cannot be written to is not the fault of a request: the log has the line.</summary>
    private async Task TryAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e)
            when (e is Npgsql.NpgsqlException or TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            LogUnwritten(_log, e.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Refused ({Status}, {Count} times) {Method} {Path} from {Address} with key {Key}, first request {Request}")]
    private static partial void LogRefused(
        ILogger log, int status, int count, string? method, string path, string? address, string? key, string? request);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to write refusals to the audit log: {Problem}")]
    private static partial void LogUnwritten(ILogger log, string problem);
}
