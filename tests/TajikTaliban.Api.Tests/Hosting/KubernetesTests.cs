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
    private const string Pooler = "tajik-taliban-pgbouncer";
    private static readonly string Folder = Path.Combine(Repository.Root, "deploy", "kubernetes");
    private static readonly List<object> All = [.. ReadKustomization().Resources.SelectMany(file => Read(TextOf(file)))];

    [Fact]
    public void Every_manifest_is_applied_and_of_a_known_kind()
    {
        var files = Directory.GetFiles(Folder, "*.yaml").Select(Path.GetFileName).Except(["kustomization.yaml"]);

        Assert.Equal(files.Order(StringComparer.Ordinal), ReadKustomization().Resources.Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                nameof(V1ConfigMap), nameof(V1ConfigMap), nameof(V1Deployment), nameof(V1Deployment), nameof(V1Job),
                nameof(V1NetworkPolicy), nameof(V1NetworkPolicy), nameof(V1NetworkPolicy), nameof(V1PodDisruptionBudget),
                nameof(V1PodDisruptionBudget), nameof(V1Service), nameof(V1Service), nameof(V2HorizontalPodAutoscaler),
            ],
            All.Select(m => m.GetType().Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("deployment.yaml", "readinessProbe:", "readinesProbe:")]
    [InlineData("deployment.yaml", "automountServiceAccountToken: false", "automountServiceAccountTokens: false")]
    [InlineData("migrate.yaml", "backoffLimit: 6", "backoffLimit: six")]
    [InlineData("network.yaml", "policyTypes:", "policyType:")]
    [InlineData("pgbouncer.yaml", "tcpSocket:", "tcp:")]
    [InlineData("pgbouncer.yaml", "secretName:", "secretNames:")]
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
        var settings = Named<V1ConfigMap>(Name).Data.ToDictionary();
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
        Assert.Equal(["settings", "users"], Named<V1Deployment>(Pooler).Spec.Template.Spec.Volumes.Select(v => v.Name));
        Assert.Equal(Pooler, Named<V1Deployment>(Pooler).Spec.Template.Spec.Volumes[1].Secret.SecretName);
        Assert.DoesNotContain("password", PoolerSettings(), StringComparison.OrdinalIgnoreCase);
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
        // the service writes to /tmp, PgBouncer nowhere
        Assert.Equal(["/tmp"], Containers().SelectMany(c => c.VolumeMounts).Where(m => m.ReadOnlyProperty != true)
            .Select(m => m.MountPath).Distinct());
    }

    [Fact]
    public void Selectors_and_ports_find_what_they_are_for()
    {
        var deployment = Named<V1Deployment>(Name);
        var labels = deployment.Spec.Template.Metadata.Labels;
        var container = Assert.Single(deployment.Spec.Template.Spec.Containers);
        var ports = container.Ports.ToDictionary(p => p.Name, p => p.ContainerPort);
        var policies = All.OfType<V1NetworkPolicy>().ToList();
        var service = Named<V1Service>(Name);

        Assert.All(
            [
                deployment.Spec.Selector.MatchLabels, service.Spec.Selector,
                Named<V1PodDisruptionBudget>(Name).Spec.Selector.MatchLabels, policies[0].Spec.PodSelector.MatchLabels,
                Assert.Single(deployment.Spec.Template.Spec.TopologySpreadConstraints).LabelSelector.MatchLabels,
            ],
            selector => Assert.Equal(labels, selector));
        Assert.Equal(One<V1Job>().Spec.Template.Metadata.Labels, policies[1].Spec.PodSelector.MatchLabels);
        var scaled = One<V2HorizontalPodAutoscaler>().Spec.ScaleTargetRef;
        Assert.Equal((deployment.Kind, Name, deployment.ApiVersion), (scaled.Kind, scaled.Name, scaled.ApiVersion));

        Assert.Equal(Named<V1ConfigMap>(Name).Data["Telemetry__MetricsPort"], ports["metrics"].ToString(CultureInfo.InvariantCulture));
        Assert.Equal(8080, ports["http"]);
        var used = policies[0].Spec.Ingress.SelectMany(i => i.Ports).Select(p => p.Port.Value)
            .Concat(service.Spec.Ports.Select(p => p.TargetPort.Value))
            .Concat(Probes(container).Select(p => p.HttpGet.Port.Value));
        Assert.Equal(["http", "metrics"], used.Distinct().Order());
    }

    [Fact]
    public void Instances_come_and_go_without_a_request_that_fails()
    {
        var spec = Named<V1Deployment>(Name).Spec;
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
        Assert.Equal("1", Named<V1PodDisruptionBudget>(Name).Spec.MaxUnavailable.Value);
    }

    [Fact]
    public void The_pooler_is_found_by_the_service_and_the_job_and_by_nobody_else()
    {
        var deployment = Named<V1Deployment>(Pooler);
        var labels = deployment.Spec.Template.Metadata.Labels;
        var container = Assert.Single(deployment.Spec.Template.Spec.Containers);
        var port = Assert.Single(container.Ports);
        var service = Named<V1Service>(Pooler);
        var policy = Named<V1NetworkPolicy>(Pooler);
        var clients = All.OfType<V1NetworkPolicy>().Except([policy]).ToList();

        Assert.Equal(Pooler, Assert.Single(labels).Value);
        Assert.All(
            [
                deployment.Spec.Selector.MatchLabels, service.Spec.Selector, policy.Spec.PodSelector.MatchLabels,
                Named<V1PodDisruptionBudget>(Pooler).Spec.Selector.MatchLabels,
                Assert.Single(deployment.Spec.Template.Spec.TopologySpreadConstraints).LabelSelector.MatchLabels,
            ],
            selector => Assert.Equal(labels, selector));
        var ingress = Assert.Single(policy.Spec.Ingress);
        Assert.Equal(
            [Named<V1Deployment>(Name).Spec.Template.Metadata.Labels, One<V1Job>().Spec.Template.Metadata.Labels],
            ingress.FromProperty.Select(f => f.PodSelector.MatchLabels));
        // the port by its name at every place, and by its number where clients and PgBouncer itself need one
        Assert.All(
            [
                Assert.Single(ingress.Ports).Port, Assert.Single(service.Spec.Ports).TargetPort,
                .. clients.Select(c => Assert.Single(Assert.Single(c.Spec.Egress, e => IsTo(e, labels)).Ports).Port),
                .. Probes(container).Select(p => p.TcpSocket.Port),
            ],
            named => Assert.Equal(port.Name, named.Value));
        Assert.Contains($"listen_port = {port.ContainerPort}\n", PoolerSettings(), StringComparison.Ordinal);
        Assert.Equal(port.ContainerPort, service.Spec.Ports[0].Port);
        Assert.Contains($"Host={Pooler};Port={port.ContainerPort};", TextOf("README.md"), StringComparison.Ordinal);
        Assert.DoesNotContain(policy.Spec.Egress, e => e.To is not null);
        Assert.Equal(["53", "53", "5432"], policy.Spec.Egress.SelectMany(e => e.Ports).Select(p => p.Port.Value));
    }

    [Fact]
    public void The_pooler_pools_by_transaction_finds_its_files_and_has_room_for_all_instances()
    {
        var deployment = Named<V1Deployment>(Pooler);
        var container = Assert.Single(deployment.Spec.Template.Spec.Containers);
        var settings = PoolerSettings().Split('\n').Where(l => l.Contains(" =", StringComparison.Ordinal))
            .Select(l => l.Split('=', 2)).ToDictionary(p => p[0].Trim(), p => p[1].Trim());
        var folders = container.VolumeMounts.ToDictionary(m => m.Name, m => m.MountPath);

        Assert.Equal(("transaction", "", "scram-sha-256"), (settings["pool_mode"], settings["unix_socket_dir"], settings["auth_type"]));
        Assert.Equal(Pooler, deployment.Spec.Template.Spec.Volumes[0].ConfigMap.Name);
        Assert.Equal(["pgbouncer", folders["settings"] + "/pgbouncer.ini"], container.Command);
        Assert.Equal(folders["users"] + "/users.txt", settings["auth_file"]);
        Assert.Contains("--from-literal=users.txt=", TextOf("README.md"), StringComparison.Ordinal);
        // one PgBouncer must be able to take all instances, also during an update
        const int OfAnInstance = 45;
        Assert.True(int.Parse(settings["max_client_conn"], CultureInfo.InvariantCulture)
            >= (One<V2HorizontalPodAutoscaler>().Spec.MaxReplicas + 1) * OfAnInstance);
        Assert.Equal("20", settings["default_pool_size"]);
        Assert.Equal((2, "0"), (deployment.Spec.Replicas, deployment.Spec.Strategy.RollingUpdate.MaxUnavailable.Value));
        Assert.Equal("1", Named<V1PodDisruptionBudget>(Pooler).Spec.MaxUnavailable.Value);
        Assert.Equal("sleep 10; kill -INT 1; sleep 15", container.Lifecycle.PreStop.Exec.Command[^1]);
        Assert.True(deployment.Spec.Template.Spec.TerminationGracePeriodSeconds > 10 + 15);
        Assert.Contains(container.Image, ReadKustomization().Images.Select(i => i["name"]));
    }

    private static bool IsTo(V1NetworkPolicyEgressRule rule, IDictionary<string, string> labels) =>
        rule.To?.Any(to => to.PodSelector?.MatchLabels.SequenceEqual(labels) == true) == true;

    private static string PoolerSettings() => Assert.Single(Named<V1ConfigMap>(Pooler).Data).Value;

    private static IEnumerable<V1Probe> Probes(V1Container container) =>
        [container.StartupProbe, container.LivenessProbe, container.ReadinessProbe];

    private static IEnumerable<V1PodSpec> Pods() =>
        [.. All.OfType<V1Deployment>().Select(d => d.Spec.Template.Spec), One<V1Job>().Spec.Template.Spec];

    private static IEnumerable<V1Container> Containers() => Pods().SelectMany(p => (p.InitContainers ?? []).Concat(p.Containers));

    private static T One<T>() => Assert.Single(All.OfType<T>());

    private static T Named<T>(string name)
        where T : IKubernetesObject<V1ObjectMeta> => Assert.Single(All.OfType<T>(), m => m.Metadata.Name == name);

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
