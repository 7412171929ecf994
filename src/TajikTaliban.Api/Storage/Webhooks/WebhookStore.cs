using Npgsql;
using TajikTaliban.Api.Domain;
using TajikTaliban.Api.Storage.Connections;
using TajikTaliban.Api.Storage.Statements;
using static TajikTaliban.Api.Storage.Webhooks.WebhookRows;

namespace TajikTaliban.Api.Storage.Webhooks;

/// <summary>The webhook endpoints as their owners see and change them.</summary>
public sealed class WebhookStore
{
    private const string Select =
        $"""
        select w.id, w.url, w.resources, w.description, w.state, w.position_number, w.position_change, w.position_token, w.failures,
            w.next_attempt_at, case when w.previous_until > $1 then w.previous_until end,
            (select count(*) from webhook_dead_letters d where d.webhook_id = w.id), w.created_at, w.created_by,
            {AttemptColumns}
        from webhooks w
        left join lateral (select * from webhook_attempts a where a.webhook_id = w.id order by a.number desc limit 1) a on true
        """;

    private readonly StatementSource _statements;

    public WebhookStore(ConnectionPools database)
        : this(StatementSource.Of(database))
    {
    }

    private WebhookStore(StatementSource statements) => _statements = statements;

    /// <summary>The same store on a connection that the request holds, in its transaction.</summary>
    public WebhookStore Within(NpgsqlConnection connection) => new(StatementSource.Of(connection));

    /// <summary>All webhook endpoints, oldest first; there are few.</summary>
    public Task<List<Webhook>> AllAsync(DateTimeOffset now, CancellationToken cancellation) =>
        ReadAsync($"{Select} order by w.created_at, w.id", [Instant(now)], cancellation);

    public async Task<Webhook?> FindOrNullAsync(string id, DateTimeOffset now, CancellationToken cancellation) =>
        (await ReadAsync($"{Select} where w.id = $2", [Instant(now), Text(id)], cancellation)) is [var found] ? found : null;

    /// <summary>Adds a webhook endpoint unless there are too many.</summary>
    public async Task<bool> AddAsync(Webhook webhook, byte[] secret, int max, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            """
            insert into webhooks (id, url, resources, description, state, secret, position_number, position_change, position_token,
                created_at, created_by)
            select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11 where (select count(*) from webhooks) < $12
            """);
        command.Bind([Text(webhook.Id), Text(webhook.Url), Texts(webhook.Resources), Text(webhook.Description), Text(webhook.State),
            Bytes(secret), .. Place(webhook.Position), Instant(webhook.CreatedAt), Text(webhook.CreatedBy), Number(max)]);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    /// <summary>Updates the settings; failed deliveries are retried at once.</summary>
    public Task<bool> ChangeAsync(string id, ChangedWebhook webhook, CancellationToken cancellation) =>
        ChangeAsync(
            """
            update webhooks set revision = revision + 1, url = $2, resources = $3, description = $4, failures = 0, next_attempt_at = null,
                state = case when $5 then 'active' when not $5 then 'paused' else state end
            where id = $1
            """, [Text(id), Text(webhook.Url), Texts(webhook.Resources), Text(webhook.Description), Bool(webhook.Active)], cancellation);

    public Task<bool> DeleteAsync(string id, CancellationToken cancellation) =>
        ChangeAsync("delete from webhooks where id = $1", [Text(id)], cancellation);

    /// <summary>Continues from a position, in any state of the endpoint.</summary>
    public Task<bool> ReplayAsync(string id, Position after, CancellationToken cancellation) =>
        ChangeAsync(
            """
            update webhooks set revision = revision + 1, failures = 0, next_attempt_at = null, state = 'active',
                position_number = $2, position_change = $3, position_token = $4
            where id = $1
            """, [Text(id), .. Place(after)], cancellation);

    /// <summary>The new secret signs from now on, the one before until then.</summary>
    public Task<bool> RotateAsync(string id, byte[] secret, DateTimeOffset previousUntil, CancellationToken cancellation) =>
        ChangeAsync("update webhooks set revision = revision + 1, previous_secret = secret, previous_until = $3, secret = $2 where id = $1",
            [Text(id), Bytes(secret), Instant(previousUntil)], cancellation);

    public async Task<WebhookTarget?> TargetOrNullAsync(string id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand($"select {TargetColumns} from webhooks w where id = $2");
        command.Bind([Instant(now), Text(id)]);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? Target(reader) : null;
    }

    /// <summary>Logs an attempt that does not move the position, and returns its number.</summary>
    public async Task<long> LogAsync(string id, WebhookAttempt attempt, int kept, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            $"""
            with saved as (update webhooks set attempts_made = attempts_made + 1 where id = $1 returning id, attempts_made),
            logged as ({InsertAttempt(2)}),
            pruned as ({PruneAttempts(10)})
            select attempts_made from saved
            """);
        command.Bind([Text(id), .. Attempt(attempt), Number(kept)]);
        return await command.ExecuteScalarAsync(cancellation) as long? ?? 0;
    }

    /// <summary>Attempts below a number, newest first.</summary>
    public async Task<List<WebhookAttempt>> AttemptsAsync(string id, long below, int limit, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            $"select {AttemptColumns} from webhook_attempts a where a.webhook_id = $1 and a.number < $2 order by a.number desc limit $3");
        command.Bind([Text(id), Number(below), Number(limit)]);
        var attempts = new List<WebhookAttempt>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            attempts.Add(AttemptOrNull(reader, 0)!);
        return attempts;
    }

    /// <summary>Dead letters after a change, oldest first.</summary>
    public async Task<List<WebhookDeadLetter>> DeadLettersAsync(string id, long after, int limit, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            """
            select seq, message_id, type, record_id, version, position_number, position_token, attempts, failed_at, status, error
            from webhook_dead_letters where webhook_id = $1 and seq > $2 order by seq limit $3
            """);
        command.Bind([Text(id), Number(after), Number(limit)]);
        var letters = new List<WebhookDeadLetter>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            letters.Add(new WebhookDeadLetter(
                reader.GetInt64(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4),
                new Position(reader.GetInt64(5), reader.GetInt64(0), reader.GetString(6)), reader.GetInt32(7), reader.GetDateTime(8),
                IntOrNull(reader, 9), TextOrNull(reader, 10)));
        }

        return letters;
    }

    /// <summary>The first change in the order of the feed that could not be delivered.</summary>
    public async Task<Position?> FirstDeadLetterOrNullAsync(string id, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(
            "select position_number, seq, position_token from webhook_dead_letters where webhook_id = $1 "
            + "order by position_number, seq limit 1");
        command.Bind([Text(id)]);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) ? new Position(reader.GetInt64(0), reader.GetInt64(1), reader.GetString(2)) : null;
    }

    private async Task<bool> ChangeAsync(string statement, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(statement);
        command.Bind(parameters);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private async Task<List<Webhook>> ReadAsync(string statement, NpgsqlParameter[] parameters, CancellationToken cancellation)
    {
        await using var command = _statements.CreateCommand(statement);
        command.Bind(parameters);
        var webhooks = new List<Webhook>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            webhooks.Add(new Webhook(
                reader.GetString(0), reader.GetString(1), TextsOrNull(reader, 2), TextOrNull(reader, 3), reader.GetString(4),
                Place(reader, 5), reader.GetInt32(8), InstantOrNull(reader, 9), InstantOrNull(reader, 10), reader.GetInt64(11),
                reader.GetDateTime(12),
                TextOrNull(reader, 13), AttemptOrNull(reader, 14)));
        }

        return webhooks;
    }
}
