using System.Collections.Concurrent;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Listing;

/// <summary>
/// How long a statement over all records of a table may take. Where they are few, it ends soon by itself, and its answer should not depend
/// on how busy the machine is.
/// </summary>
public sealed class TableSizes(ConnectionPools database)
{
    /// <summary>The number of records and old versions from which a table is large.</summary>
    public const int Large = 5000;

    private static readonly TimeSpan OfSmall = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<string, bool> _large = new();

    /// <summary>The time of a statement over a table that may be large.</summary>
    public async Task<TimeSpan> BudgetAsync(string table, TimeSpan ofLarge, CancellationToken cancellation)
    {
        if (_large.ContainsKey(table))
            return ofLarge;
        await using var command = database.CreateCommand(
            $"select count(*) from (select from {table}_versions limit {Large}) r");
        if (await command.ExecuteScalarAsync(cancellation) is long and < Large)
            return OfSmall;
        // it does not become small again: nothing of the ledger goes away
        _large[table] = true;
        return ofLarge;
    }
}
