using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.IntegrationTests.Support;
using Database = TajikTaliban.Api.Storage.Database;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>Packs of seeds: they add to each other, never overwrite, can be chosen and taken back.</summary>
public sealed class SeedPackTests(ApiFixture api, PostgresServer server) : IClassFixture<ApiFixture>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tajik-taliban-packs-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pack_adds_to_the_record_of_another_and_is_taken_back()
    {
        Write("base", []);
        Write("base", "sources", """{ "id": "pack-source", "kind": "report", "title": "Base" }""");
        Write("base", "actors", ActorText("pack-actor", "Actor"));
        Write("more", ["base"]);
        Write("more", "sources", """{ "id": "pack-more-source", "kind": "report", "title": "More" }""");
        Write("more", "actors", ActorText("pack-more-actor", "Other", "pack-more-source"));
        WriteAdditions("more",
            """
            { "resource": "actors", "id": "pack-actor",
              "names": [{ "text": "Номи дигар", "lang": "tg", "kind": "native" }, { "text": "Same", "lang": "en", "kind": "alias" }],
              "citations": [{ "source": "pack-more-source", "locator": "row 1", "certainty": "stated", "supports": ["/names"] }] }
            """);
        Write("other", []);
        Write("other", "sources", """{ "id": "pack-other-source", "kind": "report", "title": "Other" }""");

        // a pack with those that it requires
        Assert.Equal("4 added 0 changed 0 deleted 0 left", Text(await Seeder().RunAsync(_folder, false, Cancellation, ["more"])));
        var actor = await ActorAsync("pack-actor");
        Assert.Equal(["Same", "Номи дигар"], actor["names"]!.AsArray().Select(n => (string)n!["text"]!));
        Assert.Equal(["pack-source", "pack-more-source"], actor["citations"]!.AsArray().Select(c => (string)c!["source"]!));
        Assert.Equal(["base Seeded 2", "more Seeded 2", "other  1"], await ListAsync());
        // all of them, and again
        Assert.Equal("1 added 0 changed 0 deleted 4 left", Text(await Seeder().RunAsync(_folder, false, Cancellation)));
        Assert.Equal("0 added 0 changed 0 deleted 5 left", Text(await Seeder().RunIfChangedAsync(_folder, Cancellation)));
        // a pack that another one requires stays
        var needed = await Assert.ThrowsAsync<SeedException>(() => Seeder().RemoveAsync(_folder, ["base"], false, Cancellation));
        Assert.Equal("The pack 'base' is required by: more. Remove those as well.", needed.Message);

        Assert.Equal("0 added 1 changed 2 deleted 2 left", Text(await Seeder().RemoveAsync(_folder, ["more"], false, Cancellation)));
        actor = await ActorAsync("pack-actor");
        Assert.Equal(["Same"], actor["names"]!.AsArray().Select(n => (string)n!["text"]!));
        Assert.Equal(["pack-source"], actor["citations"]!.AsArray().Select(c => (string)c!["source"]!));
        Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync("/v1/actors/pack-more-actor")).Status);
        Assert.Equal(["base Seeded 2", "more Removed 2", "other Seeded 1"], await ListAsync());
        // it does not come back
        Assert.Equal(
            "0 added 0 changed 0 deleted 3 left|The pack more was removed from this database; ids of deleted records are not used again.",
            Text(await Seeder().RunAsync(_folder, false, Cancellation)));
        var gone = await Assert.ThrowsAsync<SeedException>(() => Seeder().RemoveAsync(_folder, ["more"], false, Cancellation));
        Assert.Equal("The pack 'more' is not in this database.", gone.Message);
    }

    [Fact]
    public async Task A_pack_is_not_removed_while_a_record_refers_to_it_or_was_edited()
    {
        Write("kept", []);
        Write("kept", "sources", """{ "id": "kept-source", "kind": "report", "title": "Kept" }""");
        Write("kept", "actors", ActorText("kept-actor", "Kept", "kept-source"));
        await Seeder().RunAsync(_folder, false, Cancellation);
        await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/actors/kept-actor", new JsonObject { ["description"] = "By hand." }, "\"1\"",
            mediaType: "application/merge-patch+json");
        var before = await Tables.StateAsync(api.Database);

        // the edited actor stays, and cites the source
        var refused = await Assert.ThrowsAsync<SeedException>(() => Seeder().RemoveAsync(_folder, ["kept"], false, Cancellation));

        Assert.StartsWith("seeds/kept, record 'kept-source':", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Tables.StateAsync(api.Database));
        Assert.Equal("0 added 0 changed 2 deleted 0 left", Text(await Seeder().RemoveAsync(_folder, ["kept"], true, Cancellation)));
    }

    [Fact]
    public async Task Packs_that_cannot_be_read_are_refused()
    {
        Write("one", ["two"]);
        Write("one", "sources", """{ "id": "twice", "kind": "report", "title": "One" }""");
        Assert.Equal("There is no pack 'two', which 'one' requires. There are: one.", await RefusedAsync());
        Write("two", ["one"]);
        Assert.Equal("These packs require each other: one, two.", await RefusedAsync());
        Write("two", []);
        Write("two", "sources", """{ "id": "twice", "kind": "report", "title": "Two" }""");
        Assert.Equal("seeds/one/sources.json: the record 'twice' is also in seeds/two/sources.json.", await RefusedAsync());
        Write("two", "sources", """{ "id": "once", "kind": "report", "title": "Two" }""");
        WriteAdditions("one", """{ "resource": "sources", "id": "nowhere", "authors": ["A"] }""");
        Assert.Equal("seeds/one/additions.json: there is no record 'nowhere' of sources to add to.", await RefusedAsync());
        WriteAdditions("one", """{ "resource": "sources", "id": "once", "title": "Mine" }""");
        Assert.Equal("seeds/one/additions.json: addition 1 has `title`, which is not a list. Only lists can be added to.",
            await RefusedAsync());
        WriteAdditions("one", """{ "resource": "sources", "id": "once", "title": ["Mine"] }""");
        Assert.Equal("seeds/one/additions.json: `title` of 'once' is not a list. Only lists can be added to.", await RefusedAsync());
    }

    [Fact]
    public async Task The_packs_of_the_service_are_written_together_and_name_what_they_cover()
    {
        var database = await server.CreateDatabaseAsync("migrated", async connection =>
        {
            await using var empty = Database.Open(connection);
            await CommandDatabase.MigrateAsync(empty, CancellationToken.None);
        });

        var seeded = await ServiceProcess.RunAsync(database, "seed");
        var listed = await ServiceProcess.RunAsync(database, "seed", "--list");
        var removed = await ServiceProcess.RunAsync(database, "seed", "--remove", "unhcr");
        var both = await ServiceProcess.RunAsync(database, "seed", "--list", "--remove", "wdi");

        Assert.Equal((0, ""), (seeded.ExitCode, seeded.Error));
        Assert.Matches("^in all +3179 added +0 changed +0 left$", seeded.LastLine);
        Assert.Equal(8, listed.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Matches("(?m)^unhcr +seeded +2,129 records  .*\\(CC-BY-4.0\\)$", listed.Output);
        Assert.Matches("^in all +0 added +0 changed +2129 deleted +1050 left$", removed.LastLine);
        Assert.Contains("Use only one of --pack, --remove and --list.", both.Error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string ActorText(string id, string name, string source = "pack-source") =>
        $$"""
        { "id": "{{id}}", "type": "organization", "name": "{{name}}", "names": [{ "text": "Same", "lang": "en", "kind": "alias" }],
          "citations": [{ "source": "{{source}}", "locator": "page 1", "certainty": "stated" }] }
        """;

    private static string Text(SeedReport report) => string.Join('|', report.Notes
        .Prepend($"{report.Added} added {report.Changed} changed {report.Deleted} deleted {report.Left} left"));

    private void Write(string pack, string[] requires)
    {
        Directory.CreateDirectory(Path.Combine(_folder, pack));
        File.WriteAllText(Path.Combine(_folder, pack, "pack.json"), new JsonObject
        {
            ["name"] = pack,
            ["title"] = $"The pack {pack}",
            ["requires"] = new JsonArray([.. requires.Select(r => JsonValue.Create(r))]),
        }.ToJsonString());
    }

    private void Write(string pack, string resource, params string[] records) =>
        File.WriteAllText(Path.Combine(_folder, pack, $"{resource}.json"), $$"""{ "records": [{{string.Join(',', records)}}] }""");

    private void WriteAdditions(string pack, string addition) =>
        File.WriteAllText(Path.Combine(_folder, pack, "additions.json"), $$"""{ "additions": [{{addition}}] }""");

    private Seeder Seeder() => api.Services.GetRequiredService<Seeder>();

    private async Task<JsonNode> ActorAsync(string id) => (await api.Reader.GetJsonAsync($"/v1/actors/{id}")).Body!;

    private async Task<string[]> ListAsync() =>
        [.. (await Seeder().ListAsync(_folder, Cancellation)).Select(p => $"{p.Pack.Name} {p.State} {p.Records}")];

    private async Task<string> RefusedAsync() =>
        (await Assert.ThrowsAsync<SeedException>(() => Seeder().RunAsync(_folder, false, Cancellation))).Message;
}
