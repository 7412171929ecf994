using TajikTaliban.Api.Hosting.EmbeddedPostgres;

namespace TajikTaliban.Api.IntegrationTests.Support;

/// <summary>The PostgreSQL of the test run starts, and is the one that was asked for.</summary>
public sealed class PostgresServerTests(PostgresServer server)
{
    [Fact]
    public async Task The_server_of_the_run_makes_databases_and_is_of_the_kind_that_was_asked_for()
    {
        await using var database = Api.Storage.Database.Open(await server.CreateDatabaseAsync());
        await using var connection = await database.OpenConnectionAsync(TestContext.Current.CancellationToken);

        if (PostgresServer.Source == EmbeddedPostgresSource.Npm)
        {
            Assert.Equal(18, connection.PostgreSqlVersion.Major);
        }

        Assert.True(connection.PostgreSqlVersion.Major >= 15);
    }
}
