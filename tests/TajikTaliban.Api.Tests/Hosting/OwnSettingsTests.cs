using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Tests.Architecture;

namespace TajikTaliban.Api.Tests.Hosting;

public sealed class OwnSettingsTests
{
    /// <summary>A section whose settings nobody checks would take misspelled ones without a word.</summary>
    [Fact]
    public void Every_section_of_the_service_is_checked()
    {
        var sections = typeof(Service).Assembly.GetTypes()
            .Select(t => t.GetField("Section")?.GetRawConstantValue()).OfType<string>().Append("ConnectionStrings");

        Assert.Equal(sections.Order(StringComparer.Ordinal), OwnSettings.Names.Order(StringComparer.Ordinal));
    }

    /// <summary>Pages, manifests and compose files name only settings that exist.</summary>
    [Fact]
    public void Every_setting_that_deploy_names_is_one_of_the_service()
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, "deploy"), "*", SearchOption.AllDirectories)
            .Append(Path.Combine(Repository.Root, "docker-compose.yml"));
        var named = files.SelectMany(file => Regex.Matches(File.ReadAllText(file), "\\b[A-Z][A-Za-z]+__[A-Z][A-Za-z]*"))
            .Select(m => m.Value).Where(n => !n.StartsWith("Logging__", StringComparison.Ordinal)).ToHashSet();

        Assert.True(named.Count > 30);
        Assert.Empty(named.Select(n => n.Split("__")[0]).Except(OwnSettings.Names));
        OwnSettings.RefuseUnknown(new ConfigurationBuilder().AddInMemoryCollection(
            named.Select(n => KeyValuePair.Create(n.Replace("__", ":", StringComparison.Ordinal), (string?)"any"))).Build());
    }
}
