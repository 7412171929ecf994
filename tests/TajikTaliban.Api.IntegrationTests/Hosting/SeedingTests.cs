using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Platform.Editions;
using TajikTaliban.Api.Platform.Ledger;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>What seeding does to records that are there already: it repeats itself, leaves what others did, and writes all or
/// nothing.</summary>
public sealed class SeedingTests(ApiFixture api) : IClassFixture<ApiFixture>, IDisposable
{
    private const string Patch = "application/merge-patch+json";
    private readonly string _folder = Directory.CreateTempSubdirectory("tajik-taliban-seeds-").FullName;

    [Fact]
    public async Task Seeding_keeps_and_names_edited_or_deleted_records_unless_forced()
    {
        Write("sources", Source("kept", "Kept"), Source("edited", "Edited"), Source("deleted", "Deleted"));
        Assert.Equal("3 added 0 changed 0 left", await SeedAsync());
        await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/sources/edited", new JsonObject { ["title"] = "By hand" }, "\"1\"",
            mediaType: Patch);
        await api.Editor.SendJsonAsync(HttpMethod.Delete, "/v1/sources/deleted", ifMatch: "\"1\"");
        const string Edited = "sources/edited was edited since it was seeded and was not overwritten; use `seed --force` to overwrite it.";
        const string Deleted = "sources/deleted was deleted since it was seeded; it stays deleted.";

        // the same seeds again, and again
        Assert.Equal($"0 added 0 changed 3 left|{Deleted}|{Edited}", await SeedAsync());
        Assert.Equal($"0 added 0 changed 3 left|{Deleted}|{Edited}", await SeedAsync());
        Assert.Equal("By hand", (string)(await api.Reader.GetJsonAsync("/v1/sources/edited")).Body!["title"]!);
        // a start of the service does not look while the files are the same
        Assert.Equal("0 added 0 changed 3 left", Text(await Seeder().RunIfChangedAsync(_folder, TestContext.Current.CancellationToken)));
        // new seeds
        Write("sources", Source("kept", "Kept anew"), Source("edited", "Edited anew"), Source("deleted", "Deleted anew"));
        Assert.Equal($"0 added 1 changed 2 left|{Deleted}|{Edited}", Text(await Seeder()
            .RunIfChangedAsync(_folder, TestContext.Current.CancellationToken)));
        Assert.Equal("By hand", (string)(await api.Reader.GetJsonAsync("/v1/sources/edited")).Body!["title"]!);
        // forced
        Assert.Equal($"0 added 1 changed 2 left|{Deleted}", await SeedAsync(force: true));
        Assert.Equal("Edited anew", (string)(await api.Reader.GetJsonAsync("/v1/sources/edited")).Body!["title"]!);
        Assert.Equal(RecordETag.Of("edited", 3, Edition.Current), (await api.Reader.GetJsonAsync("/v1/sources/edited")).ETag);
        Assert.Equal(HttpStatusCode.Gone, (await api.Reader.GetJsonAsync("/v1/sources/deleted")).Status);
        // what is no longer among the seeds stays
        Write("sources", Source("edited", "Edited anew"));
        Assert.Equal(
            "0 added 0 changed 1 left|sources/deleted is no longer in the seed files; the record is unchanged."
                + "|sources/kept is no longer in the seed files; the record is unchanged.",
            await SeedAsync());
        Assert.Equal(HttpStatusCode.OK, (await api.Reader.GetJsonAsync("/v1/sources/kept")).Status);
    }

    [Fact]
    public async Task A_record_of_another_origin_is_not_overwritten()
    {
        await api.Editor.AddAsync("/v1/sources", SampleRecords.Source("theirs"));
        Write("sources", Source("theirs", "Ours"));
        Assert.Contains("sources/theirs was not written by a seed and was not overwritten; use `seed --force` to overwrite it.",
            await SeedAsync(), StringComparison.Ordinal);
        Assert.Equal("A report", (string)(await api.Reader.GetJsonAsync("/v1/sources/theirs")).Body!["title"]!);
    }

    [Fact]
    public async Task A_fault_names_the_file_the_record_and_the_place_and_nothing_is_written()
    {
        var before = await Tables.StateAsync(api.Database);
        Write("sources", Source("fine", "Fine"));
        Write("indicators", """{ "id": "faulty", "name": " ", "unti": "km", "citations": [{ "source": "fine", "certainty": "sure" }] }""");

        var process = await ServiceProcess.RunAsync(api.ConnectionString, "seed", "--folder", _folder);

        Assert.Equal((1, ""), (process.ExitCode, process.Output));
        var file = $"seeds/{Path.GetFileName(_folder)}/indicators.json";
        Assert.StartsWith($"{file}, record 'faulty':\n", process.Error, StringComparison.Ordinal);
        foreach (var pointer in (string[])["/name: ", "/unti: ", "/unit: ", "/citations/0/certainty: "])
            Assert.Contains($"\n  {pointer}", process.Error, StringComparison.Ordinal);
        Assert.Equal(before, await Tables.StateAsync(api.Database));
    }

    [Theory]
    [InlineData(
        """{ "records": [{ "id": "dangling", "name": "x", "unit": "km", """
            + """ "citations": [{ "source": "nowhere", "certainty": "stated" }] }] }""",
        "/citations/0/source: ")]
    [InlineData(
        """{ "records": [{ "id": "Not An Id", "name": "x", "unit": "km", "citations": [{ "source": "a", "certainty": "stated" }] }] }""",
        "'Not An Id'")]
    [InlineData("""{ "records": [{ "id": "a" }, { "name": "x" }] }""", "record 2 has no id")]
    [InlineData("""{ "records": [{ "id": "a" }, { "id": "a" }] }""", "two records have the id 'a'")]
    [InlineData("""{ "records": {} }""", "an array `records`")]
    [InlineData("""[]""", "an array `records`")]
    [InlineData("""{ "records": [ }""", "is not JSON")]
    public async Task Files_that_cannot_be_read_are_refused_and_nothing_is_written(string file, string said)
    {
        var before = await Tables.StateAsync(api.Database);
        Write("sources", Source("a", "Fine"), Source("b", "Fine"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "indicators.json"), file, TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<SeedException>(() => SeedAsync());

        Assert.Contains("indicators.json", refused.Message, StringComparison.Ordinal);
        Assert.Contains(said, refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, await Tables.StateAsync(api.Database));
    }

    [Fact]
    public async Task A_folder_without_seeds_is_refused() =>
        Assert.Equal($"The folder {_folder} has no seed files.", (await Assert.ThrowsAsync<SeedException>(() => SeedAsync())).Message);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Source(string id, string title) => $$"""{ "id": "{{id}}", "kind": "report", "title": "{{title}}" }""";

    private static string Text(SeedReport report) => string.Join('|', report.Notes.Order(StringComparer.Ordinal)
        .Prepend($"{report.Added} added {report.Changed} changed {report.Left} left"));

    private void Write(string resource, params string[] records) =>
        File.WriteAllText(Path.Combine(_folder, $"{resource}.json"), $$"""{ "records": [{{string.Join(',', records)}}] }""");

    private Seeder Seeder() => api.Services.GetRequiredService<Seeder>();

    private async Task<string> SeedAsync(bool force = false) => Text(await Seeder()
        .RunAsync(_folder, force, TestContext.Current.CancellationToken));
}
