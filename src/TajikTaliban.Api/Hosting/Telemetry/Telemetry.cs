using Microsoft.Extensions.Options;
using Npgsql;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace TajikTaliban.Api.Hosting.Telemetry;

/// <summary>Traces and metrics, each only if the settings ask for it.</summary>
internal static class Telemetry
{
    private const string ServiceName = "tajik-taliban-api";

    public static void AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<TelemetryOptions>().BindConfiguration(TelemetryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TelemetryOptions>, TelemetryOptions>();
        services.AddSingleton<ServiceMetrics>();
        services.AddHostedService(provider => provider.GetRequiredService<ServiceMetrics>());
        services.AddHostedService<MetricsEndpoint>();
        var settings = configuration.GetSection(TelemetryOptions.Section);
        // a setting that cannot be read is reported when the options are validated
        if (!Uri.TryCreate(settings[nameof(TelemetryOptions.Otlp)], UriKind.Absolute, out var otlp)
            || otlp.Scheme is not ("http" or "https"))
        {
            return;
        }

        var overHttp = bool.TryParse(settings[nameof(TelemetryOptions.OtlpOverHttp)], out var isHttp) && isHttp;
        var share = double.TryParse(
            settings[nameof(TelemetryOptions.TracedShare)], System.Globalization.CultureInfo.InvariantCulture, out var traced)
            ? Math.Clamp(traced, 0, 1) : 1;
        void To(OtlpExporterOptions exporter, string path)
        {
            exporter.Protocol = overHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
            exporter.Endpoint = overHttp ? new Uri(otlp, path) : otlp;
        }

        services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(ServiceName))
            .WithTracing(tracing => tracing
                .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(share)))
                // from the request, through the statements, to the calls of webhooks
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddNpgsql()
                .AddOtlpExporter(exporter => To(exporter, "v1/traces")))
            .WithMetrics(metrics => metrics
                .AddMeter("tajik_taliban", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Npgsql",
                    "System.Runtime")
                .AddOtlpExporter(exporter => To(exporter, "v1/metrics")));
    }
}
