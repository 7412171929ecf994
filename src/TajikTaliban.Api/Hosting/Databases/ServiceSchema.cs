using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Hosting.Databases;

/// <summary>The schema of the service's database, and its version.</summary>
public static class ServiceSchema
{
    /// <summary>Brings the schema to the program's version. Returns the applied migrations.</summary>
    public static async Task<IReadOnlyList<string>> MigrateAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (await IsCurrentAsync(database, cancellation))
            return [];
        await using var context = Database.Context(database);
        // a migration may rewrite every record
        context.Database.SetCommandTimeout(TimeSpan.FromHours(12));
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellation)).ToList();
        await context.Database.MigrateAsync(cancellation);
        // connections of the pool may have read the types before the extensions were made
        await database.ReloadTypesAsync(cancellation);
        return pending;
    }

    /// <summary>Whether the newest migration of the program has been applied, without building the model.</summary>
    public static async Task<bool> IsCurrentAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var exists = database.CreateCommand("select to_regclass('\"__EFMigrationsHistory\"') is not null");
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
            return false;
        await using var applied = database.CreateCommand("select exists (select 1 from \"__EFMigrationsHistory\" where migration_id = $1)");
        applied.Parameters.Add(new NpgsqlParameter { Value = Schema.NewestMigration });
        return (bool)(await applied.ExecuteScalarAsync(cancellation))!;
    }
}
