using Npgsql;

namespace TajikTaliban.Api.Storage;

/// <summary>Reads the version of a database's schema.</summary>
public sealed class SchemaReader(NpgsqlDataSource database)
{
    /// <summary>Whether the newest migration of the program has been applied.</summary>
    public async Task<bool> IsCurrentAsync(CancellationToken cancellation) =>
        (await Schema.AppliedAsync(database, cancellation)).Contains(Schema.NewestMigration);
}
