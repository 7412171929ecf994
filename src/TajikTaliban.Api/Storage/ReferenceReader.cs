using Npgsql;
using TajikTaliban.Api.Storage.Ledger;

namespace TajikTaliban.Api.Storage;

/// <summary>Looks up what texts refer to, on a connection of its own.</summary>
public sealed class ReferenceReader(NpgsqlDataSource database)
{
    /// <inheritdoc cref="References.ResolveAsync"/>
    public async Task<Dictionary<(ReferenceTarget Target, string Text), string>> ResolveAsync(
        IReadOnlyCollection<(ReferenceTarget Target, string Text)> references, CancellationToken cancellation, AsOf? asOf = null)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await References.ResolveAsync(connection, references, cancellation, asOf);
    }

    /// <inheritdoc cref="References.NearestAsync"/>
    public async Task<string?> NearestOrNullAsync(ReferenceTarget target, string text, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await References.NearestAsync(connection, target, text, cancellation);
    }
}
