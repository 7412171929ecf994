using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.IntegrationTests.Support;

namespace TajikTaliban.Api.IntegrationTests.Hosting;

/// <summary>A database with a migration that the program does not have is refused before anything is done to it.</summary>
public sealed class UnknownMigrationTests(PostgresServer server)
{
    private const string Earlier = "20261124150106_LateTransactions";
    private const string Newer = "29991231000000_Something";

    private const string MadeEarlier =
        $"was created by an earlier, unreleased version of this program (migration {Earlier}) and cannot be upgraded. To use this version,"
        + " ";

    private const string MadeNewer = $"was created by a newer version of this program (migration {Newer}). Use that version; or ";
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

    private static async Task MigrateAsync(string connection)
    {
        await using var database = Api.Storage.Database.Open(connection);
        await CommandDatabase.MigrateAsync(database, CancellationToken.None);
    }

    private static async Task AddMigrationAsync(NpgsqlDataSource database, string migration)
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
