using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using TajikTaliban.Api.Platform.Fairness;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Hosting.Telemetry;

/// <summary>
/// The metrics of the service itself. What the database knows is read every few seconds; nothing is read unless metrics are switched on.
/// </summary>
internal sealed class ServiceMetrics(
    LedgerStateReader reader, LedgerTail tail, Turns turns, AccessLog accessLog, Refusals refusals, IOptions<TelemetryOptions> options)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private volatile Sample? _sample;

    /// <summary>The instruments.</summary>
    public Meter Meter { get; } = new("tajik_taliban");

    /// <summary>What is counted since the start, by the name of its instrument.</summary>
    public IReadOnlyList<(string Name, string Description, Func<long> Value)> Totals { get; } =
    [
        ("refused_keys_total", "Requests whose key was refused (401, 403).", () => refusals.Count),
        ("access_log_dropped_total", "Lines that the access log left out.", () => accessLog.Dropped),
    ];

    public override void Dispose()
    {
        Meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.IsMeasured)
            return;
        Observe("database_up", "1 while the database answers.", s => s.IsUp ? 1 : 0);
        Observe("newest_position", "The newest position of the ledger.", s => s.State.Position);
        Observe("newest_position_age_seconds", "Seconds since the newest position was committed.", s => s.State.Age);
        Observe("tail_behind_positions", "Positions that the database has and this instance has not sent to its listeners yet.",
            s => Math.Max(0, s.State.Position - tail.Newest.End.Number));
        Observe("listeners", "Streams, long polls and webhooks that wait for changes.", _ => tail.Waiting);
        Meter.CreateObservableGauge("queued_requests", () => turns.Waiting.Select(w =>
            new Measurement<long>(w.Requests, new KeyValuePair<string, object?>("lane", w.Lane))), null,
            "Heavy and bulk requests that wait for their turn.");
        Observe("webhooks_active", "Webhook endpoints that changes are sent to.", s => s.State.Active);
        Observe("webhooks_stopped", "Webhook endpoints that stopped: an operator has to act.", s => s.State.Stopped);
        Observe("webhook_dead_letters", "Changes that could not be delivered.", s => s.State.DeadLetters);
        Observe("webhook_lag_positions", "Positions that the slowest active webhook endpoint is behind.", s => s.State.LagPositions ?? 0);
        Observe("webhook_lag_seconds", "Age of the oldest change that an active webhook endpoint has not received.",
            s => s.State.LagSeconds ?? 0);
        foreach (var (name, description, value) in Totals)
            Meter.CreateObservableCounter(name, value, null, description);
        while (!stoppingToken.IsCancellationRequested)
        {
            var state = await reader.ReadOrNullAsync(stoppingToken);
            // what was known last, and that it is old
            _sample = new Sample(state is not null, state ?? _sample?.State ?? new LedgerState(0, null, 0, 0, 0, null, null));
            await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Observe(string name, string description, Func<Sample, double?> value) =>
        Meter.CreateObservableGauge(name, () =>
            _sample is { } sample && value(sample) is { } known ? [new Measurement<double>(known)] : Array.Empty<Measurement<double>>(),
            null, description);

    /// <summary>What the database said last.</summary>
    private sealed record Sample(bool IsUp, LedgerState State);
}
