using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Hosting.OpenApi;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>Every seed record, in lists and by itself, with all that it refers to, is as the contract says.</summary>
public sealed class SeededResponseTests(SeededApiFixture api) : IClassFixture<SeededApiFixture>
{
    [Fact]
    public async Task Every_record_matches_the_contract()
    {
        var contract = await ServedContract.LoadAsync(api.Reader);
        var indicators = (await api.Reader.WalkAsync("/v1/indicators")).Select(i => (string)i["id"]!).ToList();
        var count = 0;
        foreach (var resource in api.Services.GetRequiredService<ResourceCatalogue>().All)
        {
            foreach (var path in resource.List.Scope is null
                ? [$"/v1{resource.Route}"]
                : indicators.Select(i => $"/v1{resource.Route}".Replace("{indicator}", i, StringComparison.Ordinal)))
            {
                var expand = resource.List.Expands.Count == 0
                    ? "" : $"expand={string.Join(',', resource.List.Expands.Select(e => e.Path))}";
                await CheckAsync(contract, $"list{resource.Plural}", $"{path}?limit=1000&{expand}");
                await CheckAsync(contract, $"get{resource.Plural}Availability", $"{path}/availability");
                foreach (var record in await api.Reader.WalkAsync($"{path}?limit=1000&fields=id"))
                {
                    await CheckAsync(contract, $"get{resource.Singular}", $"{path}/{record["id"]}?{expand}");
                    count++;
                }
            }
        }

        Assert.True(count > 100);
    }

    [Fact]
    public async Task Every_version_of_every_record_matches_the_contract()
    {
        var contract = await ServedContract.LoadAsync(api.Reader);
        var catalogue = api.Services.GetRequiredService<ResourceCatalogue>();
        var count = 0;
        for (var next = "/v1/changes?limit=100"; ;)
        {
            await CheckAsync(contract, "listChanges", next);
            var page = (await api.Reader.GetJsonAsync(next)).Body!;
            foreach (var change in page["items"]!.AsArray())
            {
                var resource = catalogue.All.Single(r => r.Name == (string?)change!["resource"]);
                var record = change!["record"]!.ToJsonString();
                Assert.Equal([], contract.Faults(SchemaNames.Of(resource), record));
                var path = resource.PathOf((string)change["id"]!, System.Text.Encoding.UTF8.GetBytes(record));
                await CheckAsync(contract, $"get{resource.Singular}History", $"{path}/history");
                await CheckAsync(contract, $"get{resource.Singular}", $"{path}?version=1");
                count++;
            }

            if ((bool)page["complete"]!)
                break;
            next = (string)page["next"]!;
        }

        Assert.True(count > 100);
    }

    private async Task CheckAsync(ServedContract contract, string operation, string path)
    {
        using var answer = await api.Reader.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal([], await contract.FaultsAsync(operation, answer));
    }
}
