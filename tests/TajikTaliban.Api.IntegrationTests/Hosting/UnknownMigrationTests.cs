using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>
/// A database that the program cannot serve is refused before anything is done to it: one of an unreleased version, or one with a
/// migration of a newer version that breaks this one. With other migrations of newer versions the program goes on.
/// </summary>
public sealed class UnknownMigrationTests(PostgresServer server)
{
    private const string Earlier = "20261124150106_LateTransactions";
    private const string Newer = "29991231000000_Something";

    private const string MadeEarlier =
        $"was created by an earlier, unreleased version of this program (migration {Earlier}) and cannot be upgraded. To use this version,"
        + " ";

    private const string MadeNewer =
        $"was migrated by a newer version of this program (migration {Newer}), and this one cannot serve it. Use that version; or ";
    private const string NewDatabase = "create a new database and name it in ConnectionStrings__Database.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string, string> Configured => new()
    {
        { "migrate", Earlier, MadeEarlier },
        { "seed", Earlier, MadeEarlier },
        { "keys list", Earlier, MadeEarlier },
        { "serve --urls http://127.0.0.1:0", Earlier, MadeEarlier },
        { "serve --migrate --urls http://127.0.0.1:0", Earlier, MadeEarlier },
        { "migrate", Newer, MadeNewer },
        { "serve --urls http://127.0.0.1:0", Newer, MadeNewer },
    };

    [Theory, MemberData(nameof(Configured))]
    public async Task Every_command_refuses_a_configured_database_in_one_sentence(string command, string migration, string reason)
    {
        var database = await server.CreateDatabaseAsync("migrated", MigrateAsync);
        await using (var source = NpgsqlDataSource.Create(database))
        {
            await AddMigrationAsync(source, migration);
        }

        var response = await ServiceProcess.RunAsync(database, command.Split(' '));

        Assert.Equal((1, ""), (response.ExitCode, response.Output));
        Assert.Equal($"The configured database {reason}{NewDatabase}\n", response.Error);
    }

    [Fact]
    public async Task A_database_of_an_earlier_version_alone_is_not_migrated()
    {
        var database = await server.CreateDatabaseAsync();
        await using var source = NpgsqlDataSource.Create(database);
        await AddMigrationAsync(source, Earlier);

        var response = await ServiceProcess.RunAsync(database, "migrate");

        Assert.Equal((1, $"The configured database {MadeEarlier}{NewDatabase}\n"), (response.ExitCode, response.Error));
        await using var tables = source.CreateCommand("select count(*) from pg_tables where schemaname = 'public'");
        Assert.Equal(1L, await tables.ExecuteScalarAsync(Cancellation));
    }

    [Theory]
    [InlineData(Earlier, MadeEarlier)]
    [InlineData(Newer, MadeNewer)]
    public async Task The_refusal_of_an_embedded_database_names_its_data_folder(string migration, string reason)
    {
        var wanted = Directory.CreateTempSubdirectory("tajik-taliban-unknown-");
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Embedded:DataFolder"] = wanted.FullName }).Build();
        string folder;
        try
        {
            await using (var first = await CommandDatabase.OpenAsync(configuration, NullLoggerFactory.Instance, Cancellation))
            {
                folder = first.Description.Split(" in ", 2)[1];
                await AddMigrationAsync(first.Source, migration);
            }

            var refused = await Assert.ThrowsAsync<CommandException>(
                () => CommandDatabase.OpenAsync(configuration, NullLoggerFactory.Instance, Cancellation));

            Assert.Equal($"The data in {folder} {reason}move the folder {folder} away or remove it, and start again.", refused.Message);
        }
        finally
        {
            wanted.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task With_a_newer_schema_that_breaks_nothing_services_go_on_and_start_until_one_breaks_them()
    {
        var database = await server.CreateDatabaseAsync("migrated", MigrateAsync);
        await using var source = NpgsqlDataSource.Create(database);
        await AddToHistoryAsync(source, Newer);

        Assert.Equal("The schema is up to date.\n", (await ServiceProcess.RunAsync(database, "migrate")).All);
        var (service, client) = await ServiceProcess.ServeAsync(database);
        using (service)
        using (client)
        {
            var ready = await client.GetJsonAsync("/health/ready");
            Assert.Equal("""{"status":"healthy","checks":{"database":{"status":"healthy","description":null}}}""",
                ready.Body!.ToJsonString());

            await BreakAsync(source);

            var refused = await client.GetJsonAsync("/health/ready");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
            Assert.Equal("The schema of the database is of a newer version, and this one cannot serve it; replace this instance.",
                (string?)refused.Body!["checks"]!["database"]!["description"]);
        }
    }

    [Fact]
    public async Task While_a_migration_is_under_way_services_start_over_the_schema_that_they_have()
    {
        var database = await server.CreateDatabaseAsync("migrated", MigrateAsync);
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync(Cancellation);
        await using var migration = await connection.BeginTransactionAsync(Cancellation);
        await using (var keep = new NpgsqlCommand("lock table \"__EFMigrationsHistory\" in access exclusive mode", connection))
        {
            await keep.ExecuteNonQueryAsync(Cancellation);
        }

        var (service, client) = await ServiceProcess.ServeAsync(database);
        using (service)
        using (client)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetJsonAsync("/health/ready")).Status);
        }
    }

    private static async Task MigrateAsync(string connection)
    {
        await using var database = Api.Storage.Database.Open(connection);
        await CommandDatabase.MigrateAsync(database, CancellationToken.None);
    }

    /// <summary>As if another version had migrated; a newer one breaks this one.</summary>
    private static async Task AddMigrationAsync(NpgsqlDataSource database, string migration)
    {
        await AddToHistoryAsync(database, migration);
        if (migration == Newer)
            await BreakAsync(database);
    }

    private static async Task BreakAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            $"""
            create table if not exists schema_state (is_only boolean primary key default true, newest text, compatible_since text not null);
            create table if not exists search_state (edition integer not null);
            insert into search_state select 0 where not exists (select from search_state);
            insert into schema_state (newest, compatible_since) values ('{Newer}', '{Newer}')
            on conflict (is_only) do update set newest = excluded.newest, compatible_since = excluded.compatible_since
            """);
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task AddToHistoryAsync(NpgsqlDataSource database, string migration)
    {
        await using var command = database.CreateCommand(
            $"""
            create table if not exists "__EFMigrationsHistory" (
                migration_id varchar(150) primary key, product_version varchar(32) not null);
            insert into "__EFMigrationsHistory" values ('{migration}', '10.0.0')
            """);
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
