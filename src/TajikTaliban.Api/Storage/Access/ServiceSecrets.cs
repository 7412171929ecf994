using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Access;

/// <summary>
/// The secrets that all instances on a database share. The migration makes them; they are in its backups, so that a restored service
/// accepts the cursors and shows the pseudonyms of before. They are read once: replace one in the database, and restart the instances.
/// </summary>
public sealed class ServiceSecrets(ConnectionPools database)
{
    private volatile Loaded? _loaded;

    public bool AreLoaded => _loaded is not null;

    /// <summary>The key of the digests of cursors.</summary>
    public byte[] Cursors => Known.Cursors;

    /// <summary>The key of the pseudonyms of keys.</summary>
    public byte[] KeyNames => Known.KeyNames;

    private Loaded Known => _loaded ?? throw new InvalidOperationException("The secrets of the service are not loaded.");

    /// <summary>Reads the secrets, unless they are known.</summary>
    public Task LoadAsync(CancellationToken cancellation) => AreLoaded ? Task.CompletedTask : ReadAsync(cancellation);

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select name, secret from service_secrets");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var secrets = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
            secrets.Add(reader.GetString(0), await reader.GetFieldValueAsync<byte[]>(1, cancellation));
        _loaded = new Loaded(secrets["cursors"], secrets["key-names"]);
    }

    private sealed record Loaded(byte[] Cursors, byte[] KeyNames);
}
