using System.Reflection;
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

    /// <summary>Whether the newest migration of the program has been applied.</summary>
    public static async Task<bool> IsCurrentAsync(NpgsqlDataSource database, CancellationToken cancellation) =>
        (await AppliedAsync(database, cancellation)).Contains(NewestMigration);

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
