using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using TajikTaliban.Api.IntegrationTests.Contract;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>A service that shows its metrics, and sends its traces to a collector.</summary>
public sealed class MeasuredFixture(PostgresServer server) : ApiFixture(server), IAsyncLifetime
{
    private readonly int _collectorPort = ServiceProcess.FreePort();
    private WebApplication? _collector;

    protected override TimeProvider Clock => TimeProvider.System;

    public int MetricsPort { get; } = ServiceProcess.FreePort();

    /// <summary>What the collector received, by path.</summary>
    public ConcurrentQueue<(string Path, string Body)> Received { get; } = [];

    protected override IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Telemetry:MetricsPort"] = $"{MetricsPort}",
        ["Telemetry:Otlp"] = $"http://127.0.0.1:{_collectorPort}",
        ["Telemetry:OtlpOverHttp"] = "true",
    };

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{_collectorPort}");
        _collector = builder.Build();
        _collector.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            // the texts in protobuf are plain
            Received.Enqueue((http.Request.Path.Value!, Encoding.Latin1.GetString(body.ToArray())));
        });
        await _collector.StartAsync();
        await InitializeAsync();
        await Editor.AddBasicsAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await _collector!.DisposeAsync();
    }
}

/// <summary>What an operator can see of the service, and that the dashboard and the alerts look at what there is.</summary>
public sealed class TelemetryTests(MeasuredFixture api) : IClassFixture<MeasuredFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_dashboard_and_the_alerts_use_metrics_that_the_service_shows()
    {
        await api.Reader.GetJsonAsync("/v1/actors/alpha");
        await api.Reader.GetJsonAsync("/v1/actors/nobody");
        var shown = await MetricsAsync(m => Regex.IsMatch(m, "^tajik_taliban_newest_position [4-9]$"));
        var names = shown.Select(m => m.Split('{', ' ')[0]).ToHashSet();

        var folder = Path.Combine(Repository.Root, "deploy", "monitoring");
        var alerts = await File.ReadAllTextAsync(Path.Combine(folder, "alerts.yml"), Cancellation);
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "dashboard.json"), Cancellation))!;
        var expressions = dashboard["panels"]!.AsArray().SelectMany(p => p!["targets"]!.AsArray()).Select(t => (string)t!["expr"]!)
            .Append((string)dashboard["templating"]!["list"]![1]!["query"]!["query"]!).Append(alerts).ToList();
        var used = expressions.SelectMany(e => Regex.Matches(e, "(tajik_taliban|microsoft_aspnetcore|npgsql|system_runtime)_[a-z_]+"))
            .Select(m => m.Value).Distinct().Order().ToList();

        Assert.True(used.Count > 20);
        Assert.Empty(used.Except(names));
        // those of the service itself, each on the dashboard
        Assert.Empty(names.Where(n => n.StartsWith("tajik_taliban_", StringComparison.Ordinal)).Except(used));
        // and the labels that the expressions select by
        const string Requests = "microsoft_aspnetcore_hosting_http_server_request_duration_count{";
        Assert.Contains(shown, m => m.StartsWith(Requests, StringComparison.Ordinal)
            && m.Contains("http_route=\"/v1/actors/{id}\"") && m.Contains("http_response_status_code=\"404\""));
        Assert.Contains(shown, m => m.StartsWith("npgsql_db_client_connection_count{", StringComparison.Ordinal)
            && m.Contains("db_client_connection_pool_name=") && m.Contains("db_client_connection_state=\"used\""));
        Assert.DoesNotContain(shown, m => m.Contains("Password", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Metrics_follow_what_happens()
    {
        var before = ValueOf(await MetricsAsync(m => m.Contains("tajik_taliban_newest_position_age_seconds")), "newest_position");
        await api.Editor.AddAsync("/v1/actors", SampleRecords.Actor("measured"));
        await api.Client("tt_nonsense").GetJsonAsync("/v1/actors");

        var after = await MetricsAsync(m => m.Contains($"tajik_taliban_newest_position {before + 1}"));
        Assert.InRange(ValueOf(after, "newest_position_age_seconds"), 0, 60);
        Assert.Equal((1, 0, 0),
            (ValueOf(after, "database_up"), ValueOf(after, "webhooks_stopped"), ValueOf(after, "access_log_dropped_total")));
        Assert.True(ValueOf(after, "refused_keys_total") >= 1);
    }

    [Fact]
    public async Task The_metrics_are_not_at_the_address_of_the_service()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await api.Reader.GetJsonAsync("/metrics")).Status);
        using var metrics = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{api.MetricsPort}") };
        Assert.Equal(HttpStatusCode.NotFound, (await metrics.GetAsync("/v1/actors", Cancellation)).StatusCode);
    }

    [Fact]
    public async Task A_trace_leads_from_the_request_to_its_statements_and_has_no_values()
    {
        var problem = await api.Reader.GetJsonAsync("/v1/actors/nobody-at-all");
        var trace = (string)problem.Body!["traceId"]!;
        await api.Reader.GetJsonAsync("/v1/actors?q=hiddenword&limit=3");
        var id = Encoding.Latin1.GetString(Convert.FromHexString(trace));

        var traces = "";
        bool IsComplete() => traces.Contains(id, StringComparison.Ordinal) && traces.Contains("/v1/actors/{id}", StringComparison.Ordinal);
        for (var attempt = 0; attempt < 200 && !IsComplete(); attempt++)
        {
            await Task.Delay(100, Cancellation);
            traces = string.Join('\n', api.Received.Where(r => r.Path == "/v1/traces").Select(r => r.Body));
        }

        foreach (var text in (string[])["tajik-taliban-api", "GET /v1/actors/{id}", "postgresql", "select version, r.document", id])
            Assert.Contains(text, traces, StringComparison.Ordinal);
        Assert.DoesNotContain("hiddenword", traces, StringComparison.OrdinalIgnoreCase);
    }

    private static double ValueOf(IEnumerable<string> metrics, string name) =>
        double.Parse(metrics.Single(m => m.StartsWith($"tajik_taliban_{name} ", StringComparison.Ordinal)).Split(' ')[1],
            System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The metrics, once one of them is there: some are read every few seconds.</summary>
    private async Task<IReadOnlyList<string>> MetricsAsync(Func<string, bool> isThere)
    {
        using var client = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            var text = await client.GetStringAsync(new Uri($"http://127.0.0.1:{api.MetricsPort}/metrics"), Cancellation);
            var lines = text.Split('\n').Where(l => l.Length > 0 && l[0] != '#').ToList();
            if (lines.Exists(l => isThere(l)))
                return lines;
            Assert.True(attempt < 200, text);
            await Task.Delay(100, Cancellation);
        }
    }
}
