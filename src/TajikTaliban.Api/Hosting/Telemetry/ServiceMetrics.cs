using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Npgsql;
using TajikTaliban.Api.Platform.Fairness;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Hosting.Telemetry;

/// <summary>
/// The metrics of the service itself. What the database knows is read every few seconds; nothing is read unless metrics are switched on.
/// </summary>
internal sealed class ServiceMetrics(
    ConnectionPools pools, LedgerTail tail, Turns turns, AccessLog accessLog, Refusals refusals, IOptions<TelemetryOptions> options)
    : BackgroundService
{
    private const string State =
        """
        with newest as (
            select position, committed_at from ledger_transactions where position is not null order by position desc limit 1)
        select coalesce(n.position, 0), extract(epoch from clock_timestamp() - n.committed_at)::float8,
            (select count(*) from webhooks where state = 'active'),
            (select count(*) from webhooks where state in ('dead-letter', 'gone')),
            (select count(*) from webhook_dead_letters),
            (select max(n.position - w.position_number) from webhooks w where w.state = 'active'),
            (select max(extract(epoch from clock_timestamp() - f.committed_at))::float8 from webhooks w
                cross join lateral (
                    select committed_at from ledger_transactions f where f.position > w.position_number order by f.position limit 1) f
                where w.state = 'active')
        from (select 1) o left join newest n on true
        """;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private volatile Sample? _sample;

    /// <summary>The instruments.</summary>
    public Meter Meter { get; } = new("tajik_taliban");

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
        Observe("newest_position", "The newest position of the ledger.", s => s.Position);
        Observe("newest_position_age_seconds", "Seconds since the newest position was committed.", s => s.Age);
        Observe("tail_behind_positions", "Positions that the database has and this instance has not sent to its listeners yet.",
            s => Math.Max(0, s.Position - tail.Newest.End.Number));
        Observe("listeners", "Streams, long polls and webhooks that wait for changes.", _ => tail.Waiting);
        Meter.CreateObservableGauge("queued_requests", () => turns.Waiting.Select(w =>
            new Measurement<long>(w.Requests, new KeyValuePair<string, object?>("lane", w.Lane))), null,
            "Heavy and bulk requests that wait for their turn.");
        Observe("webhooks_active", "Webhook endpoints that changes are sent to.", s => s.Active);
        Observe("webhooks_stopped", "Webhook endpoints that stopped: an operator has to act.", s => s.Stopped);
        Observe("webhook_dead_letters", "Changes that could not be delivered.", s => s.DeadLetters);
        Observe("webhook_lag_positions", "Positions that the slowest active webhook endpoint is behind.", s => s.LagPositions ?? 0);
        Observe(
            "webhook_lag_seconds", "Age of the oldest change that an active webhook endpoint has not received.", s => s.LagSeconds ?? 0);
        Meter.CreateObservableCounter("refused_keys_total", () => refusals.Count, null, "Requests whose key was refused (401, 403).");
        Meter.CreateObservableCounter("access_log_dropped_total", () => accessLog.Dropped, null, "Lines that the access log left out.");
        while (!stoppingToken.IsCancellationRequested)
        {
            _sample = await ReadAsync(stoppingToken);
            await Task.Delay(Interval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void Observe(string name, string description, Func<Sample, double?> value) =>
        Meter.CreateObservableGauge(name, () =>
            _sample is { } sample && value(sample) is { } known ? [new Measurement<double>(known)] : Array.Empty<Measurement<double>>(),
            null, description);

    private async Task<Sample> ReadAsync(CancellationToken cancellation)
    {
        try
        {
            await using var command = pools[Lane.Health].CreateCommand(State);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            double? NumberOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);
            return new Sample(
                true, reader.GetInt64(0), NumberOrNull(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4),
                await reader.IsDBNullAsync(5, cancellation) ? null : reader.GetInt64(5), NumberOrNull(6));
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            // what was known last, and that it is old
            return (_sample ?? new Sample(false, 0, null, 0, 0, 0, null, null)) with { IsUp = false };
        }
    }

    /// <summary>What the database said last.</summary>
    private sealed record Sample(
        bool IsUp, long Position, double? Age, long Active, long Stopped, long DeadLetters, long? LagPositions, double? LagSeconds);
}
