using System.Text.Json.Nodes;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Support;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.IntegrationTests.Storage;

/// <summary>A database whose search texts are of another edition gets those of the program by <c>migrate</c>.</summary>
public sealed class SearchTextUpgradeTests(BasicsApiFixture api) : IClassFixture<BasicsApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Migrate_makes_the_search_texts_of_records_and_versions_again_without_a_change()
    {
        var actor = SampleRecords.Actor("renamed");
        actor["name"] = "Ma'sud";
        await api.Editor.AddAsync("/v1/actors", actor);
        var before = (string)(await api.Reader.GetJsonAsync("/v1/actors?limit=1")).Body!["position"]!;
        await api.Editor.SendJsonAsync(HttpMethod.Patch, "/v1/actors/renamed", new JsonObject { ["name"] = "Al-Islam" }, "*",
            mediaType: "application/merge-patch+json");
        var changes = await ScalarAsync("select count(*) from ledger_changes");
        await ExecuteAsync(
            """
            set ledger.reshape = 'on';
            update actors set search_text = 'nothing';
            reset ledger.reshape;
            alter table actors_past disable trigger ledger_refuse;
            update actors_past set search_text = 'nothing';
            alter table actors_past enable always trigger ledger_refuse;
            update search_state set edition = 0;
            """);
        Assert.Equal(SchemaFit.Older, await Schema.FitAsync(api.Database, Cancellation));
        Assert.Empty(await FoundAsync("/v1/actors?q=alislam"));

        Assert.Empty(await CommandDatabase.MigrateAsync(api.Database, Cancellation));

        Assert.Equal(SchemaFit.Fits, await Schema.FitAsync(api.Database, Cancellation));
        Assert.Equal(["renamed"], await FoundAsync("/v1/actors?q=alislam"));
        Assert.Equal(["renamed"], await FoundAsync($"/v1/actors?q=masud&asOf={before}"));
        Assert.Empty(await FoundAsync("/v1/actors?q=masud"));
        Assert.Equal(changes, await ScalarAsync("select count(*) from ledger_changes"));
        Assert.Equal("A", await ScalarAsync(
            "select tgenabled::text from pg_trigger where tgrelid = 'actors_past'::regclass and tgname = 'ledger_refuse'"));
        Assert.Equal(24L, await ScalarAsync(
            "select count(*) from pg_indexes where indexname ~ '^ix_[a-z_]+_search_(words|names)(_past)?$' and indexdef like "
            + "'%search_words(%'"));
    }

    [Fact]
    public async Task Words_that_are_new_to_the_service_are_learnt_once()
    {
        foreach (var id in new[] { "learnt-1", "learnt-2" })
        {
            var actor = SampleRecords.Actor(id);
            actor["name"] = "Quxquxqux of 2024";
            await api.Editor.AddAsync("/v1/actors", actor);
        }

        Assert.Equal(1L, await ScalarAsync("select count(*) from search_vocabulary where word = 'quxquxqux'"));
        Assert.Equal(0L, await ScalarAsync("select count(*) from search_vocabulary where word ~ '[0-9]' or length(word) < 3"));
    }

    private async Task<List<string>> FoundAsync(string path) =>
        [.. (await api.Reader.WalkAsync(path)).Select(r => (string)r["id"]!)];

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await api.Database.OpenConnectionAsync(Cancellation);
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = api.Database.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}
