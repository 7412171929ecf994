using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Prometheus;

namespace TajikTaliban.Api.Hosting.Telemetry;

/// <summary>
/// <c>/metrics</c> for Prometheus, on an address of its own: what the service shows to everybody does not show how it is used.
/// </summary>
internal sealed class MetricsEndpoint(ServiceMetrics metrics, IOptions<TelemetryOptions> options) : IHostedService, IAsyncDisposable
{
    /// <summary>Meters of the platform: requests by route, connections, the pools of the database, the runtime.</summary>
    private static readonly string[] Platform =
        ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql", "System.Runtime"];

    /// <summary>Upper bounds of durations, in seconds.</summary>
    private static readonly double[] Durations = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private WebApplication? _app;
    private IDisposable? _adapter;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = options.Value;
        if (settings.MetricsPort == 0)
            return;
        var registry = Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(registry);
        _adapter = MeterAdapter.StartListening(new MeterAdapterOptions
        {
            Registry = registry,
            MetricFactory = factory,
            InstrumentFilterPredicate = IsShown,
            ResolveHistogramBuckets = _ => Durations,
        });
        foreach (var (name, description, value) in metrics.Totals)
        {
            var counter = factory.CreateCounter($"{metrics.Meter.Name}_{name}", description);
            registry.AddBeforeCollectCallback(() => counter.IncTo(value()));
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://{settings.MetricsHost}:{settings.MetricsPort}");
        _app = builder.Build();
        _app.MapMetrics("/metrics", registry);
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new OptionsValidationException(TelemetryOptions.Section, typeof(TelemetryOptions),
                [$"{e.Message} Choose another port with Telemetry__MetricsPort."]);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _adapter?.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
    }

    /// <summary>The adapter makes gauges of observable counters; those of the service itself are shown as what they are.</summary>
    private bool IsShown(Instrument instrument) => instrument.Meter == metrics.Meter
        ? instrument is not ObservableCounter<long>
        : Platform.Contains(instrument.Meter.Name);
}
