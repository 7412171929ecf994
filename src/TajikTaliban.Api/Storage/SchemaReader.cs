using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage;

/// <summary>Reads the version of a database's schema, over a connection that no other work takes.</summary>
public sealed class SchemaReader(ConnectionPools database)
{
    /// <inheritdoc cref="Schema.FitAsync"/>
    public Task<SchemaFit> FitAsync(CancellationToken cancellation) => Schema.FitAsync(database[Lane.Health], cancellation);
}
