using System.Globalization;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Tests.Architecture;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace TajikTaliban.Api.Tests.Hosting;

/// <summary>The manifests of <c>deploy/kubernetes</c>, read as the types of Kubernetes: a field they do not have is an error.</summary>
public sealed class KubernetesTests
{
    private const string Name = "tajik-taliban-api";
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "kubernetes");
    private static readonly List<object> All = [.. ReadKustomization().Resources.SelectMany(file => Read(TextOf(file)))];

    [Fact]
    public void Every_manifest_is_applied_and_of_a_known_kind()
    {
        var files = Directory.GetFiles(Folder, "*.yaml").Select(Path.GetFileName).Except(["kustomization.yaml"]);

        Assert.Equal(files.Order(StringComparer.Ordinal), ReadKustomization().Resources.Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                nameof(V1ConfigMap), nameof(V1Deployment), nameof(V1Job), nameof(V1NetworkPolicy), nameof(V1NetworkPolicy),
                nameof(V1PodDisruptionBudget), nameof(V1Service), nameof(V2HorizontalPodAutoscaler),
            ],
            All.Select(m => m.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("deployment.yaml", "readinessProbe:", "readinesProbe:")]
    [InlineData("deployment.yaml", "automountServiceAccountToken: false", "automountServiceAccountTokens: false")]
    [InlineData("migrate.yaml", "backoffLimit: 6", "backoffLimit: six")]
    [InlineData("network.yaml", "policyTypes:", "policyType:")]
    [InlineData("scaling.yaml", "minReplicas: 2", "minReplicas: 2\n  minReplicas: 3")]
    public void A_field_that_kubernetes_does_not_have_or_a_value_of_another_type_is_noticed(string file, string written, string planted)
    {
        var text = TextOf(file);
        Assert.Contains(written, text, StringComparison.Ordinal);

        Assert.ThrowsAny<YamlException>(() => Read(text.Replace(written, planted, StringComparison.Ordinal)));
    }

    [Fact]
    public void Settings_are_those_of_the_service_and_none_is_misspelled()
    {
        var settings = One<V1ConfigMap>().Data.ToDictionary();
        foreach (var variable in Containers().SelectMany(c => c.Env ?? []))
            settings[variable.Name] = "given by the secret";

        OwnSettings.RefuseUnknown(Configured(settings));
        // a section that is misspelled would not be looked at
        Assert.Empty(settings.Keys.Select(k => k.Split("__")[0]).Except(OwnSettings.Names));
        settings["Telemetry__MetricPort"] = "1";
        Assert.Throws<CommandException>(() => OwnSettings.RefuseUnknown(Configured(settings)));
    }

    [Fact]
    public void No_secret_is_written_down()
    {
        var secrets = Containers().SelectMany(c => c.Env ?? []).ToList();

        Assert.All(secrets, v => Assert.Equal((Name, null), (v.ValueFrom.SecretKeyRef.Name, v.Value)));
        Assert.Equal(
            [("database", false), ("direct", true), ("webhooks", true)],
            secrets.Select(v => (v.ValueFrom.SecretKeyRef.Key, v.ValueFrom.SecretKeyRef.Optional ?? false)).Distinct().Order());
    }

    [Fact]
    public void Pods_have_no_rights_that_they_do_not_use()
    {
        Assert.All(Pods(), pod => Assert.Equal(
            (false, true, 1654, "RuntimeDefault"),
            (pod.AutomountServiceAccountToken, pod.SecurityContext.RunAsNonRoot, pod.SecurityContext.RunAsUser,
                pod.SecurityContext.SeccompProfile.Type)));
        Assert.All(Containers(), c => Assert.Equal(
            (false, true, "ALL"),
            (c.SecurityContext.AllowPrivilegeEscalation, c.SecurityContext.ReadOnlyRootFilesystem,
                string.Join(',', c.SecurityContext.Capabilities.Drop))));
        Assert.All(Containers(), c => Assert.Equal(
            ["cpu", "memory", "memory"], c.Resources.Requests.Keys.Order().Concat(c.Resources.Limits.Keys)));
        Assert.All(Containers(), c => Assert.Equal("/tmp", Assert.Single(c.VolumeMounts).MountPath));
    }

    [Fact]
    public void Selectors_and_ports_find_what_they_are_for()
    {
        var deployment = One<V1Deployment>();
        var labels = deployment.Spec.Template.Metadata.Labels;
        var container = Assert.Single(deployment.Spec.Template.Spec.Containers);
        var ports = container.Ports.ToDictionary(p => p.Name, p => p.ContainerPort);
        var policies = All.OfType<V1NetworkPolicy>().ToList();

        Assert.All(
            [
                deployment.Spec.Selector.MatchLabels, One<V1Service>().Spec.Selector,
                One<V1PodDisruptionBudget>().Spec.Selector.MatchLabels, policies[0].Spec.PodSelector.MatchLabels,
                Assert.Single(deployment.Spec.Template.Spec.TopologySpreadConstraints).LabelSelector.MatchLabels,
            ],
            selector => Assert.Equal(labels, selector));
        Assert.Equal(One<V1Job>().Spec.Template.Metadata.Labels, policies[1].Spec.PodSelector.MatchLabels);
        var scaled = One<V2HorizontalPodAutoscaler>().Spec.ScaleTargetRef;
        Assert.Equal((deployment.Kind, Name, deployment.ApiVersion), (scaled.Kind, scaled.Name, scaled.ApiVersion));

        Assert.Equal(One<V1ConfigMap>().Data["Telemetry__MetricsPort"], ports["metrics"].ToString(CultureInfo.InvariantCulture));
        Assert.Equal(8080, ports["http"]);
        var used = policies[0].Spec.Ingress.SelectMany(i => i.Ports).Select(p => p.Port.Value)
            .Concat(One<V1Service>().Spec.Ports.Select(p => p.TargetPort.Value))
            .Concat(Probes(container).Select(p => p.HttpGet.Port.Value));
        Assert.Equal(["http", "metrics"], used.Distinct().Order());
    }

    [Fact]
    public void Instances_come_and_go_without_a_request_that_fails()
    {
        var spec = One<V1Deployment>().Spec;
        var container = Assert.Single(spec.Template.Spec.Containers);
        var pause = int.Parse(container.Lifecycle.PreStop.Exec.Command[1], CultureInfo.InvariantCulture);
        const int StopSeconds = 5;

        Assert.Equal(["/health/live", "/health/live", "/health/ready"], Probes(container).Select(p => p.HttpGet.Path));
        Assert.Equal(("0", "1"), (spec.Strategy.RollingUpdate.MaxUnavailable.Value, spec.Strategy.RollingUpdate.MaxSurge.Value));
        Assert.True(pause > container.ReadinessProbe.PeriodSeconds);
        Assert.True(spec.Template.Spec.TerminationGracePeriodSeconds > pause + StopSeconds);
        // scaling.yaml has the number; one here would set it back with each update
        Assert.Null(spec.Replicas);
        Assert.True(One<V2HorizontalPodAutoscaler>().Spec.MinReplicas >= 2);
        Assert.Equal("1", One<V1PodDisruptionBudget>().Spec.MaxUnavailable.Value);
    }

    private static IEnumerable<V1Probe> Probes(V1Container container) =>
        [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe];

    private static IEnumerable<V1PodSpec> Pods() => [One<V1Deployment>().Spec.Template.Spec, One<V1Job>().Spec.Template.Spec];

    private static IEnumerable<V1Container> Containers() => Pods().SelectMany(p => (p.InitContainers ?? []).Concat(p.Containers));

    private static T One<T>() => Assert.Single(All.OfType<T>());

    private static IConfiguration Configured(Dictionary<string, string> settings) => new ConfigurationBuilder().AddInMemoryCollection(
        settings.Select(s => KeyValuePair.Create(s.Key.Replace("__", ":", StringComparison.Ordinal), (string?)s.Value))).Build();

    private static string TextOf(string file) => File.ReadAllText(Path.Combine(Folder, file));

    private static List<object> Read(string text) => KubernetesYaml.LoadAllFromString(text, strict: true);

    private static Kustomization ReadKustomization() =>
        new DeserializerBuilder().WithDuplicateKeyChecking().Build().Deserialize<Kustomization>(TextOf("kustomization.yaml"));

    private sealed class Kustomization
    {
        [YamlMember(Alias = "apiVersion")]
        public string ApiVersion { get; set; } = "";

        [YamlMember(Alias = "kind")]
        public string Kind { get; set; } = "";

        [YamlMember(Alias = "resources")]
        public List<string> Resources { get; set; } = [];

        [YamlMember(Alias = "images")]
        public List<Dictionary<string, string>> Images { get; set; } = [];
    }
}
