using Microsoft.Extensions.Options;

namespace TajikTaliban.Api.Hosting.Telemetry;

/// <summary>Settings of traces and metrics (<c>Telemetry:…</c>). Without them nothing is measured and no request pays.</summary>
internal sealed class TelemetryOptions : IValidateOptions<TelemetryOptions>
{
    public const string Section = "Telemetry";

    /// <summary>
    /// The port at which Prometheus reads the metrics (<c>/metrics</c>), on the loopback address unless <see cref="MetricsHost"/> names
    /// another; 0 for none.
    /// </summary>
    public int MetricsPort { get; set; }

    /// <summary>The address that the port belongs to. Whoever reaches it can read the metrics.</summary>
    public string MetricsHost { get; set; } = "127.0.0.1";

    /// <summary>The address of an OpenTelemetry collector, for traces and metrics by OTLP (gRPC); null for none.</summary>
    public Uri? Otlp { get; set; }

    /// <summary>Whether the collector takes OTLP over HTTP (<c>/v1/traces</c>, <c>/v1/metrics</c>) and not gRPC.</summary>
    public bool OtlpOverHttp { get; set; }

    /// <summary>The share of requests that are traced, from 0 to 1. A request that the client traces is always traced.</summary>
    public double TracedShare { get; set; } = 1;

    public bool IsMeasured => MetricsPort > 0 || Otlp is not null;

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        var failures = new List<string>();
        if (options.MetricsPort is < 0 or > ushort.MaxValue)
            failures.Add("Telemetry__MetricsPort must be a port from 1 to 65535, or 0 for none.");
        if (Uri.CheckHostName(options.MetricsHost) == UriHostNameType.Unknown)
            failures.Add("Telemetry__MetricsHost must be an address or a host name, such as 127.0.0.1 or 0.0.0.0.");
        if (options.Otlp is { } otlp && (!otlp.IsAbsoluteUri || otlp.Scheme is not ("http" or "https")))
            failures.Add("Telemetry__Otlp must be an http or https address, such as http://localhost:4317.");
        if (options.TracedShare is not (>= 0 and <= 1))
            failures.Add("Telemetry__TracedShare must be a number from 0 to 1.");
        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;
    }
}
