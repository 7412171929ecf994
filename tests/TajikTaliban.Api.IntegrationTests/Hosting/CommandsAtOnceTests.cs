using System.Net;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>Commands that change a database wait for each other, on an empty one too.</summary>
public sealed class CommandsAtOnceTests(PostgresServer server)
{
    [Fact]
    public async Task Of_three_migrations_at_once_one_is_made_and_the_others_find_it()
    {
        var database = await server.CreateDatabaseAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => ServiceProcess.RunAsync(database, "migrate")));

        Assert.All(answers, a => Assert.True(a.ExitCode == 0, a.All));
        Assert.Single(answers, a => a.Output.StartsWith("Applied: ", StringComparison.Ordinal));
        Assert.Equal(2, answers.Count(a => a.Output == "The schema is up to date.\n"));
        Assert.All(answers, a => Assert.True(
            a.Error is "" or "Waiting for another command on this database to end.\n", a.Error));
        var seeded = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ServiceProcess.RunAsync(database, "seed")));
        Assert.All(seeded, a => Assert.True(a.ExitCode == 0, a.All));
        Assert.Single(seeded, a => a.LastLine.EndsWith(" 0 changed     0 left", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Services_that_migrate_and_seed_an_empty_database_at_once_all_serve_it()
    {
        var database = await server.CreateDatabaseAsync();

        var served = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => ServiceProcess.ServeAsync(database, "--migrate")));

        foreach (var (service, client) in served)
        {
            using (service)
            using (client)
                Assert.Equal(HttpStatusCode.OK, (await client.GetJsonAsync("/v1/actors/taliban")).Status);
        }
    }
}
