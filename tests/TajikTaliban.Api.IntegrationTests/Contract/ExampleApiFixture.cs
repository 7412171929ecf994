using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Catalogue;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Resources;
using TajikTaliban.Api.Platform.Writing;

namespace TajikTaliban.Api.IntegrationTests.Contract;

/// <summary>A service with the example records of the contract, sent to it one by one, and the actors that they refer to.</summary>
public sealed class ExampleApiFixture(PostgresServer server) : ApiFixture(server)
{
    private static readonly string[] OtherActors = ["afghanistan", "kazakhstan", "prosecutor-general-taliban", "saimumin-yatimov",
        "tajikistan"];

    private string Note => Examples.Created(Examples.Changed).Note!;

    private ResourceCatalogue Catalogue => Services.GetRequiredService<ResourceCatalogue>();

    public RecordExamples Examples => new(Catalogue, Services.GetRequiredService<RecordEditors>());

    protected override Edition? Edition => RecordExamples.Edition;

    protected override async ValueTask FillAsync()
    {
        // the examples show the pseudonym of the key under this secret
        await using (var secret = Database.CreateCommand("update service_secrets set secret = $1 where name = 'key-names'"))
        {
            secret.Parameters.Add(new Npgsql.NpgsqlParameter { Value = RecordExamples.Secret });
            await secret.ExecuteNonQueryAsync();
        }

        await Editor.AddAsync("/v1/sources", SampleRecords.Source());
        foreach (var actor in OtherActors)
            await Editor.AddAsync("/v1/actors", SampleRecords.Actor(actor));
        foreach (var resource in Catalogue.All)
            await SendAsync(Path(resource), RecordExamples.Request(resource));
    }

    /// <summary>The address of the list that has the example record.</summary>
    public string Path(Resource resource) => resource.List.Scope is { } scope
        ? $"/v1{resource.Route}".Replace($"{{{scope.RouteValue}}}", Catalogue.OfTable(scope.Table).Example.Id, StringComparison.Ordinal)
        : $"/v1{resource.Route}";

    private async Task SendAsync(string path, JsonNode body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("Change-Note", Note);
        var response = await Editor.SendJsonAsync(request);
        Assert.True(response.Status == HttpStatusCode.Created, $"{path}: {response.Body?.ToJsonString()}");
    }
}
