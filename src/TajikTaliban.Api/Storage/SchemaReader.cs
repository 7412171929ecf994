using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage;

/// <summary>Reads the version of a database's schema, over a connection that no other work takes.</summary>
public sealed class SchemaReader(ConnectionPools database)
{
    /// <summary>Whether the newest migration of the program has been applied.</summary>
    public Task<bool> IsCurrentAsync(CancellationToken cancellation) => Schema.IsCurrentAsync(database[Lane.Health], cancellation);
}
