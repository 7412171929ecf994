using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using TajikTaliban.Api.Hosting.Commands;
using TajikTaliban.Api.Hosting.EmbeddedPostgres;
using TajikTaliban.Api.Hosting.Seeding;
using TajikTaliban.Api.IntegrationTests.Support;
using Embedded = TajikTaliban.Api.Hosting.EmbeddedPostgres.EmbeddedPostgres;

namespace TajikTaliban.Api.IntegrationTests.Platform;

/// <summary>The schema and the model are one, on every PostgreSQL that the service runs on.</summary>
public sealed class SchemaTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_model_has_no_pending_changes()
    {
        await using var context = Api.Storage.Database.Context(api.Database);

        Assert.False(context.Database.HasPendingModelChanges());
        Assert.Equal(context.Database.GetMigrations().Last(), Api.Storage.Schema.NewestMigration);
        Assert.Equal(context.Database.GetMigrations(), await context.Database.GetAppliedMigrationsAsync(Cancellation));
        Assert.Empty(await CommandDatabase.MigrateAsync(api.Database, Cancellation));
    }

    [Fact]
    public async Task The_PostgreSQL_that_npm_brings_takes_the_schema_the_seeds_and_every_kind_of_list()
    {
        var folder = Directory.CreateTempSubdirectory("tajik-taliban-npm-");
        try
        {
            await using var postgres = await Embedded.StartAsync(
                new EmbeddedPostgresOptions
                {
                    DataFolder = folder.FullName,
                    Source = EmbeddedPostgresSource.Npm,
                    Settings = new Dictionary<string, string> { ["fsync"] = "off" },
                },
                NullLogger.Instance, Cancellation);
            await using var database = Api.Storage.Database.Open(postgres.ConnectionString);
            Assert.StartsWith("18", await VersionAsync(database), StringComparison.Ordinal);

            var applied = await CommandDatabase.MigrateAsync(database, Cancellation);
            Assert.Equal(Api.Storage.Schema.NewestMigration, applied[^1]);
            await using var app = Service.Build(Service.CreateBuilder("http://127.0.0.1:0"), database,
                new FakeTimeProvider(ApiFixture.Start));
            var report = await app.Services.GetRequiredService<Seeder>().RunAsync(SeedFiles.ArticleFolder, false, Cancellation);

            Assert.True(report.Added > 100);
            Assert.Equal(await ColumnsAsync(api.Database), await ColumnsAsync(database));
            await app.StartAsync(Cancellation);
            using var reader = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            foreach (var query in new[]
            {
                "relations?actor=taliban&validAt=1997-01-01", "events?actor=taliban,tajikistan&from=2021&limit=3",
                "events?q=border&count=estimated&facets=type,actor",
                "trade?sort=-value&value.gte=1&from=2024", "events?q=bordr", "actors?sectors=GOV&sort=-name",
            })
            {
                Assert.NotEmpty(await reader.WalkAsync($"/v1/{query}"));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<string> VersionAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand("show server_version");
        return (string)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    /// <summary>Every column, index and constraint of the schema.</summary>
    private static async Task<List<string>> ColumnsAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            """
            select format('%s.%s %s %s', table_name, column_name, data_type, is_nullable)
            from information_schema.columns where table_schema = 'public'
            union all select indexdef from pg_indexes where schemaname = 'public'
            union all select conrelid::regclass || ' ' || conname from pg_constraint
            where connamespace = 'public'::regnamespace and contype <> 'n'
            order by 1
            """);
        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        while (await reader.ReadAsync(Cancellation))
            lines.Add(reader.GetString(0));
        return lines;
    }
}
