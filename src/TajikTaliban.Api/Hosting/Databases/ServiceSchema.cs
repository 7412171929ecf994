using Microsoft.EntityFrameworkCore;
using Npgsql;
using TajikTaliban.Api.Storage;

namespace TajikTaliban.Api.Hosting.Databases;

/// <summary>The schema of the service's database, of the program.</summary>
public static class ServiceSchema
{
    /// <summary>Brings the schema to the program's version. Returns the applied migrations.</summary>
    public static async Task<IReadOnlyList<string>> MigrateAsync(NpgsqlDataSource database, CancellationToken cancellation)
    {
        if (await Schema.IsCurrentAsync(database, cancellation))
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
}
