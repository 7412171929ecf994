using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using static TajikTaliban.Api.Storage.Webhooks.WebhookRows;

namespace TajikTaliban.Api.Storage.Webhooks;

/// <summary>What active endpoints wait for.</summary>
/// <param name="Any">Whether there are any.</param>
/// <param name="Due">When the next attempt is due.</param>
/// <param name="Resources">The resources that they want; null if one wants all.</param>
public sealed record WebhookAgenda(bool Any, DateTime? Due, IReadOnlyList<string>? Resources);

/// <summary>
/// Leases webhook endpoints to processes. Of all processes on the database, only the holder of a lease delivers to the endpoint; the lease
/// of a killed process expires. Only the holder of the lease writes the result of a delivery, and only if the endpoint was not changed
/// meanwhile.
/// </summary>
public sealed class WebhookQueue(ConnectionPools database)
{
    private const string InsertLetter =
        """
        , dead as (
            insert into webhook_dead_letters (webhook_id, seq, message_id, type, record_id, version, position_number, position_token,
                attempts, failed_at, status, error)
            select id, $21, $11, $12, $22, $23, $24, $25, $26, $27, $16, $17 from saved
            on conflict (webhook_id, seq) do update set attempts = excluded.attempts, failed_at = excluded.failed_at,
                status = excluded.status, error = excluded.error)
        """;

    /// <summary>Takes webhook endpoints that have something to deliver now, those first that have waited longest.</summary>
    public async Task<List<WebhookLease>> LeaseAsync(DateTimeOffset now, TimeSpan length, int limit, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            $"""
            update webhooks w set lease_owner = gen_random_uuid(), lease_until = clock_timestamp() + $2, leased_at = clock_timestamp()
            where id in (
                select id from webhooks
                where state = 'active' and (next_attempt_at is null or next_attempt_at <= $1)
                    and (lease_until is null or lease_until < clock_timestamp())
                    and (position_change is not null or position_number < (select max(position) from ledger_transactions))
                order by leased_at nulls first limit $3 for update skip locked)
            returning {TargetColumns}, w.lease_owner, w.revision, w.resources, w.position_number, w.position_change,
                w.position_token, w.failures
            """);
        command.Bind([Instant(now), Span(length), Number(limit)]);
        var leases = new List<WebhookLease>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            leases.Add(new WebhookLease(
                Target(reader), reader.GetGuid(4), reader.GetInt64(5), TextsOrNull(reader, 6), Place(reader, 7), reader.GetInt32(10)));
        }

        return leases;
    }

    /// <summary>What active endpoints wait for.</summary>
    public async Task<WebhookAgenda> AgendaAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            select count(*), min(next_attempt_at) filter (where next_attempt_at > $1),
                case when not bool_or(resources is null) then
                    (select array_agg(distinct r) from webhooks w, unnest(w.resources) r where w.state = 'active') end
            from webhooks where state = 'active'
            """);
        command.Bind([Instant(now)]);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return new WebhookAgenda(reader.GetInt64(0) > 0, InstantOrNull(reader, 1), TextsOrNull(reader, 2));
    }

    /// <summary>
    /// Stores the result of an attempt, with its log, and extends the lease; false if the lease was lost or the endpoint was changed:
    /// then nothing is stored, and the change is sent again.
    /// </summary>
    /// <param name="lease">The lease.</param>
    /// <param name="result">The result of the attempt.</param>
    /// <param name="length">The time by which the lease is extended.</param>
    /// <param name="kept">The number of attempts that the log keeps.</param>
    /// <param name="cancellation">Cancels the write.</param>
    public async Task<bool> SaveAsync(
        WebhookLease lease, WebhookResult result, TimeSpan length, int kept, CancellationToken cancellation)
    {
        var (attempt, progress, letter, delivered) = result;
        await using var command = database.CreateCommand(
            $"""
            with saved as (
                update webhooks set state = $4, position_number = $5, position_change = $6, position_token = $7, failures = $8,
                    next_attempt_at = $9, attempts_made = attempts_made + 1, lease_until = clock_timestamp() + $10
                where id = $1 and lease_owner = $2 and revision = $3 returning id, attempts_made),
            logged as ({InsertAttempt(11)}),
            pruned as ({PruneAttempts(19)}),
            taken as (delete from webhook_dead_letters d using saved s where d.webhook_id = s.id and d.seq = $20)
            {(letter is null ? "" : InsertLetter)}
            select count(*) from saved
            """);
        command.Bind([Text(lease.Target.Id), Unique(lease.Owner), Number(lease.Revision), Text(progress.State), .. Place(progress.Position),
            Int(progress.Failures), Instant(progress.NextAttemptAt), Span(length), .. Attempt(attempt), Number(kept), Number(delivered)]);
        if (letter is not null)
        {
            command.Bind([Number(letter.Seq), Text(letter.RecordId), Int(letter.Version), Number(letter.Position.Number),
                Text(letter.Position.Token), Int(letter.Attempts), Instant(letter.FailedAt)]);
        }

        return await command.ExecuteScalarAsync(cancellation) is 1L;
    }

    /// <summary>Releases a lease, with the new position if a filter skipped changes.</summary>
    public async Task ReleaseAsync(WebhookLease lease, Position? passed, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            update webhooks set lease_owner = null, lease_until = null,
                position_number = case when revision = $3 and $4 is not null then $4 else position_number end,
                position_change = case when revision = $3 and $4 is not null then $5 else position_change end,
                position_token = case when revision = $3 and $4 is not null then $6 else position_token end
            where id = $1 and lease_owner = $2
            """);
        command.Bind([Text(lease.Target.Id), Unique(lease.Owner), Number(lease.Revision), Number(passed?.Number), Number(passed?.Change),
            Text(passed?.Token)]);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
