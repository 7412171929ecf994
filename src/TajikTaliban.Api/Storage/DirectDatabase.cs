using Npgsql;

namespace TajikTaliban.Api.Storage;

/// <summary>Connections to the database server itself, where the others may go through a pooler.</summary>
/// <param name="source">The source of the connections.</param>
/// <param name="isOwned">Whether it is disposed of with this.</param>
public sealed class DirectDatabase(NpgsqlDataSource source, bool isOwned = true) : IAsyncDisposable
{
    public NpgsqlDataSource Source => source;

    public ValueTask DisposeAsync() => isOwned ? source.DisposeAsync() : ValueTask.CompletedTask;
}
