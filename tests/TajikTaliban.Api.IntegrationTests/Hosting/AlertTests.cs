using TajikTaliban.Api.IntegrationTests.Contract;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>The alert rules and the metrics, as Prometheus reads them.</summary>
public sealed class AlertTests(MeasuredFixture api) : IClassFixture<MeasuredFixture>
{
    private static readonly string Monitoring = Path.Combine(Repository.Root, "deploy", "monitoring");
    private static readonly string Cases = Path.Combine(
        Repository.Root, "tests", "TajikTaliban.Api.IntegrationTests", "Hosting", "alert-cases.yml");

    [Fact]
    public async Task Prometheus_takes_the_rules_and_its_configuration()
    {
        Programs.SkipIfMissing("promtool");

        await PassAsync("check", "rules", Path.Combine(Monitoring, "alerts.yml"));
        await PassAsync("check", "config", Path.Combine(Monitoring, "prometheus.yml"));
    }

    [Fact]
    public async Task Each_alert_fires_at_what_it_is_for_and_none_at_a_healthy_service()
    {
        Programs.SkipIfMissing("promtool");
        var rules = await File.ReadAllLinesAsync(Path.Combine(Monitoring, "alerts.yml"), TestContext.Current.CancellationToken);
        var cases = await File.ReadAllTextAsync(Cases, TestContext.Current.CancellationToken);

        Assert.All(
            rules.Where(l => l.Contains("- alert: ", StringComparison.Ordinal)).Select(l => l.Split(": ")[1]),
            alert => Assert.Contains($"alertname=\"{alert}\"", cases, StringComparison.Ordinal));
        await PassAsync("test", "rules", Cases);
    }

    [Fact]
    public async Task Prometheus_can_read_the_metrics()
    {
        Programs.SkipIfMissing("promtool");
        await api.Reader.GetJsonAsync("/v1/actors/alpha");
        using var client = new HttpClient();
        var metrics = await client.GetStringAsync(
            new Uri($"http://127.0.0.1:{api.MetricsPort}/metrics"), TestContext.Current.CancellationToken);

        Assert.Contains("tajik_taliban_database_up", metrics, StringComparison.Ordinal);
        // complaints about names: .NET chooses those of its own, prometheus-net what kind they are
        var result = await Programs.RunAsync("promtool", metrics, "check", "metrics");
        const int NamesOnly = 3;
        Assert.True(result.ExitCode is 0 or NamesOnly, result.All);
        Assert.DoesNotContain("tajik_taliban_", result.All, StringComparison.Ordinal);
    }

    private static async Task PassAsync(params string[] arguments)
    {
        var result = await Programs.RunAsync("promtool", "", arguments);

        Assert.True(result.ExitCode == 0, result.All);
    }
}
