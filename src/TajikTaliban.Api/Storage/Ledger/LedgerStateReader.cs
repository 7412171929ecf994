using Npgsql;
using TajikTaliban.Api.Storage.Connections;

namespace TajikTaliban.Api.Storage.Ledger;

/// <summary>How far the ledger and its webhooks are.</summary>
/// <param name="Position">The number of the newest position.</param>
/// <param name="Age">Seconds since it was committed; null without one.</param>
/// <param name="Active">Webhook endpoints that changes are sent to.</param>
/// <param name="Stopped">Webhook endpoints that stopped.</param>
/// <param name="DeadLetters">Changes that could not be delivered.</param>
/// <param name="LagPositions">Positions that the slowest active endpoint is behind; null without one.</param>
/// <param name="LagSeconds">Seconds since the commit of the oldest change that an active endpoint has not received; null if none
/// is behind.</param>
public sealed record LedgerState(
    long Position, double? Age, long Active, long Stopped, long DeadLetters, long? LagPositions, double? LagSeconds);

/// <summary>Reads the <see cref="LedgerState"/>, on a connection that no reader of records waits for.</summary>
public sealed class LedgerStateReader(ConnectionPools pools)
{
    private const string State =
        """
        with newest as (
            select position, committed_at from ledger_transactions where position is not null order by position desc limit 1)
        select coalesce(n.position, 0), extract(epoch from clock_timestamp() - n.committed_at)::float8,
            (select count(*) from webhooks where state = 'active'),
            (select count(*) from webhooks where state in ('dead-letter', 'gone')),
            (select count(*) from webhook_dead_letters),
            (select max(n.position - w.position_number) from webhooks w where w.state = 'active'),
            (select max(extract(epoch from clock_timestamp() - f.committed_at))::float8 from webhooks w
                cross join lateral (
                    select committed_at from ledger_transactions f where f.position > w.position_number order by f.position limit 1) f
                where w.state = 'active')
        from (select 1) o left join newest n on true
        """;

    /// <summary>The state; null while the database does not answer.</summary>
    public async Task<LedgerState?> ReadOrNullAsync(CancellationToken cancellation)
    {
        try
        {
            await using var command = pools[Lane.Health].CreateCommand(State);
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            await reader.ReadAsync(cancellation);
            double? NumberOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetDouble(column);
            return new LedgerState(
                reader.GetInt64(0), NumberOrNull(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4),
                await reader.IsDBNullAsync(5, cancellation) ? null : reader.GetInt64(5), NumberOrNull(6));
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException or OperationCanceledException)
        {
            return null;
        }
    }
}
