using Npgsql;

namespace TajikTaliban.Api.Storage;

/// <summary>Reads the version of a database's schema.</summary>
public sealed class SchemaReader(NpgsqlDataSource database)
{
    /// <summary>Whether the newest migration of the program has been applied. It does not build the model.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellation)
    {
        await using var exists = database.CreateCommand("select to_regclass('\"__EFMigrationsHistory\"') is not null");
        if (!(bool)(await exists.ExecuteScalarAsync(cancellation))!)
            return false;
        await using var applied = database.CreateCommand("select exists (select 1 from \"__EFMigrationsHistory\" where migration_id = $1)");
        applied.Parameters.Add(new NpgsqlParameter { Value = Schema.NewestMigration });
        return (bool)(await applied.ExecuteScalarAsync(cancellation))!;
    }
}
