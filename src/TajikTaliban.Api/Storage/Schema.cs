using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace TajikTaliban.Api.Storage;

/// <summary>The migrations of the program, and those of a database.</summary>
public static class Schema
{
    /// <summary>The ids of all migrations, oldest first.</summary>
    public static IReadOnlyList<string> Migrations { get; } =
    [
        .. typeof(Schema).Assembly.GetTypes()
            .Where(t => t.IsSubclassOf(typeof(Migration)))
            .Select(t => t.GetCustomAttribute<MigrationAttribute>()!.Id)
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The id of the newest migration, to check the version of a database.</summary>
    public static string NewestMigration => Migrations[^1];

    /// <summary>Whether the newest migration of the program has been applied, and the search texts are those of the program.</summary>
    public static async Task<bool> IsCurrentAsync(NpgsqlDataSource database, CancellationToken cancellation) =>
        (await AppliedAsync(database, cancellation)).Contains(NewestMigration)
        && await SearchTextUpgrade.IsCurrentAsync(database, cancellation);

    /// <summary>Brings the schema and the search texts to the program's version. Returns the applied migrations.</summary>
    public static async Task<IReadOnlyList<string>> MigrateAsync(
        NpgsqlDataSource database, ISearchTexts texts, CancellationToken cancellation)
    {
        if (await IsCurrentAsync(database, cancellation))
        {
            return [];
        }

        await using var context = Database.Context(database);
        // a migration may rewrite every record
        context.Database.SetCommandTimeout(TimeSpan.FromHours(12));
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellation)).ToList();
        await context.Database.MigrateAsync(cancellation);
        await SearchTextUpgrade.RunAsync(database, texts, cancellation);
        // connections of the pool may have read the types before the extensions were made
        await database.ReloadTypesAsync(cancellation);
        return pending;
    }

    /// <summary>The ids of the migrations that a database holds, in any order. This does not build the model.</summary>
    public static async Task<IReadOnlyList<string>> AppliedAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var exists = database.CreateCommand("select to_regclass('\"__EFMigrationsHistory\"') is not null");
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
        {
            return [];
        }

        await using var applied = database.CreateCommand("select array_agg(migration_id) from \"__EFMigrationsHistory\"");
        return await applied.ExecuteScalarAsync(cancellation) as string[] ?? [];
    }
}
