using Npgsql;

namespace TajikTaliban.Api.Storage;

/// <summary>Reads the version of a database's schema.</summary>
public sealed class SchemaReader(NpgsqlDataSource database)
{
    /// <summary>Whether the newest migration of the program has been applied.</summary>
    public Task<bool> IsCurrentAsync(CancellationToken cancellation) => Schema.IsCurrentAsync(database, cancellation);
}
