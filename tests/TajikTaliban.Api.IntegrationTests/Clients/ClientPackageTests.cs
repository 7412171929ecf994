using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using TajikTaliban.Api.IntegrationTests.Contract;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Clients;

/// <summary>What the package has, and the example of its README, from a project that takes it from a folder.</summary>
public sealed partial class ClientPackageTests(SeededApiFixture api, ClientPackage package)
    : IClassFixture<SeededApiFixture>, IClassFixture<ClientPackage>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_package_has_the_version_of_the_contract_and_no_dependency()
    {
        var contract = JsonNode.Parse(await File.ReadAllTextAsync(Repository.CommittedContract, Cancellation))!;
        var version = (string)contract["info"]!["version"]!;

        await using var content = await ZipFile.OpenReadAsync(package.File, Cancellation);
        var specification = await XDocument.LoadAsync(
            await content.GetEntry("TajikTaliban.Client.nuspec")!.OpenAsync(Cancellation), LoadOptions.None, Cancellation);
        string? Value(string name) => specification.Descendants().SingleOrDefault(e => e.Name.LocalName == name)?.Value;

        Assert.Equal(($"TajikTaliban.Client.{version}.nupkg", version), (Path.GetFileName(package.File), Value("version")));
        Assert.DoesNotContain(specification.Descendants(), e => e.Name.LocalName == "dependency");
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal(File.Exists(Path.Combine(Repository.Root, "LICENSE")), Value("license") is not null);
        Assert.Equal(
            ["README.md", "lib/net10.0/TajikTaliban.Client.dll", "lib/net10.0/TajikTaliban.Client.xml"],
            content.Entries.Select(e => e.FullName).Where(n => n is "README.md" || n.StartsWith("lib/", StringComparison.Ordinal)).Order());
        await using var symbols = await ZipFile.OpenReadAsync(Path.ChangeExtension(package.File, "snupkg"), Cancellation);
        Assert.Contains(symbols.Entries, e => e.FullName == "lib/net10.0/TajikTaliban.Client.pdb");
        Assert.Equal(version, TajikTaliban.Client.TajikTalibanClient.ContractVersion);
    }

    [Fact]
    public async Task The_example_of_the_README_runs_with_the_package()
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(ClientPackage.Project, "README.md"), Cancellation);
        var example = Example().Match(readme).Groups[1].Value;
        Assert.InRange(example.Split('\n').Length - 1, 20, 30);
        var folder = package.NewFolder().FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), example, Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"),
            $"<configuration><packageSources><clear /><add key=\"folder\" value=\"{package.Source}\" /></packageSources></configuration>",
            Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder, "Example.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
                <RestorePackagesPath>packages</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="TajikTaliban.Client" Version="*" />
              </ItemGroup>
            </Project>
            """, Cancellation);

        await ClientPackage.DotNetAsync(folder, "build", "--nologo", "--verbosity", "quiet", "--output", "out", "--disable-build-servers");
        var key = await api.CreateKeyAsync("example", "editor");
        var meetings = await api.Reader.WalkAsync("/v1/events?actor=saimumin-yatimov&sort=earliest");
        var found = await ClientPackage.DotNetAsync(folder, "out/Example.dll", api.Reader.BaseAddress!.ToString(), key);

        var records = (await api.Reader.GetStringAsync("/v1/snapshot", Cancellation)).Split('\n')
            .Count(l => l.Contains("\"record\":", StringComparison.Ordinal));
        Assert.True(meetings.Count > 1);
        Assert.Equal(
            [
                .. meetings.Select(m => $"{m["earliest"]} {m["title"]}"),
                "A report, revised: version 2, new: True",
                "invalid-parameter, /query/actor unknown-reference",
                $"{records} records",
            ], found.Output.TrimEnd('\n').Split('\n'));
    }

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
